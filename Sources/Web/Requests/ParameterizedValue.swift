/// A value with parameters, as in `Content-Type` and `Content-Disposition` (RFC 9110, 5.6.6).
package struct ParameterizedValue: Hashable {
    /// The value in lower case, such as `multipart/form-data`.
    package let value: String
    /// The parameters by their names in lower case.
    package let parameters: [String: String]

    /// - Parameter header: The value of the header. A parameter's value that is not quoted may have any characters but
    ///   semicolons, quotes and blanks, because many clients send more than a token there.
    /// - Returns: `nil` when a quote is not closed, a parameter is given twice, or something else is not of that form.
    package init?(_ header: String) {
        var rest = header[...]
        value = Self.take(&rest) { $0 != ";" }.trimmingBlanks.lowercased()
        guard !value.isEmpty else { return nil }
        var parameters: [String: String] = [:]
        while true {
            rest = rest.drop { Self.isBlank($0) || $0 == ";" }
            guard !rest.isEmpty else { break }
            let name = Self.take(&rest) { $0 != "=" && $0 != ";" && $0 != "\"" && !Self.isBlank($0) }
            guard !name.isEmpty, rest.popFirst() == "=", let value = Self.value(&rest),
                parameters.updateValue(value, forKey: name.lowercased()) == nil
            else { return nil }
            rest = rest.drop(while: Self.isBlank)
            guard rest.isEmpty || rest.first == ";" else { return nil }
        }
        self.parameters = parameters
    }

    /// The media type of a `Content-Type` in lower case, without parameters.
    package static func mediaType(_ header: String?) -> String {
        (header ?? "").prefix { $0 != ";" }.trimmingBlanks.lowercased()
    }

    private static func value(_ rest: inout Substring) -> String? {
        guard rest.first == "\"" else {
            let value = take(&rest) { $0 != ";" && $0 != "\"" && !isBlank($0) }
            return value.isEmpty ? nil : String(value)
        }
        rest.removeFirst()
        var value = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"": return value
            case "\\":
                guard let escaped = rest.popFirst() else { return nil }
                value.append(escaped)
            default: value.append(character)
            }
        }
        return nil
    }

    private static func take(_ rest: inout Substring, while holds: (Character) -> Bool) -> Substring {
        let taken = rest.prefix(while: holds)
        rest = rest[taken.endIndex...]
        return taken
    }

    fileprivate static func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
}

extension Substring {
    fileprivate var trimmingBlanks: Substring {
        var text = drop(while: ParameterizedValue.isBlank)
        while let last = text.last, ParameterizedValue.isBlank(last) { text.removeLast() }
        return text
    }
}
