import Accounts
import Domain
import Foundation
import TestDomain
import Testing
import Tiles

@testable import Server

@Suite struct OperationsTests {
    private let store = MemoryStore()
    private let operations = MemoryOperations()
    private static let all = Secret.random(.apiKey)
    private static let confined = Secret.random(.apiKey)
    private static let description =
        #"{"title": "T", "licence": "CC0-1.0", "attribution": "A", "visibility": "public", "resolutions": [9, 7]}"#

    /// Sends a request as administrator, or with a key limited to `other`.
    private func ask(
        _ method: String, _ path: String, body: String = "", as key: Secret = Self.all,
        type: String = "application/json"
    ) async throws -> Answer {
        let accounts = MemoryAccounts { state in
            state.keys[Self.all.hash] = Principal(identity: .key("all"), role: .admin)
            state.keys[Self.confined.hash] = Principal(
                identity: .key("confined"), role: .admin, confinedTo: ["other"])
        }
        var sources = store.sources
        sources.accounts = accounts.sources(AccessVersion(1))
        sources.administration = operations
        sources.caches = operations
        return try await withServer(store, sources: sources) { client in
            try await client.send(
                method, path, ["Authorization": "Bearer \(key.text)", "Content-Type": type], body: body)
        }
    }

    @Test func aDatasetIsDescribedAsItWouldBePut() async throws {
        let answer = try await ask("GET", "/v1/datasets/toronto")
        let json = try answer.json()
        #expect(answer.status == 200)
        #expect(json["slug"] as? String == "toronto")
        #expect(json["time_zone"] as? String == "America/Toronto")
        #expect((json["levels"] as? [String: Double])?["high"] == RiskThresholds.standard.high)
        let back = try await ask("PUT", "/v1/datasets/toronto", body: answer.text)
        #expect(back.status == 200)
        #expect(operations.now.put == [DatasetStatus.toronto.dataset])
    }

    @Test func aNewDatasetIs201AndClosedUnlessItIsOpened() async throws {
        let answer = try await ask("PUT", "/v1/datasets/new", body: Self.description)
        #expect(answer.status == 201)
        #expect(operations.now.put.first?.resolutions == [7, 9])
        #expect(operations.now.put.first?.visibility == .public)
        let closed = Self.description.replacing(#""visibility": "public", "#, with: "")
        _ = try await ask("PUT", "/v1/datasets/new", body: closed)
        #expect(operations.now.put.last?.visibility == .private)
    }

    @Test func aChangeLeavesTheRestAsItWas() async throws {
        let answer = try await ask("PATCH", "/v1/datasets/toronto", body: #"{"visibility": "private", "flag_z": 3}"#)
        #expect(answer.status == 200)
        var expected = DatasetStatus.toronto.dataset
        expected.visibility = .private
        expected.thresholds = RiskThresholds(medium: 25, high: 50, critical: 75, flagZ: 3)
        #expect(operations.now.put == [expected])
    }

    @Test(arguments: [
        (#"{"colour": 1}"#, "colour"), (#"{"title": 7}"#, "title"), (#"{"attribution": "a\u0000b"}"#, "attribution"),
        (#"{"visibility": "secret"}"#, "visibility"),
        (#"{"resolutions": []}"#, "resolutions"), (#"{"resolutions": [16]}"#, "resolutions"),
        (#"{"slug": "other"}"#, "slug"), (#"{"levels": {"medium": 9, "high": 8, "critical": 90}}"#, "levels"),
        (#"{"levels": {"medium": 9}}"#, "levels.high"), (#"{"flag_z": 0}"#, "flag_z"),
    ])
    func whatCannotBeUsedIsNamed(body: String, field: String) async throws {
        for method in ["PATCH", "PUT"] {
            let answer = try await ask(method, "/v1/datasets/toronto", body: body)
            #expect(answer.status == 400)
            let errors = try answer.json()["errors"] as? [[String: Any]]
            // Keys that are missing for a complete description may be named instead.
            if method == "PATCH" { #expect(errors?.first?["field"] as? String == field) }
        }
        #expect(operations.now.put == [])
    }

    @Test func whatIsNoDescriptionIsRefused() async throws {
        #expect(try await ask("PUT", "/v1/datasets/new", body: "[1]").status == 400)
        #expect(try await ask("PUT", "/v1/datasets/new", body: "title: T").status == 400)
        #expect(try await ask("PUT", "/v1/datasets/new", body: Self.description, type: "text/yaml").status == 415)
        #expect(try await ask("PUT", "/v1/datasets/-", body: Self.description).status == 400)
        let long = #"{"title": "\#(String(repeating: "a", count: 70_000))"}"#
        #expect(try await ask("PUT", "/v1/datasets/new", body: long).status == 413)
    }

    @Test func aDatasetIsDeletedOnlyWhenItIsNamedTwice() async throws {
        for query in ["", "?confirm=", "?confirm=other", "?confirm=Toronto", "?confirm=toronto&x=1"] {
            #expect(try await ask("DELETE", "/v1/datasets/toronto\(query)").status == 400)
        }
        #expect(operations.now.deleted == [])
        let answer = try await ask("DELETE", "/v1/datasets/toronto?confirm=toronto")
        #expect(answer.status == 200)
        #expect(try answer.json()["events"] as? Int == 12)
        #expect(operations.now.deleted == ["toronto"])
        #expect(try await ask("DELETE", "/v1/datasets/none?confirm=none").status == 404)
    }

    @Test func whatTheStoreRefusesIsToldAsSuch() async throws {
        operations.change { $0.refusal = DatasetRefusal(isBusy: false, "no such time zone") }
        let refused = try await ask("PUT", "/v1/datasets/new", body: Self.description)
        #expect(refused.status == 422)
        #expect(refused.text.contains("no such time zone"))
        operations.change { $0.refusal = DatasetRefusal(isBusy: true, "an ingest is under way") }
        #expect(try await ask("DELETE", "/v1/datasets/toronto?confirm=toronto").status == 409)
    }

    @Test func whoIsConfinedToOthersSeesAndChangesNothing() async throws {
        let key = Self.confined
        for (method, body) in [("GET", ""), ("PUT", Self.description), ("PATCH", "{}")] {
            #expect(try await ask(method, "/v1/datasets/toronto", body: body, as: key).status == 404)
        }
        #expect(try await ask("PUT", "/v1/datasets/new", body: Self.description, as: key).status == 404)
        #expect(try await ask("DELETE", "/v1/datasets/toronto?confirm=toronto", as: key).status == 404)
        #expect(try await ask("DELETE", "/v1/cache", as: key).status == 400)
        #expect(try await ask("DELETE", "/v1/cache?dataset=toronto", as: key).status == 404)
        #expect(operations.now.put == [])
        #expect(operations.now.deleted == [])
        #expect(operations.now.forgotten == [])
    }

    @Test func theCacheIsForgottenAsFarAsItIsSaid() async throws {
        let box = try #require(BoundingBox(west: -80, south: 43, east: -79, north: 44))
        for (query, selection) in [
            ("", TileSelection()), ("?dataset=toronto", TileSelection(dataset: "toronto")),
            ("?bbox=-80,43,-79,44&zooms=8-12", TileSelection(box: box, zooms: 8...12)),
            ("?zooms=0", TileSelection(zooms: 0...0)),
        ] {
            let answer = try await ask("DELETE", "/v1/cache\(query)")
            #expect(answer.status == 200)
            #expect(try answer.json()["redis_tiles"] as? Int == 5)
            #expect(operations.now.forgotten.last == selection)
        }
    }

    @Test(arguments: ["zooms=", "zooms=23", "zooms=9-8", "zooms=-1", "zooms=1-2-3", "zooms=1%2B2", "bbox=1,2,3", "x=1"])
    func aSelectionThatCannotBeReadForgetsNothing(query: String) async throws {
        #expect(try await ask("DELETE", "/v1/cache?\(query)").status == 400)
        #expect(operations.now.forgotten == [])
    }

    @Test func aRefreshIsARunToWatch() async throws {
        let answer = try await ask("POST", "/v1/views/refresh")
        #expect(answer.status == 202)
        #expect(answer.headers["location"]?.hasSuffix("/v1/analytics/runs/1") == true)
        #expect(try answer.json()["kind"] as? String == "refresh")
    }
}
