import Domain
import Postgres

/// Writes events and dead letters of one batch in the order of `CopyTarget`'s columns.
struct EventRowEncoder: Sendable {
    let dataset: [UInt8]
    let batch: Int64

    /// - Parameter dataset: The dataset of the events; `nil` where only dead letters are written.
    init(dataset: Slug?, batch: Int64) {
        self.dataset = dataset.map { Array($0.text.utf8) } ?? []
        self.batch = batch
    }

    /// - Parameter isMerged: Whether the row goes into `incoming`, from where it is merged into `events`.
    func append(_ chunk: EventChunk, _ row: Int, isMerged: Bool, to buffer: inout CopyBuffer) {
        buffer.beginRow(fields: isMerged ? 6 : 7)
        let id = chunk.eventIDs.range(at: row)
        if isMerged, id.isEmpty {
            buffer.append(String?.none)
        } else {
            buffer.append(raw: isMerged ? chunk.eventIDs.bytes[id] : dataset[...])
        }
        buffer.append(raw: chunk.eventTypes.bytes[chunk.eventTypes.range(at: row)])
        buffer.append(chunk.timestamps[row])
        buffer.append(Location(longitude: chunk.longitudes[row], latitude: chunk.latitudes[row]))
        buffer.append(JSONBinary(text: chunk.attributes.bytes[chunk.attributes.range(at: row)]))
        if !isMerged { buffer.append(batch) }
        buffer.append(chunk.rowNumbers[row])
    }

    func append(_ letter: DeadLetter, to letters: inout CopyBuffer) {
        letters.beginRow(fields: 6)
        letters.append(batch)
        letters.append(letter.rowNumber)
        letters.append(letter.lineNumber)
        letters.append(letter.raw)
        letters.append(letter.reasonCode)
        letters.append(letter.detail)
    }
}

/// A point in PostGIS's binary input form.
private struct Location: PostgresEncodable {
    static var postgresType: UInt32 { 0 }
    let longitude: Double
    let latitude: Double

    func encode(into bytes: inout [UInt8]) {
        EWKB.point(longitude: longitude, latitude: latitude, into: &bytes)
    }
}

/// A text in the binary form of jsonb: the version 1, then the text.
private struct JSONBinary: PostgresEncodable {
    static var postgresType: UInt32 { 3802 }
    let text: ArraySlice<UInt8>

    func encode(into bytes: inout [UInt8]) {
        bytes.append(1)
        bytes.append(contentsOf: text)
    }
}
