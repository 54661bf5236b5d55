import Foundation
import Testing

/// Lines of a file made by `Golden/make.py`, split at blanks.
func golden(_ name: String) throws -> [[String]] {
    let folder = try #require(Bundle.module.url(forResource: "Golden", withExtension: nil))
    let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    try #require(!lines.isEmpty)
    return lines
}
