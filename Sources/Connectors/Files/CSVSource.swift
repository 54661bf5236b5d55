import Domain
import Fetch
import NIOCore

/// Choices of a feed that reads a file at a URL: CSV, NDJSON or JSON, plain, gzip or zip.
package struct CSVParameters: Hashable, Sendable {
    static let keys = ["url", "contents", "days"]
    /// Stands in a URL for the day of a part.
    static let dayMark = "{day}"

    package let url: String
    /// Whether a new file replaces the rows of the one before; otherwise its rows are added to them.
    package let replaces: Bool
    /// How many days up to today have a file each; `nil` for one file alone.
    package let days: Int?

    init(_ top: FeedNode) throws(FeedFault) {
        url = try top.requiredText("url", "the URL of the file")
        days = try top.integer("days", in: 1...3660)
        guard url.contains(Self.dayMark) == (days != nil) else {
            throw top.fault(
                days == nil ? "url" : "days", "\(Self.dayMark) in the url and days, the number of days, go together")
        }
        if days != nil, top.has("contents") { throw top.fault("contents", "is all for files of days") }
        switch try top.text("contents") {
        case nil, "all": replaces = true
        case "recent": replaces = false
        default:
            throw top.fault("contents", "must be all (the file has all rows) or recent (it has only the newest ones)")
        }
    }
}

/// Reads a file when the source says, by `ETag` or `Last-Modified`, that it is another than the one that is held.
///
/// A source that has a file for each day is read by day: the last few days each time, and a day that has changed
/// replaces the rows that are held of it.
struct CSVSource: FeedSource {
    private let parameters: CSVParameters
    private let access: SourceAccess
    private let pages: RowPages

    init(_ parameters: CSVParameters, _ access: SourceAccess, _ pages: RowPages) {
        self.parameters = parameters
        self.access = access
        self.pages = pages
    }

    func plan(_ held: [String: Checkpoint]) async throws -> FeedPlan {
        guard let days = parameters.days else { return FileState.plan() }
        let today = pages.fetcher.date.day
        var plan = FeedPlan()
        plan.offered = days
        plan.parts = (0..<days).map { FeedPart("\(today.advanced(by: -$0))", version: "") }
        return plan
    }

    func read(_ part: FeedPart, held: Checkpoint?, into rows: RowFile) async throws -> FetchedPart {
        let retrieved = pages.fetcher.date
        let known = held.flatMap { FileState($0.state) }
        let place =
            parameters.days == nil ? parameters.url : parameters.url.replacing(CSVParameters.dayMark, with: part.name)
        let request = try FileState.request(place, known, "csv", access, pages)
        let url = request.url.shown
        let mark = rows.mark
        let state = try await pages.fetcher.read(request) { head, body -> FileState? in
            try rows.rewind(to: mark)
            guard head.status != 304 else { return nil }
            guard head.mediaType != "text/html" else {
                throw SourceError(.shape, url: url, "the source sent a page for people in place of a file")
            }
            var digest = ByteDigest()
            for try await piece in body {
                digest.add(piece)
                try rows.write(bytes: piece)
            }
            return FileState(head, digest.hexadecimal)
        }
        return FileState.fetched(
            state, known, held, url, retrieved,
            contents: parameters.replaces ? .whole(isFirst: true, isLast: true) : .changes)
    }
}

/// Which file is held.
struct FileState: Hashable, Sendable {
    static let part = "file"

    let tag: String?
    let modified: String?
    /// The SHA-256 of its bytes, for sources that give neither.
    let digest: String

    init(_ head: AnswerHead, _ digest: String) {
        tag = head.validator("etag")
        modified = head.validator("last-modified")
        self.digest = digest
    }

    /// - Returns: `nil` for a text that is no state.
    init?(_ json: String) {
        guard let value = try? JSONValue(Array(json.utf8)), let digest = value["digest"]?.text else { return nil }
        tag = value["tag"]?.text
        modified = value["modified"]?.text
        self.digest = digest
    }

    var json: String {
        JSONValue.object([
            .init(name: "tag", value: tag.map { .string($0) } ?? .null),
            .init(name: "modified", value: modified.map { .string($0) } ?? .null),
            .init(name: "digest", value: .string(digest)),
        ]).json
    }

    /// The plan of every file: whether there is a newer one, only asking for it tells.
    static func plan() -> FeedPlan {
        var plan = FeedPlan()
        plan.offered = 1
        plan.parts = [FeedPart(part, version: "")]
        return plan
    }

    /// A request for the file if it is another than the one that is held.
    static func request(
        _ url: String, _ known: FileState?, _ source: String, _ access: SourceAccess, _ pages: RowPages
    ) throws -> FetchRequest {
        var request = FetchRequest(try pages.fetcher.fill(url), source: source, access: access)
        if let tag = known?.tag { request.headers.append(("If-None-Match", RequestText(tag))) }
        if let modified = known?.modified { request.headers.append(("If-Modified-Since", RequestText(modified))) }
        if known != nil { request.accepted.insert(304) }
        return request
    }

    /// - Parameter state: The file that came; `nil` when the source says that the held one is the newest.
    static func fetched(
        _ state: FileState?, _ known: FileState?, _ held: Checkpoint?, _ url: String, _ retrieved: RetrievalTime,
        contents: RowContents
    ) -> FetchedPart {
        let isSame = state == nil || state?.digest == known?.digest
        let kept = state?.json ?? held?.state ?? "{}"
        return FetchedPart(
            checkpoint: Checkpoint(version: "", state: kept), contents: isSame ? .nothing : contents, url: url,
            retrieved: retrieved)
    }
}
