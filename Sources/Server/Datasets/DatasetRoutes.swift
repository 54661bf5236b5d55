import Accounts
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import JSON
import Web

/// Answers `/v1/datasets/{slug}`: the description of a dataset, and its administration.
struct DatasetRoutes {
    private static let longestBody = 64 * 1024

    let catalogue: DatasetCatalogue
    let administration: any DatasetAdministration
    let accounts: AccountSources?

    var endpoints: [Endpoint] {
        let body = Endpoint.Body.small(upTo: Self.longestBody)
        return [
            Endpoint(
                "/v1/datasets/{slug}",
                [
                    .get: .init(rule: .reader, handler: show),
                    .put: .init(rule: .role(.admin), body: body, handler: telling(put)),
                    .patch: .init(rule: .role(.admin), body: body, handler: telling(patch)),
                    .delete: .init(rule: .role(.admin), handler: telling(delete)),
                ])
        ]
    }

    @Sendable private func show(_ request: Request, _ context: ClientContext) async throws -> Response {
        let slug = try Self.slug(request, context)
        let status = try await catalogue.dataset(slug, for: context)
        return Self.response(status.dataset, to: request)
    }

    /// Adds a dataset or replaces its whole description. Missing members get their defaults.
    @Sendable private func put(_ request: Request, _ context: ClientContext) async throws -> Response {
        let slug = try Self.slug(request, context)
        var description = try await Self.description(request)
        guard description.slug == nil || description.slug == slug else {
            throw Problem.badRequest([.init(field: "slug", message: "must be the slug in the URL, or be left out")])
        }
        description.slug = slug
        // An API key limited to some datasets cannot learn about others or add any.
        if try await !context.asking().seesEverything { _ = try await catalogue.dataset(slug, for: context) }
        let dataset = try Self.checked { try description.dataset() }
        let isAdded = try await administration.put(dataset)
        await accounts?.noteChange()
        return Self.response(dataset, to: request, status: isAdded ? .created : .ok)
    }

    /// Changes the given members and leaves the others unchanged.
    @Sendable private func patch(_ request: Request, _ context: ClientContext) async throws -> Response {
        let slug = try Self.slug(request, context)
        let change = try await Self.description(request)
        guard change.slug == nil || change.slug == slug else {
            throw Problem.badRequest([.init(field: "slug", message: "cannot be changed")])
        }
        let current = try await catalogue.dataset(slug, for: context).dataset
        let dataset = try Self.checked { try change.applied(to: current) }
        _ = try await administration.put(dataset)
        await accounts?.noteChange()
        return Self.response(dataset, to: request)
    }

    /// Deletes a dataset with everything stored of it, if its slug is repeated as `confirm`.
    @Sendable private func delete(_ request: Request, _ context: ClientContext) async throws -> Response {
        let slug = try Self.slug(request, context, known: ["confirm"]) { parameters in
            if parameters.text("confirm") != parameters.text("slug") {
                parameters.reject("confirm", "must be the slug of the dataset: everything stored of it will be deleted")
            }
        }
        // The right is checked only now and not until the end, because the request itself removes it.
        _ = try await catalogue.dataset(slug, for: try await context.asking())
        let deleted = try await administration.delete(slug)
        await accounts?.noteChange()
        var json = JSONWriter()
        json.object { json in
            json.field("dataset", slug.text)
            json.field("events", deleted.events)
            json.field("batches", deleted.batches)
        }
        return json.response(to: request)
    }

    /// The handler with refusals of the store turned into problems.
    private func telling(_ handler: @escaping Endpoint.Handler) -> Endpoint.Handler {
        { request, context in
            do {
                return try await handler(request, context)
            } catch let refusal as DatasetRefusal {
                throw Problem(status: refusal.isBusy ? .conflict : .unprocessableContent, detail: refusal.description)
            }
        }
    }

    /// The slug that the path names.
    /// - Parameter read: Reads further parameters.
    private static func slug(
        _ request: Request, _ context: ClientContext, known: [String] = [],
        _ read: (inout QueryParameters) -> Void = { _ in }
    ) throws(Problem) -> Slug {
        var parameters = QueryParameters(request, context, known: known)
        let slug = parameters.parsed("slug", Slug.form) { Slug($0) }
        read(&parameters)
        try parameters.check()
        guard let slug else { throw .fault }
        return slug
    }

    private static func description(_ request: Request) async throws -> DatasetDescription {
        let type = ParameterizedValue.mediaType(request.headers[.contentType])
        guard type == "application/json" || type == "application/merge-patch+json" else {
            throw Problem(status: .unsupportedMediaType, detail: "The body must be application/json.")
        }
        let body = try await request.body.collect(upTo: longestBody)
        return try checked {
            do {
                return try JSONDecoder().decode(DatasetDescription.self, from: Data(body.readableBytesView))
            } catch let error as DecodingError {
                throw DatasetDescriptionError(error)
            }
        }
    }

    private static func checked<Value>(_ read: () throws -> Value) throws -> Value {
        do {
            return try read()
        } catch let error as DatasetDescriptionError {
            guard let field = error.field else { throw Problem.badRequest("The body \(error.message).") }
            throw Problem.badRequest([.init(field: field, message: error.message)])
        }
    }

    private static func response(
        _ dataset: Dataset, to request: Request, status: HTTPResponse.Status = .ok
    ) -> Response {
        var json = JSONWriter()
        json.object { json in
            json.field("slug", dataset.slug.text)
            json.field("holds", dataset.holds.rawValue)
            json.field("title", dataset.title)
            json.field("licence", dataset.licence)
            json.field("licence_url", dataset.licenceURL)
            json.field("attribution", dataset.attribution)
            json.field("time_zone", dataset.timeZone)
            json.field("visibility", dataset.visibility.rawValue)
            json.array("resolutions", of: dataset.resolutions) { $0.value($1) }
            json.field(groups: dataset.groups)
            json.object("weights") { json in
                json.field("count", dataset.weights.count)
                json.field("growth", dataset.weights.growth)
                json.field("average", dataset.weights.average)
            }
            json.object("levels") { json in
                json.field("medium", dataset.thresholds.medium)
                json.field("high", dataset.thresholds.high)
                json.field("critical", dataset.thresholds.critical)
            }
            json.field("flag_z", dataset.thresholds.flagZ)
            json.name("retention_days")
            if let days = dataset.retentionDays { json.value(days) } else { json.null() }
            json.object("queryables") { json in
                for queryable in dataset.queryables { json.field(queryable.name, queryable.kind.rawValue) }
            }
            json.object("event_weights") { json in
                for (type, weight) in dataset.eventWeights.sorted(by: { $0.key < $1.key }) { json.field(type, weight) }
            }
            json.field("areas", dataset.areas?.text)
            json.name("minimum_count")
            if let minimum = dataset.minimumCount { json.value(minimum) } else { json.null() }
            json.field(expect: dataset.expect)
        }
        return json.response(to: request, status: status)
    }
}

extension JSONWriter {
    /// Writes expectations by the keys of a description.
    fileprivate mutating func field(expect: Expectations) {
        object("expect") { json in
            if let rows = expect.rows {
                json.array("rows", of: [rows.lowerBound, rows.upperBound]) { $0.value($1) }
            }
            if let change = expect.rowChange { json.field("row_change", change) }
            if let days = expect.freshDays { json.field("fresh_days", days) }
            if let share = expect.validShare { json.field("valid_share", share) }
            guard !expect.columns.isEmpty else { return }
            json.array("columns", of: expect.columns) { json, column in
                json.object { json in
                    json.field("column", column.name)
                    json.field("type", column.kind.rawValue)
                    if let range = column.range {
                        json.array("range", of: [range.lowerBound, range.upperBound]) { $0.value($1) }
                    }
                    if let allowed = column.allowed {
                        json.array("in", of: allowed.sorted()) { $0.value($1) }
                    }
                    if column.isRequired { json.field("required", true) }
                    if column.isUnique { json.field("unique", true) }
                }
            }
        }
    }
}
