import Fetch
import NIOCore
import Synchronization
import TestSources
import TestSupport
import Testing

@testable import NYCOpenData

/// Many properties at a time.
@Suite struct BatchTests {
    /// A site that counts how many requests are under way.
    private final class BusySite: Transport {
        private let site: FakeSite
        private let underWay = Mutex((now: 0, most: 0))
        private let isSilent: Bool

        init(isSilent: Bool = false, _ reply: @escaping @Sendable (FakeSite.Request) -> FakeSite.Reply) {
            self.isSilent = isSilent
            site = FakeSite(reply)
        }

        var requests: [FakeSite.Request] { site.requests }
        var now: Int { underWay.withLock { $0.now } }
        var most: Int { underWay.withLock { $0.most } }

        func send(_ request: WireRequest) async throws -> WireAnswer {
            underWay.withLock { underWay in
                underWay.now += 1
                underWay.most = max(underWay.most, underWay.now)
            }
            defer { underWay.withLock { $0.now -= 1 } }
            while isSilent {
                try Task.checkCancellation()
                await Task.yield()
            }
            for _ in 0..<20 { await Task.yield() }
            return try await site.send(request)
        }
    }

    private static func properties(_ count: Int) throws -> [BBL] {
        try (1...count).map { try BBL("3\(BBL.padded($0, to: 5))0001") }
    }

    @Test func twoHundredPropertiesAndFourDatasetsGoOverFiftyConnections() async throws {
        let site = BusySite(CityRows.answer)
        let client = try NYCOpenDataClient(site)
        let properties = try Self.properties(200)
        let steps = Mutex<[Int]>([])
        let records = try await client.batchFetch(properties) { done, all in
            steps.withLock { $0.append(done) }
            #expect(all == 800)
        }
        #expect(records.map(\.bbl) == properties)
        #expect(site.requests.count == 800)
        #expect(Set(site.requests.map(\.url)).count == 800)
        #expect(site.most <= 50)
        #expect(site.most > 1)
        #expect(steps.withLock { $0 } == Array(1...800))
        for record in records {
            #expect(try record.dobViolations?.get().rows.count == 2)
            #expect(try record.hpdViolations?.get().rows.count == 1)
            #expect(try record.complaints311?.get().rows.count == 1)
            #expect(try record.permits?.get().rows.count == 1)
            #expect(record.olderPermits == nil)
            #expect(record.errors.isEmpty)
        }
    }

    @Test func fewerConnectionsAreKeptToAsWell() async throws {
        let site = BusySite(CityRows.answer)
        let client = try NYCOpenDataClient(site) { $0.connections = 3 }
        _ = try await client.batchFetch(try Self.properties(20))
        #expect(site.most <= 3)
        #expect(site.requests.count == 80)
    }

    @Test func aPropertyThatIsNamedTwiceIsAskedForOnce() async throws {
        let site = FakeSite(CityRows.answer)
        let lots = try ["1007900009", "3022320009", "1007900009"].map { try BBL($0) }
        let records = try await NYCOpenDataClient(site).batchFetch(lots, sources: [.permits])
        #expect(records.map(\.bbl) == [lots[0], lots[1]])
        #expect(site.requests.count == 2)
        #expect(records.allSatisfy { $0.hpdViolations == nil })
    }

    @Test func allOfABatchHaveTheSameDays() async throws {
        let site = FakeSite(CityRows.answer)
        let client = try NYCOpenDataClient(site)
        _ = try await client.batchFetch(
            try Self.properties(5), sources: [.complaints311], days: 30, asOf: CityDay("2024-01-30"))
        let periods = Set(
            site.requests.compactMap { $0.query["$where"]?.split(separator: " AND ").dropFirst().joined() })
        #expect(periods == ["created_date >= '2024-01-01T00:00:00'created_date < '2024-01-31T00:00:00'"])
    }

    @Test func aDatasetThatIsGoneLeavesTheOthersAlone() async throws {
        let site = FakeSite { request in
            request.path.contains("rbx6") ? .json(#"{"message": "gone"}"#, status: 404) : CityRows.answer(request)
        }
        let records = try await NYCOpenDataClient(site).batchFetch(
            try Self.properties(3), sources: Set(NYCSource.allCases))
        for record in records {
            #expect(record.errors.keys.map(\.rawValue) == ["permits"])
            #expect(try record.olderPermits?.get().rows.count == 1)
            #expect(throws: NYCDataError.self) { try record.permits?.get() }
        }
    }

    @Test func aPropertyThatFailsLeavesTheOthersAlone() async throws {
        let site = FakeSite { request in
            request.query["$where"]?.contains("3000020001") == true
                ? .json(#"{"message": "no"}"#, status: 400) : CityRows.answer(request)
        }
        let records = try await NYCOpenDataClient(site).batchFetch(try Self.properties(3), sources: [.hpdViolations])
        #expect(records.map { $0.errors.isEmpty } == [true, false, true])
    }

    @Test func nothingAskedForIsNothing() async throws {
        let site = FakeSite(CityRows.answer)
        let client = try NYCOpenDataClient(site)
        #expect(try await client.batchFetch([]).isEmpty)
        #expect(try await client.batchFetch(try Self.properties(2), sources: []).map(\.errors.isEmpty) == [true, true])
        #expect(site.requests.isEmpty)
    }

    @Test func aCancelledBatchEndsWithItsRequests() async throws {
        let site = BusySite(isSilent: true, CityRows.answer)
        let client = try NYCOpenDataClient(site)
        let properties = try Self.properties(200)
        let batch = Task { try await client.batchFetch(properties) }
        try await until { site.now == 50 }
        batch.cancel()
        await #expect(throws: CancellationError.self) { try await batch.value }
        try await until { site.now == 0 }
        #expect(site.most <= 50)
        // The client can be used as before.
        #expect(await client.healthCheck([]).requests.waiting == 0)
    }
}
