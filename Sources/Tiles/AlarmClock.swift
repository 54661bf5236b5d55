import Foundation

/// Tells when a time is over, of many times at once that nearly always are dropped before.
///
/// Setting and dropping one is a look at a table; a sleeping task for each would take a timer of the system's. One thread
/// looks at all of them, and waits while there are none.
///
/// `@unchecked Sendable`: what changes is read and written only while `condition` is locked.
final class AlarmClock: @unchecked Sendable {
    typealias Number = UInt64

    private struct Alarm {
        let time: ContinuousClock.Instant
        let ring: @Sendable () -> Void
    }

    static let shared = AlarmClock()
    /// How late an alarm may ring, which is set while the thread sleeps.
    private static let longestSleep = Duration.milliseconds(100)

    private let condition = NSCondition()
    private var alarms: [Number: Alarm] = [:]
    private var last: Number = 0

    init() {
        let thread = Thread { [self] in run() }
        thread.name = "alarms"
        thread.stackSize = 512 * 1024
        thread.start()
    }

    /// - Parameter ring: Called once, after the time and if it is not dropped before, on a thread that others wait for.
    /// - Returns: By which it is dropped.
    func set(_ time: Duration, _ ring: @escaping @Sendable () -> Void) -> Number {
        let time = ContinuousClock.now + time
        condition.lock()
        defer { condition.unlock() }
        last += 1
        alarms[last] = Alarm(time: time, ring: ring)
        if alarms.count == 1 { condition.signal() }
        return last
    }

    /// It does not ring any more, unless it does so right now.
    func drop(_ number: Number) {
        condition.lock()
        alarms[number] = nil
        condition.unlock()
    }

    private func run() {
        while true {
            let now = ContinuousClock.now
            let (due, next) = takeDue(now)
            for alarm in due { alarm.ring() }
            // Not a wait for the condition, whose time-out is of the wall clock, which may be set.
            if let next, next > now { Thread.sleep(forTimeInterval: min(next - now, Self.longestSleep) / .seconds(1)) }
        }
    }

    /// The alarms whose time is over, in the order of their times, and the time of the next. Waits while there are none.
    private func takeDue(_ now: ContinuousClock.Instant) -> (due: [Alarm], next: ContinuousClock.Instant?) {
        condition.lock()
        defer { condition.unlock() }
        while alarms.isEmpty { condition.wait() }
        let due = alarms.filter { $0.value.time <= now }
        for number in due.keys { alarms[number] = nil }
        return (due.values.sorted { $0.time < $1.time }, alarms.values.lazy.map(\.time).min())
    }
}
