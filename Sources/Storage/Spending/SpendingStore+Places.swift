package import Domain
import Postgres
package import Spending

extension SpendingStore {
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func places(of dataset: Slug, _ kind: ExpenditurePlace.Kind) async throws -> [ExpenditurePlace] {
        try await database.query(sql[.spendingPlaces], [dataset, kind.rawValue]).map { row in
            var fields = row.fields
            let key: String = try fields.next("key")
            let name: String = try fields.next("name")
            let longitude: Double = try fields.next("longitude")
            return ExpenditurePlace(
                key: key, name: name, longitude: longitude, latitude: try fields.next("latitude"))
        }
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func areas(of layer: AreaLayer, at places: [ExpenditurePlace]) async throws -> [Int32?] {
        var numbers = [Int32?](repeating: nil, count: places.count)
        let rows = try await database.query(
            sql[.spendingAreas],
            [layer.id, PostgresArray(places.map(\.longitude)), PostgresArray(places.map(\.latitude))])
        for row in rows {
            var fields = row.fields
            let place: Int = try fields.next("place")
            numbers[place - 1] = Int32(try fields.next("number", as: Int.self))
        }
        return numbers
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func tile(_ zoom: Int, _ column: Int, _ row: Int, of points: [SpendingPoint]) async throws -> [UInt8] {
        try await database.query(
            sql[.spendingTile],
            [
                Int32(zoom), Int32(column), Int32(row), PostgresArray(points.map(\.place.key)),
                PostgresArray(points.map(\.place.name)), PostgresArray(points.map(\.place.longitude)),
                PostgresArray(points.map(\.place.latitude)),
                PostgresArray(points.map { Double($0.sum.cents) / 100 }),
                PostgresArray(points.map { Int64($0.sum.count) }),
            ]
        ).first?.get(0) ?? []
    }
}

/// Changes the places of departments and vendors.
package struct ExpenditurePlaceWriter: Sendable {
    private let database: any QueryRunner
    private let sql: SQLFiles

    package init(_ database: any QueryRunner, sql: SQLFiles) {
        self.database = database
        self.sql = sql
    }

    /// Puts places in place of all earlier ones of their kind, in one statement.
    /// - Parameter places: Each key once, at most ``ExpenditurePlace/most`` of them.
    /// - Returns: How many of them no expenditure has.
    /// - Throws: `StorageError` with code `.dataset` for a dataset that holds no expenditures; what
    ///   ``QueryRunner/query(_:_:)`` throws.
    package func put(
        _ places: [ExpenditurePlace], of kind: ExpenditurePlace.Kind, in dataset: Slug
    ) async throws -> Int {
        let rows = try await database.query(
            sql[.spendingPlacesPut],
            [
                dataset, kind.rawValue, PostgresArray(places.map(\.key)), PostgresArray(places.map(\.name)),
                PostgresArray(places.map(\.longitude)), PostgresArray(places.map(\.latitude)),
            ])
        guard let row = rows.first else {
            throw StorageError(.dataset, "there is no dataset \(dataset) that holds expenditures")
        }
        var fields = row.fields
        let _: Int = try fields.next("places")
        return try fields.next("unused")
    }
}
