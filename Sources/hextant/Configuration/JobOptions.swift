import ArgumentParser
import Storage

/// What a process that does jobs takes.
struct JobOptions: ParsableArguments {
    @Option(help: "Jobs that this process does at a time, 0 to 64. [HEXTANT_WORKERS, 1]") var workers: Int?
    @Option(help: "YAML file of schedules, see docs/jobs.md. [HEXTANT_SCHEDULES, none]") var schedules: String?

    func slots(_ settings: Settings, atLeast least: Int) throws -> Int {
        try settings.number(.workers, flag: workers, in: least...64, default: 1)
    }

    func schedules(_ settings: Settings) throws -> [JobSchedule] {
        try settings.text(.schedules, flag: schedules).map { try ScheduleFile(path: $0).schedules } ?? []
    }
}
