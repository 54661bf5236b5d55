import Foundation
import Testing

@testable import Areas

/// Files that a test makes, in a folder that goes with this object.
final class MadeFiles {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "areas-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        try Data(bytes).write(to: folder.appending(path: name))
        return path(name)
    }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

    /// All records of a file's layer, as they stand.
    func records(
        _ name: String, layer: String? = nil, limits: AreaLimits = AreaLimits(), isReferenceStated: Bool = false
    ) throws -> [AreaRecord] {
        let reader = try AreaFile(path: path(name), limits: limits)
            .open(layer: layer, isReferenceStated: isReferenceStated)
        var records: [AreaRecord] = []
        while let record = try reader.next() { records.append(record) }
        return records
    }

    /// The error that reading all records of a file ends with.
    func error(_ name: String, limits: AreaLimits = AreaLimits()) -> AreaError? {
        #expect(throws: AreaError.self) { try records(name, limits: limits) }
    }
}

/// The bytes of a shapefile by the specification of ESRI (1998), written by hand.
enum MadeShapefile {
    static func big(_ value: Int) -> [UInt8] { withUnsafeBytes(of: Int32(value).bigEndian) { Array($0) } }
    static func little(_ value: Int) -> [UInt8] { withUnsafeBytes(of: Int32(value).littleEndian) { Array($0) } }
    static func double(_ value: Double) -> [UInt8] {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
    }

    static func header(type: Int, bytes: Int) -> [UInt8] {
        big(9994) + [UInt8](repeating: 0, count: 20) + big(bytes / 2) + little(1000) + little(type)
            + [UInt8](repeating: 0, count: 64)
    }

    /// A polygon without its box, which is not read.
    static func polygon(_ rings: [[Position]], type: Int = 5, after: [UInt8] = []) -> [UInt8] {
        var start = 0
        var bytes =
            little(type) + [UInt8](repeating: 0, count: 32) + little(rings.count)
            + little(rings.reduce(0) { $0 + $1.count })
        for ring in rings {
            bytes += little(start)
            start += ring.count
        }
        for position in rings.joined() { bytes += double(position.x) + double(position.y) }
        return bytes + after
    }

    static func shapes(_ contents: [[UInt8]], type: Int = 5) -> [UInt8] {
        var body: [UInt8] = []
        for (index, content) in contents.enumerated() { body += big(index + 1) + big(content.count / 2) + content }
        return header(type: type, bytes: 100 + body.count) + body
    }

    static func index(_ offsets: [(offset: Int, bytes: Int)], type: Int = 5) -> [UInt8] {
        header(type: type, bytes: 100 + 8 * offsets.count) + offsets.flatMap { big($0.offset / 2) + big($0.bytes / 2) }
    }

    struct Field {
        let name: String
        let type: Character
        let length: Int
        var decimals = 0
    }

    /// A .dbf file; each row has the bytes of its fields, and is deleted where it begins with an asterisk.
    static func table(_ fields: [Field], _ rows: [[UInt8]], languageDriver: UInt8 = 0) -> [UInt8] {
        let rowBytes = 1 + fields.reduce(0) { $0 + $1.length }
        let headerBytes = 33 + 32 * fields.count
        var bytes: [UInt8] = [3, 126, 1, 1] + little(rows.count)
        bytes += [UInt8(headerBytes & 255), UInt8(headerBytes >> 8), UInt8(rowBytes & 255), UInt8(rowBytes >> 8)]
        bytes += [UInt8](repeating: 0, count: 17) + [languageDriver, 0, 0]
        for field in fields {
            let name = Array(field.name.utf8.prefix(10))
            bytes += name + [UInt8](repeating: 0, count: 11 - name.count) + Array(String(field.type).utf8)
            bytes += [0, 0, 0, 0, UInt8(field.length & 255)]
            bytes += [UInt8(field.type == "C" ? field.length >> 8 : field.decimals)]
            bytes += [UInt8](repeating: 0, count: 14)
        }
        return bytes + [0x0D] + rows.joined() + [0x1A]
    }

    /// The bytes of a row from the texts of its fields.
    static func row(_ values: String..., isDeleted: Bool = false) -> [UInt8] {
        Array((isDeleted ? "*" : " ").utf8) + values.flatMap { Array($0.utf8) }
    }
}
