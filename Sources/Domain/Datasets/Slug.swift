/// The short name of a dataset in commands, files, URLs and the database.
package struct Slug: Hashable, Sendable {
    /// The form of a slug, for messages that say what a field must be.
    package static let form = "a slug: 1 to 63 of a-z, 0-9, - and _, a letter or digit first"

    package let text: String

    /// - Returns: `nil` for a text that does not have the ``form``.
    package init?(_ text: some StringProtocol) {
        let bytes = text.utf8
        guard let first = bytes.first, Self.isWordByte(first), bytes.count <= 63,
            bytes.allSatisfy({ Self.isWordByte($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") })
        else { return nil }
        self.text = String(text)
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }
}

/// Slugs are ordered by their bytes.
extension Slug: Comparable {
    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

extension Slug: CustomStringConvertible {
    package var description: String { text }
}
