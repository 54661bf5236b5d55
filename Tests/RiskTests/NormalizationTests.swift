import Domain
import Risk
import TestSupport
import Testing

struct NormalizationTests {
    @Test func percentileIsTheShareOfOtherRowsThatAreLower() {
        #expect(Normalization.percentiles(of: [1, 5, 3, 5, 2]) == [0, 75, 50, 75, 25])
        #expect(Normalization.percentiles(of: [4, 4, 4]) == [0, 0, 0])
        #expect(Normalization.percentiles(of: [1, 2]) == [0, 100])
        #expect(Normalization.percentiles(of: [7]) == [0])
        #expect(Normalization.percentiles(of: []).isEmpty)
    }

    @Test(arguments: UInt64(1)...10)
    func percentilesWithTiesAreThoseOfTheDefinition(_ seed: UInt64) {
        var random = SplitMix(state: seed)
        let risks = (0..<300).map { _ in Double(Int.random(in: 1...12, using: &random)) }
        let expected = risks.map { risk in 100 * Double(risks.count { $0 < risk }) / 299 }
        #expect(Normalization.percentiles(of: risks) == expected)
    }

    @Test func roundingDoesNotTellEqualRisksApart() {
        #expect(Normalization.percentiles(of: [0.1 + 0.2, 0.3, 1]) == [0, 0, 100])
    }
}
