import Domain
import Fetch
import Outlook
import Work
import Yams

/// The rules of a dataset's alerts in a YAML file. docs/alerts.md lists their keys.
struct AlertFile {
    private static let keys = ["dataset", "webhook", "secret", "allow_private", "rules"]

    let dataset: Slug
    let rules: [AlertRule]

    /// - Throws: ``DatasetFileError`` with every fault and its line.
    init(path: String) throws {
        let root: Node?
        do {
            root = try YAMLFaults.root(of: path, "the rules in")
        } catch {
            throw DatasetFileError(lines: ["\(error)"])
        }
        guard let mapping = root?.mapping else {
            throw DatasetFileError(lines: ["\(path):1: expected dataset and rules, see docs/alerts.md"])
        }
        var faults = YAMLFaults(path)
        for (key, _) in mapping where !(key.string.map(Self.keys.contains) ?? false) {
            faults.addUnknown(key, "a key", "the keys", Self.keys)
        }
        let dataset = mapping["dataset"]?.string.flatMap { Slug($0) }
        if dataset == nil { faults.add(mapping["dataset"], "dataset: must be \(Slug.form)") }
        let webhook = Self.webhook(mapping, &faults)
        let nodes = mapping["rules"]?.sequence
        if nodes == nil { faults.add(mapping["rules"], "rules: must be a list; an empty one, [], deletes all rules") }
        var rules: [AlertRule] = []
        var names: Set<String> = []
        for node in nodes ?? [] {
            guard let rule = AlertEntry(node).rule(of: dataset, webhook, &faults) else { continue }
            if !names.insert(rule.name).inserted { faults.add(node, "name: \"\(rule.name)\" occurs twice") }
            rules.append(rule)
        }
        if rules.count > 100 { faults.add(mapping["rules"], "rules: must be at most 100") }
        guard faults.isEmpty, let dataset else { throw DatasetFileError(lines: faults.lines) }
        self.dataset = dataset
        self.rules = rules
    }

    private static func webhook(_ mapping: Node.Mapping, _ faults: inout YAMLFaults) -> AlertWebhook? {
        guard let node = mapping["webhook"] else {
            for key in ["secret", "allow_private"] where mapping[key] != nil {
                faults.add(mapping[key], "\(key): is of no use without webhook")
            }
            return nil
        }
        let url = node.string ?? ""
        do {
            try WebhookSender.check(url)
        } catch {
            faults.add(node, "webhook: \(error.problem)")
        }
        var webhook = AlertWebhook(url: url)
        if let secret = mapping["secret"] {
            webhook.secret = secret.string ?? ""
            let names = try? Secrets.names(in: "${\(webhook.secret)}")
            if names != [webhook.secret] { faults.add(secret, "secret: must be a name of A-Z, 0-9 and _") }
        }
        if let allowPrivate = mapping["allow_private"] {
            guard let truth = allowPrivate.bool else {
                faults.add(allowPrivate, "allow_private: must be true or false")
                return webhook
            }
            webhook.allowPrivate = truth
        }
        return webhook
    }
}

/// One rule of the file.
private struct AlertEntry {
    private static let keys = ["name", "when", "resolution", "classes", "least", "below", "days"]
    /// The keys of each condition, besides name, when and resolution.
    private static let own = [
        "class": "classes", "forecast": "least", "unusual": "least", "rows": "below", "stale": "days",
    ]

    let node: Node

    init(_ node: Node) { self.node = node }

    /// The rule; `nil` when it has faults.
    func rule(of dataset: Slug?, _ webhook: AlertWebhook?, _ faults: inout YAMLFaults) -> AlertRule? {
        guard let mapping = node.mapping else {
            faults.add(node, "expected a rule with name and when")
            return nil
        }
        for (key, _) in mapping where !(key.string.map(Self.keys.contains) ?? false) {
            faults.addUnknown(key, "a key of a rule", "the keys", Self.keys)
        }
        let name = mapping["name"]?.string.flatMap { Slug($0)?.text }
        if name == nil { faults.add(mapping["name"] ?? node, "name: must be \(Slug.form)") }
        let when = mapping["when"]?.string ?? ""
        guard let own = Self.own[when] else {
            faults.add(
                mapping["when"] ?? node, "when: must be one of \(AlertRule.Condition.names.joined(separator: ", "))")
            return nil
        }
        for key in Set(Self.own.values).sorted() where key != own && mapping[key] != nil {
            faults.add(mapping[key], "\(key): is not for rules with when: \(when)")
        }
        let resolution = mapping["resolution"]?.int
        if let stated = mapping["resolution"], !(resolution.map((0...15).contains) ?? false) {
            faults.add(stated, "resolution: must be 0 to 15")
        }
        guard let name, let dataset, let condition = condition(when, mapping, own, &faults) else { return nil }
        return AlertRule(
            dataset: dataset, name: name, condition: condition, resolution: resolution, webhook: webhook)
    }

    private func condition(
        _ when: String, _ mapping: Node.Mapping, _ own: String, _ faults: inout YAMLFaults
    ) -> AlertRule.Condition? {
        if when == "class" {
            let known = Set(HotSpotClass.allCases.map(\.rawValue)).subtracting(["none"])
            let classes = mapping[own]?.sequence?.compactMap(\.string) ?? ["new_hot", "intensifying_hot"]
            guard !classes.isEmpty, classes.allSatisfy(known.contains) else {
                faults.add(mapping[own], "classes: must be a list of \(known.sorted().joined(separator: ", "))")
                return nil
            }
            return .classes(Set(classes))
        }
        let number = mapping[own]?.int ?? (mapping[own] == nil ? Self.usual[when] : nil)
        guard let number, (1...1_000_000).contains(number) else {
            faults.add(mapping[own] ?? node, "\(own): must be a whole number from 1 to 1000000")
            return nil
        }
        switch when {
        case "forecast": return .forecast(least: number)
        case "unusual": return .unusual(least: number)
        case "rows": return .rows(below: number)
        default: return .stale(days: number)
        }
    }

    /// The numbers of rules that state none.
    private static let usual = ["forecast": 3, "unusual": 1, "stale": 7]
}
