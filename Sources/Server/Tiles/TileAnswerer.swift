import HTTPTypes
import NIOCore
import Tiles

/// Answers requests for tiles that are in memory, as the route would.
final class TileAnswerer: Sendable {
    /// What is known of the client at the other end of a connection.
    struct Client {
        /// Its last `Accept-Encoding` and what that came to: a client sends the same one always.
        fileprivate var acceptEncoding = ""
        fileprivate var prefersGzip = false
    }

    /// The bytes to be sent.
    struct Bytes {
        let head: ByteBuffer
        let body: ByteBuffer?
    }

    private let catalogue: DatasetCatalogue
    private let book: TileAddressBook
    private let tiles: MemoryTileTier
    private let caching: TileAnswer.Caching
    private let observer: RequestObserver
    private let sent: TileTraffic
    private let demand: TileDemand?
    private let clock = WireClock()

    init(
        catalogue: DatasetCatalogue, book: TileAddressBook, tiles: MemoryTileTier, caching: TileAnswer.Caching,
        observer: RequestObserver, sent: TileTraffic, demand: TileDemand?
    ) {
        self.catalogue = catalogue
        self.book = book
        self.tiles = tiles
        self.caching = caching
        self.observer = observer
        self.sent = sent
        self.demand = demand
    }

    /// - Parameters:
    ///   - request: Where in `bytes` the parts of the request lie.
    ///   - client: Remembered from one request of a connection to the next.
    /// - Returns: `nil` when it takes more than a look at memory.
    func answer(_ request: PlainRequest, _ bytes: UnsafeRawBufferPointer, _ client: inout Client) -> Bytes? {
        let start = ContinuousClock.now
        guard let acceptEncoding = request.acceptEncoding, prefersGzip(bytes[acceptEncoding], &client),
            let edition = catalogue.currentEdition
        else { return nil }
        let target = String(decoding: bytes[request.target], as: UTF8.self)
        guard let entry = book.entry(target, edition: edition), let tile = tiles.kept(entry.key) else { return nil }
        let ifNoneMatch = request.ifNoneMatch.map { String(decoding: bytes[$0], as: UTF8.self) }
        guard let answer = try? TileAnswer(tile, sendsGzip: true, ifNoneMatch: ifNoneMatch, caching: caching) else {
            return nil
        }
        let body = request.isHead ? nil : answer.body
        sent.count(body)
        if let asked = entry.asked { demand?.count(asked) }
        observer.observed(
            method: request.isHead ? .head : .get, path: target, route: entry.route, status: answer.status,
            elapsed: .now - start)
        return Bytes(head: head(of: answer), body: body)
    }

    private func prefersGzip(_ header: Slice<UnsafeRawBufferPointer>, _ client: inout Client) -> Bool {
        if !header.elementsEqual(client.acceptEncoding.utf8) {
            client.acceptEncoding = String(decoding: header, as: UTF8.self)
            client.prefersGzip = AcceptEncoding.prefersGzip(client.acceptEncoding)
        }
        return client.prefersGzip
    }

    private func head(of answer: TileAnswer) -> ByteBuffer {
        var head = ByteBuffer()
        head.reserveCapacity(512)
        head.writeString("HTTP/1.1 \(answer.status.code) \(answer.status.reasonPhrase)\r\n")
        func write(_ name: HTTPField.Name, _ value: String) {
            head.writeString(name.rawName)
            head.writeString(": ")
            head.writeString(value)
            head.writeString("\r\n")
        }
        for (name, value) in answer.fields { write(name, value) }
        if let body = answer.body { write(.contentLength, String(body.readableBytes)) }
        for (name, value) in SecurityHeaders.fields { write(name, value) }
        write(.date, clock.date)
        write(.server, ServerName.text)
        head.writeString("\r\n")
        return head
    }
}
