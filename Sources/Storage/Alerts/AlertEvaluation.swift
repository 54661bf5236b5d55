import Domain
import H3
package import Postgres

/// Looks at all rules after each refresh, once for all servers.
package struct AlertEvaluation: Sendable {
    /// How long rules that follow the clock are left alone while nothing is refreshed.
    private static let interval = "10 minutes"
    /// How many cells of an alert are kept.
    static let mostCells = 100
    /// How long alerts are kept.
    private static let longestMemory = "400 days"

    private let connection: PostgresConnection
    private let sql: SQLFiles

    /// - Parameter connection: A connection without an open transaction.
    package init(_ connection: PostgresConnection, sql: SQLFiles) {
        self.connection = connection
        self.sql = sql
    }

    /// Looks, if there is something new to see and nobody else is looking. What is found is stored in the transaction
    /// that notes the look, so that a process that is killed leaves all of it to the next.
    /// - Returns: How many alerts were raised; `nil` when nobody had to look.
    /// - Throws: `PostgresError`.
    package func evaluate() async throws -> Int? {
        try await connection.transaction { connection in
            let due = try await connection.query(
                """
                SELECT v.generation, v.generation <> e.generation AS is_new
                FROM alert_evaluation e, served_view v
                WHERE v.generation <> e.generation OR e.evaluated_at < now() - interval '\(Self.interval)'
                FOR UPDATE OF e SKIP LOCKED
                """)
            guard let row = due.first else { return nil }
            var fields = row.fields
            let generation: Int64 = try fields.next("generation")
            let isNew: Bool = try fields.next("is_new")
            var raised = 0
            for stored in try await AlertStore(connection, sql: sql).rules() where isNew || stored.rule.followsClock {
                guard let snapshot = try await snapshot(for: stored.rule, generation, on: connection) else { continue }
                let before = stored.matching.map { Set($0.compactMap { H3Cell(bitPattern: $0) }) }
                let look = stored.rule.look(at: snapshot, before: before)
                if let finding = look.finding, try await store(finding, of: stored.rule, snapshot, on: connection) {
                    raised += 1
                }
                try await connection.query(
                    "UPDATE alert_rules SET matching = $2 WHERE id = $1",
                    [stored.id, PostgresArray(look.matching.map(\.bitPattern))])
            }
            try await connection.query(
                "UPDATE alert_evaluation SET generation = $1, evaluated_at = clock_timestamp()", [generation])
            try await connection.query(
                "DELETE FROM alerts WHERE created_at < now() - interval '\(Self.longestMemory)'")
            return raised
        }
    }

    /// The view of a rule; `nil` without its dataset.
    private func snapshot(
        for rule: AlertRule, _ generation: Int64, on connection: PostgresConnection
    ) async throws -> AlertSnapshot? {
        let found = try await connection.query(
            """
            SELECT (now() AT TIME ZONE time_zone)::date AS today, (SELECT max(r) FROM unnest(resolutions) r) AS finest
            FROM datasets WHERE slug = $1
            """, [rule.dataset])
        guard let dataset = found.first else { return nil }
        var fields = dataset.fields
        let today: LocalDay = try fields.next("today")
        let finest: Int = try fields.next("finest")
        var snapshot = AlertSnapshot(
            resolution: rule.resolution ?? finest, today: today, lastDay: nil, cellsWithEvents: 0,
            generation: generation)
        try await readCounts(into: &snapshot, of: rule.dataset, on: connection)
        if rule.needsOutlook { try await readOutlook(into: &snapshot, of: rule.dataset, on: connection) }
        return snapshot
    }

    private func readCounts(
        into snapshot: inout AlertSnapshot, of dataset: Slug, on connection: PostgresConnection
    ) async throws {
        let rows = try await connection.query(sql[.alertCells], [dataset, Int16(clamping: snapshot.resolution)])
        guard let row = rows.first else { return }
        var fields = row.fields
        snapshot.lastDay = try fields.next("day")
        snapshot.cellsWithEvents = try fields.next("cells")
        for pair in try fields.next("unusual", as: String.self).split(separator: ",") {
            let parts = pair.split(separator: ":").compactMap { Int64($0) }
            guard parts.count == 2, let cell = H3Cell(bitPattern: parts[0]) else { continue }
            snapshot.cells.append(AlertSnapshot.Cell(cell, unusual: Int(parts[1])))
        }
    }

    /// Reads classes and forecasts, where the schema has outlooks.
    private func readOutlook(
        into snapshot: inout AlertSnapshot, of dataset: Slug, on connection: PostgresConnection
    ) async throws {
        let known = try await connection.query("SELECT to_regclass('outlooks') IS NOT NULL")
        guard try known[0].get(0) == true else { return }
        for row in try await connection.query(sql[.alertOutlook], [dataset, Int16(clamping: snapshot.resolution)]) {
            var fields = row.fields
            let index: Int64 = try fields.next("h3_index")
            let classDay: LocalDay? = try fields.next("class_day")
            let className: String? = try fields.next("class")
            let forecastDay: LocalDay? = try fields.next("forecast_day")
            let events: Int? = try fields.next("events")
            let lower: Int? = try fields.next("lower_90")
            let upper: Int? = try fields.next("upper_90")
            snapshot.classDay = classDay ?? snapshot.classDay
            snapshot.forecastDay = forecastDay ?? snapshot.forecastDay
            guard let cell = H3Cell(bitPattern: index) else { continue }
            var exceeded: (events: Int, lower: Int, upper: Int)?
            if let events, let lower, let upper { exceeded = (events, lower, upper) }
            snapshot.cells.append(AlertSnapshot.Cell(cell, className: className, exceeded: exceeded))
        }
    }

    /// - Returns: Whether it is new.
    private func store(
        _ finding: AlertFinding, of rule: AlertRule, _ snapshot: AlertSnapshot, on connection: PostgresConnection
    ) async throws -> Bool {
        let stored = try await connection.query(
            """
            INSERT INTO alerts (
                dataset, rule, condition, key, resolution, as_of, message, total, cells, webhook, secret, allow_private,
                state)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11, $12, $13)
            ON CONFLICT (dataset, rule, key) DO NOTHING
            RETURNING id
            """,
            [
                rule.dataset, rule.name, rule.condition.name, finding.key, Int16(clamping: snapshot.resolution),
                finding.asOf, finding.message, Int32(clamping: finding.cells.count),
                Self.json(of: finding.cells.prefix(Self.mostCells)), rule.webhook?.url, rule.webhook?.secret,
                rule.webhook?.allowPrivate ?? false,
                (rule.webhook == nil ? Alert.State.kept : .waiting).rawValue,
            ])
        return stored.first != nil
    }

    /// The cells as a JSON array. Nothing in it needs to be escaped.
    static func json(of cells: some Sequence<AlertSnapshot.Cell>) -> String {
        let texts = cells.map { cell in
            var members = ["\"h3_index\":\"\(cell.cell)\""]
            if let name = cell.className { members.append("\"class\":\"\(name)\"") }
            if let exceeded = cell.exceeded {
                members += [
                    "\"events\":\(exceeded.events)", "\"lower_90\":\(exceeded.lower)", "\"upper_90\":\(exceeded.upper)",
                ]
            } else if let events = cell.unusual {
                members.append("\"events\":\(events)")
            }
            return "{\(members.joined(separator: ","))}"
        }
        return "[\(texts.joined(separator: ","))]"
    }
}

extension AlertRule {
    /// Whether the condition may come true without a refresh.
    fileprivate var followsClock: Bool { if case .stale = condition { true } else { false } }

    fileprivate var needsOutlook: Bool {
        switch condition {
        case .classes, .forecast: true
        case .unusual, .rows, .stale: false
        }
    }
}
