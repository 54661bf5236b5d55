import Domain
import Foundation
import Testing

@testable import Server

/// The description of the API (`static/openapi.json`) has the figures of cells as the lists of figures have them.
@Suite struct FigureDescriptionTests {
    private struct Description: Decodable {
        let components: Components
    }

    private struct Components: Decodable {
        let schemas: [String: Schema]
    }

    private struct Schema: Decodable {
        let properties: [String: Property]?
    }

    private struct Property: Decodable {
        let type: String?
        let description: String?
        let reference: String?

        private enum CodingKeys: String, CodingKey {
            case type, description
            case reference = "$ref"
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            // Some properties of other schemas have several types.
            type =
                (try? values.decode(String.self, forKey: .type))
                ?? (try? values.decode([String].self, forKey: .type))?.joined(separator: " or ")
            description = try values.decodeIfPresent(String.self, forKey: .description)
            reference = try values.decodeIfPresent(String.self, forKey: .reference)
        }
    }

    private static func properties(_ schema: String) throws -> [String: Property] {
        let file = (0..<4).reduce(URL(filePath: #filePath)) { file, _ in file.deletingLastPathComponent() }
            .appending(path: "static/openapi.json")
        let description = try JSONDecoder().decode(Description.self, from: Data(contentsOf: file))
        return try #require(description.components.schemas[schema]?.properties)
    }

    private static func check<Row>(_ figures: [Figure<Row>], _ schema: String) throws {
        let properties = try properties(schema)
        #expect(Set(properties.keys) == Set(figures.map(\.name)))
        for figure in figures {
            let property = try #require(properties[figure.name])
            #expect(property.type ?? property.reference == figure.described, "\(figure.name)")
            // A schema that others share has its own description.
            if property.reference == nil { #expect(property.description == figure.summary) }
            if let description = property.description { #expect(description == figure.summary) }
        }
    }

    @Test(arguments: ["Risk", "RiskOfFeature"])
    func figuresOfACellAndDayAreDescribed(_ schema: String) throws { try Self.check(RiskRow.figures, schema) }

    @Test(arguments: ["Outlook", "OutlookOfFeature"])
    func figuresOfAnOutlookAreDescribed(_ schema: String) throws { try Self.check(OutlookRow.figures, schema) }

    @Test(arguments: ["Hotspot", "HotspotOfFeature"])
    func figuresOfATopCellAreDescribed(_ schema: String) throws { try Self.check(TopCell.figures, schema) }
}

extension Figure {
    /// The type in the description, or the schema it refers to.
    fileprivate var described: String? {
        switch value {
        case .cell: "#/components/schemas/Cell"
        case .day: "#/components/schemas/Day"
        case .level: "#/components/schemas/Level"
        case .integer: name == "resolution" ? "#/components/schemas/Resolution" : "integer"
        case .number: "number"
        case .truth: "boolean"
        case .text:
            switch name {
            case "class": "#/components/schemas/HotSpotClass"
            case "kind", "trend": "string"
            case "area": "string or null"
            default: nil
            }
        case .optionalInteger: "integer or null"
        case .optionalNumber: "number or null"
        }
    }
}
