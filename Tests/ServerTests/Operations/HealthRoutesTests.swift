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
}
