import Domain
import Foundation
import Jobs
import Yams

/// Schedules in a YAML file, which is a list of mappings. docs/jobs.md lists their keys.
struct ScheduleFile {
    let schedules: [JobSchedule]

    init(path: String) throws {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw ConfigurationError("cannot read the schedules in \(path)")
        }
        try self.init(text, path: path)
    }

    /// - Throws: ``ConfigurationError`` that names the line.
    init(_ text: String, path: String) throws {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw ConfigurationError("\(path) is not YAML: \(error)")
        }
        guard let root else {
            schedules = []
            return
        }
        guard let list = root.sequence else {
            throw ConfigurationError("\(path):\(root.mark?.line ?? 1): expected a list of schedules")
        }
        var schedules: [JobSchedule] = []
        for node in list {
            let schedule = try ScheduleEntry(node, path: path).schedule()
            if schedules.contains(where: { $0.name == schedule.name }) {
                throw ConfigurationError("\(path):\(node.mark?.line ?? 1): name: \"\(schedule.name)\" occurs twice")
            }
            schedules.append(schedule)
        }
        self.schedules = schedules
    }
}

/// One schedule of the file, read key by key.
private struct ScheduleEntry {
    private static let known = [
        "name", "cron", "time_zone", "job", "dataset", "resolutions", "from", "to", "normalization", "refresh",
    ]

    private let path: String
    private let line: Int
    private let values: [String: Node]

    init(_ node: Node, path: String) throws {
        self.path = path
        line = node.mark?.line ?? 1
        guard let mapping = node.mapping else {
            throw ConfigurationError("\(path):\(line): expected a schedule with name and cron")
        }
        var values: [String: Node] = [:]
        for (key, value) in mapping {
            guard let name = key.string, Self.known.contains(name) else {
                throw ConfigurationError(
                    "\(path):\(key.mark?.line ?? line): \"\(key.string ?? "?")\" is not a key of a schedule; "
                        + "the keys are: \(Self.known.joined(separator: ", "))")
            }
            values[name] = value
        }
        self.values = values
    }

    func schedule() throws -> JobSchedule {
        guard let name = try text("name"), !name.isEmpty, name.utf8.count <= 100 else {
            throw fault("name", "is needed, at most 100 bytes")
        }
        guard let expression = try text("cron") else { throw fault("cron", "is needed") }
        let cron: CronExpression
        do {
            cron = try CronExpression(expression, timeZone: try text("time_zone") ?? "UTC")
        } catch let error as CronError {
            throw fault("cron", error.description)
        }
        return JobSchedule(name: name, cron: cron, job: try job())
    }

    private func job() throws -> Job {
        switch JobKind(rawValue: try text("job") ?? JobKind.score.rawValue) {
        case .refresh:
            let others = ["dataset", "resolutions", "from", "to", "normalization", "refresh"]
            if let other = others.first(where: { values[$0] != nil }) {
                throw fault(other, "cannot be used with job: refresh")
            }
            return .refresh
        case .score: return .score(try order())
        default: throw fault("job", "must be score or refresh")
        }
    }

    private func order() throws -> RunOrder {
        guard let slug = try text("dataset") else { throw fault("dataset", "is needed: the slug of a dataset") }
        guard let dataset = Slug(slug) else { throw fault("dataset", "must be \(Slug.form)") }
        let from = try day("from")
        let to = try day("to")
        if let from, let to, to < from { throw fault("to", "is before from") }
        guard let normalization = Normalization(rawValue: try text("normalization") ?? "minmax") else {
            throw fault("normalization", "must be minmax or percentile")
        }
        guard let refresh = Bool(try text("refresh") ?? "true") else {
            throw fault("refresh", "must be true or false")
        }
        return RunOrder(
            dataset: dataset, resolutions: try resolutions(), from: from, to: to, normalization: normalization,
            refresh: refresh)
    }

    /// The resolutions of a schedule; none means all of the dataset.
    private func resolutions() throws -> [Int] {
        guard let node = values["resolutions"] else { return [] }
        let numbers = node.sequence?.compactMap(\.int) ?? []
        guard !numbers.isEmpty, numbers.count == node.sequence?.count, numbers.allSatisfy((0...15).contains) else {
            throw fault("resolutions", "must be a list of H3 resolutions from 0 to 15")
        }
        return Set(numbers).sorted()
    }

    private func day(_ key: String) throws -> LocalDay? {
        try text(key).map { text in
            guard let day = LocalDay(text) else { throw fault(key, "must be a date such as 2021-12-31") }
            return day
        }
    }

    private func text(_ key: String) throws -> String? {
        guard let node = values[key] else { return nil }
        guard let text = node.string else { throw fault(key, "must be a single value") }
        return text
    }

    private func fault(_ key: String, _ message: String) -> ConfigurationError {
        ConfigurationError("\(path):\(values[key]?.mark?.line ?? line): \(key): \(message)")
    }
}
