import Domain
import Foundation
import Testing

@testable import Reports

@Suite struct ReportWordsTests {
    private let english = ReportWords(.english)
    private let french = ReportWords(.french)

    @Test(arguments: ReportText.allCases)
    func everyTextIsInEveryLanguageWithTheSameValues(text: ReportText) throws {
        func names(_ language: ReportLanguage) throws -> [String] {
            let template = try #require(ReportWords.table(language)[text], "\(text) in \(language)")
            return template.matches(of: /\{(\w+)\}/).map { String($0.1) }.sorted()
        }
        #expect(try names(.english) == names(.french))
    }

    @Test func valuesAreFilledInOnceAndAreNotTemplates() {
        let values = ["cell": "{number}", "number": "7"]
        #expect(english[.cellNamed, values] == "Cell {number}")
        #expect(english[.cellNamed] == "Cell ")
    }

    @Test func numbersAreWrittenAsTheLanguageWritesThem() {
        #expect(
            [0, 999, 1000, 1_234_567, -4321].map(english.whole) == ["0", "999", "1,000", "1,234,567", "\u{2212}4,321"])
        #expect(french.whole(1_234_567) == "1\u{202F}234\u{202F}567")
        #expect([1.25, 0.05, 1999.96, -0.04].map { english.decimal($0) } == ["1.3", "0.1", "2,000.0", "0.0"])
        #expect(french.decimal(12345.678, digits: 2) == "12\u{202F}345,68")
        #expect(english.decimal(2.5, digits: 0) == "3")
        #expect(english.decimal(.infinity) == "\u{2013}")
        #expect([0.1234, 0.998, 3.45, 9.96, 99.4].map(english.expected) == ["0.12", "1.0", "3.5", "10", "99"])
        #expect([0, 0.5, 0.9999].map(english.chance) == ["<1%", "50%", ">99%"])
        #expect(english.percent(0.125) == "13%")
        #expect(french.percent(1) == "100\u{202F}%")
        #expect([0.5, -0.5, 0].map(english.change) == ["+50%", "\u{2212}50%", "0%"])
    }

    @Test func eventsAreOneOrMany() {
        #expect([0, 1, 2].map(english.events) == ["0 events", "1 event", "2 events"])
        #expect([0, 1, 2].map(french.events) == ["0 événement", "1 événement", "2 événements"])
        #expect(french.events(expected: 1.5) == "1,5 événement")
    }

    @Test func daysAreWrittenOut() {
        #expect(english.day(LocalDay("2021-12-01")!) == "1 December 2021")
        #expect(french.day(LocalDay("2021-12-01")!) == "1er décembre 2021")
        #expect(french.day(LocalDay("2024-02-29")!) == "29 février 2024")
    }
}
