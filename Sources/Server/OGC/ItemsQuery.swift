import Domain
import Formats
import Tiles
import Web

/// A query for the items of a collection.
struct ItemsQuery {
    /// The start of the period; `nil` when it is open. The end is excluded.
    private var from: Instant?
    private var to: Instant?
    private var bounds: BoundingBox?
    private var resolution: Int?
    private(set) var filter: FeatureFilter?

    static func parameters(of kind: CollectionKind) -> [String] {
        ["limit", "bbox", "datetime", "filter", "filter-lang", "filter-crs"]
            + (kind == .events ? [] : ["resolution"]) + ["after", "f"]
    }

    /// A query for all items.
    init() {}

    /// Parses the parameters. Faults are collected in `parameters`.
    init(_ parameters: inout QueryParameters, _ kind: CollectionKind) {
        bounds = parameters.boundsWithHeights()
        if let interval = parameters.interval("datetime") { (from, to) = interval }
        resolution = parameters.resolution()
        if let language = parameters.text("filter-lang"), language != "cql2-text" {
            parameters.reject("filter-lang", "must be cql2-text")
        }
        if let crs = parameters.text("filter-crs"), crs != Conformance.crs84 {
            parameters.reject("filter-crs", "must be \(Conformance.crs84)")
        }
        if let text = parameters.text("filter") {
            let queryables = Dictionary(uniqueKeysWithValues: kind.queryables.map { ($0.name, $0.kind) })
            do throws(FilterFault) {
                filter = try FilterParser.parse(text, queryables)
            } catch {
                parameters.reject("filter", error.description)
            }
        }
    }

    func events(of status: DatasetStatus) -> EventQuery { EventQuery(selection(of: status), from: from, to: to) }

    /// The query for scores; `nil` when nothing is scored.
    func risk(of status: DatasetStatus) throws -> CellQuery? {
        guard let resolution = try status.resolution(asked: resolution), let days = Self.days(from, to) else {
            return nil
        }
        return CellQuery(selection(of: status), days: days, resolution: resolution)
    }

    /// The query for top cells; `nil` when nothing is scored.
    func topCells(of status: DatasetStatus) throws -> CellQuery? {
        guard let resolution = try status.resolution(asked: resolution),
            let last = to.map(Self.last) ?? status.days?.upperBound
        else { return nil }
        let first = from?.day ?? last.advanced(by: 1 - TopCellsRoute.usualDays)
        let mostDays = TopCellsRoute.mostDays
        guard first <= last, first.distance(to: last) < mostDays else {
            throw Problem.badRequest([
                .init(
                    field: "datetime",
                    message: "must end no earlier than it begins, and at most \(mostDays) days later")
            ])
        }
        return CellQuery(selection(of: status), days: first...last, resolution: resolution)
    }

    private func selection(of status: DatasetStatus) -> FeatureSelection {
        FeatureSelection(status.dataset.slug, bounds: bounds, filter: filter)
    }

    private static func days(_ from: Instant?, _ to: Instant?) -> ClosedRange<LocalDay>? {
        let first = from?.day ?? .earliest
        let last = to.map(Self.last) ?? .latest
        return first <= last ? first...last : nil
    }

    private static func last(before end: Instant) -> LocalDay { (end - .microseconds(1)).day }
}

/// The cursor of a page of items, of the kind of their collection.
enum ItemsCursor {
    case events(EventCursor?)
    case risk(RiskCursor?)
    case topCells(TopCellCursor?)

    /// Parses the cursor. Faults are collected in `parameters`.
    init(_ parameters: inout QueryParameters, _ kind: CollectionKind) {
        switch kind {
        case .events: self = .events(parameters.after(EventCursor.init(text:)))
        case .risk: self = .risk(parameters.after(RiskCursor.init(text:)))
        case .topCells: self = .topCells(parameters.after(TopCellCursor.init(text:)))
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
    fileprivate mutating func interval(_ name: String) -> (from: Instant?, to: Instant?)? {
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
    fileprivate mutating func boundsWithHeights() -> BoundingBox? {
        let parts = (text("bbox") ?? "").split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 6, Double(parts[2]) != nil, Double(parts[5]) != nil else { return bounds() }
        let box = BoundingBox([parts[0], parts[1], parts[3], parts[4]])
        if box == nil { reject("bbox", "must be west,south,lowest,east,north,highest in degrees and metres") }
        return box
    }

    /// The limit, reduced to the largest allowed one, as OGC API Features requires.
    mutating func clampedLimit(usual: Int, most: Int) -> Int { min(limit(upTo: 1_000_000_000) ?? usual, most) }
}
