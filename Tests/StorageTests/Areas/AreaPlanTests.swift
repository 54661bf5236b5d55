import Areas
import Domain
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// The planner's way to the shapes of a tile and to the areas of a point.
@Suite(
    migratedDatabase {
        var number = 0
        _ = try await AreaImport(TestDatabase.options, sql: Checkout.sql()).run(
            .init(slug: "planned", name: "Planned", source: "a test"),
            next: {
                guard number < 400 else { return nil }
                number += 1
                let (x, y) = (-80 + Double(number % 20) / 20, 43 + Double(number / 20) / 20)
                return AreaImport.Record(
                    number: number, id: "\(number)", name: "Area \(number)", population: nil,
                    geometry: .polygon(
                        Polygon([
                            Position(x, y), Position(x + 0.05, y), Position(x + 0.05, y + 0.05), Position(x, y + 0.05),
                            Position(x, y),
                        ])))
            })
    })
struct AreaPlanTests {
    private static func plan(
        _ name: SQLFiles.Name, _ types: String, _ arguments: String, mode: String
    ) async throws -> [String] {
        let text = try Checkout.statement(name)
        return try await withConnection { connection in
            try await connection.execute("SET enable_seqscan = off; SET plan_cache_mode = \(mode)")
            try await connection.execute("PREPARE asked (\(types)) AS \(text)")
            return try await connection.execute("EXPLAIN EXECUTE asked (\(arguments))")
                .map { try $0.get(0, as: String.self) }
        }
    }

    @Test(arguments: ["force_custom_plan", "force_generic_plan"])
    func shapesAndNamesAreFoundByTheirKeys(_ mode: String) async throws {
        let layer = try await value("SELECT id FROM area_layers", as: Int.self)
        let plan = try await Self.plan(
            .areaTile, "int, int, int, int, int, int[], float8[], bigint[], int",
            "\(layer), 3, 10, 286, 373, '{1,2,3}', '{1,2,3}', '{1,2,3}', 0", mode: mode)
        #expect(plan.contains { $0.contains("area_shapes_pkey") || $0.contains("area_shapes_geom") }, "\(plan)")
        #expect(plan.contains { $0.contains("areas_pkey") }, "\(plan)")
        #expect(!plan.contains { $0.contains("Seq Scan on area") }, "\(plan)")
    }

    @Test(arguments: ["force_custom_plan", "force_generic_plan"])
    func aPointIsFoundByTheIndexOfBoundaries(_ mode: String) async throws {
        let layer = try await value("SELECT id FROM area_layers", as: Int.self)
        let plan = try await Self.plan(
            .areaAt, "int, float8, float8", "\(layer), -79.5, 43.5", mode: mode)
        #expect(plan.contains { $0.contains("areas_geom") || $0.contains("areas_pkey") }, "\(plan)")
        #expect(!plan.contains { $0.contains("Seq Scan on areas") }, "\(plan)")
    }
}
