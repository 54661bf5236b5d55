/// Why a mapping or a file cannot be used at all.
///
/// A single bad record is a dead letter, never one of these.
package struct FeedError: Error, Equatable, CustomStringConvertible {
    package enum Code: Sendable {
        /// The mapping cannot be found, read or understood.
        case mapping
        /// The file cannot be opened or read.
        case file
        /// The file is compressed or in another encoding than UTF-8.
        case encoding
        /// The file has no header line, or its columns are not those of the mapping.
        case header
    }

    package let code: Code
    /// The file at fault.
    package let file: String
    /// The line, counted from 1, if there is one.
    package let line: Int?
    /// The fault and how to mend it, as a sentence.
    package let problem: String

    init(_ code: Code, file: String, line: Int? = nil, _ problem: String) {
        self.code = code
        self.file = file
        self.line = line
        self.problem = problem
    }

    package var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        return "\(place): \(problem)"
    }
}
