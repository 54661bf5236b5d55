import Domain
import HTTPTypes
import Hummingbird
import NIOCore
import Web

/// Answers `/v1/styles/risk.qml` and `/v1/styles/hotspots.qml`: a style of QGIS for a layer of cells, such as a
/// collection of the OGC API or a file made from a list.
struct LayerStyleRoute {
    /// The features that a style is for.
    enum Features {
        case risk
        case hotspots

        /// The property with the score that a cell is drawn by.
        fileprivate var score: String { self == .risk ? "risk_score" : "max_score" }

        /// The condition of QGIS on cells with unusually many events.
        fileprivate var anomaly: String { self == .risk ? #""unusual" = true"# : #""days_flagged" > 0"# }
    }

    let catalogue: DatasetCatalogue
    let features: Features

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: ["dataset"])
        let slug = parameters.dataset()
        try parameters.check()
        let status = try await catalogue.dataset(slug, for: context).needEvents()

        var rules: [Rule] = LevelStyle.all(status.dataset.thresholds).map { style in
            let ends = [
                style.above.map { "\"\(features.score)\" > \(LevelStyle.text($0))" },
                style.upTo.map { "\"\(features.score)\" <= \(LevelStyle.text($0))" },
            ]
            let (red, green, blue) = style.colour
            return Rule(
                condition: ends.compactMap(\.self).joined(separator: " AND "), label: style.label, alpha: 0.8,
                properties: [
                    ("style", "solid"), ("color", "\(red),\(green),\(blue),255"), ("outline_style", "solid"),
                    ("outline_color", "247,248,246,255"), ("outline_width", "0.1"), ("outline_width_unit", "MM"),
                ])
        }
        rules.append(
            Rule(
                condition: features.anomaly, label: "Unusually many events", alpha: 1,
                properties: [
                    ("style", "no"), ("outline_style", "solid"), ("outline_color", "22,34,44,255"),
                    ("outline_width", "0.5"), ("outline_width_unit", "MM"),
                ]))
        return Self.document(rules).response(to: request, mediaType: "application/xml", vary: "Accept-Encoding")
    }

    /// The features that are drawn in one way.
    private struct Rule {
        /// A condition in the language of QGIS.
        let condition: String
        let label: String
        let alpha: Double
        /// The properties of QGIS' simple fill, which every version of QGIS 3 reads.
        let properties: [(name: String, value: String)]
    }

    private static func document(_ rules: [Rule]) -> ByteBuffer {
        var xml = ByteBuffer()
        func tag(_ indent: Int, _ name: String, _ attributes: [(String, String)], isEmpty: Bool = false) {
            xml.writeString(String(repeating: " ", count: indent) + "<\(name)")
            for (name, value) in attributes {
                xml.writeString(" \(name)=\"")
                xml.writeHTML(value)
                xml.writeString("\"")
            }
            xml.writeString(isEmpty ? "/>\n" : ">\n")
        }
        xml.writeString("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n")
        tag(0, "qgis", [("version", "3.22.0"), ("styleCategories", "Symbology")])
        tag(1, "renderer-v2", [("type", "RuleRenderer"), ("symbollevels", "0"), ("enableorderby", "0")])
        tag(2, "rules", [("key", "hextant")])
        for (number, rule) in rules.enumerated() {
            let attributes = [
                ("key", "hextant-\(number)"), ("symbol", String(number)), ("filter", rule.condition),
                ("label", rule.label),
            ]
            tag(3, "rule", attributes, isEmpty: true)
        }
        xml.writeString("  </rules>\n  <symbols>\n")
        for (number, rule) in rules.enumerated() {
            tag(3, "symbol", [("type", "fill"), ("name", String(number)), ("alpha", String(rule.alpha))])
            tag(4, "layer", [("class", "SimpleFill"), ("enabled", "1"), ("locked", "0"), ("pass", "0")])
            for (name, value) in rule.properties { tag(5, "prop", [("k", name), ("v", value)], isEmpty: true) }
            xml.writeString("    </layer>\n   </symbol>\n")
        }
        xml.writeString("  </symbols>\n </renderer-v2>\n <layerGeometryType>2</layerGeometryType>\n</qgis>\n")
        return xml
    }
}
