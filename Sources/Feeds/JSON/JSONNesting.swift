/// How deep a scan of JSON text is, so that it can go on in the next piece.
struct JSONNesting {
    private(set) var depth = 0
    private(set) var isInString = false
    private var isEscaped = false

    /// Moves over the bytes from `index` on until the value that they begin or go on with is whole.
    ///
    /// - Returns: the index behind it, or nil when the bytes end within it.
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
                // The bracket that ends a number or a word belongs to what is around it.
                if depth < 0 { return index - 1 }
            case UInt8(ascii: ","): if depth == 0 { return index - 1 }
            default: break
            }
        }
        return nil
    }
}
