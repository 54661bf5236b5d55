package import NIOCore

extension RedisClient {
    /// The value of a key; nil if there is none.
    package func get(_ key: String) async throws(RedisError) -> ByteBuffer? {
        try await send(["GET", .text(key)]).optionalBytes(of: "GET")
    }

    /// Reads the value of a key without a waiting task.
    ///
    /// - Parameter done: Called with the value, or nil if there is none, on a thread that it must not block.
    package func get(_ key: String, _ done: @escaping @Sendable (Result<ByteBuffer?, RedisError>) -> Void) {
        send(["GET", .text(key)]) { reply in
            done(reply.flatMap { value in Result { () throws(RedisError) in try value.optionalBytes(of: "GET") } })
        }
    }

    /// The values of keys, in their order; nil where there is none.
    package func mget(_ keys: [String]) async throws(RedisError) -> [ByteBuffer?] {
        if keys.isEmpty { return [] }
        let reply = try await send(RedisCommand(["MGET"] + keys.map { .text($0) }))
        guard case .array(let values) = reply, values.count == keys.count else { throw reply.unexpected(for: "MGET") }
        return try values.map { (value) throws(RedisError) in try value.optionalBytes(of: "MGET") }
    }

    /// Sets a key, whatever it contained.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - value: Any bytes.
    ///   - ttl: The time to live, at least a millisecond; nil for ever.
    package func set(_ key: String, _ value: ByteBuffer, ttl: Duration? = nil) async throws(RedisError) {
        let reply = try await send(
            RedisCommand(["SET", .text(key), .bytes(value)] + Self.expiry(ttl)))
        guard case .status("OK") = reply else { throw reply.unexpected(for: "SET") }
    }

    /// Deletes keys.
    ///
    /// - Returns: How many of them existed.
    @discardableResult
    package func del(_ keys: [String]) async throws(RedisError) -> Int {
        if keys.isEmpty { return 0 }
        let reply = try await send(RedisCommand(["DEL"] + keys.map { .text($0) }))
        guard case .integer(let count) = reply else { throw reply.unexpected(for: "DEL") }
        return Int(count)
    }

    /// Checks that the server answers.
    package func ping() async throws(RedisError) {
        let reply = try await send(["PING"])
        guard case .status("PONG") = reply else { throw reply.unexpected(for: "PING") }
    }

    private static func expiry(_ ttl: Duration?) throws(RedisError) -> [RedisCommand.Argument] {
        guard let ttl else { return [] }
        let milliseconds = ttl / .milliseconds(1)
        guard milliseconds >= 1, milliseconds < 1e15 else {
            throw RedisError(.invalidCommand, "the time to live of a key must be at least a millisecond, not \(ttl)")
        }
        return ["PX", .integer(Int64(milliseconds))]
    }
}

extension RedisValue {
    fileprivate func optionalBytes(of command: String) throws(RedisError) -> ByteBuffer? {
        switch self {
        case .null: nil
        case .bulk(let bytes): bytes
        default: throw unexpected(for: command)
        }
    }

    fileprivate func unexpected(for command: String) -> RedisError {
        let type =
            switch self {
            case .null: "nothing"
            case .status: "a status"
            case .integer: "an integer"
            case .bulk: "bytes"
            case .array: "an array"
            case .error: "an error"
            }
        return RedisError(.unexpectedReply, "Redis answered \(command) with \(type)")
    }
}
