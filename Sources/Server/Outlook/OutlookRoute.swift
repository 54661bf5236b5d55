import Domain
import Formats
import Hummingbird
import JSON
import Tiles
import Web

/// Answers `/v1/outlook`, the cells of an outlook, and `/v1/outlook/hotspots`, those that are hot or cold spots.
struct OutlookRoute {
    private static let known =
        OutlookParameters.ofTiles + ["trend", "resolution", "bbox", "sort"] + ListRequest.parameters

    let lists: ListAnswerer
    let outlooks: any OutlookRepository
    /// Whether it lists hot and cold spots, the most urgent first.
    let isOfSpots: Bool

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: Self.known)
        let list = try await ListRequest(
            request, &parameters, of: OutlookFeatures.self, usualLimit: isOfSpots ? 50 : 100,
            usualFormat: isOfSpots ? .geojson : .json)
        let asked = OutlookParameters(&parameters)
        let trends = parameters.countTrends()
        let wanted = parameters.resolution()
        let sorts = OutlookSort.allCases.map(\.rawValue).joined(separator: ", ")
        let sort = parameters.parsed("sort", "one of \(sorts)") { OutlookSort(rawValue: $0) }
        let after = parameters.after(OutlookCursor.init(text:))
        try parameters.check()

        let status = try await lists.dataset(of: list, for: context)
        try status.needEveryCount(for: "Outlooks")
        _ = try status.dataset.types(of: asked.kind)
        let resolution = try status.resolution(asked: wanted)
        let asOf = asked.day(of: status)
        var query: OutlookQuery?
        if let resolution, let asOf {
            query = OutlookQuery(
                list.selection(of: status), resolution: resolution, asOf: asOf, kind: asked.kind,
                period: asked.period, classes: classes(asked, parameters), trends: trends,
                sort: sort ?? (isOfSpots ? .class : .expected))
        }
        return try await lists.answer(
            list, from: OutlookFeatures(outlooks: outlooks, query: query), after: after,
            resolved: [
                "dataset": status.dataset.slug.text, "as_of": asOf?.description,
                "resolution": resolution.map(String.init),
            ],
            name: "\(status.dataset.slug)-\(isOfSpots ? "hot-spots" : "outlook")", in: context
        ) { json in
            json.field("dataset", status.dataset.slug.text)
            json.field("attribution", status.dataset.attribution)
            json.field("licence", status.dataset.licence)
            json.field("as_of", asOf?.description)
        }
    }

    /// The classes of the answer; empty for all. Hot and cold spots are those with a class, unless others are named.
    private func classes(_ asked: OutlookParameters, _ parameters: QueryParameters) -> Set<HotSpotClass> {
        guard isOfSpots, parameters.text("class") == nil else { return asked.classes }
        return Set(HotSpotClass.allCases).subtracting([.none])
    }
}
