import Domain
import Foundation
import H3
import Testing

@Suite struct ComparisonRouteTests {
    private let store = MemoryStore { state in
        var first = CellComparison(cell: H3Cell.examples[0], events: 30, eventsBefore: 24)
        first.area = "Kensington-Chinatown"
        state.compared = [first, CellComparison(cell: H3Cell.examples[1], events: 2, eventsBefore: 0)]
            .sorted { $0.cell.bitPattern < $1.cell.bitPattern }
    }

    @Test func aCellHasItsEventsInBothPeriodsAndTheirChange() async throws {
        try await withServer(store) { client in
            let json = try await client.get("/v1/comparison").json()
            let items = try #require(json["items"] as? [NSDictionary])
            let cells = [H3Cell.examples[0], H3Cell.examples[1]].map(\.description)
            #expect(
                Set(items) == [
                    [
                        "h3_index": cells[0], "events": 30, "events_before": 24, "change_percent": 25,
                        "area": "Kensington-Chinatown",
                    ],
                    [
                        "h3_index": cells[1], "events": 2, "events_before": 0, "change_percent": NSNull(),
                        "area": NSNull(),
                    ],
                ])
            let collection = try await client.get("/v1/comparison?f=geojson").json()
            #expect(collection["other_from"] as? String == "2021-11-06")
            #expect(collection["other_to"] as? String == "2021-12-03")
            #expect((collection["features"] as? [Any])?.count == 2)
        }
    }

    @Test func thePeriodsAreEquallyLongAndOneAfterTheOtherUnlessAskedOtherwise() async throws {
        try await withServer(store) { client in
            for query in [
                "", "?from=2021-12-25", "?to=2020-02-29&from=2020-02-01", "?other_to=2020-12-31",
                "?from=2021-12-01&other_from=2020-12-01&other_to=2020-12-05",
            ] {
                let answer = try await client.get("/v1/comparison\(query)")
                #expect(answer.status == 200)
            }
        }
        func days(_ first: String, _ last: String) -> ClosedRange<LocalDay> { LocalDay(first)!...LocalDay(last)! }
        #expect(
            store.now.comparisons.map(\.cells.days) == [
                days("2021-12-04", "2021-12-31"), days("2021-12-25", "2021-12-31"), days("2020-02-01", "2020-02-29"),
                days("2021-12-04", "2021-12-31"), days("2021-12-01", "2021-12-31"),
            ])
        #expect(
            store.now.comparisons.map(\.other) == [
                days("2021-11-06", "2021-12-03"), days("2021-12-18", "2021-12-24"), days("2020-01-03", "2020-01-31"),
                days("2020-12-04", "2020-12-31"), days("2020-12-01", "2020-12-05"),
            ])
    }

    @Test(arguments: [
        ("from=2021-02-01&to=2021-01-01", "to"), ("from=2020-01-01&to=2021-01-01", "from"), ("from=2022-01-01", "from"),
        ("other_from=2021-01-01&other_to=2020-12-31", "other_from"), ("other_to=yester", "other_to"),
        ("after=882b9bc46dffff", "after"), ("fields=cell", "fields"), ("kind=all", "kind"),
    ])
    func aFaultNamesItsParameter(query: String, field: String) async throws {
        try await withServer(store) { client in
            let answer = try await client.get("/v1/comparison?\(query)")
            #expect(answer.status == 400)
            let json = try answer.json()
            let errors = try #require(json["errors"] as? [[String: Any]])
            #expect(errors.map { $0["field"] as? String } == [field])
        }
    }
}
