/// A reason why a model cannot be trained, read or asked.
package struct ModelError: Error, Hashable, CustomStringConvertible {
    package enum Code: Sendable {
        /// The data are too few, or do not differ in what is to be learnt.
        case data
        /// A file is not one of a model of this version.
        case file
        /// XGBoost refused.
        case library
        /// The training was cancelled.
        case cancelled
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
