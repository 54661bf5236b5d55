/// A list of values with weights, as in `Accept` and related headers (RFC 9110, 12.4.2).
package enum QualityList {
    package struct Entry: Hashable {
        /// The value in lower case, without parameters.
        package let value: String
        /// The weight, 0 to 1.
        package let quality: Double
    }

    /// The entries in their order. A weight that cannot be read counts as 0, so a garbled entry is never preferred.
    package static func entries(_ header: String) -> [Entry] {
        header.split(separator: ",").compactMap { element in
            let parts = element.split(separator: ";", omittingEmptySubsequences: false).map(trimmed)
            guard let value = parts.first, !value.isEmpty else { return nil }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") || $0.hasPrefix("Q=") }
            let quality = weight.map { Double($0.dropFirst(2)).flatMap { (0...1).contains($0) ? $0 : nil } ?? 0 } ?? 1
            return Entry(value: value.lowercased(), quality: quality)
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
