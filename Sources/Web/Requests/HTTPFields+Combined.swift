package import HTTPTypes

extension HTTPFields {
    /// The value of a field, with several lines joined to one list; `nil` when there is none.
    package func combined(_ name: HTTPField.Name) -> String? {
        let values = self[values: name]
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }
}
