import ArgumentParser
import Domain
import Foundation
import NYCOpenData

struct NYCCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nyc",
        abstract: "Show what New York's open data have of properties.",
        discussion: """
            A BBL is the number of a tax lot: one digit of the borough (1 Manhattan, 2 Bronx, 3 Brooklyn, 4 Queens, 5 \
            Staten Island), five of the block, four of the lot. - reads BBLs from standard input, one a line. Needs no \
            database. The token of an application is taken from HEXTANT_SECRET_NYC_TOKEN.
            """)

    /// The most properties of one command, since all their rows are in memory at the end.
    static let mostProperties = 10_000

    @Argument(help: ArgumentHelp("Numbers of tax lots, or -.", valueName: "BBL"))
    var properties: [String] = []

    @Option(help: "How many days of complaints to 311, 1 to 36500.")
    var days = 365

    @Option(help: ArgumentHelp("The last of those days, such as 2024-06-01. Default: today.", valueName: "DAY"))
    var asOf: String?

    @Option(
        help: """
            Datasets with commas between: dob-violations, hpd-violations, 311-complaints, permits, older-permits. \
            Default: all but older-permits.
            """)
    var sources: String?

    @Flag(help: "Ask each dataset whether it answers, instead of for properties.")
    var health = false

    @Option(help: "Another site with the same datasets. Default: https://data.cityofnewyork.us.")
    var site: String?

    @Flag(help: "Allow the site to be in a private network or on this machine.")
    var allowPrivate = false

    @Option(help: "File with certificates (PEM) to trust besides those of the system.")
    var certificates: String?

    @Option(help: "URL of Redis, to share answers with other commands. [HEXTANT_REDIS_URL]")
    var redisURL: String?

    @Option(help: "YAML file with settings; docs/configuration.md lists the keys. [HEXTANT_CONFIG]")
    var config: String?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...36_500).contains(days) else { throw ValidationError("--days must be 1 to 36500") }
        if let asOf, CityDay(asOf) == nil { throw ValidationError("--as-of must be a day such as 2024-06-01") }
        _ = try chosenSources()
        guard health == properties.isEmpty else {
            throw ValidationError(
                health ? "--health takes no BBL" : "name the BBL of a property, such as 1007900009, or - for a list")
        }
        guard properties != ["-"] else { return }
        if properties.contains("-") { throw ValidationError("- cannot be used together with BBLs") }
        do {
            for property in properties { _ = try BBL(property) }
        } catch {
            throw ValidationError("\(error)")
        }
        try checkCount(properties.count)
    }

    func run() async throws {
        // Read first: a list with a fault asks the site for nothing.
        let lots = try properties == ["-"] ? BBLList.standardInput() : properties.map { try BBL($0) }
        let client = try NYCOpenDataClient(try clientConfiguration())
        do {
            if health {
                try await showHealth(client)
            } else {
                try await show(lots, client)
            }
        } catch {
            await client.close()
            throw error
        }
        await client.close()
    }

    private func checkCount(_ count: Int) throws {
        guard count <= Self.mostProperties else {
            throw ValidationError("at most \(Self.mostProperties) properties can be asked for at a time")
        }
    }

    private func chosenSources() throws -> Set<NYCSource> {
        guard let sources else { return NYCSource.standard }
        let names = sources.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        guard !names.isEmpty else { throw ValidationError("--sources names no dataset") }
        return Set(
            try names.map { name in
                guard let source = NYCSource(rawValue: name) else {
                    let all = NYCSource.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError("--sources: there is no \"\(name)\"; there are \(all)")
                }
                return source
            })
    }

    private func clientConfiguration() throws -> NYCConfiguration {
        var configuration = NYCConfiguration()
        let token = ProcessInfo.processInfo.environment["HEXTANT_SECRET_NYC_TOKEN"]
        configuration.appToken = token.flatMap { $0.isEmpty ? nil : $0 }
        if let site { configuration.site = site }
        configuration.certificates = certificates
        configuration.allowsPrivateAddresses = allowPrivate
        configuration.redisURL = try Settings(file: config).text(.redisURL, flag: redisURL)
        return configuration
    }

    private func show(_ lots: [BBL], _ client: NYCOpenDataClient) async throws {
        let last = asOf.flatMap { CityDay($0) } ?? .today
        let line = ProgressLine()
        let records: [PropertyRecords]
        do {
            records = try await client.batchFetch(
                lots, sources: try chosenSources(), days: days, asOf: last
            ) { done, all in
                // A few requests are over before anybody could read of them.
                if all >= 50 { line.show(share: Double(done) / Double(all), count: Int64(done), of: "requests") }
            }
        } catch {
            line.finish()
            throw error
        }
        line.finish()
        try output.print(NYCReport(records, days: days, asOf: last), summary: NYCTable.text(records))
        if let failed = NYCPartsFailed(records) { throw failed }
    }

    private func showHealth(_ client: NYCOpenDataClient) async throws {
        let health = await client.healthCheck(try chosenSources())
        try output.print(NYCHealthReport(health), summary: NYCTable.text(health))
        if health.state == .down { throw ExitStatus.unavailable }
    }
}

/// A list of BBLs, one a line; blank lines and what follows a `#` are left out.
enum BBLList {
    /// A line that is no BBL.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// The largest list, in bytes.
    private static let mostBytes = 4 << 20

    static func standardInput() throws -> [BBL] {
        var data = Data()
        // A read from a pipe may bring less than there is.
        while data.count <= mostBytes, let piece = try FileHandle.standardInput.read(upToCount: 1 << 16), !piece.isEmpty
        { data += piece }
        guard data.count <= mostBytes else { throw Fault(description: "the list has more than \(mostBytes) bytes") }
        return try read(String(decoding: data, as: UTF8.self))
    }

    static func read(_ text: String) throws -> [BBL] {
        var lots: [BBL] = []
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let word = line.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
            guard !word.isEmpty else { continue }
            do {
                lots.append(try BBL(word))
            } catch {
                throw Fault(description: "line \(number + 1): \(error)")
            }
        }
        guard !lots.isEmpty else { throw Fault(description: "the list has no BBL") }
        guard lots.count <= NYCCommand.mostProperties else {
            throw Fault(
                description:
                    "the list has \(lots.count) properties; \(NYCCommand.mostProperties) at most can be asked for")
        }
        return lots
    }
}
