import Caching
import Synchronization
import Testing

@Suite struct DeadlineTests {
    @Test func workInTimeGivesItsResult() async throws {
        #expect(try await withDeadline(.seconds(60)) { 7 } == 7)
    }

    @Test func workThatTakesTooLongIsCancelled() async {
        let wasCancelled = Atomic(false)
        await #expect(throws: DeadlineExceeded.self) {
            try await withDeadline(.milliseconds(20)) {
                do {
                    try await Task.sleep(for: .seconds(600))
                } catch {
                    wasCancelled.store(true, ordering: .relaxed)
                    throw error
                }
            }
        }
        let cancelled = wasCancelled.load(ordering: .relaxed)
        #expect(cancelled)
    }
}
