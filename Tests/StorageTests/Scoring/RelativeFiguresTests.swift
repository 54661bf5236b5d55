import Domain
import H3
import Postgres
import TestDatabase
import TestStorage
import TestSupport
import Testing

@testable import Storage

/// Figures that are relative to a run, against their definitions written out.
@Suite(migratedDatabase())
struct RelativeFiguresTests {
    private struct Row {
        let cell: Int64
        let day: LocalDay
        let count: Int
        let risk: Double
        let score: Double
        let level: RiskLevel
        let zScore: Double
        let isFlagged: Bool
    }

    private static let first = LocalDay(number: 18_700)

    /// Events at one place: `counts` of them on each day from `first` on.
    private static func events(_ counts: [Int], place: Int = 0, from first: LocalDay = first) -> [SampleEvent] {
        counts.enumerated().flatMap { offset, count in
            let event = SampleEvent(
                time: "\(first.advanced(by: offset))T12:00:00Z", longitude: -79 + Double(place) * 0.1)
            return [SampleEvent](repeating: event, count: count)
        }
    }

    private static func rows(
        _ dataset: Dataset, _ events: [SampleEvent], _ days: ClosedRange<LocalDay>, _ normalization: Normalization
    ) async throws -> [Row] {
        try await IngestStore.ofTheSuite().ingest([EventChunk(events)], into: dataset.slug, content: "a")
        let request = ScoringRun.Request(
            dataset: dataset, resolutions: [7], from: days.lowerBound, to: days.upperBound,
            normalization: normalization)
        let outcome = try await ScoringRun(TestDatabase.options, sql: Checkout.sql()).run(request)
        let rows = try await withConnection { connection in
            try await connection.query(
                """
                SELECT h3_index, day, event_count, risk, risk_score, risk_level::text, z_score, flagged
                FROM cell_aggregates
                JOIN risk_scores USING (dataset, resolution, h3_index, day)
                JOIN anomaly_flags USING (dataset, resolution, h3_index, day)
                WHERE dataset = $1
                """, [dataset.slug]
            ).map { row in
                Row(
                    cell: try row.get(0), day: try row.get(1), count: try row.get(2), risk: try row.get(3),
                    score: try row.get(4), level: try #require(RiskLevel(rawValue: try row.get(5))),
                    zScore: try row.get(6), isFlagged: try row.get(7))
            }
        }
        #expect(outcome.resolutions.map(\.rows) == [rows.count])
        return rows
    }

    private static func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-9 * max(1, abs(b)) }

    @Test(arguments: UInt64(1)...4, Normalization.allCases)
    func figuresAreThoseOfTheDefinition(_ seed: UInt64, _ normalization: Normalization) async throws {
        var random = SplitMix(state: seed)
        var dataset = try await Dataset.stored("defined-\(seed)-\(normalization.rawValue)")
        dataset.thresholds = RiskThresholds(medium: 10, high: 60, critical: 90, flagZ: 1.5)
        let length = Int.random(in: 8...30, using: &random)
        var events: [SampleEvent] = []
        for place in 0..<8 {
            // Sparse, dense and constant histories that begin before the run and end after it.
            let share = [0.1, 0.6, 1][place % 3]
            let most = place < 2 ? 1 : 4
            let counts = (0..<length + 12).map { _ in
                Double.random(in: 0..<1, using: &random) < share ? Int.random(in: 1...most, using: &random) : 0
            }
            events += Self.events(counts, place: place, from: Self.first.advanced(by: -8))
        }
        let days = Self.first...Self.first.advanced(by: length - 1)
        let rows = try await Self.rows(dataset, events, days, normalization)
        #expect(rows.count > 8)
        let risks = rows.map(\.risk)
        let lowest = try #require(risks.min())
        let highest = try #require(risks.max())
        for row in rows {
            let lower = risks.count { $0 < row.risk - 1e-9 }
            let score =
                switch normalization {
                case .minmax: 100 * (row.risk - lowest) / (highest - lowest)
                case .percentile: 100 * Double(lower) / Double(risks.count - 1)
                }
            #expect(Self.isClose(row.score, score))
            let thresholds = [10.0, 60, 90]
            #expect(row.level.order == thresholds.count { row.score > $0 })
            let daily = (0..<length).map { offset in
                rows.first { $0.cell == row.cell && $0.day == Self.first.advanced(by: offset) }?.count ?? 0
            }
            let mean = Double(daily.reduce(0, +)) / Double(length)
            let variance = daily.map { (Double($0) - mean) * (Double($0) - mean) }.reduce(0, +) / Double(length)
            // Equal counts have no spread, whatever rounding leaves.
            let zScore = Set(daily).count == 1 ? 0 : (Double(row.count) - mean) / variance.squareRoot()
            #expect(Self.isClose(row.zScore, zScore))
            #expect(row.isFlagged == (row.zScore >= 1.5))
        }
    }

    /// One day above n - 1 equal days has z = sqrt(n - 1), which is exactly 2 for n = 5.
    @Test(arguments: [(4, false), (5, true), (6, true)], [(1, 2), (2, 3), (3, 4), (4, 6), (6, 7)])
    func aDayIsFlaggedFromTwoOn(_ run: (days: Int, isFlagged: Bool), _ counts: (usual: Int, last: Int)) async throws {
        let dataset = try await Dataset.stored("two-\(run.days)-\(counts.usual)")
        let history = [Int](repeating: counts.usual, count: run.days - 1) + [counts.last]
        let rows = try await Self.rows(
            dataset, Self.events(history), Self.first...Self.first.advanced(by: run.days - 1), .minmax)
        #expect(rows.filter(\.isFlagged).map(\.day) == (run.isFlagged ? [Self.first.advanced(by: run.days - 1)] : []))
    }

    @Test(arguments: Normalization.allCases)
    func equalRisksAllScoreZero(_ normalization: Normalization) async throws {
        let dataset = try await Dataset.stored("equal-\(normalization.rawValue)")
        let events = (0..<3).flatMap { Self.events([2], place: $0) }
        let rows = try await Self.rows(dataset, events, Self.first...Self.first, normalization)
        #expect(rows.map(\.score) == [0, 0, 0])
        #expect(rows.allSatisfy { $0.level == .low && $0.zScore == 0 && !$0.isFlagged })
    }
}
