import Postgres

/// When a job is tried again, and when not.
package struct RetryPolicy: Sendable {
    /// Before the second attempt; it doubles with each.
    package var first: Duration
    package var longest: Duration
    /// Before a job that found its way blocked looks again.
    package var whenBusy: Duration

    package init(
        first: Duration = .seconds(5), longest: Duration = .seconds(600), whenBusy: Duration = .seconds(2)
    ) {
        self.first = first
        self.longest = longest
        self.whenBusy = whenBusy
    }

    /// The pause after so many attempts, counted from 1: `first` x 2^(attempt - 1), at most `longest`.
    func pause(after attempt: Int) -> Duration {
        // Beyond 2^30 the product may overflow, and is above any limit anyway.
        min(longest, first * (1 << min(30, max(0, attempt - 1))))
    }

    /// What becomes of an attempt that ended with an error.
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

    /// Whether the same may succeed another time. A dataset that is missing, a value that cannot be (SQLSTATE class 22)
    /// and a statement that is wrong (42) stay so.
    private static func mayPass(_ error: any Error) -> Bool {
        switch error {
        case let error as StorageError: error.code != .dataset
        case let error as PostgresError: !["22", "42"].contains(error.sqlState?.prefix(2))
        default: true
        }
    }
}
