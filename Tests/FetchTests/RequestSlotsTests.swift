import Synchronization
import TestSupport
import Testing

@testable import Fetch

@Suite struct RequestSlotsTests {
    private struct Boom: Error {}

    private final class Figures: Sendable {
        let counts = Mutex((now: 0, most: 0, done: 0))
        let order = Mutex<[Int]>([])
    }

    @Test func noMoreAreUnderWayThanThereAreSlots() async throws {
        let slots = RequestSlots(3)
        let seen = Figures()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await slots.withSlot {
                        seen.counts.withLock { figures in
                            figures.now += 1
                            figures.most = max(figures.most, figures.now)
                        }
                        await Task.yield()
                        seen.counts.withLock { figures in
                            figures.now -= 1
                            figures.done += 1
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(seen.counts.withLock { $0.most } <= 3)
        #expect(seen.counts.withLock { $0.done } == 50)
    }

    @Test(.timeLimit(.minutes(1))) func thoseWhoWaitGoInTheirOrder() async throws {
        let slots = RequestSlots(1)
        let seen = Figures()
        let (gate, open) = AsyncStream<Void>.makeStream()
        async let first: Void = slots.withSlot { for await _ in gate { break } }
        var others: [Task<Void, any Error>] = []
        for number in 0..<5 {
            others.append(Task { try await slots.withSlot { seen.order.withLock { $0.append(number) } } })
            try await until { slots.waiting == number + 1 }
        }
        open.yield()
        try await first
        for task in others { try await task.value }
        #expect(seen.order.withLock { $0 } == [0, 1, 2, 3, 4])
    }

    @Test(.timeLimit(.minutes(1))) func aCancelledWaiterTakesNoSlot() async throws {
        let slots = RequestSlots(1)
        let (gate, open) = AsyncStream<Void>.makeStream()
        async let first: Void = slots.withSlot { for await _ in gate { break } }
        let cancelled = Task { try await slots.withSlot {} }
        try await until { slots.waiting == 1 }
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        open.yield()
        try await first
        try await slots.withSlot {}
        #expect(slots.waiting == 0)
    }

    @Test func anErrorGivesTheSlotBack() async throws {
        let slots = RequestSlots(1)
        await #expect(throws: Boom.self) { try await slots.withSlot { throw Boom() } }
        try await slots.withSlot {}
    }
}
