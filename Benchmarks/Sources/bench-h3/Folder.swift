import Foundation

/// The folder with the arrays of numbers, as they lie in memory, that both sides are measured on.
struct Folder {
    let url: URL

    func doubles(_ name: String) throws -> [Double] {
        try Data(contentsOf: url.appending(path: name)).withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
    }

    func write(_ numbers: [UInt64], to name: String) throws {
        try numbers.withUnsafeBytes { try Data($0).write(to: url.appending(path: name)) }
    }
}
