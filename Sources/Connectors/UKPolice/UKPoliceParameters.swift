/// Choices of a feed that reads data.police.uk.
package struct UKPoliceParameters: Hashable, Sendable {
    /// A method of the API that gives rows by month.
    package enum Collection: String, Hashable, Sendable, CaseIterable {
        /// All stops of a force, those without a location among them.
        case stopsForce = "stops-force"
        /// The stops of a force that have no location.
        case stopsNoLocation = "stops-no-location"
        /// The stops in an area, by whatever force.
        case stopsStreet = "stops-street"
        /// The street crimes in an area.
        case crimesStreet = "crimes-street"
        /// The crimes of a force that could not be mapped.
        case crimesNoLocation = "crimes-no-location"

        var isByForce: Bool { self == .stopsForce || self == .stopsNoLocation || self == .crimesNoLocation }
        var isOfStops: Bool { self != .crimesStreet && self != .crimesNoLocation }
    }

    static let keys = ["base", "collect", "forces", "areas", "category", "from", "to", "recheck"]

    package let base: String
    package let collect: Collection
    /// Ids of forces; empty for areas.
    package let forces: [String]
    /// Rings by name; empty for forces.
    package let areas: [Area]
    /// The slug of a category of crime.
    package let category: String
    package let from: Month?
    package let to: Month?
    /// How many of the newest months are read again when the source says that it was renewed.
    package let recheck: Int

    /// A named area.
    package struct Area: Hashable, Sendable {
        let name: String
        let ring: Ring
    }

    init(_ top: FeedNode) throws(FeedFault) {
        let all = Collection.allCases.map(\.rawValue).joined(separator: ", ")
        base = try top.text("base") ?? "https://data.police.uk/api"
        guard let collect = Collection(rawValue: try top.requiredText("collect", "one of \(all)")) else {
            throw top.fault("collect", "must be one of \(all)")
        }
        self.collect = collect
        let forces = try top.texts("forces") ?? []
        let areas = try Self.areas(top)
        if collect.isByForce, forces.isEmpty || top.has("areas") {
            throw top.fault(
                forces.isEmpty ? "forces" : "areas", "collect: \(collect.rawValue) needs forces, and no areas")
        }
        if !collect.isByForce, areas.isEmpty || top.has("forces") {
            throw top.fault(
                areas.isEmpty ? "areas" : "forces", "collect: \(collect.rawValue) needs areas, and no forces")
        }
        for force in forces where !Self.isName(force) {
            throw top.fault("forces", "\"\(force)\" is not the id of a force, such as city-of-london")
        }
        self.forces = forces
        self.areas = areas
        category = try top.text("category") ?? "all-crime"
        guard Self.isName(category), !top.has("category") || !collect.isOfStops else {
            throw top.fault("category", "must be a category of crime such as burglary; stops have none")
        }
        from = try Self.month(top, "from")
        to = try Self.month(top, "to")
        if let from, let to, to < from { throw top.fault("to", "is before from") }
        recheck = try top.integer("recheck", in: 0...60) ?? 3
    }

    private static func month(_ top: FeedNode, _ key: String) throws(FeedFault) -> Month? {
        guard let text = try top.text(key) else { return nil }
        guard let month = Month(text) else { throw top.fault(key, "must be a month such as 2024-01") }
        return month
    }

    /// Areas as `NAME: [west, south, east, north]`, or `NAME: "lat,lon:lat,lon:..."` as the API writes a ring.
    private static func areas(_ top: FeedNode) throws(FeedFault) -> [Area] {
        guard let node = try top.child("areas") else { return [] }
        var areas: [Area] = []
        for name in node.keys {
            guard isName(name) else { throw node.fault(name, "must be named by a-z, 0-9 and -") }
            let ring: Ring?
            if let text = try? node.text(name) {
                ring = Ring(text)
            } else {
                ring = try node.numbers(name).flatMap { Ring(box: $0) }
            }
            guard let ring else {
                throw node.fault(
                    name, "must be [west, south, east, north] or a ring \"lat,lon:lat,lon:lat,lon\" of degrees")
            }
            areas.append(Area(name: name, ring: ring))
        }
        return areas
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 63
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}

/// A calendar month.
package struct Month: Hashable, Comparable, Sendable, CustomStringConvertible {
    private let number: Int

    /// - Returns: `nil` for a text that is not of the form `2024-01`.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard text.utf8.count == 7, parts.count == 2, parts[0].utf8.count == 4, let year = Int(parts[0]),
            let month = Int(parts[1]), year >= 1900, (1...12).contains(month)
        else { return nil }
        number = year * 12 + month - 1
    }

    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    package var description: String {
        let month = number % 12 + 1
        return "\(number / 12)-\(month < 10 ? "0" : "")\(month)"
    }
}
