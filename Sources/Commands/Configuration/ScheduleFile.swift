import Domain
import Jobs
import Yams

/// Schedules in a YAML file, which is a list of mappings. docs/jobs.md lists their keys.
struct ScheduleFile {
    let schedules: [JobSchedule]

    /// - Throws: ``ConfigurationError`` with every fault and its line.
    init(path: String) throws {
        try self.init(path: path) { () throws(YAMLFault) in try YAMLFaults.root(of: path, "the schedules in") }
    }

    /// - Throws: ``ConfigurationError`` with every fault and its line.
    init(_ text: String, path: String) throws {
        try self.init(path: path) { () throws(YAMLFault) in try YAMLFaults.root(text, path: path) }
    }

    private init(path: String, _ read: () throws(YAMLFault) -> Node?) throws {
        let root: Node?
        do {
            root = try read()
        } catch {
            throw ConfigurationError("\(error)")
        }
        guard let root else {
            schedules = []
            return
        }
        guard let list = root.sequence else {
            throw ConfigurationError("\(path):\(root.mark?.line ?? 1): expected a list of schedules")
        }
        var faults = YAMLFaults(path)
        var schedules: [JobSchedule] = []
        var names: Set<String> = []
        for node in list {
            var entry = ScheduleEntry(node, faults)
            let schedule = entry.schedule()
            if let name = entry.name, !names.insert(name).inserted {
                entry.faults.add(node, "name: \"\(name)\" occurs twice")
            }
            faults = entry.faults
            if let schedule { schedules.append(schedule) }
        }
        guard faults.isEmpty else { throw ConfigurationError(lines: faults.lines) }
        self.schedules = schedules
    }
}

/// One schedule of the file, read key by key.
private struct ScheduleEntry {
    private static let known = [
        "name", "cron", "time_zone", "job", "dataset", "resolutions", "from", "to", "normalization", "refresh",
        "mapping", "reason", "outlook", "horizon", "kind",
        "model", "seed", "activate",
    ]

    /// The kinds that can be repeated.
    private static let kinds: [JobKind] = [
        .score, .refresh, .retention, .remediate, .areas, .outlook, .evaluation, .training, .drift,
    ]

    /// The keys of what to read again.
    private static let ofRemediation = ["mapping", "reason"]

    /// The keys of what to score.
    private static let ofScores = ["resolutions", "from", "to", "normalization", "refresh", "outlook"]
    /// The keys of what to forecast.
    private static let ofForecasts = ["horizon", "kind"]
    /// The keys of what to train.
    private static let ofTrainings = ["model", "seed", "activate"]

    var faults: YAMLFaults
    private let node: Node
    private var values: [String: Node] = [:]

    /// - Parameter faults: Those found before, to which this entry adds its own.
    init(_ node: Node, _ faults: YAMLFaults) {
        self.node = node
        self.faults = faults
        guard let mapping = node.mapping else {
            self.faults.add(node, "expected a schedule with name and cron")
            return
        }
        for (key, value) in mapping {
            guard let name = key.string, Self.known.contains(name) else {
                self.faults.addUnknown(key, "a key of a schedule", "the keys", Self.known)
                continue
            }
            values[name] = value
        }
    }

    /// The name, if it can be used.
    private(set) var name: String?

    /// The schedule; `nil` when it has faults.
    mutating func schedule() -> JobSchedule? {
        guard node.mapping != nil else { return nil }
        name = text("name")
        let isNamed = name.map { !$0.isEmpty && $0.utf8.count <= 100 } ?? false
        if !isNamed {
            // A name that is no single value was refused by its type.
            if values["name"] == nil || name != nil { refuse("name", "is needed, at most 100 bytes") }
            name = nil
        }
        let cron = cron()
        let job = job()
        guard let name, let cron, let job else { return nil }
        return JobSchedule(name: name, cron: cron, job: job)
    }

    private mutating func cron() -> CronExpression? {
        guard let expression = text("cron") else {
            if values["cron"] == nil { refuse("cron", "is needed") }
            return nil
        }
        do {
            return try CronExpression(expression, timeZone: text("time_zone") ?? "UTC")
        } catch {
            refuse("cron", error.description)
            return nil
        }
    }

    private mutating func job() -> Job? {
        let kind = JobKind(rawValue: text("job") ?? JobKind.score.rawValue)
        if kind != .training { refuseAll(Self.ofTrainings, with: kind) }
        switch kind {
        case .score:
            refuseAll(Self.ofForecasts + Self.ofRemediation, with: kind)
            return order().map(Job.score)
        case .remediate:
            refuseAll(Self.ofScores + Self.ofForecasts, with: kind)
            return remediation().map(Job.remediate)
        case .refresh:
            refuseAll(["dataset"] + Self.ofScores + Self.ofForecasts + Self.ofRemediation, with: kind)
            return .refresh
        case .retention:
            refuseAll(Self.ofScores + Self.ofForecasts + Self.ofRemediation, with: kind)
            return .retention(of: slug())
        case .fetch:
            refuse("job", "fetch is what the schedule of a feed does, which is in the file of the feed")
            return nil
        case .areas:
            refuseAll(Self.ofScores + Self.ofForecasts + Self.ofRemediation, with: kind)
            return .areas(of: slug())
        case .outlook:
            refuseAll(["from", "to", "normalization", "outlook", "kind"] + Self.ofRemediation, with: kind)
            return outlook().map(Job.outlook)
        case .training:
            refuseAll(Self.ofScores + Self.ofForecasts + Self.ofRemediation, with: kind)
            return training().map(Job.training)
        case .drift:
            refuseAll(Self.ofScores + Self.ofForecasts + Self.ofRemediation, with: kind)
            return .drift(of: slug())
        case .evaluation:
            refuseAll(["from", "to", "normalization", "outlook", "refresh"] + Self.ofRemediation, with: kind)
            return evaluation().map(Job.evaluation)
        default:
            refuse("job", "must be one of \(Self.kinds.map(\.rawValue).joined(separator: ", "))")
            return nil
        }
    }

    private mutating func refuseAll(_ keys: [String], with kind: JobKind) {
        for key in keys where values[key] != nil { refuse(key, "cannot be used with job: \(kind.rawValue)") }
    }

    private mutating func remediation() -> RemediationOrder? {
        if values["dataset"] == nil { refuse("dataset", "is needed: the slug of a dataset") }
        let mapping = text("mapping")
        let reason = text("reason")
        return slug().map { RemediationOrder(dataset: $0, mapping: mapping, reason: reason) }
    }

    private mutating func outlook() -> OutlookOrder? {
        let dataset = neededSlug()
        let resolutions = resolutions()
        let horizon = horizon()
        let refresh = truth("refresh", usual: true)
        guard let dataset, let horizon, let refresh else { return nil }
        return OutlookOrder(dataset: dataset, resolutions: resolutions, horizon: horizon, refresh: refresh)
    }

    private mutating func evaluation() -> EvaluationOrder? {
        let dataset = neededSlug()
        let resolutions = resolutions()
        let horizon = horizon()
        let kind = EventKind(text("kind") ?? EventKind.nameOfAll)
        if kind == nil { refuse("kind", "must be all or the name of a group of event types") }
        guard let dataset, let horizon, let kind else { return nil }
        return EvaluationOrder(dataset: dataset, resolutions: resolutions, kind: kind, horizon: horizon)
    }

    private mutating func training() -> TrainingOrder? {
        let dataset = neededSlug()
        let kind = ModelKind(rawValue: text("model") ?? "")
        if kind == nil {
            refuse("model", "must be \(ModelKind.allCases.map(\.rawValue).joined(separator: " or "))")
        }
        let seed = Int(text("seed") ?? "1").flatMap { TrainingOrder.seeds.contains($0) ? $0 : nil }
        if seed == nil { refuse("seed", "must be a number from 0 to \(TrainingOrder.seeds.upperBound)") }
        let activate = truth("activate", usual: false)
        guard let dataset, let kind, let seed, let activate else { return nil }
        return TrainingOrder(dataset: dataset, kind: kind, seed: seed, activate: activate)
    }

    private mutating func horizon() -> Int? {
        guard let text = text("horizon") else { return OutlookOrder.usualHorizon }
        guard let days = Int(text), OutlookOrder.horizons.contains(days) else {
            refuse("horizon", "must be a number of days from 1 to \(OutlookOrder.horizons.upperBound)")
            return nil
        }
        return days
    }

    private mutating func truth(_ key: String, usual: Bool) -> Bool? {
        guard let text = text(key) else { return usual }
        let truth = Bool(text)
        if truth == nil { refuse(key, "must be true or false") }
        return truth
    }

    private mutating func neededSlug() -> Slug? {
        if values["dataset"] == nil { refuse("dataset", "is needed: the slug of a dataset") }
        return slug()
    }

    private mutating func order() -> RunOrder? {
        let dataset = neededSlug()
        let from = day("from")
        let to = day("to")
        if let from, let to, to < from { refuse("to", "is before from") }
        let normalization = Normalization(rawValue: text("normalization") ?? "minmax")
        if normalization == nil { refuse("normalization", "must be minmax or percentile") }
        let refresh = truth("refresh", usual: true)
        let outlook = truth("outlook", usual: false)
        let resolutions = resolutions()
        guard let dataset, let normalization, let refresh, let outlook else { return nil }
        return RunOrder(
            dataset: dataset, resolutions: resolutions, from: from, to: to, normalization: normalization,
            refresh: refresh, outlook: outlook)
    }

    private mutating func slug() -> Slug? {
        guard let text = text("dataset") else { return nil }
        let slug = Slug(text)
        if slug == nil { refuse("dataset", "must be \(Slug.form)") }
        return slug
    }

    /// The resolutions of a schedule; none means all of the dataset.
    private mutating func resolutions() -> [Int] {
        guard let node = values["resolutions"] else { return [] }
        let numbers = node.sequence?.compactMap(\.int) ?? []
        if numbers.isEmpty || numbers.count != node.sequence?.count || !numbers.allSatisfy((0...15).contains) {
            refuse("resolutions", "must be a list of H3 resolutions from 0 to 15")
        }
        return Set(numbers).sorted()
    }

    private mutating func day(_ key: String) -> LocalDay? {
        guard let text = text(key) else { return nil }
        let day = LocalDay(text)
        if day == nil { refuse(key, "must be a date such as 2021-12-31") }
        return day
    }

    private mutating func text(_ key: String) -> String? {
        guard let node = values[key] else { return nil }
        if node.string == nil { refuse(key, "must be a single value") }
        return node.string
    }

    private mutating func refuse(_ key: String, _ message: String) {
        faults.add(values[key] ?? node, "\(key): \(message)")
    }
}
