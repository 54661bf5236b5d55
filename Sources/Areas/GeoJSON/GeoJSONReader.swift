import Formats

/// Reads GeoJSON (RFC 7946, and the `crs` member of the specification of 2008): a FeatureCollection, a feature or
/// geometry, or a sequence of these (RFC 8142, or one a line).
final class GeoJSONReader: LayerReader {
    let file: String
    let reference: String?
    let columns: [String]? = nil
    private let source: SourceBytes
    private let json: JSONStream
    private let limits: AreaLimits
    /// Whether the file or its reader states the reference system, so that it need not be degrees.
    private let states: Bool
    private var number = 0
    private var withoutShape = 0
    private var place = Place.top

    private enum Place {
        /// Before or between the values of the file.
        case top
        /// Within the features of a collection.
        case features(isFirst: Bool)
    }

    init(_ source: SourceBytes, isReferenceStated: Bool, limits: AreaLimits) throws(AreaError) {
        self.source = source
        self.limits = limits
        file = source.name
        json = JSONStream(source, limits: limits)
        do throws(Fault) {
            try json.skipByteOrderMark()
            guard try json.peekToken() == UInt8(ascii: "{") else {
                throw Fault("is not GeoJSON in UTF-8: it does not begin with an object", .file)
            }
            // Damage is reported later, with the number of its record.
            let crs = (try? LegacyReference.find(JSONStream(source, limits: limits))) ?? nil
            states = crs != nil || isReferenceStated
            if isReferenceStated {
                reference = nil
            } else if let crs {
                reference = try crs.definition()
            } else {
                reference = "OGC:CRS84"
            }
        } catch {
            throw error.at(source.name)
        }
    }

    var share: Double { Double(json.offset) / Double(max(1, source.byteCount)) }

    var notes: [String] {
        withoutShape > 0 ? ["\(withoutShape) record\(withoutShape == 1 ? "" : "s") without a geometry."] : []
    }

    func next() throws(AreaError) -> AreaRecord? {
        let record = number + 1
        do throws(Fault) {
            guard let feature = try nextFeature() else { return nil }
            number += 1
            guard number <= limits.mostRecords else {
                throw Fault("is beyond the limit of \(limits.mostRecords) records", .limit)
            }
            let geometry = try feature.shape()
            if geometry == nil { withoutShape += 1 }
            if !states, let geometry { try checkDegrees(geometry) }
            return AreaRecord(number: number, id: feature.id, geometry: geometry, properties: feature.properties)
        } catch {
            throw error.at(file, record: record)
        }
    }

    /// Refuses coordinates of a plane in a file that does not say so.
    private func checkDegrees(_ geometry: Geometry) throws(Fault) {
        let box = geometry.box
        guard box.minX < -540 || box.maxX > 540 || box.minY < -90 || box.maxY > 90 else { return }
        let x = abs(box.minX) > abs(box.maxX) ? box.minX : box.maxX
        let y = abs(box.minY) > abs(box.maxY) ? box.minY : box.maxY
        throw Fault(
            "has coordinates up to (\(x), \(y)), which are no degrees, and the file has no crs member; "
                + "state their reference system with --crs", .reference)
    }

    private func nextFeature() throws(Fault) -> GeoJSONObject? {
        while true {
            switch place {
            case .top:
                guard try json.peekToken() != nil else { return nil }
                var object = GeoJSONObject(limits)
                if try object.read(json, depth: 1, stopsAtFeatures: true) {
                    place = .features(isFirst: true)
                } else {
                    guard object.isWanted else {
                        throw Fault("is neither a FeatureCollection with features nor a Feature nor a geometry", .file)
                    }
                    return object
                }
            case .features(let isFirst):
                if try json.take(UInt8(ascii: "]")) {
                    try finishCollection()
                    place = .top
                    continue
                }
                if !isFirst { try json.expect(UInt8(ascii: ",")) }
                place = .features(isFirst: false)
                var object = GeoJSONObject(limits)
                _ = try object.read(json, depth: 2, stopsAtFeatures: false)
                guard object.type == "Feature" else {
                    throw Fault("is a \(object.type ?? "object without type") among features")
                }
                return object
            }
        }
    }

    /// Takes what follows the features of a collection.
    private func finishCollection() throws(Fault) {
        while try json.take(UInt8(ascii: ",")) {
            _ = try json.string()
            try json.expect(UInt8(ascii: ":"))
            try json.skip(depth: 2)
        }
        try json.expect(UInt8(ascii: "}"))
    }
}

/// The `crs` member of a GeoJSON file.
private struct LegacyReference {
    private var type: String?
    private var name: String?
    private var code: Int?
    private var isNull = false

    /// The member of the file's outermost object, wherever it stands; nil when there is none.
    static func find(_ json: JSONStream) throws(Fault) -> LegacyReference? {
        try json.skipByteOrderMark()
        try json.expect(UInt8(ascii: "{"))
        if try json.take(UInt8(ascii: "}")) { return nil }
        repeat {
            let name = try json.string()
            try json.expect(UInt8(ascii: ":"))
            if name == "crs" { return try read(json) }
            try json.skip(depth: 2)
        } while try json.take(UInt8(ascii: ","))
        return nil
    }

    private static func read(_ json: JSONStream) throws(Fault) -> LegacyReference {
        var crs = LegacyReference()
        guard try json.peekToken() == UInt8(ascii: "{") else {
            try json.word("null")
            crs.isNull = true
            return crs
        }
        try json.members(depth: 2) { (member) throws(Fault) in
            switch member {
            case "type": crs.type = try json.string()
            case "properties":
                try json.members(depth: 3) { (member) throws(Fault) in
                    switch try json.peekToken() {
                    case UInt8(ascii: "\"") where member == "name": crs.name = try json.string()
                    case let byte? where member == "code" && (0x30...0x39).contains(byte):
                        crs.code = Int(exactly: try json.number())
                    default: try json.skip(depth: 4)
                    }
                }
            default: try json.skip(depth: 3)
            }
        }
        return crs
    }

    func definition() throws(Fault) -> String {
        if let name { return name }
        if type == "EPSG", let code { return "EPSG:\(code)" }
        throw Fault(
            isNull
                ? "says that its reference system is not known (crs: null); state it with --crs"
                : "has a crs member that names no reference system; state it with --crs", .reference)
    }
}
