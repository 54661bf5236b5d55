import ArgumentParser
import Domain
import Jobs
import Work

/// The options of a process that does jobs.
struct JobOptions: ParsableArguments {
    @Option(help: "YAML file of schedules, see docs/jobs.md. [HEXTANT_SCHEDULES, none]") var schedules: String?

    @Option(help: "Days that finished jobs are kept, 1 to 3650. [HEXTANT_JOB_RETENTION, 30]")
    var jobRetention: Int?

    @Option(
        help: """
            Milliseconds of quiet after which changed days are served before they are scored, 0 to 10000; 0 leaves \
            them to runs. [HEXTANT_LIVE, 200]
            """)
    var live: Int?

    /// The time of quiet after which changed days are served; `nil` when they wait for a run.
    func live(_ settings: Settings) throws -> Duration? {
        let usual = Int(LiveService.usualQuiet.inMilliseconds)
        let quiet = try settings.number(.live, flag: live, in: 0...10_000, default: usual)
        return quiet > 0 ? .milliseconds(quiet) : nil
    }

    func policy(_ settings: Settings) throws -> JobPolicy {
        let days = try settings.number(.jobRetention, flag: jobRetention, in: 1...3650, default: 30)
        return JobPolicy(retention: .days(days))
    }

    func schedules(_ settings: Settings) throws -> [JobSchedule] {
        guard let path = settings.text(.schedules, flag: schedules) else { return [] }
        return try settings.collecting([]) { try ScheduleFile(path: path).schedules }
    }
}
