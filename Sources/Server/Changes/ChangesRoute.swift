import Accounts
import Domain
import Formats
import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Tiles
import Web

/// Answers `/v1/changes`: which days of which datasets are served anew. As server-sent events the answer goes on until
/// the client leaves; otherwise it is what has changed after a generation.
///
/// Specification: https://html.spec.whatwg.org/multipage/server-sent-events.html
struct ChangesRoute {
    static let mediaType = "text/event-stream"

    /// Address of the changes of one dataset.
    static func url(_ origin: String, of dataset: Slug) -> String { "\(origin)/v1/changes?dataset=\(dataset)" }

    let catalogue: DatasetCatalogue
    let feed: ChangeFeed

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: ["dataset", "after"])
        let slug = parameters.dataset()
        let after = parameters.parsed("after", "a generation, as in an earlier answer") {
            Int64($0).flatMap { $0 >= 0 ? $0 : nil }
        }
        try parameters.check()
        if let slug { _ = try await catalogue.dataset(slug, for: context) }
        let reader = ChangesReader(catalogue: catalogue, feed: feed, dataset: slug, context: context)
        guard request.headers.combined(.accept)?.contains(Self.mediaType) == true else {
            return try await reader.answer(after: after).response(to: request)
        }
        // A browser that lost its connection says where it was; at the first connection the URL may.
        let last = request.headers[.lastEventID].flatMap { Int64($0) } ?? after
        guard let signals = feed.listen() else {
            throw Problem.unavailable("Too many clients wait for changes; try again.", retryAfter: .seconds(30))
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: Self.mediaType, .cacheControl: "no-store", .vary: "Accept",
                // Proxies would wait for more before they send anything.
                .accelBuffering: "no",
            ],
            body: ResponseBody { body in
                try await reader.write(signals, after: last, to: &body)
                try await body.finish(nil)
            })
    }
}

/// The changes that one client may know of.
private struct ChangesReader: Sendable {
    /// The time after which a client connects again when its connection was lost.
    private static let retry = 2000

    let catalogue: DatasetCatalogue
    let feed: ChangeFeed
    let dataset: Slug?
    let context: ClientContext

    /// The changes of one generation to one dataset.
    struct Change {
        let generation: Int64
        let dataset: Slug
        /// The days, ascending; `nil` for all.
        var days: [LocalDay]?
    }

    func answer(after generation: Int64?) async throws -> JSONWriter {
        let found = feed.changes(after: generation ?? feed.newest)
        var json = JSONWriter()
        var changes: [Change]?
        if case .known(let known) = found.changes { changes = try await visible(known) }
        json.object { json in
            json.field("generation", Int(found.newest))
            json.name("changes")
            if let changes {
                json.array(of: changes) { json, change in json.object { $0.fields(of: change) } }
            } else {
                json.null()
            }
        }
        return json
    }

    func write(
        _ signals: AsyncStream<ChangeFeed.Signal>, after last: Int64?, to body: inout any ResponseBodyWriter
    ) async throws {
        var told = last ?? feed.newest
        // The first event says where the client is, so that it can go on from there.
        try await body.write(ByteBuffer(string: "retry: \(Self.retry)\nid: \(told)\nevent: begin\ndata: {}\n\n"))
        try await tell(&told, to: &body)
        for await signal in signals {
            switch signal {
            case .changed: try await tell(&told, to: &body)
            case .idle: try await body.write(ByteBuffer(string: ":\n\n"))
            }
        }
    }

    private func tell(_ told: inout Int64, to body: inout any ResponseBodyWriter) async throws {
        let found = feed.changes(after: told)
        guard found.newest != told else { return }
        var text = ByteBuffer()
        switch found.changes {
        case .anything:
            text.writeString("id: \(found.newest)\nevent: refresh\ndata: {\"generation\":\(found.newest)}\n\n")
        case .known(let known):
            for change in try await visible(known) {
                var json = JSONWriter()
                json.object { $0.fields(of: change) }
                text.writeString("id: \(change.generation)\nevent: change\ndata: ")
                text.writeImmutableBuffer(json.buffer)
                text.writeString("\n\n")
            }
        }
        told = found.newest
        if text.readableBytes > 0 { try await body.write(text) }
    }

    /// The changes that the client may know of, those of one generation and dataset together.
    ///
    /// A live day tells that something happened on it, so it is not told where small counts are hidden.
    private func visible(_ changes: [ServedChange]) async throws -> [Change] {
        var visible: [Change] = []
        let principal = try await context.asking()
        for change in changes where dataset == nil || change.dataset == dataset {
            guard let status = try await catalogue.visible(change.dataset, to: principal),
                change.day == nil || status.disclosure == .exact
            else { continue }
            if let last = visible.indices.last, visible[last].generation == change.generation,
                visible[last].dataset == change.dataset
            {
                // A change of all days comprises those of single ones.
                visible[last].days = change.day.flatMap { day in visible[last].days.map { $0 + [day] } }
            } else {
                visible.append(
                    Change(
                        generation: change.generation, dataset: change.dataset, days: change.day.map { [$0] }))
            }
        }
        return visible
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of change: ChangesReader.Change) {
        field("generation", Int(change.generation))
        field("dataset", change.dataset.text)
        name("days")
        if let days = change.days {
            array(of: days.sorted()) { $0.value($1.description) }
        } else {
            null()
        }
    }
}

extension HTTPField.Name {
    fileprivate static var lastEventID: Self { .init("Last-Event-ID")! }
    fileprivate static var accelBuffering: Self { .init("X-Accel-Buffering")! }
}
