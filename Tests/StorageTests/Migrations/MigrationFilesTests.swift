import Foundation
import TestStorage
import Testing

@testable import Storage

struct MigrationFilesTests {
    @Test func filesAreReadInTheOrderOfTheirNumbers() throws {
        let folder = try MigrationFolder([
            "0002_second.up.sql": "b", "0002_second.down.sql": "", "0001_first.up.sql": "a",
            "0001_first.down.sql": "", "README.md": "not a migration",
        ])
        defer { folder.remove() }
        let migrations = try Migration.all(in: folder.url)
        #expect(migrations.map(\.name) == ["0001_first", "0002_second"])
        #expect(migrations.map(\.number) == [1, 2])
    }

    @Test func thoseOfTheCheckoutAreWhole() throws {
        let migrations = try Checkout.migrations()
        #expect(migrations.map(\.number) == Array(1...migrations.count))
    }

    @Test(arguments: [
        (["0001_a.up.sql", "0001_a.down.sql", "0003_c.up.sql", "0003_c.down.sql"], "0003_c.up.sql: expected number 2"),
        (["0001_a.up.sql", "0001_a.down.sql", "0001_b.up.sql", "0001_b.down.sql"], "0001_b.up.sql: expected number 2"),
        (["0000_a.up.sql", "0000_a.down.sql"], "0000_a.up.sql: expected number 1"),
        (["0001_a.up.sql"], "0001_a.down.sql"),
        (["0001_a.up.sql", "0001_a.down.sql", "0002_b.down.sql"], "0002_b"),
        (["+001_a.up.sql", "+001_a.down.sql"], "+001_a.up.sql is not named"),
        (["orders.up.sql", "orders.down.sql"], "orders.up.sql is not named NNNN_name.up.sql"),
        (["1_a.up.sql", "1_a.down.sql"], "1_a.up.sql is not named"),
        (["0001a.up.sql", "0001a.down.sql"], "0001a.up.sql is not named"),
        (["0001_.up.sql", "0001_.down.sql"], "0001_.up.sql is not named"),
    ])
    func filesOutOfOrderAreNamed(_ files: [String], _ message: String) throws {
        let folder = try MigrationFolder(Dictionary(uniqueKeysWithValues: files.map { ($0, "") }))
        defer { folder.remove() }
        let error = #expect(throws: StorageError.self) { try Migration.all(in: folder.url) }
        #expect(error?.code == .migration)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "no error")")
    }

    @Test func aMissingFolderIsAnIncompleteInstallation() {
        let error = #expect(throws: StorageError.self) {
            try Migration.all(in: URL(filePath: "/nowhere/migrations"))
        }
        #expect(error?.code == .installation)
        #expect(error?.message.contains("/nowhere/migrations") == true)
    }
}
