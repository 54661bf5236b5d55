import Fetch
import NIOCore
import Synchronization

/// Choices of a feed that reads a GeoJSON FeatureCollection at a URL, such as the earthquakes of a week.
package struct GeoJSONParameters: Hashable, Sendable {
    static let keys = ["url", "contents", "identity", "version"]

    package let url: String
    /// Whether a new collection replaces the rows of the one before; otherwise its rows are added to them.
    package let replaces: Bool
    /// The path of a feature's id, such as `id` or `properties.code`.
    package let identity: String?
    /// The path of what grows when a feature changes, such as `properties.updated`.
    package let version: String?

    init(_ top: FeedNode) throws(FeedFault) {
        url = try top.requiredText("url", "the URL of the collection")
        switch try top.text("contents") {
        case nil, "recent": replaces = false
        case "all": replaces = true
        default:
            throw top.fault("contents", "must be all (it has all features) or recent (it has only the newest ones)")
        }
        identity = try top.text("identity")
        version = try top.text("version")
        if version != nil, identity == nil { throw top.fault("version", "needs identity: the path of a feature's id") }
    }
}

/// Reads a FeatureCollection when it is another than the one that is held. A feature is a row.
///
/// Where the feed names the identity and the version of features, of several with one id only the newest is written.
struct GeoJSONSource: FeedSource {
    private let parameters: GeoJSONParameters
    private let access: SourceAccess
    private let pages: RowPages

    init(_ parameters: GeoJSONParameters, _ access: SourceAccess, _ pages: RowPages) {
        self.parameters = parameters
        self.access = access
        self.pages = pages
    }

    func plan(_ held: [String: Checkpoint]) async throws -> FeedPlan { FileState.plan() }

    func read(_ part: FeedPart, held: Checkpoint?, into rows: RowFile) async throws -> FetchedPart {
        let retrieved = pages.fetcher.date
        let known = held.flatMap { FileState($0.state) }
        let request = try FileState.request(parameters.url, known, "geojson", access, pages)
        let url = request.url.shown
        let mark = rows.mark
        let newest = NewestRows(parameters, url: url)
        let state = try await pages.fetcher.read(request) { head, body -> FileState? in
            try rows.rewind(to: mark)
            newest.begin()
            guard head.status != 304 else { return nil }
            var scanner = JSONRowScanner(path: ["features"])
            var digest = ByteDigest()
            do {
                for try await piece in body {
                    digest.add(piece)
                    try piece.withUnsafeReadableBytes { bytes in
                        try scanner.read(bytes) { slice in
                            if let row = try newest.take(slice) { try rows.write(row: row) }
                        }
                    }
                }
            } catch let fault as JSONRowScanner.Fault {
                throw SourceError(.shape, url: url, "the answer \(fault.problem)")
            }
            guard scanner.isWhole else {
                throw FetchError(.cutShort, url: url, "the answer ends before its JSON does", status: head.status)
            }
            guard scanner.foundRows else {
                throw SourceError(.shape, url: url, "the answer is not a GeoJSON FeatureCollection")
            }
            for row in newest.rows { try rows.write(row: row) }
            return FileState(head, digest.hexadecimal)
        }
        return FileState.fetched(
            state, known, held, url, retrieved,
            contents: parameters.replaces ? .whole(isFirst: true, isLast: true) : .changes)
    }
}

/// Holds features back until it is known which of those with one id is the newest.
final class NewestRows: Sendable {
    private struct Held {
        let version: Double
        let place: Int
        let row: [UInt8]
    }

    private struct State {
        var held: [String: Held] = [:]
        var bytes = 0
    }

    /// The largest sum of features that are held back, in bytes.
    static let mostBytes = 64 << 20

    private let parameters: GeoJSONParameters
    private let url: String
    private let state = Mutex(State())

    init(_ parameters: GeoJSONParameters, url: String) {
        self.parameters = parameters
        self.url = url
    }

    func begin() { state.withLock { $0 = State() } }

    /// A row to write at once; `nil` when it is held back, or an older one of its id.
    func take(_ bytes: ArraySlice<UInt8>) throws(SourceError) -> ArraySlice<UInt8>? {
        guard let identity = parameters.identity, let version = parameters.version else { return bytes }
        guard let row = try? JSONValue(bytes), let id = row.value(at: identity)?.text else { return bytes }
        // A feature without a version is older than any that has one.
        let number = row.value(at: version)?.text.flatMap { Double($0) } ?? -.infinity
        return try state.withLock { state throws(SourceError) in
            if let held = state.held[id] {
                guard number >= held.version else { return nil }
                state.bytes -= held.row.count
            }
            let place = state.held[id]?.place ?? state.held.count
            state.held[id] = Held(version: number, place: place, row: Array(bytes))
            state.bytes += bytes.count
            guard state.bytes <= Self.mostBytes else {
                throw SourceError(
                    .shape, url: url,
                    "the collection has more than \(Self.mostBytes) bytes; read it without identity and version")
            }
            return nil
        }
    }

    /// The rows that were held back, in the order in which their ids came.
    var rows: [[UInt8]] { state.withLock { $0.held.values.sorted { $0.place < $1.place }.map(\.row) } }
}
