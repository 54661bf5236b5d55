/// The result of inspecting one part of an installation.
package struct Finding: Hashable, Sendable {
    package enum Grade: String, Sendable, Comparable, CaseIterable {
        case well
        /// It works but could work better.
        case advice
        /// It does not work, or data may be lost.
        case bad

        package static func < (a: Self, b: Self) -> Bool {
            let order = Self.allCases
            return order.firstIndex(of: a)! < order.firstIndex(of: b)!
        }
    }

    package let part: String
    package let grade: Grade
    /// The finding as a plain sentence without secrets.
    package let detail: String
    /// Advice on how to mend it; `nil` when all is well.
    package let advice: String?

    package init(_ part: String, _ detail: String) {
        self.init(part, .well, detail, advice: nil)
    }

    package init(_ part: String, _ grade: Grade, _ detail: String, advice: String?) {
        self.part = part
        self.grade = grade
        self.detail = detail
        self.advice = advice
    }
}
