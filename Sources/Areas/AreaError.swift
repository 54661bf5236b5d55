/// The reason why a file of areas cannot be read, or its conversion not be written.
package struct AreaError: Error, Equatable, CustomStringConvertible {
    package enum Code: Sendable {
        /// The file cannot be opened, read or written, or is not of a kind that is known.
        case file
        /// The file says something that its format does not allow.
        case damaged
        /// The file does not say in which reference system its coordinates are, or PROJ does not know it.
        case reference
        /// The file has several layers and none was chosen, or not the one that was.
        case layer
        /// A column that was asked for is missing.
        case column
        /// The file is beyond a limit of ``AreaLimits``.
        case limit
    }

    package let code: Code
    /// The file at fault.
    package let file: String
    /// The number of the record, counted from 1, if there is one.
    package let record: Int?
    /// The fault and how to mend it, as a sentence.
    package let problem: String

    package init(_ code: Code, file: String, record: Int? = nil, _ problem: String) {
        self.code = code
        self.file = file
        self.record = record
        self.problem = problem
    }

    package var description: String {
        record.map { "\(file): record \($0): \(problem)" } ?? "\(file): \(problem)"
    }
}

/// A fault that does not know yet in which file and record it is.
struct Fault: Error {
    let code: AreaError.Code
    let problem: String

    init(_ problem: String, _ code: AreaError.Code = .damaged) {
        self.code = code
        self.problem = problem
    }

    func at(_ file: String, record: Int? = nil) -> AreaError { AreaError(code, file: file, record: record, problem) }
}
