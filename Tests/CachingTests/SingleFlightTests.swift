import Synchronization
import TestSupport
import Testing

@testable import Caching

@Suite struct SingleFlightTests {
    private struct Refusal: Error, Equatable {}

    /// Work that counts its runs and ends on demand.
    private final class Work: Sendable {
        let runs = Atomic<Int>(0)
        let cancellations = Atomic<Int>(0)
        private let gate = AsyncStream.makeStream(of: Void.self)

        func open() { gate.continuation.finish() }

        func run(_ result: Result<Int, any Error> = .success(7)) async throws -> Int {
            runs.add(1, ordering: .relaxed)
            for await _ in gate.stream {}
            if Task.isCancelled {
                cancellations.add(1, ordering: .relaxed)
                throw CancellationError()
            }
            return try result.get()
        }
    }

    private let flights = SingleFlight<String, Int>()

    @Test func thoseWhoAskAtOnceShareOneRun() async throws {
        let work = Work()
        let outcomes = try await withThrowingTaskGroup(of: SingleFlight<String, Int>.Outcome.self) { group in
            for _ in 0..<50 {
                group.addTask { try await flights.value(for: "a", within: .seconds(60)) { try await work.run() } }
            }
            try await until { flights.waiting(for: "a") == 50 }
            work.open()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.allSatisfy { $0.value == 7 })
        #expect(outcomes.count(where: \.joined) == 49)
        #expect(work.runs.load(ordering: .relaxed) == 1)
    }

    @Test func keysDoNotShare() async throws {
        let work = Work()
        work.open()
        for key in ["a", "b", "c"] {
            _ = try await flights.value(for: key, within: .seconds(60)) { try await work.run() }
        }
        #expect(work.runs.load(ordering: .relaxed) == 3)
    }

    @Test func aResultIsNotKept() async throws {
        let work = Work()
        work.open()
        for _ in 0..<2 {
            #expect(try await !flights.value(for: "a", within: .seconds(60)) { try await work.run() }.joined)
        }
        #expect(work.runs.load(ordering: .relaxed) == 2)
    }

    @Test func anErrorGoesToAllWhoWaitedAndIsNotKept() async throws {
        let work = Work()
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<5 {
                group.addTask {
                    await #expect(throws: Refusal.self) {
                        try await flights.value(for: "a", within: .seconds(60)) {
                            try await work.run(.failure(Refusal()))
                        }
                    } != nil
                }
            }
            try? await until { flights.waiting(for: "a") == 5 }
            work.open()
            for await isRefused in group { #expect(isRefused) }
        }
        #expect(work.runs.load(ordering: .relaxed) == 1)
        #expect(try await flights.value(for: "a", within: .seconds(60)) { 8 }.value == 8)
    }

    @Test func aWaiterThatIsCancelledLeavesAlone() async throws {
        let work = Work()
        let first = Task { try await flights.value(for: "a", within: .seconds(60)) { try await work.run() } }
        try await until { flights.waiting(for: "a") == 1 }
        let second = Task { try await flights.value(for: "a", within: .seconds(60)) { try await work.run() } }
        try await until { flights.waiting(for: "a") == 2 }
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        work.open()
        #expect(try await second.value.value == 7)
        #expect(work.cancellations.load(ordering: .relaxed) == 0)
    }

    @Test func theLastWaiterToLeaveCancelsTheWork() async throws {
        let work = Work()
        let waiters = (0..<3).map { _ in
            Task { try await flights.value(for: "a", within: .seconds(60)) { try await work.run() } }
        }
        try await until { flights.waiting(for: "a") == 3 && work.runs.load(ordering: .relaxed) == 1 }
        for waiter in waiters { waiter.cancel() }
        for waiter in waiters { await #expect(throws: CancellationError.self) { try await waiter.value } }
        try await until { work.cancellations.load(ordering: .relaxed) == 1 }
    }

    @Test func workThatTakesTooLongIsGivenUpForAll() async throws {
        let work = Work()
        let waiters = (0..<3).map { _ in
            Task { try await flights.value(for: "a", within: .milliseconds(50)) { try await work.run() } }
        }
        for waiter in waiters { await #expect(throws: DeadlineExceeded.self) { try await waiter.value } }
        try await until { work.cancellations.load(ordering: .relaxed) == work.runs.load(ordering: .relaxed) }
        #expect(flights.waiting(for: "a") == 0)
        #expect(try await flights.value(for: "a", within: .seconds(60)) { 8 }.value == 8)
    }

    @Test func whoComesAfterAllLeftBeginsAnew() async throws {
        let abandoned = Work()
        let waiter = Task { try await flights.value(for: "a", within: .seconds(60)) { try await abandoned.run() } }
        try await until { flights.waiting(for: "a") == 1 }
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
        let outcome = try await flights.value(for: "a", within: .seconds(60)) { 9 }
        #expect(outcome.value == 9)
        #expect(!outcome.joined)
    }

    @Test func aTaskThatIsCancelledAlreadyBeginsNothing() async throws {
        let work = Work()
        let task = Task {
            try await until { Task.isCancelled }
            return try await flights.value(for: "a", within: .seconds(60)) { try await work.run() }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(work.runs.load(ordering: .relaxed) == 0)
        #expect(flights.waiting(for: "a") == 0)
    }

    @Test func cancellingAtAnyMomentLosesNobody() async throws {
        for round in 0..<300 {
            let key = "\(round % 3)"
            let tasks = (0..<8).map { index in
                Task {
                    try await flights.value(for: key, within: .seconds(60)) {
                        for _ in 0..<(round % 5) { await Task.yield() }
                        return index
                    }
                }
            }
            for task in tasks.prefix(round % 9) { task.cancel() }
            // Each task ends one way or the other: a forgotten waiter would hang here.
            for task in tasks { _ = await task.result }
            #expect(flights.waiting(for: key) == 0)
        }
    }
}
