import Foundation
import Threads

/// Threads that draw reports and nothing else, so that drawing takes none of the few threads that serve tasks.
///
/// They start when they are first needed and keep their fonts. Only so many reports wait; what nobody waits for any
/// more is not drawn.
package final class DrawingThreads: Sendable {
    private struct Job: Sendable {
        let number: UInt64
        let draw: @Sendable (ReportDrawing) -> Void
        let refuse: @Sendable (any Error) -> Void
    }

    private struct State: Sendable {
        var jobs: [Job] = []
        var lastNumber: UInt64 = 0
        var threads = 0
        var idle = 0
        var isClosed = false
    }

    private let state = Monitor(State())
    private let most: Int
    private let queue: Int

    /// - Parameters:
    ///   - most: How many reports are drawn at a time.
    ///   - queue: How many more may wait.
    package init(most: Int = 2, queue: Int = 32) {
        self.most = most
        self.queue = queue
    }

    deinit {
        let number = state.change { state in
            state.isClosed = true
            return state.threads
        }
        // Each change wakes one thread.
        for _ in 0..<number { state.change { _ in } }
    }

    /// The number of reports that wait for a thread.
    var waiting: Int { state.change { $0.jobs.count } }

    /// Draws a report.
    /// - Throws: ``TooManyReports`` when too many wait, `CancellationError` when the task was cancelled before its
    ///   report was drawn, ``DrawingError``.
    package func bytes(
        of data: ReportData, _ format: ReportFormat, _ language: ReportLanguage, _ paper: ReportPaper
    ) async throws -> [UInt8] {
        let number = state.change { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        return try await withTaskCancellationHandler {
            try Task.checkCancellation()
            return try await withCheckedThrowingContinuation { (waiter: CheckedContinuation<[UInt8], any Error>) in
                add(
                    Job(
                        number: number,
                        draw: { drawing in
                            waiter.resume(with: Result { try drawing.bytes(of: data, format, language, paper) })
                        },
                        refuse: { waiter.resume(throwing: $0) }))
            }
        } onCancel: {
            let job = state.change { state in
                state.jobs.firstIndex { $0.number == number }.map { state.jobs.remove(at: $0) }
            }
            job?.refuse(CancellationError())
        }
    }

    private func add(_ job: Job) {
        let (isTaken, needsThread) = state.change { state -> (Bool, Bool) in
            guard state.jobs.count < queue + (most - min(most, state.threads - state.idle)) else {
                return (false, false)
            }
            state.jobs.append(job)
            guard state.idle < state.jobs.count, state.threads < most else { return (true, false) }
            state.threads += 1
            return (true, true)
        }
        guard isTaken else { return job.refuse(TooManyReports()) }
        // Pango and cairo use more of the stack than most threads have.
        if needsThread { Thread.run(named: "report", stackSize: 4 << 20) { [state] in Self.serve(state) } }
    }

    private static func serve(_ state: Monitor<State>) {
        let drawing = Result { () throws(DrawingError) in try ReportDrawing() }
        while let job = next(state) {
            switch drawing {
            case .success(let drawing): job.draw(drawing)
            case .failure(let error): job.refuse(error)
            }
        }
    }

    /// Waits for a job; `nil` when there will be none.
    private static func next(_ state: Monitor<State>) -> Job? {
        state.change { $0.idle += 1 }
        return state.wait { state -> Job?? in
            if !state.jobs.isEmpty {
                state.idle -= 1
                return .some(state.jobs.removeFirst())
            }
            guard state.isClosed else { return nil }
            state.idle -= 1
            state.threads -= 1
            return .some(nil)
        }
    }
}
