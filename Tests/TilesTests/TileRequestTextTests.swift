import Domain
import TestDomain
import Testing
import TileMath

@testable import Tiles

@Suite struct TileRequestTextTests {
    private static func requests() throws -> [TileRequest] {
        let address = try TileAddress(z: 10, x: 286, y: 373)
        let day = LocalDay("2021-06-01")
        return [
            TileRequest(dataset: "a", address: address),
            TileRequest(dataset: "a-b_c", address: address),
            TileRequest(dataset: "a", address: try TileAddress(z: 0, x: 0, y: 0)),
            TileRequest(dataset: "a", day: day, address: address),
            TileRequest(dataset: "a", day: day, lastDay: day, address: address),
            TileRequest(dataset: "a", day: day, lastDay: LocalDay("2021-07-01"), address: address),
            TileRequest(dataset: "a", resolution: 9, address: address),
            TileRequest(dataset: "a", levels: [.critical, .low], address: address),
            TileRequest(dataset: "a", day: day, resolution: 0, levels: [.high], address: address),
        ]
    }

    @Test func itIsReadBackAsItWas() throws {
        let requests = try Self.requests()
        #expect(requests.map { TileRequest(text: $0.text) } == requests)
        #expect(Set(requests.map(\.text)).count == requests.count)
    }

    @Test(arguments: [
        "", "a", "a:-:-:-", "a:-:-:-:10/286", "a:-:-:-:10/286/373/1", "a:-:-:-:3/8/0", "a:-:-:-:03/1/1",
        "a:yesterday:-:-:1/0/0", "a:2021-02-30:-:-:1/0/0", "a:2021-06-02..2021-06-01:-:-:1/0/0",
        "a:2021-06-01.2021-06-02:-:-:1/0/0", "a:-..2021-06-02:-:-:1/0/0", "a:-:x:-:1/0/0", "a:-:+7:-:1/0/0",
        "a:-:-:purple:1/0/0", "a:-:-:high+low:1/0/0", ":-:-:-:1/0/0", "a:-:-:-:1/0/0:b",
    ])
    func whatIsNoRequestIsNotRead(_ text: String) {
        #expect(TileRequest(text: text) == nil)
    }
}
