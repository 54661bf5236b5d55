/// Recognises columns about persons: ethnicity, age, gender, birth.
enum PersonalColumn {
    private static let words: Set<String> = [
        "ethnicity", "ethnic", "ethnicgroup", "race", "etnia", "raza", "age", "ages", "agegroup", "agerange", "edad",
        "gender", "sex", "sexo", "genero", "género", "dob", "birth", "birthdate", "birthday", "birthyear",
    ]

    /// Whether one of the words of a name such as `suspect_ageGroup` is about a person.
    static func isOne(_ name: String) -> Bool {
        var words: [String] = []
        var word = ""
        var wasLower = false
        for character in name {
            if !character.isLetter || (character.isUppercase && wasLower) {
                words.append(word)
                word = ""
            }
            if character.isLetter { word.append(contentsOf: character.lowercased()) }
            wasLower = character.isLowercase
        }
        words.append(word)
        return words.indices.contains { index in
            Self.words.contains(words[index])
                || (index + 1 < words.count && Self.words.contains(words[index] + words[index + 1]))
        }
    }
}
