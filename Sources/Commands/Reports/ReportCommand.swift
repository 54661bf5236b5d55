import ArgumentParser
import Domain
import Foundation
import H3
import Reports
import Server
import Storage

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a one-page report of a dataset, a cell or an area as PDF, SVG or PNG.",
        discussion: """
            It has a map, the history, the types of events, figures, method, limits and source, of the served view. \
            Without --cell and --area it is of the whole dataset. docs/reports.md explains the page.
            """)

    @Option(help: "Slug of the dataset.", transform: Slug.argument)
    var dataset: Slug

    @Option(help: "H3 index of a cell, in hexadecimal.")
    var cell: String?

    @Option(help: "An area: the slug of its layer and its id, LAYER/ID.")
    var area: String?

    @Option(help: "The file to write; its ending .pdf, .svg or .png says the form.")
    var output: String

    @Option(help: "Last day of the period, YYYY-MM-DD. Default: that of the newest outlook, else the last scored day.")
    var asOf: String?

    @Option(help: "Days of the period: 7, 28, 90 or 365. Default: 28, and 365 for an area.")
    var period: Int?

    @Option(help: "Kind of events: all, or a group of event types that the dataset names.")
    var kind = EventKind.nameOfAll

    @Option(help: "H3 resolution of the map. Default: one at which the map has some thousand cells.")
    var resolution: Int?

    @Option(help: "Language: en or fr.")
    var language = ReportLanguage.english

    @Option(help: "Size of the paper: a4 or letter.")
    var paper = ReportPaper.a4

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var printing: OutputOptions

    private struct Outcome: Encodable {
        let file: String
        let format: String
        let bytes: Int
        let from: String
        let to: String
        let events: Int
    }

    func validate() throws {
        guard cell == nil || area == nil else {
            throw ValidationError("--cell and --area do not go together: a report is of one of them")
        }
        guard cell == nil || resolution == nil else {
            throw ValidationError("--resolution does not go with --cell, which has its own")
        }
        guard resolution.map((0...15).contains) ?? true else {
            throw ValidationError("--resolution must be 0 to 15")
        }
        _ = try format()
        _ = try order()
    }

    func run() async throws {
        let (format, order) = (try format(), try order())
        let sql = try Installation.find().sql()
        let pool = ReadPool(try database.postgres(), capacity: 4, statementTimeout: .seconds(60))
        let data: ReportData
        do {
            data = try await read(order, pool, sql)
        } catch {
            await pool.close()
            throw error
        }
        await pool.close()
        let bytes = try await DrawingThreads().bytes(of: data, format, language, paper)
        // Whole or not at all, so that nobody prints half a report.
        try Data(bytes).write(to: URL(fileURLWithPath: output), options: .atomic)
        let outcome = Outcome(
            file: output, format: format.rawValue, bytes: bytes.count, from: "\(data.period.lowerBound)",
            to: "\(data.period.upperBound)", events: data.events)
        try printing.print(
            outcome, summary: "\(output): \(data.events) events from \(outcome.from) to \(outcome.to)")
    }

    /// Reads what an operator may see: every count.
    private func read(_ order: ReportOrder, _ pool: ReadPool, _ sql: SQLFiles) async throws -> ReportData {
        guard let status = try await DatasetStore(pool, sql: sql).status(of: dataset) else {
            throw StorageError(.dataset, "there is no dataset \(dataset): `hextant datasets list` lists them")
        }
        let risk = RiskStore(pool, sql: sql)
        return try await ReportGatherer(
            outlooks: OutlookStore(pool, sql: sql), events: EventStore(pool, sql: sql), risk: risk, topCells: risk,
            areas: AreaStore(pool, sql: sql)
        ).gather(order, of: status)
    }

    private func format() throws -> ReportFormat {
        let ending = URL(fileURLWithPath: output).pathExtension.lowercased()
        guard let format = ReportFormat(rawValue: ending) else {
            throw ValidationError("--output \"\(output)\" must end in .pdf, .svg or .png")
        }
        return format
    }

    private func order() throws -> ReportOrder {
        guard let kind = EventKind(kind) else {
            throw ValidationError("--kind must be all or the name of a group")
        }
        let length = try period.map { days in
            guard let known = OutlookPeriod(rawValue: days) else {
                throw ValidationError("--period must be 7, 28, 90 or 365 days")
            }
            return known
        }
        let day = try asOf.map { text in
            guard let day = LocalDay(text) else {
                throw ValidationError("--as-of \"\(text)\" is not a date of the form YYYY-MM-DD")
            }
            return day
        }
        return ReportOrder(try subject(), asOf: day, period: length, kind: kind, resolution: resolution)
    }

    private func subject() throws -> ReportSubject {
        if let cell {
            guard let found = try? H3Cell(cell) else { throw ValidationError("--cell \"\(cell)\" is not an H3 cell") }
            return .cell(found)
        }
        if let area {
            let parts = area.split(separator: "/", maxSplits: 1)
            guard parts.count == 2, let layer = Slug(parts[0]) else {
                throw ValidationError("--area \"\(area)\" must be LAYER/ID, such as wards/12")
            }
            return .area(layer: layer, id: String(parts[1]))
        }
        return .dataset
    }
}

extension ReportLanguage: ExpressibleByArgument {}
extension ReportPaper: ExpressibleByArgument {}
