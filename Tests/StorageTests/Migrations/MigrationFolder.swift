import Foundation

@testable import Storage

/// A temporary folder of migration files.
struct MigrationFolder {
    let url = FileManager.default.temporaryDirectory.appending(path: "migrations-\(UUID().uuidString)")

    /// - Parameter files: the texts by file name.
    init(_ files: [String: String]) throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        for (name, text) in files {
            try text.write(to: url.appending(path: name), atomically: true, encoding: .utf8)
        }
    }

    func remove() { try? FileManager.default.removeItem(at: url) }

    /// Migrations from pairs of up and down scripts, numbered from 1.
    static func migrations(_ scripts: [(up: String, down: String)]) throws -> [Migration] {
        var files: [String: String] = [:]
        for (index, script) in scripts.enumerated() {
            files["000\(index + 1)_step.up.sql"] = script.up
            files["000\(index + 1)_step.down.sql"] = script.down
        }
        let folder = try MigrationFolder(files)
        defer { folder.remove() }
        return try Migration.all(in: folder.url)
    }
}
