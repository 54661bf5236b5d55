package import Domain

/// Guesses and doubts about a file that was read.
package struct IngestNotes: Sendable, Equatable {
    /// The records whose year is hardly right.
    package var unlikelyTimes = UnlikelyTimes()
    /// The years that are likely.
    package var likelyYears = 1...9999
    /// The encoding, where the bytes may be in another one as well.
    package var guessedEncoding: String?

    package init() {}

    /// The notes as sentences for people.
    package var sentences: [String] {
        var sentences: [String] = []
        if let guessedEncoding {
            sentences.append(
                "The encoding is a guess: the file is not UTF-8, so it was read as \(guessedEncoding). If letters look "
                    + "wrong, state it with encoding: in the mapping or --encoding.")
        }
        if unlikelyTimes.count > 0 {
            let (rows, verb) = unlikelyTimes.count == 1 ? ("row", "has") : ("rows", "have")
            let day = unlikelyTimes.firstDay.map { " is \($0)" } ?? ""
            sentences.append(
                "\(unlikelyTimes.count) \(rows) \(verb) a year that is not \(likelyYears.lowerBound) to "
                    + "\(likelyYears.upperBound), first on line \(unlikelyTimes.firstLine): "
                    + "\(unlikelyTimes.firstValue)\(day). time.years: in the mapping rejects such rows, "
                    + "time.plausible_years: states which years are likely.")
        }
        return sentences
    }
}
