import H3
import Hummingbird
import Risk

/// `/v1/hotspots`: the cells that stood out in an interval of days, hottest first.
struct HotspotsRoute {
    /// Days of the interval when the request gives none, and the most it may have.
    private static let usualDays = 30
    private static let mostDays = 366
    private static let known = ["dataset", "start_date", "end_date", "resolution", "bbox", "limit"]

    let catalogue: DatasetCatalogue
    let hotspots: any HotspotRepository

    @Sendable func respond(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: Self.known)
        let slug = parameters.dataset()
        let start = parameters.day("start_date")
        let end = parameters.day("end_date")
        let asked = parameters.resolution()
        let bounds = parameters.bounds()
        let limit = parameters.limit(default: 50)
        if let start, let end { Self.check(start, end, &parameters) }
        try parameters.check()

        let status = try await catalogue.dataset(slug, for: context.principal)
        let resolution = try status.resolution(asked: asked)
        let days = try Self.days(start, end, status.days)
        var found: [Hotspot] = []
        if let resolution, let days {
            found = try await hotspots.hotspots(
                HotspotQuery(
                    dataset: status.dataset.slug, days: days, resolution: resolution, bounds: bounds, limit: limit))
        }
        var json = JSONWriter()
        json.featureCollection(of: found) { json in
            json.field("dataset", status.dataset.slug)
            json.field("attribution", status.dataset.attribution)
            json.field("licence", status.dataset.licence)
            json.field("start_date", days?.lowerBound.description)
            json.field("end_date", days?.upperBound.description)
        } _: { json, hotspot in
            json.feature(id: hotspot.cell.description) {
                $0.outline(hotspot.cell)
            } properties: {
                $0.fields(of: hotspot)
            }
        }
        return json.response(to: request, mediaType: ListFormat.geojson.mediaType)
    }

    /// The interval; where an end is open it reaches to the last scored day, or 30 days back. `nil` when nothing is
    /// scored and an end is open.
    private static func days(
        _ start: LocalDay?, _ end: LocalDay?, _ scored: ClosedRange<LocalDay>?
    ) throws(Problem) -> ClosedRange<LocalDay>? {
        guard let last = end ?? scored?.upperBound else { return nil }
        let first = start ?? last.advanced(by: 1 - usualDays)
        var parameters = QueryParameters(nil, known: [])
        check(first, last, &parameters)
        try parameters.check()
        return first...last
    }

    private static func check(_ start: LocalDay, _ end: LocalDay, _ parameters: inout QueryParameters) {
        if start > end {
            parameters.reject("start_date", "must not be later than the end of the interval, \(end)")
        } else if start.distance(to: end) >= mostDays {
            parameters.reject("start_date", "must be at most \(mostDays) days before the end of the interval, \(end)")
        }
    }
}
