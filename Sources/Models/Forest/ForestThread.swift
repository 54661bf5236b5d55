package import Domain
import Foundation
import Threads

/// A classifier that answers, on a thread of its own with the only handle of its forest.
///
/// The thread ends with the last reference, so whoever asks keeps it until the answer is there.
package final class ForestThread: Sendable {
    private struct Ask {
        let matrix: [Float]
        let answer: CheckedContinuation<Forest.Answer, any Error>
    }

    private struct State {
        var asks: [Ask] = []
        var isStopped = false
    }

    /// The most payments of one turn; longer requests wait for the others between their turns.
    private static let turn = 512
    /// The most turns that wait.
    private static let mostWaiting = 256

    private let state = Monitor(State())
    private let model: PaymentClassifier

    private init(_ model: PaymentClassifier) { self.model = model }

    deinit { state.change { $0.isStopped = true } }

    /// Loads a classifier, which can answer at once afterwards.
    /// - Throws: ``ModelError`` with code `.file` when its forest cannot be read.
    package static func load(_ model: PaymentClassifier) async throws -> ForestThread {
        let forest = ForestThread(model)
        let (state, bytes) = (forest.state, [UInt8](model.forest))
        try await withCheckedThrowingContinuation { (loaded: CheckedContinuation<Void, any Error>) in
            Thread.run(named: "forest", stackSize: 8 << 20) { run(bytes, state, loaded) }
        }
        return forest
    }

    private static func run(
        _ bytes: [UInt8], _ state: Monitor<State>, _ loaded: CheckedContinuation<Void, any Error>
    ) {
        let forest: Forest
        do {
            forest = try Forest(bytes, columns: PaymentFeatures.count)
            // The first answer makes what later ones only read.
            _ = try forest.answer([Float](repeating: .nan, count: PaymentFeatures.count))
        } catch {
            return loaded.resume(throwing: error)
        }
        loaded.resume()
        while let ask = next(state) {
            ask.answer.resume(with: Result { try forest.answer(ask.matrix) })
        }
    }

    /// The ask that has waited longest; `nil` when the thread is to end.
    private static func next(_ state: Monitor<State>) -> Ask? {
        state.wait { state -> Ask?? in
            if !state.asks.isEmpty { return .some(state.asks.removeFirst()) }
            return state.isStopped ? .some(nil) : nil
        }
    }

    /// The answers of the classifier to payments, in their order.
    /// - Throws: ``ForestBusy`` when too many wait; `CancellationError`; ``ModelError`` with code `.library`.
    package func predict(_ payments: [Payment]) async throws -> [PaymentPrediction] {
        var predictions: [PaymentPrediction] = []
        predictions.reserveCapacity(payments.count)
        for first in stride(from: 0, to: payments.count, by: Self.turn) {
            try Task.checkCancellation()
            let part = payments[first..<min(first + Self.turn, payments.count)]
            let answer = try await ask(model.matrix(part))
            predictions += part.indices.map { prediction($0 - first, of: answer) }
        }
        return predictions
    }

    private func ask(_ matrix: [Float]) async throws -> Forest.Answer {
        try await withCheckedThrowingContinuation { continuation in
            let isTaken = state.change { state in
                guard state.asks.count < Self.mostWaiting else { return false }
                state.asks.append(Ask(matrix: matrix, answer: continuation))
                return true
            }
            if !isTaken { continuation.resume(throwing: ForestBusy()) }
        }
    }

    private func prediction(_ row: Int, of answer: Forest.Answer) -> PaymentPrediction {
        let width = PaymentFeatures.count + 1
        let reasons = PaymentFeatures.inputs.enumerated().map { place, input in
            let sum = input.features.reduce(0.0) { $0 + Double(answer.contributions[row * width + $1]) }
            return (place: place, reason: PaymentPrediction.Reason(input: input.name, contribution: sum))
        }
        let ranked = reasons.sorted { left, right in
            let (a, b) = (abs(left.reason.contribution), abs(right.reason.contribution))
            return a == b ? left.place < right.place : a > b
        }
        return PaymentPrediction(
            probability: Double(answer.probabilities[row]),
            reasons: ranked.prefix(PaymentPrediction.mostReasons).map(\.reason))
    }
}

/// Too many payments wait for a classifier.
package struct ForestBusy: TemporarilyUnavailable, CustomStringConvertible {
    package var retryAfter: Duration { .seconds(1) }

    package var description: String { "too many payments wait for the classifier" }
}
