import Domain
import Formats
import Spending
import Web

/// The parameters that all figures of expenditures have in common: the dataset, the filter, the page and the format.
struct SpendingParameters {
    static let known = ["dataset", "fiscal_year", "department", "vendor", "from", "to", "limit", "after", "f"]
    /// The largest number of items of a page, and of rows of CSV.
    private static let mostItems = 500
    private static let mostRows = 1_000_000
    private static let mostYears = 50
    /// The longest name, in bytes.
    private static let longestName = 1000

    let dataset: Slug?
    let filter: ExpenditureFilter
    /// The vendor as the client writes it.
    let vendor: String?
    let format: ListFormat
    let limit: Int
    let after: String?

    /// Parses the parameters. Faults are collected in `parameters`.
    /// - Parameter formats: The formats of the answer.
    init(_ parameters: inout QueryParameters, accept: String?, formats: [ListFormat] = [.json, .csv]) {
        dataset = parameters.dataset()
        let years = parameters.parsed("fiscal_year", "one to \(Self.mostYears) years with commas, such as 2016,2017") {
            Self.years($0)
        }
        let department = parameters.spendingName("department", upTo: Self.longestName)
        vendor = parameters.spendingName("vendor", upTo: Self.longestName)
        let key = vendor.map { VendorKey.key(of: $0) }
        if key == "" { parameters.reject("vendor", "has no letter or digit") }
        let from = parameters.parsed("from", "a date such as 2016-04-01") { LocalDay($0) }
        let to = parameters.parsed("to", "a date such as 2017-03-31") { LocalDay($0) }
        if let from, let to, to < from { parameters.reject("to", "must not be earlier than from") }
        filter = ExpenditureFilter(
            fiscalYears: years ?? [], departments: department.map { [$0] } ?? [], vendors: key.map { [$0] } ?? [],
            from: from, to: to)
        format = ListFormat(&parameters, accept: accept, among: formats)
        let most = format == .csv ? Self.mostRows : Self.mostItems
        limit =
            parameters.parsed("limit", "a number from 1 to \(most)") { text in
                guard text.utf8.count <= 7, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
                return Int(text).flatMap { (1...most).contains($0) ? $0 : nil }
            } ?? (format == .csv ? most : 100)
        after = parameters.text("after")
    }

    /// Parses years with commas, each once and ascending.
    private static func years(_ text: String) -> [Int]? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= mostYears else { return nil }
        var years: Set<Int> = []
        for part in parts {
            guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let year = Int(part)
            else { return nil }
            years.insert(year)
        }
        return years.sorted()
    }
}

extension QueryParameters {
    /// Parses the name of a department or vendor.
    fileprivate mutating func spendingName(_ name: String, upTo longest: Int) -> String? {
        parsed(name, "a name of 1 to \(longest) bytes") { (1...longest).contains($0.utf8.count) ? $0 : nil }
    }

    /// Parses what has places; departments without the parameter.
    mutating func placedKind() -> ExpenditurePlace.Kind {
        parsed("of", "department or vendor") { ExpenditurePlace.Kind(rawValue: $0) } ?? .department
    }
}
