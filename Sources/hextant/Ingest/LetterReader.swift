import Feeds
import Foundation
import Risk
import Storage
import Synchronization

/// Reads dead letters again, each as a file of its own behind the header of the one it came from.
struct LetterReader: Sendable {
    let pipeline: IngestPipeline

    /// The events of the letters that can be read, and the ids of those letters.
    func read(_ batch: IngestStore.Letters) async throws -> (events: EventChunk, letters: [Int64]) {
        let path = FileManager.default.temporaryDirectory.appending(path: "hextant-letter-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let header = RawRecord.bytes(batch.header)
        var events = EventChunk()
        var read: [Int64] = []
        for stored in batch.letters {
            try Data(header + RawRecord.bytes(stored.letter.raw) + [UInt8(ascii: "\n")])
                .write(to: URL(filePath: path))
            let sink = CollectingSink()
            let counts = try await pipeline.ingest(try EventFile(path: path), into: sink)
            guard counts.decoded > 0, counts.rejected == 0 else { continue }
            read.append(stored.id)
            for chunk in sink.chunks { events.append(chunk, rowNumber: stored.letter.rowNumber) }
        }
        return (events, read)
    }
}

/// Keeps what it is given.
private final class CollectingSink: EventSink {
    private let kept = Mutex<[EventChunk]>([])

    var chunks: [EventChunk] { kept.withLock { $0 } }

    func write(_ chunk: EventChunk) async throws {
        kept.withLock { $0.append(chunk) }
    }
}

extension EventChunk {
    /// Adds the events of one record, which keeps the number it had in its file.
    fileprivate mutating func append(_ chunk: EventChunk, rowNumber: Int64) {
        for row in 0..<chunk.count {
            rowNumbers.append(rowNumber)
            timestamps.append(chunk.timestamps[row])
            longitudes.append(chunk.longitudes[row])
            latitudes.append(chunk.latitudes[row])
            eventTypes.append(chunk.eventTypes.bytes[chunk.eventTypes.range(at: row)])
            eventIDs.append(chunk.eventIDs.bytes[chunk.eventIDs.range(at: row)])
            attributes.append(chunk.attributes.bytes[chunk.attributes.range(at: row)])
        }
    }
}
