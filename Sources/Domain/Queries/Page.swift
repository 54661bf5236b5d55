/// A row of a list that comes in pages.
package protocol Listed: Sendable {
    /// The place of a row in the list's order.
    associatedtype Cursor: Hashable, Sendable

    /// The cursor of the row: the rows that follow are those after it.
    var cursor: Cursor { get }
}

/// A request for one page of a list.
package struct PageRequest<Row: Listed>: Hashable, Sendable {
    /// The cursor after which the page begins; `nil` for the first page.
    package var after: Row.Cursor?
    /// The largest number of rows, at least 1.
    package var limit: Int

    package init(after: Row.Cursor? = nil, limit: Int) {
        self.after = after
        self.limit = limit
    }

    /// The number of rows that a store looks for: one more than the page may have shows whether there is a next page.
    package var wanted: Int { limit + 1 }
}

/// A page of a list.
package struct Page<Row: Listed>: Sendable {
    /// The rows in the list's order.
    package let rows: [Row]
    /// The cursor after which the next page begins; `nil` when there is none.
    package let next: Row.Cursor?

    /// Creates a page of the rows that a store found, of which there may be one more than requested.
    /// - Parameter isCut: Whether the store ended the page early, so that there may be more rows.
    package init(_ found: [Row], of request: PageRequest<Row>, isCut: Bool = false) {
        rows = Array(found.prefix(request.limit))
        next = isCut || found.count > request.limit ? rows.last?.cursor : nil
    }

    private init(rows: [Row], next: Row.Cursor?) {
        self.rows = rows
        self.next = next
    }

    /// The page with its rows changed, which keep their places.
    package func mapped(_ change: (Row) -> Row) -> Page { Page(rows: rows.map(change), next: next) }
}

extension Page: Equatable where Row: Equatable {}

extension StoredEvent: Listed {}

extension EventCount: Listed {
    package var cursor: EventCountCursor { EventCountCursor(day: day, eventType: eventType) }
}

extension EventType: Listed {
    package var cursor: String { name }
}

extension RiskRow: Listed {
    package var cursor: RiskCursor { RiskCursor(day: day, cell: cell) }
}

extension TopCell: Listed {
    package var cursor: TopCellCursor {
        TopCellCursor(
            rank: rank, maxScore: maxScore, daysFlagged: daysFlagged, totalEvents: totalEvents, cell: cell)
    }
}

extension DatasetStatus: Listed {
    package var cursor: Slug { dataset.slug }
}

extension AnalyticsRun: Listed {
    package var cursor: Int64 { id }
}

extension IngestBatch: Listed {
    package var cursor: Int64 { id }
}

extension StoredDeadLetter: Listed {
    package var cursor: Int64 { id }
}

extension FeedCheckpointRecord: Listed {
    package var cursor: String { part }
}
