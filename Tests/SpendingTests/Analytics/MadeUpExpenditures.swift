import Domain
import Testing

@testable import Spending

/// An expenditure of a test.
struct MadeUpExpenditure {
    var cents: Int64
    var day: String?
    var year: Int32?
    var department: String? = "Parks"
    var account: String? = "Supplies"
    var vendor: String? = "Acme"
    var key: String?

    init(
        _ cents: Int64, day: String? = nil, year: Int32? = nil, department: String? = "Parks",
        account: String? = "Supplies", vendor: String? = "Acme", key: String? = nil
    ) {
        self.cents = cents
        self.day = day
        self.year = year
        self.department = department
        self.account = account
        self.vendor = vendor
        self.key = key ?? vendor.map { $0.lowercased() }
    }
}

/// A table of expenditures, whose ids count from 1 in their order.
func table(_ expenditures: [MadeUpExpenditure], limit: Int = 1 << 24) throws -> ExpenditureTable {
    var builder = ExpenditureTable.Builder(limit: limit)
    for (index, each) in expenditures.enumerated() {
        let day = try each.day.map { try #require(LocalDay($0)) }
        try bytes(each.department) { department in
            try bytes(each.account) { account in
                try bytes(each.key) { key in
                    try bytes(each.vendor) { vendor in
                        try builder.add(
                            id: Int64(index + 1), amount: each.cents, day: day, fiscalYear: each.year,
                            department: department, account: account, description: account, key: key, vendor: vendor)
                    }
                }
            }
        }
    }
    return try builder.table()
}

private func bytes(_ text: String?, _ body: (UnsafeRawBufferPointer?) throws -> Void) rethrows {
    guard let text else { return try body(nil) }
    try Array(text.utf8).withUnsafeBytes { try body($0) }
}
