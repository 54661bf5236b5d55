package import Domain
package import Postgres

/// Alerts and their rules in PostgreSQL.
package struct AlertStore: AlertRepository {
    let database: any QueryRunner
    let sql: SQLFiles

    package init(_ database: any QueryRunner, sql: SQLFiles) {
        self.database = database
        self.sql = sql
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func alerts(_ query: AlertQuery, _ page: PageRequest<Alert>) async throws -> Page<Alert> {
        let rows = try await database.query(
            sql[.alerts],
            [
                query.visible.base.rawValue, PostgresArray(query.visible.named.sorted()), query.dataset, query.rule,
                query.state?.rawValue, page.after ?? .max, page.wanted,
            ])
        return Page(try rows.map { try Alert($0) }, of: page)
    }

    /// The rules of a dataset, or of all, by dataset and name.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func rules(of dataset: Slug? = nil) async throws -> [StoredAlertRule] {
        try await database.query(sql[.alertRules], [dataset]).map { try StoredAlertRule($0) }
    }

    /// Makes these the rules of a dataset. Rules with other names are deleted, and their alerts stay.
    /// - Parameter connection: A connection without an open transaction.
    /// - Throws: `StorageError` with code `.dataset` when there is no such dataset; `PostgresError`.
    package static func replace(
        _ rules: [AlertRule], of dataset: Slug, sql: SQLFiles, on connection: PostgresConnection
    ) async throws {
        try await connection.transaction { connection in
            let known = try await connection.query("SELECT FROM datasets WHERE slug = $1 FOR SHARE", [dataset])
            guard known.first != nil else { throw StorageError.noDataset(dataset) }
            try await connection.query(
                "DELETE FROM alert_rules WHERE dataset = $1 AND name <> ALL ($2::text[])",
                [dataset, PostgresArray(rules.map(\.name))])
            for rule in rules {
                try await connection.query(
                    sql[.alertRulePut],
                    [
                        dataset, rule.name, rule.condition.name, rule.resolution.map { Int16(clamping: $0) },
                        PostgresArray(rule.condition.classes.sorted()), rule.condition.number, rule.webhook?.url,
                        rule.webhook?.secret, rule.webhook?.allowPrivate ?? false,
                    ])
            }
        }
    }
}

/// A rule as it is stored, with what it saw at the last look.
package struct StoredAlertRule: Hashable, Sendable {
    package let id: Int64
    package let rule: AlertRule
    /// The cells that met the condition then; `nil` before the first look.
    package let matching: Set<Int64>?

    init(_ row: PostgresRow) throws {
        var fields = row.fields
        id = try fields.next("id")
        let dataset: Slug = try fields.next("dataset")
        let name: String = try fields.next("name")
        let condition: String = try fields.next("condition")
        let resolution: Int? = try fields.next("resolution")
        let classes = try fields.next("classes", as: String.self).split(separator: ",").map(String.init)
        let number = try fields.next("number", as: Int?.self) ?? 1
        let url: String? = try fields.next("webhook")
        let secret: String? = try fields.next("secret")
        let allowPrivate: Bool = try fields.next("allow_private")
        let isNew: Bool = try fields.next("is_new")
        let matching: String? = try fields.next("matching")
        rule = AlertRule(
            dataset: dataset, name: name,
            condition: AlertRule.Condition(name: condition, classes: Set(classes), number: number),
            resolution: resolution,
            webhook: url.map { AlertWebhook(url: $0, secret: secret ?? "ALERTS", allowPrivate: allowPrivate) })
        self.matching = isNew ? nil : Set((matching ?? "").split(separator: ",").compactMap { Int64($0) })
    }
}

extension AlertRule.Condition {
    fileprivate init(name: String, classes: Set<String>, number: Int) {
        self =
            switch name {
            case "class": .classes(classes)
            case "forecast": .forecast(least: number)
            case "unusual": .unusual(least: number)
            case "rows": .rows(below: number)
            default: .stale(days: number)
            }
    }

    fileprivate var classes: Set<String> { if case .classes(let classes) = self { classes } else { [] } }

    fileprivate var number: Int? {
        switch self {
        case .classes: nil
        case .forecast(let number), .unusual(let number), .rows(let number), .stale(let number): number
        }
    }
}

extension Alert {
    /// Reads the columns of `alerts.sql`, which are the first of `alert_claim.sql`.
    init(_ row: PostgresRow) throws {
        var fields = row.fields
        try self.init(&fields)
    }

    init(_ fields: inout PostgresFields) throws {
        self.init(
            id: try fields.next("id"), dataset: try fields.next("dataset"), rule: try fields.next("rule"),
            condition: try fields.next("condition"), resolution: try fields.next("resolution"),
            asOf: try fields.next("as_of"), message: try fields.next("message"), total: try fields.next("total"),
            cells: try fields.next("cells"), createdAt: try fields.next("created_at"),
            state: Alert.State(rawValue: try fields.next("state")) ?? .kept, attempts: try fields.next("attempts"),
            sentAt: try fields.next("sent_at"), error: try fields.next("error"))
    }
}
