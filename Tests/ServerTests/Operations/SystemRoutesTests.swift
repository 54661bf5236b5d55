import Accounts
import Domain
import Foundation
import TestDomain
import Testing

@testable import Server

/// Knowledge of the database about services, in memory.
struct MemorySystem: SystemRepository {
    /// Nothing while the database is away.
    var known: SystemStatus? = SystemStatus(
        queues: [
            SystemStatus.Queue(
                kind: "score", waiting: 3, running: 1, longestWait: .seconds(901), finished: 5, failed: 2)
        ],
        view: SystemStatus.View(generation: 7, rows: 12, refreshed: Instant(seconds: Instant.now.seconds - 60)),
        models: [
            SystemStatus.Model(
                id: 1, dataset: "boston", kind: "clustering", library: "k-means", trained: Instant(seconds: 0)),
            SystemStatus.Model(
                id: 2, dataset: "boston", kind: "classification", library: "XGBoost 1.7.4",
                trained: Instant(seconds: 0), compared: Instant(seconds: 86400), drift: 0.26),
        ])

    func status() async throws -> SystemStatus {
        guard let known else { throw Away() }
        return known
    }

    private struct Away: Error {}
}

@Suite struct SystemRoutesTests {
    private static let words = ["server", "database", "cache", "view", "jobs", "feeds", "models"]

    @Test func everybodyGetsAWordOfEachPartAndNoMore() async throws {
        let store = MemoryStore {
            $0.checks = [
                HealthCheck(part: "postgresql", isWell: true, detail: "secret", version: "15.8"),
                HealthCheck(part: "redis", isWell: false, detail: "secret", isEssential: false),
            ]
        }
        try await withSystem(store) { client, _ in
            let health = try await client.get("/v1/system/health/detailed")
            #expect(health.status == 200)
            #expect(
                try health.json() as NSDictionary == [
                    "status": "degraded",
                    "parts": [
                        ["part": "postgresql", "state": "well", "essential": true],
                        ["part": "redis", "state": "failing", "essential": false],
                        ["part": "rights", "state": "well", "essential": false],
                    ],
                ])
            let services = try await client.get("/api/v1/system/status/services")
            #expect(services.status == 200)
            #expect(!services.text.contains("secret"))
            #expect(try services.json().keys.sorted() == ["services", "status"])
            #expect(
                try states(services) == [
                    "server": "well", "database": "well", "cache": "degraded", "view": "unknown", "jobs": "degraded",
                    "feeds": "off", "models": "degraded",
                ])
        }
    }

    @Test func anAdministratorOfAllDatasetsSeesWhatIsBehindIt() async throws {
        let store = MemoryStore {
            $0.checks[0].version = "15.8"
            $0.checks[0].latency = .milliseconds(2)
        }
        try await withSystem(store) { _, client in
            let health = try await client.get("/v1/system/health/detailed")
            #expect(try health.json()["version"] as? String == "9.9.9")
            let parts = try health.json()["parts"] as? [[String: Any]] ?? []
            #expect(parts[0]["version"] as? String == "15.8")
            #expect(parts[0]["latency_ms"] as? Double == 2)
            #expect(parts[0]["detail"] as? String == "answers")

            let services = try await client.get("/v1/system/status/services")
            let json = try services.json()
            let queues = json["queues"] as? [[String: Any]] ?? []
            #expect(
                queues.map { $0 as NSDictionary } == [
                    [
                        "kind": "score", "waiting": 3, "running": 1, "longest_wait_seconds": 901, "finished": 5,
                        "failed": 2,
                    ]
                ])
            let models = json["models"] as? [[String: Any]] ?? []
            #expect(models.map { $0["state"] as? String } == ["well", "degraded"])
            #expect(models.map { $0["drift_index"] as? Double } == [nil, 0.26])
            let view = json["view"] as? [String: Any]
            #expect(view?["generation"] as? Int == 7)
            #expect((view?["age_seconds"] as? Double ?? 0) >= 60)
            let shown = json["services"] as? [[String: Any]] ?? []
            #expect(shown.map { $0["service"] as? String } == Self.words)
            #expect(shown.first { $0["service"] as? String == "jobs" }?["detail"] as? String == "3 waiting, 1 running")
        }
    }

    /// Feeds and models tell of datasets that such a key may not see.
    @Test func aKeyThatIsLimitedToSomeDatasetsSeesWordsAlone() async throws {
        let limited = Principal(identity: .key("limited"), role: .admin, confinedTo: ["toronto"])
        try await withSystem(MemoryStore(), as: limited) { _, client in
            let services = try await client.get("/v1/system/status/services")
            #expect(services.status == 200)
            #expect(try services.json().keys.sorted() == ["services", "status"])
        }
    }

    @Test func whatOnlyTheDatabaseKnowsIsUnknownWhileItIsAway() async throws {
        let store = MemoryStore { $0.checks = [HealthCheck(part: "postgresql", isWell: false, detail: "away")] }
        try await withSystem(store, MemorySystem(known: nil)) { client, _ in
            let health = try await client.get("/v1/system/health/detailed")
            #expect(health.status == 503)
            #expect(try health.json()["status"] as? String == "unready")
            let services = try await client.get("/v1/system/status/services")
            #expect(services.status == 200)
            #expect(
                try states(services) == [
                    "server": "well", "database": "failing", "cache": "off", "view": "unknown", "jobs": "unknown",
                    "feeds": "off", "models": "unknown",
                ])
        }
    }

    @Test func unknownParametersAreRefused() async throws {
        try await withSystem(MemoryStore()) { client, _ in
            for path in ["health/detailed", "status/services"] {
                let answer = try await client.get("/v1/system/\(path)?verbose=1")
                #expect(answer.status == 400)
            }
        }
    }

    private func states(_ answer: Answer) throws -> [String: String] {
        let services = try answer.json()["services"] as? [[String: Any]] ?? []
        return Dictionary(
            uniqueKeysWithValues: services.map { ($0["service"] as? String ?? "", $0["state"] as? String ?? "") })
    }

    /// Calls `body` with a client without credentials and with one of an account, by default that of an administrator.
    private func withSystem(
        _ store: MemoryStore, _ system: MemorySystem = MemorySystem(),
        as principal: Principal = Principal(identity: .key("machine"), role: .admin),
        _ body: (WireClient, WireClient) async throws -> Void
    ) async throws {
        let key = Secret.random(.apiKey)
        var sources = store.sources
        sources.accounts = MemoryAccounts { $0.keys[key.hash] = principal }.sources(AccessVersion(1))
        sources.system = (system, "9.9.9")
        try await withServer(store, sources: sources) { client in
            var account = client
            account.credential = key.text
            try await body(client, account)
        }
    }
}
