package import Fetch
package import Logging
import ServiceLifecycle
import Storage
package import Streams

/// Reads one stream for as long as the process runs, and stores its messages.
///
/// A batch is stored before the next one is asked for, so a slow database slows the reading and nothing piles up. While
/// the database or the broker is away, the service tries again.
package struct StreamService: Service {
    private let stream: MessageStream
    private let store: MessageStore
    private let secrets: Secrets
    private let instance: String
    private let logger: Logger

    private static let shortestPause = Duration.milliseconds(250)
    private static let longestPause = Duration.seconds(15)
    /// The pause before another ingest into the dataset is waited for again.
    private static let busyPause = Duration.milliseconds(50)

    /// - Parameter instance: The name of this process among those that read the stream, which must stay the same when
    ///   it starts again.
    package init(_ stream: MessageStream, _ store: MessageStore, secrets: Secrets, instance: String, logger: Logger) {
        self.stream = stream
        self.store = store
        self.secrets = secrets
        self.instance = instance
        var logger = logger
        logger[metadataKey: "stream"] = "\(stream.name)"
        self.logger = logger
    }

    /// Runs until the service group shuts down.
    /// - Throws: Nothing; the protocol asks for the keyword.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var pause = Self.shortestPause
            var told = ""
            while !Task.isCancelled {
                do {
                    let source = try await open()
                    do {
                        try await read(source) {
                            if !told.isEmpty { logger.notice("the stream is read again") }
                            told = ""
                            pause = Self.shortestPause
                        }
                        await source.close()
                    } catch {
                        await source.close()
                        throw error
                    }
                } catch {
                    guard !Task.isCancelled else { return }
                    let problem = "\(error)"
                    if problem != told {
                        logger.warning("the stream cannot be read", metadata: ["error": "\(problem)"])
                    }
                    told = problem
                    try? await Task.sleep(for: pause)
                    pause = min(pause * 2, Self.longestPause)
                }
            }
        }
    }

    private func open() async throws -> any MessageSource {
        switch stream.kind {
        case .kafka: try KafkaSource(stream, secrets, offsets: store)
        case .mqtt: try await MQTTSource(stream, secrets, instance: instance)
        }
    }

    /// - Parameter succeeded: Called whenever a batch was stored.
    private func read(_ source: any MessageSource, succeeded: () -> Void) async throws {
        try await withTaskCancellationHandler {
            var told = ""
            while !Task.isCancelled {
                let batch = try await source.next()
                guard !Task.isCancelled, !batch.messages.isEmpty else {
                    let trouble = await source.trouble ?? ""
                    if !trouble.isEmpty, told.isEmpty {
                        logger.warning("the broker has a problem", metadata: ["error": "\(trouble)"])
                    }
                    told = trouble
                    continue
                }
                told = ""
                switch try await stored(batch) {
                case .stored(let accepted, let rejected):
                    try await source.confirm(batch)
                    logger.debug(
                        "messages stored",
                        metadata: [
                            "messages": "\(batch.messages.count)", "accepted": "\(accepted)", "rejected": "\(rejected)",
                        ])
                case .moved:
                    logger.info("another reader has stored these messages")
                    try await source.rewind()
                }
                succeeded()
            }
        } onCancel: {
            source.stop()
        }
    }

    /// Stores a batch, however often that takes. It is only given up when the process ends: the broker has it still.
    private func stored(_ batch: MessageBatch) async throws -> MessageStore.Outcome {
        var pause = Self.shortestPause
        var told = ""
        while true {
            try Task.checkCancellation()
            do {
                let outcome = try await store.store(batch)
                if !told.isEmpty { logger.notice("messages are stored again") }
                return outcome
            } catch {
                if error is CancellationError { throw error }
                if let storage = error as? StorageError, storage.code == .busy {
                    try await Task.sleep(for: Self.busyPause)
                    continue
                }
                let problem = "\(error)"
                if problem != told {
                    logger.warning("messages cannot be stored; trying again", metadata: ["error": "\(problem)"])
                }
                told = problem
                try await Task.sleep(for: pause)
                pause = min(pause * 2, Self.longestPause)
            }
        }
    }
}
