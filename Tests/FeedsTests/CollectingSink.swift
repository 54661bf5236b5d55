import Domain
import Foundation

@testable import Feeds

/// A sink that collects the rows and dead letters of a whole file.
actor CollectingSink: EventSink {
    struct Row: Equatable {
        var rowNumber: Int64
        var timestamp: Int64
        var longitude: Double
        var latitude: Double
        var eventType: String
        var eventID: String
        var attributes: String
    }

    private(set) var rows: [Row] = []
    private(set) var deadLetters: [DeadLetter] = []
    private(set) var chunkSizes: [Int] = []
    private(set) var content: ContentDigest?
    private(set) var quality = RecordQuality()
    private(set) var uniqueHashes: [[UInt64]] = []

    func write(_ chunk: EventChunk) {
        chunkSizes.append(chunk.received)
        deadLetters += chunk.deadLetters
        quality.add(chunk.quality)
        for (place, hashes) in chunk.quality.uniqueHashes.enumerated() {
            while uniqueHashes.count <= place { uniqueHashes.append([]) }
            uniqueHashes[place] += hashes
        }
        for row in 0..<chunk.count {
            rows.append(
                Row(
                    rowNumber: chunk.rowNumbers[row], timestamp: chunk.timestamps[row].microseconds,
                    longitude: chunk.longitudes[row], latitude: chunk.latitudes[row],
                    eventType: chunk.eventTypes[row], eventID: chunk.eventIDs[row],
                    attributes: chunk.attributes[row]))
        }
    }

    func end(_ content: ContentDigest, warnings: [String]) { self.content = content }

    /// The dead letters as "line reason", in order.
    var rejections: [String] { deadLetters.map { "\($0.lineNumber) \($0.reasonCode)" } }
}

/// The result of an ingest of some bytes.
struct Outcome {
    let counts: IngestCounts
    let notes: IngestNotes
    let sink: CollectingSink
}

/// Writes the bytes to a temporary file, passes it to the body, and removes it afterwards.
func withFile<T>(_ bytes: [UInt8], _ body: (EventFile) async throws -> T) async throws -> T {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).csv").path
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(try EventFile(path: path))
}

func ingest(_ bytes: [UInt8], by mapping: Mapping, zone: String = "UTC") async throws -> Outcome {
    let sink = CollectingSink()
    let result = try await withFile(bytes) { file in
        try await IngestPipeline(mapping: mapping, defaultZone: zone).ingest(file, into: sink)
    }
    return Outcome(counts: result.counts, notes: result.notes, sink: sink)
}

func ingest(_ text: String, by mapping: Mapping, zone: String = "UTC") async throws -> Outcome {
    try await ingest(Array(text.utf8), by: mapping, zone: zone)
}

/// The built-in mappings.
enum BuiltIn {
    static let directory = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("mappings").path

    static func mapping(_ name: String) throws -> Mapping { try Mapping.load(name, builtInDirectory: directory) }
}
