/// A text that is sent with secrets in it and shown without them.
package struct RequestText: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The text for logs, errors and lineage: each secret is the `${NAME}` that it is written as.
    package let shown: String
    /// The text that goes to the source.
    package let sent: String

    /// A text without secrets.
    package init(_ text: String) {
        shown = text
        sent = text
    }

    init(shown: String, sent: String) {
        self.shown = shown
        self.sent = sent
    }

    package var description: String { shown }
    package var debugDescription: String { shown }
    package var customMirror: Mirror { Mirror(self, children: ["shown": shown]) }

    /// The value of a header field that shows a bearer token.
    package static func bearer(_ token: Self) -> Self {
        Self(shown: "Bearer \(token.shown)", sent: "Bearer \(token.sent)")
    }

    /// The value of a header field that shows an API key of Opendatasoft.
    package static func apiKey(_ key: Self) -> Self {
        Self(shown: "Apikey \(key.shown)", sent: "Apikey \(key.sent)")
    }

    /// The text with something appended that is no secret.
    package static func + (left: Self, right: String) -> Self {
        Self(shown: left.shown + right, sent: left.sent + right)
    }
}

extension String {
    /// The text with the digits of its percent-encoding in lower case.
    fileprivate var lowercasedEscapes: String {
        replacing(#/%[0-9A-F]{2}/#) { $0.output.lowercased() }
    }
}

/// The secrets of the environment that requests may carry.
///
/// A feed writes `${NAME}`, and only names that begin with `HEXTANT_SECRET_` are looked up, so that no feed can send
/// anything else of the environment to a host. The prefix is not written in the feed.
package struct Secrets: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package static let prefix = "HEXTANT_SECRET_"

    private let values: [String: String]

    /// - Parameter environment: Variables by name; those without the prefix are ignored, and so are blank ones.
    package init(environment: [String: String]) {
        var values: [String: String] = [:]
        for (name, value) in environment where name.hasPrefix(Self.prefix) && !value.isEmpty {
            values[String(name.dropFirst(Self.prefix.count))] = value
        }
        self.values = values
    }

    /// The names in a text such as `https://host/${KEY}/x`.
    /// - Throws: ``FetchError`` with the code `secret` for a `${` without a name of A-Z, 0-9 and `_`, or without a `}`.
    package static func names(in text: String) throws(FetchError) -> [String] {
        var names: [String] = []
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else { throw unreadable(text) }
            let name = rest[start.upperBound..<end]
            let isName = name.utf8.allSatisfy {
                (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "_")
            }
            guard !name.isEmpty, isName else { throw unreadable(text) }
            names.append(String(name))
            rest = rest[rest.index(after: end)...]
        }
        return names
    }

    /// The text with each `${NAME}` replaced by its secret.
    /// - Throws: ``FetchError`` with the code `secret` when a name is not set or not written as one, and for a secret
    ///   with line ends or other characters that neither a URL nor a header field can hold.
    package func fill(_ text: String) throws(FetchError) -> RequestText {
        _ = try Self.names(in: text)
        var sent = ""
        var rest = text[...]
        // One pass: what looks like a name within a secret is part of that secret.
        while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
            let name = String(rest[start.upperBound..<end])
            guard let value = values[name] else {
                throw FetchError(
                    .secret, url: text, "the environment variable \(Self.prefix)\(name) is not set; the feed needs it")
            }
            guard value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
                throw FetchError(
                    .secret, url: text,
                    "the environment variable \(Self.prefix)\(name) has a line end or a character outside of ASCII")
            }
            sent += rest[..<start.lowerBound]
            sent += value
            rest = rest[rest.index(after: end)...]
        }
        return RequestText(shown: text, sent: sent + rest)
    }

    /// A text of the source, such as an error that repeats the URL, with every secret replaced by its name: as it is,
    /// percent-encoded, and with slashes as some write them in JSON.
    /// - Parameter isCut: Whether the end of the text is missing, so that it may end in a piece of a secret.
    package func hide(_ text: String, isCut: Bool = false) -> String {
        var forms: [(form: String, name: String)] = []
        for (name, value) in values {
            let encoded = QueryText.encoded(value)
            for form in Set([value, encoded, encoded.lowercasedEscapes, value.replacing("/", with: #"\/"#)]) {
                forms.append((form, name))
            }
        }
        // The longest first, because one secret may be the beginning of another.
        forms.sort { ($0.form.utf8.count, $0.form) > ($1.form.utf8.count, $1.form) }
        var hidden = text
        if isCut, let (piece, name) = Self.piece(of: forms, atEndOf: text) {
            hidden = hidden.dropLast(piece) + "${\(name)}"
        }
        for (form, name) in forms where hidden.contains(form) { hidden = hidden.replacing(form, with: "${\(name)}") }
        return hidden
    }

    /// The length of the longest beginning of a secret that a text ends in. Fewer than four letters tell nothing, and
    /// are the ends of words.
    private static func piece(
        of forms: [(form: String, name: String)], atEndOf text: String
    ) -> (letters: Int, name: String)? {
        let pieces = forms.compactMap { form, name in
            stride(from: form.count - 1, through: 4, by: -1).first { text.hasSuffix(form.prefix($0)) }.map {
                ($0, name)
            }
        }
        return pieces.max { $0.0 < $1.0 }
    }

    /// The names alone, so that a secret cannot be printed by accident.
    package var description: String { "Secrets(\(values.keys.sorted().joined(separator: ", ")))" }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: ["names": values.keys.sorted()]) }

    private static func unreadable(_ text: String) -> FetchError {
        FetchError(
            .secret, url: text, "${...} must hold the name of a secret: capital letters, digits and underscores")
    }
}
