package import Domain

/// The expenditures of a dataset in memory, column by column, in the order of departments and amounts.
///
/// Names are codes into dictionaries and amounts are whole cents, so an expenditure takes 32 bytes. Because each
/// department's amounts ascend, a median is looked up instead of searched for.
package struct ExpenditureTable: Sendable {
    /// The number that stands for a day or a fiscal year that is not known.
    static let unknown = Int32.min

    /// The departments by code; the last one, `nil`, stands for expenditures without one.
    package let departments: [String?]
    package let accounts: [Account]
    package let vendors: [Vendor]
    /// The first row of each department, and the number of all rows.
    let starts: [Int]
    /// In cents.
    let amounts: [Int64]
    /// Days since 1970-01-01.
    let days: [Int32]
    let years: [Int32]
    /// Codes of vendors and accounts.
    let vendorCodes: [Int32]
    let accountCodes: [Int32]
    let ids: [Int64]
    /// The days and the fiscal years of all rows; `nil` where none is known.
    let dayRange: ClosedRange<Int32>?
    let yearRange: ClosedRange<Int32>?
    /// The memory that the table takes, in bytes.
    package let size: Int

    /// The number of expenditures.
    package var count: Int { amounts.count }

    /// A vendor: the key under which its spellings are one, and the spelling that comes most often.
    package struct Vendor: Hashable, Sendable {
        /// `nil` for expenditures without a vendor.
        package let key: String?
        package let name: String?
    }

    /// An account, with the description that comes most often.
    package struct Account: Hashable, Sendable {
        /// `nil` for expenditures without an account.
        package let name: String?
        package let description: String?
    }
}

extension ExpenditureTable {
    /// Why expenditures cannot be in memory.
    package enum Fault: Error, Hashable, Sendable, CustomStringConvertible {
        /// They need more than this many bytes.
        case tooLarge(limit: Int)
        /// The sum of their amounts, without signs, is more cents than 64 bits can count.
        case tooMuch

        package var description: String {
            switch self {
            case .tooLarge(let limit): "the expenditures need more than \(limit >> 20) MB of memory"
            case .tooMuch: "the amounts, without their signs, add up to more than 92,233,720,368,547,758.07"
            }
        }
    }

    /// Takes the expenditures of a dataset one after the other, in any order.
    ///
    /// Arrays that grow have up to twice the room that they need, and the ordered columns are made beside them: while a
    /// table is built, it takes up to four times its size.
    package struct Builder: Sendable {
        /// The bytes of an expenditure in the table.
        static let bytesPerRow = 32

        private let limit: Int
        private var departments = NameTable()
        private var accounts = NameTable()
        private var vendors = NameTable()
        private var departmentCodes: [Int32] = []
        private var amounts: [Int64] = []
        private var days: [Int32] = []
        private var years: [Int32] = []
        private var vendorCodes: [Int32] = []
        private var accountCodes: [Int32] = []
        private var ids: [Int64] = []
        /// The sum of the amounts without their signs, so that no sum of some of them can overflow.
        private var magnitude: Int64 = 0

        /// - Parameter limit: How many bytes the table may take.
        package init(limit: Int) { self.limit = limit }

        package var count: Int { amounts.count }

        private var size: Int {
            count * Self.bytesPerRow + departments.size + accounts.size + vendors.size
        }

        /// Adds an expenditure. Texts are UTF-8, `nil` for none.
        /// - Parameters:
        ///   - amount: In cents.
        ///   - key: The vendor's name by the rule under which spellings are one.
        /// - Throws: ``Fault``.
        package mutating func add(
            id: Int64, amount: Int64, day: LocalDay?, fiscalYear: Int32?, department: UnsafeRawBufferPointer?,
            account: UnsafeRawBufferPointer?, description: UnsafeRawBufferPointer?, key: UnsafeRawBufferPointer?,
            vendor: UnsafeRawBufferPointer?
        ) throws(Fault) {
            let (sum, isOver) = magnitude.addingReportingOverflow(Int64(clamping: amount.magnitude))
            guard !isOver else { throw .tooMuch }
            magnitude = sum
            departmentCodes.append(Self.code(department, department, in: &departments))
            accountCodes.append(Self.code(account, description, in: &accounts))
            vendorCodes.append(Self.code(key, vendor, in: &vendors))
            amounts.append(amount)
            days.append(day?.number ?? unknown)
            years.append(fiscalYear ?? unknown)
            ids.append(id)
            // Looked at now and then only: the sizes of three dictionaries are more than a row takes.
            guard count & 0x3ff != 0 || size <= limit else { throw .tooLarge(limit: limit) }
        }

        private static func code(
            _ key: UnsafeRawBufferPointer?, _ spelling: UnsafeRawBufferPointer?, in names: inout NameTable
        ) -> Int32 {
            guard let key else { return -1 }
            return names.add(key, spelling: spelling ?? UnsafeRawBufferPointer(start: nil, count: 0))
        }

        /// The table of what was added.
        /// - Throws: ``Fault``.
        package func table() throws(Fault) -> ExpenditureTable {
            guard size <= limit else { throw .tooLarge(limit: limit) }
            let (rows, starts) = order()
            func column<Value>(_ values: [Value]) -> [Value] { rows.map { values[Int($0)] } }
            let (accountCount, vendorCount) = (Int32(accounts.count), Int32(vendors.count))
            return ExpenditureTable(
                departments: departments.texts + [nil],
                accounts: zip(accounts.texts, accounts.commonSpellings).map {
                    Account(name: $0, description: $1.isEmpty ? nil : $1)
                } + [Account(name: nil, description: nil)],
                vendors: zip(vendors.texts, vendors.commonSpellings).map { Vendor(key: $0, name: $1) }
                    + [Vendor(key: nil, name: nil)],
                starts: starts, amounts: column(amounts), days: column(days), years: column(years),
                vendorCodes: rows.map { vendorCodes[Int($0)] < 0 ? vendorCount : vendorCodes[Int($0)] },
                accountCodes: rows.map { accountCodes[Int($0)] < 0 ? accountCount : accountCodes[Int($0)] },
                ids: column(ids), dayRange: Self.range(days), yearRange: Self.range(years),
                size: count * Self.bytesPerRow + departments.size + accounts.size + 2 * vendors.size)
        }

        /// The rows by department, amount and id, and the first row of each department.
        private func order() -> (rows: [Int32], starts: [Int]) {
            let last = departments.count
            var starts = [Int](repeating: 0, count: last + 2)
            for code in departmentCodes { starts[(code < 0 ? last : Int(code)) + 1] += 1 }
            for code in 0...last { starts[code + 1] += starts[code] }
            var places = starts
            var rows = [Int32](repeating: 0, count: count)
            for (row, code) in departmentCodes.enumerated() {
                let department = code < 0 ? last : Int(code)
                rows[places[department]] = Int32(row)
                places[department] += 1
            }
            amounts.withUnsafeBufferPointer { amounts in
                ids.withUnsafeBufferPointer { ids in
                    for department in 0...last {
                        rows[starts[department]..<starts[department + 1]].sort { one, other in
                            let (a, b) = (amounts[Int(one)], amounts[Int(other)])
                            return a == b ? ids[Int(one)] < ids[Int(other)] : a < b
                        }
                    }
                }
            }
            return (rows, starts)
        }

        /// The least and the greatest known value.
        private static func range(_ values: [Int32]) -> ClosedRange<Int32>? {
            var (least, greatest) = (Int32.max, Int32.min)
            for value in values where value != unknown {
                least = min(least, value)
                greatest = max(greatest, value)
            }
            return least <= greatest ? least...greatest : nil
        }
    }
}
