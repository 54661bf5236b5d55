import Caching
import Domain
import HTTPTypes
import Hummingbird
import Testing

@testable import Server
@testable import Web

@Suite struct ProblemTests {
    private struct Away: TemporarilyUnavailable {
        let retryAfter: Duration
    }

    private struct Inside: Error, CustomStringConvertible {
        let description = "SELECT secret FROM users failed"
    }

    @Test func anUnknownErrorTellsNothingOfTheInside() {
        let problem = Problem(Inside())
        #expect(problem.status == .internalServerError)
        #expect(problem.isFault)
        #expect(!problem.detail.contains("SELECT"))
    }

    @Test(arguments: [(Duration.milliseconds(1), "1"), (.zero, "1"), (.seconds(5), "5"), (.milliseconds(5001), "6")])
    func whatPassesByItselfSaysWhenToTryAgain(retryAfter: Duration, seconds: String) {
        let problem = Problem(Away(retryAfter: retryAfter))
        #expect(problem.status == .serviceUnavailable)
        #expect(problem.headers[.retryAfter] == seconds)
    }

    @Test func theRoutersOwnErrorsKeepTheirStatus() {
        #expect(Problem(HTTPError(.notFound)).status == .notFound)
        #expect(Problem(HTTPError(.contentTooLarge)).status == .contentTooLarge)
        #expect(Problem(HTTPError(.internalServerError)).isFault)
    }

    @Test func aDeadlineIs503() {
        #expect(Problem(DeadlineExceeded()).status == .serviceUnavailable)
        #expect(Problem(CancellationError()).status == .serviceUnavailable)
    }
}
