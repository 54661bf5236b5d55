import Foundation

/// The words of a column's name, in lower case and without accents: `LatitudWGS_84` is latitud, wgs, 84.
struct ColumnName {
    let words: [String]

    init(_ name: String) {
        var words: [String] = []
        var word = ""
        var before: Character = " "
        for character in name {
            let isStart =
                character.isUppercase && before.isLowercase || character.isNumber != before.isNumber
                || !(character.isLetter || character.isNumber)
            if isStart, !word.isEmpty {
                words.append(word)
                word = ""
            }
            if character.isLetter || character.isNumber { word.append(character) }
            before = character
        }
        if !word.isEmpty { words.append(word) }
        self.words = words.map { $0.folding(options: [.diacriticInsensitive, .caseInsensitive], locale: nil) }
    }

    /// Whether one of the words is in a set.
    func has(_ set: Set<String>) -> Bool { words.contains(where: set.contains) }

    /// Whether one of the words begins or ends with one of these.
    func hasPart(_ parts: [String]) -> Bool {
        words.contains { word in parts.contains { word.hasPrefix($0) || word.hasSuffix($0) } }
    }
}
