package import Domain
package import Reports

/// The subject and the choices of a report.
package struct ReportOrder: Hashable, Sendable {
    package var subject: ReportSubject
    /// The last day of the period; `nil` for the newest day with an outlook, else the last scored one.
    package var asOf: LocalDay?
    /// The length of the period; `nil` for the usual one: a year for an area, else 28 days.
    package var period: OutlookPeriod?
    package var kind: EventKind
    /// The resolution of the map; `nil` for one that fits. A cell has its own.
    package var resolution: Int?

    package init(
        _ subject: ReportSubject, asOf: LocalDay? = nil, period: OutlookPeriod? = nil, kind: EventKind = .all,
        resolution: Int? = nil
    ) {
        self.subject = subject
        self.asOf = asOf
        self.period = period
        self.kind = kind
        self.resolution = resolution
    }

    /// The days of the period that ends on a day.
    func days(upTo last: LocalDay) -> ClosedRange<LocalDay> {
        var usual = OutlookPeriod.usual
        // Rates of a month are too few events to compare areas by.
        if case .area = subject { usual = .year }
        return last.advanced(by: 1 - (period ?? usual).rawValue)...last
    }
}
