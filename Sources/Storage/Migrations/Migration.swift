import Digest
package import Foundation

/// One numbered step of the schema, read from its two files.
package struct Migration: Sendable, Equatable {
    package let number: Int
    /// The name in the form `NNNN_name`.
    package let name: String
    let up: String
    let down: String

    /// The SHA-256 of the up file, in hexadecimal.
    var checksum: String {
        hexadecimal(SHA256.hash(up))
    }

    /// Reads `NNNN_name.up.sql` and `.down.sql` from a folder, in ascending order of their numbers.
    ///
    /// - Throws: `StorageError` when a file of a pair is missing, a name is malformed, or a number is missing or
    ///   repeated.
    package static func all(in folder: URL) throws(StorageError) -> [Migration] {
        guard let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else {
            throw StorageError(
                .installation, "cannot read \(folder.path): the installation is incomplete, or HEXTANT_HOME is wrong")
        }
        var migrations: [Migration] = []
        for file in files.sorted() where file.hasSuffix(".up.sql") {
            guard let match = file.wholeMatch(of: /(([0-9]{4})_[a-z0-9_]+)\.up\.sql/), let number = Int(match.2) else {
                throw StorageError(.migration, "\(file) is not named NNNN_name.up.sql")
            }
            let name = String(match.1)
            guard number == migrations.count + 1 else {
                throw StorageError(
                    .migration, "\(file): expected number \(migrations.count + 1), without gaps or repeats")
            }
            migrations.append(
                Migration(
                    number: number, name: name, up: try read(folder.appending(path: file)),
                    down: try read(folder.appending(path: "\(name).down.sql"))))
        }
        for file in files.sorted() where file.hasSuffix(".down.sql") {
            guard migrations.contains(where: { "\($0.name).down.sql" == file }) else {
                throw StorageError(.migration, "\(file) has no partner \(file.dropLast(".down.sql".count)).up.sql")
            }
        }
        return migrations
    }

    private static func read(_ file: URL) throws(StorageError) -> String {
        guard let text = try? String(contentsOf: file, encoding: .utf8) else {
            throw StorageError(.migration, "cannot read \(file.path)")
        }
        return text
    }
}
