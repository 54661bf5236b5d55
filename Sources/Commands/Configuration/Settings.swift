import Foundation
import Yams

/// The values of settings. A flag wins over the environment, the environment over the file, the file over the default.
struct Settings {
    private let environment: [String: String]
    private let file: [Setting: String]

    /// - Parameter path: A YAML file of `key: value` lines; by default the one in `HEXTANT_CONFIG`, if any.
    init(file path: String?, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        self.environment = environment
        let path = path ?? environment["HEXTANT_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        file = try path.map(Self.read) ?? [:]
    }

    func text(_ setting: Setting, flag: String?) -> String? {
        flag ?? environment[setting.environmentName].flatMap { $0.isEmpty ? nil : $0 } ?? file[setting]
    }

    func number(_ setting: Setting, flag: Int?, in range: ClosedRange<Int>, default fallback: Int) throws -> Int {
        guard let text = text(setting, flag: flag.map(String.init)) else { return fallback }
        guard let value = Int(text), range.contains(value) else {
            throw ConfigurationError(
                "\(setting.rawValue) is \"\(text)\": it must be a whole number "
                    + "from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return value
    }

    func required(_ setting: Setting, flag: String?) throws -> String {
        guard let text = text(setting, flag: flag) else {
            throw ConfigurationError(
                "\(setting.rawValue) is not set: set \(setting.environmentName), "
                    + "or run `eval \"$(scripts/services env)\"`"
            )
        }
        return text
    }

    private static func read(_ path: String) throws -> [Setting: String] {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw ConfigurationError("cannot read the configuration file \(path)")
        }
        guard let root = try compose(text, path) else { return [:] }
        guard let mapping = root.mapping else {
            throw ConfigurationError("\(path):\(root.mark?.line ?? 1): expected lines of `key: value`")
        }
        var values: [Setting: String] = [:]
        for (key, value) in mapping {
            let place = "\(path):\(key.mark?.line ?? 1)"
            guard let name = key.string, let setting = Setting(rawValue: name) else {
                let known = Setting.allCases.map(\.rawValue).joined(separator: ", ")
                throw ConfigurationError(
                    "\(place): \"\(key.string ?? "?")\" is not a setting; the settings are: \(known)")
            }
            guard let text = value.string else {
                throw ConfigurationError("\(place): \(name) must be a single value")
            }
            values[setting] = text
        }
        return values
    }

    private static func compose(_ text: String, _ path: String) throws -> Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw ConfigurationError("\(path) is not YAML: \(error)")
        }
    }
}

/// Why a setting cannot be used.
struct ConfigurationError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
