package import Domain

/// The hot and cold spots of a study area over the last steps (weeks, usually), kept up step by step.
///
/// A step's z-scores depend on that step alone, so a new step costs O(cells), and the oldest one just leaves.
package struct HotSpots: Sendable {
    /// The number of steps that are kept.
    package let window: Int
    private let ring: CellRing
    private let cells: Int
    /// The z-scores of the steps, oldest first: `scores[step][cell]`.
    package private(set) var scores: [[Double]] = []

    /// - Parameter window: The number of steps that count, 1 to 520.
    /// - Throws: `OutlookError.outOfRange` for another window.
    package init(area: StudyArea, window: Int = 52) throws {
        guard (1...520).contains(window) else {
            throw OutlookError.outOfRange(field: "window", range: "1 to 520 steps")
        }
        self.window = window
        ring = area.ring
        cells = area.count
    }

    /// Adds the newest step. When the window is full, the oldest one leaves.
    ///
    /// - Parameter counts: The events of each cell in the step, 0 to `CellCounts.most`.
    /// - Throws: `OutlookError` where there is not one count for each cell, or one is out of range.
    package mutating func append(_ counts: [Int32]) throws {
        guard counts.count == cells else {
            throw OutlookError.wrongLength(field: "counts", count: counts.count, expected: cells)
        }
        if let row = counts.firstIndex(where: { !(0...CellCounts.most).contains(Int($0)) }) {
            throw OutlookError.countOutOfRange(Int(counts[row]), row: row)
        }
        if scores.count == window { scores.removeFirst() }
        scores.append(GiStar.scores(of: counts, ring))
    }

    /// Classifies every cell at the newest step.
    ///
    /// - Parameters:
    ///   - alpha: The rate of false discoveries among spots, and the level of the test for a trend; above 0, below 1.
    ///   - isCorrected: Whether the Benjamini-Hochberg procedure is applied over all cells and steps. Without it each
    ///     cell and step is a spot where its own p is at most `alpha`.
    /// - Throws: `OutlookError.outOfRange` for another alpha.
    package func classified(alpha: Double = 0.05, isCorrected: Bool = true) throws -> ClassifiedCells {
        guard alpha > 0, alpha < 1 else { throw OutlookError.outOfRange(field: "alpha", range: "above 0 and below 1") }
        let threshold = isCorrected ? FalseDiscovery.threshold(scores, alpha: alpha) : alpha
        let trends = MannKendall.tests(scores)
        // Scores whose p is above alpha anyway need no exact p.
        let least = FalseDiscovery.leastScore(alpha)
        var spots = [Int8](repeating: 0, count: scores.count)
        let classes = (0..<cells).map { cell in
            for step in scores.indices {
                let score = scores[step][cell]
                let isSpot = abs(score) >= least && FalseDiscovery.p(score) <= threshold ?? -1
                spots[step] = isSpot ? (score > 0 ? 1 : -1) : 0
            }
            return HotSpotClass(spots: spots, trend: trends[cell], alpha: alpha)
        }
        return ClassifiedCells(threshold: threshold, trends: trends, classes: classes)
    }
}

/// The outcome of a classification; each array has one entry for each cell of the study area.
package struct ClassifiedCells: Sendable {
    /// The largest p-value that counts as a spot; `nil` where there is no spot.
    package let threshold: Double?
    package let trends: [MannKendall]
    package let classes: [HotSpotClass]
}
