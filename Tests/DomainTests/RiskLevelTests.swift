import Domain
import Testing

struct RiskLevelTests {
    @Test(arguments: [
        (0.0, RiskLevel.low), (25, .low), (25.0.nextUp, .medium), (50, .medium), (50.0.nextUp, .high), (75, .high),
        (75.0.nextUp, .critical), (100, .critical),
    ])
    func aBoundBelongsToTheLowerLevel(_ score: Double, _ level: RiskLevel) {
        #expect(RiskLevel(score: score) == level)
    }

    @Test func levelsAscend() {
        #expect(RiskLevel.allCases.sorted().map(\.rawValue) == ["low", "medium", "high", "critical"])
        #expect(RiskLevel.allCases.shuffled().max() == .critical)
    }
}
