/// The description of a dataset in YAML or JSON; docs/datasets.md lists its keys.
package struct DatasetDescription: Decodable, Sendable {
    package struct Weights: Decodable, Sendable {
        fileprivate enum CodingKeys: String, CodingKey, CaseIterable {
            case count
            case growth
            case average
        }

        let count: Double
        let growth: Double
        let average: Double
    }

    /// The scores above which each level begins.
    package struct Levels: Decodable, Sendable {
        fileprivate enum CodingKeys: String, CodingKey, CaseIterable {
            case medium
            case high
            case critical
        }

        let medium: Double
        let high: Double
        let critical: Double
    }

    package var slug: Slug?
    private let holds: String?
    private let title: String?
    private let licence: String?
    private let licenceURL: String?
    private let attribution: String?
    private let timeZone: String?
    private let visibility: String?
    private let resolutions: [Int]?
    private let groups: [String: [String]]?
    private let weights: Weights?
    private let levels: Levels?
    private let flagZ: Double?
    private let retentionDays: Int?
    private let queryables: [String: String]?
    private let eventWeights: [String: Double]?
    /// The slug of a layer; empty for none.
    private let areas: String?
    private let minimumCount: Int?
    private let expect: ExpectationDescription?

    private enum Key: String, CodingKey, CaseIterable {
        case slug
        case holds
        case title
        case licence
        case licenceURL = "licence_url"
        case attribution
        case timeZone = "time_zone"
        case visibility
        case resolutions
        case groups
        case weights
        case levels
        case flagZ = "flag_z"
        case retentionDays = "retention_days"
        case queryables
        case eventWeights = "event_weights"
        case areas
        case minimumCount = "minimum_count"
        case expect

        /// A value as it may be written, for messages.
        var example: String {
            switch self {
            case .holds: "events or expenditures"
            case .resolutions: "a list such as [7, 8]"
            case .groups: "lists of event types such as {violence: [Assault, Robbery]}"
            case .weights: "{count: 0.5, growth: 0.3, average: 0.2}"
            case .levels: "{medium: 25, high: 50, critical: 75}"
            case .flagZ: "a number such as 2"
            case .retentionDays: "a whole number of days"
            case .queryables: "attributes with their types, such as {division: text}"
            case .eventWeights: "numbers by event type, such as {Assault: 2.5}"
            case .minimumCount: "a whole number such as 5"
            case .expect: "expectations such as {rows: [1000, 60000], valid_share: 0.9}"
            default: "a text"
            }
        }
    }

    /// Every key of a description.
    package static let keys = Key.allCases.map(\.rawValue)
    /// The keys that a new dataset of events needs.
    package static let requiredKeys = [Key.slug, .title, .licence, .attribution, .resolutions].map(\.rawValue)

    /// The keys that a new dataset needs which holds this.
    package static func requiredKeys(holding contents: String?) -> [String] {
        contents == DatasetContents.expenditures.rawValue
            ? requiredKeys.filter { $0 != Key.resolutions.rawValue } : requiredKeys
    }

    /// How the value of a key is written, such as `must be a list such as [7, 8]`; `nil` for a key that does not exist.
    static func form(of key: String) -> String? {
        Key(rawValue: String(key.prefix { $0 != "." })).flatMap { known in
            // The members of other keys are numbers.
            [.groups, .expect].contains(known) || known.rawValue == key ? "must be \(known.example)" : nil
        }
    }

    /// The whole number that was meant. A decoder of whole numbers does not say which of them is none.
    private static func whole(_ number: Double, _ key: Key) throws -> Int {
        guard let whole = Int(exactly: number) else {
            throw DatasetDescriptionError(key.rawValue, "must be \(key.example)")
        }
        return whole
    }

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }

        init?(intValue: Int) { nil }
    }

    package init(from decoder: any Decoder) throws {
        func refuseOthers<Name: CodingKey & CaseIterable>(
            _ container: KeyedDecodingContainer<AnyKey>, than known: Name.Type, in path: String
        ) throws {
            let names = known.allCases.map(\.stringValue)
            guard let other = container.allKeys.first(where: { !names.contains($0.stringValue) }) else { return }
            throw DatasetDescriptionError(
                path + other.stringValue, "is not a key; the keys are: \(names.joined(separator: ", "))")
        }
        try refuseOthers(try decoder.container(keyedBy: AnyKey.self), than: Key.self, in: "")
        let values = try decoder.container(keyedBy: Key.self)
        if let members = try? values.nestedContainer(keyedBy: AnyKey.self, forKey: .weights) {
            try refuseOthers(members, than: Weights.CodingKeys.self, in: "weights.")
        }
        if let members = try? values.nestedContainer(keyedBy: AnyKey.self, forKey: .levels) {
            try refuseOthers(members, than: Levels.CodingKeys.self, in: "levels.")
        }
        if let members = try? values.nestedContainer(keyedBy: AnyKey.self, forKey: .expect) {
            try refuseOthers(members, than: ExpectationDescription.CodingKeys.self, in: "expect.")
            let columns = AnyKey(stringValue: ExpectationDescription.CodingKeys.columns.rawValue)
            var list = try? members.nestedUnkeyedContainer(forKey: columns)
            while list?.isAtEnd == false, let column = try? list?.nestedContainer(keyedBy: AnyKey.self) {
                try refuseOthers(column, than: ExpectationDescription.Column.CodingKeys.self, in: "expect.columns.")
            }
        }
        slug = try values.decodeIfPresent(String.self, forKey: .slug).map { text -> Slug in
            guard let slug = Slug(text) else {
                throw DatasetDescriptionError(Key.slug.rawValue, "must be \(Slug.form)")
            }
            return slug
        }
        holds = try values.decodeIfPresent(String.self, forKey: .holds)
        title = try values.decodeIfPresent(String.self, forKey: .title)
        licence = try values.decodeIfPresent(String.self, forKey: .licence)
        licenceURL = try values.decodeIfPresent(String.self, forKey: .licenceURL)
        attribution = try values.decodeIfPresent(String.self, forKey: .attribution)
        timeZone = try values.decodeIfPresent(String.self, forKey: .timeZone)
        visibility = try values.decodeIfPresent(String.self, forKey: .visibility)
        resolutions = try values.decodeIfPresent([Double].self, forKey: .resolutions)?
            .map { try Self.whole($0, .resolutions) }
        groups = try values.decodeIfPresent([String: [String]].self, forKey: .groups)
        weights = try values.decodeIfPresent(Weights.self, forKey: .weights)
        levels = try values.decodeIfPresent(Levels.self, forKey: .levels)
        flagZ = try values.decodeIfPresent(Double.self, forKey: .flagZ)
        retentionDays = try values.decodeIfPresent(Double.self, forKey: .retentionDays)
            .map { try Self.whole($0, .retentionDays) }
        queryables = try values.decodeIfPresent([String: String].self, forKey: .queryables)
        eventWeights = try values.decodeIfPresent([String: Double].self, forKey: .eventWeights)
        areas = try values.decodeIfPresent(String.self, forKey: .areas)
        minimumCount = try values.decodeIfPresent(Double.self, forKey: .minimumCount)
            .map { try Self.whole($0, .minimumCount) }
        expect = try values.decodeIfPresent(ExpectationDescription.self, forKey: .expect)
    }

    /// The described dataset, with defaults for what is left out.
    /// - Throws: ``DatasetDescriptionError`` when a key is missing or invalid.
    package func dataset() throws(DatasetDescriptionError) -> Dataset {
        func required<Value>(_ value: Value?, _ key: Key) throws(DatasetDescriptionError) -> Value {
            guard let value else { throw DatasetDescriptionError(key.rawValue, "is missing") }
            return value
        }
        // Private unless the description says that it is public.
        let bare = Dataset(
            slug: try required(slug, .slug), title: try required(title, .title),
            licence: try required(licence, .licence),
            attribution: try required(attribution, .attribution), visibility: .private,
            // Nothing of expenditures is scored.
            resolutions: holds == DatasetContents.expenditures.rawValue ? [0] : try required(resolutions, .resolutions))
        return try applied(to: bare)
    }

    /// Checks the keys that are given, whatever else is missing.
    /// - Throws: ``DatasetDescriptionError`` when a key is invalid.
    package func check() throws(DatasetDescriptionError) {
        guard let slug = Slug("any") else { return }
        _ = try applied(to: Dataset(slug: slug, title: "", licence: "", attribution: "", resolutions: [0]))
    }

    /// The given dataset with the keys of this description changed.
    /// - Throws: ``DatasetDescriptionError`` when a key is invalid.
    package func applied(to dataset: Dataset) throws(DatasetDescriptionError) -> Dataset {
        var dataset = dataset
        if let holds {
            guard let known = DatasetContents(rawValue: holds) else {
                throw DatasetDescriptionError(Key.holds.rawValue, "must be events or expenditures")
            }
            dataset.holds = known
        }
        dataset.title = try Self.line(title, .title) ?? dataset.title
        dataset.licence = try Self.line(licence, .licence) ?? dataset.licence
        dataset.attribution = try Self.line(attribution, .attribution) ?? dataset.attribution
        if let licenceURL {
            guard WebURL.isLink(licenceURL) else {
                throw DatasetDescriptionError(Key.licenceURL.rawValue, WebURL.rule)
            }
            dataset.licenceURL = licenceURL
        }
        if let timeZone {
            guard TimeZoneName.isPortable(timeZone) else {
                throw DatasetDescriptionError(Key.timeZone.rawValue, TimeZoneName.rule)
            }
            dataset.timeZone = TimeZoneName.resolved(timeZone)
        }
        if let visibility {
            guard let known = Dataset.Visibility(rawValue: visibility) else {
                throw DatasetDescriptionError("visibility", "must be public or private")
            }
            dataset.visibility = known
        }
        if let resolutions {
            guard !resolutions.isEmpty, resolutions.allSatisfy((0...15).contains) else {
                throw DatasetDescriptionError("resolutions", "must be at least one, each 0 to 15")
            }
            dataset.resolutions = Set(resolutions).sorted()
        }
        if let groups { dataset.groups = try Self.groups(groups) }
        if let weights {
            dataset.weights = RiskWeights(count: weights.count, growth: weights.growth, average: weights.average)
            guard dataset.weights.isSound else {
                throw DatasetDescriptionError(Key.weights.rawValue, RiskWeights.rule)
            }
        }
        dataset.thresholds = try thresholds(dataset.thresholds)
        if let retentionDays {
            guard (0...36_500).contains(retentionDays) else {
                throw DatasetDescriptionError(Key.retentionDays.rawValue, "must be 1 to 36500 days, or 0 to keep all")
            }
            dataset.retentionDays = retentionDays == 0 ? nil : retentionDays
        }
        if let queryables { dataset.queryables = try Self.queryables(queryables) }
        if let eventWeights {
            guard eventWeights.count <= Self.mostEventWeights,
                eventWeights.allSatisfy({ (0...1000).contains($0.value) && $0.key.utf8.count <= Self.longestText })
            else {
                throw DatasetDescriptionError(
                    Key.eventWeights.rawValue,
                    "must be at most \(Self.mostEventWeights) event types, each with a weight from 0 to 1000")
            }
            dataset.eventWeights = eventWeights
        }
        if let areas {
            dataset.areas = Slug(areas)
            guard dataset.areas != nil || areas.isEmpty else {
                throw DatasetDescriptionError(Key.areas.rawValue, "must be \(Slug.form), or empty for none")
            }
        }
        if let minimumCount {
            guard minimumCount == 0 || Disclosure.minima.contains(minimumCount) else {
                throw DatasetDescriptionError(Key.minimumCount.rawValue, "must be 2 to 1000, or 0 to hide nothing")
            }
            dataset.minimumCount = minimumCount == 0 ? nil : minimumCount
        }
        if let expect {
            do throws(ExpectationFault) {
                dataset.expect = try expect.expectations()
            } catch {
                throw DatasetDescriptionError("\(Key.expect.rawValue).\(error.key)", error.problem)
            }
        }
        return dataset
    }

    private static func queryables(_ named: [String: String]) throws(DatasetDescriptionError) -> [Queryable] {
        guard named.count <= Queryable.mostOfDataset else {
            throw DatasetDescriptionError(
                Key.queryables.rawValue, "must be at most \(Queryable.mostOfDataset) attributes, each has an index")
        }
        var queryables: [Queryable] = []
        for (name, word) in named.sorted(by: { $0.key < $1.key }) {
            let field = "\(Key.queryables.rawValue).\(name.prefix(Queryable.longestName))"
            guard Queryable.isName(name) else {
                throw DatasetDescriptionError(field, "the name must be \(Queryable.form)")
            }
            guard let kind = Queryable.Kind(rawValue: word) else {
                throw DatasetDescriptionError(field, Self.kindRule)
            }
            queryables.append(Queryable(name, kind))
        }
        return queryables
    }

    fileprivate static let kindRule = "must be text, number or boolean"

    /// The groups by name.
    private static func groups(_ named: [String: [String]]) throws(DatasetDescriptionError) -> [EventGroup] {
        let key = Key.groups.rawValue
        guard named.count <= EventGroup.most else {
            throw DatasetDescriptionError(key, "must be at most \(EventGroup.most)")
        }
        var groups: [EventGroup] = []
        for (text, types) in named.sorted(by: { $0.key < $1.key }) {
            guard case .group(let name) = EventKind(text) else {
                throw DatasetDescriptionError(
                    key, "the name of a group must be \(Slug.form), and not \(EventKind.nameOfAll)")
            }
            guard (1...EventGroup.mostTypes).contains(types.count) else {
                throw DatasetDescriptionError(
                    "\(key).\(name)", "must name 1 to \(EventGroup.mostTypes) event types")
            }
            let isSound = types.allSatisfy { type in
                (1...EventGroup.longestType).contains(type.utf8.count)
                    && !type.unicodeScalars.contains { $0.properties.generalCategory == .control }
            }
            guard isSound else {
                throw DatasetDescriptionError(
                    "\(key).\(name)",
                    "an event type must be 1 to \(EventGroup.longestType) bytes, without control characters")
            }
            groups.append(EventGroup(name: name, types: types))
        }
        return groups
    }

    private func thresholds(_ before: RiskThresholds) throws(DatasetDescriptionError) -> RiskThresholds {
        let thresholds = RiskThresholds(
            medium: levels?.medium ?? before.medium, high: levels?.high ?? before.high,
            critical: levels?.critical ?? before.critical, flagZ: flagZ ?? before.flagZ)
        guard 0 <= thresholds.medium, thresholds.medium <= thresholds.high, thresholds.high <= thresholds.critical,
            thresholds.critical <= 100
        else { throw DatasetDescriptionError("levels", "medium, high and critical must be 0 to 100 and not descend") }
        guard thresholds.flagZ > 0, thresholds.flagZ <= 1000 else {
            throw DatasetDescriptionError("flag_z", "must be above 0 and at most 1000")
        }
        return thresholds
    }

    /// A text of one line, without the line end that a block of YAML has.
    private static func line(_ text: String?, _ key: Key) throws(DatasetDescriptionError) -> String? {
        guard var line = text.map({ $0[...] }) else { return nil }
        while line.last?.isNewline == true { line.removeLast() }
        // Terminals obey some control characters, and a text in PostgreSQL cannot hold NUL.
        guard line.utf8.count <= longestText,
            !line.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            throw DatasetDescriptionError(
                key.rawValue, "must be one line of at most \(longestText) bytes, without control characters")
        }
        return String(line)
    }

    private static let longestText = 2000
    private static let mostEventWeights = 1000
}

/// Why a description is not valid.
package struct DatasetDescriptionError: Error, Hashable, CustomStringConvertible {
    /// The key at fault; `nil` for the whole description.
    package let field: String?
    package let message: String

    init(_ field: String?, _ message: String) {
        self.field = field
        self.message = message
    }

    package init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context):
            self.init((context.codingPath + [key]).map(\.stringValue).joined(separator: "."), "is missing")
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            // The elements of a list have numbers, which people who write one do not count.
            let path = context.codingPath.filter { $0.intValue == nil }.map(\.stringValue).joined(separator: ".")
            let isQueryable = path.hasPrefix("queryables.")
            let form =
                DatasetDescription.form(of: path) ?? (isQueryable ? DatasetDescription.kindRule : "must be a number")
            self.init(path.isEmpty ? nil : path, path.isEmpty ? "cannot be read" : form)
        @unknown default:
            self.init(nil, "cannot be read")
        }
    }

    package var description: String { field.map { "\($0): \(message)" } ?? message }
}
