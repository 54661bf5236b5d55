/// How a classifier did on payments that it was not trained on.
package struct ClassifierMeasures: Hashable, Sendable, Codable {
    /// The payments whose stated probability lay in a tenth.
    package struct Bin: Hashable, Sendable, Codable {
        /// The upper end of the tenth.
        package let below: Double
        package let payments: Int
        /// The mean of the stated probabilities, and the share that was high-value; `nil` in an empty bin.
        package let stated: Double?
        package let observed: Double?

        /// Writes null for what an empty bin lacks.
        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(below, forKey: .below)
            try container.encode(payments, forKey: .payments)
            try container.encode(stated, forKey: .stated)
            try container.encode(observed, forKey: .observed)
        }
    }

    package let payments: Int
    /// The share of high-value payments.
    package let share: Double
    /// The share of payments on the right side of 0.5.
    package let accuracy: Double
    /// The mean of that share among high-value payments and among the others.
    package let balancedAccuracy: Double
    /// The chance that a high-value payment is ranked above another one; ties count half.
    package let rocAUC: Double
    /// The mean squared difference of probability and outcome.
    package let brier: Double
    /// The accuracy and Brier score of who always says the share of the training window.
    package let majorityAccuracy: Double
    package let majorityBrier: Double
    package let calibration: [Bin]

    package static let bins = 10

    package enum CodingKeys: String, CodingKey {
        case payments, share, accuracy, brier, calibration
        case balancedAccuracy = "balanced_accuracy"
        case rocAUC = "roc_auc"
        case majorityAccuracy = "majority_accuracy"
        case majorityBrier = "majority_brier"
    }

    /// - Parameters:
    ///   - probabilities: From 0 to 1, one for each outcome; one of each outcome at least.
    ///   - trainingShare: The share of high-value payments in the training window.
    package init(probabilities: [Float], outcomes: [Bool], trainingShare: Double) {
        let count = Double(max(1, outcomes.count))
        let positives = outcomes.count { $0 }
        let negatives = outcomes.count - positives
        var (truePositives, trueNegatives, squares, usual) = (0, 0, 0.0, 0.0)
        var sums = [(payments: Int, stated: Double, observed: Int)](repeating: (0, 0, 0), count: Self.bins)
        for (probability, outcome) in zip(probabilities, outcomes) {
            let stated = Double(probability)
            let isStated = stated >= 0.5
            if outcome, isStated { truePositives += 1 }
            if !outcome, !isStated { trueNegatives += 1 }
            let target = outcome ? 1.0 : 0
            squares += (stated - target) * (stated - target)
            usual += (trainingShare - target) * (trainingShare - target)
            let bin = min(Self.bins - 1, max(0, Int(stated * Double(Self.bins))))
            sums[bin].payments += 1
            sums[bin].stated += stated
            sums[bin].observed += outcome ? 1 : 0
        }
        payments = outcomes.count
        share = Double(positives) / count
        accuracy = Double(truePositives + trueNegatives) / count
        balancedAccuracy =
            (Double(truePositives) / Double(max(1, positives)) + Double(trueNegatives) / Double(max(1, negatives))) / 2
        rocAUC = Self.rocAUC(probabilities, outcomes)
        brier = squares / count
        majorityAccuracy = Double(trainingShare >= 0.5 ? positives : negatives) / count
        majorityBrier = usual / count
        calibration = sums.enumerated().map { index, bin in
            Bin(
                below: Double(index + 1) / Double(Self.bins), payments: bin.payments,
                stated: bin.payments > 0 ? bin.stated / Double(bin.payments) : nil,
                observed: bin.payments > 0 ? Double(bin.observed) / Double(bin.payments) : nil)
        }
    }

    /// The area under the curve of true and false positives, exactly, by counting pairs in whole numbers.
    ///
    /// Mann and Whitney's U over the number of pairs (Hanley and McNeil, 1982); 0.5 without one of each outcome.
    package static func rocAUC(_ scores: [Float], _ outcomes: [Bool]) -> Double {
        let order = scores.indices.sorted { scores[$0] < scores[$1] }
        // Twice the number of pairs that are ranked right, so that ties are whole.
        var (twice, below, positives) = (0, 0, 0)
        var start = 0
        while start < order.count {
            var (end, tied, tiedPositives) = (start, 0, 0)
            while end < order.count, scores[order[end]] == scores[order[start]] {
                if outcomes[order[end]] { tiedPositives += 1 } else { tied += 1 }
                end += 1
            }
            twice += tiedPositives * (2 * below + tied)
            below += tied
            positives += tiedPositives
            start = end
        }
        guard positives > 0, below > 0 else { return 0.5 }
        return Double(twice) / (2 * Double(positives) * Double(below))
    }
}
