import Domain
import Formats
import JSON

/// The expenditures of a dataset, by id.
struct ExpenditureFeatures: FeatureSource {
    static let shape = FeatureShape.none
    static let properties = [
        FeatureProperty("id", .integer), FeatureProperty("dataset", .text), FeatureProperty("source_id", .text),
        FeatureProperty("fiscal_year", .integer), FeatureProperty("entered", .day), FeatureProperty("vendor", .text),
        FeatureProperty("vendor_key", .text), FeatureProperty("department", .text), FeatureProperty("account", .text),
        FeatureProperty("account_description", .text), FeatureProperty("organisation", .text),
        FeatureProperty("amount", .number), FeatureProperty("version", .integer), FeatureProperty("batch", .integer),
    ]

    let expenditures: any ExpenditureRepository
    let query: ExpenditureQuery

    func page(_ page: PageRequest<Expenditure>) async throws -> Page<Expenditure> {
        try await expenditures.expenditures(query, page)
    }

    func feature(_ row: Expenditure) -> Feature { Feature(values: Self.values(of: row)) }

    func text(_ cursor: Int64) -> String { String(cursor) }

    /// The values. The amount is written in its digits, so it is never made a floating-point number.
    static func values(of row: Expenditure) -> [PropertyValue] {
        let fields = row.fields
        return [
            .integer(Int(row.id)), .text(row.dataset.text), .text(row.sourceID),
            fields.fiscalYear.map { .integer($0) } ?? .null, PropertyValue(fields.entered?.description),
            PropertyValue(fields.vendor), PropertyValue(row.vendorKey), PropertyValue(fields.department),
            PropertyValue(fields.account), PropertyValue(fields.accountDescription),
            PropertyValue(fields.organisation), .json(fields.amount.description), .integer(Int(row.version)),
            row.batch.map { .integer(Int($0)) } ?? .null,
        ]
    }
}

extension JSONWriter {
    /// Writes the fields of an expenditure. Its amount is a number with two decimals, exact in its digits.
    mutating func fields(of row: Expenditure) {
        for (property, value) in zip(ExpenditureFeatures.properties, ExpenditureFeatures.values(of: row)) {
            name(property.name)
            self.value(value)
        }
    }
}
