import Accounts
import Domain
import Foundation
import TestDomain
import Testing

@testable import Server

@Suite struct AnalyticsRoutesTests {
    private static let key = Secret.random(.apiKey)
    private static let bearer = ["Authorization": "Bearer \(key.text)"]

    /// The store, with an administrator who has the key.
    private static func sources(_ store: MemoryStore) -> ServerSources {
        var sources = store.sources
        let administrator = Principal(identity: .key("administrator"), role: .admin)
        sources.accounts = MemoryAccounts { $0.keys[key.hash] = administrator }.sources(AccessVersion(1))
        return sources
    }

    private func withServer(_ store: MemoryStore, _ body: (WireClient) async throws -> Void) async throws {
        try await ServerTests.withServer(store, sources: Self.sources(store), body)
    }

    private static let secret: DatasetStatus = .changed {
        $0.dataset.slug = "secret"
        $0.dataset.visibility = .private
    }

    @Test func aRunIsAcceptedAndToldWhereToWatch() async throws {
        let store = MemoryStore()
        try await withServer(store) { client in
            let path =
                "/v1/analytics/run?dataset=toronto&resolution=8,7&from=2021-01-01&to=2021-02-01&refresh=false"
                + "&normalization=percentile"
            let answer = try await client.send("POST", path, Self.bearer)
            #expect(answer.status == 202)
            #expect(answer.headers["location"] == "\(client.origin)/v1/analytics/runs/1")
            let json = try answer.json()
            #expect(json["id"] as? Int == 1)
            #expect(json["state"] as? String == "queued")
            #expect(
                Set(json.keys) == [
                    "id", "kind", "dataset", "resolutions", "from", "to", "normalization", "refresh", "state",
                    "progress", "attempts", "events", "rows", "error", "created_at", "started_at", "finished_at",
                ])
            #expect(json["created_at"] as? String == "2021-01-01T00:00:00Z")
            let watched = try await client.get("/v1/analytics/runs/1")
            #expect(watched.status == 200)
            #expect(watched.text == answer.text)
        }
        #expect(
            Array(store.now.orders.values) == [
                RunOrder(
                    dataset: "toronto", resolutions: [7, 8], from: LocalDay("2021-01-01"), to: LocalDay("2021-02-01"),
                    normalization: .percentile, refresh: false)
            ])
    }

    @Test func withoutParametersAllResolutionsAreScoredAndServed() async throws {
        let store = MemoryStore()
        try await withServer(store) { client in
            let answer = try await client.send("POST", "/v1/analytics/run", Self.bearer)
            #expect(answer.status == 202)
        }
        #expect(Array(store.now.orders.values) == [RunOrder(dataset: "toronto", resolutions: [5, 6, 7, 8, 9])])
    }

    @Test func theSameKeyIsTheSameRunAndAnotherOrderIsRefused() async throws {
        let store = MemoryStore()
        try await withServer(store) { client in
            var headers = Self.bearer
            headers["Idempotency-Key"] = "a-key"
            let first = try await client.send("POST", "/v1/analytics/run?resolution=7", headers)
            let second = try await client.send("POST", "/v1/analytics/run?resolution=7", headers)
            #expect(first.status == 202)
            #expect(second.status == 202)
            #expect(first.headers["location"] == second.headers["location"])
            #expect(try await client.send("POST", "/v1/analytics/run?resolution=8", headers).status == 422)
            headers["Idempotency-Key"] = "with blank"
            #expect(try await client.send("POST", "/v1/analytics/run?resolution=8", headers).status == 400)
        }
        #expect(store.now.runs.count == 1)
    }

    @Test(arguments: [
        ("resolution=", "resolution"), ("resolution=16", "resolution"), ("resolution=7,", "resolution"),
        ("resolution=4", "resolution"), ("from=2021-02-30", "from"), ("from=2021-02-02&to=2021-02-01", "to"),
        ("normalization=zscore", "normalization"), ("refresh=1", "refresh"), ("res=7", "res"),
    ])
    func aBadParameterIs400NamingIt(query: String, field: String) async throws {
        let store = MemoryStore()
        try await withServer(store) { client in
            let answer = try await client.send("POST", "/v1/analytics/run?\(query)", Self.bearer)
            #expect(answer.status == 400)
            #expect((try answer.json()["errors"] as? [[String: String]])?.map { $0["field"] } == [field])
        }
        #expect(store.now.orders.isEmpty)
    }

    @Test func whoSeesAPrivateDatasetMayScoreItAndOthersSeeNothingOfIt() async throws {
        let store = MemoryStore { $0.datasets = [.toronto, Self.secret] }
        try await withServer(store) { client in
            let accepted = try await client.send("POST", "/v1/analytics/run?dataset=secret", Self.bearer)
            #expect(accepted.status == 202)
            #expect(try await client.get("/v1/analytics/runs/1").status == 404)
            #expect(try await client.get("/v1/analytics/runs/1", Self.bearer).status == 200)
            #expect((try await client.get("/v1/analytics/runs").json()["items"] as? [Any])?.isEmpty == true)
            #expect((try await client.get("/v1/analytics/runs", Self.bearer).json()["items"] as? [Any])?.count == 1)
            #expect(try await client.get("/v1/analytics/runs?dataset=secret").status == 404)
            #expect(try await client.get("/v1/analytics/runs?dataset=secret", Self.bearer).status == 200)
        }
    }

    @Test func theReasonOfAFailureIsForAnalysts() async throws {
        let store = MemoryStore { $0.runs = [.example(1, state: .failed)] }
        try await withServer(store) { client in
            let others = try await client.get("/v1/analytics/runs/1")
            let analysts = try await client.get("/v1/analytics/runs/1", Self.bearer)
            #expect(!others.text.contains("/var"))
            #expect(analysts.text.contains("/var"))
        }
    }

    @Test(arguments: [1, 2, 5, 100])
    func thePagesTogetherHoldEveryRunOnceTheNewestFirst(limit: Int) async throws {
        let store = MemoryStore { $0.runs = (1...5).map { .example($0, dataset: $0 == 3 ? nil : "toronto") } }
        try await withServer(store) { client in
            var ids: [Int] = []
            var path: String? = "/v1/analytics/runs?limit=\(limit)&state=queued"
            while let address = path {
                let json = try await client.get(address).json()
                ids += try #require(json["items"] as? [[String: Any]]).compactMap { $0["id"] as? Int }
                path = (json["next"] as? String).map { String($0.dropFirst(client.origin.count)) }
                #expect(path?.contains("state=queued") ?? true)
            }
            #expect(ids == [5, 4, 3, 2, 1])
        }
        #expect(store.now.runQueries.allSatisfy { $0.state == .queued })
    }

    @Test func cancellingAnswersByTheStateOfTheRun() async throws {
        let store = MemoryStore {
            $0.runs = [
                .example(1), .example(2, state: .running), .example(3, state: .finished),
                .example(4, state: .running, isJob: false), .example(5, state: .cancelled),
            ]
        }
        try await withServer(store) { client in
            let expected = [1: 200, 2: 202, 3: 409, 4: 409, 5: 200, 6: 404]
            for (id, status) in expected {
                #expect(try await client.send("DELETE", "/v1/analytics/runs/\(id)", Self.bearer).status == status)
            }
            let answer = try await client.send("DELETE", "/v1/analytics/runs/1", Self.bearer)
            #expect(try answer.json()["state"] as? String == "cancelled")
        }
    }

    @Test(arguments: [
        ("POST", "/v1/analytics/run"), ("DELETE", "/v1/analytics/runs/1"),
    ])
    func onlyWhoHasTheRoleGivesOrders(method: String, path: String) async throws {
        let store = MemoryStore { $0.runs = [.example(1)] }
        try await withServer(store) { client in
            let without = try await client.send(method, path)
            #expect(without.status == 401)
            #expect(without.headers["www-authenticate"] == "Bearer realm=\"hextant\"")
            let others = [
                "Bearer \(Self.key.text)x", "Bearer \(Self.key.text.dropLast())", "Bearer ", "Bearer", Self.key.text,
                "Basic \(Self.key.text)", "Bearer \(Self.key.text.dropLast())\(Self.key.text.last == "g" ? "w" : "g")",
            ]
            for other in others {
                #expect(try await client.send(method, path, ["Authorization": other]).status == 401)
            }
            #expect(try await client.send(method, path, ["Authorization": "bearer \(Self.key.text)"]).status / 100 == 2)
        }
    }

    @Test func aWrongTokenIsToldWhereItIsNotNeededToo() async throws {
        try await withServer(MemoryStore()) { client in
            let answer = try await client.get("/v1/analytics/runs", ["Authorization": "Bearer x"])
            #expect(answer.status == 401)
        }
    }

    @Test func otherMethodsAndBodiesAreRefused() async throws {
        try await withServer(MemoryStore { $0.runs = [.example(1)] }) { client in
            let get = try await client.get("/v1/analytics/run", Self.bearer)
            #expect(get.status == 405)
            #expect(get.headers["allow"] == "POST, OPTIONS")
            let put = try await client.send("PUT", "/v1/analytics/runs/1", Self.bearer)
            #expect(put.status == 405)
            #expect(put.headers["allow"] == "GET, HEAD, DELETE, OPTIONS")
            #expect(try await client.send("POST", "/v1/analytics/run", Self.bearer, body: "{}").status == 400)
            #expect(try await client.get("/v1/analytics/runs/0x1").status == 400)
        }
    }
}
