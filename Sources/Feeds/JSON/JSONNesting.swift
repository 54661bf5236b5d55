/// The depth of a scan of JSON text, so that it can go on in the next block.
struct JSONNesting {
    private(set) var depth = 0
    private(set) var isInString = false
    private var isEscaped = false

    /// Scans from `index` until the current value is complete.
    ///
    /// - Returns: The index after the value, or nil when the bytes end within it.
    mutating func end(of bytes: [UInt8], from index: inout Int) -> Int? {
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                    if depth == 0 { return index }
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return index }
                // The bracket after a number or a word belongs to the value around it.
                if depth < 0 { return index - 1 }
            case UInt8(ascii: ","): if depth == 0 { return index - 1 }
            default: break
            }
        }
        return nil
    }
}
