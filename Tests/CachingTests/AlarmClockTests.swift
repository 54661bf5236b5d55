import Synchronization
import TestSupport
import Testing

@testable import Caching

@Suite struct AlarmClockTests {
    private final class Rung: Sendable {
        let names = Mutex<[String]>([])

        func add(_ name: String) { names.withLock { $0.append(name) } }
        var all: [String] { names.withLock(\.self) }
    }

    private let clock = AlarmClock()
    private let rung = Rung()

    @Test func theyRingInTheOrderOfTheirTimes() async throws {
        for (name, time) in [("c", 300), ("a", 100), ("b", 200)] {
            _ = clock.set(.milliseconds(time)) { [rung] in rung.add(name) }
        }
        try await until { rung.all.count == 3 }
        #expect(rung.all == ["a", "b", "c"])
    }

    @Test func oneThatIsDroppedDoesNotRing() async throws {
        let dropped = clock.set(.milliseconds(100)) { [rung] in rung.add("dropped") }
        _ = clock.set(.milliseconds(300)) { [rung] in rung.add("kept") }
        clock.drop(dropped)
        try await until { !rung.all.isEmpty }
        #expect(rung.all == ["kept"])
    }

    @Test func itRingsAgainAfterASleepWithoutAlarms() async throws {
        for count in 1...3 {
            _ = clock.set(.milliseconds(1)) { [rung] in rung.add("again") }
            try await until { rung.all.count == count }
        }
    }
}
