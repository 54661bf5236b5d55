import Metrics
import Synchronization

/// Limits how many uploads there may be at a time, and how much of the disk their bodies may take.
package final class UploadRoom: Sendable {
    package struct Limits: Sendable {
        /// The largest number of uploads at a time.
        package var atOnce: Int
        /// The largest number of uploads at a time of one user or API key.
        package var each: Int
        /// The largest total size of all bodies on the disk, in bytes.
        package var bytes: Int

        package init(atOnce: Int, each: Int, bytes: Int) {
            self.atOnce = atOnce
            self.each = each
            self.bytes = bytes
        }
    }

    private struct State {
        var uploads: [String: Int] = [:]
        var bytes = 0

        var count: Int { uploads.values.reduce(0, +) }
    }

    private static let pause = Duration.seconds(5)

    private let limits: Limits
    private let folder: SpoolFolder?
    private let state = Mutex(State())
    private let refused = Counter(label: "uploads_refused_total")
    private let running = Gauge(label: "uploads_running")
    private let held = Gauge(label: "upload_disk_bytes")

    /// - Parameter folder: The folder of the bodies; the free space of its disk is checked too.
    package init(_ limits: Limits, folder: SpoolFolder?) {
        self.limits = limits
        self.folder = folder
        tell(State())
    }

    /// Counts an upload as long as `body` takes.
    ///
    /// - Parameters:
    ///   - who: The name of the sender.
    ///   - length: The size of the body in bytes, if the sender said it.
    /// - Throws: ``Problem`` 429 when the sender has too many uploads under way, 503 when there are too many in all or
    ///   the disk is full.
    func admit<Output>(
        _ who: String, length: Int?, _ body: (UploadShare) async throws -> Output
    ) async throws -> Output {
        try enter(who)
        let share = UploadShare(self)
        defer { leave(who, share.bytes) }
        try share.take(length ?? 0)
        return try await body(share)
    }

    private func enter(_ who: String) throws(Problem) {
        let problem: Problem? = state.withLock { state in
            if state.uploads[who, default: 0] >= limits.each {
                return .tooManyRequests(
                    "You have \(limits.each) uploads under way, the limit for one account; wait until one ends.",
                    retryAfter: Self.pause)
            }
            if state.count >= limits.atOnce {
                return .unavailable(
                    "There are \(limits.atOnce) uploads under way, the limit of this server; try again.",
                    retryAfter: Self.pause)
            }
            state.uploads[who, default: 0] += 1
            tell(state)
            return nil
        }
        if let problem { throw refusing(problem) }
    }

    private func leave(_ who: String, _ bytes: Int) {
        state.withLock { state in
            state.bytes -= bytes
            state.uploads[who, default: 1] -= 1
            if state.uploads[who] == 0 { state.uploads[who] = nil }
            tell(state)
        }
    }

    /// - Throws: ``Problem`` 503 when there is no room for this many more bytes.
    fileprivate func reserve(_ bytes: Int) throws(Problem) {
        if let room = folder?.room {
            // A twentieth of the disk stays free, but no more than a quarter of a GiB.
            let spare = min(room.all / 20, 256 << 20)
            guard bytes <= room.free - spare else { throw refusing(.noDisk) }
        }
        let fits = state.withLock { state in
            guard bytes <= limits.bytes - state.bytes else { return false }
            state.bytes += bytes
            tell(state)
            return true
        }
        guard fits else {
            throw refusing(
                .unavailable(
                    "The uploads under way take all the disk space that this server has for them; try again.",
                    retryAfter: Self.pause))
        }
    }

    private func refusing(_ problem: Problem) -> Problem {
        refused.increment()
        return problem
    }

    private func tell(_ state: State) {
        running.record(state.count)
        held.record(state.bytes)
    }
}

/// The part of the room that one upload has reserved.
final class UploadShare {
    /// How many bytes are reserved at a time for a body of unknown length.
    private static let step = 1 << 20

    private let room: UploadRoom
    private(set) var bytes = 0

    fileprivate init(_ room: UploadRoom) { self.room = room }

    /// Makes sure that `bytes` are reserved in all.
    ///
    /// - Throws: ``Problem`` 503 when there is none.
    func cover(_ bytes: Int) throws(Problem) {
        guard bytes > self.bytes else { return }
        try take(max(bytes - self.bytes, Self.step))
    }

    fileprivate func take(_ more: Int) throws(Problem) {
        guard more > 0 else { return }
        try room.reserve(more)
        bytes += more
    }
}
