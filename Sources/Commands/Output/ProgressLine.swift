import Domain
import Foundation
import Synchronization

/// Shows the progress of a long step on standard error: a bar that redraws itself on a terminal, a plain line every few
/// seconds elsewhere.
final class ProgressLine: Sendable {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let began = ContinuousClock.now
    private let last = Mutex<(shown: ContinuousClock.Instant?, width: Int)>((nil, 0))
    private static let plainInterval = Duration.seconds(3)

    /// Shows a share of the whole from 0 to 1, and a count.
    func show(share: Double, count: Int64, of what: String) {
        let rate = elapsed > 0 ? Double(count) / elapsed : 0
        write("\(bar(share))\(count) \(what)  \(Int(rate)) \(what)/s\(timeLeft(share))")
    }

    /// Shows a share of the whole from 0 to 1, and what is done.
    func show(share: Double, _ what: String) {
        write("\(bar(share))\(what)\(timeLeft(share))")
    }

    /// Shows the part of the whole that begins now, counted from 0. Every part is shown, because there are few.
    func show(part: Int, of parts: Int, _ name: String) {
        let share = Double(part) / Double(parts)
        write("\(bar(share))\(name) (\(part + 1) of \(parts))\(timeLeft(share))", always: true)
    }

    private var elapsed: Double { (ContinuousClock.now - began).inSeconds }

    private func bar(_ share: Double) -> String {
        let percent = "\(Int((share * 100).rounded(.down))) %  "
        let filled = Int(share * 24)
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 24 - filled)
        return isTerminal ? "[\(bar)] \(percent)" : percent
    }

    /// The estimated time left, supposing that the rest is as fast as before.
    private func timeLeft(_ share: Double) -> String {
        share > 0 ? "  \(Int((elapsed / share - elapsed).rounded(.up))) s left" : ""
    }

    /// Shows a step without a share.
    func show(_ text: String) {
        write(text, always: true)
    }

    /// Ends the redrawn line, so that the next output begins on a new one.
    func finish() {
        last.withLock { last in
            guard isTerminal, last.width > 0 else { return }
            put("\r" + String(repeating: " ", count: last.width) + "\r")
            last = (nil, 0)
        }
    }

    private func write(_ text: String, always: Bool = false) {
        last.withLock { last in
            let now = ContinuousClock.now
            if isTerminal {
                put("\r" + text + String(repeating: " ", count: max(0, last.width - text.count)))
            } else {
                if !always, let shown = last.shown, now - shown < Self.plainInterval { return }
                put(text + "\n")
            }
            last = (now, text.count)
        }
    }

    private func put(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
