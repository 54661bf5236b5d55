import Domain
import Testing

@testable import Outlook

struct RecordGapsTests {
    private static let first = LocalDay("2021-01-01")!

    /// The days, counted from 0, that have no records.
    private static func gaps(_ totals: [Int]) -> [Int] {
        let days = first...first.advanced(by: totals.count - 1)
        let known = Dictionary(
            uniqueKeysWithValues: totals.enumerated().filter { $1 > 0 }.map { (first.advanced(by: $0), $1) })
        let gaps = RecordGaps(days, totals: known)
        return totals.indices.filter { gaps.contains(first.advanced(by: $0)) }
    }

    /// With two events a day six quiet days are chance, e^-12, and seven are not, e^-14.
    @Test func aLongQuietRunIsAGapFromTheDayOnThatIsNoChance() {
        let totals = [Int](repeating: 2, count: 1000)
        #expect(Self.gaps(totals) == [])
        // Six quiet days make the mean a little less than 2, so that the seventh is not enough.
        var quiet = totals
        for day in 500..<512 { quiet[day] = 0 }
        let found = Self.gaps(quiet)
        #expect(found == Array(507..<512))
    }

    @Test func aBusyFeedThatStopsIsAGapAtOnce() {
        var totals = [Int](repeating: 100, count: 60)
        totals[40] = 0
        totals[59] = 0
        #expect(Self.gaps(totals) == [40, 59])
    }

    @Test func rareEventsHaveNoGaps() {
        let totals = (0..<700).map { $0 % 60 == 0 ? 1 : 0 }
        #expect(Self.gaps(totals) == [])
    }

    @Test func laterDaysDoNotMatter() {
        var totals = [Int](repeating: 3, count: 100)
        for day in 50..<70 { totals[day] = 0 }
        let whole = Self.gaps(totals)
        #expect(Self.gaps(Array(totals[..<60])) == whole.filter { $0 < 60 })
    }
}
