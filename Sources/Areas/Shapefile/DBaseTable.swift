import Formats
import Foundation

/// The rows of a .dbf file (dBASE III to 7 and Visual FoxPro, as GIS programs write them).
final class DBaseTable {
    struct Field {
        let name: String
        let type: UInt8
        let start: Int
        let length: Int
        let decimals: Int
    }

    let source: SourceBytes
    let rowCount: Int
    let codePage: CodePage
    private(set) var fields: [Field] = []
    /// How many values were not what their field's type says, and became null, by the name of the field.
    private(set) var unreadable: [String: Int] = [:]
    /// How many texts have bytes that are no characters of the encoding.
    private(set) var damagedTexts = 0
    private let headerBytes: Int
    private let rowBytes: Int

    /// - Parameter stated: The encoding that a .cpg file states.
    init(_ source: SourceBytes, stated: CodePage?, limits: AreaLimits) throws(AreaError) {
        self.source = source
        let header = Array(try source.bytes(at: 0, count: 32))
        func short(_ index: Int) -> Int { Int(header[index]) | Int(header[index + 1]) << 8 }
        guard header.count == 32 else {
            throw AreaError(.damaged, file: source.name, "is too short for a .dbf file")
        }
        rowCount = short(4) | short(6) << 16
        headerBytes = short(8)
        rowBytes = short(10)
        guard headerBytes >= 33, rowBytes >= 1 else {
            throw AreaError(.damaged, file: source.name, "has a header that no .dbf file has")
        }
        codePage = stated ?? CodePage(languageDriver: header[29]) ?? .unstated
        let descriptions = Array(try source.bytes(at: 32, count: headerBytes - 32))
        var start = 1
        var names: Set<String> = []
        var place = 0
        while place + 32 <= descriptions.count, descriptions[place] != 0x0D {
            let bytes = descriptions[place..<place + 11]
            let name = codePage.text(bytes.prefix { $0 != 0 }).text.trimmingCharacters(in: .whitespaces)
            let type = descriptions[place + 11]
            var length = Int(descriptions[place + 16])
            var decimals = Int(descriptions[place + 17])
            // Texts of more than 255 bytes have the upper byte of their length there.
            if type == UInt8(ascii: "C") { (length, decimals) = (length + 256 * decimals, 0) }
            guard start + length <= rowBytes else {
                throw AreaError(
                    .damaged, file: source.name, "has a field \"\(name)\" that ends after its row of \(rowBytes) bytes")
            }
            var unique = name.isEmpty ? "field_\(fields.count + 1)" : name
            while !names.insert(unique).inserted { unique += "_" }
            fields.append(Field(name: unique, type: type, start: start, length: length, decimals: decimals))
            start += length
            place += 32
        }
        guard fields.count <= limits.mostColumns else {
            throw AreaError(.limit, file: source.name, "has more than \(limits.mostColumns) columns")
        }
    }

    /// The values of a row, counted from 0; nil for one that is marked as deleted.
    func row(_ row: Int) throws(AreaError) -> [PropertyValue]? {
        guard row < rowCount else {
            throw AreaError(
                .damaged, file: source.name, record: row + 1, "is missing: the .dbf file has \(rowCount) rows")
        }
        let offset = Int64(headerBytes) + Int64(row) * Int64(rowBytes)
        let bytes = try source.bytes(at: offset, count: rowBytes)
        guard bytes.count == rowBytes else {
            throw AreaError(.damaged, file: source.name, record: row + 1, "is cut short: the file ends within its row")
        }
        guard bytes[bytes.startIndex] != UInt8(ascii: "*") else { return nil }
        return fields.map { field in
            let start = bytes.startIndex + field.start
            return value(bytes[start..<start + field.length], of: field)
        }
    }

    private func value(_ bytes: ArraySlice<UInt8>, of field: Field) -> PropertyValue {
        switch field.type {
        case UInt8(ascii: "I"), UInt8(ascii: "+"):
            guard bytes.count == 4 else { return unreadable(field) }
            return .integer(Int(Int32(bitPattern: UInt32(truncatingIfNeeded: Self.number(bytes)))))
        case UInt8(ascii: "O"), UInt8(ascii: "B"):
            guard bytes.count == 8 else { return unreadable(field) }
            let number = Double(bitPattern: Self.number(bytes))
            return number.isFinite ? .number(number) : .null
        case UInt8(ascii: "Y"):
            guard bytes.count == 8 else { return unreadable(field) }
            return .number(Double(Int64(bitPattern: Self.number(bytes))) / 10_000)
        case UInt8(ascii: "T"), UInt8(ascii: "@"):
            guard bytes.count == 8 else { return unreadable(field) }
            return Self.instant(Self.number(bytes))
        case UInt8(ascii: "M"), UInt8(ascii: "G"), UInt8(ascii: "P"), UInt8(ascii: "0"):
            // Memos are in a file of their own that shapefiles do not have.
            return .null
        default: break
        }
        let trimmed = Self.trimmed(bytes)
        guard !trimmed.isEmpty else { return .null }
        switch field.type {
        case UInt8(ascii: "N"), UInt8(ascii: "F"):
            if trimmed.allSatisfy({ $0 == UInt8(ascii: "*") }) { return .null }
            let text = String(decoding: trimmed, as: UTF8.self)
            if field.decimals == 0, let number = Int(text) { return .integer(number) }
            guard let number = Double(text), number.isFinite else { return unreadable(field) }
            return .number(number)
        case UInt8(ascii: "L"):
            switch trimmed.first {
            case UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: "Y"), UInt8(ascii: "y"): return .truth(true)
            case UInt8(ascii: "F"), UInt8(ascii: "f"), UInt8(ascii: "N"), UInt8(ascii: "n"): return .truth(false)
            case UInt8(ascii: "?"): return .null
            default: return unreadable(field)
            }
        case UInt8(ascii: "D"):
            let text = String(decoding: trimmed, as: UTF8.self)
            if trimmed.allSatisfy({ $0 == UInt8(ascii: "0") }) { return .null }
            guard text.count == 8, let month = Int(text.dropFirst(4).prefix(2)), let day = Int(text.suffix(2)),
                Int(text.prefix(4)) != nil, (1...12).contains(month), (1...31).contains(day)
            else { return unreadable(field) }
            return .text("\(text.prefix(4))-\(text.dropFirst(4).prefix(2))-\(text.suffix(2))")
        default:
            let (text, isWhole) = codePage.text(trimmed)
            if !isWhole { damagedTexts += 1 }
            return .text(text)
        }
    }

    private func unreadable(_ field: Field) -> PropertyValue {
        unreadable[field.name, default: 0] += 1
        return .null
    }

    /// The bytes without spaces and zeros around them.
    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes.prefix { $0 != 0 }
        while bytes.last == 0x20 { bytes.removeLast() }
        while bytes.first == 0x20 { bytes.removeFirst() }
        return bytes
    }

    /// The bytes as one little-endian number.
    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// A day as its Julian number, and milliseconds of it, in ISO 8601 without a zone.
    private static func instant(_ bits: UInt64) -> PropertyValue {
        let day = Int64(UInt32(truncatingIfNeeded: bits))
        let milliseconds = Int64(bits >> 32)
        guard day > 0, day < 10_000_000, milliseconds < 86_400_000 else { return .null }
        // Julian day 2440588 began at noon of 1970-01-01; files count whole days from midnight.
        let seconds = Double((day - 2_440_588) * 86_400) + Double(milliseconds) / 1000
        let date = Date(timeIntervalSince1970: seconds.rounded())
        return .text(String(date.formatted(.iso8601).dropLast()))
    }
}
