import Domain
import HTTPTypes
import Hummingbird
import TileMath
import Tiles
import Web

/// Answers `/v1/tiles/areas/{layer}/{z}/{x}/{y}.mvt`: the areas of a layer with one figure of a dataset, as a vector
/// tile.
struct AreaTileRoute {
    private static let known = ["dataset"] + Period.parameters + ["figure", "event_type"]
    /// The figure of tiles with areas alone, which everybody may see who sees the dataset.
    private static let noFigure = "none"

    let tiles: TileRoute
    let areas: AreaCatalogue
    let types: EventTypes

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        if let response = try await tiles.remembered(request, context) { return response }
        var parameters = QueryParameters(request, context, known: Self.known)
        let address = TileRoute.address(context.parameters, &parameters)
        let slug = parameters.layer()
        let named = parameters.dataset()
        let period = Period(&parameters)
        let isBare = parameters.text("figure") == Self.noFigure
        let figure = isBare ? nil : parameters.areaFigure()
        let namedTypes = parameters.eventTypes()
        try parameters.check()
        guard let address, let slug else { throw Problem.fault }

        // Read first: what is found after that may be newer, but is never older.
        let version = areas.version.value
        let found = try await tiles.catalogue.find(named, for: context)
        if !isBare { try found.status.needEveryCount(for: "Figures of areas") }
        let dataset = found.status.dataset
        let layer = try await areas.layer(slug)
        let counts = isBare ? nil : try await areas.counts(of: dataset.slug, in: layer)
        let (from, to) = try period.days(of: found.status)
        let eventTypes = try await types.known(namedTypes, of: found.status)
        let query = AreaFigureQuery(layer: layer, dataset: dataset, from: from, to: to, eventTypes: eventTypes)
        // Without events, any day has the same tile.
        let days = counts.flatMap { query.period($0) } ?? LocalDay(number: 0)...LocalDay(number: 0)
        let key = TileKey(
            dataset: dataset.slug, day: days.lowerBound, lastDay: days.upperBound, resolution: 0, layers: [],
            cellLimit: tiles.cellLimit, address: address,
            areas: AreaTileKey(
                layer: slug, layerID: layer.id, figure: figure,
                version: max(layer.version, counts?.version ?? 0), eventTypes: isBare ? [] : eventTypes),
            disclosure: found.status.disclosure)
        if let version, !period.movesWithTheClock {
            tiles.remember(request, context, key, dataset: named, version: found.version, areas: version)
        }
        return try await tiles.answer(request, key)
    }
}
