package import Domain

/// Guesses and doubts about a file that was read, and what was left out of it.
package struct IngestNotes: Sendable, Equatable {
    /// Findings about the form of the file, such as the line of its header, and what was not read of an
    /// archive, in sentences.
    package var findings: [String] = []
    /// The guess of the encoding; nil where the mapping states it or the bytes show it.
    package var encodingGuess: EncodingGuess?
    /// The records that lack fields at their end and were read all the same.
    var shortRows = ShortRows()
    /// The records whose year is hardly right.
    package var unlikelyTimes = UnlikelyTimes()
    /// The years that are likely.
    package var likelyYears = 1...9999

    package init() {}

    /// The notes as sentences for people.
    package var sentences: [String] {
        var sentences = findings
        if let encodingGuess { sentences.append(encodingGuess.sentence) }
        if let sentence = shortRows.sentence { sentences.append(sentence) }
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

/// A guess of the encoding of a file whose bytes do not show it.
package struct EncodingGuess: Sendable, Equatable {
    package let encoding: TextEncoding
    /// Some of the text, as it reads in the encoding.
    package let example: String
    /// The name of the file in an archive; nil when it is the only one.
    package var member: String?

    init(_ encoding: TextEncoding, example: String) {
        self.encoding = encoding
        self.example = example
    }

    /// The guess as a sentence for people.
    package var sentence: String {
        "The encoding is a guess: \(member ?? "the file") is not UTF-8, so it was read as \(encoding.name), which "
            + "gives \"\(example)\". If that looks wrong, state it with encoding: in the mapping or --encoding."
    }
}
