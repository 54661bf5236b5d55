import Areas
import Domain
import H3
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// Names of places for cells, by the areas of a layer.
@Suite(migratedDatabase { try await Names.fill() })
struct CellNamesTests {
    private static func names(_ dataset: Slug = "named") async throws -> [H3Cell: String] {
        try await withReaders {
            try await CellNames($0, sql: Checkout.sql()).names(of: Names.cells, in: dataset)
        }
    }

    /// Cells of resolution 7 are some 2 km wide: the first lies in one area, the second on a border, the third outside.
    @Test func aCellHasTheNamesOfTheAreasThatItLiesIn() async throws {
        try await Names.importLayer("towns", ["West", "East"])
        let names = try await Self.names()
        #expect(names[Names.cells[0]] == "West")
        #expect(names[Names.cells[1]] == "East" || names[Names.cells[1]] == "West")
        #expect(names[Names.cells[2]] == nil)
        #expect(try await Self.names("nameless") == [:])
        let page = try await withReaders { pool in
            let days = try #require(LocalDay("2021-06-01"))...#require(LocalDay("2021-06-02"))
            return try await RiskStore(pool, sql: Checkout.sql()).rows(
                CellQuery(FeatureSelection("named"), days: days, resolution: 7), of: nil, PageRequest(limit: 2))
        }
        #expect(page.rows.count == 2)
        #expect(page.rows.allSatisfy { $0.area == names[$0.cell] })

        // A layer that takes its place gives its own names, at once.
        try await Names.importLayer("towns", ["Left", "Right"], isApproximate: true)
        #expect(try await Self.names()[Names.cells[0]] == "Left (approximate)")
        #expect(try await value("SELECT count(DISTINCT layer_id) FROM cell_areas", as: Int.self) == 1)

        // Many areas in a cell are told with their number.
        try await Names.importLayer("towns", (0..<40).map { "Street \($0)" }, side: 0.001)
        let many = try await Self.names().values.filter { $0.hasSuffix(" others") }
        #expect(!many.isEmpty)
        #expect(many.allSatisfy { $0.contains(", Street ") && $0.contains(" and ") })
    }
}

private enum Names {
    static let cells = [-79.45, -79.4, -78].map { longitude in
        guard let cell = try? H3Cell(latitude: 43.65, longitude: longitude, resolution: 7) else {
            preconditionFailure("no cell there")
        }
        return cell
    }

    static func fill() async throws {
        var dataset = try await Dataset.stored("named")
        _ = try await Dataset.stored("nameless")
        try await cells.map { RiskRow.sample($0, "2021-06-01") }.serve("named")
        dataset.areas = "towns"
        try await withConnection { [dataset] connection in
            _ = try await DatasetStore(connection, sql: Checkout.sql()).put(dataset)
        }
    }

    /// Imports areas side by side, from west to east around 79.4 degrees west.
    static func importLayer(
        _ slug: Slug, _ names: [String], isApproximate: Bool = false, side: Double = 0.1
    ) async throws {
        var records: [AreaImport.Record] = []
        for (number, name) in names.enumerated() {
            let west = -79.4 + (Double(number) - Double(names.count) / 2) * side
            let ring = [(0.0, 43.6), (side, 43.6), (side, 43.7), (0, 43.7), (0, 43.6)].map {
                Position(west + $0.0, $0.1)
            }
            records.append(
                AreaImport.Record(
                    number: number + 1, id: name, name: name, population: nil, geometry: .polygon(Polygon(ring))))
        }
        var rest = records[...]
        _ = try await AreaImport(TestDatabase.options, sql: Checkout.sql()).run(
            .init(slug: slug, name: "Towns", isApproximate: isApproximate, source: "a test"),
            next: { rest.popFirst() })
    }
}
