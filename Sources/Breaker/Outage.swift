package import Logging
import Synchronization

/// An outage as seen by a loop that reconnects to a server: how long to wait before each try, and what to log. It
/// logs one line when the server is lost, one now and then while it stays away, and one when it is back, however many
/// tries it takes. Loops that share an ``OutageLog`` log these lines once for all of them.
package struct Outage: Sendable {
    package enum Word: Equatable, Sendable {
        case lost
        /// Still away after this time and this number of tries.
        case away(Duration, tries: Int)
        case back(Duration, tries: Int)
    }

    /// The time between two lines about a server that keeps coming and going, and between the first two about one that
    /// stays away. From then on it doubles, up to `longestReminder`.
    package static let reminder = Duration.seconds(60)
    private static let longestReminder = Duration.seconds(900)
    /// When a server has been back for this long, losing it again begins a new outage.
    private static let recovery = Duration.seconds(30)

    private let backOff: BackOff
    private let shared: OutageLog?
    private var began: ContinuousClock.Instant?
    private var ended: ContinuousClock.Instant?
    private var said: ContinuousClock.Instant?
    private var isSaid = false
    private var reminders = 0
    private var tries = 0
    /// Whether the last line about the outage was this loop's own, and not that of the shared log.
    private var isSaidHere = false

    /// - Parameters:
    ///   - backOff: The waits; they start again with each outage.
    ///   - shared: The log of those who lose the same server; by default this loop logs for itself.
    package init(
        _ backOff: BackOff = BackOff(first: .milliseconds(500), longest: .seconds(5)), shared: OutageLog? = nil
    ) {
        self.backOff = backOff
        self.shared = shared
    }

    /// Reports that a try failed.
    /// - Parameter jitter: A number from 0 to 1.
    /// - Returns: How long to wait before the next try, and what to log.
    package mutating func failed(
        now: ContinuousClock.Instant = .now, jitter: Double = .random(in: 0...1)
    ) -> (pause: Duration, word: Word?) {
        if let ended, now - ended >= Self.recovery { (began, tries) = (nil, 0) }
        ended = nil
        let began = self.began ?? now
        self.began = began
        tries += 1
        var word: Word?
        let pause = isSaid ? min(Self.reminder * (1 << min(reminders, 8)), Self.longestReminder) : Self.reminder
        if said.map({ now - $0 >= pause }) ?? true {
            word = isSaid ? .away(now - began, tries: tries) : .lost
            reminders = isSaid ? reminders + 1 : 0
            (said, isSaid) = (now, true)
        }
        return (backOff.delay(tries - 1, jitter: jitter), word)
    }

    /// Reports that the server answers.
    package mutating func succeeded(now: ContinuousClock.Instant = .now) -> Word? {
        guard let began, ended == nil else { return nil }
        ended = now
        guard isSaid else { return nil }
        isSaid = false
        return .back(now - began, tries: tries)
    }

    /// Does the same as ``failed(now:jitter:)`` and writes the line to the log.
    /// - Parameter lost: A sentence that says what is not possible now.
    package mutating func failed(
        _ lost: Logger.Message, _ error: any Error, _ logger: Logger, _ metadata: Logger.Metadata = [:]
    ) -> Duration {
        let (pause, word) = failed()
        if let shared, shared.takes(error) {
            shared.failed(error, logger)
        } else if let word {
            word.write(lost, to: logger, metadata.merging(["error": "\(error)"]) { $1 })
            isSaidHere = true
        }
        return pause
    }

    /// Does the same as ``succeeded(now:)`` and writes the line to the log.
    package mutating func succeeded(_ back: Logger.Message, _ logger: Logger, _ metadata: Logger.Metadata = [:]) {
        let wasAway = began != nil && ended == nil
        let word = succeeded()
        if wasAway { shared?.succeeded(logger) }
        if isSaidHere { word?.write(back, to: logger, metadata) }
        isSaidHere = false
    }
}

/// The log of the outages of one server, for all loops of a process that lose it: a line when the first of them does,
/// one now and then, and one when the first of them has it back.
package final class OutageLog: Sendable {
    private let server: String
    private let isAway: @Sendable (any Error) -> Bool
    private let outage = Mutex(Outage())

    /// - Parameters:
    ///   - server: Name of the server, for people.
    ///   - isAway: Whether an error says that the server cannot be reached, and not that it refuses something.
    package init(_ server: String, isAway: @escaping @Sendable (any Error) -> Bool) {
        self.server = server
        self.isAway = isAway
    }

    fileprivate func takes(_ error: any Error) -> Bool { isAway(error) }

    fileprivate func failed(_ error: any Error, _ logger: Logger) {
        let word = outage.withLock { $0.failed().word }
        let state = word == .lost ? "is away, trying again with growing pauses" : "is still away"
        word?.write("\(server) \(state)", to: logger, ["error": "\(error)"])
    }

    fileprivate func succeeded(_ logger: Logger) {
        outage.withLock { $0.succeeded() }?.write("\(server) answers again", to: logger, [:])
    }
}

extension Outage {
    /// Repeats `body` until the task is cancelled. After an error it waits, longer each time, and begins again.
    /// - Parameters:
    ///   - lost: A sentence for the log that says what is not possible now.
    ///   - shared: The log of those who lose the same server; by default the loop logs for itself.
    ///   - onError: Called after every error, before the wait.
    ///   - body: Reports a success to the outage.
    package static func outlast(
        _ lost: Logger.Message, _ logger: Logger, _ metadata: Logger.Metadata = [:],
        backOff: BackOff = BackOff(first: .milliseconds(500), longest: .seconds(5)), shared: OutageLog? = nil,
        onError: @Sendable () -> Void = {}, _ body: (inout Outage) async throws -> Void
    ) async {
        var outage = Outage(backOff, shared: shared)
        while !Task.isCancelled {
            do {
                try await body(&outage)
            } catch {
                onError()
                if Task.isCancelled { return }
                let pause = outage.failed(lost, error, logger, metadata)
                try? await Task.sleep(for: pause)
            }
        }
    }
}

extension Outage.Word {
    /// Repeats the error, at most with each reminder of an outage.
    fileprivate func write(_ message: Logger.Message, to logger: Logger, _ metadata: Logger.Metadata) {
        var metadata = metadata
        switch self {
        case .lost: logger.warning(message, metadata: metadata)
        case .away(let time, let tries):
            metadata["away"] = "\(time.components.seconds) s"
            metadata["tries"] = "\(tries)"
            logger.warning(message, metadata: metadata)
        case .back(let time, let tries):
            metadata["away"] = "\(time.components.seconds) s"
            metadata["tries"] = "\(tries)"
            logger.notice(message, metadata: metadata)
        }
    }
}
