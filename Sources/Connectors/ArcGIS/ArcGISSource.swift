import Domain
import Fetch

/// Choices of a feed that reads a layer of an ArcGIS server.
package struct ArcGISParameters: Hashable, Sendable {
    static let keys = ["url", "where", "token", "page", "rows_per_batch"]

    /// The layer, such as `https://host/arcgis/rest/services/NAME/FeatureServer/0`.
    package let url: String
    package let condition: String
    /// The secret that is sent as `token`, as `${NAME}`.
    package let token: String?
    /// Rows in a page, 1 to 32,000; the layer's own limit if that is lower.
    package let page: Int
    package let rowsPerBatch: Int

    init(_ top: FeedNode) throws(FeedFault) {
        let url = try top.requiredText("url", "the layer, ending in /FeatureServer/0 or /MapServer/0")
        let end = url.split(separator: "/").last
        guard end.flatMap({ Int($0) }) != nil, url.contains("/FeatureServer/") || url.contains("/MapServer/"),
            !url.contains("?")
        else { throw top.fault("url", "must be that of a layer, ending in /FeatureServer/0 or /MapServer/0") }
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        condition = try top.text("where") ?? "1=1"
        token = try top.text("token")
        page = try top.integer("page", in: 1...32_000) ?? 2000
        rowsPerBatch = try top.integer("rows_per_batch", in: 1...10_000_000) ?? 200_000
    }
}

/// Reads a layer of an ArcGIS FeatureServer or MapServer.
///
/// Rows come in the order of their object id, each page after the last id of the one before: that needs no support of
/// pages, and rows that come or go in between move nothing. Points come in WGS 84, as GeoJSON if the layer can, else as
/// Esri's JSON (`attributes`, `geometry.x`, `geometry.y`).
struct ArcGISSource: FeedSource {
    private static let part = "layer"

    /// A layer as it describes itself.
    private struct Layer {
        let key: String
        let mostRows: Int
        let givesGeoJSON: Bool
        /// When it was last edited, in milliseconds since 1970; `nil` when it does not say.
        let edited: Int64?
    }

    private let parameters: ArcGISParameters
    private let access: SourceAccess
    private let pages: RowPages

    init(_ parameters: ArcGISParameters, _ access: SourceAccess, _ pages: RowPages) {
        self.parameters = parameters
        self.access = access
        self.pages = pages
    }

    func plan(_ held: [String: Checkpoint]) async throws -> FeedPlan {
        let layer = try await layer()
        let count = try await count()
        // A layer that does not say when it was edited is read once a day.
        let version = "\(layer.edited.map { "\($0)" } ?? "\(pages.fetcher.date.day)") \(count)"
        var plan = FeedPlan()
        plan.offered = 1
        if held[Self.part]?.version == version, held[Self.part].flatMap({ ArcGISState($0.state) })?.isComplete == true {
            return plan
        }
        plan.parts = [FeedPart(Self.part, version: version)]
        return plan
    }

    func read(_ part: FeedPart, held: Checkpoint?, into rows: RowFile) async throws -> FetchedPart {
        let retrieved = pages.fetcher.date
        var state = held.flatMap { ArcGISState($0.state) } ?? ArcGISState()
        // Goes on only in the version in which it began.
        if state.isComplete || held?.version != part.version { state = ArcGISState() }
        let isFirst = state.last == nil
        let layer = try await layer()
        let limit = min(parameters.page, layer.mostRows)
        var requests = 1
        var first: String?
        while rows.rows < parameters.rowsPerBatch {
            let bound = state.last.map { " AND \(layer.key) > \($0)" } ?? ""
            let request = try request(
                "/query",
                [
                    ("where", "(\(parameters.condition))\(bound)"), ("outFields", "*"), ("outSR", "4326"),
                    ("orderByFields", "\(layer.key) ASC"), ("resultRecordCount", "\(limit)"),
                    ("f", layer.givesGeoJSON ? "geojson" : "json"),
                ])
            let url = request.url.shown
            if first == nil { first = url }
            let page = try await pages.read(
                request, path: ["features"], into: rows, check: { value in try Self.check(value, url) })
            requests += 1
            if let last = page.last {
                let id = try Self.key(of: last, layer.key, url)
                guard id > state.last ?? .min else {
                    throw SourceError(.shape, url: url, "the rows do not come in the order of \(layer.key)")
                }
                state.last = id
            }
            state.read += page.count
            try AnnouncedRows(part).refuseMore(than: state.read, url: url)
            let isCut =
                page.envelope["exceededTransferLimit"] == .bool(true)
                || page.envelope.value(at: "properties.exceededTransferLimit") == .bool(true)
            // Old servers do not say that they cut a page, so a full one counts as cut.
            guard page.count > 0, isCut || page.count >= limit else {
                state.isComplete = true
                break
            }
        }
        // A page that is empty by mistake looks like the end, and what was not read would be taken for deleted.
        if state.isComplete, state.read < AnnouncedRows(part).count {
            requests += 1
            try AnnouncedRows(count: Int(clamping: try await count()))
                .refuseFewer(than: state.read, url: first ?? parameters.url)
        }
        return FetchedPart(
            checkpoint: Checkpoint(version: part.version, state: state.json),
            contents: .whole(isFirst: isFirst, isLast: state.isComplete), hasMore: !state.isComplete,
            url: first ?? parameters.url, retrieved: retrieved, requests: requests)
    }

    /// How many rows the layer has.
    private func count() async throws -> Int64 {
        let request = try request(
            "/query", [("where", parameters.condition), ("returnCountOnly", "true"), ("f", "json")])
        let (value, _) = try await pages.document(request)
        try Self.check(value, request.url.shown)
        guard let count = value["count"]?.integer else {
            throw SourceError(.shape, url: request.url.shown, "the number of rows is missing")
        }
        return count
    }

    private func layer() async throws -> Layer {
        let request = try request("", [("f", "json")])
        let (value, _) = try await pages.document(request)
        try Self.check(value, request.url.shown)
        var key = value["objectIdField"]?.text ?? value["objectIdFieldName"]?.text
        if key == nil, case .array(let fields)? = value["fields"] {
            key = fields.first { $0["type"]?.text == "esriFieldTypeOID" }?["name"]?.text
        }
        guard let key, !key.isEmpty, key.utf8.allSatisfy({ $0 == 0x5F || $0 == 0x2E || Self.isWordByte($0) }) else {
            throw SourceError(
                .shape, url: request.url.shown, "the layer has no object id, by which it could be read in order")
        }
        let formats = value["supportedQueryFormats"]?.text?.lowercased() ?? ""
        let edited = value.value(at: "editingInfo.dataLastEditDate") ?? value.value(at: "editingInfo.lastEditDate")
        return Layer(
            key: key, mostRows: max(1, Int(value["maxRecordCount"]?.integer ?? 1000)),
            givesGeoJSON: formats.contains("geojson"), edited: edited?.integer)
    }

    private func request(_ path: String, _ query: [(String, String)]) throws -> FetchRequest {
        let text = QueryText.encoded(query.map { (name: $0.0, value: $0.1) })
        var request = FetchRequest(
            try pages.fetcher.fill(parameters.url) + "\(path)?\(text)", source: "arcgis", access: access)
        if let token = parameters.token {
            let filled = try pages.fetcher.fill(token)
            request.headers = [("X-Esri-Authorization", RequestText.bearer(filled))]
        }
        return request
    }

    /// The object id of a row, in either form.
    private static func key(of row: [UInt8], _ key: String, _ url: String) throws(SourceError) -> Int64 {
        guard let row = try? JSONValue(row) else { throw SourceError(.shape, url: url, "a row is not JSON") }
        let id = row["attributes"]?[key] ?? row["properties"]?[key] ?? row["id"]
        guard let id = id?.integer else { throw SourceError(.shape, url: url, "a row has no \(key)") }
        return id
    }

    /// - Throws: ``SourceError`` for an error, which comes with status 200.
    private static func check(_ value: JSONValue, _ url: String) throws(SourceError) {
        guard let error = value["error"], !error.isNull else { return }
        var details: [String] = []
        if case .array(let texts)? = error["details"] { details = texts.compactMap(\.text).filter { !$0.isEmpty } }
        let message = error["message"]?.text ?? "an error"
        let code = error["code"]?.integer
        if let code, code >= 500 || code == 429 {
            // Repeated like a status of that number.
            throw SourceError(.changed, url: url, "the source says: \(message) (\(code))")
        }
        throw SourceError(
            code == 404 ? .missing : .refused, url: url,
            "the source says: " + ([message] + details).joined(separator: "; "))
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}

/// Where the reading of a layer stands.
struct ArcGISState: Hashable, Sendable {
    /// The object id of the last row.
    var last: Int64?
    /// How many rows were read.
    var read = 0
    var isComplete = false

    init() {}

    /// - Returns: `nil` for a text that is no state.
    init?(_ json: String) {
        guard let value = try? JSONValue(Array(json.utf8)), case .object = value else { return nil }
        last = value["last"]?.integer
        read = value["read"]?.integer.flatMap { Int(exactly: $0) } ?? 0
        isComplete = value["complete"] == .bool(true)
    }

    var json: String {
        JSONValue.object([
            .init(name: "last", value: last.map { .number("\($0)") } ?? .null),
            .init(name: "read", value: .number("\(read)")), .init(name: "complete", value: .bool(isComplete)),
        ]).json
    }
}
