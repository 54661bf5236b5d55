import Formats
import Foundation

/// Reads a shapefile (ESRI, "Shapefile Technical Description", 1998): the shapes of a .shp file with the rows of its
/// .dbf file.
///
/// The .shx file says where each shape is. Without one, the shapes are read in the order in which they stand.
final class ShapefileReader: LayerReader {
    let file: String
    let reference: String?
    let columns: [String]?
    private let shapes: SourceBytes
    private let index: SourceBytes?
    private let table: DBaseTable?
    private let limits: AreaLimits
    /// How many shapes the .shx file lists; nil without one.
    private let listed: Int?
    private var offset: Int64 = 100
    private var number = 0
    private var deleted = 0
    private var nulls = 0
    private var turned = 0
    private var emptyRings = 0
    private let remarks: [String]

    /// - Parameter parts: The files by their endings: at least `shp`.
    init(_ parts: [String: SourceBytes], limits: AreaLimits) throws(AreaError) {
        guard let shapes = parts["shp"] else { preconditionFailure("a shapefile without a .shp file was chosen") }
        self.shapes = shapes
        self.limits = limits
        file = shapes.name
        let header = Array(try shapes.bytes(at: 0, count: 100))
        guard header.count == 100, header.starts(with: [0, 0, 0x27, 0x0A]) else {
            throw AreaError(.damaged, file: file, "is not a shapefile: it does not begin with the number 9994")
        }
        guard header[32] != 31 else {
            throw AreaError(.file, file: file, "has multipatches, which are surfaces in space and not areas")
        }
        index = parts["shx"]
        if let index {
            listed = Int(max(0, index.byteCount - 100) / 8)
        } else {
            listed = nil
        }
        var remarks: [String] = []
        var stated: CodePage?
        if let cpg = parts["cpg"] {
            let text = String(decoding: try cpg.bytes(at: 0, count: 64), as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            stated = CodePage(named: text)
            if stated == nil {
                throw AreaError(
                    .file, file: cpg.name,
                    "names the encoding \"\(text)\", which is not supported; convert the .dbf file to UTF-8")
            }
        }
        if let dbf = parts["dbf"] {
            table = try DBaseTable(dbf, stated: stated, limits: limits)
        } else {
            table = nil
            remarks.append("There is no .dbf file, so the records have no properties.")
        }
        columns = table?.fields.map(\.name) ?? []
        if let prj = parts["prj"] {
            let text = String(decoding: try prj.bytes(at: 0, count: 1 << 16), as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines.union(["\u{FEFF}"]))
            reference = text.isEmpty ? nil : text
        } else {
            reference = nil
        }
        self.remarks = remarks
    }

    var share: Double {
        let bytes = Double(offset) / Double(max(1, shapes.byteCount))
        return min(1, listed.map { $0 == 0 ? 1 : Double(number) / Double($0) } ?? bytes)
    }

    var notes: [String] {
        var notes = remarks
        func note(_ count: Int, _ text: (String) -> String) {
            if count > 0 { notes.append(text("\(count) record\(count == 1 ? "" : "s")")) }
        }
        note(deleted) { "\($0) marked as deleted in the .dbf file: left out." }
        note(nulls) { "\($0) without a shape." }
        note(turned) { "\($0) with rings in the wrong direction: put right by what lies within what." }
        if emptyRings > 0 {
            notes.append("\(emptyRings) ring\(emptyRings == 1 ? "" : "s") without any area: left out.")
        }
        guard let table else { return notes }
        for (name, count) in table.unreadable.sorted(by: { $0.key < $1.key }) {
            notes.append("\(count) values of \(name) are not what its type says: left out.")
        }
        if table.damagedTexts > 0 {
            notes.append("\(table.damagedTexts) texts have bytes that are not characters of \(table.codePage.name).")
        }
        return notes
    }

    func next() throws(AreaError) -> AreaRecord? {
        while let content = try nextContent() {
            var values: [PropertyValue] = []
            if let table {
                guard let row = try table.row(number - 1) else {
                    deleted += 1
                    continue
                }
                values = row
            }
            let geometry: Geometry?
            do {
                geometry = try shape(content)
            } catch let fault {
                throw fault.at(file, record: number)
            }
            if geometry == nil { nulls += 1 }
            return AreaRecord(
                number: number, geometry: geometry,
                properties: zip(columns ?? [], values).map { AreaRecord.Property($0, $1) })
        }
        return nil
    }

    /// The bytes of the next shape; nil at the end.
    private func nextContent() throws(AreaError) -> ArraySlice<UInt8>? {
        if let listed, let index {
            guard number < listed else { return nil }
            let entry = Array(try index.bytes(at: 100 + 8 * Int64(number), count: 8))
            guard entry.count == 8 else { return nil }
            offset = 2 * entry[..<4].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        } else {
            guard offset + 8 <= shapes.byteCount else { return nil }
        }
        number += 1
        guard number <= limits.mostRecords else {
            throw AreaError(.limit, file: file, record: number, "is beyond the limit of \(limits.mostRecords) records")
        }
        let header = Array(try shapes.bytes(at: offset, count: 8))
        guard header.count == 8 else {
            throw AreaError(
                .damaged, file: file, record: number,
                "should be at byte \(offset), where the file has ended; if only the .shx file is at fault, delete it")
        }
        let length = 2 * header[4...].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        guard length >= 4, length <= shapes.byteCount - offset - 8 else {
            throw AreaError(
                .damaged, file: file, record: number,
                "says that it has \(length) bytes, but the file has \(shapes.byteCount - offset - 8) more")
        }
        guard length <= limits.mostRecordBytes else {
            throw AreaError(.limit, file: file, record: number, "has more than \(limits.mostRecordBytes) bytes")
        }
        let content = try shapes.bytes(at: offset + 8, count: Int(length))
        offset += 8 + length
        return content
    }

    private func shape(_ content: ArraySlice<UInt8>) throws(Fault) -> Geometry? {
        var cursor = ByteCursor(content)
        var allowance = RecordAllowance(limits)
        let type = try cursor.int32()
        switch type {
        case 0: return nil
        case 1, 11, 21:
            return .point(try cursor.positions(1)[0])
        case 8, 18, 28:
            try cursor.skip(32)
            let count = Int(try cursor.int32())
            try allowance.add(vertices: count)
            let positions = try cursor.positions(count)
            return positions.isEmpty ? nil : .points(positions)
        case 3, 13, 23, 5, 15, 25:
            let parts = try parts(&cursor, &allowance)
            if type % 10 == 3 {
                let lines = parts.filter { $0.count > 1 }
                return lines.isEmpty ? nil : lines.count == 1 ? .line(lines[0]) : .lines(lines)
            }
            let assembly = PolygonAssembly(parts, outerIsClockwise: true)
            if assembly.wrongDirections > 0 { turned += 1 }
            emptyRings += assembly.emptyRings
            let polygons = assembly.polygons
            return polygons.isEmpty ? nil : polygons.count == 1 ? .polygon(polygons[0]) : .polygons(polygons)
        default: throw Fault("has the shape type \(type), which is not supported")
        }
    }

    /// The parts of a line or polygon. Heights and measures, which follow, are not read.
    private func parts(_ cursor: inout ByteCursor, _ allowance: inout RecordAllowance) throws(Fault) -> [[Position]] {
        try cursor.skip(32)
        let partCount = Int(try cursor.int32())
        let count = Int(try cursor.int32())
        try allowance.add(parts: partCount)
        try allowance.add(vertices: count)
        var starts: [Int] = []
        for _ in 0..<partCount { starts.append(Int(try cursor.int32())) }
        let positions = try cursor.positions(count)
        starts.append(count)
        guard zip(starts, starts.dropFirst()).allSatisfy({ 0 <= $0 && $0 <= $1 }) else {
            throw Fault("has parts that do not begin within its \(count) vertices")
        }
        return zip(starts, starts.dropFirst()).map { Array(positions[$0..<$1]) }
    }
}
