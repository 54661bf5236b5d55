import NIOCore

/// Counts the frames of one client by kind, and says when there are more of them than any honest client sends.
///
/// Frames that cost work but ask for nothing have a limit a second: without one a client keeps a core busy with some
/// hundred kilobytes a second. Requests have none here; the limits of rates see to those.
struct FrameLedger {
    /// Limits that are exceeded; the connection is given up.
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

    /// A frame of settings has no use for more.
    static let longestSettings = 64 * 6
    /// DATA that is shorter costs more to receive than it brings.
    static let smallData = 64

    private var settings = Allowance(16, perSecond: 1)
    private var pings = Allowance(50, perSecond: 5)
    private var priorities = Allowance(200, perSecond: 50)
    /// A receiver may answer each frame of data with one for the stream and one for the connection.
    private var windowUpdates = Allowance(2000, perSecond: 100)
    /// The map gives up what it does not show any more: some dozens at a time.
    private var resets = Allowance(400, perSecond: 50)
    private var refusals = Allowance(200, perSecond: 50)
    /// A header block of the size that is taken fits into one frame.
    private var continuations = Allowance(32, perSecond: 8)
    private var emptyData = Allowance(16, perSecond: 4)
    private var smallDataFrames = Allowance(2000, perSecond: 500)
    /// Bytes for streams that are closed, which the sender may not have heard of.
    private var lateData = Allowance(1_048_576, perSecond: 65_536)
    private var trailers = Allowance(200, perSecond: 50)
    private var farewells = Allowance(4, perSecond: 1)
    private var unknownFrames = Allowance(100, perSecond: 20)

    /// The highest stream that the client has opened.
    private(set) var lastStream: UInt32 = 0
    /// Whether a header block has begun and not ended.
    private(set) var isBlockOpen = false
    /// Whether the client has said that it wants no more than what is under way.
    private(set) var hasSaidFarewell = false

    /// - Throws: ``Excess`` when this frame is one too many.
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
        // No client may send the first of them, which is an error of its own.
        case .pushPromise, nil: try check(unknownFrames.take(at: now), .unknownFrames)
        }
    }

    /// A stream was refused because there are enough.
    mutating func refused(at now: NIODeadline) throws(Excess) {
        try check(refusals.take(at: now), .refusals)
    }

    /// Bytes came for a stream that is closed.
    mutating func receiveLate(_ bytes: Int, at now: NIODeadline) throws(Excess) {
        try check(lateData.take(Double(bytes), at: now), .lateData)
    }

    /// A frame of data went to the client.
    mutating func sentData() {
        windowUpdates.add(4)
    }

    private func check(_ isEnough: Bool, _ excess: Excess) throws(Excess) {
        if !isEnough { throw excess }
    }
}
