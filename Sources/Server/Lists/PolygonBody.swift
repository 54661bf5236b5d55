import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Web

/// The body of a query by POST: GeoJSON (RFC 7946) whose geometries are Polygons and MultiPolygons, bare or as the
/// member `polygon` of an object. Features and collections of them are read as programs for maps write them.
struct PolygonBody: Decodable {
    static let longestBody = 1 << 20
    private static let mostPositions = 10_000
    private static let types: Set<String> = [
        "application/json", "application/geo+json", "application/vnd.geo+json",
    ]

    /// One geometry of the body.
    private struct Piece {
        /// The path of the geometry in the body, with a point at the end; empty for the body itself.
        let path: String
        /// The coordinates as the body has them.
        let polygons: [[[[Double]]]]
        let isMultiple: Bool
    }

    private let pieces: [Piece]

    private enum Keys: String, CodingKey {
        case polygon, type, coordinates, geometry, geometries, features, crs, properties, name
    }

    init(from decoder: any Decoder) throws {
        let body = try decoder.container(keyedBy: Keys.self)
        guard body.contains(.polygon) else {
            pieces = try Self.pieces(of: body)
            return
        }
        try Self.checkSystem(of: body)
        pieces = try Self.pieces(of: body.nestedContainer(keyedBy: Keys.self, forKey: .polygon))
    }

    private static func pieces(of object: KeyedDecodingContainer<Keys>) throws -> [Piece] {
        try checkSystem(of: object)
        let path = place(object.codingPath)
        switch try object.decode(String.self, forKey: .type) {
        case "Polygon":
            let rings = try object.decode([[[Double]]].self, forKey: .coordinates)
            return [Piece(path: path, polygons: [rings], isMultiple: false)]
        case "MultiPolygon":
            let polygons = try object.decode([[[[Double]]]].self, forKey: .coordinates)
            return [Piece(path: path, polygons: polygons, isMultiple: true)]
        case "Feature":
            guard try !object.decodeNil(forKey: .geometry) else { return [] }
            return try pieces(of: object.nestedContainer(keyedBy: Keys.self, forKey: .geometry))
        case "FeatureCollection": return try pieces(of: object.nestedUnkeyedContainer(forKey: .features))
        case "GeometryCollection": return try pieces(of: object.nestedUnkeyedContainer(forKey: .geometries))
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .type, in: object,
                debugDescription: "must be Polygon or MultiPolygon, or a Feature, FeatureCollection or "
                    + "GeometryCollection of them")
        }
    }

    private static func pieces(of list: any UnkeyedDecodingContainer) throws -> [Piece] {
        var list = list
        var pieces: [Piece] = []
        while !list.isAtEnd { pieces += try Self.pieces(of: list.nestedContainer(keyedBy: Keys.self)) }
        return pieces
    }

    /// Refuses another reference system than WGS 84 in the member `crs`, which GeoJSON had before RFC 7946.
    private static func checkSystem(of object: KeyedDecodingContainer<Keys>) throws {
        guard object.contains(.crs), try !object.decodeNil(forKey: .crs) else { return }
        let name = try? object.nestedContainer(keyedBy: Keys.self, forKey: .crs)
            .nestedContainer(keyedBy: Keys.self, forKey: .properties).decode(String.self, forKey: .name)
        guard let name, isDegrees(name) else {
            throw DecodingError.dataCorruptedError(
                forKey: .crs, in: object,
                debugDescription: "must be OGC:CRS84 or EPSG:4326 or left out: coordinates are longitude and latitude "
                    + "in degrees, so transform the area first")
        }
    }

    /// Whether a name means longitude and latitude on WGS 84; in GeoJSON the longitude always comes first.
    private static func isDegrees(_ name: String) -> Bool {
        let lower = name.lowercased()
        let code = lower.split { ":/".contains($0) }.last ?? ""
        guard ["crs84", "crs84h", "4326"].contains(code) else { return false }
        let authority = code == "4326" ? "epsg" : "ogc"
        return lower == code || lower == "\(authority):\(code)" || lower.hasPrefix("urn:ogc:def:crs:\(authority):")
            || lower.hasPrefix("http://www.opengis.net/def/crs/\(authority)/")
            || lower.hasPrefix("https://www.opengis.net/def/crs/\(authority)/")
    }

    /// Reads the drawn polygon from the body of a POST; `nil` when there is none or it is invalid, which is collected.
    /// - Parameter request: The request, whose body has been read.
    /// - Throws: ``Problem`` 415 for a body of another type.
    static func read(_ request: Request, _ parameters: inout QueryParameters) async throws -> DrawnPolygon? {
        guard request.method == .post else { return nil }
        guard types.contains(ParameterizedValue.mediaType(request.headers[.contentType])) else {
            throw Problem(
                status: .unsupportedMediaType, detail: "The body must be application/json or application/geo+json.")
        }
        let body = Data(try await request.body.collect(upTo: longestBody).readableBytesView)
        do {
            return try JSONDecoder().decode(PolygonBody.self, from: body).polygon(&parameters)
        } catch let error as DecodingError {
            let (field, message) = fault(error)
            parameters.reject(field, message)
            return nil
        }
    }

    private func polygon(_ parameters: inout QueryParameters) -> DrawnPolygon? {
        var count = 0
        var faults: [Problem.Field] = []
        func fault(_ place: String, _ message: String) {
            // The first fault is enough: a list with exchanged axes is wrong everywhere.
            if faults.isEmpty { faults.append(.init(field: place, message: message)) }
        }
        if pieces.isEmpty { fault("polygon", "must have a polygon") }
        let polygons = pieces.flatMap { piece in
            let coordinates = piece.path + "coordinates"
            if piece.polygons.isEmpty { fault(coordinates, "must have a polygon") }
            return piece.polygons.enumerated().map { number, rings in
                let place = coordinates + (piece.isMultiple ? "[\(number)]" : "")
                if rings.isEmpty { fault(place, "must have an outer ring") }
                return rings.enumerated().map { index, ring in
                    let place = "\(place)[\(index)]"
                    count += ring.count
                    if ring.count < 4 || ring.first != ring.last {
                        fault(place, "must have four positions or more, and end where it begins")
                    }
                    return ring.enumerated().map { index, position in
                        if !Self.isPosition(position) {
                            fault("\(place)[\(index)]", "must be longitude and latitude in degrees")
                        }
                        return DrawnPolygon.Position(
                            longitude: position.first ?? 0, latitude: position.dropFirst().first ?? 0)
                    }
                }
            }
        }
        if count > Self.mostPositions {
            let place = pieces.count == 1 ? pieces[0].path + "coordinates" : "polygon"
            fault(place, "has \(count) positions; at most \(Self.mostPositions) are allowed")
        }
        for fault in faults { parameters.reject(fault.field, fault.message) }
        return faults.isEmpty ? DrawnPolygon(polygons: polygons, mayOverlap: pieces.count > 1) : nil
    }

    /// Whether this is a position; an altitude is allowed and ignored.
    private static func isPosition(_ position: [Double]) -> Bool {
        (2...3).contains(position.count) && (-180...180).contains(position[0]) && (-90...90).contains(position[1])
    }

    /// The path of a member, such as `features[0].geometry`.
    private static func text(_ path: [any CodingKey]) -> String {
        path.reduce("") { text, key in
            key.intValue.map { "\(text)[\($0)]" } ?? (text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)")
        }
    }

    private static func place(_ path: [any CodingKey]) -> String { path.isEmpty ? "" : "\(text(path))." }

    private static func fault(_ error: DecodingError) -> (field: String, message: String) {
        func field(_ path: [any CodingKey]) -> String { path.isEmpty ? "polygon" : text(path) }
        switch error {
        case .keyNotFound(let key, let context): return (field(context.codingPath + [key]), "must be given")
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return (field(context.codingPath), "does not have the form of a GeoJSON Polygon or MultiPolygon")
        case .dataCorrupted(let context)
        where [Keys.type, .crs].map(\.stringValue).contains(context.codingPath.last?.stringValue ?? ""):
            return (field(context.codingPath), context.debugDescription)
        default: return ("polygon", "is not JSON")
        }
    }
}
