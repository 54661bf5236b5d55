import Foundation
import H3
import Testing

/// `latLngToCell` on the points of the shared vectors, single and batch.
struct H3PointVectorTests {
    @Test func randomPointsMatchTheOracleAtEveryResolution() throws {
        let lines = try SharedFolder.lines("h3/vectors/oracle/points_random.txt.gz")
        try expectCells(lines.map { try PointRecord($0.split(separator: " ")[...]) })
    }

    @Test func specialPointsMatchTheOracleAtEveryResolution() throws {
        let lines = try SharedFolder.lines("h3/vectors/oracle/points_special.txt.gz")
        try expectCells(lines.map { try PointRecord($0.split(separator: " ").dropFirst()) })
    }

    @Test func upstreamCentersMatch() throws {
        for file in try SharedFolder.files(in: "h3/vectors/upstream", ending: "centers.txt.gz") {
            for line in try SharedFolder.lines(file) {
                let fields = line.split(separator: " ")
                let expected = try H3Cell(String(fields[0]))
                let cell = try H3Cell(
                    latitude: try #require(Double(fields[1])), longitude: try #require(Double(fields[2])),
                    resolution: expected.resolution)
                #expect(cell == expected, "\(file)")
            }
        }
    }

    /// Exact even for ties, because the arithmetic is that of the reference.
    private func expectCells(_ points: [PointRecord]) throws {
        for resolution in Resolution.allCases {
            let batch = try latLngToCells(
                latitudes: points.map(\.latitude), longitudes: points.map(\.longitude), resolution: resolution)
            for (point, bits) in zip(points, batch) {
                let single = try H3Cell(
                    latitude: point.latitude, longitude: point.longitude, resolution: resolution)
                let expected = point.cells[resolution.number]
                #expect(single.bits == bits)
                #expect(
                    single == expected,
                    "\(point.latitude) \(point.longitude) at \(resolution), tie \(point.isTie(at: resolution.number))")
            }
        }
    }
}
