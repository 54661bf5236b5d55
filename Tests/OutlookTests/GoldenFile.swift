import Foundation
import H3

/// Expected values from other implementations: `Golden/make.py` tells which, in which versions.
enum GoldenFile {
    static func read<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
        guard let folder = Bundle.module.resourceURL else { throw CocoaError(.fileNoSuchFile) }
        return try JSONDecoder().decode(type, from: Data(contentsOf: folder.appending(path: "Golden/\(name).json")))
    }

    static func indexes(_ cells: [String]) -> [UInt64] { cells.map { UInt64($0, radix: 16) ?? 0 } }
}

/// Whether two numbers agree to nine digits, or to 10^-9 where they are small.
func isClose(_ left: Double, _ right: Double, _ tolerance: Double = 1e-9) -> Bool {
    abs(left - right) <= tolerance * max(1, abs(right))
}
