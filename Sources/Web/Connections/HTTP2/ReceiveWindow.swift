/// The number of bytes that a client may still send in all streams of a connection together (RFC 9113, 5.2). It grows
/// when bytes are passed on to readers, so that no more than ``size`` bytes wait for them.
struct ReceiveWindow {
    /// The window that a connection begins with (RFC 9113, 6.9.2).
    static let initial = 65_535
    /// How many bytes may wait.
    static let size = 256 * 1024

    private var waiting: [UInt32: Int] = [:]
    private var free = Self.size - Self.initial

    mutating func receive(_ bytes: Int, in stream: UInt32) {
        waiting[stream, default: 0] += bytes
    }

    /// Bytes of a stream that have come and were not yet passed on.
    func waiting(in stream: UInt32) -> Int { waiting[stream] ?? 0 }

    /// Reports that the reader of a stream got this many bytes.
    mutating func pass(_ bytes: Int, of stream: UInt32) {
        guard let held = waiting[stream] else { return }
        let passed = min(bytes, held)
        waiting[stream] = held == passed ? nil : held - passed
        free += passed
    }

    /// Reports that nobody reads the stream any more.
    mutating func close(_ stream: UInt32) {
        free += waiting.removeValue(forKey: stream) ?? 0
    }

    /// Whether the client should be told that its window grows. That is not done for every few bytes.
    var isDue: Bool { free >= Self.size / 4 }

    /// The growth of the window to report; `nil` when none is due.
    mutating func increment() -> Int? {
        guard isDue else { return nil }
        defer { free = 0 }
        return free
    }
}
