import CHiredis
import NIOCore

/// Extracts replies from a stream of bytes with hiredis's reader.
///
/// Not Sendable: hiredis has no locks, so the reader is used only on its connection's event loop. Both hiredis 0.14 and
/// 1.x have this interface.
final class ReplyReader {
    private let reader: UnsafeMutablePointer<redisReader>
    private let maximumReplyBytes: Int
    private var bytesOfReply = 0

    /// - Parameter maximumReplyBytes: A longer reply is a protocol violation. hiredis itself has no such limit.
    init(maximumReplyBytes: Int) {
        guard let reader = redisReaderCreate() else { fatalError("out of memory") }
        self.reader = reader
        self.maximumReplyBytes = maximumReplyBytes
    }

    deinit {
        redisReaderFree(reader)
    }

    /// Adds bytes, which the reader copies.
    func feed(_ buffer: ByteBuffer) throws(RedisError) {
        bytesOfReply += buffer.readableBytes
        guard bytesOfReply <= maximumReplyBytes else {
            throw RedisError(.protocolViolation, "a reply of Redis is longer than \(maximumReplyBytes) bytes")
        }
        let status = buffer.withUnsafeReadableBytes { bytes in
            redisReaderFeed(reader, bytes.bindMemory(to: CChar.self).baseAddress, bytes.count)
        }
        guard status == REDIS_OK else { throw violation() }
    }

    /// The next complete reply; nil if it has not come yet.
    func next() throws(RedisError) -> RedisValue? {
        var object: UnsafeMutableRawPointer?
        guard redisReaderGetReply(reader, &object) == REDIS_OK else { throw violation() }
        guard let object else { return nil }
        defer { freeReplyObject(object) }
        bytesOfReply = 0
        return try value(of: object.assumingMemoryBound(to: redisReply.self).pointee)
    }

    private func value(of reply: redisReply) throws(RedisError) -> RedisValue {
        switch reply.type {
        case REDIS_REPLY_STRING: return .bulk(ByteBuffer(bytes: bytes(of: reply)))
        case REDIS_REPLY_STATUS: return .status(String(decoding: bytes(of: reply), as: UTF8.self))
        case REDIS_REPLY_ERROR: return .error(String(decoding: bytes(of: reply), as: UTF8.self))
        case REDIS_REPLY_INTEGER: return .integer(reply.integer)
        case REDIS_REPLY_NIL: return .null
        case REDIS_REPLY_ARRAY:
            var values: [RedisValue] = []
            values.reserveCapacity(reply.elements)
            for index in 0..<reply.elements {
                guard let element = reply.element[index] else { continue }
                values.append(try value(of: element.pointee))
            }
            return .array(values)
        default: throw RedisError(.protocolViolation, "a reply of Redis has the unknown type \(reply.type)")
        }
    }

    private func bytes(of reply: redisReply) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: reply.str, count: reply.len)
    }

    private func violation() -> RedisError {
        let reason = withUnsafeBytes(of: reader.pointee.errstr) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return RedisError(.protocolViolation, "the answer is not in the Redis protocol: \(reason)")
    }
}
