import Postgres

/// Whether and when a failed job is tried again.
package struct RetryPolicy: Sendable {
    /// The pause before the second attempt. It doubles with each attempt.
    package var first: Duration
    package var longest: Duration
    /// The pause before a job looks again when another process does the same work.
    package var whenBusy: Duration

    package init(
        first: Duration = .seconds(5), longest: Duration = .seconds(600), whenBusy: Duration = .seconds(2)
    ) {
        self.first = first
        self.longest = longest
        self.whenBusy = whenBusy
    }

    /// The pause after an attempt, counted from 1: `first` x 2^(attempt - 1), at most `longest`.
    func pause(after attempt: Int) -> Duration {
        // Above 2^30 the product could overflow, and it is above any limit anyway.
        min(longest, first * (1 << min(30, max(0, attempt - 1))))
    }

    /// The outcome of an attempt that ended with an error.
    func outcome(of error: any Error, attempt: Int, of maxAttempts: Int) -> JobOutcome {
        if error is LeaseLost { return .lost }
        if error is JobCancelled { return .cancelled }
        if let error = error as? StorageError, error.code == .busy {
            return .givenBack(error.message, after: whenBusy)
        }
        let reason = "\(error)"
        if attempt >= maxAttempts || !Self.mayPass(error) { return .failed(reason) }
        return .retry(reason, after: pause(after: attempt))
    }

    /// Whether another attempt may succeed. It cannot when the dataset is missing, a value is invalid (SQLSTATE class
    /// 22) or a statement is wrong (class 42).
    private static func mayPass(_ error: any Error) -> Bool {
        switch error {
        case let error as StorageError: error.code != .dataset
        case let error as PostgresError: !["22", "42"].contains(error.sqlState?.prefix(2))
        default: true
        }
    }
}
