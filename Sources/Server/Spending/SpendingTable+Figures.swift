import Domain
import JSON
package import Spending

extension SpendingTrends {
    /// The answer with these figures.
    package func table(_ expenditures: ExpenditureTable) -> SpendingTable {
        let groups: [String] =
            switch division {
            case .month, .quarter, .fiscalYear: []
            case .department: ["department"]
            case .account: ["account", "account_description"]
            }
        let ends = division == .month ? ["mean_12_months"] : []
        return SpendingTable(
            columns: groups + ["period", "total", "count", "change", "change_percent"] + ends, count: rows.count,
            values: { index in
                let row = rows[index]
                var values = group(of: row, expenditures).map(SpendingValue.text)
                values += [
                    .text(row.period.description), .amount(row.sum.cents), .integer(row.sum.count),
                    .amount(row.change?.cents), .number(row.change?.percent),
                ]
                if division == .month { values.append(.number(row.mean12Months.map { $0 / 100 })) }
                return values
            },
            identity: { index in
                let row = rows[index]
                return ([row.period.description] + group(of: row, expenditures).prefix(1).map(Identity.text))
                    .joined(separator: " ")
            },
            summary: { json in
                json.field("by", division.rawValue)
                json.amount("total", total.cents)
                json.field("count", total.count)
                json.sum("undated", undated)
            })
    }

    private func group(of row: Row, _ expenditures: ExpenditureTable) -> [String?] {
        guard let group = row.group else { return [] }
        if division == .department { return [expenditures.departments[group]] }
        let account = expenditures.accounts[group]
        return [account.name, account.description]
    }
}

extension DepartmentInsights {
    /// The answer with these figures.
    package func table(_ expenditures: ExpenditureTable) -> SpendingTable {
        SpendingTable(
            columns: [
                "department", "total", "count", "mean", "median", "share", "growth", "growth_percent", "vendors", "hhi",
                "cr4", "top_vendor", "top_vendor_share",
            ],
            count: rows.count,
            values: { index in
                let row = rows[index]
                let top = row.topVendors.first
                return [
                    .text(expenditures.departments[row.department]), .amount(row.sum.cents), .integer(row.sum.count),
                    .number(row.mean / 100), .number(row.median / 100), .number(row.share), .amount(row.growth?.cents),
                    .number(row.growth?.percent), .integer(row.vendors.vendors), .number(row.vendors.hhi),
                    .number(row.vendors.cr4), .text(top.flatMap { expenditures.vendors[$0.vendor].name }),
                    .number(top?.share),
                ]
            },
            identity: { Identity.text(expenditures.departments[rows[$0].department]) },
            summary: { json in
                json.amount("total", total.cents)
                json.field("count", total.count)
                json.name("growth_of")
                if let lastYear { json.value(lastYear) } else { json.null() }
                json.field("hhi", shares.hhi)
                json.field("shares_of", "the sum of the totals above 0")
                json.amount("positive_total", shares.cents)
            },
            members: { json, index in
                json.array("top_vendors", of: rows[index].topVendors) { json, top in
                    let vendor = expenditures.vendors[top.vendor]
                    json.object { json in
                        json.field("vendor", vendor.name)
                        json.field("vendor_key", vendor.key)
                        json.amount("total", top.sum.cents)
                        json.field("count", top.sum.count)
                        json.field("share", top.share)
                    }
                }
            })
    }
}

extension VendorConcentration {
    /// The answer with these figures.
    package func table(_ expenditures: ExpenditureTable) -> SpendingTable {
        SpendingTable(
            columns: ["rank", "vendor", "vendor_key", "total", "count", "share", "cumulative_share"], count: rows.count,
            values: { index in
                let row = rows[index]
                let vendor = expenditures.vendors[row.vendor]
                return [
                    .integer(index + 1), .text(vendor.name), .text(vendor.key), .amount(row.sum.cents),
                    .integer(row.sum.count), .number(row.share), .number(row.cumulative),
                ]
            },
            identity: { Identity.text(expenditures.vendors[rows[$0].vendor].key) },
            summary: { json in
                json.amount("total", total.cents)
                json.field("count", total.count)
                json.sum("unnamed", unnamed)
                json.field("shares_of", "the sum of the totals above 0")
                json.amount("positive_total", shares.cents)
                json.field("vendors", shares.vendors)
                json.object("left_out") { json in
                    json.field("vendors", shares.leftOut)
                    json.amount("total", shares.leftOutCents)
                }
                json.field("hhi", shares.hhi)
                json.field("cr4", shares.cr4)
                json.field("cr10", shares.cr10)
                json.field("gini", shares.gini)
                json.array("lorenz", of: lorenz) { json, point in
                    json.object { json in
                        json.field("vendors", point.vendors)
                        json.field("amount", point.amount)
                    }
                }
            })
    }
}

extension SpendingOutliers {
    /// The answer with these figures.
    package func table(_ expenditures: ExpenditureTable) -> SpendingTable {
        SpendingTable(
            columns: [
                "id", "entered", "fiscal_year", "department", "account", "account_description", "vendor", "vendor_key",
                "amount", "direction", "z", "usual", "compared",
            ],
            count: rows.count,
            values: { index in
                let row = rows[index]
                let account = expenditures.accounts[row.account]
                let vendor = expenditures.vendors[row.vendor]
                return [
                    .integer(Int(row.id)), .text(row.day.map { "\(LocalDay(number: $0))" }), .integer(row.fiscalYear),
                    .text(expenditures.departments[row.department]), .text(account.name), .text(account.description),
                    .text(vendor.name), .text(vendor.key), .amount(row.cents), .text(row.z > 0 ? "high" : "low"),
                    .number(row.z), .number(row.usual / 100), .integer(row.compared),
                ]
            },
            identity: { String(rows[$0].id) },
            summary: { json in
                json.amount("total", total.cents)
                json.field("count", total.count)
                json.field("outliers", rows.count)
                json.field("threshold", Self.threshold)
                json.field("groups", groups)
                json.field("judged", judged)
                json.object("too_few") { $0.fields(of: fewAmounts) }
                json.object("no_spread") { $0.fields(of: noSpread) }
                json.sum("not_positive", notPositive)
                json.object("first_digits") { $0.fields(of: digits) }
            })
    }
}

/// Texts that tell items apart.
private enum Identity {
    /// The text of a name; of `nil` it is one that no name has.
    static func text(_ name: String?) -> String { name.map { "=\($0)" } ?? "-" }
}

extension JSONWriter {
    fileprivate mutating func fields(of unjudged: SpendingOutliers.Unjudged) {
        field("groups", unjudged.groups)
        field("expenditures", unjudged.expenditures)
    }

    fileprivate mutating func fields(of digits: FirstDigits) {
        let sum = digits.counts.reduce(0, +)
        field("amounts", sum)
        array("digits", of: digits.counts.indices) { json, index in
            json.object { json in
                json.field("digit", index + 1)
                json.field("count", digits.counts[index])
                json.field("share", sum > 0 ? Double(digits.counts[index]) / Double(sum) : nil)
                json.field("expected", FirstDigits.expected[index])
            }
        }
        field("chi_square", digits.chiSquare)
        field("p", digits.p)
        field("mean_deviation", digits.meanDeviation)
        field("conformity", digits.conformity)
    }
}
