import HTTPTypes

extension HTTPFields {
    /// The field's value, a header that was sent in several lines joined as one list; `nil` when there is none.
    func combined(_ name: HTTPField.Name) -> String? {
        let values = self[values: name]
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }
}
