import Domain
import Testing

@Suite struct InstantTests {
    /// Microseconds, whole seconds, and the number of the day, all rounded down.
    @Test(arguments: [
        (0, 0, 0), (1, 0, 0), (-1, -1, -1), (999_999, 0, 0), (1_000_000, 1, 0), (-1_000_000, -1, -1),
        (-1_000_001, -2, -1), (86_399_999_999, 86_399, 0), (86_400_000_000, 86_400, 1),
        (-86_400_000_000, -86_400, -1), (-86_400_000_001, -86_401, -2),
    ])
    func secondsAndDaysAreRoundedDown(_ microseconds: Int64, _ seconds: Int64, _ day: Int32) {
        let instant = Instant(microseconds: microseconds)
        #expect(instant.seconds == seconds)
        #expect(instant.wholeSeconds == Instant(seconds: seconds))
        #expect(instant.day == LocalDay(number: day))
    }

    @Test func aClockAheadShowsTheNextDayEarlier() {
        let evening = Instant(seconds: 86_400 - 3600)
        #expect(evening.day(ahead: 3_600_000_000 - 1) == LocalDay(number: 0))
        #expect(evening.day(ahead: 3_600_000_000) == LocalDay(number: 1))
        #expect(Instant(seconds: 0).day(ahead: -1) == LocalDay(number: -1))
    }

    @Test func aDayBeginsAtItsMidnight() {
        #expect(Instant(midnight: LocalDay(number: -1)) == Instant(seconds: -86_400))
        #expect(Instant(midnight: .earliest).day == .earliest)
        #expect(Instant(midnight: .latest).day == .latest)
    }

    @Test func durationsMoveIt() {
        let instant = Instant(seconds: 100)
        #expect(instant + .milliseconds(1500) == Instant(microseconds: 101_500_000))
        #expect(instant - .days(1) == Instant(seconds: -86_300))
        #expect(instant - Instant(microseconds: 99_999_999) == .microseconds(1))
        #expect(Instant(seconds: -1) - instant == .seconds(-101))
    }

    @Test func theFirstAndLastInstantAreNotPassed() {
        #expect(Instant.latest + .days(1) == .latest)
        #expect(Instant.latest - .days(-1) == .latest)
        #expect(Instant.earliest - .microseconds(1) == .earliest)
        #expect(Instant.latest - Instant.earliest == .seconds(18_446_744_073_709) + .microseconds(551_615))
    }

    @Test func partsOfAUnitAreCutOff() {
        #expect(Duration.microseconds(1999).inMilliseconds == 1)
        #expect(Duration.microseconds(-1999).inMilliseconds == -1)
        #expect(Duration.nanoseconds(1999).inMicroseconds == 1)
        #expect(Duration.milliseconds(1500).inSeconds == 1.5)
    }
}
