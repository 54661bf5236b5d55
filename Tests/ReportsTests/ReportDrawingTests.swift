import Domain
import Foundation
import H3
import Testing

@testable import Reports

@Suite struct ReportDrawingTests {
    @Test(arguments: ReportFormat.allCases, ReportLanguage.allCases)
    func equalReportsAreEqualBytesWhateverWasDrawnBefore(format: ReportFormat, language: ReportLanguage) throws {
        let data = try ReportData.sample()
        let first = try ReportDrawing().bytes(of: data, format, language, .a4)
        let used = try ReportDrawing()
        let other = try ReportData.sample { $0.dataset.title = "Other" }
        for format in ReportFormat.allCases {
            #expect(try used.bytes(of: other, format, .english, .letter) != first)
        }
        #expect(try used.bytes(of: data, format, language, .a4) == first)
    }

    @Test(arguments: [(ReportPaper.a4, "[ 0 0 595 842 ]"), (.letter, "[ 0 0 612 792 ]")])
    func aPDFIsOnePageWithTheDateOfItsData(paper: ReportPaper, box: String) throws {
        let bytes = try ReportDrawing().bytes(of: .sample(), .pdf, .english, paper)
        let text = String(decoding: bytes, as: Unicode.ASCII.self)
        #expect(text.hasPrefix("%PDF-1."))
        #expect(text.contains("/CreationDate (20211231000000Z)"))
        #expect(text.contains("/Title (Toronto crimes)"))
        #expect(text.contains(box))
        #expect(text.contains("/Count 1"))
        // One page with sixty cells is small.
        #expect(bytes.count < 200_000)
    }

    // 595 and 842 points, 612 and 792 points, at 150 pixels an inch.
    @Test(arguments: [(ReportPaper.a4, 1240, 1754), (.letter, 1275, 1650)])
    func aPictureHasTheSizeOfThePaper(paper: ReportPaper, width: Int, height: Int) throws {
        let bytes = try ReportDrawing().bytes(of: .sample(), .png, .english, paper)
        #expect(bytes.prefix(8) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
        // The head of a PNG: length and name of its first part, then width and height.
        func number(_ start: Int) -> Int { bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
        #expect(number(16) == width)
        #expect(number(20) == height)
    }

    @Test func anSVGHasATitleAndNoNumbersOfTheProcess() throws {
        let data = try ReportData.sample { $0.dataset.title = "Fires & <floods>\u{7}" }
        let text = String(decoding: try ReportDrawing().bytes(of: data, .svg, .english, .a4), as: UTF8.self)
        #expect(text.contains("<title>Fires &amp; &lt;floods&gt;</title>"))
        #expect(!text.contains("<script"))
        #expect(text.matches(of: /"surface(\d+)"/).allSatisfy { $0.1 == "0" })
    }

    @Test(arguments: ReportFormat.allCases)
    func whateverTheDataSayAPageIsDrawn(format: ReportFormat) throws {
        let drawing = try ReportDrawing()
        let long = String(repeating: "WWWW مدينة \u{202E}", count: 2000)
        let hostile = try ReportData.sample { data in
            data.dataset.title = long
            data.dataset.attribution = long + "\n\n\u{0}\u{2029}"
            data.dataset.licence = ""
            data.kinds = [ReportKind(name: long, events: .max / 4), ReportKind(name: "", events: 0)]
            data.events = .max / 4
            data.before = 0
            data.places[0].name = long
            data.map.borders[0].name = long
            data.history.bars = [.init(first: LocalDay("0001-01-01")!, events: 1_000_000_000)]
            data.forecast = ReportForecast(horizon: 7, expected: .nan, most: 0...Int.max)
            data.map.isCut = true
        }
        let empty = try ReportData.sample { data in
            data.map = ReportMap()
            data.history.bars = []
            data.kinds = []
            data.forecast = nil
            data.places = []
            (data.events, data.before) = (0, 0)
        }
        for data in [hostile, empty] {
            for language in ReportLanguage.allCases {
                #expect(try drawing.bytes(of: data, format, language, .letter).count > 1000)
            }
        }
    }
}
