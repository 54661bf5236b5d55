import Foundation

/// Tells when a time is over, of many times at once that nearly always are dropped before.
///
/// Setting and dropping one is a look at a table; a sleeping task for each would take a timer of the system's. One thread
/// waits for the earliest.
///
/// `@unchecked Sendable`: what changes is read and written only while `condition` is locked.
final class AlarmClock: @unchecked Sendable {
    typealias Number = UInt64

    private struct Alarm {
        let time: ContinuousClock.Instant
        let ring: @Sendable () -> Void
    }

    static let shared = AlarmClock()

    private let condition = NSCondition()
    private var alarms: [Number: Alarm] = [:]
    private var last: Number = 0
    /// Until when the thread sleeps; `nil` while it waits to be woken.
    private var sleepsUntil: ContinuousClock.Instant?

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
        if sleepsUntil.map({ time < $0 }) ?? true {
            sleepsUntil = time
            condition.signal()
        }
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
            for alarm in due() { alarm.ring() }
        }
    }

    /// Sleeps until there are alarms whose time is over, and takes them out.
    private func due() -> [Alarm] {
        condition.lock()
        defer { condition.unlock() }
        while true {
            let now = ContinuousClock.now
            let due = alarms.filter { $0.value.time <= now }
            if !due.isEmpty {
                for number in due.keys { alarms[number] = nil }
                return Array(due.values)
            }
            sleepsUntil = alarms.values.lazy.map(\.time).min()
            guard let sleepsUntil else {
                condition.wait()
                continue
            }
            _ = condition.wait(until: Date(timeIntervalSinceNow: (sleepsUntil - now) / .seconds(1)))
        }
    }
}
