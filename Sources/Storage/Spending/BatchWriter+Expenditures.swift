import Domain
import Postgres

extension BatchWriter {
    /// Writes the payments of an event chunk: straight into the table where the dataset has none to compare them with,
    /// over all connections in turn; otherwise into a temporary table from which they are merged.
    func writeExpenditures(of chunk: EventChunk) async throws {
        guard chunk.count > 0 else { return }
        let isDirect =
            scope.isFresh && scope.sha256 != nil && scope.feed?.isStaged != true
            && scope.feed?.isWhole != true
        let dataset = Array(scope.dataset.text.utf8)
        var direct = PartRows(reserving: isDirect ? chunk.count : 0)
        var incoming = PartRows(reserving: isDirect ? 0 : chunk.count)
        for row in 0..<chunk.count {
            let (id, isNew) = try expenditures.identify(chunk, row)
            if isDirect, isNew {
                direct.accepted += 1
                direct.bytes.beginRow(fields: 12)
                direct.bytes.append(raw: dataset)
                direct.bytes.append(raw: id)
                try ExpenditureRows.append(chunk.expenditures, row, to: &direct.bytes)
                direct.bytes.append(scope.batch)
            } else {
                incoming.bytes.beginRow(fields: 11)
                incoming.bytes.append(chunk.rowNumbers[row])
                incoming.bytes.append(raw: id)
                try ExpenditureRows.append(chunk.expenditures, row, to: &incoming.bytes)
            }
        }
        if !incoming.bytes.isEmpty { try await prepareIncomingExpenditures() }
        if !direct.bytes.isEmpty {
            try await part(nextPart(leadIsBusy: expenditures.isMerging)).send(direct, to: .expenditures)
        }
        try await lead.send(incoming, to: .incomingExpenditures)
    }

    private func prepareIncomingExpenditures() async throws {
        guard !expenditures.isMerging else { return }
        expenditures.isMerging = true
        try await lead.endCopy()
        try await lead.connection.execute(
            """
            CREATE TEMP TABLE incoming_expenditures (
                row_number bigint, source_id text, fiscal_year integer, entered date, vendor text, vendor_key text,
                department text, account text, account_description text, organisation text, amount numeric(14, 2)
            ) ON COMMIT DROP
            """)
    }

    /// Merges the rows that are compared with those stored, and deletes those of a feed part that is read as a whole
    /// which it does not have any more.
    ///
    /// - Returns: How many rows are new or changed.
    func mergeExpenditures(_ place: FeedPlace?) async throws -> Int {
        if place != nil { try await prepareIncomingExpenditures() }
        guard expenditures.isMerging else { return 0 }
        let connection = lead.connection
        // Otherwise the planner would take the table for a small one.
        try await connection.execute("ANALYZE incoming_expenditures")
        let isStaged = scope.feed?.isStaged == true
        let statement = isStaged ? ExpenditureSwap.staged(sql[.expendituresMerge]) : sql[.expendituresMerge]
        let accepted: Int = try await connection.query(statement, [scope.dataset, scope.batch])[0].get(0)
        guard let place, case .whole(_, let isLast) = place.feed.contents else { return accepted }
        guard isLast else {
            try await connection.query(
                """
                INSERT INTO feed_seen (dataset, feed, part, event_id)
                SELECT DISTINCT $1, $2, $3, source_id FROM incoming_expenditures
                ON CONFLICT DO NOTHING
                """, [scope.dataset, place.feed.feed, place.feed.part])
            return accepted
        }
        let removed: Int = try await connection.query(
            sql[.expendituresGone], [scope.dataset, place.firstBatch, place.feed.feed, place.feed.part])[0].get(0)
        change { $0.removed += removed }
        try await forgetSeen(place.feed)
        return accepted
    }

    /// Raises the version of the dataset's expenditures if the batch changed any.
    func noteExpenditures() async throws {
        guard scope.feed?.isStaged != true, outcome.counts.accepted + outcome.removed > 0 else { return }
        try await ExpenditureStore.raiseVersion(of: scope.dataset, on: lead.connection)
    }
}
