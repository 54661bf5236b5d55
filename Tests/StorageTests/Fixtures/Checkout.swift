import Foundation
import Storage
import TestDatabase

/// The folders of the checkout that these tests run from.
enum Checkout {
    private static let root = (0..<4).reduce(URL(filePath: #filePath)) { file, _ in file.deletingLastPathComponent() }

    static func sql() throws -> SQLFiles { try SQLFiles(folder: root.appending(path: "sql")) }

    static func migrations() throws -> [Migration] { try Migration.all(in: root.appending(path: "migrations")) }

    static func statement(_ name: SQLFiles.Name) throws -> String { try sql()[name] }
}
