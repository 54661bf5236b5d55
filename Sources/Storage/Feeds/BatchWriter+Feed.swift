import Domain
import Postgres

extension BatchWriter {
    /// Writes the checkpoint of the feed part, and so holds it until the transaction ends.
    ///
    /// - Returns: The events that the batch is compared with; `nil` where it is not read as a whole.
    /// - Throws: ``JobLease/hold(on:)``'s errors; `PostgresError`.
    func beginPart() async throws -> FeedPlace? {
        guard let feed = scope.feed else { return nil }
        try await feed.lease?.hold(on: lead.connection)
        // The checkpoints of a full refresh are written when its rows are swapped in.
        if feed.isStaged { return nil }
        let isFirst = if case .whole(isFirst: true, _) = feed.contents { true } else { false }
        let rows = try await lead.connection.query(
            sql[.feedCheckpointPut],
            [
                scope.dataset, feed.feed, feed.part, feed.version, feed.state, outcome.batch, outcome.counts.received,
                isFirst, times?.lowerBound, times?.upperBound,
            ])
        guard feed.isWhole else { return nil }
        var fields = rows[0].fields
        let firstBatch: Int64 = try fields.next("whole_batch")
        let first: Instant? = try fields.next("first_event")
        let last: Instant? = try fields.next("last_event")
        if isFirst { try await forgetSeen(feed) }
        return FeedPlace(
            feed: feed, firstBatch: firstBatch, first: first ?? .earliest, last: last ?? .earliest)
    }

    /// Makes the part's events without an id those of the batch.
    ///
    /// - Returns: How many events were accepted.
    func mergeContents(_ place: FeedPlace) async throws -> Int {
        let merged = try await lead.connection.query(
            sql[.feedContentsMerge],
            [scope.dataset, scope.batch, place.first, place.last, place.feed.feed, place.feed.part])
        var fields = merged[0].fields
        let accepted: Int = try fields.next("accepted")
        let removed: Int = try fields.next("removed")
        change { $0.removed += removed }
        return accepted
    }

    /// Deletes the events of the part that its reading as a whole did not bring, once the last batch of it is there;
    /// until then remembers the ids that came.
    func removeWhatIsGone(_ place: FeedPlace) async throws {
        guard case .whole(_, let isLast) = place.feed.contents else { return }
        guard isLast else {
            try await lead.connection.query(
                """
                INSERT INTO feed_seen (dataset, feed, part, event_id)
                SELECT DISTINCT $1, $2, $3, event_id FROM incoming WHERE event_id IS NOT NULL
                ON CONFLICT DO NOTHING
                """, [scope.dataset, place.feed.feed, place.feed.part])
            return
        }
        let removed: Int = try await lead.connection.query(
            sql[.feedPartGone],
            [
                scope.dataset, place.firstBatch, place.first, place.last, place.feed.feed, place.feed.part,
                !place.feed.isWholeAtOnce,
            ])[0].get(0)
        change { $0.removed += removed }
        try await forgetSeen(place.feed)
    }

    /// Takes dead letters that the part has brought before for duplicates. Those of a part that is read as a whole
    /// replace the older ones instead.
    func mergeLetters() async throws {
        guard let feed = scope.feed, !feed.isWhole, outcome.counts.rejected > 0 else { return }
        let rows = try await lead.connection.query(
            sql[.feedLettersMerge], [scope.dataset, scope.batch, feed.feed, feed.part])
        for row in rows {
            var fields = row.fields
            let reason: String = try fields.next("reason")
            let count: Int = try fields.next("n")
            change { outcome in
                outcome.counts.rejected -= count
                outcome.counts.rejects?.remove(count, of: reason)
            }
        }
    }

    /// Adds the counts of the batch to the run of the feed.
    /// - Throws: `StorageError` with code `.conflict` when the run has been taken for one whose process died.
    func countPart() async throws {
        guard let feed = scope.feed, !feed.isStaged else { return }
        let counts = outcome.counts
        let added: Int = try await lead.connection.query(
            sql[.feedRunAdd], [feed.run, counts.accepted, counts.duplicate, counts.rejected, outcome.removed])[0].get(0)
        guard added == 1 else { throw StorageError(.conflict, "another run of the feed \(feed.feed) has begun") }
    }

    func forgetSeen(_ feed: FeedBatch) async throws {
        try await lead.connection.query(
            "DELETE FROM feed_seen WHERE dataset = $1 AND feed = $2 AND part = $3",
            [scope.dataset, feed.feed, feed.part])
    }
}
