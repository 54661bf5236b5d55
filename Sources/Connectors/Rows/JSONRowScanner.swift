/// Cuts the rows out of a JSON document that comes piece by piece.
///
/// The rows are the elements of one array, found by the names of the objects around it. Everything else, the envelope,
/// is kept with an empty array in their place. So the memory that it takes depends on one row and the envelope alone.
struct JSONRowScanner {
    /// Why a document cannot be cut.
    struct Fault: Error, Hashable {
        let problem: String
    }

    static let mostRowBytes = 1 << 20
    static let mostEnvelopeBytes = 4 << 20

    private enum Place {
        /// In the envelope.
        case outside
        /// In the array, between its elements.
        case between
        /// In an element.
        case inside
    }

    private let names: [[UInt8]]
    private var place = Place.outside
    /// How many arrays and objects are open in the envelope, and in the present row.
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    /// How many of `names` lead to the object that is open.
    private var matched = 0
    /// The bytes of the last string of the envelope, if it may be one of `names`.
    private var text: [UInt8] = []
    /// Whether that string was followed by a colon, so that a value follows which has its name.
    private var name: [UInt8]?
    private var row: [UInt8] = []
    /// The document without its rows.
    private(set) var envelope: [UInt8] = []
    /// Whether the array was there.
    private(set) var foundRows = false
    private(set) var count = 0

    /// - Parameter path: Names of the objects that lead to the array; none when the document is the array.
    init(path: [String]) {
        names = path.map { Array($0.utf8) }
    }

    /// Whether the document ended where it should. A document that is cut short has no end.
    var isWhole: Bool {
        place == .outside && depth == 0 && !isInString && envelope.contains { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    }

    /// Reads a piece.
    /// - Parameter take: Gets each row that ends in it.
    /// - Throws: ``Fault`` for what cannot be cut, and what `take` throws.
    mutating func read(_ piece: UnsafeRawBufferPointer, _ take: (ArraySlice<UInt8>) throws -> Void) throws {
        var index = 0
        while index < piece.count {
            switch place {
            case .outside: try readEnvelope(piece, &index)
            case .between: try readBetween(piece, &index)
            case .inside: try readRow(piece, &index, take)
            }
        }
    }

    private mutating func readEnvelope(_ piece: UnsafeRawBufferPointer, _ index: inout Int) throws(Fault) {
        let byte = piece[index]
        index += 1
        guard envelope.count < Self.mostEnvelopeBytes else {
            throw Fault(problem: "has more than \(Self.mostEnvelopeBytes) bytes besides its rows")
        }
        envelope.append(byte)
        if isInString {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
                return
            }
            // Longer than any of the names: what it is exactly does not matter.
            if text.count <= 256 { text.append(byte) }
            return
        }
        switch byte {
        case UInt8(ascii: "\""):
            isInString = true
            text.removeAll(keepingCapacity: true)
        case UInt8(ascii: ":"): name = text
        case UInt8(ascii: ","): name = nil
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            if byte == UInt8(ascii: "["), isRowsArray {
                envelope.append(UInt8(ascii: "]"))
                place = .between
                foundRows = true
                name = nil
                return
            }
            if byte == UInt8(ascii: "{"), depth == matched + (names.isEmpty ? 0 : 1), let name, matched < names.count,
                name == names[matched]
            {
                matched += 1
            }
            depth += 1
            name = nil
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth -= 1
            guard depth >= 0 else { throw Fault(problem: "closes a bracket that it does not open") }
            matched = min(matched, max(0, depth - 1))
            name = nil
        default: break
        }
    }

    /// Whether a bracket that opens here is that of the rows.
    private var isRowsArray: Bool {
        guard !foundRows else { return false }
        guard let last = names.last else { return depth == 0 }
        return matched == names.count - 1 && depth == names.count && name == last
    }

    private mutating func readBetween(_ piece: UnsafeRawBufferPointer, _ index: inout Int) throws(Fault) {
        switch piece[index] {
        case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ","): index += 1
        case UInt8(ascii: "]"):
            index += 1
            place = .outside
        case UInt8(ascii: "{"):
            place = .inside
            rowDepth = 0
            row.removeAll(keepingCapacity: true)
        default: throw Fault(problem: "has a row that is not an object: row \(count + 1)")
        }
    }

    private var rowDepth = 0

    private mutating func readRow(
        _ piece: UnsafeRawBufferPointer, _ index: inout Int, _ take: (ArraySlice<UInt8>) throws -> Void
    ) throws {
        let start = index
        var isInString = isInString
        var isEscaped = isEscaped
        var depth = rowDepth
        scan: while index < piece.count {
            let byte = piece[index]
            index += 1
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { break scan }
            default: break
            }
        }
        (self.isInString, self.isEscaped, rowDepth) = (isInString, isEscaped, depth)
        row.append(contentsOf: piece[start..<index])
        guard row.count <= Self.mostRowBytes else {
            throw Fault(problem: "has a row of more than \(Self.mostRowBytes) bytes: row \(count + 1)")
        }
        guard depth == 0 else { return }
        count += 1
        place = .between
        try take(row[...])
    }
}
