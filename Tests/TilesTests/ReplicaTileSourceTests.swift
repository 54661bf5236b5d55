import Logging
import NIOCore
import Telemetry
import Testing

@testable import Tiles

@Suite struct ReplicaTileSourceTests {
    /// A copy of the store that answers with one generation, or not at all.
    private struct Replica: TileSource {
        let answer: Result<Int64, any Error>

        func tile(_ key: TileKey) async throws -> Tile {
            Tile(plain: ByteBuffer(string: "from the replica"), generation: try answer.get())
        }
    }

    private struct Broken: Error {}

    private static func tile(
        _ answer: Result<Int64, any Error>, known: Int64?, registry: PrometheusRegistry = PrometheusRegistry()
    ) async throws -> (text: String, primaryCalls: Int) {
        let primary = CountingTileSource(generation: 9)
        let generation = CurrentGeneration()
        if let known { generation.advance(to: known) }
        let source = ReplicaTileSource(
            Replica(answer: answer), primary: primary, generation: generation, logger: Logger(label: "test"),
            metrics: registry)
        return (String(buffer: try await source.tile(try TileKey.example()).plain()), primary.count)
    }

    @Test(arguments: [nil, 8, 9])
    func aReplicaThatIsUpToDateMakesTheTile(_ known: Int64?) async throws {
        let (text, calls) = try await Self.tile(.success(9), known: known)
        #expect(text == "from the replica")
        #expect(calls == 0)
    }

    @Test func aReplicaThatIsBehindIsPassedOver() async throws {
        let (text, calls) = try await Self.tile(.success(8), known: 9)
        #expect(text != "from the replica")
        #expect(calls == 1)
    }

    @Test func aReplicaThatFailsIsPassedOverAndCounted() async throws {
        let registry = PrometheusRegistry()
        let (text, calls) = try await Self.tile(.failure(Broken()), known: 9, registry: registry)
        #expect(text != "from the replica")
        #expect(calls == 1)
        #expect(registry.text().contains("tile_replica_fallbacks_total 1"))
    }

    @Test func whoLeavesIsNotSentOn() async throws {
        await #expect(throws: CancellationError.self) {
            _ = try await Self.tile(.failure(CancellationError()), known: 9)
        }
    }
}
