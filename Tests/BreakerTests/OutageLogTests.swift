import Logging
import TestLog
import Testing

@testable import Breaker

@Suite struct OutageLogTests {
    private struct Away: Error {}
    private struct Refused: Error {}

    private let lines = LogLines()
    private let shared = OutageLog("PostgreSQL") { $0 is Away }
    private var logger: Logger { lines.logger }

    @Test func loopsThatLoseOneServerLogOneLineForAll() {
        var loops = (0..<5).map { _ in Outage(shared: shared) }
        for _ in 0..<20 {
            for index in loops.indices { _ = loops[index].failed("lost a connection", Away(), logger) }
        }
        #expect(lines.all == ["warning PostgreSQL is away, trying again with growing pauses"])
        for index in loops.indices { loops[index].succeeded("listening again", logger) }
        #expect(lines.all.dropFirst() == ["notice PostgreSQL answers again"])
    }

    @Test func eachLoopKeepsItsOwnGrowingPauses() {
        var slow = Outage(BackOff(first: .seconds(2), longest: .seconds(60)), shared: shared)
        let pauses = (0..<3).map { _ in slow.failed("lost", Away(), logger) }
        // Each pause is between half of its full length and all of it.
        #expect(pauses[0] >= .seconds(1) && pauses[0] <= .seconds(2))
        #expect(pauses[2] >= .seconds(4) && pauses[2] <= .seconds(8))
    }

    @Test func aLoopThatNeverLostTheServerDoesNotSayThatItIsBack() {
        var loser = Outage(shared: shared)
        var other = Outage(shared: shared)
        _ = loser.failed("lost", Away(), logger)
        other.succeeded("back", logger)
        #expect(lines.all.count == 1)
    }

    @Test func whatTheServerRefusesIsToldByTheLoopItself() {
        var first = Outage(shared: shared)
        var second = Outage(shared: shared)
        _ = first.failed("cannot look for jobs", Refused(), logger)
        _ = second.failed("lost", Away(), logger)
        #expect(
            lines.all == [
                "warning cannot look for jobs", "warning PostgreSQL is away, trying again with growing pauses",
            ])
        first.succeeded("can look for jobs again", logger)
        #expect(lines.all.contains("notice can look for jobs again"))
    }

    @Test func remindersOfALongOutageGrowFurtherApart() {
        var outage = Outage()
        let start = ContinuousClock.now
        var told: [Int] = []
        for second in stride(from: 0, through: 7200, by: 5)
        where outage.failed(now: start + .seconds(second), jitter: 1).word != nil {
            told.append(second)
        }
        // After one minute, then two, four, eight, and every fifteen.
        #expect(told == [0, 60, 180, 420, 900, 1800, 2700, 3600, 4500, 5400, 6300, 7200])
    }
}
