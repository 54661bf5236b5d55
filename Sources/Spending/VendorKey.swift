import Foundation

/// The name under which the spellings of a vendor are one: `ACME, INC.` and `Acme Inc` are `acme`.
///
/// The rule, in this order:
/// 1. Letters lose their accents and their case (Unicode NFKD without marks, lower case; ß is ss, æ ae, œ oe, ø o, ł l,
///    đ d, þ th, ı i).
/// 2. `&` and `+` are the word "and". Points and apostrophes go away, so that `A.C.M.E.` is `acme` and `O'Brien` is
///    `obrien`. Everything else that is neither a letter nor a digit separates words.
/// 3. Words for the legal form at the end go away, as long as another word is left: see ``legalForms``. So does `the`
///    at the beginning.
///
/// Nothing else is guessed: abbreviations, trading names, misspellings and towns make different vendors.
package struct VendorKey: Sendable {
    /// The words of legal forms that a name may end with.
    package static let legalForms: Set<String> = [
        "inc", "incorporated", "corp", "corporation", "co", "company", "llc", "llp", "lp", "pllc", "pc", "ltd",
        "limited", "plc", "cic", "cio", "gmbh", "ag", "kg", "sa", "sas", "sarl", "srl", "spa", "bv", "nv", "ab", "as",
        "oy", "pty", "lllp",
    ]

    /// The longest name that is looked at, in bytes of UTF-8.
    private static let longest = 1000

    /// The key of a name; empty for one without a letter or digit.
    package static func key(of name: String) -> String {
        var name = name
        return name.withUTF8 { String(decoding: key(of: $0), as: UTF8.self) }
    }

    /// The key of a name in UTF-8.
    package static func key(of name: some Collection<UInt8>) -> [UInt8] {
        let name = name.prefix(longest)
        let folded = name.allSatisfy { $0 < 0x80 } ? Array(name) : folded(String(decoding: name, as: UTF8.self))
        return joined(words(of: folded))
    }

    /// A text without accents and compositions, in UTF-8. Case is left to ``words(of:)`` for ASCII.
    private static func folded(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for scalar in text.decomposedStringWithCompatibilityMapping.lowercased().unicodeScalars {
            if let plain = letters[scalar] {
                bytes += plain.utf8
                continue
            }
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark, .spacingMark, .format: break
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
                .letterNumber, .otherNumber:
                bytes += Character(scalar).utf8
            default: bytes.append(scalar.isASCII ? UInt8(scalar.value) : UInt8(ascii: " "))
            }
        }
        return bytes
    }

    /// Letters that do not decompose, and signs that are written like others.
    private static let letters: [Unicode.Scalar: String] = [
        "\u{DF}": "ss", "\u{E6}": "ae", "\u{153}": "oe", "\u{F8}": "o", "\u{142}": "l", "\u{111}": "d", "\u{FE}": "th",
        "\u{F0}": "d", "\u{131}": "i", "\u{2019}": "'", "\u{2018}": "'", "\u{60}": "'", "\u{B4}": "'",
    ]

    private static func words(of text: [UInt8]) -> [[UInt8]] {
        var words: [[UInt8]] = []
        var word: [UInt8] = []
        func end() {
            guard !word.isEmpty else { return }
            words.append(word)
            word = []
        }
        for byte in text {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): word.append(byte | 0x20)
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
                word.append(byte)
            case UInt8(ascii: "."), UInt8(ascii: "'"): break
            case UInt8(ascii: "&"), UInt8(ascii: "+"):
                end()
                words.append(Array("and".utf8))
            default: end()
            }
        }
        end()
        return words
    }

    private static let formBytes = Set(legalForms.map { Array($0.utf8) })
    private static let article = Array("the".utf8)
    private static let and = Array("and".utf8)

    private static func joined(_ words: [[UInt8]]) -> [UInt8] {
        var words = words[...]
        if words.count > 1, words.first == article { words.removeFirst() }
        // "Smith & Co" is "smith": what joined the form to the name goes with it.
        while words.count > 1, let last = words.last, formBytes.contains(last) || last == and { words.removeLast() }
        return Array(words.joined(separator: CollectionOfOne(UInt8(ascii: " "))))
    }
}
