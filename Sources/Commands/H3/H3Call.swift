import Foundation
import H3

/// A line of `hextant h3 call`: a function by its C name, and its arguments in the order of C without the output ones.
enum H3Call {
    /// A function. It throws only `H3Error`.
    typealias Function = @Sendable (inout H3Arguments) throws(H3Error) -> H3Value

    static let functions: [String: Function] =
        [indexing, hierarchy, traversal, regions, edges, measures]
        .reduce(into: [:]) { all, group in all.merge(group) { first, _ in first } }

    private struct Request: Decodable {
        let f: String
        let args: [H3Value]?
    }

    private struct Answer: Encodable {
        var ok: H3Value?
        var err: String?
        var detail: String?
    }

    static func answer(_ line: Substring) -> String {
        guard let request = try? JSONDecoder().decode(Request.self, from: Data(line.utf8)) else {
            return encoded(.failed, detail: "the line is not a JSON object with f and args")
        }
        guard let function = functions[request.f] else {
            return encoded(.failed, detail: "there is no function of this name")
        }
        do {
            var arguments = H3Arguments(request.args ?? [])
            let result = try function(&arguments)
            guard arguments.isEmpty else { return encoded(.failed, detail: "there are too many arguments") }
            return encoded(Answer(ok: result))
        } catch {
            return encoded(error, detail: error.description)
        }
    }

    private static func encoded(_ error: H3Error, detail: String) -> String {
        encoded(Answer(err: error.name, detail: detail))
    }

    private static func encoded(_ answer: Answer) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        // Every kind of value can be written as JSON.
        guard let data = try? encoder.encode(answer) else { return #"{"err":"E_FAILED"}"# }
        return String(decoding: data, as: UTF8.self)
    }
}
