import Domain
import Web

/// The days of a tile of several days, by `from` and `to`.
struct TilePeriod {
    private static let mostDays = 62

    private let period: Period

    /// Parses the parameters; `nil` without them. Faults are collected in `parameters`.
    init?(_ parameters: inout QueryParameters) {
        period = Period(&parameters)
        for (name, other) in [("from", "to"), ("to", "from")]
        where parameters.text(name) == nil && parameters.text(other) != nil {
            parameters.reject(name, "must be given with \(other)")
        }
        guard !period.isOpen else { return nil }
        if parameters.text("date") != nil { parameters.reject("date", "cannot be given with from and to") }
        if case .day(.date(let first)) = period.from, case .day(.date(let last)) = period.to, first <= last,
            let fault = Self.fault(first...last)
        {
            parameters.reject(fault.field, fault.message)
        }
    }

    var movesWithTheClock: Bool { period.movesWithTheClock }

    /// - Throws: ``Problem`` 400 when there are too many days, or they cannot be found out.
    func days(of status: DatasetStatus) throws(Problem) -> ClosedRange<LocalDay>? {
        let (from, to) = try period.days(of: status)
        guard let from, let to else { return nil }
        if let fault = Self.fault(from...to) { throw .badRequest([fault]) }
        return from...to
    }

    private static func fault(_ days: ClosedRange<LocalDay>) -> Problem.Field? {
        days.lowerBound.distance(to: days.upperBound) < mostDays
            ? nil : .init(field: "to", message: "must be at most \(mostDays - 1) days after from")
    }
}
