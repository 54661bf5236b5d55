package import JSON

extension JSONWriter {
    /// Writes `{"items": [...], "next": URL or null}`.
    package mutating func list<Elements: Sequence>(
        of elements: Elements, next: String?, _ write: (inout Self, Elements.Element) -> Void
    ) {
        object { json in
            json.array("items", of: elements, write)
            json.field("next", next)
        }
    }

    /// Writes a FeatureCollection (RFC 7946) with the URL of the next page, if there is one, in `links`.
    package mutating func featureCollection<Elements: Sequence>(
        of elements: Elements, next: String? = nil, members: (inout Self) -> Void = { _ in },
        _ write: (inout Self, Elements.Element) -> Void
    ) {
        object { json in
            json.field("type", "FeatureCollection")
            members(&json)
            if let next {
                json.array("links", of: [next]) { json, next in
                    json.object { json in
                        json.field("rel", "next")
                        json.field("type", ListFormat.geojson.mediaType)
                        json.field("href", next)
                    }
                }
            }
            json.array("features", of: elements, write)
        }
    }
}
