import Domain
import Testing

@testable import Outlook

/// Each class by an example that follows from its published definition, and by one that just misses it.
struct HotSpotClassTests {
    private static let steady = MannKendall([1, 2, 1, 2, 1, 2, 1, 2, 1, 2])
    private static let rising = MannKendall([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    private static let falling = MannKendall([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])

    private static func spots(_ text: String) -> [Int8] { text.map { $0 == "h" ? 1 : $0 == "c" ? -1 : 0 } }

    private static func flipped(_ text: String) -> String {
        String(text.map { $0 == "h" ? "c" : $0 == "c" ? "h" : $0 })
    }

    @Test(arguments: [
        ("..........", HotSpotClass.none),
        (".........h", .newHot),
        ("..c......h", .newHot),
        ("h", .newHot),
        ("........hh", .consecutiveHot),
        ("..c...hhhh", .consecutiveHot),
        (".h......hh", .sporadicHot),
        (".h.......h", .sporadicHot),
        (".h.c.....h", .oscillatingHot),
        (".hhhhhhhh.", .none),
        ("hhhhhhhhhh", .persistentHot),
        (".hhhhhhhhh", .persistentHot),
        ("hhhh.hhhhh", .persistentHot),
        ("..hhhhhhhh", .consecutiveHot),
        ("hhhhhhhhh.", .historicalHot),
        ("hhhhhhhh..", .none),
        ("hhhhhhhhhc", .newCold),
        ("h.h.h.h.h.", .none),
    ])
    func patternsWithoutATrend(_ text: String, _ expected: HotSpotClass) {
        #expect(HotSpotClass(spots: Self.spots(text), trend: Self.steady, alpha: 0.05) == expected)
        let cold = HotSpotClass(spots: Self.spots(Self.flipped(text)), trend: Self.steady, alpha: 0.05)
        if expected.isHot {
            #expect(cold.rawValue == expected.rawValue.replacing("_hot", with: "_cold"))
        } else if expected.isCold {
            #expect(cold.rawValue == expected.rawValue.replacing("_cold", with: "_hot"))
        } else {
            #expect(cold == .none)
        }
    }

    @Test func aTrendMattersWhereACellIsNearlyAlwaysASpot() {
        let hot = Self.spots("hhhhhhhhhh")
        let cold = Self.spots("cccccccccc")
        #expect(HotSpotClass(spots: hot, trend: Self.rising, alpha: 0.05) == .intensifyingHot)
        #expect(HotSpotClass(spots: hot, trend: Self.falling, alpha: 0.05) == .diminishingHot)
        // A cold spot grows stronger as its z-scores fall.
        #expect(HotSpotClass(spots: cold, trend: Self.falling, alpha: 0.05) == .intensifyingCold)
        #expect(HotSpotClass(spots: cold, trend: Self.rising, alpha: 0.05) == .diminishingCold)
        #expect(HotSpotClass(spots: hot, trend: Self.rising, alpha: 1e-9) == .persistentHot)
        #expect(HotSpotClass(spots: Self.spots(".........h"), trend: Self.rising, alpha: 0.05) == .newHot)
        #expect(HotSpotClass(spots: Self.spots("hhhhhhhhh."), trend: Self.falling, alpha: 0.05) == .historicalHot)
    }

    @Test func noStepsAreNoClass() {
        #expect(HotSpotClass(spots: [], trend: MannKendall([]), alpha: 0.05) == .none)
    }

    @Test func shortSeriesHaveNoTrend() {
        #expect(MannKendall([]).p == 1)
        #expect(MannKendall([3]).p == 1)
        #expect(MannKendall([3, 3, 3]).p == 1)
        #expect(MannKendall([3, 3, 3]).variance == 0)
        #expect(MannKendall.tests([]).isEmpty)
        #expect(MannKendall.tests([[4, 5]]).map(\.p) == [1, 1])
    }

    @Test(arguments: [1, 63, 64, 65, 200])
    func manyCellsAtOnceAreAsOneByOne(_ cells: Int) {
        var random = SystemRandomNumberGenerator()
        let steps = (0..<9).map { _ in (0..<cells).map { _ in Double(Int.random(in: 0...4, using: &random)) } }
        let single = (0..<cells).map { cell in MannKendall(steps.map { $0[cell] }) }
        #expect(MannKendall.tests(steps) == single)
    }
}
