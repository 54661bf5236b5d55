import ArgumentParser
import Domain
import Feeds

/// The options that state how a file is written, instead of finding it out.
struct DialectOptions: ParsableArguments {
    @Option(help: "Format of the file: csv, ndjson (an object a line), json, xlsx, gpkg. Default: detected.")
    var format: String?

    @Option(help: "Encoding of the file: utf-8, cp1252, shift_jis or another that iconv knows. Default: detected.")
    var encoding: String?

    @Option(help: "Delimiter of the columns: one character, or tab. Default: detected.")
    var delimiter: String?

    @Option(help: "Decimal sign of coordinates: point or comma. Default: both.")
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
