import Foundation
import Testing

@testable import Models

@Suite struct DepartmentClustersTests {
    /// Two kinds of departments: large ones that pay few vendors, and small ones that pay many.
    private static let departments = (0..<12).map { number in
        let isLarge = number < 5
        return DepartmentFigures(
            department: "d\(number)", payments: isLarge ? 1000 + number : 50 + number,
            total: isLarge ? 5_000_000 + 1000 * Double(number) : 20_000 + 10 * Double(number),
            vendorHHI: isLarge ? 6000 + Double(number) : 300 + Double(number), lastQuarter: 0.25,
            newest: 1000, before: 1000)
    }

    @Test func departmentsThatSpendAlikeAreTogetherAndToldByWhatDiffers() throws {
        let model = try DepartmentClusters(Self.departments, seed: 1)
        #expect(model.clusters.map(\.departments) == [5, 7])
        #expect(model.members.map(\.cluster) == [1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2])
        #expect(model.tried.map(\.clusters) == Array(2...10))
        #expect(model.silhouette == model.tried.map(\.silhouette).max())
        let words = Set(model.clusters[0].differences.map(\.words))
        #expect(words.count == 3)
        #expect(
            words.isSubset(of: [
                "higher total", "higher mean payment", "higher number of payments",
                "higher concentration on few vendors",
            ]))
        #expect(model.clusters[1].differences.allSatisfy { $0.words.hasPrefix("lower ") })
    }

    @Test func featuresAreLogarithmsAndSharesWithinBounds() {
        let figures = DepartmentFigures(
            department: "d", payments: 4, total: -5, vendorHHI: 10_000, lastQuarter: 1.5, newest: 1e9, before: 0)
        #expect(figures.features == [0, 0, log(4.0), 10_000, 1, 3])
    }

    @Test func theFileIsReadBackAndAnythingElseIsRefused() throws {
        let model = try DepartmentClusters(Self.departments, seed: 1)
        let file = try model.file()
        #expect(try DepartmentClusters.read(file) == model)
        #expect(try DepartmentClusters(Self.departments, seed: 1).file() == file)
        #expect(throws: ModelError.self) { try DepartmentClusters.read(Array(file.dropLast())) }
        let other = String(decoding: file, as: UTF8.self).replacing(DepartmentClusters.format, with: "other 9")
        #expect(throws: ModelError.self) { try DepartmentClusters.read(Array(other.utf8)) }
    }

    @Test func driftIsNoneOfTheSameDepartmentsAndLargeWhenAllAreLarge() throws {
        let model = try DepartmentClusters(Self.departments, seed: 1)
        #expect(model.drift(of: Self.departments) == 0)
        let large = try #require(model.drift(of: Array(Self.departments.prefix(5))))
        // Shares 5/12 and 7/12 against 1 and 0, where 0 counts as 1e-4.
        let byHand = (1 - 5.0 / 12) * log(12.0 / 5) + (1e-4 - 7.0 / 12) * log(1e-4 * 12 / 7)
        #expect(abs(large - byHand) < 1e-12)
        #expect(model.drift(of: Array(Self.departments.prefix(3))) == nil)
    }

    @Test func tooFewDepartmentsOrAlikeOnesAreRefused() {
        #expect(throws: ModelError.self) { try DepartmentClusters(Array(Self.departments.prefix(3)), seed: 1) }
        let alike = [DepartmentFigures](repeating: Self.departments[0], count: 6)
        #expect(throws: ModelError.self) { try DepartmentClusters(alike, seed: 1) }
    }

    @Test func aTrainingThatIsCancelledEnds() {
        #expect(throws: CancellationError.self) {
            try DepartmentClusters(Self.departments, seed: 1) { _ in throw CancellationError() }
        }
    }
}
