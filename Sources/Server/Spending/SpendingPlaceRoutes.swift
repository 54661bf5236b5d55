import Domain
import Formats
import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Spending
import TileMath
import Web

/// Answers what was spent where: at the places of departments or vendors, as points and tiles, and in areas.
struct SpendingPlaceRoutes {
    private static let known = ["of"] + SpendingParameters.known
    private static let tileAge = Duration.seconds(300)

    let common: SpendingAnswers
    /// The layers of areas; without them there are only points.
    let areas: AreaCatalogue?
    let basemap: BasemapRoutes
    private let points = PlacedPoints()

    init(common: SpendingAnswers, areas: AreaCatalogue?, basemap: BasemapRoutes) {
        self.common = common
        self.areas = areas
        self.basemap = basemap
    }

    var endpoints: [Endpoint] {
        var endpoints: [Endpoint] = [
            .get("/v1/analytics/places/spending", .reader, cost: .units(5), places),
            .get("/v1/tiles/spending/{z}/{x}/{y}.mvt", .reader, cost: .tile, tile),
            .get("/v1/tiles/spending.json", .reader, describe),
        ]
        if let areas {
            endpoints.append(
                .get("/v1/analytics/areas/spending", .reader, cost: .units(5)) { request, context in
                    try await inAreas(request, context, areas)
                })
        }
        return endpoints
    }

    private func placed(
        _ found: SpendingAnswers.Found, _ filter: ExpenditureFilter, of kind: ExpenditurePlace.Kind
    ) async throws -> PlacedPoints.Value {
        let question = PlacedPoints.Question(version: found.version, filter: filter, kind: kind)
        return try await points.value(question) {
            let places = try await common.spending.places(of: found.dataset.slug, kind)
            let spent = try await common.figures(of: found, filter) { PlacedSpending($0, filter, places, of: kind) }
            return PlacedPoints.Value(
                points: zip(places, spent.sums).map { SpendingPoint(place: $0, sum: $1) }, total: spent.total,
                unplaced: spent.unplaced)
        }
    }

    /// The places of departments or vendors, the largest total first.
    @Sendable private func places(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: Self.known)
        let kind = parameters.placedKind()
        let asked = SpendingParameters(
            &parameters, accept: request.headers.combined(.accept), formats: [.json, .geojson, .csv])
        try parameters.check()
        let found = try await common.find(asked.dataset, for: context)
        return try await common.answer(request, context, asked, parameters, found, name: "places") {
            let placed = try await placed(found, asked.filter, of: kind)
            let points = placed.points.sorted {
                $0.sum.cents == $1.sum.cents ? $0.place.key < $1.place.key : $0.sum.cents > $1.sum.cents
            }
            return SpendingTable(
                columns: ["key", "name", "longitude", "latitude", "total", "count"], count: points.count,
                values: { index in
                    let point = points[index]
                    return [
                        .text(point.place.key), .text(point.place.name), .number(point.place.longitude),
                        .number(point.place.latitude), .amount(point.sum.cents), .integer(point.sum.count),
                    ]
                },
                identity: { points[$0].place.key },
                summary: { $0.summary(of: kind, placed.total, placed.unplaced) },
                places: { range in
                    range.map { .point(longitude: points[$0].place.longitude, latitude: points[$0].place.latitude) }
                })
        }
    }

    /// The areas of a layer with what was spent at the places in them, by number.
    private func inAreas(
        _ request: Request, _ context: ClientContext, _ areas: AreaCatalogue
    ) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: ["layer"] + Self.known)
        let slug = parameters.layer()
        if slug == nil, parameters.text("layer") == nil { parameters.reject("layer", "must be given") }
        let kind = parameters.placedKind()
        let asked = SpendingParameters(
            &parameters, accept: request.headers.combined(.accept), formats: [.json, .geojson, .csv])
        try parameters.check()
        guard let slug else { throw Problem.fault }
        let found = try await common.find(asked.dataset, for: context)
        let table = try await areas.table(slug)
        let layer = table.layer
        return try await common.answer(
            request, context, asked, parameters, found, parts: "\(layer.id).\(layer.version)", name: "\(slug)"
        ) {
            let placed = try await placed(found, asked.filter, of: kind)
            let numbers = try await common.spending.areas(of: layer, at: placed.points.map(\.place))
            let spent = AreaSpending(
                table, sums: placed.points.map(\.sum), placed.total, placed.unplaced, numbers, of: kind)
            var answer = spent.table
            answer.places = { range in
                let outlines = try await areas.areas.outlines(
                    of: range.map { table.areas[$0].number }, in: layer, isSimple: true)
                return range.map { outlines[table.areas[$0].number].map(Feature.Place.area) }
            }
            return answer
        }
    }

    /// A vector tile with the places.
    @Sendable private func tile(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request, context, known: Self.parametersOfTiles)
        let address = TileRoute.address(context.parameters, &parameters)
        let kind = parameters.placedKind()
        let asked = SpendingParameters(&parameters, accept: nil)
        try parameters.check()
        guard let address else { throw Problem.fault }
        let found = try await common.find(asked.dataset, for: context)
        let name = "spending tile \(found.version) \(found.dataset.slug) \(kind.rawValue) \(asked.filter) \(address)"
        let body = try await common.answers.answer(name, for: Self.tileAge) {
            let placed = try await placed(found, asked.filter, of: kind)
            let (bounds, width) = (address.bounds, address.bounds.east - address.bounds.west)
            let height = address.bounds.north - address.bounds.south
            // With the margin that a point's symbol may reach into.
            let near = placed.points.filter { point in
                point.place.longitude >= bounds.west - width / 32 && point.place.longitude <= bounds.east + width / 32
                    && point.place.latitude >= bounds.south - height / 32
                    && point.place.latitude <= bounds.north + height / 32
            }
            guard !near.isEmpty else { return ByteBuffer() }
            return ByteBuffer(bytes: try await common.spending.tile(address.z, address.x, address.y, of: near))
        }
        if body.readableBytes == 0 {
            return Response(status: .noContent, headers: [.cacheControl: "no-cache", .vary: "Accept-Encoding"])
        }
        return body.response(to: request, mediaType: "application/vnd.mapbox-vector-tile", vary: "Accept-Encoding")
    }
}

extension JSONWriter {
    /// Writes what expenditures were placed by, and those that could not be.
    mutating func summary(
        of kind: ExpenditurePlace.Kind, _ total: SpendingSum, _ unplaced: SpendingSum
    ) {
        field("of", kind.rawValue)
        amount("total", total.cents)
        field("count", total.count)
        sum("unplaced", unplaced)
    }
}
