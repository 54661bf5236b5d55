import Foundation
import Testing

/// The folder of shared reference data, named by `HEXTANT_SHARED`.
enum SharedFolder {
    /// The lines of a gzip-compressed text file; `path` is relative to the folder.
    static func lines(_ path: String) throws -> [Substring] {
        let root = try #require(ProcessInfo.processInfo.environment["HEXTANT_SHARED"])
        let gzip = Process()
        gzip.executableURL = URL(filePath: "/usr/bin/env")
        gzip.arguments = ["gzip", "-dc", URL(filePath: root).appending(path: path).path]
        let output = Pipe()
        gzip.standardOutput = output
        try gzip.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        gzip.waitUntilExit()
        try #require(gzip.terminationStatus == 0, "cannot read \(path)")
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
        try #require(!lines.isEmpty, "\(path) is empty")
        return lines
    }

    /// The records of a file with one JSON object per line.
    static func records<Record: Decodable>(_ path: String, as type: Record.Type) throws -> [Record] {
        let decoder = JSONDecoder()
        return try lines(path).map { try decoder.decode(type, from: Data($0.utf8)) }
    }

    /// The paths of the files in a folder with this ending.
    static func files(in folder: String, ending: String) throws -> [String] {
        let root = try #require(ProcessInfo.processInfo.environment["HEXTANT_SHARED"])
        let names = try FileManager.default.contentsOfDirectory(
            atPath: URL(filePath: root).appending(path: folder).path)
        let matching = names.filter { $0.hasSuffix(ending) }.sorted()
        try #require(!matching.isEmpty, "no file ending in \(ending) in \(folder)")
        return matching.map { "\(folder)/\($0)" }
    }
}
