import Domain
import Testing

@testable import Reports

@Suite struct ReportPageTests {
    // p of a difference by chance, from scipy.stats.binomtest: 120 of 180 is 9e-6, 100 of 190 is 0.51.
    @Test(arguments: [
        (120, 60, "up 100%"), (60, 120, "down 50%"), (100, 90, "No clear change"), (4, 5, "too few"),
        (12, 0, "after none"),
    ])
    func aChangeIsCalledOneWhereChanceDoesNotExplainIt(events: Int, before: Int, words: String) throws {
        let data = try ReportData.sample { data in
            data.events = events
            data.before = before
        }
        #expect(try #require(ReportPage(data, .english).sentences.first).contains(words))
    }

    @Test func hiddenCountsAreAtLeastAndNotCompared() throws {
        let data = try ReportData.sample { data in
            data.disclosure = .atLeast(5)
            data.before = nil
            data.kinds = nil
        }
        let page = ReportPage(data, .english)
        #expect(page.sentences[0].hasPrefix("At least 120 events"))
        #expect(page.sentences.contains { $0.contains("Counts below 5 are hidden") })
        #expect(page.kinds.isEmpty)
        #expect(page.withoutKinds.contains("not told"))
        #expect(!page.figures.contains { $0.name.contains("before") })
    }

    @Test func theRestOfTheTypesIsOneRowAndNoneIsLost() throws {
        let page = ReportPage(try .sample(), .english)
        #expect(page.kinds.count == 8)
        #expect(page.kinds.last?.name == "5 other types")
        // 12 + 11 + ... + 1
        #expect(page.kinds.reduce(0) { $0 + $1.events } == 78)
    }

    @Test func classesAreCountedInTheSentence() throws {
        let page = ReportPage(try .sample(), .english)
        // 61 cells in turn: none 11, the five classes 10 each, and of those four are hot.
        #expect(page.sentences[1].contains("52 weeks: 40. New: 10; getting hotter: 10; steady: 10"))
        #expect(page.legend.map(\.look) == [.new, .growing, .steady, .fading, .cold, .none])
        #expect(page.sentences[2] == "Expected in the 7 days after 31 December 2021: about 42 events.")
    }

    @Test func anOddNameStaysInItsPlaceOfASentence() throws {
        let data = try ReportData.sample { $0.dataset.title = "שלום" }
        #expect(ReportPage(data, .english).title == "שלום")
        let cell = try ReportData.sample { data in
            data.dataset.title = "שלום"
            data.subject = .cell(data.map.cells[0].cell)
        }
        #expect(ReportPage(cell, .english).kicker == "Report · Cell · \u{2068}שלום\u{2069}")
    }
}
