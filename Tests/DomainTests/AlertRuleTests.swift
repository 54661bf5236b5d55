import Domain
import H3
import TestDomain
import Testing

struct AlertRuleTests {
    private static let cells = (0..<4).compactMap {
        try? H3Cell(latitude: 43.7, longitude: -79.4 + Double($0) / 10, resolution: 8)
    }

    private static func rule(_ condition: AlertRule.Condition) -> AlertRule {
        AlertRule(dataset: "toronto", name: "rule", condition: condition)
    }

    private static func snapshot(_ cells: [AlertSnapshot.Cell] = [], cellsWithEvents: Int = 9) throws -> AlertSnapshot {
        let day = try #require(LocalDay("2021-12-31"))
        return AlertSnapshot(
            resolution: 8, today: day.advanced(by: 3), lastDay: day, cellsWithEvents: cellsWithEvents, classDay: day,
            forecastDay: day, cells: cells, generation: 7)
    }

    @Test func theFirstLookAtClassesRemembersAndLaterOnesTellWhatIsNew() throws {
        let rule = Self.rule(.classes(["new_hot", "intensifying_hot"]))
        let first = rule.look(
            at: try Self.snapshot([
                .init(Self.cells[0], className: "new_hot"), .init(Self.cells[1], className: "persistent_hot"),
            ]), before: nil)
        #expect(first.finding == nil)
        #expect(first.matching == [Self.cells[0]])
        let second = rule.look(
            at: try Self.snapshot([
                .init(Self.cells[0], className: "intensifying_hot"), .init(Self.cells[1], className: "new_hot"),
            ]), before: Set(first.matching))
        #expect(second.finding?.cells.map(\.cell) == [Self.cells[1]])
        #expect(second.finding?.message == "1 cell of toronto became new_hot")
        // A cell that was out of it and comes back is new again.
        #expect(rule.look(at: try Self.snapshot(), before: Set(second.matching)).matching.isEmpty)
    }

    @Test func aForecastIsExceededByEnoughEventsAndTheMostComeFirst() throws {
        let found = try Self.snapshot([
            .init(Self.cells[0], exceeded: (events: 4, lower: 0, upper: 2)),
            .init(Self.cells[1], exceeded: (events: 9, lower: 1, upper: 6)),
            .init(Self.cells[2], exceeded: (events: 2, lower: 0, upper: 1)), .init(Self.cells[3], unusual: 8),
        ])
        let look = Self.rule(.forecast(least: 3)).look(at: found, before: nil)
        #expect(look.finding?.cells.map(\.cell) == [Self.cells[1], Self.cells[0]])
        #expect(look.finding?.key == "2021-12-31 7")
        #expect(Self.rule(.forecast(least: 3)).look(at: found, before: Set(look.matching)).finding == nil)
    }

    @Test func aRuleAboutADayHasTheDayAsItsKey() throws {
        let unusual = try Self.snapshot([.init(Self.cells[0], unusual: 5), .init(Self.cells[1], unusual: 4)])
        #expect(Self.rule(.unusual(least: 2)).look(at: unusual, before: nil).finding?.key == "2021-12-31")
        #expect(Self.rule(.unusual(least: 3)).look(at: unusual, before: nil).finding == nil)
        #expect(Self.rule(.rows(below: 10)).look(at: unusual, before: nil).finding?.key == "2021-12-31")
        #expect(Self.rule(.rows(below: 9)).look(at: unusual, before: nil).finding == nil)
        #expect(Self.rule(.stale(days: 2)).look(at: unusual, before: nil).finding?.key == "2021-12-31")
        #expect(Self.rule(.stale(days: 3)).look(at: unusual, before: nil).finding == nil)
    }

    @Test func nothingServedIsStale() throws {
        var none = try Self.snapshot()
        none.lastDay = nil
        let stale = Self.rule(.stale(days: 3)).look(at: none, before: nil)
        #expect(stale.finding?.message == "nothing of toronto is served")
        #expect(Self.rule(.rows(below: 10)).look(at: none, before: nil).finding == nil)
    }
}
