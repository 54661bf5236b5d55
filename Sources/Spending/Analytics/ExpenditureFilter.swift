package import Domain

/// The expenditures that an answer is about.
///
/// Every figure is of the selected expenditures alone, also those that compare a period with an earlier one: what is
/// not selected counts as not known.
package struct ExpenditureFilter: Hashable, Sendable {
    /// The fiscal years; empty for all, and for expenditures without one.
    package var fiscalYears: [Int] = []
    /// The departments, as they are written; empty for all.
    package var departments: [String] = []
    /// The keys of the vendors, by the rule for their names; empty for all.
    package var vendors: [String] = []
    /// The first and the last day on which expenditures were entered; `nil` for an open end. Expenditures without a day
    /// are in no period.
    package var from: LocalDay?
    package var to: LocalDay?

    package init(
        fiscalYears: [Int] = [], departments: [String] = [], vendors: [String] = [], from: LocalDay? = nil,
        to: LocalDay? = nil
    ) {
        self.fiscalYears = fiscalYears
        self.departments = departments
        self.vendors = vendors
        self.from = from
        self.to = to
    }

    /// Whether it selects everything.
    package var isOpen: Bool { self == Self() }
}
