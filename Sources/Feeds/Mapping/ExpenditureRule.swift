import Spending

/// How a record becomes an expenditure.
struct ExpenditureRule: Sendable {
    static let keys = [
        "amount", "vendor", "department", "account", "account_description", "organisation", "reference", "fiscal_year",
        "fiscal_year_begins",
    ]

    let amount: Mapping.Column
    let vendor: Mapping.Column?
    let department: Mapping.Column?
    let account: Mapping.Column?
    let accountDescription: Mapping.Column?
    let organisation: Mapping.Column?
    /// The column that is not stored, and tells payments apart which are otherwise equal.
    let reference: Mapping.Column?
    let fiscalYear: Mapping.Column?
    /// The month in which a fiscal year begins, 1 to 12, where it follows from the date.
    let yearBegins: Int?
    /// Whether records have a date.
    let hasTime: Bool
    let amounts: AmountText

    init(_ node: MappingNode, hasTime: Bool, decimal: Dialect.Decimal?) throws(FeedError) {
        func column(_ key: String) throws(FeedError) -> Mapping.Column? {
            var column = try node.column(key)
            column?.isOptional = true
            return column
        }
        amount = try node.requiredColumn("amount")
        vendor = try column("vendor")
        department = try column("department")
        account = try column("account")
        accountDescription = try column("account_description")
        organisation = try column("organisation")
        reference = try column("reference")
        fiscalYear = try column("fiscal_year")
        self.hasTime = hasTime
        amounts = AmountText(isDecimalComma: decimal == .comma)
        guard let text = try node.text("fiscal_year_begins") else {
            yearBegins = nil
            return
        }
        guard let month = Int(text), (1...12).contains(month) else {
            throw node.error("fiscal_year_begins", "must be a month from 1 to 12")
        }
        guard hasTime else { throw node.error("fiscal_year_begins", "needs time:, from which the year follows") }
        yearBegins = month
    }

    var columns: [Mapping.Column] {
        [amount]
            + [vendor, department, account, accountDescription, organisation, reference, fiscalYear].compactMap { $0 }
    }
}

extension Mapping {
    /// Refuses keys that have no meaning where records become expenditures.
    static func checkExpenditure(_ top: MappingNode) throws(FeedError) {
        for key in ["event_type", "coordinates", "count", "attributes", "identity"] where top.has(key) {
            throw top.error(key, "has no meaning with expenditure:")
        }
    }
}
