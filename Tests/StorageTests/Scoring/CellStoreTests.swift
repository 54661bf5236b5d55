import H3
import Postgres
import TestDatabase
import TestStorage
import Testing

@testable import Storage

@Suite(migratedDatabase())
struct CellStoreTests {
    @Test func cellsAreKeptOnceHoweverManyAddThem() async throws {
        let cells = try (0..<500).map { index in
            try H3Cell(latitude: Double(index) / 7, longitude: Double(index) / 3, resolution: 6).bits
        }
        let options = TestDatabase.options
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    let connection = try await PostgresConnection(options)
                    for part in [cells.prefix(300), cells.suffix(300)] {
                        try await connection.transaction {
                            try await CellStore(connection: $0).add(Array(part), resolution: 6)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        try await withConnection { connection in
            let kept = try await connection.query("SELECT h3_index FROM h3_cells ORDER BY h3_index")
            #expect(try kept.map { UInt64(bitPattern: try $0.get(0, as: Int64.self)) } == Set(cells).sorted())
            let valid = "SELECT bool_and(resolution = 6 AND ST_IsValid(geom) AND ST_IsValid(geom_3857)) FROM h3_cells"
            #expect(try await connection.query(valid)[0].get(0) == true)
        }
    }
}
