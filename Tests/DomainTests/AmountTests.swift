import Domain
import Testing

@Suite struct AmountTests {
    @Test(arguments: [
        (0, "0.00"), (5, "0.05"), (-5, "-0.05"), (100, "1.00"), (-123_456, "-1234.56"),
        (99_999_999_999_999, "999999999999.99"),
    ])
    func anAmountIsWrittenWithTwoDecimals(_ cents: Int64, _ text: String) throws {
        let amount = try #require(Amount(cents: cents))
        #expect(amount.description == text)
        #expect(Amount(text) == amount)
    }

    @Test func fewerDecimalsAreRead() {
        #expect(Amount("12")?.cents == 1200)
        #expect(Amount("-1234.5")?.cents == -123_450)
        #expect(Amount("007.10")?.cents == 710)
    }

    @Test(arguments: ["", "-", ".", "1.", ".5", "1.234", "1,234", "+5", "1e5", " 5", "5 ", "1234567890123", "£5", "٣"])
    func otherTextsAreNone(_ text: String) {
        #expect(Amount(text) == nil)
    }

    @Test func whatTheDatabaseCannotHoldIsNone() {
        #expect(Amount(cents: 100_000_000_000_000) == nil)
        #expect(Amount(cents: -100_000_000_000_000) == nil)
        #expect(Amount(cents: .min) == nil)
    }
}
