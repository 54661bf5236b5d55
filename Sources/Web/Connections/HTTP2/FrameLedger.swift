import NIOCore

/// Counts the frames of one client by kind, and reports when there are more than any honest client sends.
///
/// Frames that cost work but ask for nothing have a limit per second. Without one, a client could keep a core busy with
/// a few hundred kilobytes a second. Requests have no limit here; the rate limits handle those.
struct FrameLedger {
    /// The limit that was exceeded. The connection is given up.
    enum Excess: String, Error {
        case settings
        case pings
        case priorities
        case windowUpdates
        case resets
        case refusals
        case continuations
        case emptyData
        case smallData
        case lateData
        case trailers
        case farewells
        case unknownFrames
    }

    /// The largest frame of settings in bytes, more than any client needs.
    static let longestSettings = 64 * 6
    /// The size below which a DATA frame costs more to receive than it brings.
    static let smallData = 64

    private var settings = Allowance(16, perSecond: 1)
    private var pings = Allowance(50, perSecond: 5)
    private var priorities = Allowance(200, perSecond: 50)
    /// A receiver may answer each frame of data with one for the stream and one for the connection.
    private var windowUpdates = Allowance(2000, perSecond: 100)
    /// The map resets the streams of tiles that it no longer shows, a few dozen at a time.
    private var resets = Allowance(400, perSecond: 50)
    private var refusals = Allowance(200, perSecond: 50)
    /// A header block of the accepted size fits into one frame.
    private var continuations = Allowance(32, perSecond: 8)
    private var emptyData = Allowance(16, perSecond: 4)
    private var smallDataFrames = Allowance(2000, perSecond: 500)
    /// Bytes for closed streams, whose end the sender may not know yet.
    private var lateData = Allowance(1_048_576, perSecond: 65_536)
    private var trailers = Allowance(200, perSecond: 50)
    private var farewells = Allowance(4, perSecond: 1)
    private var unknownFrames = Allowance(100, perSecond: 20)

    /// The highest stream that the client has opened.
    private(set) var lastStream: UInt32 = 0
    /// Whether a header block has begun and not ended.
    private(set) var isBlockOpen = false
    /// Whether the client has said that it will send no more requests.
    private(set) var hasSaidFarewell = false

    /// - Throws: ``Excess`` when this frame exceeds a limit.
    mutating func receive(_ frame: FrameHeader, at now: NIODeadline) throws(Excess) {
        switch frame.kind {
        case .headers:
            isBlockOpen = !frame.endsBlock
            if frame.stream > lastStream {
                lastStream = frame.stream
            } else {
                try check(trailers.take(at: now), .trailers)
            }
        case .continuation:
            if frame.endsBlock { isBlockOpen = false }
            try check(continuations.take(at: now), .continuations)
        case .data:
            if frame.endsStream { return }
            if frame.length == 0 { try check(emptyData.take(at: now), .emptyData) }
            if frame.length < Self.smallData { try check(smallDataFrames.take(at: now), .smallData) }
        case .settings:
            try check(frame.length <= Self.longestSettings && settings.take(at: now), .settings)
        case .ping: try check(pings.take(at: now), .pings)
        case .priority, .priorityUpdate: try check(priorities.take(at: now), .priorities)
        case .windowUpdate: try check(windowUpdates.take(at: now), .windowUpdates)
        case .reset: try check(resets.take(at: now), .resets)
        case .goAway:
            hasSaidFarewell = true
            try check(farewells.take(at: now), .farewells)
        // No client may send the first of these, which is an error of its own.
        case .pushPromise, nil: try check(unknownFrames.take(at: now), .unknownFrames)
        }
    }

    /// Counts a stream that was refused because there are enough.
    mutating func refused(at now: NIODeadline) throws(Excess) {
        try check(refusals.take(at: now), .refusals)
    }

    /// Counts bytes that came for a closed stream.
    mutating func receiveLate(_ bytes: Int, at now: NIODeadline) throws(Excess) {
        try check(lateData.take(Double(bytes), at: now), .lateData)
    }

    /// Counts a frame of data that was sent to the client.
    mutating func sentData() {
        windowUpdates.add(4)
    }

    private func check(_ isEnough: Bool, _ excess: Excess) throws(Excess) {
        if !isEnough { throw excess }
    }
}
