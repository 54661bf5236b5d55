import Domain
import Formats
import H3
import HTTPTypes
import Hummingbird
import JSON
import Web

extension OGCRoutes {
    static let mostItems = 1000

    /// Answers `/ogc/collections/{collection}/items` with a page of features.
    @Sendable func items(_ request: Request, _ context: ClientContext) async throws -> Response {
        if let layer = Self.layer(context) { return try await areaItems(layer, request, context) }
        let named = Self.named(context)
        let kind = named?.kind ?? .risk
        let queryables = try await queryables(of: named, context)
        var parameters = QueryParameters(
            request.uri.query, known: ItemsQuery.parameters + queryables.map(\.name))
        let query = ItemsQuery(&parameters, kind, queryables)
        let after = ItemsCursor(&parameters, kind)
        let limit = parameters.clampedLimit(usual: 100, most: Self.mostItems)
        let page = try OGCPage(request, context, parameters)
        let (name, status) = try await find(named, context)
        try await check(query.filter)
        let resolved = try query.resolved(of: status)
        switch after {
        case .events(let after):
            let asked = try await types.known(query.eventTypes, of: status)
            let source = EventFeatures(events: events, query: try query.events(of: status, types: asked))
            return try await list(source, name.text, page, PageRequest(after: after, limit: limit), resolved)
        case .risk(let after):
            let source = RiskFeatures(risk: risk, query: try query.risk(of: status))
            return try await list(source, name.text, page, PageRequest(after: after, limit: limit), resolved)
        case .topCells(let after):
            let source = TopCellFeatures(topCells: topCells, query: try query.topCells(of: status))
            return try await list(source, name.text, page, PageRequest(after: after, limit: limit), resolved)
        case .outlook(let after):
            try status.needEveryCount(for: "Outlooks")
            let outlook = try query.outlook(of: status)
            let source = OutlookFeatures(outlooks: outlooks, query: outlook)
            let choice: [String: String?] = [
                "as_of": outlook?.asOf.description, "datetime": nil, "from": nil, "to": nil,
            ]
            let pinned = resolved.merging(choice) { $1 }
            return try await list(
                source, name.text, page, PageRequest(after: after, limit: limit), outlook == nil ? resolved : pinned)
        }
    }

    /// Answers `/ogc/collections/{collection}/items/{id}` with one feature.
    @Sendable func item(_ request: Request, _ context: ClientContext) async throws -> Response {
        if let layer = Self.layer(context) { return try await areaItem(layer, request, context) }
        let parameters = QueryParameters(request, context, known: OGCPage.parameters)
        let page = try OGCPage(request, context, parameters)
        let (name, status) = try await find(context)
        let id = parameters.text("id") ?? ""
        let query = ItemsQuery()
        switch name.kind {
        case .events:
            guard let cursor = EventCursor(text: id), let before = cursor.before else { throw Self.noItem(id) }
            var events = try query.events(of: status)
            events.from = cursor.timestamp
            events.to = cursor.timestamp + .microseconds(1)
            let source = EventFeatures(events: self.events, query: events)
            return try await one(source, id, name.text, page, after: before)
        case .risk:
            guard let cursor = RiskCursor(text: id), var risk = try query.risk(of: status) else {
                throw Self.noItem(id)
            }
            risk.days = cursor.day...cursor.day
            risk.resolution = cursor.cell.resolution.number
            return try await one(
                RiskFeatures(risk: self.risk, query: risk, cell: cursor.cell), id, name.text, page, after: nil)
        case .topCells:
            var topCells = try query.topCells(of: status)
            topCells?.selection.filter = .compare("h3_index", .equal, .text(id))
            return try await one(
                TopCellFeatures(topCells: self.topCells, query: topCells), id, name.text, page, after: nil)
        case .outlook:
            try status.needEveryCount(for: "Outlooks")
            var outlook = try query.outlook(of: status)
            outlook?.selection.filter = .compare("h3_index", .equal, .text(id))
            if let cell = try? H3Cell(id) { outlook?.resolution = cell.resolution.number }
            return try await one(
                OutlookFeatures(outlooks: outlooks, query: outlook), id, name.text, page, after: nil)
        }
    }

    /// The attributes that a filter of a collection may name; none where the client cannot see it.
    private func queryables(of name: CollectionName?, _ context: ClientContext) async throws -> [Queryable] {
        guard let name, name.kind == .events, (try? context.need(name.kind.rule)) != nil else { return [] }
        return try await catalogue.visible(name.dataset, to: context)?.dataset.queryables ?? []
    }

    /// - Throws: ``Problem`` 400 for an invalid polygon in the filter.
    private func check(_ filter: FeatureFilter?) async throws {
        for polygon in filter?.drawnPolygons ?? [] {
            guard let fault = try await polygons.fault(of: polygon) else { continue }
            throw Problem.badRequest([.init(field: "filter", message: "has an invalid polygon: \(fault)")])
        }
    }

    func list<Source: FeatureSource>(
        _ source: Source, _ name: String, _ page: OGCPage, _ wanted: PageRequest<Source.Row>,
        _ resolved: [String: String?]
    ) async throws -> Response {
        let found = try await source.page(wanted)
        let mediaType = ListFormat.geojson.mediaType
        var links = page.links(mediaType)
        if let next = found.next {
            let type = page.format == .json ? mediaType : "text/html"
            links.append(
                .link("next", page.next(after: source.text(next), resolved), type, "The next features"))
        }
        links.append(
            .link("collection", page.urls.collection(name), "application/json", "The collection"))
        let features = found.rows.map { source.item($0) }
        let columns = Source.itemColumns
        let document: Document = [
            "numberReturned": .integer(features.count), "links": .list(links),
            "features": .list(features.map { $0.document(Source.properties, columns, page.urls.items(name)) }),
        ]
        return page.response("Items", parents: page.urls.parents(name), document, mediaType: mediaType) {
            var json = JSONWriter()
            json.object { json in
                json.field("type", "FeatureCollection")
                json.field("timeStamp", Instant.now.wholeSeconds.description)
                json.field("numberReturned", features.count)
                json.name("links")
                json.value(.list(links))
                json.array("features", of: features) { json, feature in
                    json.feature(feature, columns.map { Source.properties[$0] }, columns)
                }
            }
            return json
        }
    }

    func one<Source: FeatureSource>(
        _ source: Source, _ id: String, _ name: String, _ page: OGCPage, after cursor: Source.Row.Cursor?
    ) async throws -> Response {
        guard let row = try await source.page(PageRequest(after: cursor, limit: 1)).rows.first, source.id(of: row) == id
        else { throw Self.noItem(id) }
        let feature = source.item(row)
        let mediaType = ListFormat.geojson.mediaType
        let links =
            page.links(mediaType) + [
                .link("collection", page.urls.collection(name), "application/json", "The collection")
            ]
        let columns = Source.itemColumns
        let document = feature.document(Source.properties, columns, page.urls.items(name))
        return page.response(
            id, parents: page.urls.parents(name), ["links": .list(links), "feature": document], mediaType: mediaType
        ) {
            var json = JSONWriter()
            json.feature(feature, columns.map { Source.properties[$0] }, columns) { json in
                json.name("links")
                json.value(.list(links))
            }
            return json
        }
    }

    static func noItem(_ id: String) -> Problem {
        .notFound("There is no feature \(id.prefix(128)).", field: "id")
    }
}

extension FeatureSource {
    /// The properties of a feature that has a geometry.
    fileprivate static var itemColumns: [Int] { properties.indices.filter { !properties[$0].isPlace } }

    /// The feature of a row with an id that is unique in its collection.
    fileprivate func item(_ row: Row) -> Feature {
        let feature = feature(row)
        return Feature(id: id(of: row), place: feature.place, values: feature.values)
    }
}

extension Feature {
    /// The feature for people to read.
    fileprivate func document(_ properties: [FeatureProperty], _ columns: [Int], _ items: String) -> Document {
        let id = id ?? ""
        let url = "\(items)/\(PercentEncoding.encode(id))?f=html"
        var members = [Document.Member("id", ["href": .text(url), "title": .text(id)])]
        if case .point(let longitude, let latitude) = place {
            members.append(.init("geometry", [.number(longitude), .number(latitude)]))
        }
        members += columns.map { .init(properties[$0].name, values[$0].document) }
        return .object(members)
    }
}

extension PropertyValue {
    fileprivate var document: Document {
        switch self {
        case .text(let text), .json(let text): .text(text)
        case .integer(let number): .integer(number)
        case .number(let number): .number(number)
        case .truth(let truth): .truth(truth)
        case .null: .null
        }
    }
}

extension EventCursor {
    /// The cursor directly before this one, so that the page begins with this event.
    fileprivate var before: EventCursor? {
        sequence > .min && timestamp < .latest ? EventCursor(timestamp: timestamp, sequence: sequence - 1) : nil
    }
}
