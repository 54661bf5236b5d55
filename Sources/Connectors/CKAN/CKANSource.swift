import Digest
import Fetch

/// Choices of a feed that reads a CKAN site, such as data.boston.gov.
package struct CKANParameters: Hashable, Sendable {
    static let keys = ["base", "site", "resource", "filters", "contents", "page", "rows_per_batch"]

    private static let mostResources = 200

    package let base: String
    /// The ids of the resources, UUIDs. Each is a part.
    package let resources: [String]
    /// Values that columns must have, as `datastore_search` takes them.
    package let filters: [Filter]
    /// Whether rows only ever come behind those that are there; otherwise a resource that changed is read again.
    package let isAppended: Bool
    /// Rows in a page, 1 to 32,000.
    package let page: Int
    /// Rows after which a batch is stored.
    package let rowsPerBatch: Int

    package struct Filter: Hashable, Sendable {
        let column: String
        let values: [String]
    }

    init(_ top: FeedNode) throws(FeedFault) {
        base = try SiteURL.base(top, default: nil)
        if let list = try? top.texts("resource") {
            resources = list
        } else {
            resources = [try top.requiredText("resource", "the id of the resource, or a list of several")]
        }
        guard resources.count <= Self.mostResources else {
            throw top.fault("resource", "must be at most \(Self.mostResources) resources")
        }
        for resource in resources
        where resource.utf8.count != 36 || !resource.allSatisfy({ $0.isHexDigit || $0 == "-" }) {
            throw top.fault("resource", "must be the id of a resource, such as 9d7c2214-4709-478a-a2e8-fb2020a5bb94")
        }
        var filters: [Filter] = []
        if let node = try top.child("filters") {
            for column in node.keys {
                let values: [String]
                if let text = try? node.text(column) { values = [text] } else { values = try node.texts(column) ?? [] }
                filters.append(Filter(column: column, values: values))
            }
        }
        self.filters = filters
        switch try top.text("contents") {
        case nil, "all": isAppended = false
        case "appended": isAppended = true
        default:
            throw top.fault("contents", "must be all (any row may change) or appended (rows only come behind others)")
        }
        page = try top.integer("page", in: 1...32_000) ?? 10_000
        rowsPerBatch = try top.integer("rows_per_batch", in: 1...10_000_000) ?? 200_000
    }
}

/// Reads resources of a CKAN datastore (`datastore_search`).
///
/// Rows come in the order of `_id`, and the next page begins after as many rows as have come, whatever was asked for:
/// sites lower the limit without saying so, and their links to next pages have no end. A resource that changed is read
/// again. Where the feed says that rows are only appended, those behind the ones that are held are read, as long as the
/// last row that is held still stands where it stood: a site that loads a resource again numbers its rows anew.
struct CKANSource: FeedSource {
    private let parameters: CKANParameters
    private let access: SourceAccess
    private let pages: RowPages

    init(_ parameters: CKANParameters, _ access: SourceAccess, _ pages: RowPages) {
        self.parameters = parameters
        self.access = access
        self.pages = pages
    }

    func plan(_ held: [String: Checkpoint]) async throws -> FeedPlan {
        var plan = FeedPlan()
        plan.offered = parameters.resources.count
        for resource in parameters.resources {
            let version: (text: String, total: Int64, isExact: Bool)
            do {
                version = try await self.version(of: resource)
            } catch let error as CancellationError {
                throw error
            } catch {
                // Of several resources, one that is not there leaves the others alone: reading it says what is wrong.
                guard parameters.resources.count > 1 else { throw error }
                plan.parts.append(FeedPart(resource, version: ""))
                continue
            }
            let state = held[resource].flatMap { CKANState($0.state) }
            if version.total == 0, state?.offset ?? 0 > 0 {
                plan.findings.append("the resource \(resource) has become empty")
                continue
            }
            guard held[resource]?.version != version.text || state?.isComplete != true else { continue }
            plan.parts.append(FeedPart(resource, version: version.text))
        }
        return plan
    }

    func read(_ part: FeedPart, held: Checkpoint?, into rows: RowFile) async throws -> FetchedPart {
        let retrieved = pages.fetcher.date
        var state = held.flatMap { CKANState($0.state) } ?? CKANState()
        var requests = 0
        var part = part
        // The plan could not learn it. Without the number of rows, an end that comes too early would go unnoticed.
        if part.version.isEmpty {
            requests += 2
            part = FeedPart(part.name, version: try await version(of: part.name).text)
        }
        // A reading that was interrupted goes on only in the version in which it began.
        let goesOn = state.isComplete ? parameters.isAppended : held?.version == part.version
        if !goesOn {
            state = CKANState()
        } else if state.offset > 0 {
            requests += 1
            if try await !isUnchanged(state, of: part.name) { state = CKANState() }
        }
        // Appended rows change nothing of what is held; all other rows replace it.
        if state.offset == 0 { state.isWhole = true } else if state.isComplete { state.isWhole = false }
        state.isComplete = false
        let isFirst = state.offset == 0
        let first = try request(part.name, offset: state.offset, limit: parameters.page)
        while rows.rows < parameters.rowsPerBatch {
            let request = try request(part.name, offset: state.offset, limit: parameters.page)
            let url = request.url.shown
            let page = try await explaining {
                try await pages.read(
                    request, path: ["result", "records"], into: rows, check: { value in try Self.check(value, url) })
            }
            requests += 1
            guard page.count > 0, let last = page.last else {
                state.isComplete = true
                break
            }
            let row = try Self.row(last, url)
            guard let id = row["_id"]?.integer, id > state.last ?? .min else {
                throw SourceError(.changed, url: url, "the rows were numbered anew while they were read")
            }
            state.offset += page.count
            state.last = id
            state.digest = Self.digest(row)
            try AnnouncedRows(part).refuseMore(than: state.offset, url: url)
        }
        // A page that is empty by mistake looks like the end, and what was not read would be taken for deleted.
        if state.isComplete, state.isWhole, state.offset < AnnouncedRows(part).count {
            requests += 2
            let now = try await version(of: part.name)
            if now.isExact {
                try AnnouncedRows(count: Int(clamping: now.total))
                    .refuseFewer(than: state.offset, url: first.url.shown)
            }
        }
        // Rows may have moved between two pages, so nothing is taken as appended to what was read.
        if state.isComplete, parameters.isAppended {
            requests += 2
            if try await version(of: part.name).text != part.version { state.digest = "" }
        }
        let contents: RowContents =
            state.isWhole ? .whole(isFirst: isFirst, isLast: state.isComplete) : rows.rows == 0 ? .nothing : .changes
        return FetchedPart(
            checkpoint: Checkpoint(version: part.version, state: state.json), contents: contents,
            hasMore: !state.isComplete, url: first.url.shown, retrieved: retrieved, requests: requests)
    }

    /// When the resource was last renewed, and how many rows it has, which may be an estimate.
    private func version(of resource: String) async throws -> (text: String, total: Int64, isExact: Bool) {
        let show = FetchRequest(
            try pages.fetcher.fill(parameters.base) + "/api/3/action/resource_show?id=\(resource)",
            source: "ckan", access: access)
        let (described, _) = try await explaining { try await pages.document(show) }
        try Self.check(described, show.url.shown)
        guard described.value(at: "result.datastore_active") != .bool(false) else {
            throw SourceError(
                .refused, url: show.url.shown,
                "the resource is a file that is not in the datastore; read its URL with source: csv")
        }
        let count = try request(resource, offset: 0, limit: 0)
        let (value, _) = try await explaining { try await pages.document(count) }
        try Self.check(value, count.url.shown)
        guard let total = value.value(at: "result.total")?.integer else {
            throw SourceError(.shape, url: count.url.shown, "the number of rows is missing")
        }
        let modified =
            described.value(at: "result.last_modified")?.text ?? described.value(at: "result.metadata_modified")?.text
        let isExact = value.value(at: "result.total_was_estimated") != .bool(true)
        return ("\(modified ?? "") \(total)", total, isExact)
    }

    /// Whether the last row that is held still is where it was.
    private func isUnchanged(_ state: CKANState, of resource: String) async throws -> Bool {
        let request = try request(resource, offset: state.offset - 1, limit: 1)
        let (value, _) = try await explaining { try await pages.document(request) }
        try Self.check(value, request.url.shown)
        guard case .array(let records)? = value.value(at: "result.records"), let row = records.first else {
            return false
        }
        return row["_id"]?.integer == state.last && Self.digest(row) == state.digest
    }

    private func request(_ resource: String, offset: Int, limit: Int) throws -> FetchRequest {
        var query = [
            ("resource_id", resource), ("limit", "\(limit)"), ("offset", "\(offset)"), ("sort", "_id asc"),
            ("include_total", "\(limit == 0)"),
        ]
        if !parameters.filters.isEmpty {
            let members = parameters.filters.map { filter in
                JSONValue.Member(name: filter.column, value: .array(filter.values.map { .string($0) }))
            }
            query.append(("filters", JSONValue.object(members).json))
        }
        let text = QueryText.encoded(query.map { (name: $0.0, value: $0.1) })
        return FetchRequest(
            try pages.fetcher.fill(parameters.base) + "/api/3/action/datastore_search?\(text)", source: "ckan",
            access: access)
    }

    private static func row(_ bytes: [UInt8], _ url: String) throws(SourceError) -> JSONValue {
        do {
            return try JSONValue(bytes)
        } catch {
            throw SourceError(.shape, url: url, "a row \(error.problem)")
        }
    }

    private static func digest(_ row: JSONValue) -> String {
        var bytes: [UInt8] = []
        row.append(to: &bytes, sorted: true)
        return SHA256.hash(String(decoding: bytes, as: UTF8.self)).prefix(16)
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// - Throws: ``SourceError`` unless the answer says that it is one: the status alone proves nothing.
    private static func check(_ value: JSONValue, _ url: String) throws(SourceError) {
        guard value["success"] != .bool(true) else { return }
        throw CKANFault(value, status: nil).error(url)
    }

    private func explaining<Output: Sendable>(_ body: () async throws -> Output) async throws -> Output {
        do {
            return try await body()
        } catch let error as FetchError where error.code == .status && !error.isTemporary {
            throw CKANFault(try? JSONValue(Array(error.body.utf8)), status: error.status).error(error.url)
        }
    }
}

/// Where the reading of a resource stands.
struct CKANState: Hashable, Sendable {
    /// How many rows were read.
    var offset = 0
    /// `_id` of the last of them, and a digest of its fields.
    var last: Int64?
    var digest = ""
    /// Whether the run came to the end.
    var isComplete = false
    /// Whether it began with the first row.
    var isWhole = false

    init() {}

    /// - Returns: `nil` for a text that is no state.
    init?(_ json: String) {
        guard let value = try? JSONValue(Array(json.utf8)), let offset = value["offset"]?.integer, offset >= 0 else {
            return nil
        }
        self.offset = Int(offset)
        last = value["last"]?.integer
        digest = value["digest"]?.text ?? ""
        isComplete = value["complete"] == .bool(true)
        isWhole = value["whole"] == .bool(true)
    }

    var json: String {
        JSONValue.object([
            .init(name: "offset", value: .number("\(offset)")),
            .init(name: "last", value: last.map { .number("\($0)") } ?? .null),
            .init(name: "digest", value: .string(digest)), .init(name: "complete", value: .bool(isComplete)),
            .init(name: "whole", value: .bool(isWhole)),
        ]).json
    }
}

/// An error of CKAN: an object with `__type`, an object of fields with lists of messages (old servers: one text), or a
/// bare text.
struct CKANFault {
    /// The kind, such as `Not Found Error`; it is not translated, whereas messages are.
    var kind = ""
    var message = ""
    let status: Int?

    init(_ value: JSONValue?, status: Int?) {
        self.status = status
        guard let value else {
            message = "an answer that is not JSON"
            return
        }
        if let text = value.text {
            message = text
            return
        }
        guard case .object(let members)? = value["error"] else {
            message = value["error"]?.text ?? "an error without a message"
            return
        }
        kind = value["error"]?["__type"]?.text ?? ""
        message = members.filter { $0.name != "__type" }.map { member in
            let text: String
            if case .array(let texts) = member.value {
                text = texts.compactMap(\.text).joined(separator: ", ")
            } else {
                text = member.value.text ?? member.value.json
            }
            return member.name == "message" ? text : "\(member.name): \(text)"
        }.joined(separator: "; ")
    }

    func error(_ url: String) -> SourceError {
        // Some sites answer 404 for faults of the request, so the kind counts and then the status.
        let isMissing = kind == "Not Found Error" || kind.isEmpty && status == 404
        let name = kind.isEmpty ? "" : "\(kind): "
        return SourceError(isMissing ? .missing : .refused, url: url, "the source says: \(name)\(message)")
    }
}
