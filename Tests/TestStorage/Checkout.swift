import Foundation
package import Storage
import TestDatabase

/// The folders of the checkout that these tests run from.
package enum Checkout {
    private static let root = (0..<3).reduce(URL(filePath: #filePath)) { file, _ in file.deletingLastPathComponent() }

    package static func sql() throws -> SQLFiles { try SQLFiles(folder: root.appending(path: "sql")) }

    package static func migrations() throws -> [Migration] { try Migration.all(in: root.appending(path: "migrations")) }

    package static func statement(_ name: SQLFiles.Name) throws -> String { try sql()[name] }
}
