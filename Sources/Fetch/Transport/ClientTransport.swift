import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOPosix
import NIOSSL
import Synchronization

/// Sends requests with AsyncHTTPClient.
///
/// A client resolves names itself, so each address that was checked has a client of its own that may connect to nothing
/// else. The name in the URL stays: it is in the handshake, in `Host`, and the certificate must be for it.
///
/// End it with ``close()``.
package final class ClientTransport: Transport {
    private struct Place: Hashable {
        let host: String
        let address: IPAddress
    }

    private struct Lent {
        let client: HTTPClient
        var uses = 0
        /// The number of its last use, which orders them.
        var lastUse: UInt64
    }

    private struct State {
        var clients: [Place: Lent] = [:]
        var counter: UInt64 = 0
        var isClosed = false
    }

    /// How many clients stay open while they are not used.
    private static let mostIdle = 16
    /// The greatest size to which a body unpacks, as a multiple of what was sent; see the limits of files.
    private static let greatestRatio = 500

    private let configuration: HTTPClient.Configuration
    private let state = Mutex(State())

    /// - Parameters:
    ///   - connections: How many connections to one host may be open.
    ///   - authority: Path of a file with certificates (PEM) that are trusted besides those of the system.
    ///   - connectTimeout: How long one address is tried.
    package init(connections: Int = 50, authority: String? = nil, connectTimeout: Duration = .seconds(10)) {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let authority { tls.additionalTrustRoots = [.file(authority)] }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(connectTimeout)),
            decompression: .enabled(limit: .ratio(Self.greatestRatio)))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        // A failed connection is reported at once; whether to try again is decided above.
        configuration.connectionPool.retryConnectionEstablishment = false
        self.configuration = configuration
    }

    deinit {
        // A client that is forgotten open ends the process in debug builds, and keeps its connections in others.
        for lent in state.withLock({ Array($0.clients.values) }) { lent.client.shutdown { _ in } }
    }

    package func send(_ request: WireRequest) async throws -> WireAnswer {
        var wire = HTTPClientRequest(url: request.url)
        wire.method = HTTPMethod(rawValue: request.method.rawValue)
        for (name, value) in request.headers { wire.headers.add(name: name, value: value) }
        if !wire.headers.contains(name: "accept-encoding") { wire.headers.add(name: "Accept-Encoding", value: "gzip") }
        if let form = request.form {
            if !wire.headers.contains(name: "content-type") {
                wire.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
            }
            wire.body = .bytes(ByteBuffer(string: form))
        }
        let place = Place(host: request.host, address: request.address)
        let client = try lend(place)
        do {
            // Its own deadline only guards against a caller without one; the watch above ends a try sooner.
            let response = try await client.execute(wire, deadline: .now() + .hours(2))
            let head = AnswerHead(
                status: Int(response.status.code), headers: response.headers.map { ($0.name, $0.value) })
            let end = Lease { [self] in giveBack(place) }
            return WireAnswer(head: head, body: AnswerBody(base: response.body, lease: end))
        } catch {
            giveBack(place)
            throw Self.fault(error)
        }
    }

    /// Ends all connections. Requests under way fail.
    package func close() async {
        let clients = state.withLock { state in
            state.isClosed = true
            defer { state.clients = [:] }
            return state.clients.values.map(\.client)
        }
        for client in clients { try? await client.shutdown() }
    }

    private func lend(_ place: Place) throws -> HTTPClient {
        let (client, dropped) = try state.withLock { state throws -> (HTTPClient, [HTTPClient]) in
            guard !state.isClosed else { throw TransportFault.connect("the process is ending") }
            state.counter += 1
            var lent =
                state.clients[place] ?? Lent(client: makeClient(place), lastUse: 0)
            lent.uses += 1
            lent.lastUse = state.counter
            state.clients[place] = lent
            let idle = state.clients.filter { $0.value.uses == 0 }.sorted { $0.value.lastUse < $1.value.lastUse }
            let old = idle.prefix(max(0, idle.count - Self.mostIdle))
            for (place, _) in old { state.clients[place] = nil }
            return (lent.client, old.map(\.value.client))
        }
        for client in dropped { client.shutdown { _ in } }
        return client
    }

    private func giveBack(_ place: Place) {
        state.withLock { state in state.clients[place]?.uses -= 1 }
    }

    private func makeClient(_ place: Place) -> HTTPClient {
        var configuration = configuration
        configuration.dnsOverride = [place.host: place.address.description]
        return HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
    }

    /// The fault that an error of the client or of a connection means, in words without URLs.
    fileprivate static func fault(_ error: any Error) -> any Error {
        switch error {
        case is CancellationError, is TransportFault: return error
        case let error as HTTPClientError:
            switch error {
            case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout:
                return TransportFault.connect("no connection was made in time")
            case .readTimeout, .deadlineExceeded, .writeTimeout: return TransportFault.timeout
            case .remoteConnectionClosed: return TransportFault.cutShort("the source closed the connection")
            case .cancelled: return CancellationError()
            default: return TransportFault.cutShort(error.shortDescription)
            }
        case let error as NIOSSLError:
            if case .handshakeFailed(let reason) = error {
                return TransportFault.certificate("the TLS handshake failed: \(reason)")
            }
            return TransportFault.cutShort("the TLS connection ended without its closing message")
        case is NIOSSLExtraError:
            return TransportFault.certificate("the certificate is not for this host")
        case let error as IOError:
            return TransportFault.connect("no connection: \(error.localizedReason)")
        case is ChannelError, is NIOConnectionError: return TransportFault.connect("no connection could be made")
        case is NIOHTTPDecompression.DecompressionError, is NIOHTTPDecompression.ExtraDecompressionError:
            return TransportFault.cutShort("the body's gzip encoding is damaged, or unpacks to far too much")
        default: return TransportFault.cutShort("what came is not HTTP: \(type(of: error))")
        }
    }
}

extension IOError {
    /// The reason of the system, such as `Connection refused`.
    fileprivate var localizedReason: String { String(cString: strerror(errnoCode)) }
}

/// Gives a client back when the last reader of a body is gone.
private final class Lease: Sendable {
    private let end: @Sendable () -> Void

    init(_ end: @escaping @Sendable () -> Void) {
        self.end = end
    }

    deinit { end() }
}

private struct AnswerBody: AsyncSequence, Sendable {
    let base: HTTPClientResponse.Body
    let lease: Lease

    struct Iterator: AsyncIteratorProtocol {
        var base: HTTPClientResponse.Body.AsyncIterator
        let lease: Lease

        mutating func next() async throws -> ByteBuffer? {
            do {
                return try await base.next()
            } catch {
                throw ClientTransport.fault(error)
            }
        }
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(base: base.makeAsyncIterator(), lease: lease)
    }
}
