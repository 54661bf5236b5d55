/// The text of an amount with two decimals, exact for any number of cents.
package enum CentsText {
    /// The text, such as `-1234.50`.
    package static func of(_ cents: Int64) -> String {
        let (whole, rest) = cents.magnitude.quotientAndRemainder(dividingBy: 100)
        return "\(cents < 0 ? "-" : "")\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }
}
