import Web

/// Types of events separated by commas. A type may itself have commas, so only the known types say where one ends: the
/// longest known type wins.
struct EventTypeList: Hashable, Sendable {
    /// A part of a list that is no known type.
    struct Unknown: Error, Hashable {
        let name: String
    }

    static let mostParts = 100

    private let parts: [Substring]

    /// - Returns: `nil` for an empty text, and for more than ``mostParts`` parts.
    init?(_ text: String) {
        parts = text.split(separator: ",", maxSplits: Self.mostParts, omittingEmptySubsequences: false)
        guard !text.isEmpty, parts.count <= Self.mostParts else { return nil }
    }

    /// The types, each once and in their order.
    func types(among known: Set<String>) -> Result<[String], Unknown> {
        var types: [String] = []
        var next = parts.startIndex
        while next < parts.endIndex {
            let found = (next..<parts.endIndex).reversed().lazy.compactMap { last -> (type: String, last: Int)? in
                let text = parts[next...last].joined(separator: ",")
                if known.contains(text) { return (text, last) }
                let trimmed = String(text.drop { $0 == " " })
                return known.contains(trimmed) ? (trimmed, last) : nil
            }.first
            guard let found else { return .failure(Unknown(name: String(parts[next]))) }
            if !types.contains(found.type) { types.append(found.type) }
            next = found.last + 1
        }
        return .success(types)
    }
}

extension QueryParameters {
    /// Parses the types of events that are asked for; `nil` for all.
    mutating func eventTypes() -> EventTypeList? {
        parsed("event_type", "one to \(EventTypeList.mostParts) types of events, with commas", EventTypeList.init)
    }
}
