import Domain
import Fetch

/// Choices of a feed that reads an Opendatasoft site.
package struct OpendatasoftParameters: Hashable, Sendable {
    static let keys = ["base", "site", "resource", "where", "key"]

    package let base: String
    /// The id of the dataset.
    package let resource: String
    /// A condition in ODSQL.
    package let condition: String?
    /// The secret that is sent as an API key, as `${NAME}`.
    package let key: String?

    init(_ top: FeedNode) throws(FeedFault) {
        base = try SiteURL.base(top, default: nil)
        resource = try top.requiredText("resource", "the id of the dataset")
        guard resource.utf8.count <= 200,
            resource.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_@".contains($0)) })
        else { throw top.fault("resource", "must be the id of a dataset: letters, digits, -, _ and @") }
        condition = try top.text("where")
        key = try top.text("key")
    }
}

/// Reads a dataset of Opendatasoft (Explore API 2.1).
///
/// Up to 10,000 records, which is as far as pages reach, come in pages of 100, more in one export. Records have no id
/// and no order of their own, so a page is only trusted if the number of records stays the same from the first to the
/// last.
struct OpendatasoftSource: FeedSource {
    static let page = 100
    /// `offset` + `limit` may not exceed this.
    static let furthest = 10_000

    private let parameters: OpendatasoftParameters
    private let access: SourceAccess
    private let pages: RowPages

    init(_ parameters: OpendatasoftParameters, _ access: SourceAccess, _ pages: RowPages) {
        self.parameters = parameters
        self.access = access
        self.pages = pages
    }

    func plan(_ held: [String: Checkpoint]) async throws -> FeedPlan {
        let request = try request("", [])
        let (value, _) = try await explaining { try await pages.document(request) }
        let metadata = value.value(at: "metas.default")
        let processed = metadata?["data_processed"]?.text ?? metadata?["modified"]?.text
        // A dataset that does not say when it was renewed is read once a day.
        let version = "\(processed ?? "\(pages.fetcher.date.day)") \(metadata?["records_count"]?.text ?? "")"
        var plan = FeedPlan()
        plan.offered = 1
        if held[parameters.resource]?.version != version {
            plan.parts = [FeedPart(parameters.resource, version: version)]
        }
        return plan
    }

    func read(_ part: FeedPart, held: Checkpoint?, into rows: RowFile) async throws -> FetchedPart {
        let retrieved = pages.fetcher.date
        var total: Int64?
        var requests = 0
        var first: String?
        let start = rows.mark
        while true {
            let request = try request("/records", [("limit", "\(Self.page)"), ("offset", "\(rows.rows)")])
            let url = request.url.shown
            if first == nil { first = url }
            let page = try await explaining { try await pages.read(request, path: ["results"], into: rows) }
            requests += 1
            guard let count = page.envelope["total_count"]?.integer else {
                throw SourceError(.shape, url: url, "the number of records is missing")
            }
            guard count == total ?? count else {
                throw SourceError(.changed, url: url, "records came or went while they were read")
            }
            total = count
            if count > Self.furthest {
                try rows.rewind(to: start)
                let export = try self.request("/exports/json", [])
                _ = try await explaining { try await pages.read(export, path: [], into: rows) }
                first = export.url.shown
                requests += 1
                break
            }
            guard page.count > 0, rows.rows < count else { break }
        }
        guard Int64(rows.rows) == total else {
            throw SourceError(
                .changed, url: first ?? parameters.base, "\(rows.rows) records came where \(total ?? 0) were announced")
        }
        return FetchedPart(
            checkpoint: Checkpoint(version: part.version), contents: .whole(isFirst: true, isLast: true),
            url: first ?? parameters.base, retrieved: retrieved, requests: requests)
    }

    private func request(_ path: String, _ query: [(String, String)]) throws -> FetchRequest {
        var query = query
        if !path.isEmpty, let condition = parameters.condition { query.append(("where", condition)) }
        let text = QueryText.encoded(query.map { (name: $0.0, value: $0.1) })
        let url =
            try pages.fetcher.fill(parameters.base)
            + "/api/explore/v2.1/catalog/datasets/\(parameters.resource)\(path)\(text.isEmpty ? "" : "?\(text)")"
        var request = FetchRequest(url, source: "opendatasoft", access: access)
        if let key = parameters.key {
            request.headers = [("Authorization", RequestText.apiKey(try pages.fetcher.fill(key)))]
        }
        return request
    }

    private func explaining<Output: Sendable>(_ body: () async throws -> Output) async throws -> Output {
        do {
            return try await body()
        } catch let error as FetchError where error.code == .status && !error.isTemporary {
            let value = try? JSONValue(Array(error.body.utf8))
            let message = value?["message"]?.text ?? error.problem
            let code = value?["error_code"]?.text.map { "\($0): " } ?? ""
            throw SourceError(
                error.status == 404 ? .missing : .refused, url: error.url, "the source says: \(code)\(message)")
        }
    }
}
