import ArgumentParser
import Domain
import H3
import Postgres
import Storage

struct ExplainScoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain-score",
        abstract: "Show how the score of a cell on a day was computed.",
        discussion: "docs/scoring.md explains the numbers.")

    @Option(help: "Slug of the dataset.", transform: Slug.argument)
    var dataset: Slug

    @Option(help: "H3 resolution, 0 to 15. Default: that of the cell.")
    var resolution: Int?

    @Option(help: "H3 index of the cell, in hexadecimal.")
    var cell: String

    @Option(help: "The day, YYYY-MM-DD, in the dataset's time zone.")
    var date: String

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        let cell = try parsedCell()
        if let resolution, resolution != cell.resolution.number {
            throw ValidationError("--cell \(self.cell) has resolution \(cell.resolution), not \(resolution)")
        }
        _ = try parsedDay()
    }

    func run() async throws {
        let sql = try Installation.find().sql()
        let cell = try parsedCell()
        let day = try parsedDay()
        let options = try database.postgres()
        let found = try await PostgresConnection.withConnection(options) { connection in
            _ = try await DatasetStore(connection, sql: sql).datasetOfEvents(dataset)
            return try await ExplanationStore(connection, sql: sql).explanation(dataset: dataset, cell: cell, day: day)
        }
        guard let found else {
            throw StorageError(
                .dataset,
                "cell \(self.cell) has no score on \(date): it had no events that day, or the day was not scored at "
                    + "resolution \(cell.resolution)"
            )
        }
        let report = ScoreReport(found, dataset: dataset, cell: self.cell, day: day, resolution: cell.resolution.number)
        try output.print(report, summary: report.text)
    }

    private func parsedCell() throws -> H3Cell {
        guard let cell = try? H3Cell(cell) else { throw ValidationError("--cell \"\(cell)\" is not an H3 cell") }
        return cell
    }

    private func parsedDay() throws -> LocalDay {
        guard let day = LocalDay(date) else {
            throw ValidationError("--date \"\(date)\" is not a date of the form YYYY-MM-DD")
        }
        return day
    }
}
