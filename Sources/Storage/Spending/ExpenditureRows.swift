import Domain
import Postgres

/// Encodes the payments of a batch, and gives those without an id of their source one by what they say.
///
/// Such an id is `~` and the hash of the record in hexadecimal; equal records of a file have `#2`, `#3` behind it. So
/// the same records in another file are the same payments, and those that a file has more often are new.
struct ExpenditureRows: Sendable {
    /// The most rows of a batch: their ids are remembered while it is written, some 20 bytes for each.
    static let most = 20_000_000

    /// Hashes of the ids so far. The rare id whose hash another one has is compared by the database.
    private var seen: Set<UInt64> = []
    /// How often records came that came more than once, by a part of their hash.
    private var ordinals: [UInt64: Int] = [:]

    /// Whether rows are compared with those stored.
    var isMerging = false

    /// The id of a row, and whether no row of the batch had it before.
    mutating func identify(_ chunk: EventChunk, _ row: Int) throws -> (id: [UInt8], isNew: Bool) {
        guard seen.count < Self.most else {
            throw StorageError(.contents, "a file may have \(Self.most) payments: split it")
        }
        let given = chunk.eventIDs.range(at: row)
        guard given.isEmpty else {
            let id = Array(chunk.eventIDs.bytes[given])
            return (id, seen.insert(Self.hash(id)).inserted)
        }
        let length = ExpenditureColumns.contentBytes
        let content = chunk.expenditures.contents[row * length..<(row + 1) * length]
        var id = [UInt8(ascii: "~")]
        id.reserveCapacity(1 + 2 * length)
        for byte in content {
            id.append(Self.digits[Int(byte >> 4)])
            id.append(Self.digits[Int(byte & 15)])
        }
        guard !seen.insert(Self.hash(id)).inserted else { return (id, true) }
        let key = content.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        let ordinal = ordinals[key, default: 1] + 1
        ordinals[key] = ordinal
        id += Array("#\(ordinal)".utf8)
        return (id, seen.insert(Self.hash(id)).inserted)
    }

    private static let digits = Array("0123456789abcdef".utf8)

    private static func hash(_ id: [UInt8]) -> UInt64 {
        var hasher = Hasher()
        id.withUnsafeBytes { hasher.combine(bytes: $0) }
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    /// Appends the fields from `fiscal_year` to `amount`, nine of them.
    static func append(_ columns: ExpenditureColumns, _ row: Int, to buffer: inout CopyBuffer) throws {
        func append(_ column: TextColumn) {
            let text = column.range(at: row)
            if text.isEmpty { buffer.append(String?.none) } else { buffer.append(raw: column.bytes[text]) }
        }
        let year = columns.fiscalYears[row]
        buffer.append(year == 0 ? nil : year)
        buffer.append(columns.entered[row])
        append(columns.vendors)
        append(columns.vendorKeys)
        append(columns.departments)
        append(columns.accounts)
        append(columns.accountDescriptions)
        append(columns.organisations)
        guard let amount = Amount(cents: columns.cents[row]) else {
            throw StorageError(.contents, "an amount is too large")
        }
        buffer.append(amount)
    }
}
