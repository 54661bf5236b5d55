import Caching
import Compression
import Domain
import Formats
import Hummingbird
import NIOCore

/// The body of an answer with a whole list. Each page is queried when the page before it has been taken.
///
/// Between pages no database connection and no snapshot is held, so a slow client does not delay anybody. As with pages
/// that a client requests, what exists throughout is in the list exactly once.
struct FeatureStream<Source: FeatureSource>: Sendable {
    /// The number of features that pages after the first may have.
    static var pageLimits: ClosedRange<Int> { 10...4000 }
    static var firstPage: Int { 200 }
    /// The approximate size of a page in bytes of text.
    private static var pageBytes: Int { 512 * 1024 }

    let source: Source
    let writer: any FeatureWriter
    /// The largest number of features; `nil` for all.
    let limit: Int?
    let isCompressed: Bool
    /// The time that a page may take.
    let timeout: Duration
    /// The right of the client that the list is sent to.
    let right: RequestRight?

    func page(after cursor: Source.Row.Cursor?, limit: Int) async throws -> Page<Source.Row> {
        try await withDeadline(timeout) { try await source.page(PageRequest(after: cursor, limit: limit)) }
    }

    /// - Parameter first: The first page, queried before the answer begins so that a fault can be reported.
    func write(_ first: Page<Source.Row>, to body: inout any ResponseBodyWriter) async throws {
        let gzip = isCompressed ? GzipStream() : nil
        var writer = writer
        var rest = limit ?? .max
        var page = first
        var buffer = ByteBuffer()
        writer.begin(into: &buffer)
        while true {
            for row in page.rows { writer.write(source.feature(row), into: &buffer) }
            rest -= page.rows.count
            let next = rest > 0 ? page.next : nil
            if next == nil { writer.end(into: &buffer) }
            try await body.write(gzip?.compress(buffer) ?? buffer)
            guard let next else { break }
            let wanted = min(rest, Self.next(after: page.rows.count, bytes: buffer.readableBytes))
            buffer = ByteBuffer()
            page = try await self.page(after: next, limit: wanted)
            // A dataset that was deleted meanwhile has no more features. That must not look like the end of the list.
            if page.next == nil { try await right?.checkNow() }
        }
        if let gzip { try await body.write(gzip.finish()) }
    }

    /// The number of features for the next page, from the size of those on the last one.
    private static func next(after features: Int, bytes: Int) -> Int {
        let fitting = pageBytes / max(1, bytes / features)
        return min(max(fitting, pageLimits.lowerBound), pageLimits.upperBound)
    }
}
