import ArgumentParser
import Foundation

/// How a command tells its outcome.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print one JSON object instead of the summary.")
    var json = false

    /// Prints the outcome on standard output, as JSON when that was asked for.
    func print(_ outcome: some Encodable, summary: @autoclosure () -> String) throws {
        guard json else { return Swift.print(summary()) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        Swift.print(String(decoding: try encoder.encode(outcome), as: UTF8.self))
    }
}

extension Duration {
    /// In seconds, for people and for JSON.
    var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}

extension Double {
    /// With so many digits after the point.
    func rounded(to digits: Int) -> Double {
        let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
        return (self * scale).rounded() / scale
    }
}
