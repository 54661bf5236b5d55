import Domain
import Postgres
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Storage

/// Filters on attributes, and the indexes that answer them.
@Suite(
    migratedDatabase {
        for slug in ["asked", "beside"] as [Slug] {
            _ = try await Dataset.stored(slug)
            // 1,000 events a month over a year.
            let events = (0..<12_000).map { number in
                SampleEvent(
                    time: "2021-\(pad(1 + number / 1000))-\(pad(1 + number % 28))T12:00:00Z",
                    attributes: """
                        {"division": "D\(number % 100)", "age": "\(number % 90)", "arrest": "\(number % 50 == 0)"}
                        """)
            }
            try await IngestStore.ofTheSuite().ingest([EventChunk(events)], into: slug, content: "a")
        }
        try await declare(
            "asked", [Queryable("age", .number), Queryable("arrest", .boolean), Queryable("division", .text)])
        _ = try await QueryableIndexes(TestDatabase.options, sql: Checkout.sql()).bring()
    }, .serialized)
struct QueryablesTests {
    private static func selection(_ slug: Slug, _ filter: FeatureFilter) async throws -> FeatureSelection {
        let sql = try Checkout.sql()
        let queryables = try await withConnection { try await DatasetStore($0, sql: sql).queryables(of: "asked") }
        return FeatureSelection(slug, filter: filter, queryables: queryables)
    }

    private static func found(_ filter: FeatureFilter, in slug: Slug = "asked") async throws -> Int {
        let sql = try Checkout.sql()
        let selection = try await selection(slug, filter)
        return try await withReaders { readers in
            let store = EventStore(readers, sql: sql)
            var page = PageRequest<StoredEvent>(limit: 500)
            var count = 0
            repeat {
                let events = try await store.events(EventQuery(selection), page)
                count += events.rows.count
                page.after = events.next
            } while page.after != nil
            return count
        }
    }

    /// Each division has 120 of the 12,000 events; ages from 0 to 89 come 133 or 134 times.
    @Test(
        arguments: [
            (.compare("division", .equal, .text("D7")), 120), (.compare("arrest", .equal, .truth(true)), 240),
            (.compare("age", .equal, .number(3)), 134), (.compare("age", .equal, .number(89)), 133),
            (.compare("age", .less, .number(1.5)), 268), (.like("division", pattern: "D9%"), 1320),
            (.among("division", [.text("D1"), .text("D2"), .text("none")]), 240),
            (.and([.compare("division", .equal, .text("D50")), .compare("arrest", .equal, .truth(true))]), 120),
            (.isNull("division"), 0),
        ] as [(FeatureFilter, Int)])
    func filtersCompareAttributesByTheirTypes(_ filter: FeatureFilter, _ count: Int) async throws {
        #expect(try await Self.found(filter) == count)
        // The same without an index.
        #expect(try await Self.found(filter, in: "beside") == count)
    }

    private static func plan(_ filter: FeatureFilter, of slug: Slug = "asked") async throws -> [String] {
        let selection = try await selection(slug, filter)
        let parameters: [any PostgresEncodable] = [
            selection.dataset, Instant("2021-03-01T00:00:00Z"), Instant("2021-04-01T00:00:00Z"),
            PostgresArray([String]()), Double?.none, Double?.none, Double?.none, Double?.none, Instant.earliest,
            Int64.min, 50, PostgresBytes?.none, EventQuery.mostBytes,
        ]
        let statement = try FilterStatement(filter, .events.adding(selection.queryables), after: parameters)
        let text = "EXPLAIN (COSTS off) " + statement.applied(to: try Checkout.statement(.events))
        return try await withConnection { connection in
            try await connection.queryOnce(text, statement.parameters) { $0 }
                .map { try $0.get(0, as: String.self) }
        }
    }

    @Test(
        arguments: [
            .compare("division", .equal, .text("D7")), .compare("age", .equal, .number(3)),
            .compare("arrest", .equal, .truth(true)),
        ] as [FeatureFilter])
    func aPageIsReadInOrderFromTheIndexOfTheAttribute(_ filter: FeatureFilter) async throws {
        let plan = try await Self.plan(filter)
        #expect(plan.contains { $0.contains("Index Scan using") && $0.contains("idx_queryable_") }, "\(plan)")
        #expect(!plan.contains { $0.contains("Rows Removed") || $0.contains("Seq Scan") }, "\(plan)")
        // Another dataset has no such index, and that of this one is of no use to it.
        #expect(try await !Self.plan(filter, of: "beside").contains { $0.contains("idx_queryable_") })
    }

    @Test func indexesComeAndGoWithTheAttributes() async throws {
        let sql = try Checkout.sql()
        let indexes = QueryableIndexes(TestDatabase.options, sql: sql)
        let count = """
            SELECT count(*) FROM pg_class c WHERE c.relkind = 'i' AND c.relname LIKE '%idx\\_queryable\\_%'
            """
        let before: Int = try await value(count)
        // Nothing to do.
        #expect(try await indexes.bring() == QueryableIndexes.Outcome())
        try await declare("beside", [Queryable("age", .number)])
        #expect(try await indexes.bring() == QueryableIndexes.Outcome(built: 1, dropped: 0))
        #expect(try await value(count) > before)
        // Another type is another index.
        try await declare("beside", [Queryable("age", .text)])
        #expect(try await indexes.bring() == QueryableIndexes.Outcome(built: 1, dropped: 1))
        // One that was interrupted is built again.
        try await withConnection { connection in
            try await connection.execute(
                """
                UPDATE pg_index SET indisvalid = false
                WHERE indexrelid = queryable_index('beside', 'age', 'text')::regclass
                """)
        }
        #expect(try await indexes.bring() == QueryableIndexes.Outcome(built: 1, dropped: 0))
        try await declare("beside", [])
        #expect(try await indexes.bring() == QueryableIndexes.Outcome(built: 0, dropped: 1))
        #expect(try await value(count) == before)
    }

    @Test func aBatchThatMakesPartitionsLeavesNoPartOfAnIndexBehind() async throws {
        let sql = try Checkout.sql()
        let indexes = QueryableIndexes(TestDatabase.options, sql: sql)
        let slug: Slug = "new-partitions"
        _ = try await Dataset.stored(slug)
        try await declare(slug, [Queryable("kind", .text)])
        _ = try await indexes.bring()
        // More rows than a new partition may have before its indexes are taken away.
        let events = (0..<2000).map { SampleEvent(time: "1990-01-\(pad(1 + $0 % 28))T12:00:00Z") }
        try await IngestStore.ofTheSuite().ingest([EventChunk(events)], into: slug, content: "a")
        let name: String = try await value("SELECT queryable_index('new-partitions', 'kind', 'text')")
        let parts = "SELECT count(*) FROM pg_class WHERE relname LIKE '%\(name)'"
        #expect(try await value(parts, as: Int.self) > 1)
        try await declare(slug, [])
        _ = try await indexes.bring()
        #expect(try await value(parts) == 0)
    }

    @Test func aLongTextIsStoredAndNotFound() async throws {
        let slug: Slug = "long-texts"
        _ = try await Dataset.stored(slug)
        try await declare(slug, [Queryable("division", .text)])
        _ = try await QueryableIndexes(TestDatabase.options, sql: Checkout.sql()).bring()
        let long = String(repeating: "é", count: 5000)
        try await IngestStore.ofTheSuite().ingest(
            [EventChunk([SampleEvent(attributes: #"{"division": "\#(long)"}"#)])], into: slug, content: "a")
        #expect(try await Self.found(.compare("division", .equal, .text(long)), in: slug) == 0)
        #expect(try await value("SELECT count(*) FROM events WHERE dataset = 'long-texts'") == 1)
    }

    @Test(
        arguments: [
            ("\"7\"", "7"), ("7", "7"), ("\" -1.5e2 \"", "-150"), ("\"1e999\"", nil), ("\"12 km\"", nil),
            ("\"\"", nil), ("null", nil), ("true", nil), ("[1]", nil), ("\"+.5\"", nil),
        ] as [(String, String?)])
    func whatIsNoNumberIsNone(_ json: String, _ number: String?) async throws {
        let found: String? = try await value(
            "SELECT attribute_number(jsonb_build_object('a', $1::jsonb), 'a')::text", [json])
        #expect(found == number)
    }

    @Test func theDatabaseHasRoomForSoMany() async throws {
        // Three are of the suite, and 60 of other datasets: two more do not fit.
        for number in 0..<8 {
            let slug = Slug("room-\(number)")
            _ = try await Dataset.stored(slug)
        }
        let sql = try Checkout.sql()
        let used: Int = try await value("SELECT count(*) FROM datasets, jsonb_object_keys(queryables)")
        var left = QueryableIndexes.mostOfDatabase - used
        var number = 0
        while left > 0 {
            let some = min(left, Queryable.mostOfDataset)
            try await declare(
                Slug("room-\(number)"), (0..<some).map { Queryable("a\($0)", .text) })
            left -= some
            number += 1
        }
        let last = Slug("room-last")
        _ = try await Dataset.stored(last)
        let error = await #expect(throws: StorageError.self) {
            try await declare(last, [Queryable("a", .text)])
        }
        #expect(error?.message.contains("64") == true)
        try await withConnection { connection in
            let store = DatasetStore(connection, sql: sql)
            #expect(try await store.queryables(of: last).isEmpty)
            try await connection.execute("DELETE FROM datasets WHERE slug LIKE 'room-%'")
        }
    }

    // MARK: Lineage

    @Test func anEventIsFoundByItsPlaceOrItsSourcesId() async throws {
        let slug: Slug = "traced"
        _ = try await Dataset.stored(slug)
        let batch = try await IngestStore.ofTheSuite().ingest(
            [EventChunk([SampleEvent(id: "K-1"), SampleEvent(type: "fire")])], into: slug, content: "a"
        ).batch
        try await withConnection { connection in
            try await connection.execute(
                """
                UPDATE ingest_batches SET feed = 'fires', feed_part = '2021-06',
                    source_address = 'https://example.org/fires', retrieved_at = '2021-06-02T00:00:00Z'
                WHERE id = \(batch)
                """)
        }
        let sql = try Checkout.sql()
        try await withReaders { readers in
            let store = EventStore(readers, sql: sql)
            let found = try #require(try await store.event(.source("K-1"), of: slug))
            let lineage = try #require(found.lineage)
            #expect(found.event.eventID == "K-1")
            #expect(lineage.batch == batch)
            #expect(lineage.rowNumber == 1)
            #expect(lineage.feed == "fires")
            #expect(lineage.feedPart == "2021-06")
            #expect(lineage.sourceURL == "https://example.org/fires")
            #expect(lineage.retrieved == Instant("2021-06-02T00:00:00Z"))
            #expect(lineage.run == nil)
            let listed = try await store.events(EventQuery(FeatureSelection(slug)), PageRequest(limit: 10)).rows
            let other = try #require(listed.first { $0.eventID == nil })
            #expect(try await store.event(.place(other.cursor), of: slug)?.event == other)
            #expect(try await store.event(.place(other.cursor), of: "asked") == nil)
            #expect(try await store.event(.source("K-2"), of: slug) == nil)
        }
    }

    @Test func theRunOfAJobIsKeptWithItsBatch() async throws {
        let slug: Slug = "by-job"
        let run = try await withQueue { try await $0.enqueueScore(slug) }
        let job: Int64 = try await value("SELECT job FROM analytics_runs WHERE id = \(run)")
        var upload = IngestStore.Upload.sample(slug, content: "a")
        upload.job = job
        let batch = try await IngestStore.ofTheSuite().ingest(upload) { writer in
            try await writer.write(EventChunk([SampleEvent(id: "K-1")]))
        }.batch
        let sql = try Checkout.sql()
        try await withReaders { readers in
            let found = try await EventStore(readers, sql: sql).event(.source("K-1"), of: slug)
            #expect(found?.lineage?.batch == batch)
            #expect(found?.lineage?.run == run)
        }
    }
}

/// Names the attributes of a dataset that filters may use.
private func declare(_ slug: Slug, _ queryables: [Queryable]) async throws {
    let sql = try Checkout.sql()
    try await withConnection { connection in
        let store = DatasetStore(connection, sql: sql)
        var dataset = try await store.dataset(slug)
        dataset.queryables = queryables
        _ = try await store.put(dataset)
    }
}

private func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
