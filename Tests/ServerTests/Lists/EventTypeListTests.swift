import Accounts
import Domain
import TestDomain
import Testing

@testable import Server
@testable import Web

@Suite struct EventTypeListTests {
    private static let known: Set<String> = ["Assault", "B&E, vehicle", "B&E", "vehicle", "a,b", "c"]

    @Test(arguments: [
        ("Assault", ["Assault"]), ("Assault,c", ["Assault", "c"]), ("c, Assault", ["c", "Assault"]),
        ("c,c", ["c"]), ("a,b", ["a,b"]), ("a,b,c", ["a,b", "c"]), ("B&E", ["B&E"]), ("vehicle", ["vehicle"]),
        // The longest known type wins.
        ("B&E, vehicle", ["B&E, vehicle"]), ("B&E,vehicle", ["B&E", "vehicle"]),
        ("Assault,B&E, vehicle,c", ["Assault", "B&E, vehicle", "c"]),
    ])
    func typesThatHaveCommasAreFound(text: String, types: [String]) throws {
        let list = try #require(EventTypeList(text))
        #expect(list.types(among: Self.known) == .success(types))
    }

    @Test(arguments: [("Asault", "Asault"), ("c,x,Assault", "x"), ("c,", ""), ("a", "a"), ("assault", "assault")])
    func anUnknownOneIsTold(text: String, unknown: String) throws {
        let list = try #require(EventTypeList(text))
        #expect(list.types(among: Self.known) == .failure(.init(name: unknown)))
    }

    @Test func aListIsBounded() {
        #expect(EventTypeList("") == nil)
        #expect(EventTypeList(String(repeating: "c,", count: 99) + "c") != nil)
        #expect(EventTypeList(String(repeating: "c,", count: 100) + "c") == nil)
    }

    @Test func typesAreLookedUpOnceAndAgainBeforeOneIsRefused() async throws {
        let store = MemoryStore()
        func add(_ name: String) {
            store.change {
                $0.types.append(EventType(name: name, count: 1, days: .init(uncheckedBounds: (.earliest, .latest))))
            }
        }
        add("Assault")
        let types = EventTypes(store)
        for _ in 0..<3 { #expect(try await types.known(EventTypeList("Assault"), of: .toronto) == ["Assault"]) }
        #expect(store.now.typesAsked == 1)
        await #expect(throws: Problem.self) { try await types.known(EventTypeList("Fire"), of: .toronto) }
        add("Fire")
        #expect(try await types.known(EventTypeList("Fire"), of: .toronto) == ["Fire"])
        #expect(try await types.known(nil, of: .toronto) == [])
        #expect(store.now.typesAsked == 3)
    }

    @Test func theAnswerNamesTheTypesThatThereAre() async throws {
        let store = MemoryStore { state in
            state.types = (1...30).map { number in
                EventType(name: "type \(number)", count: 1, days: LocalDay("2021-12-01")!...LocalDay("2021-12-31")!)
            }
        }
        try await withServer(store, as: .analyst) { client in
            for path in ["/v1/events", "/v1/stats", "/ogc/collections/toronto.events/items"] {
                let answer = try await client.get("\(path)?event_type=type%201,Asault")
                #expect(answer.status == 400)
                let errors = try #require(try answer.json()["errors"] as? [[String: String]])
                #expect(errors.map { $0["field"] } == ["event_type"])
                let message = try #require(errors.first?["message"])
                #expect(message.contains("Asault is no type of toronto; its types are: type 1, type 2,"))
                #expect(message.contains("and 10 more (/v1/event-types)"))
                #expect(try await client.get("\(path)?event_type=type%201,type%202").status == 200)
            }
            let list = try await client.get("/v1/event-types?limit=2").json()
            let items = try #require(list["items"] as? [[String: Any]])
            #expect(items.map { $0["event_type"] as? String } == ["type 1", "type 2"])
            #expect(items.first?["first_day"] as? String == "2021-12-01")
            #expect((list["next"] as? String)?.hasSuffix("after=type%202") == true)
        }
        #expect(store.now.eventQueries.map(\.query.eventTypes).contains(["type 1", "type 2"]))
        #expect(store.now.countQueries.map(\.eventTypes) == [["type 1", "type 2"]])
    }
}
