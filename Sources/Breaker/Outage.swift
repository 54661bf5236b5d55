package import Logging

/// An outage as a loop tells of it that has lost a server and looks for it again, and the wait before each look:
/// one line when it is lost, one now and then while it stays away, one when it is back, however often it is tried.
package struct Outage: Sendable {
    package enum Word: Equatable, Sendable {
        case lost
        /// Still away after so long and so many tries.
        case away(Duration, tries: Int)
        case back(Duration, tries: Int)
    }

    /// Between two lines about the same server while it is away, or while it comes and goes.
    package static let reminder = Duration.seconds(60)
    /// A server that has been back for so long begins a new outage when it is lost again.
    private static let recovery = Duration.seconds(30)

    private let backOff: BackOff
    private var began: ContinuousClock.Instant?
    private var ended: ContinuousClock.Instant?
    private var said: ContinuousClock.Instant?
    private var isSaid = false
    private var tries = 0

    /// - Parameter backOff: The waits; they begin anew with an outage.
    package init(_ backOff: BackOff = BackOff(first: .milliseconds(500), longest: .seconds(5))) {
        self.backOff = backOff
    }

    /// A try failed.
    /// - Parameter jitter: From 0 to 1.
    /// - Returns: How long to wait before the next, and what to say.
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

    /// It answers.
    package mutating func succeeded(now: ContinuousClock.Instant = .now) -> Word? {
        guard let began, ended == nil else { return nil }
        ended = now
        guard isSaid else { return nil }
        isSaid = false
        return .back(now - began, tries: tries)
    }

    /// The same as ``failed(now:jitter:)``, with the word written down.
    /// - Parameter lost: What cannot be done, as a sentence.
    package mutating func failed(
        _ lost: Logger.Message, _ error: any Error, _ logger: Logger, _ metadata: Logger.Metadata = [:]
    ) -> Duration {
        let (pause, word) = failed()
        if let word { word.write(lost, to: logger, metadata.merging(["error": "\(error)"]) { $1 }) }
        return pause
    }

    /// The same as ``succeeded(now:)``, with the word written down.
    package mutating func succeeded(_ back: Logger.Message, _ logger: Logger, _ metadata: Logger.Metadata = [:]) {
        succeeded()?.write(back, to: logger, metadata)
    }
}

extension Outage.Word {
    /// At most a reminder for each outage tells of the error anew.
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
