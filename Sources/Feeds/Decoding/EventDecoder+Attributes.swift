import Domain

extension EventDecoder {
    private static let emptyObject = Array("{}".utf8)[...]

    /// Adds the row's attributes to the column, or throws and adds nothing.
    ///
    /// - Returns: Whether a text became a number.
    func appendAttributes(
        _ row: Row, to column: inout TextColumn, _ quality: inout RecordQuality
    ) throws(Rejection) -> Bool {
        switch attributes {
        case .json(let source):
            let text = row.text(source)
            guard !text.isEmpty else {
                column.append(Self.emptyObject)
                quality.countBlank(0)
                return false
            }
            do {
                try JSONObject.check(row.bytes.span.extracting(text))
            } catch {
                let value = RawText.quoted(row.bytes.span.extracting(text))
                throw Rejection(.badJSON, "\(name(source)): \(value) \(error.problem)")
            }
            column.append(row.bytes[text])
            return false
        case .texts(let columns, let constants):
            var hasNumbers = false
            column.appendRow { json in
                let start = json.count
                for (place, attribute) in columns.enumerated() {
                    let text = row.text(attribute.column)
                    guard !text.isEmpty else {
                        quality.countBlank(place)
                        continue
                    }
                    json.append(json.count == start ? UInt8(ascii: "{") : UInt8(ascii: ","))
                    json.append(contentsOf: attribute.key)
                    if attribute.isNumber, let number = number(row.bytes.span.extracting(text)) {
                        json.append(contentsOf: number)
                        hasNumbers = true
                    } else {
                        JSONText.append(row.bytes.span.extracting(text), to: &json)
                    }
                }
                if !constants.isEmpty {
                    json.append(json.count == start ? UInt8(ascii: "{") : UInt8(ascii: ","))
                    json.append(contentsOf: constants)
                }
                if json.count == start { json.append(UInt8(ascii: "{")) }
                json.append(UInt8(ascii: "}"))
            }
            return hasNumbers
        }
    }
}
