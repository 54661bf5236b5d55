import H3
import Testing

/// Cells of polygons of the shared vectors.
struct H3PolygonVectorTests {
    private struct Polygon: Decodable {
        let name: String
        let res: Int
        let shell: [[Number]]
        let holes: [[[Number]]]?
        let legacy: Cells?
        let center: Cells?
        let full: Cells?
        let overlap: Cells?
        let bbox: Cells?
    }

    /// A number, including those that JSON cannot write.
    private struct Number: Decodable {
        let value: Double

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Double.self) {
                value = number
            } else {
                let text = try container.decode(String.self)
                value = try #require(Double(text))
            }
        }
    }

    /// The number of cells and the same cells compacted, or the name of an error.
    private enum Cells: Decodable {
        case cells(Int, [String])
        case error(String)

        init(from decoder: any Decoder) throws {
            if let name = try? decoder.singleValueContainer().decode(String.self) {
                self = .error(name)
                return
            }
            var list = try decoder.unkeyedContainer()
            self = .cells(try list.decode(Int.self), try list.decode([String].self))
        }
    }

    @Test func cellsMatchInEveryMode() throws {
        for record in try SharedFolder.records("h3/vectors/oracle/polygons.jsonl.gz", as: Polygon.self) {
            func points(_ line: [[Number]]) -> [LatLng] {
                line.map { LatLng(latitude: $0[0].value, longitude: $0[1].value) }
            }
            let polygon = GeoPolygon(shell: points(record.shell), holes: (record.holes ?? []).map(points))
            let modes: [(ContainmentMode, Cells?)] = [
                (.center, record.center), (.full, record.full), (.overlapping, record.overlap),
                (.overlappingBoundingBox, record.bbox),
            ]
            for (mode, expected) in modes {
                if let expected { try expect(polygon, record, mode, expected) }
            }
            // C fails if its estimate of the number of cells is too small or the polygon's bounding box has no area.
            if case .cells? = record.legacy { try expect(polygon, record, .center, try #require(record.legacy)) }
        }
    }

    private func expect(_ polygon: GeoPolygon, _ record: Polygon, _ mode: ContainmentMode, _ expected: Cells) throws {
        let comment: Comment = "\(record.name) at \(record.res), \(mode)"
        guard !["nan", "inf"].contains(record.name) else {
            // C depends on the result of comparisons with such numbers.
            #expect(throws: H3Error.latLngDomain, comment) {
                try H3Cell.polygonToCells(polygon, resolution: Resolution(record.res), containment: mode)
            }
            return
        }
        switch expected {
        case .error(let name):
            let error = try #require(h3Error(name))
            #expect(throws: error, comment) {
                try H3Cell.polygonToCells(polygon, resolution: Resolution(record.res), containment: mode)
            }
        case .cells(let count, let compact):
            let cells = try H3Cell.polygonToCells(polygon, resolution: Resolution(record.res), containment: mode)
            let bound = try H3Cell.maxPolygonToCellsSize(polygon, resolution: Resolution(record.res), containment: mode)
            let coarse = try H3Cell.polygonToCompactCells(
                polygon, resolution: Resolution(record.res), containment: mode)
            #expect(cells.count == count, comment)
            #expect(Set(try H3Cell.compact(cells)) == Set(try compact.map { try H3Cell($0) }), comment)
            #expect(Set(coarse) == Set(try compact.map { try H3Cell($0) }), comment)
            #expect(bound >= count, comment)
        }
    }
}
