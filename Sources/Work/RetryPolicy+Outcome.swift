import Connectors
import Domain
import Fetch
package import Jobs
import Postgres
import Storage

extension RetryPolicy {
    /// How long a job waits that this version cannot read.
    private static let untilUpdated = Duration.seconds(60)

    /// The outcome of an attempt that ended with an error.
    package func outcome(of error: any Error, attempt: Int, of maxAttempts: Int) -> JobOutcome {
        if error is LeaseLost { return .lost }
        if error is JobCancelled { return .cancelled }
        if error is RefreshPostponed { return .givenBack(nil, after: .zero) }
        if let error = error as? UnreadableJob { return .givenBack("\(error)", after: Self.untilUpdated) }
        if let error = error as? StorageError, error.code == .busy {
            return .givenBack(error.message, after: whenBusy)
        }
        let reason = "\(error)"
        if attempt >= maxAttempts || !Self.mayPass(error) { return .failed(reason) }
        return .retry(reason, after: pause(after: attempt))
    }

    /// Whether another attempt may succeed. It cannot when the dataset is missing, a value is invalid (SQLSTATE class
    /// 22), a statement is wrong (class 42), or a source refuses.
    private static func mayPass(_ error: any Error) -> Bool {
        switch error {
        case let error as StorageError: ![.dataset, .area, .contents].contains(error.code)
        case let error as IncompleteRefresh: error.failures.contains(where: \.isTemporary)
        case let error as FetchError: error.isTemporary
        case let error as SourceError: error.code == .changed
        case let error as EveryPartFailed: error.isTemporary
        case is FeedRefusal: false
        case let error as PostgresError: !["22", "42"].contains(error.sqlState?.prefix(2))
        default: true
        }
    }
}
