package import HTTPTypes

/// The id of a request in the log and in its answer.
package enum RequestID {
    /// The client's own id if it is valid, otherwise a new one.
    package static func text(_ given: String?) -> String {
        if let given, isSound(given.utf8) { return given }
        return String(UInt64.random(in: 1 << 60 ... .max), radix: 16)
    }

    /// Whether the id is valid: letters, digits, `.`, `_` and `-`, which cannot break a line of the log.
    package static func isSound(_ bytes: some Collection<UInt8>) -> Bool {
        (1...128).contains(bytes.count)
            && bytes.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}

extension HTTPField.Name {
    package static let requestID = Self("X-Request-Id")!
    static let traceParent = Self("traceparent")!
}
