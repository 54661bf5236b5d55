import Domain
import Feeds
import Foundation
import Postgres
import Storage
package import Streams

/// Stores batches of messages as an ingest stores files: with mapping, identity and dead letters, in one transaction
/// with the offsets of the stream.
package struct MessageStore: StreamOffsets {
    /// The outcome of storing a batch of messages.
    package enum Outcome: Hashable, Sendable {
        case stored(accepted: Int, rejected: Int)
        /// Another reader has stored some of the messages; nothing of the batch was.
        case moved
    }

    private let stream: MessageStream
    private let ingest: FileIngest
    private let folder: String

    /// - Parameter folder: Path of a folder for files of messages, which are removed when they are stored.
    package init(_ stream: MessageStream, ingest: FileIngest, folder: String) {
        self.stream = stream
        self.ingest = ingest
        self.folder = folder
    }

    package func offsets(of places: [MessagePlace]) async throws -> [MessagePlace: Int64] {
        let known = try await StreamStore(ingest.options).offsets(of: stream.name, in: stream.dataset)
        let wanted = Set(places)
        return Dictionary(
            known.compactMap { place in
                let at = MessagePlace(topic: place.topic, partition: Int32(clamping: place.partition))
                return wanted.contains(at) ? (at, place.next) : nil
            }, uniquingKeysWith: { first, _ in first })
    }

    package func begin(_ places: [MessagePlace: Int64]) async throws {
        try await StreamStore(ingest.options).begin(
            stream.name, in: stream.dataset,
            at: places.map { (topic: $0.key.topic, partition: Int($0.key.partition), next: $0.value) })
    }

    /// Stores a batch. Where one message keeps all from being stored, it becomes a dead letter.
    ///
    /// - Throws: `StorageError` with code `.busy` while another ingest into the dataset is running, `.dataset` when
    ///   there is none; `FeedError` for a mapping that cannot be used; `PostgresError`; `CancellationError`.
    package func store(_ batch: MessageBatch) async throws -> Outcome {
        do {
            return try await write(batch, refusing: nil)
        } catch {
            guard let fault = Self.contentFault(error) else { throw error }
            guard let (first, second) = batch.halves else { return try await write(batch, refusing: fault) }
            let before = try await store(first)
            guard case .stored(let accepted, let rejected) = before else { return before }
            let after = try await store(second)
            guard case .stored(let more, let others) = after else { return after }
            return .stored(accepted: accepted + more, rejected: rejected + others)
        }
    }

    /// - Parameter fault: Why the one message of the batch cannot be stored as it is; `nil` to store it.
    private func write(_ batch: MessageBatch, refusing fault: String?) async throws -> Outcome {
        let text = MessageText(fault == nil ? batch.messages : [], as: stream.format)
        var letters = text.unreadable.map { letter in
            DeadLetter(
                rowNumber: 0, lineNumber: 0, raw: letter.raw, reasonCode: letter.reason.rawValue, detail: letter.detail)
        }
        if let fault {
            letters += batch.messages.map { message in
                DeadLetter(
                    rowNumber: 0, lineNumber: 0, raw: RawText.lossless(message.payload[...]),
                    reasonCode: RejectionReason.unexpectedValue.rawValue,
                    detail: "\(MessageText.name(message)) cannot be stored: \(fault)")
            }
        }
        let path = "\(folder)/stream-\(UUID().uuidString)"
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data(text.bytes), attributes: [.posixPermissions: 0o600])
        else { throw CocoaError(.fileWriteUnknown) }
        defer { try? FileManager.default.removeItem(atPath: path) }
        let upload = FileUpload(
            dataset: stream.dataset, mapping: stream.mapping, places: stream.places, dialect: dialect, path: path,
            source: "stream \(stream.name)")
        let messages = StoredMessages(
            stored(batch), unreadable: letters, mayComeAgain: stream.kind == .mqtt)
        do {
            switch try await ingest.open(upload, messages: messages).write() {
            case .new(let outcome):
                return .stored(accepted: outcome.counts.accepted, rejected: outcome.counts.rejected)
            case .earlier: return .moved
            }
        } catch let error as StorageError {
            guard error.code == .moved else { throw error }
            return .moved
        }
    }

    private var dialect: StatedDialect {
        switch stream.format {
        case .json, .geojson: StatedDialect(format: "ndjson", encoding: "utf-8")
        case .csv: StatedDialect(format: "csv", encoding: "utf-8", delimiter: ",")
        }
    }

    private func stored(_ batch: MessageBatch) -> StreamBatch {
        var stretches = batch.stretches.map { place, stretch in
            StreamBatch.Stretch(
                topic: place.topic, partition: Int(place.partition), from: stretch.from, to: stretch.to,
                end: stretch.end)
        }
        // Without offsets the messages of the whole stream are counted in one row, however many topics a filter finds.
        if stream.kind == .mqtt {
            stretches = [
                StreamBatch.Stretch(topic: "", partition: 0, from: nil, to: Int64(batch.messages.count))
            ]
        }
        return StreamBatch(
            stream.name, name: UUID().uuidString, stretches: stretches, messages: batch.messages.count)
    }

    /// Why an error is about the content of messages, and not about the database or the mapping; `nil` when it is not.
    private static func contentFault(_ error: any Error) -> String? {
        switch error {
        case let error as FeedError: [.header, .encoding].contains(error.code) ? error.problem : nil
        // Data that a type or a limit of the database refuses.
        case let error as PostgresError:
            ["22", "54"].contains(error.sqlState?.prefix(2) ?? "") ? error.message : nil
        case let error as TooManyRejects: error.description
        default: nil
        }
    }
}
