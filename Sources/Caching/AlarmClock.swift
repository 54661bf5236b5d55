import Foundation
import Threads

/// Runs many alarms, nearly all of which are dropped before they are due.
///
/// Setting and dropping one is an operation on a table, whereas a sleeping task for each would need a timer of the
/// system. One thread serves all of them, and waits while there are none.
final class AlarmClock: Sendable {
    typealias Number = UInt64

    private struct Alarm: Sendable {
        let time: ContinuousClock.Instant
        let ring: @Sendable () -> Void
    }

    private struct State {
        var alarms: [Number: Alarm] = [:]
        var last: Number = 0
    }

    static let shared = AlarmClock()
    /// How late an alarm may ring that is set while the thread sleeps.
    private static let longestSleep = Duration.milliseconds(100)

    private let state = Monitor(State())

    init() {
        Thread.run(named: "alarms") { [self] in run() }
    }

    /// - Parameter ring: Called once when the time is over, unless the alarm is dropped before. It runs on a thread
    ///   that other alarms wait for.
    /// - Returns: The number with which the alarm is dropped.
    func set(_ time: Duration, _ ring: @escaping @Sendable () -> Void) -> Number {
        let time = ContinuousClock.now + time
        return state.change { state in
            state.last += 1
            state.alarms[state.last] = Alarm(time: time, ring: ring)
            return state.last
        }
    }

    /// Drops an alarm, so that it does not ring, unless it rings at this moment.
    func drop(_ number: Number) {
        state.change { $0.alarms[number] = nil }
    }

    private func run() {
        while true {
            let now = ContinuousClock.now
            let (due, next) = takeDue(now)
            for alarm in due { alarm.ring() }
            // Sleeps instead of waiting for the condition, whose timeout uses the wall clock, which may be changed.
            if let next, next > now { Thread.sleep(forTimeInterval: min(next - now, Self.longestSleep) / .seconds(1)) }
        }
    }

    /// The alarms that are due, in order, and the time of the next one. Waits while there are none.
    private func takeDue(_ now: ContinuousClock.Instant) -> (due: [Alarm], next: ContinuousClock.Instant?) {
        state.wait { state in
            guard !state.alarms.isEmpty else { return nil }
            let due = state.alarms.filter { $0.value.time <= now }
            for number in due.keys { state.alarms[number] = nil }
            return (due.values.sorted { $0.time < $1.time }, state.alarms.values.lazy.map(\.time).min())
        }
    }
}
