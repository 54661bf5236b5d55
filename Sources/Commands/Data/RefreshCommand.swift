import ArgumentParser
import Domain
import Storage

struct RefreshCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh",
        abstract: "Serve the newest scores: build the next view and swap it in.",
        discussion: "Readers are not delayed. Every running server is told of the new generation at once.")

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    private struct Outcome: Encodable {
        let generation: Int64
        let rows: Int64
        let buildSeconds: Double
        let swapSeconds: Double
    }

    func run() async throws {
        let options = try database.postgres()
        let sql = try Installation.find().sql()
        let line = ProgressLine()
        let done = try await audited("refresh", options, sql) {
            let done = try await ViewRefresh(options, sql: sql).refresh { step in
                switch step {
                case .building(let name, let part, let all): line.show(part: part, of: all, name)
                case .swapping(1): line.show("swapping it in")
                case .swapping(let attempt): line.show("waiting for a reader to end (attempt \(attempt))")
                }
            }
            return (done, "generation \(done.generation), \(done.rows) rows")
        }
        line.finish()
        let outcome = Outcome(
            generation: done.generation, rows: done.rows, buildSeconds: done.buildTime.inSeconds.rounded(to: 3),
            swapSeconds: done.swapTime.inSeconds.rounded(to: 3))
        try output.print(
            outcome,
            summary: """
                Generation \(outcome.generation) is served: \(outcome.rows) rows, built in \(outcome.buildSeconds) s, \
                swapped in \(outcome.swapSeconds) s
                """)
    }
}
