import Foundation
import NIOCore
import Testing
import Tiles

@testable import Server

@Suite struct ServingChannelTests {
    private static let path = "/v1/tiles/10/286/373.mvt"

    private static func request(_ method: String = "GET", _ headers: String = "") -> ByteBuffer {
        ByteBuffer(string: "\(method) \(path) HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\(headers)\r\n")
    }

    @Test func memoryAnswersAsTheRouteDoes() async throws {
        let store = MemoryStore()
        let tag = "\"\(store.now.tile.tag)-gzip\""
        try await withServer(store, sources: store.cachedSources) { client in
            // The first request caches the list of datasets, the second the meaning of the path.
            for _ in 0..<2 { _ = try await client.get(Self.path) }
            for (method, headers) in [("GET", [:]), ("HEAD", [:]), ("GET", ["If-None-Match": tag])] {
                // A request that closes the connection is answered by the route.
                let headers = headers.merging(["Accept-Encoding": "gzip"]) { $1 }
                let routed = try await client.send(method, Self.path, headers)
                let extra = headers["If-None-Match"].map { "If-None-Match: \($0)\r\n" } ?? ""
                let cached = try await WireConnection.with(client.address) { inbound, outbound in
                    try await outbound.write(Self.request(method, extra))
                    var rest = Data()
                    return try await inbound.answer(toHead: method == "HEAD", rest: &rest)
                }
                let answer = try #require(cached)
                #expect(answer.status == routed.status)
                #expect(answer.body == routed.body)
                // From memory, a request id is repeated only if the client sent one.
                let changing: Set<String> = ["date", "connection", "x-request-id"]
                #expect(
                    answer.headers.filter { !changing.contains($0.key) }
                        == routed.headers.filter { !changing.contains($0.key) })
                #expect(answer.headers["date"]?.hasSuffix(" GMT") == true)
            }
        }
    }

    @Test func oneConnectionServesManyRequestsOfEveryKind() async throws {
        let store = MemoryStore()
        try await withServer(store, sources: store.cachedSources) { client in
            for _ in 0..<2 { _ = try await client.get(Self.path) }
            let statuses = try await WireConnection.with(client.address) { inbound, outbound in
                var statuses: [Int?] = []
                var rest = Data()
                for path in [Self.path, "/v1/health/live", Self.path, "/v1/nowhere", Self.path, Self.path] {
                    let text = "GET \(path) HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n"
                    try await outbound.write(ByteBuffer(string: text))
                    statuses.append(try await inbound.answer(rest: &rest)?.status)
                }
                return statuses
            }
            #expect(statuses == [200, 200, 200, 404, 200, 200])
        }
    }

    @Test func aClientThatLeavesIsNotWorkedForAnyMore() async throws {
        let store = MemoryStore { $0.tileDelay = .seconds(600) }
        try await withServer(store) { client in
            try await WireConnection.with(client.address) { _, outbound in
                try await outbound.write(Self.request())
                while store.now.tilesBegun == 0 { try await Task.sleep(for: .milliseconds(1)) }
            }
            while store.now.tilesGivenUp == 0 { try await Task.sleep(for: .milliseconds(1)) }
        }
    }

    @Test func aHeadThatDoesNotEndIsCutOff() async throws {
        let configuration = ServerConfiguration(port: 0, headTimeout: .milliseconds(100))
        try await withServer(MemoryStore(), configuration) { client in
            let answer = try await WireConnection.with(client.address) { inbound, outbound in
                try await outbound.write(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: a\r\n"))
                var rest = Data()
                return try await inbound.answer(rest: &rest)
            }
            #expect(answer == nil)
        }
    }

    @Test func aSilentConnectionIsClosedAndABusyOneIsNot() async throws {
        // Longer than the client may take for its first byte while other tests keep the machine busy.
        let configuration = ServerConfiguration(port: 0, idleTimeout: .seconds(2))
        let store = MemoryStore { $0.tileDelay = .seconds(3) }
        try await withServer(store, configuration) { client in
            try await WireConnection.with(client.address) { inbound, outbound in
                var rest = Data()
                try await outbound.write(Self.request())
                #expect(try await inbound.answer(rest: &rest)?.status == 200)
                #expect(try await inbound.answer(rest: &rest) == nil)
            }
        }
    }

    @Test(.timeLimit(.minutes(2))) func aClientThatTakesNothingIsCutOff() async throws {
        // Noise, which gzip cannot compress: more than the sockets of both ends can hold.
        var noise = ByteBuffer()
        for _ in 0..<(1 << 18) { noise.writeInteger(UInt64.random(in: .min ... .max)) }
        let store = MemoryStore { $0.tile = Tile(plain: noise, generation: 7) }
        let configuration = ServerConfiguration(port: 0, writeTimeout: .milliseconds(200))
        try await withServer(store, configuration) { client in
            let received = try await WireConnection.with(client.address) { inbound, outbound in
                for _ in 0..<16 { try await outbound.write(Self.request()) }
                // Nothing is read until the server's buffers are full, which the writer is told.
                do {
                    while true {
                        try await outbound.write(ByteBuffer(string: "G"))
                        try await Task.sleep(for: .milliseconds(50))
                    }
                } catch is IOError {} catch is ChannelError {}
                var received = 0
                do {
                    while let part = try await inbound.next() { received += part.readableBytes }
                } catch {}
                return received
            }
            #expect(received < 16 * noise.readableBytes)
        }
    }
}
