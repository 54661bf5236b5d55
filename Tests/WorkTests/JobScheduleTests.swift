import Domain
import Logging
import Storage
import TestDatabase
import TestDomain
import TestStorage
import Testing

@testable import Jobs
@testable import Work

@Suite(migratedDatabase())
struct JobScheduleTests {
    private static func hourly(_ job: Job = .refresh) throws -> JobSchedule {
        JobSchedule(name: "hourly", cron: try CronExpression("0 * * * *", timeZone: "UTC"), job: job)
    }

    @Test func aProcessThatStartsLooksBackTenMinutesAndNoMore() throws {
        let schedule = try Self.hourly()
        let hour = Instant(seconds: 1_800_000_000)
        try #require(hour.seconds % 3600 == 0)
        #expect(ScheduleProgress(schedule, startedAt: hour + .seconds(599)).due(by: hour + .seconds(599)) == hour)
        #expect(ScheduleProgress(schedule, startedAt: hour + .seconds(600)).due(by: hour + .seconds(600)) == nil)
    }

    @Test func whatWasSeenToIsNotDueAgainAndOfManyMissedOnlyTheLastIs() throws {
        let hour = Instant(seconds: 1_800_000_000)
        var progress = ScheduleProgress(try Self.hourly(), startedAt: hour)
        #expect(progress.due(by: hour) == hour)
        // It was not marked as queued, as when the database is away, so it stays due.
        #expect(progress.due(by: hour + .seconds(5)) == hour)
        progress.advance(to: hour + .seconds(5))
        #expect(progress.due(by: hour + .seconds(3599)) == nil)
        #expect(progress.due(by: hour + .seconds(3600)) == hour + .seconds(3600))
        #expect(progress.due(by: hour + .seconds(5 * 3600 + 7)) == hour + .seconds(5 * 3600))
    }

    @Test func manyInstancesEnqueueADueTimeOnce() async throws {
        _ = try await Dataset.stored("scheduled", resolutions: [5, 6])
        let schedule = try Self.hourly(.score(RunOrder(dataset: "scheduled", resolutions: [])))
        let sql = try Checkout.sql()
        let options = TestDatabase.options
        let first = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<5 {
                group.addTask {
                    let scheduler = JobScheduler(
                        options, sql: sql, schedules: [schedule], logger: Logger(label: "test"))
                    return try await scheduler.enqueue(schedule, due: Instant(seconds: 3600))
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(first.filter(\.self).count == 1)
        #expect(try await value("SELECT count(*) FROM analytics_runs WHERE resolutions = '{5,6}'") == 1)
        let scheduler = JobScheduler(options, sql: sql, schedules: [schedule], logger: Logger(label: "test"))
        try await withQueue { queue in
            let claimed = try #require(try await queue.claimNow())
            try await queue.settle(claimed.lease, .finished)
        }
        #expect(try await scheduler.enqueue(schedule, due: Instant(seconds: 7200)))
    }
}
