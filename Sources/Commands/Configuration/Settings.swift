import Foundation
import Synchronization
import Yams

/// The values of settings. A flag wins over the environment, the environment over the file, the file over the default.
struct Settings {
    private struct FileValue {
        let text: String
        let line: Int
    }

    private let environment: [String: String]
    private let path: String?
    private let file: [Setting: FileValue]
    /// The faults found so far; `nil` for settings that throw the first one.
    private let faults: FaultCollector?

    /// - Parameters:
    ///   - path: A YAML file of `key: value` lines; by default the one in `HEXTANT_CONFIG`, if any.
    ///   - collectsFaults: Whether a value that cannot be used is remembered until ``check()``, instead of being thrown
    ///     at once.
    /// - Throws: ``ConfigurationError`` with every fault of the file.
    init(
        file path: String?, environment: [String: String] = ProcessInfo.processInfo.environment,
        collectsFaults: Bool = false
    ) throws {
        self.environment = environment
        self.path = path ?? environment["HEXTANT_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        file = try self.path.map(Self.read) ?? [:]
        faults = collectsFaults ? FaultCollector() : nil
    }

    func text(_ setting: Setting, flag: String?) -> String? {
        flag ?? variable(setting) ?? file[setting]?.text
    }

    func number(_ setting: Setting, flag: Int?, in range: ClosedRange<Int>, default fallback: Int) throws -> Int {
        let flag = flag.map(String.init)
        guard let text = text(setting, flag: flag) else { return fallback }
        guard let value = Int(text), range.contains(value) else {
            let rule = "it must be a whole number from \(range.lowerBound) to \(range.upperBound)"
            return try refuse(setting, flag: flag, rule, fallback)
        }
        return value
    }

    func required(_ setting: Setting, flag: String?) throws -> String {
        guard let text = text(setting, flag: flag) else {
            return try refuse(
                "\(setting.rawValue) is not set: set \(setting.environmentName), "
                    + "or run `eval \"$(scripts/services env)\"`", "")
        }
        return text
    }

    /// The URL of a PostgreSQL server.
    /// - Throws: ``ConfigurationError`` for a URL of another scheme, without quoting it, since it may hold a password.
    func postgresURL(_ setting: Setting, flag: String?) throws -> String? {
        guard let text = text(setting, flag: flag) else { return nil }
        let scheme = text.firstRange(of: "://").map { text[..<$0.lowerBound] }
        guard ["postgresql", "postgres"].contains(scheme?.lowercased()) else {
            let what = scheme.map { "begins with \($0)://" } ?? "is not a URL"
            return try refuse(
                "\(place(setting, flag: flag))\(setting.rawValue) \(what): it must begin with postgresql://, "
                    + "as in postgresql://user:password@host:5432/database", text)
        }
        return text
    }

    /// Reports that the text of a setting breaks a rule.
    /// - Returns: The fallback, where faults are collected.
    /// - Throws: ``ConfigurationError``, where they are not.
    func refuse<Value>(_ setting: Setting, flag: String?, _ rule: String, _ fallback: Value) throws -> Value {
        let text = text(setting, flag: flag) ?? ""
        return try refuse("\(place(setting, flag: flag))\(setting.rawValue) is \"\(text)\": \(rule)", fallback)
    }

    private func refuse<Value>(_ message: String, _ fallback: Value) throws -> Value {
        guard let faults else { throw ConfigurationError(message) }
        faults.add([message])
        return fallback
    }

    /// The result of `body`. Where faults are collected, its ``ConfigurationError`` is remembered and the fallback
    /// returned.
    func collecting<Value>(_ fallback: Value, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as ConfigurationError {
            guard let faults else { throw error }
            faults.add(error.lines)
            return fallback
        }
    }

    /// - Throws: ``ConfigurationError`` with every fault that was collected.
    func check() throws {
        if let found = faults?.found, !found.isEmpty { throw ConfigurationError(lines: found) }
    }

    /// The variable, or the file and line, that a value comes from; `nil` for one that is not set.
    func source(_ setting: Setting) -> String? {
        if variable(setting) != nil { return setting.environmentName }
        return file[setting].map { "\(path ?? "?"):\($0.line)" }
    }

    private func variable(_ setting: Setting) -> String? {
        environment[setting.environmentName].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// File and line of a value that comes from the file, to put in front of a message.
    private func place(_ setting: Setting, flag: String?) -> String {
        guard flag == nil, variable(setting) == nil, let path, let value = file[setting] else { return "" }
        return "\(path):\(value.line): "
    }

    private static func read(_ path: String) throws -> [Setting: FileValue] {
        var faults = YAMLFaults(path)
        var values: [Setting: FileValue] = [:]
        do {
            guard let root = try YAMLFaults.root(of: path, "the configuration file") else { return [:] }
            guard let mapping = root.mapping else {
                throw YAMLFault("\(path):\(root.mark?.line ?? 1): expected lines of `key: value`")
            }
            for (key, value) in mapping {
                let name = key.string ?? "?"
                guard let setting = Setting(rawValue: name) else {
                    faults.addUnknown(key, "a setting", "the settings", Setting.allCases.map(\.rawValue))
                    continue
                }
                guard let text = value.string else {
                    faults.add(key, "\(name) must be a single value")
                    continue
                }
                values[setting] = FileValue(text: text, line: key.mark?.line ?? 1)
            }
        } catch {
            throw ConfigurationError("\(error)")
        }
        guard faults.isEmpty else { throw ConfigurationError(lines: faults.lines) }
        return values
    }
}

/// The faults of one reading of settings.
private final class FaultCollector: Sendable {
    private let list = Mutex<[String]>([])

    var found: [String] { list.withLock { $0 } }

    func add(_ faults: [String]) { list.withLock { $0 += faults } }
}

/// Why settings cannot be used.
struct ConfigurationError: Error, SeveralLines, CustomStringConvertible {
    let lines: [String]

    init(_ description: String) { lines = [description] }

    init(lines: [String]) { self.lines = lines }
}
