import Hummingbird
import NIOCore
import Tiles

/// The body of an answer that holds a whole list: each page is asked for when the one before has been taken.
///
/// No session of the database and no snapshot is held meanwhile, so a slow client keeps nobody waiting; as with pages
/// that a client asks for, what is there throughout is in it exactly once.
struct FeatureStream<Source: FeatureSource>: Sendable {
    /// The first page, and how many features the ones after it may have.
    static var pageLimits: ClosedRange<Int> { 10...4000 }
    static var firstPage: Int { 200 }
    /// About how many bytes of text a page is to have.
    private static var pageBytes: Int { 512 * 1024 }

    let source: Source
    let writer: any FeatureWriter
    /// Features at most; `nil` is all.
    let limit: Int?
    let isCompressed: Bool
    /// The time that a page may take.
    let timeout: Duration
    /// The writer that the list is sent to.
    let right: RequestRight?

    func page(after position: Source.Position?, limit: Int) async throws -> FeaturePage<Source.Position> {
        try await withDeadline(timeout) { try await source.page(after: position, limit: limit) }
    }

    /// - Parameter first: The first page, which was asked for before the answer began, so that a fault can be told.
    func write(_ first: FeaturePage<Source.Position>, to body: inout any ResponseBodyWriter) async throws {
        let gzip = isCompressed ? GzipStream() : nil
        var rest = limit ?? .max
        var page = first
        var asked = min(rest, Self.firstPage)
        var buffer = ByteBuffer()
        writer.begin(into: &buffer)
        while true {
            for row in page.rows { writer.write(row.feature, into: &buffer) }
            rest -= page.rows.count
            try await body.write(gzip?.compress(buffer) ?? buffer)
            guard page.isCut || page.rows.count == asked, rest > 0, let last = page.rows.last else { break }
            asked = min(rest, Self.next(after: page.rows.count, bytes: buffer.readableBytes))
            buffer = ByteBuffer()
            page = try await self.page(after: last.position, limit: asked)
            // Of a dataset that was deleted meanwhile there are no more features, which must not pass for the end of
            // the list.
            if page.rows.count < asked { try await right?.checkNow() }
        }
        if let gzip { try await body.write(gzip.finish()) }
    }

    /// Features are as long as their attributes are, so how many make a page is told by the one before.
    private static func next(after features: Int, bytes: Int) -> Int {
        let fitting = pageBytes / max(1, bytes / features)
        return min(max(fitting, pageLimits.lowerBound), pageLimits.upperBound)
    }
}
