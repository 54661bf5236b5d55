import Foundation
import Testing

@testable import Commands

struct SettingsTests {
    /// Runs `body` with the path of a configuration file with this content.
    private static func withFile<Output>(_ content: String, _ body: (String) throws -> Output) throws -> Output {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).yaml").path
        try Data(content.utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    private static func settings(_ content: String, _ environment: [String: String] = [:]) throws -> Settings {
        try withFile(content) { try Settings(file: $0, environment: environment) }
    }

    @Test func theFlagWinsOverTheEnvironmentAndTheEnvironmentOverTheFile() throws {
        let settings = try Self.settings("host: file\nbasemap: file\n", ["HEXTANT_HOST": "environment"])
        #expect(settings.text(.host, flag: "flag") == "flag")
        #expect(settings.text(.host, flag: nil) == "environment")
        #expect(settings.text(.basemap, flag: nil) == "file")
        #expect(settings.text(.publicURL, flag: nil) == nil)
    }

    @Test func anEmptyVariableIsNotSet() throws {
        let settings = try Self.settings("host: file\n", ["HEXTANT_HOST": "", "HEXTANT_BASEMAP": ""])
        #expect(settings.text(.host, flag: nil) == "file")
        #expect(settings.text(.basemap, flag: nil) == nil)
    }

    @Test func aVariableHasTheNameOfItsKeyInCapitals() {
        #expect(Setting.databaseURL.environmentName == "HEXTANT_DATABASE_URL")
        #expect(Setting.tileTTL.environmentName == "HEXTANT_TILE_TTL")
    }

    @Test func theFileIsTheOneOfTheFlagAndElseTheOneOfTheEnvironment() throws {
        try Self.withFile("host: one\n") { (one: String) throws -> Void in
            try Self.withFile("host: two\n") { (two: String) throws -> Void in
                let environment = ["HEXTANT_CONFIG": two]
                #expect(try Settings(file: one, environment: environment).text(.host, flag: nil) == "one")
                #expect(try Settings(file: nil, environment: environment).text(.host, flag: nil) == "two")
                #expect(try Settings(file: nil, environment: ["HEXTANT_CONFIG": ""]).text(.host, flag: nil) == nil)
            }
        }
    }

    @Test(arguments: ["", "# nothing yet\n"])
    func aFileWithoutSettingsSetsNothing(content: String) throws {
        let settings = try Self.settings(content)
        #expect(try settings.number(.port, flag: nil, in: 0...65_535, default: 8080) == 8080)
    }

    @Test func numbersComeFromFlagVariableAndFileAndMayBeAtBothEndsOfTheirRange() throws {
        let settings = try Self.settings("tile_ttl: 1\nworkers: '3'\n", ["HEXTANT_PORT": "65535"])
        #expect(try settings.number(.tileTTL, flag: nil, in: 1...10, default: 5) == 1)
        #expect(try settings.number(.tileTTL, flag: 10, in: 1...10, default: 5) == 10)
        #expect(try settings.number(.workers, flag: nil, in: 0...64, default: 1) == 3)
        #expect(try settings.number(.port, flag: nil, in: 0...65_535, default: 8080) == 65_535)
    }

    @Test(arguments: ["0", "11", "-1", "1.5", "1e1", "ten", "5 ", "0x5", "99999999999999999999"])
    func anythingButAWholeNumberOfTheRangeIsRefusedByNameAndRange(text: String) throws {
        let settings = try Settings(file: nil, environment: ["HEXTANT_TILE_TTL": text])
        let error = #expect(throws: ConfigurationError.self) {
            try settings.number(.tileTTL, flag: nil, in: 1...10, default: 5)
        }
        #expect(error?.description == "tile_ttl is \"\(text)\": it must be a whole number from 1 to 10")
    }

    @Test func aFlagOutsideTheRangeIsRefusedToo() throws {
        let settings = try Settings(file: nil, environment: [:])
        let error = #expect(throws: ConfigurationError.self) {
            try settings.number(.port, flag: 65_536, in: 0...65_535, default: 8080)
        }
        #expect(error?.description == "port is \"65536\": it must be a whole number from 0 to 65535")
    }

    @Test func aNeededSettingThatIsMissingIsNamedWithItsVariable() throws {
        let settings = try Settings(file: nil, environment: [:])
        #expect(try settings.required(.databaseURL, flag: "postgresql://somewhere") == "postgresql://somewhere")
        let error = #expect(throws: ConfigurationError.self) { try settings.required(.databaseURL, flag: nil) }
        #expect(error?.description.hasPrefix("database_url is not set: set HEXTANT_DATABASE_URL") == true)
    }

    @Test(
        arguments: [
            (
                "host: a\n\nprot: 80\n",
                ":3: \"prot\" is not a setting; did you mean \"port\"?; the settings are: database_url, "
            ),
            ("host: a\nsecret: 80\n", ":2: \"secret\" is not a setting; the settings are: database_url, "),
            ("HOST: a\n", ":1: \"HOST\" is not a setting"),
            ("? [a]\n: b\n", ":1: \"?\" is not a setting"),
            ("# first\nhost: a\nport: [1, 2]\n", ":3: port must be a single value"),
            ("port:\n  number: 1\n", ":1: port must be a single value"),
            ("\n# first\n- port\n", ":3: expected lines of `key: value`"),
            ("just words\n", ":1: expected lines of `key: value`"),
            ("host: a\nport: 'x\n", " is not YAML: 3:1:"),
            ("# first\nhost: a\nhost: b\n", ":2: the key \"host\" occurs twice"),
        ] as [(String, String)])
    func aFileThatCannotBeUsedIsRefusedWithItsNameAndLine(content: String, message: String) throws {
        try Self.withFile(content) { path in
            let error = #expect(throws: ConfigurationError.self) { try Settings(file: path, environment: [:]) }
            #expect(error?.description.hasPrefix("\(path)\(message)") == true, "\(error?.description ?? "no error")")
        }
    }

    @Test func everyFaultOfAFileIsToldWithItsLine() throws {
        try Self.withFile("colour: red\nhost: [a]\n") { path in
            let error = #expect(throws: ConfigurationError.self) { try Settings(file: path, environment: [:]) }
            #expect(error?.lines.count == 2)
            #expect(error?.lines.first?.hasPrefix("\(path):1: \"colour\" is not a setting") == true)
            #expect(error?.lines.last == "\(path):2: host must be a single value")
        }
    }

    @Test func valuesThatCannotBeUsedAreCollectedWithTheLineThatTheyComeFrom() throws {
        try Self.withFile("# first\ntile_ttl: soon\n") { path in
            let environment = ["HEXTANT_PORT": "many"]
            let settings = try Settings(file: path, environment: environment, collectsFaults: true)
            #expect(try settings.number(.port, flag: nil, in: 0...65_535, default: 8080) == 8080)
            #expect(try settings.number(.tileTTL, flag: nil, in: 1...10, default: 5) == 5)
            #expect(try settings.required(.databaseURL, flag: nil) == "")
            let error = #expect(throws: ConfigurationError.self) { try settings.check() }
            #expect(
                error?.lines.dropLast() == [
                    "port is \"many\": it must be a whole number from 0 to 65535",
                    "\(path):2: tile_ttl is \"soon\": it must be a whole number from 1 to 10",
                ])
            #expect(error?.lines.last?.hasPrefix("database_url is not set") == true)
        }
    }

    @Test func aDatabaseOfAnotherSchemeIsRefusedWithoutItsPassword() throws {
        let settings = try Settings(file: nil, environment: [:])
        for url in ["postgresql://u:p@h/d", "postgres://h/d", "POSTGRESQL://h/d"] {
            #expect(try settings.postgresURL(.databaseURL, flag: url) == url)
        }
        for (url, what) in [("mysql://u:hush@h/d", "begins with mysql://"), ("host=h password=hush", "is not a URL")] {
            let error = #expect(throws: ConfigurationError.self) {
                try settings.postgresURL(.databaseURL, flag: url)
            }
            #expect(error?.description.hasPrefix("database_url \(what): it must begin with postgresql://") == true)
            #expect(error?.description.contains("hush") == false)
        }
    }

    @Test func aFileThatIsMissingOrNotUTF8IsNamed() throws {
        let error = #expect(throws: ConfigurationError.self) {
            try Settings(file: "/nowhere/at/all.yaml", environment: [:])
        }
        #expect(error?.description == "cannot read the configuration file /nowhere/at/all.yaml")
        try Self.withFile("") { path in
            try Data([0x68, 0xff, 0x0a]).write(to: URL(filePath: path))
            let error = #expect(throws: ConfigurationError.self) { try Settings(file: path, environment: [:]) }
            #expect(error?.description == "cannot read the configuration file \(path)")
        }
    }
}
