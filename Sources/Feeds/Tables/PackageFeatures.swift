import Areas
import Formats
import Foundation

/// The features of a layer of a GeoPackage as GeoJSON, one a line, so that they are read like those of a GeoJSON file:
/// columns by their names, the point in degrees of WGS 84 as `geometry.coordinates.0` and `.1`, the key as `id`.
///
/// No more than some features are in memory.
final class PackageFeatures: ByteStream {
    /// Remark on the choice of the layer; nil where there was none.
    let finding: String?

    private let file: EventFile
    private let layer: any LayerReader
    private let projection: Projection
    /// Whether the points are in degrees of WGS 84 already.
    private let isDegrees: Bool
    private let bound: TextBound
    private var isAtEnd = false

    /// - Throws: `FeedError` for a GeoPackage that cannot be read, has no such layer, or does not say in which
    ///   reference system its points are.
    init(_ file: EventFile) throws(FeedError) {
        self.file = file
        bound = TextBound(file)
        do throws(AreaError) {
            let package = try AreaFile(path: file.location)
            let points = try AreaFile.pointLayers(ofPackage: file.location, name: file.path)
            let name: String
            (name, finding) = try Self.choice(file.layer, of: package.layers, points)
            layer = try package.open(layer: name)
        } catch {
            throw FeedError(.header, file: file.path, error.problem)
        }
        guard let reference = layer.reference else {
            throw FeedError(
                .header, file: file.path,
                "does not say in which reference system the points of its layer are; write it again with it, for "
                    + "example: ogr2ogr -a_srs EPSG:2193 events.gpkg FILE")
        }
        isDegrees = ["EPSG:4326", "OGC:CRS84"].contains(reference)
        do {
            projection = try Projection(reference)
        } catch {
            throw FeedError(.header, file: file.path, error.problem)
        }
    }

    /// The share of the file that was read, in bytes.
    var bytesRead: Int64 { isAtEnd ? file.byteCount : Int64(Double(file.byteCount) * layer.share) }

    private static func choice(
        _ wanted: String?, of layers: [String], _ points: [String]
    ) throws(AreaError) -> (name: String, finding: String?) {
        let list = layers.prefix(20).map { "\"\($0)\"" }.joined(separator: ", ")
        if let wanted {
            guard let found = layers.first(where: { $0 == wanted }) else {
                throw AreaError(.layer, file: "", "has no layer \"\(wanted)\"; its layers are: \(list)")
            }
            return (found, nil)
        }
        if layers.count == 1 { return (layers[0], nil) }
        guard points.count == 1 else {
            throw AreaError(
                .layer, file: "",
                "has \(points.count) layers of points; choose one with layer: in the mapping or --layer: \(list)")
        }
        return (points[0], "The layer \"\(points[0])\" was read, the only one with points of: \(list).")
    }

    func next() throws(FeedError) -> [UInt8]? {
        var text: [UInt8] = []
        while text.count < pieceBytes, !isAtEnd {
            let record: AreaRecord?
            do {
                record = try layer.next()
            } catch {
                let place = error.record.map { "feature \($0) " } ?? ""
                throw FeedError(.encoding, file: file.path, "\(place)\(error.problem)")
            }
            guard let record else {
                isAtEnd = true
                break
            }
            append(record, to: &text)
        }
        guard !text.isEmpty else { return nil }
        try bound.add(text.count)
        return text
    }

    private func append(_ record: AreaRecord, to text: inout [UInt8]) {
        text += Array("{\"type\":\"Feature\",\"id\":".utf8)
        Self.append(record.id, to: &text)
        text += Array(",\"geometry\":".utf8)
        append(record.geometry, to: &text)
        text += Array(",\"properties\":{".utf8)
        for (index, property) in record.properties.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            text += JSONText.string(property.name)
            text.append(UInt8(ascii: ":"))
            Self.append(property.value, to: &text)
        }
        text += Array("}}\n".utf8)
    }

    /// Appends a geometry. Of those that are no points, the type says why the feature becomes no event.
    private func append(_ geometry: Geometry?, to text: inout [UInt8]) {
        switch geometry {
        case nil: text += Array("null".utf8)
        case .point(let position): appendPoint(position, to: &text)
        case .points(let positions) where positions.count == 1: appendPoint(positions[0], to: &text)
        case .points(let positions):
            let points = positions.map { _ in "[]" }.joined(separator: ",")
            text += Array("{\"type\":\"MultiPoint\",\"coordinates\":[\(points)]}".utf8)
        case .line: text += Array("{\"type\":\"LineString\"}".utf8)
        case .lines: text += Array("{\"type\":\"MultiLineString\"}".utf8)
        case .polygon: text += Array("{\"type\":\"Polygon\"}".utf8)
        case .polygons: text += Array("{\"type\":\"MultiPolygon\"}".utf8)
        case .collection: text += Array("{\"type\":\"GeometryCollection\"}".utf8)
        }
    }

    private func appendPoint(_ position: Position, to text: inout [UInt8]) {
        text += Array("{\"type\":\"Point\",\"coordinates\":[".utf8)
        // Sources write (0, 0) for an unknown place; the mapping says whether it is one.
        if isDegrees || position.x == 0 && position.y == 0 {
            text += Array("\(position.x),\(position.y)".utf8)
        } else if let degrees = projection.degrees(x: position.x, y: position.y) {
            text += Array("\(degrees.longitude),\(degrees.latitude)".utf8)
        } else {
            let place = "(\(position.x), \(position.y)) is outside \(projection.name)"
            text += JSONText.string(String(place.prefix(200)))
        }
        text += Array("]}".utf8)
    }

    private static func append(_ value: PropertyValue, to text: inout [UInt8]) {
        switch value {
        case .text(let value): text += JSONText.string(value)
        case .integer(let value): text += Array(String(value).utf8)
        case .number(let value): text += Array((value.isFinite ? "\(value)" : "null").utf8)
        case .truth(let value): text += Array((value ? "true" : "false").utf8)
        case .json(let value): text += Array(value.utf8)
        case .null: text += Array("null".utf8)
        }
    }
}
