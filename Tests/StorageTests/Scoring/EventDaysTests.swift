import Domain
import Testing

@testable import Storage

struct EventDaysTests {
    private static func days(_ numbers: Range<Int32>) -> [LocalDay] { numbers.map(LocalDay.init(number:)) }

    @Test func slicesAreOfConsecutiveDaysAndBeginWithAChunk() {
        let days = Self.days(0..<3) + Self.days(5..<12)
        let slices = EventDays.slices(of: days, at: [LocalDay(number: 8)])
        #expect(slices.map { $0.lowerBound.number } == [0, 5, 8])
        #expect(slices.map { $0.upperBound.number } == [2, 7, 11])
    }

    @Test func aSliceHasAnEnd() {
        let slices = EventDays.slices(of: Self.days(0..<100))
        #expect(slices.allSatisfy { $0.lowerBound.distance(to: $0.upperBound) < EventDays.longestSlice })
        #expect(slices.map { $0.lowerBound.distance(to: $0.upperBound) + 1 }.reduce(0, +) == 100)
    }
}
