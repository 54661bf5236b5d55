import Caching
import HTTPTypes
import Logging
import NIOCore
import Tiles
import Web

/// Answers requests for tiles whose URLs are remembered, as the route would.
final class TileAnswerer: Sendable {
    /// The client of a connection, as far as it is known.
    struct Client {
        /// The client's last `Accept-Encoding` and its meaning. A client usually sends the same one each time.
        fileprivate var acceptEncoding = ""
        fileprivate var prefersGzip = false
        /// The name of its bucket; `nil` behind a proxy, where each request has its own client.
        fileprivate var network: String?
        /// The trusted proxy; `nil` without one.
        fileprivate let proxy: String?
        /// Whether the connection is encrypted.
        fileprivate let isSecure: Bool
        /// The last host that the client named and that was found valid.
        fileprivate var host = ""
        /// An id for the connection; requests without an id get it with a number. That saves a random number for each
        /// tile.
        fileprivate let name = RequestID.text(nil)
        fileprivate var unnamed = 0

        fileprivate mutating func newID() -> String {
            unnamed += 1
            return "\(name)-\(unnamed)"
        }
    }

    /// A request for a tile, before it is known whether the tile is at hand.
    struct Question: Sendable {
        fileprivate let target: String
        fileprivate let entry: TileAddressBook.Entry
        fileprivate let ifNoneMatch: String?
        fileprivate let origin: String?
        /// The id of the request.
        fileprivate let id: String
        fileprivate let isHead: Bool
        /// Whether the client uses TLS.
        fileprivate let isSecure: Bool
        fileprivate let start: ContinuousClock.Instant

        fileprivate var path: String { String(target.prefix { $0 != "?" }) }
    }

    /// The bytes to send.
    struct Bytes: Sendable {
        let head: ByteBuffer
        let body: ByteBuffer?
    }

    private let catalogue: DatasetCatalogue
    private let book: TileAddressBook
    private let tiles: any TileSource
    private let caching: TileAnswer.Caching
    private let observer: RequestObserver
    private let sent: TileTraffic
    private let limiter: RateLimiter
    private let arrival: ArrivalPolicy
    private let headers: CommonHeaders
    private let logger: Logger
    private let demand: TileDemand?
    private let clock = WireClock()

    init(
        catalogue: DatasetCatalogue, book: TileAddressBook, tiles: any TileSource, caching: TileAnswer.Caching,
        observer: RequestObserver, sent: TileTraffic, limiter: RateLimiter, arrival: ArrivalPolicy, logger: Logger,
        demand: TileDemand?
    ) {
        self.catalogue = catalogue
        self.book = book
        self.tiles = tiles
        self.caching = caching
        self.observer = observer
        self.sent = sent
        self.limiter = limiter
        self.arrival = arrival
        headers = CommonHeaders(arrival)
        self.logger = logger
        self.demand = demand
    }

    /// - Parameters:
    ///   - peer: The address of the other end of the connection.
    ///   - isSecure: Whether the connection is encrypted.
    func client(at peer: String?, isSecure: Bool) -> Client {
        let isProxy = peer.map { arrival.trust.covers($0) } ?? false
        return Client(
            network: isProxy ? nil : RateLimiter.network(peer), proxy: isProxy ? peer : nil, isSecure: isSecure)
    }

    /// - Parameters:
    ///   - request: The ranges in `bytes` of the parts of the request.
    ///   - client: The client, kept from one request of a connection to the next.
    /// - Returns: `nil` when the request is not for a tile, or its URL is not remembered.
    func question(
        _ request: PlainRequest, _ bytes: UnsafeRawBufferPointer, _ client: inout Client
    ) -> Question? {
        let start = ContinuousClock.now
        guard let acceptEncoding = request.acceptEncoding, prefersGzip(bytes[acceptEncoding], &client),
            isHost(bytes[request.host], &client), let isSecure = isSecure(request, bytes, client)
        else { return nil }
        let target = arrival.basePath.stripped(String(decoding: bytes[request.target], as: UTF8.self))
        guard let entry = book.entry(target), catalogue.holds(entry) else { return nil }
        // Where tiles are counted by client addresses that a proxy reports, its requests go through the router.
        guard client.network.map(limiter.admitsTile) ?? !limiter.countsTiles else { return nil }
        func text(_ range: Range<Int>?) -> String? { range.map { String(decoding: bytes[$0], as: UTF8.self) } }
        return Question(
            target: target, entry: entry, ifNoneMatch: text(request.ifNoneMatch),
            origin: text(request.origin),
            id: text(request.requestID).flatMap { RequestID.isSound($0.utf8) ? $0 : nil } ?? client.newID(),
            isHead: request.isHead, isSecure: isSecure, start: start)
    }

    /// The answer if the tile is in memory.
    func answer(_ question: Question) -> Bytes? {
        tiles.atHand(question.entry.key).flatMap { answer(question, $0) }
    }

    /// The result of a look for an answer.
    enum Finding: Sendable {
        case answer(Bytes)
        /// The tile has to be made. It `isMissing` where the store is known not to have it.
        case toBeMade(isMissing: Bool)
        /// The route has to answer.
        case toBeRouted
    }

    /// Looks for the answer in Redis.
    /// - Parameter done: Called on any event loop.
    /// - Returns: Whether it is looked for; else `done` is not called.
    func look(for question: Question, _ done: @escaping @Sendable (Finding) -> Void) -> Bool {
        tiles.look(for: question.entry.key) { [self] finding in
            switch finding {
            case .found(let tile):
                // The meaning of the URL, or the right to it, may have changed in the meantime.
                guard catalogue.holds(question.entry), let answer = answer(question, tile) else {
                    return done(.toBeRouted)
                }
                done(.answer(answer))
            case .missing: done(.toBeMade(isMissing: true))
            case .unknown: done(.toBeMade(isMissing: false))
            }
        }
    }

    /// Has the tile made, or waits with those for whom it is being made. It is given up when nobody waits any more.
    /// - Parameters:
    ///   - isMissing: Whether the store is known not to have it.
    ///   - done: Called on any thread; `nil` is for the route to answer.
    func make(
        _ question: Question, isMissing: Bool, _ done: @escaping @Sendable (Bytes?) -> Void
    ) -> Task<Void, Never> {
        // Starts on this thread, so that the next thread needed is that of a database connection.
        Task.immediate(executorPreference: EventLoopExecutor.current) { [self] in
            do {
                let key = question.entry.key
                let tile = isMissing ? try await tiles.tile(afterMiss: key) : try await tiles.tile(key)
                // The meaning of the URL, or the right to it, may have changed in the meantime.
                done(catalogue.holds(question.entry) ? answer(question, tile) : nil)
            } catch {
                guard !Task.isCancelled else { return observe(question, .clientClosedRequest) }
                done(answer(question, error))
            }
        }
    }

    private func answer(_ question: Question, _ error: any Error) -> Bytes {
        let problem = Problem(error)
        problem.log(error, path: question.path, logger)
        let (fields, body) = problem.content
        observe(question, problem.status)
        return Bytes(
            head: head(question, problem.status, fields.map { ($0.name, $0.value) }, length: body.readableBytes),
            body: question.isHead ? nil : body)
    }

    private func answer(_ question: Question, _ tile: Tile) -> Bytes? {
        guard
            let answer = try? TileAnswer(
                tile, sendsGzip: true, ifNoneMatch: question.ifNoneMatch, caching: caching)
        else { return nil }
        let body = question.isHead ? nil : answer.body
        sent.count(body)
        if let asked = question.entry.asked { demand?.count(asked) }
        observe(question, answer.status)
        return Bytes(head: head(question, answer.status, answer.fields, length: answer.body?.readableBytes), body: body)
    }

    private func observe(_ question: Question, _ status: HTTPResponse.Status) {
        observer.observed(
            method: question.isHead ? .head : .get, path: question.path, route: question.entry.route, status: status,
            elapsed: .now - question.start, id: .string(question.id))
    }

    private func isHost(_ header: Slice<UnsafeRawBufferPointer>, _ client: inout Client) -> Bool {
        if header.elementsEqual(client.host.utf8) { return !client.host.isEmpty }
        let host = String(decoding: header, as: UTF8.self)
        guard Origin.isValid(host) else { return false }
        client.host = host
        return true
    }

    /// - Returns: `nil` when only the route can tell.
    private func isSecure(_ request: PlainRequest, _ bytes: UnsafeRawBufferPointer, _ client: Client) -> Bool? {
        guard let proxy = client.proxy else { return client.isSecure }
        switch arrival.trust.header {
        case .xForwarded:
            guard let scheme = request.forwardedScheme else { return client.isSecure }
            if bytes[scheme].elementsEqual("https".utf8) { return true }
            return bytes[scheme].elementsEqual("http".utf8) ? false : nil
        case .forwarded:
            guard let forwarded = request.forwarded else { return client.isSecure }
            let headers: HTTPFields = [.forwarded: String(decoding: bytes[forwarded], as: UTF8.self)]
            let scheme = ForwardedClient(headers, from: proxy, trusting: arrival.trust)?.scheme
            return scheme.map { $0 == "https" } ?? client.isSecure
        }
    }

    private func prefersGzip(_ header: Slice<UnsafeRawBufferPointer>, _ client: inout Client) -> Bool {
        if !header.elementsEqual(client.acceptEncoding.utf8) {
            client.acceptEncoding = String(decoding: header, as: UTF8.self)
            client.prefersGzip = AcceptEncoding.prefersGzip(client.acceptEncoding)
        }
        return client.prefersGzip
    }

    /// - Parameter length: The size of the body, whether or not it is sent; `nil` where there is none.
    private func head(
        _ question: Question, _ status: HTTPResponse.Status, _ fields: [(name: HTTPField.Name, value: String)],
        length: Int?
    ) -> ByteBuffer {
        var head = ByteBuffer()
        head.reserveCapacity(512)
        head.writeString("HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n")
        func write(_ name: HTTPField.Name, _ value: String) {
            head.writeString(name.rawName)
            head.writeString(": ")
            head.writeString(value)
            head.writeString("\r\n")
        }
        for (name, value) in fields { write(name, value) }
        if let length { write(.contentLength, String(length)) }
        headers.write(id: question.id, origin: question.origin, isSecure: question.isSecure, write)
        write(.date, clock.date)
        write(.server, ServerName.text)
        head.writeString("\r\n")
        return head
    }
}
