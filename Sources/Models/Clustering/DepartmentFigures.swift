import Foundation

/// The figures of a department's payments over a period.
package struct DepartmentFigures: Hashable, Sendable {
    package let department: String
    /// The number of payments.
    package let payments: Int
    /// The sum of the payments, reversals taken off, in the dataset's currency.
    package let total: Double
    /// The Herfindahl-Hirschman index of the department's vendors, 0 to 10,000, by their positive totals.
    package let vendorHHI: Double
    /// The share of the total that was entered in the last quarter of fiscal years, from 0 to 1.
    package let lastQuarter: Double
    /// The totals of the newest fiscal year so far, and of the same part of the year before.
    package let newest: Double
    package let before: Double

    package init(
        department: String, payments: Int, total: Double, vendorHHI: Double, lastQuarter: Double, newest: Double,
        before: Double
    ) {
        self.department = department
        self.payments = payments
        self.total = total
        self.vendorHHI = vendorHHI
        self.lastQuarter = lastQuarter
        self.newest = newest
        self.before = before
    }

    /// The features of the clusters, in the order of ``features``.
    package static let names = [
        "log_total", "log_mean", "log_count", "vendor_hhi", "last_quarter_share", "growth",
    ]
    /// How people call the features, each after "higher" or "lower".
    package static let words = [
        "total", "mean payment", "number of payments", "concentration on few vendors", "share of the last quarter",
        "growth",
    ]
    /// Growth beyond this is as this: a department that began counts no more than one that grew twentyfold.
    private static let mostGrowth = 3.0

    /// The numbers that departments are compared by: natural logarithms of total, mean and count (totals below 1 count
    /// as 1), the index, the share, and the logarithm of the ratio of the two years, from -3 to 3.
    package var features: [Double] {
        let growth = log(max(newest, 1) / max(before, 1))
        return [
            log(max(total, 1)), log(max(total / Double(max(payments, 1)), 1)), log(Double(max(payments, 1))), vendorHHI,
            min(1, max(0, lastQuarter)), min(Self.mostGrowth, max(-Self.mostGrowth, growth)),
        ]
    }
}
