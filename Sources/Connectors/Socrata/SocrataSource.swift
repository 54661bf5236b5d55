import Domain
import Fetch

/// Choices of a feed that reads a Socrata site, such as data.cityofnewyork.us.
package struct SocrataParameters: Hashable, Sendable {
    static let keys = ["base", "site", "resource", "where", "token", "page", "rows_per_batch", "overlap_minutes"]

    /// The site, such as `https://data.cityofnewyork.us`.
    package let base: String
    /// The four-by-four id of the dataset, such as `erm2-nwe9`.
    package let resource: String
    /// A condition in SoQL on the rows to read.
    package let condition: String?
    /// The secret that is sent as `X-App-Token`, as `${NAME}`.
    package let token: String?
    /// Rows in a page, 1 to 50,000.
    package let page: Int
    /// Rows after which a batch is stored.
    package let rowsPerBatch: Int
    /// How far before the newest row a run begins, for rows that were being written when the last one read.
    package let overlap: Duration

    init(_ top: FeedNode) throws(FeedFault) {
        base = try SiteURL.base(top, default: nil)
        resource = try top.requiredText("resource", "the id of the dataset, such as erm2-nwe9")
        let parts = resource.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({ $0.utf8.count == 4 && $0.allSatisfy { $0.isASCII && ($0.isNumber || $0.isLowercase) } })
        else { throw top.fault("resource", "must be an id of two times four letters and digits, such as erm2-nwe9") }
        condition = try top.text("where")
        token = try top.text("token")
        page = try top.integer("page", in: 1...50_000) ?? 10_000
        rowsPerBatch = try top.integer("rows_per_batch", in: 1...10_000_000) ?? 200_000
        overlap = .seconds(60 * (try top.integer("overlap_minutes", in: 0...10_080) ?? 60))
    }
}

/// The site that a feed names, as the beginning of URLs.
enum SiteURL {
    /// `base`, which may hold a path, or `site`, a host alone.
    static func base(_ top: FeedNode, default usual: String?) throws(FeedFault) -> String {
        if let base = try top.text("base") {
            guard !top.has("site") else { throw top.fault("site", "cannot be used together with base") }
            return base.hasSuffix("/") ? String(base.dropLast()) : base
        }
        if let site = try top.text("site") { return "https://\(site)" }
        guard let usual else { throw top.fault("site", "is missing: the host of the source, such as data.example.org") }
        return usual
    }
}

/// Reads a dataset of Socrata (SODA 2.1).
///
/// Rows come in the order of `:updated_at` and `:id`, each page after the last row of the one before, so that a row
/// that comes in between, or is changed, moves nothing: it stands at the end. The two fields of the last row are the
/// checkpoint, from which any later run goes on. Rows that the source deletes are not noticed.
struct SocrataSource: FeedSource {
    private static let part = "rows"

    private let parameters: SocrataParameters
    private let access: SourceAccess
    private let pages: RowPages

    init(_ parameters: SocrataParameters, _ access: SourceAccess, _ pages: RowPages) {
        self.parameters = parameters
        self.access = access
        self.pages = pages
    }

    func plan(_ held: [String: Checkpoint]) async throws -> FeedPlan {
        var query = [("$select", "count(*) as row_count, max(:updated_at) as newest")]
        if let condition = parameters.condition { query.append(("$where", condition)) }
        let request = try request(query)
        let (value, _) = try await explaining { try await pages.document(request) }
        guard case .array(let rows) = value, let row = rows.first, let count = row["row_count"]?.integer else {
            throw SourceError(.shape, url: request.url.shown, "the number of rows is missing")
        }
        let newest = row["newest"]?.text ?? ""
        var plan = FeedPlan()
        plan.offered = 1
        let version = "\(newest) \(count)"
        let state = held[Self.part].flatMap { SocrataState($0.state) }
        if count == 0 {
            if state?.updated != nil { plan.findings.append("the dataset \(parameters.resource) has become empty") }
            return plan
        }
        if state?.isComplete == true, held[Self.part]?.version == version { return plan }
        plan.parts = [FeedPart(Self.part, version: version)]
        return plan
    }

    func read(_ part: FeedPart, held: Checkpoint?, into rows: RowFile) async throws -> FetchedPart {
        var state = held.flatMap { SocrataState($0.state) } ?? SocrataState()
        // A run that begins anew looks back; one that goes on within a run does not.
        if state.isComplete {
            state.updated = state.updated.map { SocrataState.earlier($0, by: parameters.overlap) }
            state.id = nil
            state.isComplete = false
            state.read = 0
        }
        let retrieved = pages.fetcher.date
        var url: String?
        var requests = 0
        while rows.rows < parameters.rowsPerBatch {
            let request = try request(query(after: state))
            if url == nil { url = request.url.shown }
            let page = try await explaining {
                try await pages.read(
                    request, path: [], into: rows, check: { value in try Self.check(value, request.url.shown) })
            }
            requests += 1
            // A page that is shorter than asked may be one that the source shortened: only an empty one is the end.
            guard page.count > 0 else {
                state.isComplete = true
                break
            }
            let next = try last(of: page, url: request.url.shown)
            guard state.isBefore(next) else {
                throw SourceError(
                    .shape, url: request.url.shown, "the rows do not come in the order of :updated_at and :id")
            }
            (state.updated, state.id) = (next.updated, next.id)
            state.read += page.count
            try AnnouncedRows(part).refuseMore(than: state.read, url: request.url.shown)
        }
        return FetchedPart(
            checkpoint: Checkpoint(version: part.version, state: state.json),
            contents: rows.rows == 0 ? .nothing : .changes, hasMore: !state.isComplete, url: url ?? parameters.base,
            retrieved: retrieved, requests: requests)
    }

    private func query(after state: SocrataState) -> [(String, String)] {
        var conditions = parameters.condition.map { ["(\($0))"] } ?? []
        if let updated = state.updated {
            if let id = state.id {
                conditions.append("(:updated_at > '\(updated)' OR (:updated_at = '\(updated)' AND :id > '\(id)'))")
            } else {
                conditions.append(":updated_at >= '\(updated)'")
            }
        }
        var query = [("$select", ":*, *"), ("$order", ":updated_at, :id"), ("$limit", "\(parameters.page)")]
        if !conditions.isEmpty { query.append(("$where", conditions.joined(separator: " AND "))) }
        return query
    }

    private func request(_ query: [(String, String)]) throws -> FetchRequest {
        let text = QueryText.encoded(query.map { (name: $0.0, value: $0.1) })
        let base = try pages.fetcher.fill(parameters.base)
        var request = FetchRequest(
            base + "/resource/\(parameters.resource).json?\(text)", source: "socrata", access: access)
        if let token = parameters.token { request.headers = [("X-App-Token", try pages.fetcher.fill(token))] }
        return request
    }

    private func last(of page: RowPage, url: String) throws(SourceError) -> SocrataState {
        let row: JSONValue
        do {
            row = try JSONValue(page.last ?? [])
        } catch {
            throw SourceError(.shape, url: url, "a row \(error.problem)")
        }
        guard let updated = row[":updated_at"]?.text, let id = row[":id"]?.text,
            SocrataState.isPlain(updated), SocrataState.isPlain(id)
        else { throw SourceError(.shape, url: url, "a row has no :updated_at or no :id") }
        return SocrataState(updated: updated, id: id)
    }

    /// - Throws: ``SourceError`` for an error that comes in place of rows.
    private static func check(_ value: JSONValue, _ url: String) throws(SourceError) {
        guard value["message"] != nil || value["errorCode"] != nil || value["error"] == .bool(true) else { return }
        throw SocrataFault(value).error(url)
    }

    /// Puts what the source says of an error in its place.
    private func explaining<Output: Sendable>(_ body: () async throws -> Output) async throws -> Output {
        do {
            return try await body()
        } catch let error as FetchError where error.code == .status && !error.isTemporary {
            let value = try? JSONValue(Array(error.body.utf8))
            var fault = SocrataFault(value ?? .null)
            if fault.message == nil { fault.message = error.problem }
            fault.status = error.status
            throw fault.error(error.url)
        }
    }
}

/// Where the reading of a dataset stands.
struct SocrataState: Hashable, Sendable {
    /// `:updated_at` of the last row, as the source wrote it.
    var updated: String?
    var id: String?
    /// Whether the run came to the end.
    var isComplete = false
    /// How many rows were read since the beginning of the dataset, or of the newest rows.
    var read = 0

    init(updated: String? = nil, id: String? = nil) {
        self.updated = updated
        self.id = id
    }

    /// - Returns: `nil` for a text that is no state.
    init?(_ json: String) {
        guard let value = try? JSONValue(Array(json.utf8)), case .object = value else { return nil }
        updated = value["updated"]?.text
        id = value["id"]?.text
        isComplete = value["complete"] == .bool(true)
        read = value["read"]?.integer.flatMap { Int(exactly: $0) } ?? 0
    }

    var json: String {
        var members: [JSONValue.Member] = []
        if let updated { members.append(.init(name: "updated", value: .string(updated))) }
        if let id { members.append(.init(name: "id", value: .string(id))) }
        members.append(.init(name: "complete", value: .bool(isComplete)))
        members.append(.init(name: "read", value: .number("\(read)")))
        return JSONValue.object(members).json
    }

    /// Whether a row may stand after this one. Texts of instants are compared as the source orders them; ids are
    /// ordered by numbers that their texts do not show, so of two rows with one instant it is only known that they
    /// differ.
    func isBefore(_ next: SocrataState) -> Bool {
        guard let updated else { return true }
        guard let later = next.updated, later >= updated else { return false }
        return later > updated || next.id != id
    }

    /// Whether a value can stand between quotes of a condition.
    static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 100
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "'") && $0 != UInt8(ascii: "\\") }
    }

    /// An instant of the source moved back; as it was where it cannot be read.
    static func earlier(_ text: String, by overlap: Duration) -> String {
        guard let instant = Instant(text), overlap > .zero else { return text }
        return (instant - overlap).description
    }
}

/// An error of Socrata, in any of its forms.
struct SocrataFault {
    var message: String?
    var code: String?
    /// The column that is at fault; it stands in `data`, or in `data` within that.
    var column: String?
    var status: Int?

    init(_ value: JSONValue) {
        message = value["message"]?.text
        code = value["errorCode"]?.text ?? value["code"]?.text
        column = value.value(at: "data.column")?.text ?? value.value(at: "data.data.column")?.text
    }

    func error(_ url: String) -> SourceError {
        let place = column.map { " (column \($0))" } ?? ""
        let name = code.map { "\($0): " } ?? ""
        let missing = status == 404 || code?.hasSuffix("not-found") == true || code == "not_found"
        return SourceError(
            missing ? .missing : .refused, url: url, "the source says: \(name)\(message ?? "an error")\(place)")
    }
}
