import Domain
import TestDomain
import Testing
import TileMath

@testable import Tiles

@Suite struct DemandHistoryTests {
    private static func request(_ x: Int) throws -> TileRequest {
        TileRequest(dataset: "a", address: try TileAddress(z: 10, x: x, y: 0))
    }

    @Test func theMostAskedOfTheLastHourComeFirst() throws {
        let (one, two, three) = (try Self.request(1), try Self.request(2), try Self.request(3))
        var history = DemandHistory()
        history.add([one: 3, two: 1], at: Instant(seconds: 10_000))
        history.add([two: 5, three: 1], at: Instant(seconds: 12_000))
        #expect(history.mostAsked(2, at: Instant(seconds: 12_001)) == [two, one])
        #expect(history.mostAsked(9, at: Instant(seconds: 12_001)) == [two, one, three])
        #expect(history.mostAsked(0, at: Instant(seconds: 12_001)) == [])
    }

    @Test func anHourLaterItIsForgotten() throws {
        let (one, two) = (try Self.request(1), try Self.request(2))
        var history = DemandHistory()
        history.add([one: 100], at: Instant(seconds: 36_000))
        history.add([two: 1], at: Instant(seconds: 39_599))
        #expect(history.mostAsked(9, at: Instant(seconds: 39_600)) == [one, two])
        #expect(history.mostAsked(9, at: Instant(seconds: 40_200)) == [two])
        #expect(history.mostAsked(9, at: Instant(seconds: 50_000)) == [])
        history.add([one: 1], at: Instant(seconds: 50_000))
        #expect(history.mostAsked(9, at: Instant(seconds: 50_000)) == [one])
    }

    @Test func whatIsTakenIsNotCountedAgain() throws {
        let (one, two) = (try Self.request(1), try Self.request(2))
        let demand = TileDemand()
        for request in [one, two, one] { demand.count(request) }
        #expect(demand.take() == [one: 2, two: 1])
        demand.count(two)
        #expect(demand.take() == [two: 1])
        #expect(demand.take() == [:])
    }
}
