import TestSupport
import Testing

@testable import Models

/// Expected values are by hand or from definitions; scikit-learn is asked end to end.
@Suite struct KMeansTests {
    /// Three groups of points around centres that are far apart.
    private static func groups(_ seed: UInt64) -> (points: Points, groups: [Int]) {
        var random = SplitMix(state: seed)
        let centres = [[0.0, 0], [100, 0], [0, 100]]
        let groups = (0..<60).map { $0 % 3 }
        return (
            Points(groups.map { group in centres[group].map { $0 + Double.random(in: -5...5, using: &random) } }),
            groups
        )
    }

    @Test func fourPointsOnALineAreDividedInTheMiddle() throws {
        let model = try KMeans(Points([[0], [1], [10], [11]]), clusters: 2, seed: 1)
        // The largest first coordinate comes first.
        #expect(model.labels == [1, 1, 0, 0])
        #expect(model.centres.values == [10.5, 0.5])
        #expect(model.inertia == 4 * 0.25)
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func separatedGroupsAreFoundWhateverTheSeed(seed: UInt64) throws {
        let (points, groups) = Self.groups(seed)
        let model = try KMeans(points, clusters: 3, seed: seed)
        // The same group, the same label; and three labels.
        #expect(Set(zip(groups, model.labels).map { "\($0) \($1)" }).count == 3)
        #expect(Set(model.labels).count == 3)
    }

    @Test(arguments: 2...9)
    func everyRowIsWithItsNearestCentreAndCentresAreMeans(clusters: Int) throws {
        var random = SplitMix(state: UInt64(clusters))
        let points = Points((0..<200).map { _ in (0..<3).map { _ in Double.random(in: 0...1, using: &random) } })
        let model = try KMeans(points, clusters: clusters, starts: 3, seed: 7)
        var inertia = 0.0
        for row in 0..<points.rows {
            let distances = (0..<clusters).map { points.squaredDistance(row, to: $0, of: model.centres.values) }
            #expect(distances[model.labels[row]] <= distances.min()! + 1e-12)
            inertia += distances[model.labels[row]]
        }
        #expect(abs(inertia - model.inertia) < 1e-9)
        for cluster in 0..<clusters {
            let rows = model.labels.indices.filter { model.labels[$0] == cluster }
            #expect(!rows.isEmpty)
            for column in 0..<3 {
                let mean = rows.reduce(0) { $0 + Array(points[$1])[column] } / Double(rows.count)
                #expect(abs(mean - Array(model.centres[cluster])[column]) < 1e-9)
            }
        }
    }

    @Test func theSameSeedGivesTheSameClusters() throws {
        let points = Self.groups(3).points
        #expect(try KMeans(points, clusters: 5, seed: 11) == KMeans(points, clusters: 5, seed: 11))
    }

    @Test func moreClustersThanDifferentRowsAreRefused() throws {
        let points = Points([[1, 1], [1, 1], [2, 2]])
        #expect(throws: ModelError.self) { try KMeans(points, clusters: 3, seed: 1) }
        #expect(try KMeans(points, clusters: 2, seed: 1).inertia == 0)
    }

    @Test func columnsAreStandardisedByThePopulation() {
        let points = Points([[1, 5], [3, 5]])
        let scale = Standardization(of: points)
        #expect(scale.means == [2, 5])
        // (1 + 1) / 2 = 1; a constant column has no spread and is left alone.
        #expect(scale.scales == [1, 1])
        #expect(scale.standardized(points).values == [-1, 0, 1, 0])
    }

    @Test func silhouettesAreThoseOfTheDefinition() {
        // Rows 0 and 1 in one cluster, 2 alone in another: (b - a) / max(a, b) of 0 is (4 - 1) / 4, of 1 is
        // (3 - 1) / 3; a row alone counts 0.
        let mean = Silhouette.mean(Points([[0], [1], [4]]), [0, 0, 1])
        #expect(abs(mean - (0.75 + 2.0 / 3) / 3) < 1e-15)
    }
}
