package import Logging

/// An outage as seen by a loop that reconnects to a server: how long to wait before each try, and what to log. It
/// logs one line when the server is lost, one now and then while it stays away, and one when it is back, however many
/// tries it takes.
package struct Outage: Sendable {
    package enum Word: Equatable, Sendable {
        case lost
        /// Still away after this time and this number of tries.
        case away(Duration, tries: Int)
        case back(Duration, tries: Int)
    }

    /// The time between two lines about the same server while it is away or keeps coming and going.
    package static let reminder = Duration.seconds(60)
    /// When a server has been back for this long, losing it again begins a new outage.
    private static let recovery = Duration.seconds(30)

    private let backOff: BackOff
    private var began: ContinuousClock.Instant?
    private var ended: ContinuousClock.Instant?
    private var said: ContinuousClock.Instant?
    private var isSaid = false
    private var tries = 0

    /// - Parameter backOff: The waits; they start again with each outage.
    package init(_ backOff: BackOff = BackOff(first: .milliseconds(500), longest: .seconds(5))) {
        self.backOff = backOff
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
        if said.map({ now - $0 >= Self.reminder }) ?? true {
            word = isSaid ? .away(now - began, tries: tries) : .lost
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
        if let word { word.write(lost, to: logger, metadata.merging(["error": "\(error)"]) { $1 }) }
        return pause
    }

    /// Does the same as ``succeeded(now:)`` and writes the line to the log.
    package mutating func succeeded(_ back: Logger.Message, _ logger: Logger, _ metadata: Logger.Metadata = [:]) {
        succeeded()?.write(back, to: logger, metadata)
    }
}

extension Outage {
    /// Repeats `body` until the task is cancelled. After an error it waits, longer each time, and begins again.
    /// - Parameters:
    ///   - lost: A sentence for the log that says what is not possible now.
    ///   - onError: Called after every error, before the wait.
    ///   - body: Reports a success to the outage.
    package static func outlast(
        _ lost: Logger.Message, _ logger: Logger, _ metadata: Logger.Metadata = [:],
        backOff: BackOff = BackOff(first: .milliseconds(500), longest: .seconds(5)),
        onError: @Sendable () -> Void = {}, _ body: (inout Outage) async throws -> Void
    ) async {
        var outage = Outage(backOff)
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
