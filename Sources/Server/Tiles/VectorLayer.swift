import Domain
import JSON
import Tiles

/// The description of a layer of a tile for TileJSON.
struct VectorLayer {
    private let name: String
    private let description: String
    /// The attributes and their types.
    private let fields: [(name: String, type: String)]

    /// The layers that a tile may have.
    static func all(of layers: TileLayers) -> [VectorLayer] {
        (layers.contains(.risk) ? [risk, meta] : []) + (layers.contains(.outlook) ? [outlook, meta] : [])
            + (layers.contains(.events) ? [events, eventsMeta] : [])
    }

    func write(to json: inout JSONWriter, zooms: ClosedRange<Int>) {
        json.object { json in
            json.field("id", name)
            json.field("description", description)
            json.field("minzoom", zooms.lowerBound)
            json.field("maxzoom", zooms.upperBound)
            json.object("fields") { json in
                for (name, type) in fields { json.field(name, type) }
            }
        }
    }

    private static let risk = VectorLayer(
        name: "risk", description: "H3 cells with their figures of the day.",
        fields: RiskRow.figures.filter { $0.outputs.contains(.tiles) }.map { ($0.name, $0.value.tileType) })
    private static let outlook = VectorLayer(
        name: "outlook", description: "H3 cells with figures of a period, their class and their forecast.",
        fields: OutlookRow.figures.filter { $0.outputs.contains(.tiles) }.map { ($0.name, $0.value.tileType) })
    static let spending = VectorLayer(
        name: "spending", description: "Places of departments or vendors, with what was spent there.",
        fields: [("key", "String"), ("name", "String"), ("total", "Number"), ("count", "Number")])
    private static let meta = cut("meta", "cells")
    private static let events = VectorLayer(
        name: "events", description: "Events as points.",
        fields: [("event_type", "String"), ("event_timestamp", "String")])
    private static let eventsMeta = cut("events_meta", "events")

    private static func cut(_ name: String, _ what: String) -> VectorLayer {
        VectorLayer(
            name: name, description: "One point, in a tile that has more \(what) than it can show.",
            fields: [("total", "Number"), ("shown", "Number"), ("reason", "String")])
    }
}

extension Figure.Value {
    /// The type of the attribute in the words of TileJSON.
    fileprivate var tileType: String {
        switch self {
        case .cell, .day, .level, .text: "String"
        case .integer, .number, .optionalInteger, .optionalNumber: "Number"
        case .truth: "Boolean"
        }
    }
}
