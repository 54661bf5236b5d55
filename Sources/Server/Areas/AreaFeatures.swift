import Domain
import Formats
import Web

/// An area of a list.
struct AreaRow: Listed {
    let area: Area
    let figures: AreaFigures?
    let place: Feature.Place?
    let cursor: AreaCursor
}

/// The cursor of a list of areas: an area of a layer, whose number no other layer has.
struct AreaCursor: Hashable, Sendable {
    let layer: Int32
    let number: Int32

    var text: String { "\(layer)_\(number)" }

    init(layer: Int32, number: Int32) {
        self.layer = layer
        self.number = number
    }

    /// Parses the text; `nil` for one that ``text`` cannot have written.
    init?(text: String) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, let layer = Int32(parts[0]), let number = Int32(parts[1]) else { return nil }
        self.init(layer: layer, number: number)
    }
}

/// The areas of a layer, with the figures of a dataset if there are any, in the order of a sorted list.
struct AreaFeatures: FeatureSource {
    static let shape = FeatureShape.areas
    /// The properties of an area itself, and those of its figures.
    static let own = [
        FeatureProperty("id", .text), FeatureProperty("name", .text), FeatureProperty("layer", .text),
        FeatureProperty("parent", .text), FeatureProperty("population", .number), FeatureProperty("km2", .number),
        FeatureProperty("longitude", .number), FeatureProperty("latitude", .number),
        FeatureProperty("approximate", .truth),
    ]
    static let properties =
        own + [
            FeatureProperty("dataset", .text), FeatureProperty("from", .day), FeatureProperty("to", .day),
            FeatureProperty("events", .integer), FeatureProperty("rate", .number), FeatureProperty("density", .number),
            FeatureProperty("eb_rate", .number), FeatureProperty("safety_score", .number),
            FeatureProperty("trend_last", .integer), FeatureProperty("trend_before", .integer),
            FeatureProperty("trend_change", .number), FeatureProperty("trend_p", .number),
            FeatureProperty("trend", .text),
        ]

    let areas: any AreaRepository
    let table: AreaTable
    let figures: AreaFigureTable?
    let geometry: AreaGeometry
    /// The indices of the areas in the order of the list.
    let order: [Int]

    /// - Parameter figures: The figures of a dataset; without them their properties are null.
    init(
        areas: any AreaRepository, table: AreaTable, figures: AreaFigureTable? = nil, geometry: AreaGeometry,
        order: [Int]
    ) {
        self.areas = areas
        self.table = table
        self.figures = figures
        self.geometry = geometry
        self.order = order
    }

    func page(_ page: PageRequest<AreaRow>) async throws -> Page<AreaRow> {
        var start = 0
        if let after = page.after {
            guard after.layer == table.layer.id, let index = table.index(ofNumber: after.number),
                let place = order.firstIndex(of: index)
            else {
                throw Problem.badRequest([
                    .init(field: "after", message: "is of a list that has changed; begin with the first page")
                ])
            }
            start = place + 1
        }
        let chosen = order[start...].prefix(page.wanted)
        var outlines: [Int32: AreaOutline] = [:]
        if geometry == .simple || geometry == .full {
            outlines = try await areas.outlines(
                of: chosen.prefix(page.limit).map { table.areas[$0].number }, in: table.layer,
                isSimple: geometry == .simple)
        }
        let rows = chosen.map { index -> AreaRow in
            let area = table.areas[index]
            let place: Feature.Place? =
                switch geometry {
                case .none: nil
                case .label: .point(longitude: area.label.longitude, latitude: area.label.latitude)
                case .simple, .full: outlines[area.number].map(Feature.Place.area)
                }
            return AreaRow(
                area: area, figures: figures?.figures[index], place: place,
                cursor: AreaCursor(layer: table.layer.id, number: area.number))
        }
        return Page(rows, of: page)
    }

    func feature(_ row: AreaRow) -> Feature {
        let area = row.area
        let own: [PropertyValue] = [
            .text(area.id), .text(area.name), .text(table.layer.slug.text), PropertyValue(area.parent),
            PropertyValue(area.population), .number(area.squareKilometres), .number(area.label.longitude),
            .number(area.label.latitude), .truth(table.layer.isApproximate),
        ]
        guard let figures = row.figures, let counted = self.figures else {
            let missing = Self.properties.count - Self.own.count
            return Feature(
                id: area.id, place: row.place, values: own + [PropertyValue](repeating: .null, count: missing))
        }
        let trend = figures.trend
        let rest: [PropertyValue] = [
            .text(counted.counts.dataset.text), PropertyValue((counted.period?.lowerBound).map { "\($0)" }),
            PropertyValue((counted.period?.upperBound).map { "\($0)" }), .integer(figures.events),
            PropertyValue(figures.rate), PropertyValue(figures.density), PropertyValue(figures.empiricalBayesRate),
            PropertyValue(figures.safetyScore), PropertyValue(trend?.last), PropertyValue(trend?.before),
            PropertyValue(trend?.change), PropertyValue(trend?.p), PropertyValue(trend?.label),
        ]
        return Feature(id: area.id, place: row.place, values: own + rest)
    }

    func text(_ cursor: AreaCursor) -> String { cursor.text }
}

extension PropertyValue {
    fileprivate init(_ number: Double?) { self = number.map(Self.number) ?? .null }
    fileprivate init(_ number: Int?) { self = number.map(Self.integer) ?? .null }
}
