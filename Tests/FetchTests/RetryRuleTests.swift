import Testing

@testable import Fetch

@Suite struct RetryRuleTests {
    private let rule = RetryRule()

    @Test func delaysDoubleToTheirLimitAndJitterIsFull() {
        var rule = rule
        rule.retries = 6
        #expect(
            (1...6).map { rule.pause(after: $0, .failure, retryAfter: nil, jitter: 1) }
                == [1, 2, 4, 8, 10, 10].map { .seconds($0) })
        #expect(rule.pause(after: 3, .failure, retryAfter: nil, jitter: 0.25) == .seconds(1))
        #expect(rule.pause(after: 3, .failure, retryAfter: nil, jitter: 0) == .zero)
    }

    @Test func thereAreThreeRetriesUnlessTheRequestSaysOtherwise() {
        #expect(rule.pause(after: 3, .failure, retryAfter: nil, jitter: 1) != nil)
        #expect(rule.pause(after: 4, .failure, retryAfter: nil, jitter: 1) == nil)
        #expect(rule.pause(after: 1, .failure, retryAfter: nil, retries: 0, jitter: 1) == nil)
    }

    @Test func theSourceIsAskedNoSoonerThanItSays() {
        #expect(rule.pause(after: 1, .tooManyRequests, retryAfter: .seconds(7), jitter: 0.5) == .seconds(7))
        #expect(rule.pause(after: 3, .failure, retryAfter: .seconds(1), jitter: 1) == .seconds(4))
        #expect(rule.pause(after: 1, .tooManyRequests, retryAfter: .seconds(121), jitter: 1) == nil)
    }

    @Test func workInProgressIsAskedForLonger() {
        #expect(rule.pause(after: 20, .stillWorking, retryAfter: nil, jitter: 1) == .seconds(10))
        #expect(rule.pause(after: 21, .stillWorking, retryAfter: nil, jitter: 1) == nil)
    }

    /// 784111777 is 1994-11-06 08:49:37 UTC, the example of RFC 9110; 1709164800 is 2024-02-29 00:00 (`date -u`).
    @Test(
        arguments: [
            ("120", 120), (" 5 ", 5), ("0", 0), ("Sun, 06 Nov 1994 08:49:37 GMT", 37),
            ("Sun, 06 Nov 1994 08:40:00 GMT", 0),
            ("99999999999999999999999", 1_000_000_000),
        ] as [(String, Int64)])
    func retryAfterIsSecondsOrADate(_ text: String, _ seconds: Int64) {
        #expect(RetryAfter.duration(text, now: 784_111_740) == .seconds(seconds))
    }

    @Test(arguments: ["", "soon", "-1", "1.5", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 +0100"])
    func anythingElseSaysNothing(_ text: String) {
        #expect(RetryAfter.duration(text, now: 0) == nil)
    }

    @Test func datesAreThoseOfTheCalendar() {
        #expect(HTTPDate.seconds("Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777)
        #expect(HTTPDate.seconds("Thu, 29 Feb 2024 00:00:00 GMT") == 1_709_164_800)
        #expect(HTTPDate.seconds("Thu, 01 Jan 1970 00:00:00 GMT") == 0)
    }
}
