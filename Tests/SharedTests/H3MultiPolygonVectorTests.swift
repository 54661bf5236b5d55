import Foundation
import H3
import Testing

/// Outlines of sets of cells of the shared vectors.
struct H3MultiPolygonVectorTests {
    private struct Record: Decodable {
        let name: String
        let cells: [String]
        let err: String?
        // GeoJSON order: longitude, latitude.
        let multiPolygon: [[[[Double]]]]?

        private enum CodingKeys: String, CodingKey {
            case name
            case cells
            case err
            case multiPolygon = "multi_lnglat"
        }
    }

    @Test func outlinesMatch() throws {
        for record in try SharedFolder.records("h3/vectors/oracle/multipolygon.jsonl.gz", as: Record.self) {
            let cells = try record.cells.map { try H3Cell($0) }
            let expected = (record.multiPolygon ?? []).map { rings in
                rings.map { ring in ring.dropLast().map { LatLng(latitude: $0[1], longitude: $0[0]) } }
            }
            let found = try H3Cell.multiPolygon(of: cells).map { [$0.shell] + $0.holes }
            #expect(found.count == expected.count, "\(record.name)")
            for rings in expected {
                let isThere = found.contains { other in
                    other.count == rings.count && isSame(other[0], rings[0])
                        && rings.dropFirst().allSatisfy { ring in other.dropFirst().contains { isSame($0, ring) } }
                }
                #expect(isThere, "\(record.name)")
            }
        }
    }

    /// Whether two rings have the same vertices in the same order, from any start.
    private func isSame(_ ring: [LatLng], _ other: [LatLng]) -> Bool {
        guard ring.count == other.count else { return false }
        return ring.indices.contains { start in
            ring.indices.allSatisfy { index in
                let (a, b) = (ring[(start + index) % ring.count], other[index])
                let turn = (a.longitude - b.longitude).remainder(dividingBy: 360)
                return abs(a.latitude - b.latitude) < 1e-11 && abs(turn * cos(b.latitude * .pi / 180)) < 1e-11
            }
        }
    }
}
