import Foundation
import Spending

/// The form of a category by which its spellings are one. Departments and accounts: letters without accents and in
/// lower case, digits, and single spaces for everything else. Vendors have their own rule, ``VendorKey``, which is that
/// of everything else that Hextant tells of vendors.
package enum CategoryKey {
    /// The largest key in bytes; what is longer is cut.
    private static let longest = 200

    /// - Returns: `nil` for a text without a letter or digit.
    package static func of(_ text: String) -> String? {
        let plain = text.folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
        var key = ""
        var needsSpace = false
        for character in plain.unicodeScalars {
            guard character.properties.isAlphabetic || character.properties.numericType != nil else {
                needsSpace = !key.isEmpty
                continue
            }
            if needsSpace { key.append(" ") }
            needsSpace = false
            key.unicodeScalars.append(character)
            if key.utf8.count >= longest { break }
        }
        return key.isEmpty ? nil : key
    }
}

extension CategoryKey {
    /// The key of a vendor.
    /// - Returns: `nil` for a name without a letter or digit.
    package static func ofVendor(_ name: String) -> String? {
        let key = VendorKey.key(of: name)
        return key.isEmpty ? nil : key
    }
}

/// One column of categories, each as a number.
package struct CategoryColumn: Sendable {
    /// The keys of the categories, by their numbers.
    package private(set) var keys: [String] = []
    /// The number of each row; -1 for a row without a category.
    package private(set) var codes: [Int32] = []
    private var byKey: [String: Int32] = [:]
    private var byText: [String: Int32] = [:]
    private let keyOf: @Sendable (String) -> String?

    /// - Parameter keyOf: The key of a category; `nil` for a text that is none.
    package init(_ keyOf: @escaping @Sendable (String) -> String? = CategoryKey.of) {
        self.keyOf = keyOf
    }

    package mutating func append(_ text: String?) {
        guard let text else { return codes.append(-1) }
        if let known = byText[text] { return codes.append(known) }
        let code: Int32
        if let key = keyOf(text) {
            if let known = byKey[key] {
                code = known
            } else {
                code = Int32(keys.count)
                keys.append(key)
                byKey[key] = code
            }
        } else {
            code = -1
        }
        byText[text] = code
        codes.append(code)
    }

    /// The key of a row; `nil` for one without a category.
    package func key(_ row: Int) -> String? { codes[row] < 0 ? nil : keys[Int(codes[row])] }
}
