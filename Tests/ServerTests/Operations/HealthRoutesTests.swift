import Accounts
import Domain
import Foundation
import Testing

@testable import Server

@Suite struct HealthRoutesTests {
    @Test func theProcessLivesEvenWhenTheStoreIsAway() async throws {
        let store = MemoryStore { $0.checks = [HealthCheck(part: "postgresql", isWell: false, detail: "away")] }
        try await withServer(store) { client in
            #expect(try await client.get("/v1/health/live").status == 200)
            let ready = try await client.get("/v1/health/ready")
            #expect(ready.status == 503)
            #expect(
                try ready.json() as NSDictionary == [
                    "status": "unready", "parts": [["part": "postgresql", "well": false, "detail": "away"]],
                ])
        }
    }

    @Test func itIsReadyWhenEveryPartIsWell() async throws {
        try await withServer { client in
            let ready = try await client.get("/v1/health/ready")
            #expect(ready.status == 200)
            #expect(try ready.json()["status"] as? String == "ready")
        }
    }

    @Test func metricsAreText() async throws {
        try await withServer { client in
            let answer = try await client.get("/metrics")
            #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(answer.text.hasSuffix("up 1\n"))
        }
        try await withServer(MemoryStore(), ServerConfiguration(port: 0, servesMetrics: false)) { client in
            let answer = try await client.get("/metrics")
            #expect(answer.status == 404)
        }
    }

    @Test func withoutAPartThatIsNotEssentialThereAreStillAnswers() async throws {
        let store = MemoryStore { state in
            state.checks.append(HealthCheck(part: "redis", isWell: false, detail: "away", isEssential: false))
        }
        try await withServer(store) { client in
            let answer = try await client.get("/v1/health/ready")
            #expect(answer.status == 200)
            #expect(try answer.json()["status"] as? String == "degraded")
            store.change { $0.checks[0].isWell = false }
            let worse = try await client.get("/v1/health/ready")
            #expect(worse.status == 503)
            #expect(try worse.json()["status"] as? String == "unready")
        }
    }

    /// Later on, a server that hears of nothing still answers: taking all of them out of service would leave none.
    @Test func itIsNotReadyBeforeItHasHeardOfRights() async throws {
        let store = MemoryStore()
        let access = AccessVersion()
        var sources = store.sources
        sources.accounts = MemoryAccounts { _ in }.sources(access)
        try await withServer(store, sources: sources) { client in
            func probed() async throws -> (status: Int, word: String?, rights: NSDictionary?) {
                let answer = try await client.get("/v1/health/ready")
                let json = try answer.json()
                let parts = json["parts"] as? [[String: Any]] ?? []
                return (
                    answer.status, json["status"] as? String,
                    parts.first { $0["part"] as? String == "rights" }.map { $0 as NSDictionary }
                )
            }
            let first = try await probed()
            #expect(first.status == 503)
            #expect(first.word == "unready")
            #expect(
                first.rights == ["part": "rights", "well": false, "detail": "changes are not heard of yet"])
            access.hear(1)
            let second = try await probed()
            #expect(second.status == 200)
            #expect(second.word == "ready")
            #expect(second.rights == ["part": "rights", "well": true, "detail": "changes are heard of"])
            access.lose()
            let third = try await probed()
            #expect(third.status == 200)
            #expect(third.word == "degraded")
            #expect(
                third.rights == [
                    "part": "rights", "well": false,
                    "detail": "changes are not heard of for now, so rights are looked up more often",
                ])
        }
    }
}
