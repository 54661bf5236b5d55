package import Domain
import Foundation
import Postgres

/// The descriptions of datasets in PostgreSQL.
package struct DatasetStore: DatasetRepository {
    let database: any QueryRunner
    private let sql: SQLFiles

    package init(_ database: any QueryRunner, sql: SQLFiles) {
        self.database = database
        self.sql = sql
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func datasets(
        _ scope: DatasetScope, _ page: PageRequest<DatasetStatus>
    ) async throws -> Page<DatasetStatus> {
        let rows = try await database.query(
            sql[.datasets],
            [scope.base.rawValue, PostgresArray(scope.named.sorted()), page.after?.text ?? "", page.wanted])
        return Page(try rows.map(Self.status), of: page)
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func usual(of scope: DatasetScope) async throws -> DatasetStatus? {
        try await database.query(sql[.datasetUsual], [scope.base.rawValue, PostgresArray(scope.named.sorted())])
            .first.map(Self.status)
    }

    /// The dataset with a slug.
    /// - Throws: `StorageError` with code `.dataset` when there is none; what ``QueryRunner/query(_:_:)`` throws.
    package func dataset(_ slug: Slug) async throws -> Dataset {
        guard let found = try await database.query(sql[.dataset], [slug]).first else {
            throw StorageError.noDataset(slug)
        }
        var fields = found.fields
        return try Self.dataset(&fields)
    }

    /// The dataset with a slug, for work that scores, forecasts or draws its events.
    /// - Throws: As ``dataset(_:)``, and `StorageError` with code `.contents` for a dataset of expenditures.
    package func datasetOfEvents(_ slug: Slug) async throws -> Dataset {
        let dataset = try await dataset(slug)
        guard dataset.holds == .events else {
            throw StorageError(
                .contents, "the dataset \(slug) holds expenditures, which have no place and so no scores or forecasts")
        }
        return dataset
    }

    /// Adds a dataset or updates its description.
    ///
    /// - Returns: Whether the dataset was added.
    /// - Throws: `StorageError` with code `.dataset` when its weights, its time zone or another value is refused; what
    ///   ``QueryRunner/query(_:_:)`` throws.
    package func put(_ dataset: Dataset) async throws -> Bool {
        guard dataset.weights.isSound else { throw StorageError(.dataset, "weights: \(RiskWeights.rule)") }
        let zones = try await database.query(
            "SELECT count(*) FROM pg_timezone_names WHERE name = $1", [dataset.timeZone])
        // The time zone must be known to both: this process reads the files, and the database decides which day an
        // event is on.
        guard TimeZoneName.isPortable(dataset.timeZone), TimeZone(identifier: dataset.timeZone) != nil,
            try zones[0].get(0, as: Int.self) > 0
        else {
            throw StorageError(
                .dataset,
                "time_zone: \"\(dataset.timeZone)\" is not a known IANA time zone: it \(TimeZoneName.rule)")
        }
        try await checkRoom(for: dataset)
        do {
            let rows = try await database.query(
                sql[.datasetPut],
                [
                    dataset.slug, dataset.title, dataset.licence, dataset.licenceURL, dataset.attribution,
                    dataset.timeZone, dataset.visibility.rawValue,
                    PostgresArray(dataset.resolutions.map { Int16(clamping: $0) }),
                    dataset.weights.count, dataset.weights.growth, dataset.weights.average,
                    dataset.thresholds.medium, dataset.thresholds.high, dataset.thresholds.critical,
                    dataset.thresholds.flagZ, dataset.retentionDays,
                    try JSONText.object(Dictionary(dataset.queryables.map { ($0.name, $0.kind.rawValue) }) { $1 }),
                    try Self.json(of: dataset.eventWeights), dataset.areas,
                    try Self.text(of: dataset.groups),
                    dataset.minimumCount, try JSONText.text(ExpectationDescription(dataset.expect)),
                    dataset.holds.rawValue,
                ])
            guard let row = rows.first else {
                throw StorageError(
                    .dataset, "holds: cannot change, because the dataset \(dataset.slug) has records already")
            }
            return try row.get(0)
        } catch let error as PostgresError where error.sqlState == "23514" {
            throw StorageError(.dataset, "the description of \(dataset.slug) is refused: \(error.message)")
        }
    }

    /// Refuses attributes for filters beyond those that the database has room for: every partition of the events has an
    /// index of each.
    private func checkRoom(for dataset: Dataset) async throws {
        guard !dataset.queryables.isEmpty else { return }
        let others: Int = try await database.query(
            """
            SELECT count(*) FROM datasets d CROSS JOIN LATERAL jsonb_object_keys(d.queryables)
            WHERE d.queryables <> '{}' AND d.slug <> $1
            """, [dataset.slug])[0].get(0)
        let most = QueryableIndexes.mostOfDatabase
        guard others + dataset.queryables.count <= most else {
            throw StorageError(
                .dataset, "queryables: all datasets together may have \(most), and others have \(others)")
        }
    }

    /// The attributes that filters may name; none for a dataset that does not exist.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func queryables(of slug: Slug) async throws -> [Queryable] {
        let found = try await database.query("SELECT queryables::text FROM datasets WHERE slug = $1", [slug])
        return try found.first.map { try Self.queryables(try $0.get(0)) } ?? []
    }

    private static func status(_ row: PostgresRow) throws -> DatasetStatus {
        var fields = row.fields
        let dataset = try dataset(&fields)
        let (days, bounds) = try extent(&fields)
        let (disclosedDays, disclosedBounds) = try extent(&fields, "disclosed_")
        let outlookDays = try fields.next("outlook_days", as: String?.self).map { days in
            days.split(separator: ",").compactMap { LocalDay($0) }
        }
        return DatasetStatus(
            dataset: dataset, days: days, bounds: bounds, outlookDays: outlookDays ?? [],
            generation: try fields.next("generation"), refreshed: try fields.next("refreshed"),
            changed: try fields.next("changed"), disclosedDays: disclosedDays, disclosedBounds: disclosedBounds)
    }

    /// Reads the columns of a part of the served view.
    private static func extent(
        _ fields: inout PostgresFields, _ prefix: String = ""
    ) throws -> (ClosedRange<LocalDay>?, BoundingBox?) {
        let first: LocalDay? = try fields.next("\(prefix)first_day")
        let last: LocalDay? = try fields.next("\(prefix)last_day")
        let west: Double? = try fields.next("\(prefix)west")
        let south: Double? = try fields.next("\(prefix)south")
        let east: Double? = try fields.next("\(prefix)east")
        let north: Double? = try fields.next("\(prefix)north")
        let days = first.flatMap { first in last.map { first...$0 } }
        guard let west, let south, let east, let north else { return (days, nil) }
        return (days, BoundingBox(west: west, south: south, east: east, north: north))
    }

    /// Reads the columns of `dataset.sql`.
    private static func dataset(_ fields: inout PostgresFields) throws -> Dataset {
        var dataset = Dataset(
            slug: try fields.next("slug"), title: try fields.next("title"), licence: try fields.next("licence"),
            // A URL that did not come through `put` may be unsafe, so it is checked here too.
            licenceURL: try fields.next("licence_url", as: String?.self).flatMap { WebURL.isLink($0) ? $0 : nil },
            attribution: try fields.next("attribution"), timeZone: try fields.next("time_zone"),
            visibility: Dataset.Visibility(rawValue: try fields.next("visibility")) ?? .private,
            resolutions: try fields.next("resolutions", as: String.self).split(separator: ",").compactMap { Int($0) }
                .sorted(),
            groups: try groups(of: try fields.next("groups")),
            weights: RiskWeights(
                count: try fields.next("weight_count"), growth: try fields.next("weight_growth"),
                average: try fields.next("weight_average")),
            thresholds: try thresholds(&fields), retentionDays: try fields.next("retention_days"),
            queryables: try queryables(try fields.next("queryables")),
            eventWeights: try Self.eventWeights(try fields.next("event_weights")),
            areas: try fields.next("areas", as: String?.self).flatMap { Slug($0) },
            minimumCount: try fields.next("minimum_count"), expect: try expect(try fields.next("expect")))
        dataset.holds = DatasetContents(rawValue: try fields.next("holds")) ?? .events
        return dataset
    }

    private static func queryables(_ json: String) throws(PostgresError) -> [Queryable] {
        guard json != "{}" else { return [] }
        return try JSONText.texts(json).sorted { $0.key < $1.key }.compactMap { name, word in
            Queryable.Kind(rawValue: word).map { Queryable(name, $0) }
        }
    }

    private static func expect(_ json: String) throws -> Expectations {
        // Most datasets have none.
        guard json != "{}" else { return Expectations() }
        let described: ExpectationDescription = try JSONText.read(json)
        return try described.expectations()
    }

    private static func eventWeights(_ json: String) throws -> [String: Double] {
        // Most datasets have none.
        json == "{}" ? [:] : try JSONDecoder().decode([String: Double].self, from: Data(json.utf8))
    }

    private static func json(of weights: [String: Double]) throws -> String {
        String(decoding: try JSONEncoder().encode(weights), as: UTF8.self)
    }

    /// The groups as `datasets.groups` keeps them: a JSON object of lists of types.
    private static func text(of groups: [EventGroup]) throws -> String {
        let named = Dictionary(uniqueKeysWithValues: groups.map { ($0.name.text, $0.types) })
        return String(decoding: try JSONEncoder().encode(named), as: UTF8.self)
    }

    private static func groups(of text: String) throws -> [EventGroup] {
        // Most datasets have none, and a list may be long.
        guard text != "{}" else { return [] }
        let named = try JSONDecoder().decode([String: [String]].self, from: Data(text.utf8))
        return named.compactMap { name, types in Slug(name).map { EventGroup(name: $0, types: types) } }
            .sorted { $0.name < $1.name }
    }

    private static func thresholds(_ fields: inout PostgresFields) throws -> RiskThresholds {
        RiskThresholds(
            medium: try fields.next("level_medium"), high: try fields.next("level_high"),
            critical: try fields.next("level_critical"), flagZ: try fields.next("flag_z"))
    }
}
