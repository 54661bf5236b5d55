import Domain
import Testing

@testable import Spending

@Suite struct AmountTextTests {
    @Test(arguments: [
        ("0", 0), ("1500", 150_000), ("1500.00", 150_000), ("1500.5", 150_050), ("-0.01", -1), ("+12.30", 1230),
        (".5", 50), ("7.", 700), ("1,234.56", 123_456), ("12,345,678.90", 1_234_567_890), ("834,445.46", 83_444_546),
        // Signs after the number, parentheses, and a minus sign of Unicode.
        ("1,234.56-", -123_456), ("(1,234.56)", -123_456), ("\u{2212}3.00", -300), ("( 5 )", -500),
        // Currencies on either side, with a sign on either side of them.
        ("$1,234.56", 123_456), ("£8,624.40", 862_440), ("-£322.50", -32_250), ("£-322.50", -32_250),
        ("(£1,000.00)", -100_000), ("12.50 €", 1250), ("GBP 12.50", 1250), ("$ 5", 500), ("-$5", -500),
        ("1 234.56", 123_456), ("1'234.56", 123_456), ("00012.30", 1230), ("0.1000", 10), ("249.110", 24_911),
        ("999999999999.99", 99_999_999_999_999), ("-999,999,999,999.99", -99_999_999_999_999),
        // A double would be 0.29 or 1.005 by a hair less or more.
        ("0.29", 29), ("1.15", 115), ("4.35", 435),
    ])
    func anAmountIsExact(_ text: String, _ cents: Int64) throws {
        #expect(try AmountText().read(text.utf8).cents == cents)
    }

    @Test(arguments: [
        ("", AmountText.Fault.notANumber), ("abc", .notANumber), ("£", .notANumber), ("-", .notANumber),
        ("()", .notANumber), ("1.2.3", .notANumber), ("12a", .notANumber), ("1e5", .notANumber), ("--5", .notANumber),
        ("(-5)", .notANumber), ("££5", .notANumber), (".", .notANumber), ("5 5.", .grouping),
        ("1,23", .grouping), ("1234,567", .grouping), ("1,2345.00", .grouping), (",123", .grouping),
        ("1,234,56.00", .grouping), ("1,234 567", .grouping), ("12,34,567", .grouping),
        ("1.234", .tooManyDecimals), ("0.001", .tooManyDecimals), ("1068.6000000001", .tooManyDecimals),
        ("1000000000000.00", .tooLarge), ("99999999999999999999", .tooLarge),
    ])
    func whatIsNoExactAmountIsRefusedWithItsReason(_ text: String, _ fault: AmountText.Fault) {
        #expect(throws: fault) { try AmountText().read(text.utf8) }
    }

    @Test(arguments: [("1.234,56", 123_456), ("1234,5", 123_450), ("-12,00 €", -1200), ("1 234,56", 123_456)])
    func aCommaMayBeTheDecimalSign(_ text: String, _ cents: Int64) throws {
        #expect(try AmountText(isDecimalComma: true).read(text.utf8).cents == cents)
    }
}
