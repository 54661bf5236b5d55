import Foundation
import TestSupport
import Testing

@testable import Models

/// By hand, and against a count of all pairs.
@Suite struct ClassifierMeasuresTests {
    @Test func fourPaymentsByHand() {
        let measures = ClassifierMeasures(
            probabilities: [0.25, 0.75, 0.75, 1], outcomes: [false, false, true, true], trainingShare: 0.25)
        #expect(measures.payments == 4)
        #expect(measures.share == 0.5)
        // 0.25 is right of a usual one, 0.75 is wrong of one; both high-value ones are right.
        #expect(measures.accuracy == 0.75)
        #expect(measures.balancedAccuracy == (1 + 0.5) / 2)
        // Of four pairs three are ranked right and one is a tie.
        #expect(measures.rocAUC == 3.5 / 4)
        #expect(measures.brier == (0.0625 + 0.5625 + 0.0625 + 0) / 4)
        #expect(measures.majorityAccuracy == 0.5)
        #expect(measures.majorityBrier == (0.0625 * 2 + 0.5625 * 2) / 4)
        #expect(measures.calibration.map(\.payments) == [0, 0, 1, 0, 0, 0, 0, 2, 0, 1])
        #expect(measures.calibration[7].stated == 0.75)
        #expect(measures.calibration[7].observed == 0.5)
        #expect(measures.calibration[0].stated == nil)
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func theAreaIsThatOfAllPairs(seed: UInt64) {
        var random = SplitMix(state: seed)
        // Few different scores, so that there are many ties.
        let scores = (0..<150).map { _ in Float(Int.random(in: 0...9, using: &random)) / 10 }
        let outcomes = scores.map { Double($0) + Double.random(in: -1...1, using: &random) > 0.5 }
        var (sum, pairs) = (0.0, 0.0)
        for (high, isHigh) in zip(scores, outcomes) where isHigh {
            for (low, isAlso) in zip(scores, outcomes) where !isAlso {
                pairs += 1
                sum += high > low ? 1 : high == low ? 0.5 : 0
            }
        }
        #expect(abs(ClassifierMeasures.rocAUC(scores, outcomes) - sum / pairs) < 1e-15)
    }

    @Test func theIndexOfStabilityByHand() {
        #expect(StabilityIndex.value(reference: [50, 50], counts: [5, 5]) == 0)
        let moved = StabilityIndex.value(reference: [50, 50], counts: [75, 25])
        #expect(abs(moved - (0.25 * log(1.5) - 0.25 * log(0.5))) < 1e-15)
        #expect(StabilityIndex.value(reference: [1, 0], counts: [0, 0]) == 0)
    }

    @Test func binsAreTenthsAndMissingNumbersHaveOne() {
        let reference = ReferenceBins(name: "x", of: (1...100).map { Float($0) } + [.nan])
        #expect(reference.edges.count == 9)
        #expect(reference.counts.reduce(0, +) == 101)
        #expect(reference.counts.last == 1)
        #expect(reference.stabilityIndex(of: (1...100).map { Float($0) } + [.nan]) == 0)
        #expect(reference.stabilityIndex(of: [Float](repeating: 5, count: 50)) > 1)
        // A number that is always the same has one edge, and what is above it a bin of its own.
        let constant = ReferenceBins(name: "x", of: [3, 3, 3])
        #expect(constant.edges == [3])
        #expect(constant.counts == [3, 0, 0])
    }
}
