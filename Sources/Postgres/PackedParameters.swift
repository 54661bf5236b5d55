/// Parameters in the form that libpq takes: one block of bytes, and the place of each value in it.
struct PackedParameters {
    private var bytes: [UInt8] = []
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []

    init(_ parameters: [any PostgresEncodable]) {
        for parameter in parameters {
            let start = bytes.count
            parameter.encode(into: &bytes)
            offsets.append(parameter.isNull ? nil : start)
            lengths.append(Int32(bytes.count - start))
        }
        // An empty value is not NULL, so its pointer must not be null either.
        bytes.append(0)
    }

    func withPointers(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<Int32>, UnsafePointer<Int32>) -> Int32
    ) -> Int32 {
        bytes.withUnsafeBytes { bytes in
            let base = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            let values = offsets.map { offset in offset.flatMap { offset in base.map { $0 + offset } } }
            let formats = [Int32](repeating: 1, count: max(1, lengths.count))
            return values.withUnsafeBufferPointer { values in
                lengths.withUnsafeBufferPointer { lengths in
                    formats.withUnsafeBufferPointer { formats in
                        guard let values = values.baseAddress, let lengths = lengths.baseAddress,
                            let formats = formats.baseAddress
                        else { return 0 }
                        return body(values, lengths, formats)
                    }
                }
            }
        }
    }
}

/// A null-terminated array of C strings, as PQconnectdbParams takes.
func withCStrings<Output>(_ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Output) -> Output {
    var pointers: [UnsafePointer<CChar>?] = []
    func add(_ rest: ArraySlice<String>) -> Output {
        guard let first = rest.first else {
            pointers.append(nil)
            return pointers.withUnsafeBufferPointer { body($0.baseAddress.unsafelyUnwrapped) }
        }
        return first.withCString { pointer in
            pointers.append(pointer)
            return add(rest.dropFirst())
        }
    }
    return add(strings[...])
}
