import ArgumentParser
import Foundation

/// The option for the form in which a command prints its outcome.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print one JSON object instead of the summary.")
    var json = false

    /// Prints the outcome on standard output, as JSON if requested.
    func print(_ outcome: some Encodable, summary: @autoclosure () -> String) throws {
        guard json else { return Swift.print(summary()) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        Swift.print(String(decoding: try encoder.encode(outcome), as: UTF8.self))
    }
}

extension Double {
    /// The number rounded to some digits after the point.
    func rounded(to digits: Int) -> Double {
        let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
        return (self * scale).rounded() / scale
    }
}
