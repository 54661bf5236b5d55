import Accounts
import HTTPTypes
import Hummingbird
import JSON
import Tiles
import Web

/// Answers `DELETE /v1/cache`, which makes servers and Redis forget tiles, all or those of a dataset, a box and zooms;
/// and `DELETE /v1/cache/clear`, which makes them forget everything.
struct CacheRoute {
    let catalogue: DatasetCatalogue
    let caches: any TileCaches

    /// Makes all servers and Redis forget every tile and every answer.
    @Sendable func clear(_ request: Request, _ context: ClientContext) async throws -> Response {
        let parameters = QueryParameters(request.uri.query, known: [])
        try parameters.check()
        guard try await context.asking().seesEverything else {
            throw Problem(
                status: .forbidden,
                detail: "This key is limited to some datasets: clear the tiles of one with /v1/cache?dataset=.",
                isRefusal: true)
        }
        let deleted = try await caches.clear()
        var json = JSONWriter()
        json.object { json in
            json.name("redis_tiles")
            if let deleted { json.value(deleted.tiles) } else { json.null() }
            json.name("redis_answers")
            if let deleted { json.value(deleted.answers) } else { json.null() }
        }
        return json.response(to: request)
    }

    @Sendable func forget(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query, known: ["dataset", "bbox", "zooms"])
        let slug = parameters.dataset()
        let box = parameters.bounds()
        let zooms = parameters.zooms()
        try parameters.check()
        if let slug {
            _ = try await catalogue.dataset(slug, for: context)
        } else if try await !context.asking().seesEverything {
            throw Problem.badRequest([.init(field: "dataset", message: "must be given")])
        }
        let deleted = try await caches.forget(TileSelection(dataset: slug, box: box, zooms: zooms))
        var json = JSONWriter()
        json.object { json in
            json.name("redis_tiles")
            if let deleted { json.value(deleted) } else { json.null() }
        }
        return json.response(to: request)
    }
}

extension QueryParameters {
    /// Parses one zoom, or the first and the last with a hyphen.
    fileprivate mutating func zooms() -> ClosedRange<Int>? {
        parsed("zooms", "a zoom from 0 to 22, or two such as 8-12") { text in
            let ends = text.split(separator: "-", omittingEmptySubsequences: false)
            let numbers = ends.compactMap { $0.utf8.count <= 2 ? UInt8($0) : nil }.map(Int.init)
            guard (1...2).contains(ends.count), numbers.count == ends.count, numbers.allSatisfy((0...22).contains),
                let first = numbers.first, let last = numbers.last, first <= last
            else { return nil }
            return first...last
        }
    }
}
