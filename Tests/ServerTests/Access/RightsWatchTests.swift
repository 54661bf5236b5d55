import Accounts
import Domain
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import TestDomain
import Testing

@testable import Server
@testable import Web

/// Work under a watch that is notified, or polls, when the test says so.
@Suite(.timeLimit(.minutes(1)))
struct RightsWatchTests {
    private static let key = Secret.random(.apiKey)
    private static let analyst = Principal(identity: .key("machine"), role: .analyst, granted: ["secret"])

    private let access = AccessVersion(1)
    private let accounts = MemoryAccounts { $0.keys[key.hash] = analyst }
    private let watch: RightsWatch

    init() { watch = RightsWatch(access) }

    private func right(_ rule: AccessRule = .role(.analyst)) async throws -> RequestRight {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let store = MemoryStore { state in
            state.datasets = [
                .toronto,
                .changed {
                    $0.dataset.slug = "secret"
                    $0.dataset.visibility = .private
                },
            ]
        }
        let head = HTTPRequest(
            method: .post, scheme: nil, authority: nil, path: "/",
            headerFields: [.authorization: "Bearer \(Self.key.text)"])
        return try await RequestRight(
            of: Request(head: head, body: .init(buffer: ByteBuffer())), rule,
            authenticator: Authenticator(accounts.sources(access)),
            catalogue: DatasetCatalogue(
                store, generation: store.generation, access: access, defaultSlug: nil, maxAge: .seconds(600),
                logger: logger),
            access: access)
    }

    /// Starts work that never ends by itself, changes the key's right and makes the watch look.
    private func outcome(_ right: RequestRight, after change: @Sendable (inout MemoryAccounts.State) -> Void) async
        -> Problem?
    {
        let (begun, begins) = AsyncStream.makeStream(of: Void.self)
        async let ended: Problem? = {
            do {
                try await watch.whileHeld(right) {
                    begins.finish()
                    try await Task.sleep(for: .seconds(3600))
                }
                return nil
            } catch {
                return error as? Problem
            }
        }()
        for await _ in begun {}
        accounts.change(change)
        access.hear(2)
        await watch.look()
        return await ended
    }

    @Test func workEndsWhenItsKeyIsRevoked() async throws {
        let problem = await outcome(try await right()) { $0.keys = [:] }
        #expect(problem?.status == .unauthorized)
        #expect(watch.isIdle)
    }

    @Test func workEndsWhenItsRoleIsLost() async throws {
        let problem = await outcome(try await right()) { state in
            state.keys[Self.key.hash] = Principal(identity: .key("machine"), role: .public)
        }
        #expect(problem?.status == .forbidden)
    }

    @Test func workEndsWhenItsDatasetIsNoLongerSeen() async throws {
        let right = try await right()
        right.need("secret")
        let problem = await outcome(right) { state in
            state.keys[Self.key.hash] = Principal(identity: .key("machine"), role: .analyst)
        }
        #expect(problem?.status == .notFound)
    }

    @Test func workGoesOnWhenWhatItDoesNotNeedIsLost() async throws {
        let right = try await right()
        right.need("toronto")
        let done = try await watch.whileHeld(right) { [accounts, access, watch] in
            accounts.change { $0.keys[Self.key.hash] = Principal(identity: .key("machine"), role: .analyst) }
            access.hear(2)
            await watch.look()
            return !Task.isCancelled
        }
        #expect(done)
        #expect(try await right.principal().mayRead("secret", isPublic: false) == false)
    }

    /// Work that was done before the right ended is reported to its sender.
    @Test func whatWasDoneIsTold() async throws {
        let done = try await watch.whileHeld(try await right()) { [accounts, access, watch] in
            accounts.change { $0.keys = [:] }
            access.hear(2)
            await watch.look()
            return true
        }
        #expect(done)
    }

    @Test func aRightIsNotAskedForAgainWhileNothingHasChanged() async throws {
        let right = try await right()
        for _ in 0..<10 { try await right.check() }
        #expect(accounts.now.asked == 1)
        accounts.change { $0.version = 3 }
        try await right.checkNow()
        #expect(access.value == 3)
        #expect(accounts.now.asked == 2)
    }
}
