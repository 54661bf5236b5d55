/// The spending at places: each expenditure is at the place of its department, or of its vendor.
package struct PlacedSpending: Sendable {
    /// The sum at each place, in the order of the places.
    package let sums: [SpendingSum]
    package let total: SpendingSum
    /// Expenditures whose department or vendor has no place.
    package let unplaced: SpendingSum

    package init(
        _ table: ExpenditureTable, _ filter: ExpenditureFilter, _ places: [ExpenditurePlace],
        of kind: ExpenditurePlace.Kind
    ) {
        let selection = ExpenditureSelection(table, filter)
        var byCode: [SpendingSum]
        let keys: [String?]
        switch kind {
        case .department:
            keys = table.departments
            byCode = [SpendingSum](repeating: SpendingSum(), count: keys.count)
            for segment in selection.segments {
                var sum = SpendingSum()
                selection.visit(segment.places) { sum.add(table.amounts[$0]) }
                byCode[segment.department] = sum
            }
        case .vendor:
            keys = table.vendors.map(\.key)
            byCode = selection.vendorSums
        }
        var codes: [String: Int] = [:]
        for (code, key) in keys.enumerated() { if let key { codes[key] = code } }
        let sums = places.map { place in codes[place.key].map { byCode[$0] } ?? SpendingSum() }
        let total = byCode.reduce(SpendingSum(), +)
        let placed = sums.reduce(SpendingSum(), +)
        self.sums = sums
        self.total = total
        unplaced = SpendingSum(cents: total.cents - placed.cents, count: total.count - placed.count)
    }
}
