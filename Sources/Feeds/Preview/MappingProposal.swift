import Foundation

/// A proposed mapping for a file: a built-in one of the same source, or one guessed from names and values.
package struct MappingProposal: Sendable {
    /// The mapping; nil when a part of it could not be guessed.
    package let mapping: Mapping?
    /// The built-in mapping's name; nil when it was guessed.
    package let builtIn: String?
    /// The text of the mapping. Where a part could not be guessed, a line says `TODO`.
    package let yaml: String
    /// The keys that could not be guessed.
    package let missing: [String]
    /// Guesses that may be wrong, in sentences.
    package let notes: [String]
    package let dialect: Dialect
    package let compression: Compression

    /// - Throws: `FeedError` when the file cannot be read.
    package init(for file: EventFile, stated: Dialect, builtInDirectory directory: String) throws(FeedError) {
        let sample = try FileSample(file, stated: stated)
        dialect = sample.dialect
        compression = sample.compression
        let choice = try BuiltInChoice(for: sample, directory: directory)
        if let (name, found) = choice.chosen {
            var mapping = found
            mapping.dialect = mapping.dialect.stating(stated)
            self.mapping = mapping
            builtIn = name
            yaml = (try? String(contentsOfFile: "\(directory)/\(name).yaml", encoding: .utf8)) ?? ""
            missing = []
            notes = choice.notes
            return
        }
        let draft = try MappingDraft(sample)
        builtIn = nil
        yaml = draft.yaml
        missing = draft.missing
        notes = choice.notes + draft.notes
        guard draft.missing.isEmpty else {
            mapping = nil
            return
        }
        var guessed = try Mapping(yaml: draft.yaml, file: "proposal.yaml")
        guessed.dialect = guessed.dialect.stating(stated)
        mapping = guessed
    }
}
