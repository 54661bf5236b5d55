/// The events of the last 12 full months against those of the 12 months before.
package struct AreaTrend: Hashable, Sendable {
    package enum Label: String, Sendable {
        case rising
        case falling
        case steady
        /// Fewer than ten events in both years together: nothing can be said.
        case few
    }

    package let last: Int
    package let before: Int
    /// The change in percent of the year before; nil when there were no events in it.
    package let change: Double?
    /// The chance of at least such a difference if nothing had changed, from 0 to 1.
    package let p: Double
    package let label: Label

    private static let fewestEvents = 10
    private static let significance = 0.05

    package init(last: Int, before: Int) {
        self.last = last
        self.before = before
        change = before > 0 ? 100 * Double(last - before) / Double(before) : nil
        p = BinomialTest.p(last, before)
        if last + before < Self.fewestEvents {
            label = .few
        } else if p < Self.significance {
            label = last > before ? .rising : .falling
        } else {
            label = .steady
        }
    }
}
