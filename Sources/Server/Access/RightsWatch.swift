import Accounts
import ServiceLifecycle
import Synchronization
import Web

/// Ends work under way as soon as its right has ended, without waiting for the next page of a list or block of a body.
/// Otherwise a client that takes or sends nothing could keep it going as long as it likes.
final class RightsWatch: Service {
    private struct Entry {
        let right: RequestRight
        let end: @Sendable (Problem) -> Void
    }

    /// How often rights are checked without an announcement: sessions and keys expire, and announcements may be lost.
    private static let interval = Duration.seconds(1)
    /// How many rights are checked at the same time.
    private static let lookers = 4

    private let entries = Mutex<(next: UInt64, all: [UInt64: Entry])>((0, [:]))
    private let (changes, changed) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    init(_ access: AccessVersion) {
        access.onChange { [changed] in changed.yield() }
    }

    /// Whether anything is watched.
    var isIdle: Bool { entries.withLock { $0.all.isEmpty } }

    /// - Parameter end: Called at most once, and not after ``remove(_:)``.
    /// - Returns: The number with which it is removed.
    func add(_ right: RequestRight, end: @escaping @Sendable (Problem) -> Void) -> UInt64 {
        entries.withLock { entries in
            entries.next += 1
            entries.all[entries.next] = Entry(right: right, end: end)
            return entries.next
        }
    }

    /// - Returns: Whether it was still being watched.
    @discardableResult
    func remove(_ id: UInt64) -> Bool { entries.withLock { $0.all.removeValue(forKey: id) != nil } }

    /// Does work as long as its right lasts.
    /// - Throws: ``Problem`` 401, 403 or 404 when the right ended first. The work was then cancelled and has ended.
    func whileHeld<Output: Sendable>(
        _ right: RequestRight, _ work: @escaping @Sendable () async throws -> Output
    ) async throws -> Output {
        let ended = EndReason()
        let task = Task { try await work() }
        let id = add(right) { problem in
            ended.set(problem)
            task.cancel()
        }
        defer { remove(id) }
        do {
            return try await withTaskCancellationHandler {
                try await task.value
            } onCancel: {
                task.cancel()
            }
        } catch {
            throw ended.value ?? error
        }
    }

    /// Watches until the service group shuts down.
    func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            await withDiscardingTaskGroup { group in
                group.addTask { [changed] in
                    while (try? await Task.sleep(for: Self.interval)) != nil { changed.yield() }
                }
                for await _ in changes {
                    if !isIdle { await look() }
                }
            }
        }
    }

    /// Checks every right once.
    func look() async {
        let all = entries.withLock { $0.all }.map { (id: $0.key, right: $0.value.right) }
        for (id, right) in all where right.isPastPatience {
            end(id, .unavailable("The rights to this answer cannot be checked; try again.", retryAfter: .seconds(5)))
        }
        await withDiscardingTaskGroup { group in
            for first in 0..<min(Self.lookers, all.count) {
                group.addTask { [self] in
                    for place in stride(from: first, to: all.count, by: Self.lookers) {
                        await look(all[place].id, all[place].right)
                    }
                }
            }
        }
    }

    private func look(_ id: UInt64, _ right: RequestRight) async {
        do {
            try await right.check()
        } catch let problem as Problem where RequestRight.isEnd(problem) {
            end(id, problem)
        } catch {
            // The store could not be asked. If that lasts, the work is ended.
        }
    }

    private func end(_ id: UInt64, _ problem: Problem) {
        entries.withLock { $0.all.removeValue(forKey: id) }?.end(problem)
    }
}

/// Why work was ended; empty if it was not.
private final class EndReason: Sendable {
    private let problem = Mutex<Problem?>(nil)

    var value: Problem? { problem.withLock { $0 } }

    func set(_ problem: Problem) { self.problem.withLock { $0 = problem } }
}
