import Formats

/// Reads the placemarks of a KML file (OGC 12-007r2). Coordinates are longitudes and latitudes of WGS 84.
final class KMLReader: LayerReader {
    let file: String
    let reference: String? = "OGC:CRS84"
    let columns: [String]? = nil
    private let source: SourceBytes
    private let stream: XMLStream
    private let placemarks: Placemarks
    private let limits: AreaLimits
    private var offset: Int64 = 0
    private var isAtEnd = false
    private var number = 0
    private var withoutShape = 0
    private static let pieceBytes: Int64 = 1 << 16

    init(_ source: SourceBytes, limits: AreaLimits) throws(AreaError) {
        self.source = source
        self.limits = limits
        file = source.name
        placemarks = Placemarks(limits)
        do {
            stream = try XMLStream(
                placemarks, mostNesting: limits.mostNesting, mostTokenBytes: limits.mostTextBytes)
        } catch {
            throw error.at(source.name)
        }
    }

    var share: Double { Double(offset) / Double(max(1, source.byteCount)) }

    var notes: [String] {
        (withoutShape > 0 ? ["\(withoutShape) record\(withoutShape == 1 ? "" : "s") without a geometry."] : [])
            + (placemarks.links > 0 ? ["\(placemarks.links) links to other files (NetworkLink): not followed."] : [])
    }

    func next() throws(AreaError) -> AreaRecord? {
        while placemarks.waiting.isEmpty {
            guard !isAtEnd else {
                guard placemarks.isKML else {
                    throw AreaError(.file, file: file, "is XML, but its outermost element is not kml")
                }
                return nil
            }
            let bytes = try source.bytes(at: offset, count: Int(min(Self.pieceBytes, source.byteCount - offset)))
            offset += Int64(bytes.count)
            isAtEnd = offset >= source.byteCount || bytes.isEmpty
            do {
                try stream.read(bytes, isLast: isAtEnd)
            } catch {
                throw error.at(file, record: number + placemarks.waiting.count + 1)
            }
        }
        let placemark = placemarks.waiting.removeFirst()
        number += 1
        guard number <= limits.mostRecords else {
            throw AreaError(.limit, file: file, record: number, "is beyond the limit of \(limits.mostRecords) records")
        }
        if placemark.geometry == nil { withoutShape += 1 }
        return AreaRecord(
            number: number, id: placemark.id, geometry: placemark.geometry, properties: placemark.properties)
    }
}

/// Collects placemarks as the elements of a document come.
private final class Placemarks: XMLDelegate {
    struct Placemark {
        var id = PropertyValue.null
        var geometry: Geometry?
        var properties: [AreaRecord.Property] = []
    }

    private(set) var isKML = false
    private(set) var links = 0
    var waiting: [Placemark] = []
    private let limits: AreaLimits
    private var allowance: RecordAllowance
    private var path: [String] = []
    private var placemark: Placemark?
    private var names: Set<String> = []
    /// The text of the current element; nil where it is of no interest.
    private var text: [UInt8]?
    private var coordinates: CoordinateText?
    /// The name of the datum whose value is read.
    private var datum: String?
    /// The types of the fields that schemas declare, by their names.
    private var fieldTypes: [String: String] = [:]
    private var shell: [Position]?
    private var holes: [[Position]] = []
    /// The members of each MultiGeometry that is open.
    private var members: [[Geometry]] = []

    init(_ limits: AreaLimits) {
        self.limits = limits
        allowance = RecordAllowance(limits)
    }

    func begin(_ name: String, _ attributes: [(name: String, value: String)]) throws(Fault) {
        let parent = path.last
        path.append(name)
        func attribute(_ name: String) -> String? { attributes.first { $0.name == name }?.value }
        if path.count == 1 { isKML = name == "kml" || name == "Document" || name == "Placemark" }
        switch name {
        case "Placemark":
            guard placemark == nil else { throw Fault("has a Placemark within another one") }
            placemark = Placemark()
            names = []
            allowance = RecordAllowance(limits)
            if let id = attribute("id"), !id.isEmpty { placemark?.id = .text(id) }
        case "NetworkLink": links += 1
        case "SimpleField":
            if let name = attribute("name"), let type = attribute("type"), fieldTypes.count < limits.mostColumns {
                fieldTypes[name] = type
            }
        default: break
        }
        guard placemark != nil else { return }
        switch name {
        case "name", "description", "address", "phoneNumber": text = parent == "Placemark" ? [] : nil
        case "value": text = parent == "Data" ? [] : nil
        case "Data": datum = attribute("name")
        case "SimpleData":
            datum = attribute("name")
            text = []
        case "coordinates": coordinates = CoordinateText()
        case "Polygon":
            shell = nil
            holes = []
        case "MultiGeometry": members.append([])
        case "Track", "MultiTrack", "Model": throw Fault("has a \(name), which is not a geometry of an area", .file)
        default: break
        }
    }

    func text(_ utf8: UnsafeRawBufferPointer) throws(Fault) {
        if coordinates != nil {
            try coordinates?.read(utf8, &allowance)
        } else if let count = text?.count {
            guard count + utf8.count <= limits.mostTextBytes else {
                throw Fault("has a text of more than \(limits.mostTextBytes) bytes", .limit)
            }
            text?.append(contentsOf: utf8)
        }
    }

    func end(_ name: String) throws(Fault) {
        path.removeLast()
        guard placemark != nil else { return }
        switch name {
        case "name", "description", "address", "phoneNumber":
            if path.last == "Placemark", let text { try add(name, .text(trimmed(text))) }
            text = nil
        case "value":
            if path.last == "Data", let text, let datum { try add(datum, .text(trimmed(text))) }
            text = nil
        case "SimpleData":
            if let text, let datum { try add(datum, typed(trimmed(text), fieldTypes[datum])) }
            text = nil
        case "coordinates":
            try coordinates?.finish(&allowance)
        case "LinearRing": try endRing()
        case "Point":
            if let position = takeCoordinates().first { add(.point(position)) }
        case "LineString":
            let line = takeCoordinates()
            if line.count > 1 { add(.line(line)) }
        case "Polygon":
            guard let shell else { break }
            add(.polygon(Polygon(shell, holes: holes)))
            self.shell = nil
        case "MultiGeometry":
            let parts = members.removeLast()
            if let geometry = joined(parts) { add(geometry) }
        case "Placemark":
            if let placemark { waiting.append(placemark) }
            placemark = nil
            members = []
        default: break
        }
    }

    private func takeCoordinates() -> [Position] {
        defer { coordinates = nil }
        return coordinates?.positions ?? []
    }

    private func endRing() throws(Fault) {
        let ring = Ring.closed(takeCoordinates())
        try allowance.add(parts: 1)
        switch path.last {
        case "outerBoundaryIs":
            guard ring.count >= 4 else { throw Fault("has a polygon whose outer ring has fewer than four positions") }
            shell = ring
        case "innerBoundaryIs": holes.append(ring)
        default: if ring.count > 1 { add(.line(ring)) }
        }
    }

    private func add(_ geometry: Geometry) {
        if !members.isEmpty {
            members[members.count - 1].append(geometry)
        } else if placemark?.geometry == nil {
            placemark?.geometry = geometry
        }
    }

    /// The geometry of several: of one type where all are.
    private func joined(_ parts: [Geometry]) -> Geometry? {
        guard !parts.isEmpty else { return nil }
        let polygons = parts.compactMap { if case .polygon(let polygon) = $0 { polygon } else { nil } }
        if polygons.count == parts.count { return .polygons(polygons) }
        let lines = parts.compactMap { if case .line(let line) = $0 { line } else { nil } }
        if lines.count == parts.count { return .lines(lines) }
        let points = parts.compactMap { if case .point(let point) = $0 { point } else { nil } }
        return points.count == parts.count ? .points(points) : .collection(parts)
    }

    private func add(_ name: String, _ value: PropertyValue) throws(Fault) {
        guard names.insert(name).inserted else { return }
        guard names.count <= limits.mostColumns else {
            throw Fault("has more than \(limits.mostColumns) properties", .limit)
        }
        placemark?.properties.append(AreaRecord.Property(name, value))
    }

    private func trimmed(_ text: [UInt8]) -> String {
        let isBlank = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
        let start = text.firstIndex { !isBlank($0) } ?? text.endIndex
        let end = text.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start
        return String(decoding: text[start..<end], as: UTF8.self)
    }

    /// The value of a field whose schema says its type; the text where it is none of that type.
    private func typed(_ text: String, _ type: String?) -> PropertyValue {
        guard !text.isEmpty else { return type == nil || type == "string" ? .text(text) : .null }
        return switch type {
        case "int", "uint", "short", "ushort": Int(text).map(PropertyValue.integer) ?? .text(text)
        case "float", "double":
            NumberText.double(Array(text.utf8)).map(PropertyValue.number) ?? .text(text)
        case "bool":
            ["1", "true"].contains(text) ? .truth(true) : ["0", "false"].contains(text) ? .truth(false) : .text(text)
        default: .text(text)
        }
    }
}

/// Reads the text of a coordinates element, which comes in pieces: longitude, latitude and perhaps height with commas
/// between, and blanks between positions.
private struct CoordinateText {
    private(set) var positions: [Position] = []
    /// The bytes of the position at which the last piece ended.
    private var rest: [UInt8] = []

    mutating func read(_ text: UnsafeRawBufferPointer, _ allowance: inout RecordAllowance) throws(Fault) {
        for byte in text {
            if byte == 0x20 || (0x09...0x0D).contains(byte) {
                try finish(&allowance)
            } else {
                guard rest.count < 200 else { throw Fault("has a position of more than 200 characters") }
                rest.append(byte)
            }
        }
    }

    /// Takes the position whose bytes are in `rest`.
    mutating func finish(_ allowance: inout RecordAllowance) throws(Fault) {
        guard !rest.isEmpty else { return }
        defer { rest.removeAll(keepingCapacity: true) }
        let numbers = rest.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard numbers.count == 2 || numbers.count == 3, let x = NumberText.double(numbers[0]),
            let y = NumberText.double(numbers[1])
        else {
            throw Fault(
                "has the position \"\(String(decoding: rest.prefix(40), as: UTF8.self))\", which is not "
                    + "longitude,latitude")
        }
        try allowance.add(vertices: 1)
        positions.append(Position(x, y))
    }
}
