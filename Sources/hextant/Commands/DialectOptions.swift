import ArgumentParser
import Feeds
import Risk

/// The options that state how a file is written, instead of finding it out.
struct DialectOptions: ParsableArguments {
    @Option(help: "csv, ndjson or json (an array, or GeoJSON).")
    var format: String?

    @Option(help: "utf-8, utf-16le, utf-16be, cp1252 or latin-1.")
    var encoding: String?

    @Option(help: "One character, or tab.")
    var delimiter: String?

    @Option(help: "point or comma, of coordinates.")
    var decimal: String?

    func validate() throws { _ = try dialect() }

    var words: StatedDialect {
        StatedDialect(format: format, encoding: encoding, delimiter: delimiter, decimal: decimal)
    }

    func dialect() throws -> Dialect {
        do {
            return try Dialect(words)
        } catch {
            throw ValidationError("--\(error.key) \(error.problem)")
        }
    }
}
