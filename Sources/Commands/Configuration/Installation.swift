import Foundation
import Storage

/// The folder of the files that belong to the binary: `sql`, `migrations`, `mappings`, `feeds` and `static`.
struct Installation {
    private let root: URL

    /// Looks in `HEXTANT_HOME`, then beside the binary (`../share/hextant`), then in the folders above it, as in a
    /// checkout.
    static func find() throws -> Installation {
        if let home = ProcessInfo.processInfo.environment["HEXTANT_HOME"], !home.isEmpty {
            return Installation(root: URL(filePath: home, directoryHint: .isDirectory))
        }
        let binary = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let shared = binary.deletingLastPathComponent().appending(path: "../share/hextant").standardizedFileURL
        var candidates = [shared]
        var folder = binary.deletingLastPathComponent()
        while folder.path != "/" {
            candidates.append(folder)
            folder = folder.deletingLastPathComponent()
        }
        for candidate in candidates where isComplete(candidate) {
            return Installation(root: candidate)
        }
        throw StorageError(
            .installation,
            "cannot find hextant's folders sql, migrations and static: set HEXTANT_HOME to the folder with them"
        )
    }

    private static func isComplete(_ folder: URL) -> Bool {
        ["sql", "migrations", "mappings", "static"].allSatisfy {
            FileManager.default.fileExists(atPath: folder.appending(path: $0).path)
        }
    }

    func sql() throws -> SQLFiles { try SQLFiles(folder: root.appending(path: "sql")) }

    func migrations() throws -> [Migration] { try Migration.all(in: root.appending(path: "migrations")) }

    var mappings: String { root.appending(path: "mappings").path }

    /// The feeds that come with the program. A server reads only those of the setting `feeds`.
    var feeds: String { root.appending(path: "feeds").path }

    var pages: String { root.appending(path: "static").path }
}
