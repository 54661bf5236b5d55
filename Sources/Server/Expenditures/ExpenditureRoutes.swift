import Accounts
import Domain
import Formats
import HTTPTypes
import Hummingbird
import JSON
import Spending
import Web

/// Answers `/v1/expenditures`: the payments of a dataset, one by one.
struct ExpenditureRoutes {
    private static let known =
        ["fiscal_year", "vendor", "department", "account", "organisation", "from", "to", "min_amount", "max_amount"]
        + ListRequest.parameters
    private static let longestText = 1000

    let lists: ListAnswerer
    let known: ExpenditureCatalogue

    var endpoints: [Endpoint] {
        let body = Endpoint.Body.small(upTo: ExpenditureBody.longest)
        return [
            Endpoint(
                "/v1/expenditures", cost: .page,
                [
                    .get: .init(rule: .reader, handler: list),
                    .post: .init(rule: .role(.analyst), body: body, handler: telling(add)),
                ]),
            Endpoint(
                "/v1/expenditures/{id}",
                [
                    .get: .init(rule: .reader, handler: show),
                    .put: .init(rule: .role(.analyst), body: body, handler: telling(replace)),
                    .delete: .init(rule: .role(.analyst), handler: telling(delete)),
                ]),
        ]
    }

    @Sendable private func list(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: Self.known)
        let list = try await ListRequest(request, &parameters, of: ExpenditureFeatures.self)
        let after = parameters.after { RowNumber.read($0) }
        let year = parameters.parsed("fiscal_year", "a year such as 2024") { text in
            text.utf8.count == 4 ? UInt16(text).map(Int.init) : nil
        }
        func text(_ name: String) -> String? {
            parameters.parsed(name, "a text of 1 to \(Self.longestText) bytes") { text in
                (1...Self.longestText).contains(text.utf8.count) ? text : nil
            }
        }
        let vendor = text("vendor")
        let key = vendor.map { VendorKey.key(of: $0) }
        if key == "" { parameters.reject("vendor", "has no letter or digit") }
        let (department, account, organisation) = (text("department"), text("account"), text("organisation"))
        let from = parameters.parsed("from", "a date such as 2023-07-01") { LocalDay($0) }
        let to = parameters.parsed("to", "a date such as 2024-06-30") { LocalDay($0) }
        let least = parameters.parsed("min_amount", "an amount such as -100 or 1234.50") { Amount($0) }
        let most = parameters.parsed("max_amount", "an amount such as -100 or 1234.50") { Amount($0) }
        try parameters.check()

        let dataset = try await known.dataset(list.dataset, for: context).slug
        var query = ExpenditureQuery(dataset: dataset)
        query.fiscalYear = year
        query.vendorKey = key
        query.department = department
        query.account = account
        query.organisation = organisation
        query.from = from
        query.to = to
        query.least = least
        query.most = most
        return try await lists.answer(
            list, from: ExpenditureFeatures(expenditures: known.expenditures, query: query), after: after,
            resolved: ["dataset": dataset.text], name: "\(dataset)-expenditures", in: context)
    }

    @Sendable private func show(_ request: Request, _ context: ClientContext) async throws -> Response {
        let found = try await known.expenditure(try Self.id(request, context), for: context)
        let tag = Self.tag(of: found)
        if EntityTag.isKnown(tag, ifNoneMatch: request.headers.combined(.ifNoneMatch)) {
            return Response(status: .notModified, headers: [.eTag: tag, .cacheControl: "no-cache"])
        }
        return Self.response(found, to: request)
    }

    /// Answers `POST /v1/expenditures` with 201 and the expenditure.
    @Sendable private func add(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: ["dataset"])
        let slug = parameters.dataset()
        try parameters.check()
        let origin = try context.origin.text()
        let dataset = try await known.dataset(slug, for: context).slug
        let body = try await ExpenditureBody(request, takesID: true)
        let added = try await known.expenditures.add(
            body.fields, sourceID: body.sourceID, to: dataset, by: context.requester)
        var response = Self.response(added, to: request, status: .created)
        response.headers[.location] = "\(origin)/v1/expenditures/\(added.id)"
        return response
    }

    /// Answers `PUT /v1/expenditures/{id}`, if the expenditure still is as the client has read it.
    @Sendable private func replace(_ request: Request, _ context: ClientContext) async throws -> Response {
        let found = try await known.expenditure(try Self.id(request, context), for: context)
        let expected = try Self.expected(found, by: request, isNeeded: true)
        let body = try await ExpenditureBody(request, takesID: false)
        let changed = try await known.expenditures.change(
            found.id, of: found.dataset, to: body.fields, ifVersion: expected, by: context.requester)
        return Self.response(changed, to: request)
    }

    @Sendable private func delete(_ request: Request, _ context: ClientContext) async throws -> Response {
        let found = try await known.expenditure(try Self.id(request, context), for: context)
        let expected = try Self.expected(found, by: request, isNeeded: false)
        try await known.expenditures.delete(
            found.id, of: found.dataset, ifVersion: expected, by: context.requester)
        return Response(status: .noContent)
    }

    /// The handler with refusals of the store turned into problems.
    private func telling(_ handler: @escaping Endpoint.Handler) -> Endpoint.Handler {
        { request, context in
            do {
                return try await handler(request, context)
            } catch let refusal as ExpenditureRefusal {
                switch refusal {
                case .missing: throw Problem.notFound("There is no such expenditure.", field: "id")
                case .changed: throw Self.lostRace
                case .taken:
                    throw Problem(
                        status: .conflict, detail: "The dataset has an expenditure with this source_id already.",
                        errors: [.init(field: "source_id", message: "is taken")])
                case .right:
                    throw Problem(
                        status: .forbidden, detail: "The right to write to the dataset has ended.", isRefusal: true)
                }
            }
        }
    }

    private static func id(_ request: Request, _ context: ClientContext) throws(Problem) -> Int64? {
        var parameters = QueryParameters(request, context)
        let id = parameters.id("id")
        try parameters.check()
        return id
    }

    private static let lostRace = Problem(
        status: .preconditionFailed,
        detail: "The expenditure has changed since it was read: read it again and send its ETag in If-Match.")

    private static func tag(of found: Expenditure) -> String { "\"v\(found.version)\"" }

    /// The version that a write expects, by `If-Match` (RFC 9110, 13.1.1); `nil` for any.
    /// - Throws: ``Problem`` 412 when the expenditure has another version, 428 when the header is needed and missing.
    private static func expected(
        _ found: Expenditure, by request: Request, isNeeded: Bool
    ) throws(Problem) -> Int64? {
        guard let header = request.headers.combined(.ifMatch) else {
            guard isNeeded else { return nil }
            throw Problem(
                status: .preconditionRequired,
                detail: "Send the ETag of the expenditure as you read it in If-Match, so that no change is lost.")
        }
        let tags = header.split(separator: ",").map { $0.trimmingPrefix { $0 == " " || $0 == "\t" } }
        if tags.count == 1, tags[0].hasPrefix("*") { return nil }
        // The comparison is the strong one: a weak tag never matches.
        let tag = tag(of: found)
        guard tags.contains(where: { $0.prefix { $0 != " " && $0 != "\t" } == tag }) else { throw lostRace }
        return found.version
    }

    private static func response(
        _ found: Expenditure, to request: Request, status: HTTPResponse.Status = .ok
    ) -> Response {
        var json = JSONWriter()
        json.object { $0.fields(of: found) }
        var response = json.response(to: request, status: status)
        response.headers[.eTag] = tag(of: found)
        return response
    }
}
