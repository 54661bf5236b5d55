import Domain
import Logging
import Storage
import TestDatabase
import TestStorage
import Testing

@testable import Jobs
@testable import Work

/// Schedules whose period is shorter than their jobs.
@Suite(migratedDatabase())
struct ScheduleOverlapTests {
    @Test func aDueTimeIsLeftOutWhileTheJobOfAnEarlierOneWaitsOrRuns() async throws {
        let cron = try CronExpression("* * * * *", timeZone: "UTC")
        let schedule = JobSchedule(name: "each minute", cron: cron, job: .refresh)
        // Its job keys begin like those of the other schedule.
        let other = JobSchedule(name: "each minute 7", cron: cron, job: .refresh)
        let scheduler = JobScheduler(
            TestDatabase.options, sql: try Checkout.sql(), schedules: [schedule, other], logger: Logger(label: "test"))
        #expect(try await scheduler.enqueue(other, due: Instant(seconds: 60)))
        #expect(try await scheduler.enqueue(schedule, due: Instant(seconds: 60)))
        #expect(try await !scheduler.enqueue(schedule, due: Instant(seconds: 120)))
        try await withQueue { queue in
            let first = try #require(try await queue.claimNow())
            #expect(try await !scheduler.enqueue(schedule, due: Instant(seconds: 180)))
            #expect(try await !scheduler.enqueue(other, due: Instant(seconds: 180)))
            try await queue.settle(first.lease, .finished)
            let second = try #require(try await queue.claimNow())
            #expect(try await !scheduler.enqueue(schedule, due: Instant(seconds: 240)))
            try await queue.settle(second.lease, .failed("no"))
        }
        #expect(try await scheduler.enqueue(schedule, due: Instant(seconds: 300)))
    }
}
