import Testing

@testable import Reports

@Suite struct DrawingThreadsTests {
    @Test func reportsThatAreDrawnSideBySideAreTheSameAsAlone() async throws {
        let data = try ReportData.sample()
        let alone = try ReportDrawing().bytes(of: data, .pdf, .french, .a4)
        let threads = DrawingThreads(most: 3, queue: 32)
        let all = try await withThrowingTaskGroup(of: [UInt8].self) { tasks in
            for _ in 0..<16 { tasks.addTask { try await threads.bytes(of: data, .pdf, .french, .a4) } }
            return try await tasks.reduce(into: [[UInt8]]()) { $0.append($1) }
        }
        #expect(all.count == 16)
        #expect(all.allSatisfy { $0 == alone })
    }

    @Test func onlySoManyWaitAndWhoLeavesMakesRoom() async throws {
        let data = try ReportData.sample()
        // Without a thread nothing is ever drawn.
        let threads = DrawingThreads(most: 0, queue: 1)
        func ask() -> Task<[UInt8], any Error> {
            Task { try await threads.bytes(of: data, .svg, .english, .a4) }
        }
        let first = ask()
        while threads.waiting == 0 { await Task.yield() }
        await #expect(throws: TooManyReports.self) { try await ask().value }
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        #expect(threads.waiting == 0)
        let next = ask()
        while threads.waiting == 0 { await Task.yield() }
        next.cancel()
        await #expect(throws: CancellationError.self) { try await next.value }
    }
}
