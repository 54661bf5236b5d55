extension [UInt8] {
    /// Appends a field with its length in front, -1 for NULL, as in COPY and arrays.
    package mutating func appendField(_ value: some PostgresEncodable) {
        guard !value.isNull else { return append(bigEndian: Int32(-1)) }
        let start = count
        append(bigEndian: Int32(0))
        value.encode(into: &self)
        let length = Int32(count - start - 4).bigEndian
        Swift.withUnsafeBytes(of: length) { source in
            for offset in 0..<4 { self[start + offset] = source[offset] }
        }
    }
}
