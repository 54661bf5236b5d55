import ArgumentParser
import Domain
import Jobs

/// The options of a process that does jobs.
struct JobOptions: ParsableArguments {
    @Option(help: "How many jobs this process does at a time, up to 64; 0 (serve only) for none. [HEXTANT_WORKERS, 1]")
    var workers: Int?
    @Option(help: "YAML file of schedules, see docs/jobs.md. [HEXTANT_SCHEDULES, none]") var schedules: String?

    @Option(help: "Days that finished jobs are kept, 1 to 3650. [HEXTANT_JOB_RETENTION, 30]")
    var jobRetention: Int?

    func policy(_ settings: Settings) throws -> JobPolicy {
        let days = try settings.number(.jobRetention, flag: jobRetention, in: 1...3650, default: 30)
        return JobPolicy(retention: .days(days))
    }

    func slots(_ settings: Settings, atLeast least: Int) throws -> Int {
        try settings.number(.workers, flag: workers, in: least...64, default: 1)
    }

    func schedules(_ settings: Settings) throws -> [JobSchedule] {
        try settings.text(.schedules, flag: schedules).map { try ScheduleFile(path: $0).schedules } ?? []
    }
}
