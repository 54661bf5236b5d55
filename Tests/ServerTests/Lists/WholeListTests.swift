import Accounts
import Compression
import Domain
import Foundation
import H3
import NIOCore
import Synchronization
import Testing

@testable import Web

/// Lists that are sent completely, page by page.
@Suite struct WholeListTests {
    private let store = MemoryStore { state in
        state.events = (0..<1000).map { index in
            StoredEvent(
                cursor: EventCursor(timestamp: Instant(seconds: 1_640_995_199), sequence: Int64(index)),
                eventID: nil,
                eventType: index == 7 ? "=1+1" : "a, \"b\"", longitude: -79.5, latitude: 43.25,
                attributes: #"{"n":\#(index)}"#)
        }
    }

    private static func lines(_ body: Data) -> [String] {
        String(decoding: body, as: UTF8.self).components(separatedBy: "\r\n")
    }

    @Test func csvHoldsEveryRowOfEveryPage() async throws {
        try await withServer(store, as: .analyst) { client in
            let answer = try await client.get("/v1/events?f=csv&fields=event_type,longitude,attributes,event_id")
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "text/csv; charset=utf-8; header=present")
            #expect(answer.headers["content-disposition"] == "attachment; filename=\"toronto-events.csv\"")
            let lines = Self.lines(try answer.unchunked())
            #expect(lines.count == 1002)
            #expect(lines[0] == "event_id,event_type,attributes,longitude")
            #expect(lines[1] == #","a, ""b""","{""n"":0}",-79.5"#)
            // A spreadsheet would evaluate it; a number with a sign is left alone.
            #expect(lines[8] == #","'=1+1","{""n"":7}",-79.5"#)
            #expect(lines[1000] == #","a, ""b""","{""n"":999}",-79.5"#)
        }
        // More than one page was read, and none above the largest page size.
        let limits = store.now.eventQueries.map(\.page.limit)
        #expect(limits.count > 1)
        #expect(limits.allSatisfy { $0 <= 4000 })
    }

    /// GDAL and geopandas take what they get for the whole: they follow no links.
    @Test func geoJSONWithoutALimitIsOneWholeCollection() async throws {
        try await withServer(store, as: .analyst) { client in
            let answer = try await client.get("/v1/events?f=geojson")
            #expect(answer.headers["content-type"] == "application/geo+json")
            #expect(answer.headers["content-disposition"] == "inline; filename=\"toronto-events.geojson\"")
            let whole = try answer.json()
            #expect(whole["type"] as? String == "FeatureCollection")
            #expect(whole["links"] == nil)
            let features = try #require(whole["features"] as? [[String: Any]])
            let numbers = features.compactMap { feature in
                ((feature["properties"] as? [String: Any])?["attributes"] as? [String: Int])?["n"]
            }
            #expect(numbers == Array(0..<1000))
            let page = try await client.get("/v1/events?f=geojson&limit=10").json()
            #expect((page["features"] as? [Any])?.count == 10)
            #expect((page["links"] as? [Any])?.count == 1)
            #expect(try await client.get("/v1/events?f=geojson&limit=1001").status == 400)
        }
    }

    @Test func anEmptyWholeListIsACollectionToo() async throws {
        try await withServer(MemoryStore(), as: .analyst) { client in
            for path in ["/v1/events?f=geojson", "/v1/hotspots", "/v1/risk/2021-12-31?f=geojson"] {
                let json = try await client.get(path).json()
                #expect((json["features"] as? [Any])?.isEmpty == true)
            }
        }
    }

    @Test(arguments: [1, 199, 200, 201, 999, 1000, 1001])
    func aLimitIsKeptAcrossPages(limit: Int) async throws {
        try await withServer(store, as: .analyst) { client in
            let answer = try await client.get("/v1/events?f=geojsonseq&limit=\(limit)")
            let records = try answer.unchunked().split(separator: 0x1e)
            #expect(records.count == min(limit, 1000))
            let last = try JSONSerialization.jsonObject(with: records.last ?? Data()) as? [String: Any]
            #expect((last?["properties"] as? [String: Any])?["longitude"] == nil)
            #expect(records.allSatisfy { $0.last == UInt8(ascii: "\n") })
        }
    }

    @Test func gzipIsOneMemberOfTheSame() async throws {
        try await withServer(store, as: .analyst) { client in
            let plain = try await client.get("/v1/events?f=csv").unchunked()
            let packed = try await client.get("/v1/events?f=csv", ["Accept-Encoding": "gzip"])
            #expect(packed.headers["content-encoding"] == "gzip")
            let member = ByteBuffer(bytes: try packed.unchunked())
            #expect(try Gzip.decompress(member, limit: plain.count) == ByteBuffer(bytes: plain))
        }
    }

    @Test func anAnswerThatFailsOnTheWayDoesNotLookComplete() async throws {
        struct Broken: Error {}
        let pages = Atomic<Int>(0)
        let store = store
        store.change { state in
            state.beforeEvents = {
                if pages.add(1, ordering: .relaxed).newValue == 2 { throw Broken() }
            }
        }
        try await withServer(store, as: .analyst) { client in
            let answer = try await client.get("/v1/events?f=csv")
            #expect(answer.status == 200)
            // The rows before the fault arrive, without the last chunk that would end the body.
            #expect(String(decoding: answer.body.prefix(200), as: UTF8.self).contains("event_id,event_type"))
            #expect(throws: Answer.CutOff.self) { try answer.unchunked() }
        }
        #expect(pages.load(ordering: .relaxed) == 2)
    }

    @Test func aFaultBeforeTheFirstRowIsAProblem() async throws {
        struct Away: TemporarilyUnavailable { let retryAfter = Duration.seconds(3) }
        store.change { $0.beforeEvents = { throw Away() } }
        try await withServer(store, as: .analyst) { client in
            let answer = try await client.get("/v1/events?f=csv")
            #expect(answer.status == 503)
            #expect(answer.headers["retry-after"] == "3")
        }
    }

    @Test(arguments: [
        ("application/geo+json-seq", "application/geo+json-seq"),
        ("text/csv", "text/csv; charset=utf-8; header=present"),
        ("application/flatgeobuf", "application/flatgeobuf"), ("application/json", "application/json"),
    ])
    func theHeaderChoosesTheForm(accept: String, type: String) async throws {
        try await withServer(store, as: .analyst) { client in
            let answer = try await client.get("/v1/events?limit=1", ["Accept": accept])
            #expect(answer.headers["content-type"] == type)
            #expect(answer.headers["vary"]?.contains("Accept, Accept-Encoding") == true)
        }
    }

    /// The layout is that of flatgeobuf.org: magic bytes, then a header and features, each after its length.
    @Test func aFlatGeobufIsARowOfRecords() async throws {
        try await withServer(store, as: .analyst) { client in
            let bytes = [UInt8](try await client.get("/v1/events?f=flatgeobuf").unchunked())
            #expect(bytes.prefix(8) == [0x66, 0x67, 0x62, 3, 0x66, 0x67, 0x62, 0])
            var records = 0
            var position = 8
            while position + 4 <= bytes.count {
                position += 4 + (0..<4).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
                records += 1
            }
            #expect(position == bytes.count)
            #expect(records == 1001)
        }
    }

    @Test func headTellsTheHeadersAlone() async throws {
        try await withServer(store, as: .analyst) { client in
            let answer = try await client.send("HEAD", "/v1/events?f=csv")
            #expect(answer.status == 200)
            #expect(answer.body.isEmpty)
            #expect(answer.headers["content-type"] == "text/csv; charset=utf-8; header=present")
        }
    }
}
