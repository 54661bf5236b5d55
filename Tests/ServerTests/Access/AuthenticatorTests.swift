import Accounts
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import Server
@testable import Web

@Suite struct AuthenticatorTests {
    private static let key = Secret.random(.apiKey)
    private static let machine = Principal(identity: .key("machine"), role: .analyst)

    private static func request(_ values: String...) -> Request {
        var fields = HTTPFields()
        for value in values { fields.append(HTTPField(name: .authorization, value: value)) }
        let head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/", headerFields: fields)
        return Request(head: head, body: .init(buffer: ByteBuffer()))
    }

    private static func accounts() -> MemoryAccounts { MemoryAccounts { $0.keys[key.hash] = machine } }

    @Test func aKeyIsLookedUpOnceForAVersionOfTheRights() async throws {
        let accounts = Self.accounts()
        let access = AccessVersion(1)
        let authenticator = Authenticator(accounts.sources(access))
        let request = Self.request("Bearer \(Self.key.text)")
        for _ in 0..<5 { #expect(try await authenticator.principal(of: request) == Self.machine) }
        #expect(accounts.now.asked == 1)
        accounts.change { $0.keys = [:] }
        access.hear(2)
        await #expect(throws: Problem.self) { try await authenticator.principal(of: request) }
        await #expect(throws: Problem.self) { try await authenticator.principal(of: request) }
        #expect(accounts.now.asked == 3)
    }

    @Test(arguments: ["Bearer  ", "bearer ", "BEARER    "])
    func theSchemeMayBeFollowedBySeveralBlanks(scheme: String) async throws {
        let authenticator = Authenticator(Self.accounts().sources(AccessVersion(1)))
        #expect(try await authenticator.principal(of: Self.request(scheme + Self.key.text)) == Self.machine)
    }

    @Test(arguments: ["Bearer\t", "Bearer, ", "Bearer", "Bearer a ", "Bearer \u{a0}", "Basic "])
    func nothingElseMayFollowIt(scheme: String) async throws {
        let authenticator = Authenticator(Self.accounts().sources(AccessVersion(1)))
        let request = Self.request(scheme + Self.key.text)
        await #expect(throws: Problem.self) { try await authenticator.principal(of: request) }
    }

    @Test func aKeyThatIsRevokedWhileItIsLookedUpIsNotRemembered() async throws {
        let accounts = Self.accounts()
        let access = AccessVersion(1)
        accounts.change { $0.afterPrincipal = { access.hear(2) } }
        let authenticator = Authenticator(accounts.sources(access))
        let request = Self.request("Bearer \(Self.key.text)")
        #expect(try await authenticator.principal(of: request) == Self.machine)
        accounts.change { $0.keys = [:] }
        await #expect(throws: Problem.self) { try await authenticator.principal(of: request) }
    }

    @Test func nothingIsRememberedWhileChangesWouldNotBeHeardOf() async throws {
        let accounts = Self.accounts()
        let access = AccessVersion(1)
        let authenticator = Authenticator(accounts.sources(access))
        let request = Self.request("Bearer \(Self.key.text)")
        _ = try await authenticator.principal(of: request)
        access.lose()
        for _ in 0..<3 { _ = try await authenticator.principal(of: request) }
        #expect(accounts.now.asked == 4)
    }

    @Test func whoSendsNothingIsNobodyAndIsNotLookedUp() async throws {
        let accounts = Self.accounts()
        let authenticator = Authenticator(accounts.sources(AccessVersion(1)))
        #expect(try await authenticator.principal(of: Self.request()) == .anonymous)
        #expect(accounts.now.asked == 0)
    }

    @Test func twoCredentialsAreNone() async {
        let authenticator = Authenticator(Self.accounts().sources(AccessVersion(1)))
        let good = "Bearer \(Self.key.text)"
        await #expect(throws: Problem.self) {
            try await authenticator.principal(of: Self.request(good, "Bearer x"))
        }
        await #expect(throws: Problem.self) { try await authenticator.principal(of: Self.request("\(good), x")) }
    }
}

extension Authenticator {
    fileprivate func principal(of request: Request) async throws -> Principal {
        try await principal(of: try credential(of: request))
    }
}
