import Foundation
import NIOCore
import NIOPosix
import Telemetry
import Testing

@testable import Fetch

/// The HTTP client against sockets with TLS.
@Suite struct ClientTransportTests {
    /// `gzip.compress(b"unpacked,rows\n" * 3, mtime=0)` of Python.
    private static let packed: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x2B, 0xCD, 0x2B, 0x48, 0x4C, 0xCE,
        0x4E, 0x4D, 0xD1, 0x29, 0xCA, 0x2F, 0x2F, 0xE6, 0x2A, 0xC5, 0xC3, 0x03, 0x00, 0x5A, 0x99, 0xE9,
        0x3A, 0x2A, 0x00, 0x00, 0x00,
    ]

    private static func reply(_ path: String) -> RawServer.Reply {
        switch path {
        case "/plain": .text("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"v\"\r\n\r\nhello")
        case "/gzip":
            .bytes(
                Array("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.count)\r\n\r\n".utf8)
                    + packed)
        case "/short": .thenClose(Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this".utf8))
        case "/cut":
            .thenClose(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\nff\r\nsec".utf8))
        case "/damaged":
            .bytes(
                Array("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.count)\r\n\r\n".utf8)
                    + packed.map { $0 ^ 0x55 })
        case "/noise": .thenClose(Array("SSH-2.0-OpenSSH_9.2\r\n".utf8))
        case "/gone": .thenClose([])
        case "/endless": .text("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 100_000))
        case "/away": .text("HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1/inside\r\nContent-Length: 0\r\n\r\n")
        default: .silence
        }
    }

    private func withFetcher(
        trusting: Bool = true, names: [String: [String]] = ["localhost": ["127.0.0.1"]],
        _ body: (Fetcher, Int) async throws -> Void
    ) async throws {
        let certificates = try RawServer.Certificates()
        let server = try await RawServer(certificates, Self.reply)
        let transport = ClientTransport(authority: trusting ? certificates.authority : nil)
        let fetcher = Fetcher(
            transport, secrets: Secrets(environment: [:]), resolver: KnownNames(names: names),
            metrics: PrometheusRegistry())
        do {
            try await body(fetcher, server.port)
        } catch {
            Issue.record(error)
        }
        await transport.close()
        try await server.close()
        try FileManager.default.removeItem(at: certificates.folder)
    }

    private func request(_ path: String, _ port: Int, host: String = "localhost") -> FetchRequest {
        var limits = FetchLimits()
        limits.bytes = 50_000
        let access = SourceAccess(hosts: AllowedHosts(["\(host):\(port)"], allowPrivate: true), limits: limits)
        var request = FetchRequest(RequestText("https://\(host):\(port)\(path)"), source: "test", access: access)
        request.retries = 0
        return request
    }

    private func code(_ fetcher: Fetcher, _ request: FetchRequest) async -> FetchError.Code? {
        do {
            _ = try await fetcher.answer(request)
            return nil
        } catch {
            return (error as? FetchError)?.code
        }
    }

    @Test func answersComeOverTLSAndUnpacked() async throws {
        try await withFetcher { fetcher, port in
            let plain = try await fetcher.answer(request("/plain", port))
            #expect(plain.text == "hello")
            #expect(plain.tag == "\"v\"")
            #expect(
                try await fetcher.answer(request("/gzip", port)).text == String(repeating: "unpacked,rows\n", count: 3))
        }
    }

    @Test(arguments: ["/short", "/cut", "/damaged", "/noise", "/gone"])
    func whatIsNotWholeIsNoAnswer(_ path: String) async throws {
        try await withFetcher { fetcher, port in
            #expect(await code(fetcher, request(path, port)) == .cutShort)
            // The connection that broke does not hurt the next request.
            let next = try await fetcher.answer(request("/plain", port))
            #expect(next.text == "hello")
        }
    }

    @Test func aBodyWithoutEndIsCutAtItsLimit() async throws {
        try await withFetcher { fetcher, port in
            #expect(await code(fetcher, request("/endless", port)) == .tooLarge)
        }
    }

    @Test func anUnknownIssuerIsNotTrusted() async throws {
        try await withFetcher(trusting: false) { fetcher, port in
            #expect(await code(fetcher, request("/plain", port)) == .certificate)
        }
    }

    @Test func aCertificateOfAnotherHostIsNotTrusted() async throws {
        try await withFetcher(names: ["other.test": ["127.0.0.1"]]) { fetcher, port in
            #expect(await code(fetcher, request("/plain", port, host: "other.test")) == .certificate)
        }
    }

    @Test func noConnectionIsMadeToAnAddressThatIsNotAllowed() async throws {
        try await withFetcher { fetcher, port in
            let access = SourceAccess(hosts: AllowedHosts(["localhost:\(port)"]))
            let request = FetchRequest(RequestText("https://localhost:\(port)/plain"), source: "test", access: access)
            #expect(await code(fetcher, request) == .address)
        }
    }

    @Test func redirectsAreLeftToTheFetcher() async throws {
        try await withFetcher { fetcher, port in
            #expect(await code(fetcher, request("/away", port)) == .host)
        }
    }

    @Test func aPortWithoutListenerIsNoConnection() async throws {
        try await withFetcher { fetcher, _ in
            // A port that was free a moment ago.
            let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .bind(host: "127.0.0.1", port: 0).get()
            let port = channel.localAddress?.port ?? 1
            try await channel.close()
            #expect(await code(fetcher, request("/plain", port)) == .connect)
        }
    }

    @Test func theResolverOfTheSystemKnowsThisMachine() async throws {
        let resolver = SystemResolver()
        let addresses = try await resolver.addresses(of: "localhost")
        #expect(addresses.contains { $0 == IPAddress("127.0.0.1") || $0 == IPAddress("::1") })
        #expect(try await resolver.addresses(of: "192.0.2.7") == [IPAddress("192.0.2.7")])
        #expect(try await resolver.addresses(of: "no-such-name.invalid").isEmpty)
    }
}
