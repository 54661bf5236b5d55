import Domain
import Formats
import Tiles
import Web

/// A query for the items of a collection.
struct ItemsQuery {
    /// The start of the period; `nil` when it is open. The end is excluded.
    private var from: Instant?
    private var to: Instant?
    /// The period by `from` and `to`, which stand for `datetime`.
    private var period: Period?
    /// The types of events that are asked for; `nil` for all.
    private(set) var eventTypes: EventTypeList?
    private var bounds: BoundingBox?
    private var resolution: Int?
    private(set) var filter: FeatureFilter?
    /// The attributes of events that the filter may name.
    private var queryables: [Queryable] = []
    /// The choice of an outlook; `nil` for the newest.
    private var outlook: OutlookParameters?

    /// The names of the parameters, which are the same for every collection.
    static let parameters =
        ["limit", "bbox", "datetime", "from", "to", "filter", "filter-lang", "filter-crs", "resolution", "after", "f"]
        + ofOutlook + properties.map(\.name)

    /// The parameters that choose an outlook.
    static let ofOutlook = ["as_of", "period", "kind"]

    /// The properties that are parameters themselves, so that a client that knows no filters can choose features by a
    /// value (OGC API Features Part 1, 7.15.5). The resolution is a parameter anyway.
    static let properties = CollectionKind.allCases.flatMap(\.queryables).reduce(into: [FeatureProperty]()) {
        known, property in
        if property.name != "resolution", !known.contains(where: { $0.name == property.name }) {
            known.append(property)
        }
    }

    /// A query for all items.
    init() {}

    /// Parses the parameters. Faults are collected in `parameters`.
    ///
    /// - Parameter queryables: The attributes that the dataset names for filters.
    init(_ parameters: inout QueryParameters, _ kind: CollectionKind, _ queryables: [Queryable] = []) {
        self.queryables = queryables
        let known = kind.queryables + queryables.map { FeatureProperty($0) }
        bounds = parameters.boundsWithHeights()
        if let interval = parameters.interval("datetime") { (from, to) = interval }
        let period = Period(&parameters)
        if !period.isOpen {
            if parameters.text("datetime") != nil {
                parameters.reject("datetime", "cannot be given with from and to")
            }
            self.period = period
        }
        resolution = parameters.resolution()
        if kind == .events, parameters.text("resolution") != nil {
            parameters.reject("resolution", "is not for events, which have none")
        }
        if kind == .outlook {
            outlook = OutlookParameters(&parameters, withClasses: false)
            for name in ["datetime", "from", "to"]
            where parameters.text("as_of") != nil && parameters.text(name) != nil {
                parameters.reject(name, "cannot be given with as_of")
            }
        } else {
            for name in Self.ofOutlook where parameters.text(name) != nil {
                parameters.reject(name, "is only for the collection of outlooks")
            }
        }
        let languages = FilterLanguage.allCases.map(\.rawValue).joined(separator: " or ")
        let language = parameters.parsed("filter-lang", languages, FilterLanguage.init(rawValue:))
        if let crs = parameters.text("filter-crs"), crs != Conformance.crs84 {
            parameters.reject("filter-crs", "must be \(Conformance.crs84)")
        }
        if let text = parameters.text("filter") {
            let types = Dictionary(known.map { ($0.name, $0.kind) }) { $1 }
            // GDAL asks whether any property is null that it knows of, and it knows the id as one.
            let others =
                language == .cqlText ? Set(kind.properties.map(\.name) + ["id"]).subtracting(types.keys) : []
            do throws(FilterFault) {
                filter = try FilterParser.parse(text, types, others: others, language: language ?? .cql2Text)
            } catch {
                parameters.reject("filter", error.description)
            }
        }
        if kind == .events { eventTypes = parameters.eventTypes() }
        let conditions = Self.conditions(&parameters, kind) + parameters.conditions(on: queryables)
        if !conditions.isEmpty { filter = .and(conditions + (filter.map { [$0] } ?? [])) }
    }

    /// The conditions of parameters that are named like properties.
    private static func conditions(_ parameters: inout QueryParameters, _ kind: CollectionKind) -> [FeatureFilter] {
        properties.compactMap { property in
            guard let text = parameters.text(property.name) else { return nil }
            // The types of events are a list.
            if kind == .events, property.name == "event_type" { return nil }
            guard kind.queryables.contains(where: { $0.name == property.name }) else {
                let known = kind.queryables.map(\.name).joined(separator: ", ")
                parameters.reject(property.name, "is no property of this collection; its properties are: \(known)")
                return nil
            }
            guard let value = PropertyText.value(text, of: property) else {
                parameters.reject(property.name, "must be \(PropertyText.expectation(of: property))")
                return nil
            }
            return .compare(property.name, .equal, value)
        }
    }

    /// The values that the link to the next page has instead of `from` and `to`.
    func resolved(of status: DatasetStatus) throws(Problem) -> [String: String?] {
        try period?.pinned(of: status) ?? [:]
    }

    /// - Parameter types: The types of events; empty for all.
    func events(of status: DatasetStatus, types: [String] = []) throws(Problem) -> EventQuery {
        let (from, to) = try period?.instants(of: status) ?? (self.from, self.to)
        return EventQuery(selection(of: status), from: from, to: to, eventTypes: types)
    }

    /// The query for scores; `nil` when nothing is scored.
    func risk(of status: DatasetStatus) throws -> CellQuery? {
        guard let resolution = try status.resolution(asked: resolution), let days = try days(of: status) else {
            return nil
        }
        return CellQuery(selection(of: status), days: days, resolution: resolution)
    }

    /// The query for top cells; `nil` when nothing is scored.
    func topCells(of status: DatasetStatus) throws -> CellQuery? {
        guard let resolution = try status.resolution(asked: resolution),
            let last = try ends(of: status).to ?? status.days?.upperBound
        else { return nil }
        let first = try ends(of: status).from ?? last.advanced(by: 1 - TopCellsRoute.usualDays)
        let mostDays = TopCellsRoute.mostDays
        guard first <= last, first.distance(to: last) < mostDays else {
            throw Problem.badRequest([
                .init(
                    field: period == nil ? "datetime" : "to",
                    message: "must end no earlier than it begins, and at most \(mostDays) days later")
            ])
        }
        return CellQuery(selection(of: status), days: first...last, resolution: resolution)
    }

    /// The query for an outlook: that of the day asked for, else the newest up to a day of the period; `nil` when
    /// there is none.
    func outlook(of status: DatasetStatus) throws -> OutlookQuery? {
        let kind = outlook?.kind ?? .all
        _ = try status.dataset.types(of: kind)
        guard let resolution = try status.resolution(asked: resolution) else { return nil }
        let asOf: LocalDay?
        if let outlook, outlook.hasDay {
            asOf = outlook.day(of: status)
        } else {
            let days = try days(of: status)
            asOf = status.outlookDays.first { days?.contains($0) ?? false }
        }
        return asOf.map {
            OutlookQuery(
                selection(of: status), resolution: resolution, asOf: $0, kind: kind,
                period: outlook?.period ?? .usual)
        }
    }

    private func selection(of status: DatasetStatus) -> FeatureSelection {
        FeatureSelection(of: status, bounds: bounds, filter: filter, queryables: queryables)
    }

    /// The first and last day; `nil` for an open end. Of `datetime` only the dates count.
    private func ends(of status: DatasetStatus) throws(Problem) -> (from: LocalDay?, to: LocalDay?) {
        try period?.days(of: status) ?? (from?.day, to.map(Self.last))
    }

    private func days(of status: DatasetStatus) throws(Problem) -> ClosedRange<LocalDay>? {
        let (from, to) = try ends(of: status)
        let (first, last) = (from ?? .earliest, to ?? .latest)
        return first <= last ? first...last : nil
    }

    private static func last(before end: Instant) -> LocalDay { (end - .microseconds(1)).day }
}

/// The cursor of a page of items, of the kind of their collection.
enum ItemsCursor {
    case events(EventCursor?)
    case risk(RiskCursor?)
    case topCells(TopCellCursor?)
    case outlook(OutlookCursor?)

    /// Parses the cursor. Faults are collected in `parameters`.
    init(_ parameters: inout QueryParameters, _ kind: CollectionKind) {
        switch kind {
        case .events: self = .events(parameters.after(EventCursor.init(text:)))
        case .risk: self = .risk(parameters.after(RiskCursor.init(text:)))
        case .topCells: self = .topCells(parameters.after(TopCellCursor.init(text:)))
        case .outlook: self = .outlook(parameters.after(OutlookCursor.init(text:)))
        }
    }
}

extension FeatureFilter {
    /// The drawn polygons that the filter names.
    var drawnPolygons: [DrawnPolygon] {
        switch self {
        case .and(let parts), .or(let parts): parts.flatMap(\.drawnPolygons)
        case .not(let part): part.drawnPolygons
        case .intersects(.polygon(let polygon)): [polygon]
        default: []
        }
    }
}

extension QueryParameters {
    /// Parses an instant, a day, or an interval of them with `/`, whose ends may be open (`..` or empty). The end is
    /// excluded.
    mutating func interval(_ name: String) -> (from: Instant?, to: Instant?)? {
        let expected =
            "an instant such as 2021-12-31T18:00:00Z or a date, or two of them with a slash, .. for an open end"
        return parsed(name, expected) { text -> (from: Instant?, to: Instant?)? in
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            func isOpen(_ part: String) -> Bool { part.isEmpty || part == ".." }
            guard let first = parts.first, let last = parts.last, parts.count <= 2,
                !(parts.count == 1 && isOpen(first))
            else { return nil }
            let from = TimeBound(first)?.start
            let to = TimeBound(last)?.end
            guard from != nil || isOpen(first), to != nil || isOpen(last) else { return nil }
            if let from, let to, from >= to { return nil }
            return (from, to)
        }
    }

    /// Parses a box of four numbers, or of six with heights, which are ignored.
    mutating func boundsWithHeights() -> BoundingBox? {
        let parts = (text("bbox") ?? "").split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 6, Double(parts[2]) != nil, Double(parts[5]) != nil else { return bounds() }
        let box = BoundingBox([parts[0], parts[1], parts[3], parts[4]])
        if box == nil { reject("bbox", "must be west,south,lowest,east,north,highest in degrees and metres") }
        return box
    }

    /// The limit, reduced to the largest allowed one, as OGC API Features requires.
    mutating func clampedLimit(usual: Int, most: Int) -> Int { min(limit(upTo: 1_000_000_000) ?? usual, most) }
}
