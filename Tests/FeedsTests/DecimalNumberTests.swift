import TestSupport
import Testing

@testable import Feeds

@Suite struct DecimalNumberTests {
    private func digits(_ random: inout SplitMix) -> String {
        (0..<Int.random(in: 1...12, using: &random)).map { _ in "\(Int.random(in: 0...9, using: &random))" }.joined()
    }

    @Test func readsTheNearestDoubleOfRandomTexts() {
        var random = SplitMix(state: 1)
        for _ in 0..<20_000 {
            var text = Bool.random(using: &random) ? "-" : ""
            text += digits(&random) + "." + digits(&random)
            if Int.random(in: 0..<4, using: &random) == 0 { text += "e\(Int.random(in: -30...30, using: &random))" }
            #expect(DecimalNumber.read(Array(text.utf8).span) == Double(text), "\(text)")
        }
    }

    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("+43.5", 43.5), (".5", 0.5), ("5.", 5), ("1e2", 100), ("1E+2", 100), ("25e-1", 2.5),
            ("000000000000000000000043.5", 43.5), ("9007199254740993", 9_007_199_254_740_992),
            ("1e999", .infinity), ("18446744073709551616", 18_446_744_073_709_551_616),
        ] as [(String, Double)])
    func readsEveryFormOfANumber(_ text: String, _ value: Double) {
        #expect(DecimalNumber.read(Array(text.utf8).span) == value)
    }

    @Test(arguments: [
        "", "-", ".", "1.2.3", "1,5", "12a", "a12", "1e", "1e+", "e5", "--1", "1 2", "nan", "inf", "0x10", "1e5.0",
    ])
    func refusesEverythingElse(_ text: String) {
        #expect(DecimalNumber.read(Array(text.utf8).span) == nil)
    }
}
