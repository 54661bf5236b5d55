import Fetch
import Foundation
import Synchronization
import TestSources
import TestSupport
import Testing

@testable import Connectors

/// Runs against sources that fail, with a store that forgets a transaction now and then.
@Suite struct FeedRunTests {
    private struct Killed: Error {}

    /// Rows by part and id, with the meaning that `FeedStore` states.
    private final class Store: FeedStore {
        struct State: Sendable {
            var rows: [String: [String: JSONValue]] = [:]
            var seen: [String: Set<String>] = [:]
            var checkpoints: [String: Checkpoint] = [:]
            var stored = 0
        }

        let state = Mutex(State())
        private let id: String
        private let fails: @Sendable () -> Bool

        init(id: String, fails: @escaping @Sendable () -> Bool = { false }) {
            self.id = id
            self.fails = fails
        }

        func checkpoints() async throws -> [String: Checkpoint] { state.withLock { $0.checkpoints } }

        func store(_ file: RowFile?, of part: FeedPart, _ fetched: FetchedPart) async throws {
            // A kill before the transaction ends leaves nothing of it.
            if fails() { throw Killed() }
            let bytes = try file.map { try Data(contentsOf: URL(fileURLWithPath: $0.path)) } ?? Data()
            let rows = try bytes.split(separator: 0x0A).map { try JSONValue($0) }
            state.withLock { state in
                state.stored += 1
                state.checkpoints[part.name] = fetched.checkpoint
                var held = state.rows[part.name] ?? [:]
                if case .whole(let isFirst, _) = fetched.contents, isFirst { state.seen[part.name] = [] }
                for row in rows {
                    let key = row.value(at: id)?.text ?? "?"
                    held[key] = row
                    state.seen[part.name, default: []].insert(key)
                }
                if case .whole(_, let isLast) = fetched.contents, isLast {
                    held = held.filter { state.seen[part.name]?.contains($0.key) == true }
                }
                state.rows[part.name] = held
            }
        }

        var rows: [String: [String: JSONValue]] { state.withLock { $0.rows } }
    }

    private static let text = """
        feed: stops
        source: uk-police
        collect: stops-force
        forces: [metropolitan, essex, kent]
        dataset: stops
        mapping: uk-stops-api
        """

    private static let months = (1...4).map { "2024-0\($0)" }

    /// The police with four months of three forces. Each request fails by the chance that is given, in one of several
    /// ways.
    private static func police(_ faults: Faults, chance: Double) -> FakeSite {
        FakeSite { request in
            let fault = faults.next() < chance ? Int(faults.next() * 5) : -1
            let reply: FakeSite.Reply
            switch request.path {
            case "/api/crimes-street-dates":
                let entries = months.map { #"{"date":"\#($0)","stop-and-search":["metropolitan","essex","kent"]}"# }
                reply = .json("[\(entries.joined(separator: ","))]")
            case "/api/crime-last-updated": reply = .json(#"{"date":"2024-12-01"}"#)
            default:
                let name = (request.query["force"] ?? "") + (request.query["date"] ?? "")
                let rows = (0..<20).map { #"{"type":"Person search","n":"\#(name) \#($0 / 2)","outcome":""}"# }
                reply = .json("[\(rows.joined(separator: ","))]")
            }
            switch fault {
            case 0: return .html(503)
            case 1: return FakeSite.Reply(status: 500)
            case 2: return FakeSite.Reply(status: 429)
            case 3:
                return FakeSite.Reply(
                    status: 200, headers: reply.headers, body: reply.body, breaksAfter: reply.body.count / 2)
            case 4: return FakeSite.Reply(status: 200, headers: reply.headers, body: reply.body.dropLast(3))
            default: return reply
            }
        }
    }

    private static func run(_ site: FakeSite, _ store: Store) async throws -> FeedRunOutcome {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let outcome = try await FeedRun(try feed(text).open(site.fetcher()), store, folder: folder.path).run()
        // Nothing is left behind, whatever failed.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        return outcome
    }

    @Test func aRunReadsEverythingAndTheNextOneNothing() async throws {
        let site = Self.police(Faults(seed: 1), chance: 0)
        let store = Store(id: "_id")
        let outcome = try await Self.run(site, store)
        #expect(outcome.read == 12)
        #expect(outcome.rows == 240)
        #expect(outcome.failures.isEmpty)
        #expect(store.rows.values.map(\.count) == Array(repeating: 20, count: 12))
        site.forget()
        let second = try await Self.run(site, store)
        #expect(second.read == 0)
        #expect(!second.broughtRows)
        #expect(site.requests.count == 2)
    }

    /// Property: whatever fails in between, requests or the transactions of the store, the rows in the end are those of
    /// a run that nothing disturbed.
    @Test(arguments: 1...6) func anyInterleavingOfFailuresEndsInTheSameRows(_ seed: Int) async throws {
        let calm = Store(id: "_id")
        _ = try await Self.run(Self.police(Faults(seed: 0), chance: 0), calm)
        let site = Self.police(Faults(seed: UInt64(seed)), chance: 0.25)
        let faults = Faults(seed: UInt64(seed))
        let store = Store(id: "_id") { faults.next() < 0.2 }
        var runs = 0
        while store.rows.count < 12, runs < 200 {
            _ = try? await Self.run(site, store)
            runs += 1
        }
        let isSame = store.rows == calm.rows
        #expect(isSame)
    }

    private final class Faults: Sendable {
        private let random: Mutex<SplitMix>

        init(seed: UInt64) {
            random = Mutex(SplitMix(state: seed ^ 0xF00D))
        }

        func next() -> Double { random.withLock { $0.nextShare() } }
    }

    @Test func aPartThatFailsLeavesTheOthersAlone() async throws {
        let good = Self.police(Faults(seed: 1), chance: 0)
        let site = FakeSite { request in
            request.query["force"] == "essex" && request.query["date"] == "2024-03"
                ? .json("[1]") : good.reply(request)
        }
        let store = Store(id: "_id")
        let outcome = try await Self.run(site, store)
        #expect(outcome.read == 11)
        #expect(outcome.failures.map { $0.part } == ["essex/2024-03"])
        #expect(outcome.failures.first?.code == "shape")
        #expect(outcome.failures.first?.isTemporary == false)
    }
}

extension SplitMix {
    /// A number from 0 to below 1.
    fileprivate mutating func nextShare() -> Double { Double(next() >> 11) / Double(1 << 53) }
}
