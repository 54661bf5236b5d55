import NIOCore
import Testing

@testable import Fetch

@Suite struct SystemClockTests {
    private let clock = SystemClock()

    @Test func aWaitEndsAtItsTimeAndNotBefore() async throws {
        let time = clock.now + .milliseconds(20)
        try await clock.sleep(until: time)
        #expect(clock.now >= time)
        try await clock.sleep(until: time)
    }

    @Test(.timeLimit(.minutes(1))) func aCancelledWaitEndsAtOnce() async {
        let clock = clock
        let task = Task { try await clock.sleep(until: clock.now + .hours(1)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        let late = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await clock.sleep(until: clock.now)
        }
        await #expect(throws: CancellationError.self) { try await late.value }
    }
}
