import Domain
import Formats
import H3
import Hummingbird
import JSON
import Tiles
import Web

/// Answers `/v1/comparison`: the events of each cell in a period and in another one.
struct ComparisonRoute {
    /// The length of the period in days when the request gives none.
    private static let usualDays = 28
    private static let mostDays = 366
    private static let known =
        Period.parameters + ["other_from", "other_to", "resolution", "bbox"] + ListRequest.parameters

    let lists: ListAnswerer
    let comparison: any ComparisonRepository

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: Self.known)
        let list = try await ListRequest(request, &parameters, of: ComparisonFeatures.self)
        let period = Period(&parameters)
        let otherFrom = parameters.namedDay("other_from")
        let otherTo = parameters.namedDay("other_to")
        let asked = parameters.resolution()
        let after = parameters.after { text in
            (try? H3Cell(text)).flatMap { $0.description == text ? $0 : nil }
        }
        try parameters.check()

        let status = try await lists.dataset(of: list, for: context)
        try status.needEveryCount(for: "Comparisons")
        let resolution = try status.resolution(asked: asked)
        var (days, other): (ClosedRange<LocalDay>?, ClosedRange<LocalDay>?)
        let (from, to) = try period.days(of: status)
        if let last = to ?? status.days?.upperBound {
            let found = try Self.range(from ?? last.advanced(by: 1 - Self.usualDays), last, "from")
            let otherLast = otherTo?.day(of: status) ?? found.lowerBound.advanced(by: -1)
            // As long as the period, unless the request says otherwise.
            let length = found.lowerBound.distance(to: found.upperBound)
            let otherFirst = otherFrom?.day(of: status) ?? otherLast.advanced(by: -length)
            (days, other) = (found, try Self.range(otherFirst, otherLast, "other_from"))
        }
        var query: ComparisonQuery?
        if let resolution, let days, let other {
            query = ComparisonQuery(
                CellQuery(list.selection(of: status), days: days, resolution: resolution), with: other)
        }
        let named = [
            "from": days?.lowerBound.description, "to": days?.upperBound.description,
            "other_from": other?.lowerBound.description, "other_to": other?.upperBound.description,
        ]
        let resolved = named.merging([
            "dataset": status.dataset.slug.text, "resolution": resolution.map(String.init),
        ]) { $1 }
        return try await lists.answer(
            list, from: ComparisonFeatures(comparison: comparison, query: query), after: after, resolved: resolved,
            name: "\(status.dataset.slug)-comparison", in: context
        ) { json in
            json.field("dataset", status.dataset.slug.text)
            json.field("attribution", status.dataset.attribution)
            json.field("licence", status.dataset.licence)
            for (name, day) in named.sorted(by: { $0.key < $1.key }) { json.field(name, day) }
        }
    }

    /// - Parameter name: The name of the parameter that says where the period begins.
    private static func range(
        _ first: LocalDay, _ last: LocalDay, _ name: String
    ) throws(Problem) -> ClosedRange<LocalDay> {
        guard first <= last else {
            throw .badRequest([.init(field: name, message: "must not be later than the end of the period, \(last)")])
        }
        guard first.distance(to: last) < mostDays else {
            throw .badRequest([
                .init(field: name, message: "must be at most \(mostDays) days before the end of the period, \(last)")
            ])
        }
        return first...last
    }
}

/// The cells of a comparison, by their index.
struct ComparisonFeatures: FeatureSource {
    static let shape = FeatureShape.cells
    static let properties = [
        FeatureProperty("h3_index", .text), FeatureProperty("events", .integer),
        FeatureProperty("events_before", .integer), FeatureProperty("change_percent", .number),
        FeatureProperty("area", .text),
    ]

    let comparison: any ComparisonRepository
    /// The query; `nil` when nothing is scored.
    let query: ComparisonQuery?

    func page(_ page: PageRequest<CellComparison>) async throws -> Page<CellComparison> {
        guard let query else { return Page([], of: page) }
        return try await comparison.comparison(query, page)
    }

    func feature(_ row: CellComparison) -> Feature {
        Feature(
            id: row.cell.description, place: .cell(row.cell),
            values: [
                .text(row.cell.description), .integer(row.events), .integer(row.eventsBefore),
                row.changePercent.map(PropertyValue.number) ?? .null, PropertyValue(row.area),
            ])
    }

    func text(_ cursor: H3Cell) -> String { cursor.description }

    /// The cell: each is in the list once.
    func id(of row: CellComparison) -> String { row.cell.description }
}
