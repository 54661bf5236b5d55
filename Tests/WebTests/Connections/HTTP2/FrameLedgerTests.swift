import NIOCore
import Testing

@testable import Web

@Suite struct FrameLedgerTests {
    private static let start = NIODeadline.uptimeNanoseconds(0)

    /// The limit that is exceeded when a frame arrives this many times, evenly over this many seconds.
    private func excess(_ frame: FrameHeader, times: Int, over seconds: Int64) -> FrameLedger.Excess? {
        var ledger = FrameLedger()
        do {
            for number in 0..<times {
                let time = Self.start + .nanoseconds(seconds * 1_000_000_000 * Int64(number) / Int64(times))
                try ledger.receive(frame, at: time)
            }
        } catch {
            return error
        }
        return nil
    }

    /// More frames than an honest client sends in a second, and the number that it may send in ten minutes.
    static let floods: [(frame: FrameHeader, excess: FrameLedger.Excess, honest: Int)] = [
        (FrameHeader(length: 8, kind: .ping), .pings, 600),
        (FrameHeader(length: 8, kind: .ping, flags: 1), .pings, 600),
        (FrameHeader(length: 0, kind: .settings), .settings, 300),
        (FrameHeader(length: 12, kind: .settings), .settings, 300),
        (FrameHeader(length: 5, kind: .priority, stream: 1), .priorities, 6000),
        (FrameHeader(length: 5, kind: .priorityUpdate), .priorities, 6000),
        (FrameHeader(length: 4, kind: .windowUpdate), .windowUpdates, 6000),
        (FrameHeader(length: 4, kind: .reset, stream: 1), .resets, 6000),
        (FrameHeader(length: 0, kind: .data, stream: 1), .emptyData, 600),
        (FrameHeader(length: 1, kind: .data, stream: 1), .smallData, 60_000),
        (FrameHeader(length: 8, kind: .goAway), .farewells, 60),
        (FrameHeader(length: 0, kind: .continuation, stream: 1), .continuations, 600),
        (FrameHeader(length: 100, kind: nil), .unknownFrames, 600),
        (FrameHeader(length: 0, kind: .headers, flags: 4, stream: 0), .trailers, 6000),
    ]

    @Test(arguments: floods.indices) func tooManyOfAKindAreNoticed(_ index: Int) {
        let flood = Self.floods[index]
        #expect(excess(flood.frame, times: 5000, over: 1) == flood.excess)
        #expect(excess(flood.frame, times: flood.honest, over: 600) == nil)
    }

    @Test func requestsAndTheirBodiesHaveNoLimit() throws {
        var ledger = FrameLedger()
        for stream in stride(from: UInt32(1), to: 100_001, by: 2) {
            try ledger.receive(FrameHeader(length: 50, kind: .headers, flags: 4, stream: stream), at: Self.start)
            try ledger.receive(FrameHeader(length: 16_384, kind: .data, stream: stream), at: Self.start)
            try ledger.receive(FrameHeader(length: 0, kind: .data, flags: 1, stream: stream), at: Self.start)
        }
        #expect(ledger.lastStream == 99_999)
    }

    @Test func whoReceivesMuchMayGrantMuch() throws {
        var ledger = FrameLedger()
        for _ in 0..<100_000 {
            ledger.sentData()
            try ledger.receive(FrameHeader(length: 4, kind: .windowUpdate), at: Self.start)
            try ledger.receive(FrameHeader(length: 4, kind: .windowUpdate, stream: 1), at: Self.start)
        }
    }

    @Test func settingsHaveALength() {
        #expect(excess(FrameHeader(length: 64 * 6, kind: .settings), times: 1, over: 1) == nil)
        #expect(excess(FrameHeader(length: 65 * 6, kind: .settings), times: 1, over: 1) == .settings)
    }

    @Test func aBlockIsOpenUntilItsEnd() throws {
        var ledger = FrameLedger()
        try ledger.receive(FrameHeader(length: 1, kind: .headers, flags: 1, stream: 1), at: Self.start)
        #expect(ledger.isBlockOpen)
        try ledger.receive(FrameHeader(length: 1, kind: .continuation, stream: 1), at: Self.start)
        #expect(ledger.isBlockOpen)
        try ledger.receive(FrameHeader(length: 1, kind: .continuation, flags: 4, stream: 1), at: Self.start)
        #expect(!ledger.isBlockOpen)
    }

    @Test func refusalsAndLateDataAreCounted() {
        var ledger = FrameLedger()
        #expect(throws: FrameLedger.Excess.refusals) {
            for _ in 0..<1000 { try ledger.refused(at: Self.start) }
        }
        #expect(throws: FrameLedger.Excess.lateData) {
            for _ in 0..<100 { try ledger.receiveLate(16_384, at: Self.start) }
        }
    }

    @Test func anAllowanceComesBackWithTimeAndNoFurtherThanItsMost() {
        var allowance = Allowance(2, perSecond: 0.5)
        func takes(_ second: Int64) -> Bool { allowance.take(at: Self.start + .seconds(second)) }
        #expect(takes(0))
        #expect(takes(0))
        #expect(!takes(0))
        #expect(!takes(1))
        #expect(takes(2))
        #expect(!takes(2))
        #expect(takes(1000))
        #expect(takes(1000))
        #expect(!takes(1000))
    }
}
