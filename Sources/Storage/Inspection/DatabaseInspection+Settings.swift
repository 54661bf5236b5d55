import Domain
import Postgres
import Risk

extension DatabaseInspection {
    /// A rule for one setting: when its value is wrong, and what to do.
    private struct Rule {
        let name: String
        let grade: Finding.Grade
        /// An SQL condition on `setting`, the value in the unit of pg_settings.
        let isWrong: String
        let advice: String
    }

    private static let rules = [
        Rule(
            name: "fsync", grade: .bad, isWrong: "setting = 'off'",
            advice: "set fsync = on: a crash of the machine may destroy the database"),
        Rule(
            name: "full_page_writes", grade: .bad, isWrong: "setting = 'off'",
            advice: "set full_page_writes = on: a crash of the machine may destroy the database"),
        Rule(
            name: "autovacuum", grade: .bad, isWrong: "setting = 'off'",
            advice: "set autovacuum = on: without it tables only grow, and the planner uses outdated statistics"),
        Rule(
            name: "synchronous_commit", grade: .advice, isWrong: "setting = 'off'",
            advice: "set synchronous_commit = on, unless you can lose the last moments before a crash"),
        Rule(
            name: "shared_buffers", grade: .advice, isWrong: "setting::bigint * 8192 < 256 * 1048576",
            advice: "set shared_buffers to a quarter of the memory: tiles read the same pages again and again"
        ),
        Rule(
            name: "work_mem", grade: .advice, isWrong: "setting::bigint < 16 * 1024",
            advice: "set work_mem to 16MB or more, so that lists and top cells are sorted in memory"),
        Rule(
            name: "maintenance_work_mem", grade: .advice, isWrong: "setting::bigint < 128 * 1024",
            advice: "set maintenance_work_mem to 256MB or more, because an ingest builds indexes"),
        Rule(
            name: "random_page_cost", grade: .advice, isWrong: "setting::float8 > 2",
            advice: "set random_page_cost = 1.1 if the data are on an SSD, so that indexes are used more often"),
        Rule(
            name: "jit", grade: .advice, isWrong: "setting = 'on'",
            advice:
                "set jit = off: short statements would wait for a compiler (hextant's own reads turn it off)"),
        Rule(
            name: "max_locks_per_transaction", grade: .advice, isWrong: "setting::int < 128",
            advice: "set max_locks_per_transaction to 256: a statement over all years locks every partition of events"),
    ]

    func settings() async throws -> [Finding] {
        var wrong: [Finding] = []
        for rule in Self.rules {
            var fields = try await connection.query(
                """
                SELECT \(rule.isWrong) AS is_wrong, current_setting(name) AS value FROM pg_settings WHERE name = $1
                """, [rule.name])[0].fields
            guard try fields.next("is_wrong") else { continue }
            let detail = "is \(try fields.next("value", as: String.self))"
            wrong.append(Finding("setting \(rule.name)", rule.grade, detail, advice: rule.advice))
        }
        return wrong.isEmpty ? [Finding("settings", "all \(Self.rules.count) that were checked are good")] : wrong
    }

    /// How often a page was found in the server's memory. A few reads are not enough to judge.
    func cache() async throws -> Finding {
        var fields = try await connection.query(
            """
            SELECT blks_hit::float8 / nullif(blks_hit + blks_read, 0) AS share, blks_read
            FROM pg_stat_database WHERE datname = current_database()
            """)[0].fields
        let found: Double? = try fields.next("share")
        let reads: Int64 = try fields.next("blks_read")
        guard let share = found, reads >= 100_000 else {
            return Finding("cache", "too few reads yet to judge")
        }
        let detail = "\((share * 1000).rounded() / 10) % of the pages were found in memory"
        guard share < 0.95 else { return Finding("cache", detail) }
        return Finding(
            "cache", .advice, detail,
            advice: "give the server more memory and raise shared_buffers, or keep more tiles (tile_memory, Redis)")
    }

    func transactions() async throws -> Finding {
        let rows = try await connection.query(
            """
            SELECT pid, extract(epoch FROM now() - xact_start)::float8 / 3600 AS hours FROM pg_stat_activity
            WHERE datname = current_database() AND xact_start < now() - interval '1 hour' AND pid <> pg_backend_pid()
                AND backend_type = 'client backend'
            ORDER BY xact_start
            """)
        guard var oldest = rows.first?.fields else {
            return Finding("transactions", "none has been open for more than an hour")
        }
        let process: Int = try oldest.next("pid")
        let hours: Double = try oldest.next("hours")
        return Finding(
            "transactions", .advice,
            "process \(process) has had one open for \(Int(hours)) h",
            advice:
                "end it unless it is an ingest: it keeps old rows from being cleaned up, and refreshes wait for it"
        )
    }

    func view() async throws -> Finding {
        var fields = try await connection.query(
            """
            SELECT generation, rows, extract(epoch FROM now() - refreshed_at)::float8 / 3600 AS hours FROM served_view
            """)[0].fields
        let generation: Int64 = try fields.next("generation")
        let rows: Int64 = try fields.next("rows")
        let hours: Double = try fields.next("hours")
        let detail = "generation \(generation), \(rows) rows, refreshed \(Int(hours)) h ago"
        guard hours >= 48 else { return Finding("view", detail) }
        return Finding(
            "view", .advice, detail,
            advice: "if new events come every day, run score and refresh on a schedule (docs/jobs.md)")
    }

    func jobs() async throws -> Finding {
        var fields = try await connection.query(
            """
            SELECT count(*) FILTER (WHERE state = 'failed' AND finished_at > now() - interval '1 day') AS failed,
                count(*) FILTER (WHERE state = 'queued' AND run_at < now() - interval '10 minutes') AS late
            FROM jobs
            """)[0].fields
        let failed: Int = try fields.next("failed")
        let late: Int = try fields.next("late")
        guard failed > 0 || late > 0 else {
            return Finding("jobs", "none failed within a day, and none has waited for long")
        }
        return Finding(
            "jobs", .advice, "\(failed) failed within a day, \(late) have waited for more than ten minutes",
            advice: failed > 0
                ? "see `hextant runs list --state failed` for the reasons"
                : "run `hextant worker`, or serve with --workers 1 or more")
    }

    /// Whether a rival is ahead of a forecast in its newest evaluation: the sign of drift.
    func forecasts() async throws -> Finding {
        let rows = try await connection.query(
            """
            SELECT
                dataset || ' at resolution ' || resolution || ', ' || horizon || ' days'
                    || CASE WHEN kind = 'all' THEN '' ELSE ', ' || kind END || ' (ahead: ' || coalesce(best_rival, '?')
                    || ')' AS forecast,
                count(*) OVER () AS forecasts
            FROM (
                SELECT DISTINCT ON (dataset, resolution, kind, horizon) *
                FROM outlook_evaluations
                ORDER BY dataset, resolution, kind, horizon, id DESC
            ) newest
            WHERE is_behind
            ORDER BY 1
            LIMIT 5
            """)
        var count = 0
        var names: [String] = []
        for row in rows {
            var fields = row.fields
            names.append(try fields.next("forecast"))
            count = try fields.next("forecasts")
        }
        if names.isEmpty { return Finding("forecasts", "none is behind a simpler one in its newest evaluation") }
        return Finding(
            "forecasts", .advice, "\(count) behind a simpler one: \(names.joined(separator: "; "))",
            advice: "do not rely on them, and look for what changed in the data (docs/outlook.md, Drift)")
    }

    /// Whether the data have moved away from an active model.
    func models() async throws -> Finding {
        let rows = try await connection.query(
            """
            SELECT kind || ' of ' || dataset || ' (model ' || id || ', index ' || round(drift_index::numeric, 2) || ')'
                    AS model,
                count(*) OVER () AS models
            FROM models
            WHERE state = 'active' AND drift_index > $1
            ORDER BY drift_index DESC, id
            LIMIT 5
            """, [ModelDrift.alarm])
        var count = 0
        var names: [String] = []
        for row in rows {
            var fields = row.fields
            names.append(try fields.next("model"))
            count = try fields.next("models")
        }
        if names.isEmpty { return Finding("models", "the data have not moved away from any active one") }
        return Finding(
            "models", .advice, "the data have moved away from \(count): \(names.joined(separator: "; "))",
            advice: "train and activate another one (docs/models.md, Drift)")
    }

    /// Whether datasets hold days that they no longer keep. Two days are allowed for the job that deletes them.
    func retention() async throws -> Finding {
        let rows = try await connection.query(
            """
            SELECT d.slug, count(*) OVER () AS datasets FROM datasets d
            WHERE d.retention_days IS NOT NULL
                AND EXISTS (
                    SELECT FROM event_days e
                    WHERE e.dataset = d.slug
                        AND e.day < (now() AT TIME ZONE d.time_zone)::date - d.retention_days - $1::int)
            ORDER BY d.slug
            LIMIT 5
            """, [Scoring.lookBack + 2])
        var count = 0
        var names: [String] = []
        for row in rows {
            var fields = row.fields
            names.append(try fields.next("slug"))
            count = try fields.next("datasets")
        }
        if names.isEmpty { return Finding("retention", "no dataset holds days that it does not keep") }
        return Finding(
            "retention", .advice, "\(count) datasets hold older days: \(names.joined(separator: ", "))",
            advice: "add a schedule with `job: retention` (docs/jobs.md)")
    }
}
