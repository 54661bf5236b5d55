import Domain
import Formats
import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Web

/// Answers `/v1/areas` and what is below it: layers, lists of areas with their figures, and single areas.
struct AreaRoutes {
    /// The parameters that say whose figures are asked for.
    private static let figures = ["dataset"] + Period.parameters + ["event_type"]
    private static let mostNamedLayers = ["suburbs", "meshblocks"]

    let lists: ListAnswerer
    let common: AreaAnswers

    var endpoints: [Endpoint] {
        var endpoints: [Endpoint] = [
            .get("/v1/areas", .open, layers),
            .get("/v1/areas/{layer}", .reader, cost: .page) { request, context in
                try await list(request, context, of: nil)
            },
            .get("/v1/areas/{layer}/at", .reader, at),
            .get("/v1/areas/{layer}/{id}", .reader, cost: .units(2)) { request, context in
                try await one(request, context, of: nil)
            },
        ]
        for name in Self.mostNamedLayers {
            endpoints += [
                .get("/v1/\(name)", .reader, cost: .page) { request, context in
                    try await list(request, context, of: Slug(name))
                },
                .get("/v1/\(name)/{id}", .reader, cost: .units(2)) { request, context in
                    try await one(request, context, of: Slug(name))
                },
            ]
        }
        return endpoints
    }

    /// The layers, by their slugs. There are at most 1,000, so they come in one piece.
    @Sendable private func layers(_ request: Request, _ context: ClientContext) async throws -> Response {
        let parameters = QueryParameters(request.uri.query, known: [])
        try parameters.check()
        let make = { @Sendable [common] () async throws -> ByteBuffer in
            let layers = try await common.areas.areas.layers()
            var json = JSONWriter()
            json.list(of: layers, next: nil) { json, layer in json.layer(layer) }
            return json.buffer
        }
        guard let version = common.areas.version.value else {
            return try await make().response(to: request, mediaType: "application/json", vary: "Accept-Encoding")
        }
        return try await common.answers.answer("layers \(version)", for: AreaAnswers.staticAge, make)
            .response(to: request, mediaType: "application/json", vary: "Accept-Encoding")
    }

    /// The areas of a layer with their figures.
    /// - Parameter named: The layer of a path that names none.
    private func list(_ request: Request, _ context: ClientContext, of named: Slug?) async throws -> Response {
        let known = ["q", "bbox", "parent", "sort", "geometry"] + Period.parameters + ["event_type"]
        var parameters = QueryParameters(request, context, known: known + ListRequest.parameters)
        let slug = named ?? parameters.layer()
        let list = try await ListRequest(request, &parameters, of: AreaFeatures.self)
        let period = Period(&parameters)
        let types = parameters.eventTypes()
        let name = parameters.areaText("q")
        let parent = parameters.areaText("parent")
        let order = parameters.areaOrder()
        var geometry = parameters.areaGeometry()
        let hasPlaces = list.format != .json && list.format != .csv
        if let geometry, geometry != .none, !hasPlaces {
            parameters.reject("geometry", "needs f=geojson, geojsonseq or flatgeobuf")
        }
        let after = parameters.after(AreaCursor.init(text:))
        try parameters.check()
        guard let slug else { throw Problem.fault }
        if !hasPlaces { geometry = AreaGeometry.none }

        let found = try await common.find(slug, list.dataset, period, types, for: context)
        if order.needsFigures, found.figures == nil {
            throw Problem.badRequest([
                .init(field: "sort", message: "needs the figures of a dataset that was counted in \(slug)")
            ])
        }
        var indices = Array(found.table.areas.indices)
        if name != nil || parent != nil || list.bounds != nil {
            let search = AreaSearch(layer: found.table.layer, name: name, parent: parent, bounds: list.bounds)
            indices = try await common.areas.areas.numbers(search).compactMap(found.table.index(ofNumber:))
        }
        let source = AreaFeatures(
            areas: common.areas.areas, table: found.table, figures: found.figures, geometry: geometry ?? .simple,
            order: order.sorted(indices, found.table, found.figures))
        let days = found.figures?.period
        return try await lists.answer(
            list, from: source, after: after,
            resolved: [
                "dataset": found.query?.dataset.slug.text, "from": days.map { "\($0.lowerBound)" },
                "to": days.map { "\($0.upperBound)" },
            ].filter { $0.value != nil }, name: "\(slug)-areas", in: context,
            kept: (common.answers, found.age, found.version))
    }

    /// The first area that a point is in.
    @Sendable private func at(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request, context, known: ["lon", "lat", "geometry"] + Self.figures)
        let slug = parameters.layer()
        let longitude = parameters.degrees("lon", upTo: 180)
        let latitude = parameters.degrees("lat", upTo: 90)
        let asked = Asked(&parameters)
        try parameters.check()
        guard let slug, let longitude, let latitude else { throw Problem.fault }
        let found = try await common.find(slug, asked.dataset, asked.period, asked.types, for: context)
        let place = Area.Place(longitude: longitude, latitude: latitude)
        guard let number = try await common.areas.areas.number(of: found.table.layer, at: place),
            let index = found.table.index(ofNumber: number)
        else { throw Problem.notFound("No area of the layer \(slug) is there.") }
        return try await answer(request, found, index, asked.geometry)
    }

    /// A single area with all that is known of it.
    private func one(_ request: Request, _ context: ClientContext, of named: Slug?) async throws -> Response {
        var parameters = QueryParameters(request, context, known: ["geometry"] + Self.figures)
        let slug = named ?? parameters.layer()
        let id = parameters.areaText("id")
        let asked = Asked(&parameters)
        try parameters.check()
        guard let slug, let id else { throw Problem.fault }
        let found = try await common.find(slug, asked.dataset, asked.period, asked.types, for: context)
        guard let index = found.table.index(ofID: id) else {
            throw Problem.notFound("There is no area \(ShownText.of(id, upTo: 128)) in the layer \(slug).", field: "id")
        }
        return try await answer(request, found, index, asked.geometry)
    }

    /// The parameters of a single area.
    private struct Asked {
        let dataset: Slug?
        let period: Period
        let types: EventTypeList?
        let geometry: AreaGeometry

        init(_ parameters: inout QueryParameters) {
            dataset = parameters.dataset()
            period = Period(&parameters)
            types = parameters.eventTypes()
            geometry = parameters.areaGeometry() ?? .none
        }
    }

    private func answer(
        _ request: Request, _ found: AreaAnswers.Found, _ index: Int, _ geometry: AreaGeometry
    ) async throws -> Response {
        let area = found.table.areas[index]
        let period = (found.figures?.period).map { "\($0.lowerBound)..\($0.upperBound)" } ?? "-"
        let types = found.query?.eventTypes ?? []
        let name = "area \(found.version) \(area.number) \(geometry.rawValue) \(period) \(types)"
        let body = try await common.answers.answer(name, for: found.age) { [areas = common.areas.areas] in
            var outline: AreaOutline?
            if geometry == .simple || geometry == .full {
                outline = try await areas.outlines(
                    of: [area.number], in: found.table.layer, isSimple: geometry == .simple)[area.number]
            }
            var history: AreaHistory?
            if let query = found.query, let figures = found.figures {
                history = try await areas.history(of: area.number, query, figures)
            }
            var json = JSONWriter()
            json.area(found, index, geometry, outline, history)
            return json.buffer
        }
        return body.response(to: request, mediaType: "application/json", vary: "Accept-Encoding")
    }
}

extension QueryParameters {
    mutating func layer() -> Slug? { parsed("layer", Slug.form) { Slug($0) } }

    /// Parses a required coordinate.
    fileprivate mutating func degrees(_ name: String, upTo most: Double) -> Double? {
        guard text(name) != nil else {
            reject(name, "must be given")
            return nil
        }
        return parsed(name, "degrees from -\(Int(most)) to \(Int(most))") { text in
            Double(text).flatMap { (-most...most).contains($0) ? $0 : nil }
        }
    }
}
