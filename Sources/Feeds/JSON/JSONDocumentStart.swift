/// The beginning of the records in a JSON document: in its top-level array, or in the `features` of a
/// FeatureCollection.
enum JSONDocumentStart {
    /// The index after the bracket of the array.
    case found(Int)
    /// More bytes are needed.
    case incomplete
    case none

    init(_ bytes: [UInt8]) {
        var index = Self.skipSpace(bytes, bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
        guard index < bytes.count else {
            self = .incomplete
            return
        }
        if bytes[index] == UInt8(ascii: "[") {
            self = .found(index + 1)
            return
        }
        guard bytes[index] == UInt8(ascii: "{") else {
            self = .none
            return
        }
        index += 1
        while true {
            index = Self.skipSpace(bytes, index)
            let key = index
            guard index < bytes.count else { break }
            guard bytes[index] == UInt8(ascii: "\"") else {
                self = .none
                return
            }
            var scan = JSONNesting()
            guard let keyEnd = scan.end(of: bytes, from: &index) else { break }
            index = Self.skipSpace(bytes, keyEnd)
            guard index < bytes.count else { break }
            guard bytes[index] == UInt8(ascii: ":") else {
                self = .none
                return
            }
            index = Self.skipSpace(bytes, index + 1)
            guard index < bytes.count else { break }
            if bytes[key..<keyEnd].elementsEqual("\"features\"".utf8), bytes[index] == UInt8(ascii: "[") {
                self = .found(index + 1)
                return
            }
            var value = JSONNesting()
            guard let valueEnd = value.end(of: bytes, from: &index) else { break }
            index = Self.skipSpace(bytes, valueEnd)
            guard index < bytes.count else { break }
            guard bytes[index] == UInt8(ascii: ",") else {
                self = .none
                return
            }
            index += 1
        }
        self = .incomplete
    }

    /// Skips white space, which here includes the record separator of RFC 8142.
    static func skipSpace(_ bytes: [UInt8], _ from: Int) -> Int {
        var index = from
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D, 0x1E].contains(bytes[index]) { index += 1 }
        return index
    }
}
