import Domain
import Formats
import Hummingbird
import JSON
import Tiles
import Web

/// Answers `/v1/hotspots`: the top cells of a period, the highest score first.
struct TopCellsRoute {
    /// The length of the period in days when the request gives none.
    static let usualDays = 30
    static let mostDays = 366
    private static let known =
        Period.parameters + ["start_date", "end_date", "resolution", "level", "bbox"] + ListRequest.parameters

    let lists: ListAnswerer
    let topCells: any TopCellRepository

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: Self.known)
        let list = try await ListRequest(
            request, &parameters, of: TopCellFeatures.self, usualLimit: 50, usualFormat: .geojson)
        let period = Period(&parameters, aliases: ("start_date", "end_date"))
        let asked = parameters.resolution()
        let levels = parameters.levels()
        let after = parameters.after(TopCellCursor.init(text:))
        if case .day(.date(let first)) = period.from, case .day(.date(let last)) = period.to, first <= last,
            let fault = Self.fault(first, last)
        {
            parameters.reject(period.names.from, fault)
        }
        try parameters.check()

        let status = try await lists.dataset(of: list, for: context)
        let resolution = try status.resolution(asked: asked)
        let days = try Self.days(period, of: status)
        var query: CellQuery?
        if let resolution, let days {
            query = CellQuery(
                list.selection(of: status), days: days, resolution: resolution, levels: levels)
        }
        let (first, last) = (days?.lowerBound.description, days?.upperBound.description)
        return try await lists.answer(
            list, from: TopCellFeatures(topCells: topCells, query: query), after: after,
            resolved: [
                "dataset": status.dataset.slug.text, "from": first, "to": last, "start_date": nil, "end_date": nil,
                "resolution": resolution.map(String.init),
            ],
            name: "\(status.dataset.slug)-hotspots", in: context
        ) { json in
            json.field("dataset", status.dataset.slug.text)
            json.field("attribution", status.dataset.attribution)
            json.field("licence", status.dataset.licence)
            json.field("start_date", first)
            json.field("end_date", last)
        }
    }

    /// The period. An open end is the last scored day, an open start 30 days before the end. `nil` when nothing is
    /// scored and an end is open.
    private static func days(
        _ period: Period, of status: DatasetStatus
    ) throws(Problem) -> ClosedRange<LocalDay>? {
        let (start, end) = try period.days(of: status)
        guard let last = end ?? status.days?.upperBound else { return nil }
        let first = start ?? last.advanced(by: 1 - usualDays)
        if let message = fault(first, last) { throw .badRequest([.init(field: period.names.from, message: message)]) }
        return first...last
    }

    /// The fault of a start; `nil` for a good one.
    private static func fault(_ start: LocalDay, _ end: LocalDay) -> String? {
        if start > end { return "must not be later than the end of the period, \(end)" }
        guard start.distance(to: end) < mostDays else {
            return "must be at most \(mostDays) days before the end of the period, \(end)"
        }
        return nil
    }
}
