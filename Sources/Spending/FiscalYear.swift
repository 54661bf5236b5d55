package import Domain

/// Fiscal years, named by the calendar year in which they end: 2024 is July 2023 to June 2024 in Boston, and April 2023
/// to March 2024 in the United Kingdom, where it is written 2023/24.
package enum FiscalYear {
    /// The years that are believed.
    package static let known = 1900...2200

    /// The fiscal year of a day.
    ///
    /// - Parameter begins: The month in which a fiscal year begins, 1 to 12.
    package static func of(_ day: LocalDay, begins: Int) -> Int {
        let (year, month, _) = day.civil
        return begins > 1 && month >= begins ? year + 1 : year
    }

    /// The year of a text such as `2024`, `FY24`, `FY 2024`, `2023/24` or `2023-2024`; `nil` for another.
    package static func read(_ text: String) -> Int? {
        var rest = text.lowercased()[...]
        if rest.hasPrefix("fy") { rest = rest.dropFirst(2) }
        while rest.first == " " { rest.removeFirst() }
        let parts = rest.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "-" }
        let numbers = parts.map { part in
            part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(part) : nil
        }
        switch parts.count {
        case 1:
            guard let number = numbers[0] else { return nil }
            return parts[0].count == 4 ? number : parts[0].count == 2 ? 2000 + number : nil
        case 2:
            guard let first = numbers[0], parts[0].count == 4, let second = numbers[1] else { return nil }
            let isNext = second == (parts[1].count == 2 ? (first + 1) % 100 : first + 1)
            return isNext && [2, 4].contains(parts[1].count) ? first + 1 : nil
        default: return nil
        }
    }
}
