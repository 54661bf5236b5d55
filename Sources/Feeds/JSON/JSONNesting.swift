/// The depth of a scan of JSON text, so that it can go on in the next block.
struct JSONNesting {
    enum Outcome: Equatable {
        /// The value ends before this index.
        case complete(Int)
        /// The bytes end within the value.
        case incomplete
        /// The text cannot be JSON from this index on: a line end within a string, or a record separator.
        case broken(Int)
    }

    private var depth = 0
    private var isInString = false
    private var isEscaped = false

    /// Scans from `index` until the current value is complete.
    mutating func scan(_ bytes: [UInt8], from start: Int) -> Outcome {
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if isInString {
                if byte < 0x20, byte == UInt8(ascii: "\n") || byte == JSONSpace.recordSeparator {
                    return .broken(index - 1)
                }
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                    if depth == 0 { return .complete(index) }
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return .complete(index) }
                // The bracket after a number or a word belongs to the value around it.
                if depth < 0 { return .complete(index - 1) }
            case UInt8(ascii: ","): if depth == 0 { return .complete(index - 1) }
            case JSONSpace.recordSeparator: return .broken(index - 1)
            default: break
            }
        }
        return .incomplete
    }

    /// The index after the value at `start`, or nil when the bytes end within it or are broken there.
    static func end(of bytes: [UInt8], from start: Int) -> Int? {
        var nesting = JSONNesting()
        guard case .complete(let end) = nesting.scan(bytes, from: start) else { return nil }
        return end
    }
}

/// White space between JSON values.
enum JSONSpace {
    /// The byte in front of each text of a sequence (RFC 7464, RFC 8142). Within a text it cannot occur.
    static let recordSeparator: UInt8 = 0x1E

    /// Skips white space, which here includes the record separator.
    static func skip(_ bytes: [UInt8], _ from: Int) -> Int {
        var index = from
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D, recordSeparator: index += 1
            default: return index
            }
        }
        return index
    }

    /// Skips a byte order mark at the start.
    static func skipMark(_ bytes: [UInt8]) -> Int { bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }
}
