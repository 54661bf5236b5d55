import Domain
import NIOCore
package import Redis
import TileMath

/// Deletes tiles in Redis by walking over all its keys, a few at a time.
package struct RedisTilePurge: Sendable {
    /// How many keys Redis looks at before it serves others.
    private static let stride = 1000

    private let redis: RedisClient

    package init(_ redis: RedisClient) { self.redis = redis }

    /// - Returns: How many tiles were deleted. Tiles that are stored meanwhile may stay.
    /// - Throws: ``RedisError`` when Redis fails. Some tiles may be deleted then.
    package func delete(_ selection: TileSelection) async throws -> Int {
        // A slug contains no character with a meaning in a pattern.
        try await delete("\(TileKey.storedPrefix)\(selection.dataset?.text ?? "*"):*") { name in
            guard let (dataset, address) = TileKey.place(ofStored: name) else { return false }
            return selection.covers(dataset: dataset, address)
        }
    }

    /// Deletes everything whose name begins with a prefix, which has no character with a meaning in a pattern.
    /// - Returns: How much was deleted. What is stored meanwhile may stay.
    /// - Throws: ``RedisError`` when Redis fails. Some may be deleted then.
    package func deleteAll(withPrefix prefix: String) async throws -> Int {
        try await delete("\(prefix)*") { $0.hasPrefix(prefix) }
    }

    private func delete(_ pattern: String, where isDoomed: (String) -> Bool) async throws -> Int {
        var cursor = "0"
        var deleted = 0
        repeat {
            try Task.checkCancellation()
            let reply = try await redis.command([
                "SCAN", .text(cursor), "MATCH", .text(pattern), "COUNT", .integer(Self.stride),
            ])
            guard case .array(let parts) = reply, parts.count == 2, case .bulk(let next) = parts[0],
                case .array(let names) = parts[1]
            else { throw UnexpectedScan() }
            cursor = String(decoding: next.readableBytesView, as: UTF8.self)
            let doomed = names.compactMap { value -> String? in
                guard case .bulk(let bytes) = value else { return nil }
                let name = String(decoding: bytes.readableBytesView, as: UTF8.self)
                return isDoomed(name) ? name : nil
            }
            deleted += try await redis.del(doomed)
        } while cursor != "0"
        return deleted
    }

    private struct UnexpectedScan: Error {}
}
