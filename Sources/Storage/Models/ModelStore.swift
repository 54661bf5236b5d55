import Digest
package import Domain
import Models
import Postgres

/// Models in PostgreSQL, and their files.
package struct ModelStore: ModelRepository {
    private let readers: any QueryRunner
    private let writers: any QueryRunner
    private let sql: SQLFiles

    /// - Parameters:
    ///   - readers: Runs the queries.
    ///   - writers: Activates models and queues trainings; by default the same.
    package init(_ readers: any QueryRunner, writers: (any QueryRunner)? = nil, sql: SQLFiles) {
        self.readers = readers
        self.writers = writers ?? readers
        self.sql = sql
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func models(_ query: ModelQuery, _ page: PageRequest<StoredModel>) async throws -> Page<StoredModel> {
        Page(try await find(readers, id: nil, query, after: page.after, limit: page.wanted), of: page)
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func model(_ id: Int64) async throws -> StoredModel? {
        try await find(readers, id: id, ModelQuery(), after: nil, limit: 1).first
    }

    /// - Throws: `UnusableModel` for a model whose file is not the one that was stored, or not of this version; what
    ///   ``QueryRunner/query(_:_:)`` throws.
    package func activate(_ id: Int64) async throws -> StoredModel? {
        guard let model = try await model(id), let file = try await file(of: id) else { return nil }
        do throws(ModelError) {
            switch model.kind {
            case .clustering: _ = try DepartmentClusters.read(file)
            case .classification: _ = try PaymentClassifier.read(file)
            }
        } catch {
            throw UnusableModel(id: id, reason: error.message)
        }
        guard try await writers.query("SELECT activate_model($1)", [id])[0].get(0) == true else { return nil }
        // A reader may be a replica that has not heard of it.
        return try await find(writers, id: id, ModelQuery(), after: nil, limit: 1).first
    }

    /// - Throws: ``RunKeyTaken`` when the key was used for another run, `StorageError` with code `.dataset` when there
    ///   is no such dataset; what ``QueryRunner/query(_:_:)`` throws.
    package func train(_ order: TrainingOrder, by requester: Requester?, key: String?) async throws -> AnalyticsRun {
        try await RunStore(readers, writers: writers, sql: sql).train(order, by: requester, key: key)
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func spendingDatasets(_ scope: DatasetScope, limit: Int) async throws -> [Slug] {
        let rows = try await readers.query(
            """
            SELECT slug FROM datasets
            WHERE holds = 'expenditures'
                AND ($1::text = 'all' OR ($1 = 'open' AND visibility = 'public') OR slug = ANY ($2::text[]))
            ORDER BY slug
            LIMIT $3
            """, [scope.base.rawValue, PostgresArray(scope.named.sorted()), limit])
        return try rows.map { try $0.get(0) }
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func holdsExpenditures(_ dataset: Slug) async throws -> Bool {
        try await readers.query(
            "SELECT EXISTS (SELECT FROM datasets WHERE slug = $1 AND holds = 'expenditures')", [dataset])[0].get(0)
    }

    /// The number of the active model of a kind and dataset; `nil` without one.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func active(_ kind: ModelKind, of dataset: Slug) async throws -> Int64? {
        try await readers.query(
            "SELECT id FROM models WHERE dataset = $1 AND kind = $2 AND state = 'active'", [dataset, kind.rawValue]
        ).first?.get(0)
    }

    /// The file of a model.
    /// - Returns: `nil` when there is no such model.
    /// - Throws: `UnusableModel` when the file is not the one that was stored; what ``QueryRunner/query(_:_:)`` throws.
    package func file(of id: Int64) async throws -> [UInt8]? {
        let rows = try await readers.query("SELECT sha256, file FROM models WHERE id = $1", [id])
        guard var fields = rows.first?.fields else { return nil }
        let digest: [UInt8] = try fields.next("sha256")
        let file: [UInt8] = try fields.next("file")
        guard Self.digest(of: file) == digest else {
            throw UnusableModel(id: id, reason: "its file is damaged or foreign, because its SHA-256 is another")
        }
        return file
    }

    /// SHA-256 of a file, 32 bytes.
    package static func digest(of file: [UInt8]) -> [UInt8] {
        let hash = SHA256()
        file.withUnsafeBytes { hash.update($0) }
        return hash.finalize()
    }

    private func find(
        _ database: any QueryRunner, id: Int64?, _ query: ModelQuery, after: Int64?, limit: Int
    ) async throws -> [StoredModel] {
        try await database.query(
            sql[.models],
            [
                query.visible.base.rawValue, PostgresArray(query.visible.named.sorted()), query.dataset,
                query.kind?.rawValue, query.state?.rawValue, id, after ?? .max, limit,
            ]
        ).map { try StoredModel($0) }
    }
}

extension ModelKind: PostgresDecodable {}
extension StoredModel.State: PostgresDecodable {}

extension StoredModel {
    /// Reads the columns of `models.sql`.
    fileprivate init(_ row: PostgresRow) throws(PostgresError) {
        var fields = row.fields
        let id: Int64 = try fields.next("id")
        let dataset: Slug = try fields.next("dataset")
        let kind: ModelKind = try fields.next("kind")
        let state: State = try fields.next("state")
        let trainedAt: Instant = try fields.next("trained_at")
        let activatedAt: Instant? = try fields.next("activated_at")
        let first: LocalDay = try fields.next("from_day")
        let last: LocalDay = try fields.next("to_day")
        let testFirst: LocalDay? = try fields.next("test_from_day")
        let testLast: LocalDay? = try fields.next("test_to_day")
        let payments: Int = try fields.next("payments")
        let features = try fields.next("features", as: String.self).split(separator: ",").map(String.init)
        let parameters: String = try fields.next("parameters")
        let metrics: String = try fields.next("metrics")
        let digest: String = try fields.next("digest")
        let bytes: Int = try fields.next("bytes")
        let library: String = try fields.next("library")
        let driftAt: Instant? = try fields.next("drift_at")
        let driftRows: Int? = try fields.next("drift_rows")
        let driftIndex: Double? = try fields.next("drift_index")
        let driftIndexes: String? = try fields.next("drift_indexes")
        var test: ClosedRange<LocalDay>?
        if let testFirst, let testLast { test = testFirst...max(testFirst, testLast) }
        self.init(
            id: id, dataset: dataset, kind: kind, state: state, trainedAt: trainedAt, activatedAt: activatedAt,
            training: first...max(first, last), test: test, payments: payments, features: features,
            parameters: parameters, metrics: metrics, digest: digest, bytes: bytes, library: library,
            drift: driftAt.map {
                Drift(measuredAt: $0, rows: driftRows ?? 0, index: driftIndex, indexes: driftIndexes ?? "{}")
            })
    }
}
