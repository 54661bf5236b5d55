package import Domain
import Formats
import JSON
package import Spending

/// The spending in the areas of a layer: an area has what the places in it have.
package struct AreaSpending: Sendable {
    private let areas: AreaTable
    private let kind: ExpenditurePlace.Kind
    private let sums: [SpendingSum]
    private let total: SpendingSum
    private let unplaced: SpendingSum
    /// The spending at places outside all areas.
    private let outside: SpendingSum

    /// - Parameters:
    ///   - sums: The spending at each place.
    ///   - numbers: The number of the area that each place is in; `nil` for a place outside all of them.
    init(
        _ areas: AreaTable, sums: [SpendingSum], _ total: SpendingSum, _ unplaced: SpendingSum, _ numbers: [Int32?],
        of kind: ExpenditurePlace.Kind
    ) {
        self.areas = areas
        self.kind = kind
        self.total = total
        self.unplaced = unplaced
        var inAreas = [SpendingSum](repeating: SpendingSum(), count: areas.areas.count)
        var outside = SpendingSum()
        for (sum, number) in zip(sums, numbers) {
            if let index = number.flatMap(areas.index(ofNumber:)) {
                inAreas[index] = inAreas[index] + sum
            } else {
                outside = outside + sum
            }
        }
        self.sums = inAreas
        self.outside = outside
    }

    /// - Parameter numbers: The number of the area that each place of `spent` is in.
    package init(
        _ areas: AreaTable, _ spent: PlacedSpending, _ numbers: [Int32?], of kind: ExpenditurePlace.Kind
    ) {
        self.init(areas, sums: spent.sums, spent.total, spent.unplaced, numbers, of: kind)
    }

    /// The answer with these figures, areas by their numbers.
    package var table: SpendingTable {
        SpendingTable(
            columns: [
                "id", "name", "parent", "population", "km2", "total", "count", "total_per_head", "total_per_km2",
            ],
            count: areas.areas.count,
            values: { index in
                let area = areas.areas[index]
                let amount = Double(sums[index].cents) / 100
                return [
                    .text(area.id), .text(area.name), .text(area.parent), .number(area.population),
                    .number(area.squareKilometres), .amount(sums[index].cents), .integer(sums[index].count),
                    .number(area.population.flatMap { $0 > 0 ? amount / $0 : nil }),
                    .number(area.squareKilometres > 0 ? amount / area.squareKilometres : nil),
                ]
            },
            identity: { areas.areas[$0].id },
            summary: { json in
                json.field("layer", areas.layer.slug.text)
                json.summary(of: kind, total, unplaced)
                json.sum("outside", outside)
            })
    }
}
