import Domain
import Foundation
import TestDomain
import Testing

struct DisclosureTests {
    private static func status(minimum: Int?) throws -> DatasetStatus {
        let day = try #require(LocalDay("2021-12-31"))
        return DatasetStatus(
            dataset: Dataset(
                slug: "toronto", title: "T", licence: "L", attribution: "A", resolutions: [8], minimumCount: minimum),
            days: day.advanced(by: -9)...day, bounds: BoundingBox(west: -80, south: 43, east: -79, north: 44),
            generation: 1, disclosedDays: day.advanced(by: -3)...day.advanced(by: -1),
            disclosedBounds: BoundingBox(west: -79.5, south: 43.5, east: -79.4, north: 43.6))
    }

    @Test func aReaderWithoutTheRightSeesTheExtentOfWhatIsShown() throws {
        let status = try Self.status(minimum: 5)
        let seen = status.disclosed(seesSmallCounts: false)
        #expect(seen.disclosure == .atLeast(5))
        #expect(seen.days == status.disclosedDays)
        #expect(seen.bounds == status.disclosedBounds)
        #expect(FeatureSelection(of: seen).disclosure == .atLeast(5))
        #expect(status.disclosed(seesSmallCounts: true) == status)
    }

    @Test func withoutAMinimumEverybodySeesTheSame() throws {
        let status = try Self.status(minimum: nil)
        #expect(status.disclosed(seesSmallCounts: false) == status)
        #expect(status.disclosure == .exact)
    }

    @Test(arguments: [(0, nil), (2, 2), (1000, 1000)] as [(Int, Int?)])
    func aDescriptionStatesTheMinimum(number: Int, minimum: Int?) throws {
        let change = try JSONDecoder().decode(
            DatasetDescription.self, from: Data(#"{"minimum_count": \#(number)}"#.utf8))
        #expect(try change.applied(to: Self.status(minimum: 7).dataset).minimumCount == minimum)
    }

    @Test(arguments: [1, -5, 1001])
    func aMinimumThatHidesNothingOrEverythingIsRefused(number: Int) throws {
        let change = try JSONDecoder().decode(
            DatasetDescription.self, from: Data(#"{"minimum_count": \#(number)}"#.utf8))
        #expect(throws: DatasetDescriptionError.self) { try change.applied(to: Self.status(minimum: nil).dataset) }
    }
}
