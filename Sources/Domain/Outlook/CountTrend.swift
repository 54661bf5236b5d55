/// The word for how the count of a period compares with that of the period before.
package enum CountTrend: String, CaseIterable, Sendable, Codable {
    case rising
    case falling
    /// No significant change.
    case steady
    /// Too few events to tell.
    case few
}
