import Testing

@testable import Feeds

/// Numbers as people and programs write them. The expected values are read by hand.
@Suite struct NumberReaderTests {
    private static func read(
        _ text: String, _ decimal: Dialect.Decimal? = nil, _ thousands: NumberReader.Thousands? = nil,
        grouped: Bool = true
    ) -> Double? {
        NumberReader(decimal: decimal, thousands: thousands).read(Array(text.utf8).span, grouped: grouped)
    }

    @Test(arguments: [
        ("\u{2212}79.4", -79.4), ("\u{2013}79.4", -79.4), ("\u{FF0D}1", -1), ("\u{2212} 79,5", -79.5), ("+5", 5),
        ("1.6E12", 1.6e12), ("-1e-3", -0.001), (".5", 0.5), ("5.", 5),
    ])
    func signsAndExponentsAreUnderstood(_ text: String, _ value: Double) {
        #expect(Self.read(text, grouped: false) == value)
    }

    @Test(
        arguments: [
            // A comma is no decimal sign where it separates the columns, so it can only separate thousands.
            ("986,050", .point, 986_050), ("214,231.0", .point, 214_231), ("1,016,802", .point, 1_016_802),
            ("1,016,802.25", nil, 1_016_802.25), ("1.016.802,25", nil, 1_016_802.25), ("1.016.802", nil, 1_016_802),
            ("986.050", .comma, 986_050), ("1 016 802,5", nil, 1_016_802.5), ("1\u{A0}016\u{202F}802", nil, 1_016_802),
            ("2'600'000.5", nil, 2_600_000.5), ("2\u{2019}600\u{2019}000", .point, 2_600_000),
            ("\u{2212}1,016,802", nil, -1_016_802),
            // One comma is a decimal sign where nothing says otherwise, as it always was.
            ("986,050", nil, 986.05),
        ] as [(String, Dialect.Decimal?, Double)])
    func thousandsAreUnderstoodWhereTheyAreEvident(_ text: String, _ decimal: Dialect.Decimal?, _ value: Double) {
        #expect(Self.read(text, decimal) == value)
    }

    @Test(
        arguments: [
            ("986,050", .comma, 986_050), ("986.050", .point, 986_050), ("986.050,5", .point, 986_050.5),
            ("986 050", .space, 986_050), ("12,34,567", .comma, 1_234_567), ("1016802", .comma, 1_016_802),
            ("986.5", .comma, 986.5),
        ] as [(String, NumberReader.Thousands, Double)])
    func aStatedSeparatorIsTheOnlyOne(_ text: String, _ thousands: NumberReader.Thousands, _ value: Double) {
        #expect(Self.read(text, nil, thousands) == value)
    }

    @Test(
        arguments: [
            ("98,6050", .point, nil), ("9860,50", .point, nil), ("1,016.802,5", nil, nil), ("1.016.802", .point, nil),
            ("986.5", nil, .point), ("1,,000", .point, nil), ("12,34,567", .point, nil),
            ("1 016 8", nil, nil), ("79.4-", nil, nil), ("--5", nil, nil), ("1'2", nil, nil), ("5 %", nil, nil),
            ("1.2.3", nil, nil), ("\u{2014}5", nil, nil), ("", nil, nil), ("-", nil, nil), ("1,5e", nil, nil),
        ] as [(String, Dialect.Decimal?, NumberReader.Thousands?)])
    func whatIsNoNumberIsNone(_ text: String, _ decimal: Dialect.Decimal?, _ thousands: NumberReader.Thousands?) {
        #expect(Self.read(text, decimal, thousands) == nil)
    }

    @Test(arguments: ["986,050", "1,016,802", "1 016 802", "45'123"])
    func degreesHaveNoThousands(_ text: String) {
        #expect(Self.read(text, .point, grouped: false) == nil)
    }

    @Test(
        arguments: [
            ("13", 13), ("13.0", 13), ("13,0", 13), ("1.6E3", 1600), ("1,016", 1016), ("0.0", 0), ("007", 7),
            ("1.5", nil), ("x", nil), ("", nil), ("1e300", nil), ("-1", -1),
        ] as [(String, Int?)])
    func wholeNumbersMayBeWrittenAsFractions(_ text: String, _ value: Int?) {
        let decimal: Dialect.Decimal? = text == "1,016" ? .point : nil
        #expect(NumberReader(decimal: decimal, thousands: nil).whole(Array(text.utf8).span) == value)
    }
}
