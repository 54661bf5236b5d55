/// A report that cannot be made of what was asked for.
package struct ReportRefusal: Error, Hashable, CustomStringConvertible {
    /// The parameter at fault.
    package let field: String
    /// The fault in words; a whole sentence where something does not exist.
    package let message: String
    /// Whether the subject does not exist, and not only has no such report.
    package let isMissing: Bool

    init(_ field: String, _ message: String, isMissing: Bool = false) {
        self.field = field
        self.message = message
        self.isMissing = isMissing
    }

    package var description: String { isMissing ? message : "\(field): \(message)" }
}
