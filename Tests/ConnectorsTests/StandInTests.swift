import Breaker
import Domain
import Feeds
import Fetch
import Foundation
import NIOCore
import Synchronization
import Telemetry
import TestSources
import TestSupport
import Testing

@testable import Connectors

/// The connectors by real sockets and TLS, against sites in Python that have every bad habit.
@Suite(.serialized) struct StandInTests {
    /// The sites as a process of their own.
    ///
    /// `@unchecked Sendable`: the process and its input are used by who starts and who ends the sites, in turn.
    private struct Sites: @unchecked Sendable {
        let url: String
        let fetcher: Fetcher
        let transport: ClientTransport
        let folder: URL
        private let process: Process
        private let input: Pipe

        init(seed: Int) throws {
            folder = FileManager.default.temporaryDirectory.appendingPathComponent("standin-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["PYTHONDONTWRITEBYTECODE=1", "python3", "-m", "standin", folder.path, "\(seed)"]
            process.currentDirectoryURL = tests.appendingPathComponent("EndToEnd")
            input = Pipe()
            let output = Pipe()
            process.standardInput = input
            process.standardOutput = output
            try process.run()
            var line = Data()
            while !line.contains(0x0A) {
                let piece = output.fileHandleForReading.availableData
                guard !piece.isEmpty else { throw CocoaError(.fileReadUnknown) }
                line += piece
            }
            let place = try JSONValue(line)
            url = try #require(place["url"]?.text)
            transport = ClientTransport(authority: place["authority"]?.text)
            var rule = RetryRule()
            // As many tries as it takes, without the pauses that a source of the world is owed.
            rule.retries = 6
            rule.first = .milliseconds(5)
            rule.longest = .milliseconds(50)
            var breaker = Fetcher.breaker
            breaker.backOff.first = .milliseconds(20)
            breaker.backOff.longest = .milliseconds(20)
            fetcher = Fetcher(
                transport, secrets: Secrets(environment: ["HEXTANT_SECRET_FIRMS_KEY": "standin-key"]), rule: rule,
                breaker: breaker,
                metrics: PrometheusRegistry())
        }

        func end() async throws {
            await transport.close()
            try await StandInTests.onThread {
                try input.fileHandleForWriting.close()
                process.waitUntilExit()
                try FileManager.default.removeItem(at: folder)
            }
        }

        /// Asks the control of the sites.
        func control(_ path: String) async throws -> JSONValue {
            let access = SourceAccess(hosts: AllowedHosts([String(url.dropFirst(8))], allowPrivate: true))
            let answer = try await fetcher.answer(
                FetchRequest(RequestText("\(url)/control/\(path)"), source: "test", access: access))
            return try JSONValue(Array(answer.body.readableBytesView))
        }

        func source(_ name: String) throws -> any FeedSource {
            let text = "feed: a\ndataset: a\nmapping: m\nallow_private: true\n" + feeds[name, default: ""]
            return try feed(text + "\nlimits: {requests: 100000, idle_seconds: 1}").open(fetcher)
        }

        var names: [String] { feeds.keys.sorted() }

        private var feeds: [String: String] {
            [
                "stops": """
                source: uk-police
                base: \(url)/police/api
                collect: stops-force
                forces: [metropolitan, essex, kent]
                """,
                "crimes": """
                source: uk-police
                base: \(url)/police/api
                collect: crimes-street
                areas: {all: [-0.3, 51.3, 0.2, 51.7]}
                """,
                "requests":
                    "source: socrata\nbase: \(url)/socrata\nresource: erm2-nwe9\npage: 100\nrows_per_batch: 250",
                "violations": "source: socrata\nbase: \(url)/socrata\nresource: wvxf-dwi5",
                "boston": """
                source: ckan
                base: \(url)/ckan
                resource: 9d7c2214-4709-478a-a2e8-fb2020a5bb94
                rows_per_batch: 250
                """,
                "layer":
                    "source: arcgis\nurl: \(url)/arcgis/rest/services/Requests/FeatureServer/0\nrows_per_batch: 200",
                "silent": "source: arcgis\nurl: \(url)/arcgis/rest/services/Silent/FeatureServer/0",
                "parking": "source: opendatasoft\nbase: \(url)/ods\nresource: parking",
                "quakes": """
                source: geojson
                url: \(url)/files/all_week.geojson
                identity: id
                version: properties.updated
                """,
                "fires": "source: csv\nurl: \(url)/files/firms/${FIRMS_KEY}.csv\ncontents: recent",
            ]
        }
    }

    /// Does what blocks on a thread of its own, since the common pool has one thread for each core.
    private static func onThread<Output: Sendable>(
        _ body: @escaping @Sendable () throws -> Output
    ) async throws -> Output {
        try await withCheckedThrowingContinuation { done in
            Thread.detachNewThread { done.resume(with: Result(catching: body)) }
        }
    }

    /// The last state of each row by part and id; a file that is no JSON is one row.
    private final class Store: FeedStore {
        private struct State: Sendable {
            var rows: [String: [String: String]] = [:]
            var seen: [String: Set<String>] = [:]
            var checkpoints: [String: Checkpoint] = [:]
        }

        private let state = Mutex(State())
        private static let ids = [
            "_id", "id", "unique_key", "violationid", "case_enquiry_id", "attributes.OBJECTID", "properties.OBJECTID",
            "title",
        ]

        func checkpoints() async throws -> [String: Checkpoint] { state.withLock { $0.checkpoints } }

        func store(_ file: RowFile?, of part: FeedPart, _ fetched: FetchedPart) async throws {
            var rows: [(String, String)] = []
            if let file {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: file.path))
                if file.form == .asIs {
                    rows = [("file", String(decoding: bytes, as: UTF8.self))]
                } else {
                    rows = try bytes.split(separator: 0x0A).map { line in
                        let row = try JSONValue(line)
                        var text: [UInt8] = []
                        row.append(to: &text, sorted: true)
                        let id = Self.ids.lazy.compactMap { row.value(at: $0)?.text }.first
                        return (id ?? "?", String(decoding: text, as: UTF8.self))
                    }
                }
            }
            state.withLock { [rows] state in
                state.checkpoints[part.name] = fetched.checkpoint
                if case .whole(let isFirst, _) = fetched.contents, isFirst { state.seen[part.name] = [] }
                for (id, text) in rows {
                    state.rows[part.name, default: [:]][id] = text
                    state.seen[part.name, default: []].insert(id)
                }
                if case .whole(_, let isLast) = fetched.contents, isLast {
                    state.rows[part.name] = state.rows[part.name]?.filter {
                        state.seen[part.name]?.contains($0.key) == true
                    }
                }
            }
        }

        var rows: [String: [String: String]] { state.withLock { $0.rows } }
    }

    private func withSites(seed: Int = 1, _ body: (Sites) async throws -> Void) async throws {
        let sites = try await StandInTests.onThread { try Sites(seed: seed) }
        do {
            try await body(sites)
        } catch {
            Issue.record(error)
        }
        try await sites.end()
    }

    private func run(_ sites: Sites, _ name: String, _ store: Store) async throws -> FeedRunOutcome {
        try await FeedRun(try sites.source(name), store, folder: sites.folder.path).run()
    }

    /// The number of rows is that which `standin/__main__.py` makes up: 30 stops and a fifth of them again in 30 months
    /// of forces, 120 crimes in ten months, and so on.
    @Test func everySourceIsReadWholeAndASecondRunFindsNothingNew() async throws {
        try await withSites { sites in
            let counts = [
                "stops": 1080, "crimes": 1200, "requests": 700, "violations": 50, "boston": 600, "layer": 500,
                "silent": 300,
                "parking": 350, "quakes": 200, "fires": 1,
            ]
            for name in sites.names {
                let store = Store()
                let first = try await run(sites, name, store)
                #expect(first.failures.isEmpty, "\(name): \(first.failures)")
                #expect(store.rows.values.map(\.count).reduce(0, +) == counts[name], "\(name)")
                let rows = store.rows
                let second = try await run(sites, name, store)
                #expect(!second.broughtRows, "\(name)")
                let isSame = store.rows == rows
                #expect(isSame, "\(name)")
            }
        }
    }

    /// Each habit that any request may meet causes other tries and nothing else.
    @Test func habitsThatPassChangeNothing() async throws {
        try await withSites { sites in
            let calm = Store()
            _ = try await run(sites, "boston", calm)
            for habit in [
                "429", "429-retry-after", "503-html", "200-html", "500", "504-late", "cut", "length-too-long",
                "cut-chunks", "cut-json", "stall", "reset", "gzip",
            ] {
                _ = try await sites.control("on?name=\(habit)&times=2&only=datastore_search")
                let store = Store()
                let outcome = try await run(sites, "boston", store)
                let state = try await sites.control("state")
                #expect(state["met"]?[habit]?.integer == 2, "\(habit)")
                #expect(outcome.failures.isEmpty, "\(habit): \(outcome.failures)")
                let isSame = store.rows == calm.rows
                #expect(isSame, "\(habit)")
            }
        }
    }

    /// The rows of each feed of the repository, from the sites, become events by its mapping. The numbers are those of
    /// the rows that have a place, counted by Python in what `standin/__main__.py` makes up from seed 1.
    @Test(arguments: [
        ("stops", "uk-stops-api", 971), ("crimes", "uk-crimes-api", 1200), ("requests", "nyc-311-api", 680),
        ("violations", "nyc-hpd-violations", 50), ("boston", "boston-311", 600), ("quakes", "usgs-geojson", 200),
        ("fires", "firms", 400),
    ])
    func rowsBecomeEventsByTheMapping(_ name: String, _ mapping: String, _ events: Int) async throws {
        try await withSites { sites in
            let collected = Events(mapping: mapping)
            let outcome = try await FeedRun(try sites.source(name), collected, folder: sites.folder.path).run()
            #expect(outcome.failures.isEmpty, "\(outcome.failures)")
            #expect(collected.count == events)
        }
    }

    /// Decodes each row file with a mapping, as an ingest does, and counts the events.
    private final class Events: FeedStore {
        private let mapping: String
        private let total = Mutex(0)

        init(mapping: String) {
            self.mapping = mapping
        }

        var count: Int { total.withLock { $0 } }

        func checkpoints() async throws -> [String: Checkpoint] { [:] }

        func store(_ file: RowFile?, of part: FeedPart, _ fetched: FetchedPart) async throws {
            guard let file else { return }
            let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent()
            var mapping = try Mapping.load(mapping, builtInDirectory: root.appendingPathComponent("mappings").path)
            if file.form == .lines { mapping.dialect.format = .ndjson }
            let result = try await IngestPipeline(mapping: mapping, defaultZone: "UTC")
                .ingest(try EventFile(path: file.path), into: Nowhere())
            total.withLock { $0 += result.counts.accepted }
        }
    }

    private struct Nowhere: EventSink {
        func write(_ chunk: EventChunk) async throws {}
        func end(_ content: ContentDigest, warnings: [String]) async throws {}
    }

    @Test func redirectsThatLeadAstrayAreRefused() async throws {
        try await withSites { sites in
            for (habit, code) in [("redirect-inside", "host"), ("redirect-round", "redirect")] {
                _ = try await sites.control("on?name=\(habit)&only=firms")
                let outcome = try await run(sites, "fires", Store())
                #expect(outcome.failures.map(\.code) == [code])
                _ = try await sites.control("off")
            }
        }
    }

    @Test func habitsOfOneSiteAreUnderstood() async throws {
        try await withSites { sites in
            let (calm, store) = (Store(), Store())
            _ = try await run(sites, "stops", calm)
            for habit in ["police-fields-reordered", "police-outcome-forms"] {
                _ = try await sites.control("on?name=\(habit)")
            }
            #expect(try await run(sites, "stops", store).failures.isEmpty)
            let isSame = store.rows == calm.rows
            #expect(isSame)
            _ = try await sites.control("on?name=police-month-dropped&times=1&only=essex")
            let third = try await run(sites, "stops", Store())
            #expect(third.failures.isEmpty, "\(third.failures)")
            // The month is gone for all forces; some may have been read before.
            #expect((1...3).contains(third.findings.count), "\(third.findings)")
            _ = try await sites.control("off")

            for habit in ["ckan-200-failure", "ckan-bare-string", "ckan-localised", "ckan-old-validation"] {
                _ = try await sites.control("on?name=\(habit)")
                await #expect(throws: SourceError.self) { try await run(sites, "boston", Store()) }
                _ = try await sites.control("off")
            }
            _ = try await sites.control("on?name=socrata-202&times=3")
            _ = try await sites.control("on?name=socrata-insert&times=3")
            _ = try await sites.control("on?name=socrata-touch&times=5")
            let requests = Store()
            _ = try await run(sites, "requests", requests)
            _ = try await sites.control("off")
            _ = try await run(sites, "requests", requests)
            let now = Store()
            _ = try await run(sites, "requests", now)
            let isSettled = requests.rows == now.rows
            #expect(isSettled)
            #expect(now.rows["rows"]?.count == 703)

            _ = try await sites.control("on?name=socrata-nested-error")
            let error = await #expect(throws: SourceError.self) { try await run(sites, "requests", Store()) }
            #expect(error?.problem.contains("column ncategory") == true)
            _ = try await sites.control("on?name=arcgis-error")
            await #expect(throws: SourceError.self) { try await run(sites, "layer", Store()) }
        }
    }

    /// Property: however the habits mix, the rows in the end are those of an undisturbed reading.
    @Test(arguments: 1...2) func anyMixOfHabitsEndsInTheSameRows(_ seed: Int) async throws {
        try await withSites(seed: seed) { sites in
            var calm: [String: [String: [String: String]]] = [:]
            for name in sites.names {
                let store = Store()
                _ = try await run(sites, name, store)
                calm[name] = store.rows
            }
            for habit in [
                "429", "503-html", "200-html", "500", "cut", "length-too-long", "cut-chunks", "cut-json", "reset",
            ] {
                _ = try await sites.control("on?name=\(habit)&share=0.03")
            }
            for name in sites.names {
                let store = Store()
                for _ in 0..<40 {
                    let outcome = try? await run(sites, name, store)
                    if let outcome, outcome.failures.isEmpty, outcome.offered > 0 { break }
                }
                let isSame = store.rows == calm[name]
                #expect(isSame, "\(name)")
            }
        }
    }
}
