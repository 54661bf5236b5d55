import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Web

/// The body of a query by POST: a Polygon or MultiPolygon (RFC 7946), bare or as the member `polygon` of an object.
struct PolygonBody: Decodable {
    static let longestBody = 1 << 20
    private static let mostPositions = 10_000

    /// The coordinates as the body has them.
    private let polygons: [[[[Double]]]]
    private let isMultiple: Bool
    /// The path of the geometry in the body.
    private let path: String

    private enum Keys: String, CodingKey {
        case polygon, type, coordinates
    }

    init(from decoder: any Decoder) throws {
        let body = try decoder.container(keyedBy: Keys.self)
        path = body.contains(.polygon) ? "polygon." : ""
        let geometry = try body.contains(.polygon) ? body.nestedContainer(keyedBy: Keys.self, forKey: .polygon) : body
        switch try geometry.decode(String.self, forKey: .type) {
        case "Polygon":
            isMultiple = false
            polygons = [try geometry.decode([[[Double]]].self, forKey: .coordinates)]
        case "MultiPolygon":
            isMultiple = true
            polygons = try geometry.decode([[[[Double]]]].self, forKey: .coordinates)
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .type, in: geometry, debugDescription: "must be Polygon or MultiPolygon")
        }
    }

    /// Reads the drawn polygon from the body of a POST; `nil` when there is none or it is invalid, which is collected.
    /// - Parameter request: The request, whose body has been read.
    /// - Throws: ``Problem`` 415 for a body of another type.
    static func read(_ request: Request, _ parameters: inout QueryParameters) async throws -> DrawnPolygon? {
        guard request.method == .post else { return nil }
        let type = (request.headers[.contentType] ?? "").prefix { $0 != ";" }.lowercased()
        guard ["application/json", "application/geo+json"].contains(type) else {
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
            if faults.isEmpty { faults.append(.init(field: path + "coordinates" + place, message: message)) }
        }
        if polygons.isEmpty { fault("", "must have a polygon") }
        let checked = polygons.enumerated().map { number, rings in
            let place = isMultiple ? "[\(number)]" : ""
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
        if count > Self.mostPositions { fault("", "has \(count) positions; at most \(Self.mostPositions) are allowed") }
        for fault in faults { parameters.reject(fault.field, fault.message) }
        return faults.isEmpty ? DrawnPolygon(polygons: checked) : nil
    }

    /// Whether this is a position; an altitude is allowed and ignored.
    private static func isPosition(_ position: [Double]) -> Bool {
        (2...3).contains(position.count) && (-180...180).contains(position[0]) && (-90...90).contains(position[1])
    }

    private static func fault(_ error: DecodingError) -> (field: String, message: String) {
        func field(_ path: [any CodingKey]) -> String {
            let text = path.reduce("") { text, key in
                key.intValue.map { "\(text)[\($0)]" } ?? (text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)")
            }
            return text.isEmpty ? "polygon" : text
        }
        switch error {
        case .keyNotFound(let key, let context): return (field(context.codingPath + [key]), "must be given")
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return (field(context.codingPath), "does not have the form of a GeoJSON Polygon or MultiPolygon")
        case .dataCorrupted(let context) where context.codingPath.last?.stringValue == Keys.type.stringValue:
            return (field(context.codingPath), context.debugDescription)
        default: return ("polygon", "is not JSON")
        }
    }
}
