import ArgumentParser
import Domain
import Jobs

/// The options of a process that does jobs.
struct JobOptions: ParsableArguments {
    @Option(help: "YAML file of schedules, see docs/jobs.md. [HEXTANT_SCHEDULES, none]") var schedules: String?

    @Option(help: "Days that finished jobs are kept, 1 to 3650. [HEXTANT_JOB_RETENTION, 30]")
    var jobRetention: Int?

    func policy(_ settings: Settings) throws -> JobPolicy {
        let days = try settings.number(.jobRetention, flag: jobRetention, in: 1...3650, default: 30)
        return JobPolicy(retention: .days(days))
    }

    func schedules(_ settings: Settings) throws -> [JobSchedule] {
        guard let path = settings.text(.schedules, flag: schedules) else { return [] }
        return try settings.collecting([]) { try ScheduleFile(path: path).schedules }
    }
}
