package import H3

/// The events of a cell in two periods.
package struct CellComparison: Hashable, Sendable {
    package var cell: H3Cell
    /// The number of events of the period.
    package var events: Int
    /// The number of events of the other period.
    package var eventsBefore: Int
    /// The place in words: the names of the areas that the cell lies in; `nil` where it has none.
    package var area: String?

    package init(cell: H3Cell, events: Int, eventsBefore: Int) {
        self.cell = cell
        self.events = events
        self.eventsBefore = eventsBefore
    }

    /// The change in percent of the other period; `nil` where that has no events.
    package var changePercent: Double? {
        eventsBefore > 0 ? 100 * (Double(events) / Double(eventsBefore) - 1) : nil
    }
}

extension CellComparison: Listed {
    package var cursor: H3Cell { cell }
}

/// Which cells and which two periods are compared.
package struct ComparisonQuery: Hashable, Sendable {
    /// The cells, and the days of the period; levels are not looked at.
    package var cells: CellQuery
    /// The days of the other period, usually an earlier one.
    package var other: ClosedRange<LocalDay>

    package init(_ cells: CellQuery, with other: ClosedRange<LocalDay>) {
        self.cells = cells
        self.other = other
    }
}

/// Compares two periods cell by cell.
package protocol ComparisonRepository: Sendable {
    /// A page of the cells with events in one of the periods, by their index.
    func comparison(_ query: ComparisonQuery, _ page: PageRequest<CellComparison>) async throws -> Page<CellComparison>
}
