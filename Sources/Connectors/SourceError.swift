/// Why a source cannot be read, although it answers.
package struct SourceError: Error, Hashable, CustomStringConvertible {
    /// The raw value is the label `error` of the metric `feed_errors_total`.
    package enum Code: String, Hashable, Sendable {
        /// The source says that the request is wrong or not allowed.
        case refused
        /// There is no such dataset, resource or month.
        case missing
        /// The answer does not have the form that sources of this kind have.
        case shape
        /// The source changed while it was read; the next run reads it again.
        case changed
        /// A row file cannot be written.
        case file
    }

    package let code: Code
    /// The URL with its secrets replaced by their names.
    package let url: String
    /// The fault, as a sentence without its full stop.
    package let problem: String

    package init(_ code: Code, url: String, _ problem: String) {
        self.code = code
        self.url = url
        self.problem = problem
    }

    package var description: String { "\(url): \(problem)" }
}
