package import JSON

extension JSONWriter {
    package mutating func value(_ value: PropertyValue) {
        switch value {
        case .text(let text): self.value(text)
        case .integer(let number): self.value(number)
        case .number(let number): self.value(number)
        case .truth(let truth): self.value(truth)
        case .json(let json): raw(json)
        case .null: null()
        }
    }

    /// Writes the fields of a feature without its place.
    package mutating func fields(of feature: Feature, _ properties: [FeatureProperty], _ columns: [Int]) {
        for (property, column) in zip(properties, columns) {
            name(property.name)
            value(feature.values[column])
        }
    }

    /// Writes a Feature (RFC 7946).
    /// - Parameters:
    ///   - properties: The properties to write.
    ///   - columns: The index of each property among the feature's values.
    ///   - members: Further members of the feature.
    package mutating func feature(
        _ feature: Feature, _ properties: [FeatureProperty], _ columns: [Int], members: (inout Self) -> Void = { _ in }
    ) {
        object { json in
            json.field("type", "Feature")
            if let id = feature.id { json.field("id", id) }
            json.name("geometry")
            switch feature.place {
            case .point(let longitude, let latitude):
                json.object { $0.point(longitude: longitude, latitude: latitude) }
            case .cell(let cell): json.object { $0.outline(cell) }
            case .area(let outline): json.object { $0.outline(outline) }
            case nil: json.null()
            }
            json.object("properties") { $0.fields(of: feature, properties, columns) }
            members(&json)
        }
    }
}
