import Postgres
import Testing
import Work

@testable import Jobs
@testable import Storage

struct RetryPolicyTests {
    private let policy = RetryPolicy(first: .seconds(5), longest: .seconds(600), whenBusy: .seconds(2))

    /// 5 s x 2^(n - 1), never above 600 s.
    @Test(arguments: [(1, 5), (2, 10), (3, 20), (7, 320), (8, 600), (9, 600), (64, 600), (1_000_000, 600)])
    func thePauseDoublesUpToTheLongest(attempt: Int, seconds: Int) {
        #expect(policy.pause(after: attempt) == .seconds(seconds))
    }

    @Test func theLastAttemptFailsForGood() {
        let error = PostgresError(.connection, "the connection broke")
        #expect(
            policy.outcome(of: error, attempt: 4, of: 5)
                == .retry("PostgreSQL: the connection broke", after: .seconds(40)))
        #expect(policy.outcome(of: error, attempt: 5, of: 5) == .failed("PostgreSQL: the connection broke"))
    }

    @Test(arguments: ["22023", "42P01"])
    func whatCannotPassIsNotTriedAgain(_ state: String) {
        let error = PostgresError(.server, "no", sqlState: state)
        #expect(policy.outcome(of: error, attempt: 1, of: 5) == .failed("PostgreSQL: no (SQLSTATE \(state))"))
        #expect(policy.outcome(of: StorageError(.dataset, "none"), attempt: 1, of: 5) == .failed("none"))
    }

    @Test func whoIsHeldUpTriesAgainLaterAndFailsInTheEnd() {
        let error = StorageError(.blocked, "process 1 held on")
        #expect(policy.outcome(of: error, attempt: 1, of: 5) == .retry("process 1 held on", after: .seconds(5)))
        #expect(policy.outcome(of: error, attempt: 5, of: 5) == .failed("process 1 held on"))
    }

    @Test func whoFindsItTakenWaitsWithoutBlameHoweverOften() {
        let error = StorageError(.busy, "another run")
        #expect(policy.outcome(of: error, attempt: 9, of: 5) == .givenBack("another run", after: .seconds(2)))
        #expect(policy.outcome(of: LeaseLost(), attempt: 1, of: 5) == .lost)
    }
}
