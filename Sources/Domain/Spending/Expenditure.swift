/// The statements of a payment, as a file or a client makes them.
package struct ExpenditureFields: Hashable, Sendable {
    /// The fiscal year, named by the calendar year in which it ends.
    package var fiscalYear: Int?
    /// The day of the payment or of its entry into the books.
    package var entered: LocalDay?
    /// The vendor as the source writes it.
    package var vendor: String?
    package var department: String?
    package var account: String?
    package var accountDescription: String?
    package var organisation: String?
    package var amount: Amount

    package init(
        fiscalYear: Int? = nil, entered: LocalDay? = nil, vendor: String? = nil, department: String? = nil,
        account: String? = nil, accountDescription: String? = nil, organisation: String? = nil, amount: Amount
    ) {
        self.fiscalYear = fiscalYear
        self.entered = entered
        self.vendor = vendor
        self.department = department
        self.account = account
        self.accountDescription = accountDescription
        self.organisation = organisation
        self.amount = amount
    }
}

/// A payment that is stored.
package struct Expenditure: Hashable, Sendable {
    package let id: Int64
    package let dataset: Slug
    /// The source's own id of the row, or its identity by content.
    package let sourceID: String
    package let fields: ExpenditureFields
    /// The vendor's name by the rule of `VendorKey`, under which its spellings are one.
    package let vendorKey: String?
    /// The number by which a change of the row is noticed, 1 for a row that never changed.
    package let version: Int64
    /// The batch that brought the row or changed it last; `nil` for one that was written by hand.
    package let batch: Int64?

    package init(
        id: Int64, dataset: Slug, sourceID: String, fields: ExpenditureFields, vendorKey: String?, version: Int64,
        batch: Int64?
    ) {
        self.id = id
        self.dataset = dataset
        self.sourceID = sourceID
        self.fields = fields
        self.vendorKey = vendorKey
        self.version = version
        self.batch = batch
    }
}
