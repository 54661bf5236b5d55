/// Patterns of names, in which `*` stands for any characters and `?` for one.
enum Glob {
    static func matches(_ pattern: String, _ name: String) -> Bool {
        matches(Array(pattern), Array(name))
    }

    private static func matches(_ pattern: [Character], _ name: [Character]) -> Bool {
        var place = (pattern: 0, name: 0)
        /// The last star, and the character of the name up to which it reaches so far.
        var star: (pattern: Int, name: Int)?
        while place.name < name.count {
            if place.pattern < pattern.count, pattern[place.pattern] == "*" {
                star = (place.pattern, place.name)
                place.pattern += 1
            } else if place.pattern < pattern.count,
                pattern[place.pattern] == "?" || pattern[place.pattern] == name[place.name]
            {
                place.pattern += 1
                place.name += 1
            } else if let last = star {
                star = (last.pattern, last.name + 1)
                place = (last.pattern + 1, last.name + 1)
            } else {
                return false
            }
        }
        return pattern[place.pattern...].allSatisfy { $0 == "*" }
    }
}
