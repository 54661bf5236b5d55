import H3
import Testing

/// Numbers of cells, average sizes, lists of cells and distances of the shared vectors.
struct H3ConstantVectorTests {
    private struct Constants: Decodable {
        let numCells: [Int]?
        let avgAreaKm2: [Double]?
        let avgAreaM2: [Double]?
        let avgEdgeKm: [Double]?
        let avgEdgeM: [Double]?
        let res0: [String]?
        let pentagons: [[String]]?
        let earthRadiusKm: Double?
        let maxGridDiskSize: [[Int]]?
        let maxGridRingSize: [[Int]]?
        let errorCodes: [String]?
        let gcd: [[Double]]?
        let rads: Double?
        let km: Double?
    }

    @Test func constantsMatch() throws {
        for record in try SharedFolder.records("h3/vectors/oracle/constants.jsonl.gz", as: Constants.self) {
            try expectTable(record.numCells, H3Cell.cellCount)
            try expectTable(record.avgAreaKm2, H3Cell.averageHexagonAreaKm2)
            try expectTable(record.avgAreaM2, H3Cell.averageHexagonAreaM2)
            try expectTable(record.avgEdgeKm, H3Cell.averageHexagonEdgeLengthKm)
            // The file has kilometres times 1000, the C interface a table with more digits.
            for (resolution, length) in (record.avgEdgeM ?? []).enumerated() {
                #expect(abs(try H3Cell.averageHexagonEdgeLengthM(at: Resolution(resolution)) / length - 1) < 1e-6)
            }
            try expectTable(record.pentagons) { H3Cell.pentagons(at: $0).map(\.description) }
            if let cells = record.res0 { #expect(H3Cell.resolution0Cells.map(\.description) == cells) }
            if let radius = record.earthRadiusKm { #expect(LatLng.earthRadiusKm == radius) }
            for entry in record.maxGridDiskSize ?? [] { #expect(try H3Cell.maxGridDiskSize(entry[0]) == entry[1]) }
            for entry in record.maxGridRingSize ?? [] { #expect(try H3Cell.maxGridRingSize(entry[0]) == entry[1]) }
            if let names = record.errorCodes { #expect(Array(names[1...19]) == H3Error.allCases.map(\.name)) }
            if let points = record.gcd, let radians = record.rads, let kilometres = record.km {
                let ends = points.map { LatLng(latitude: $0[0], longitude: $0[1]) }
                let distance = ends[0].greatCircleDistanceRadians(to: ends[1])
                #expect(abs(distance - radians) <= 1e-15 + 1e-9 * radians)
                #expect(abs(ends[0].greatCircleDistanceKm(to: ends[1]) - kilometres) <= 1e-11 + 1e-9 * kilometres)
            }
        }
    }

    private func expectTable<Value: Equatable>(
        _ table: [Value]?, _ value: (Resolution) -> Value
    ) throws {
        for (number, expected) in (table ?? []).enumerated() { #expect(value(try Resolution(number)) == expected) }
    }
}
