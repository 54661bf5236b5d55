import CSV
import Digest
import Domain

/// Computes the digest of a file's records in canonical form, while they are read.
///
/// It is the SHA-256 of the following bytes. In CSV, the header and each record are the number of their fields and, for
/// each field, the number of its bytes and the bytes: UTF-8, without quotes, and without spaces and tabs around the
/// value. In JSON, each record is the number of its bytes and the bytes: UTF-8, without white space outside of strings.
/// A record that cannot be read is the number 2^32 - 1, the number of its bytes and the bytes as they are. Numbers take
/// four bytes, the lowest first.
///
/// So neither compression, encoding, byte order mark, line ends, quotes, delimiter nor indentation matter, and no two
/// different lists of records give the same bytes.
final class RecordDigest {
    private let hash = SHA256()
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    private var used = 0
    private var records = 0
    /// The digest of the first ``ContentDigest/startRecords`` records; nil until there are as many.
    private(set) var start: [UInt8]?

    deinit { buffer.deallocate() }

    /// Adds the header of a CSV file.
    func add(header: [String]) {
        add(UInt32(header.count))
        for name in header {
            var name = ColumnIndex.trimmed(name)
            name.withUTF8 { text in
                add(UInt32(text.count))
                add(UnsafeRawBufferPointer(text))
            }
        }
    }

    /// Adds the records of a record batch from an index on. Fields with quotes in them are unescaped on the way.
    func add(_ batch: inout RecordBatch, from first: Int, isJSON: Bool) {
        guard first < batch.records.count else { return }
        if !isJSON {
            for record in batch.records[first...] {
                for field in record.fields where batch.fields[field].isEscaped { batch.unescape(field) }
            }
        }
        batch.bytes.withUnsafeBytes { bytes in
            for record in batch.records[first...] {
                if record.fault != nil {
                    add(UInt32.max)
                    add(UInt32(record.range.count))
                    add(UnsafeRawBufferPointer(rebasing: bytes[record.range]))
                } else if isJSON {
                    add(json: UnsafeRawBufferPointer(rebasing: bytes[record.range]))
                } else {
                    add(UInt32(record.fields.count))
                    for field in record.fields { add(field: batch.fields[field].range, of: bytes) }
                }
                records += 1
                if records == ContentDigest.startRecords { start = soFar() }
            }
        }
    }

    /// The digest of all that was added. It must be called once, at the end of the file.
    func finish() -> ContentDigest {
        flush()
        let whole = hash.finalize()
        return ContentDigest(start: start ?? whole, whole: whole)
    }

    private func soFar() -> [UInt8] {
        flush()
        return hash.digestSoFar()
    }

    private func add(field range: Range<Int>, of bytes: UnsafeRawBufferPointer) {
        var (from, to) = (range.lowerBound, range.upperBound)
        while from < to, Self.isSpace(bytes[from]) { from += 1 }
        while from < to, Self.isSpace(bytes[to - 1]) { to -= 1 }
        add(UInt32(to - from))
        add(UnsafeRawBufferPointer(rebasing: bytes[from..<to]))
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    private func add(json: UnsafeRawBufferPointer) {
        var text: [UInt8] = []
        text.reserveCapacity(json.count)
        var isString = false
        var isEscaped = false
        for byte in json {
            if isString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isString = false
                }
            } else if byte == UInt8(ascii: "\"") {
                isString = true
            } else if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\n")
                || byte == UInt8(ascii: "\r")
            {
                continue
            }
            text.append(byte)
        }
        add(UInt32(text.count))
        text.withUnsafeBytes { add($0) }
    }

    private func add(_ number: UInt32) {
        if buffer.count - used < 4 { flush() }
        buffer.storeBytes(of: number.littleEndian, toByteOffset: used, as: UInt32.self)
        used += 4
    }

    private func add(_ bytes: UnsafeRawBufferPointer) {
        if buffer.count - used < bytes.count { flush() }
        guard bytes.count <= buffer.count else { return hash.update(bytes) }
        UnsafeMutableRawBufferPointer(rebasing: buffer[used...]).copyMemory(from: bytes)
        used += bytes.count
    }

    private func flush() {
        hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<used]))
        used = 0
    }
}
