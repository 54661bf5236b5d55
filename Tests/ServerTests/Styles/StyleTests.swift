import Domain
import Foundation
import Testing

@testable import Server

@Suite struct StyleTests {
    private static let thresholds = RiskThresholds(medium: 10, high: 20.5, critical: 30, flagZ: 6)

    private static func store() -> MemoryStore {
        MemoryStore { $0.datasets[0].dataset.thresholds = thresholds }
    }

    @Test func labelsSayTheScoresOfTheDatasetsLevels() {
        #expect(
            LevelStyle.all(Self.thresholds).map(\.label) == [
                "Low: score up to 10", "Medium: score above 10, up to 20.5", "High: score above 20.5, up to 30",
                "Critical: score above 30",
            ])
    }

    /// The map page and the styles have the same colours.
    @Test func coloursAreThoseOfTheMapPage() throws {
        let root = (0..<4).reduce(URL(filePath: #filePath)) { file, _ in file.deletingLastPathComponent() }
        let tokens = try String(contentsOf: root.appending(path: "static/css/tokens.css"), encoding: .utf8)
        for style in LevelStyle.all(.standard) {
            #expect(tokens.contains("--level-\(style.level.rawValue): light-dark(\(style.hex),"))
        }
        for (name, colour) in [
            ("map-paper", LevelStyle.paper), ("ink", LevelStyle.ink), ("map-ground", LevelStyle.ground),
        ] {
            #expect(tokens.contains("--\(name): light-dark(\(colour),"))
        }
    }

    @Test func theStyleOfTheMapDrawsEveryLevelOfTheTilesAskedFor() async throws {
        try await withServer(Self.store()) { client in
            let json = try await client.get("/v1/styles/risk.json?date=2021-12-31&level=high").json()
            #expect(json["version"] as? Int == 8)
            let source = try #require((json["sources"] as? [String: [String: Any]])?["risk"])
            #expect(
                source["tiles"] as? [String] == [
                    "\(client.origin)/v1/tiles/{z}/{x}/{y}.mvt?dataset=toronto&date=2021-12-31&level=high"
                ])
            let metadata = try #require(json["metadata"] as? [String: Any])
            #expect(
                metadata["hextant:thresholds"] as? [String: Double] == ["medium": 10, "high": 20.5, "critical": 30])
            let layers = try #require(json["layers"] as? [[String: Any]])
            #expect(
                layers.map { $0["id"] as? String } == [
                    "ground", "risk-low", "risk-medium", "risk-high", "risk-critical", "risk-unusual",
                ])
            #expect((layers[3]["filter"] as? [Any])?.last as? String == "high")
            #expect((layers[3]["paint"] as? [String: Any])?["fill-color"] as? String == "#d9481f")
        }
    }

    @Test(arguments: [("risk", "risk_score", #""unusual" = true"#), ("hotspots", "max_score", #""days_flagged" > 0"#)])
    func theStyleOfALayerHasARuleForEachLevel(name: String, score: String, anomaly: String) async throws {
        try await withServer(Self.store()) { client in
            let answer = try await client.get("/v1/styles/\(name).qml")
            #expect(answer.headers["content-type"] == "application/xml")
            let conditions = answer.text.matches(of: /<rule [^>]*filter="([^"]*)"/).map { match in
                String(match.1).replacing("&quot;", with: "\"").replacing("&lt;", with: "<")
                    .replacing("&gt;", with: ">")
            }
            #expect(
                conditions == [
                    "\"\(score)\" <= 10", "\"\(score)\" > 10 AND \"\(score)\" <= 20.5",
                    "\"\(score)\" > 20.5 AND \"\(score)\" <= 30", "\"\(score)\" > 30", anomaly,
                ])
            let symbols = answer.text.matches(of: /<symbol [^>]*name="([0-9]+)"/).map { String($0.1) }
            #expect(symbols == conditions.indices.map(String.init))
        }
    }

    @Test(arguments: [
        "risk.json?from=2021-01-01", "risk.json?date=x", "risk.qml?date=2021-12-31", "risk.json?layers=risk",
    ])
    func whatAStyleDoesNotKnowIsRefused(path: String) async throws {
        try await withServer(Self.store()) { client in
            let response = try await client.get("/v1/styles/\(path)")
            #expect(response.status == 400)
        }
    }
}
