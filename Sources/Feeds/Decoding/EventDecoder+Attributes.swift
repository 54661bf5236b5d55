import Domain

extension EventDecoder {
    private static let emptyObject = Array("{}".utf8)[...]

    /// Adds the row's attributes to the column, or throws and adds nothing.
    func appendAttributes(_ row: Row, to column: inout TextColumn) throws(Rejection) {
        switch attributes {
        case .json(let source):
            let text = row.text(source)
            guard !text.isEmpty else {
                column.append(Self.emptyObject)
                return
            }
            do {
                try JSONObject.check(row.bytes.span.extracting(text))
            } catch {
                let value = RawText.quoted(row.bytes.span.extracting(text))
                throw Rejection(.badJSON, "\(name(source)): \(value) \(error.problem)")
            }
            column.append(row.bytes[text])
        case .texts(let columns, let constants):
            column.appendRow { json in
                let start = json.count
                for (key, source) in columns {
                    let text = row.text(source)
                    guard !text.isEmpty else { continue }
                    json.append(json.count == start ? UInt8(ascii: "{") : UInt8(ascii: ","))
                    json.append(contentsOf: key)
                    JSONText.append(row.bytes.span.extracting(text), to: &json)
                }
                if !constants.isEmpty {
                    json.append(json.count == start ? UInt8(ascii: "{") : UInt8(ascii: ","))
                    json.append(contentsOf: constants)
                }
                if json.count == start { json.append(UInt8(ascii: "{")) }
                json.append(UInt8(ascii: "}"))
            }
        }
    }
}
