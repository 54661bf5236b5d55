/// Bytes that a client may still send in all streams of a connection together (RFC 9113, 5.2): as much as has been
/// passed on to whoever reads the bodies, so that no more than ``size`` bytes wait for readers.
struct ReceiveWindow {
    /// With which a connection begins (RFC 9113, 6.9.2).
    static let initial = 65_535
    /// Bytes that may wait.
    static let size = 256 * 1024

    private var waiting: [UInt32: Int] = [:]
    private var free = Self.size - Self.initial

    mutating func receive(_ bytes: Int, in stream: UInt32) {
        waiting[stream, default: 0] += bytes
    }

    /// Bytes of a stream that have come and not been passed on.
    func waiting(in stream: UInt32) -> Int { waiting[stream] ?? 0 }

    /// Whoever reads the stream has got so many bytes.
    mutating func pass(_ bytes: Int, of stream: UInt32) {
        guard let held = waiting[stream] else { return }
        let passed = min(bytes, held)
        waiting[stream] = held == passed ? nil : held - passed
        free += passed
    }

    /// Nobody reads the stream any more.
    mutating func close(_ stream: UInt32) {
        free += waiting.removeValue(forKey: stream) ?? 0
    }

    /// Whether the client should be told that its window grows: not for each few bytes.
    var isDue: Bool { free >= Self.size / 4 }

    /// By how much the window grows; `nil` when that is not due.
    mutating func increment() -> Int? {
        guard isDue else { return nil }
        defer { free = 0 }
        return free
    }
}
