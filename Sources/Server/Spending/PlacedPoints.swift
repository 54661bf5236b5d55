import Caching
import Spending
import Synchronization

/// The places of datasets with what was spent there, remembered for some filters: all tiles of a map ask for the same.
final class PlacedPoints: Sendable {
    struct Question: Hashable, Sendable {
        let version: SpendingVersion
        let filter: ExpenditureFilter
        let kind: ExpenditurePlace.Kind
    }

    struct Value: Sendable {
        let points: [SpendingPoint]
        let total: SpendingSum
        /// Expenditures whose department or vendor has no place.
        let unplaced: SpendingSum
    }

    /// How many places are remembered; each takes about 200 bytes.
    private static let most = 100_000
    private static let patience = Duration.seconds(30)

    private let kept = Mutex(Sieve<Question, Value>(limit: PlacedPoints.most))
    private let flights = SingleFlight<Question, Value>()

    /// The answer to a question, made by `make` where it is not remembered.
    func value(_ question: Question, _ make: @escaping @Sendable () async throws -> Value) async throws -> Value {
        if let known = kept.withLock({ $0.value(question) }) { return known }
        return try await flights.value(for: question, within: Self.patience) { [self] in
            let value = try await make()
            kept.withLock { _ = $0.set(question, value, cost: value.points.count + 1) }
            return value
        }.value
    }
}
