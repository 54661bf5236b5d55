package import Fetch
import Foundation
import Threads

/// The broker of a stream, for those who only look whether it answers.
package enum StreamBroker {
    /// Asks the broker of a stream whether the stream can be read.
    /// - Returns: The number of partitions; nil for a broker without them.
    /// - Throws: ``StreamError`` when it does not answer within some seconds, or refuses.
    package static func look(_ stream: MessageStream, _ secrets: Secrets) async throws -> Int? {
        try await withCheckedThrowingContinuation { continuation in
            // The libraries block.
            Thread.run(named: "look", stackSize: 8 << 20) {
                do {
                    continuation.resume(returning: try partitions(stream, secrets))
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }

    private static func partitions(_ stream: MessageStream, _ secrets: Secrets) throws(StreamError) -> Int? {
        switch stream.kind {
        case .kafka: return try KafkaSource.look(stream, secrets)
        case .mqtt:
            try MQTTSource.look(stream, secrets)
            return nil
        }
    }
}
