import Domain
import JSON

extension JSONWriter {
    /// - Parameters:
    ///   - withReasons: Whether to include the reason of a failure, which may reveal internals of the server.
    ///   - withCounts: Whether to include the days and the numbers of events and rows, from which small counts could be
    ///     found.
    mutating func fields(of run: AnalyticsRun, withReasons: Bool, withCounts: Bool) {
        field("id", Int(run.id))
        field("kind", run.kind)
        field("dataset", run.dataset?.text)
        array("resolutions", of: run.resolutions) { json, resolution in json.value(resolution) }
        field("from", withCounts ? run.from?.description : nil)
        field("to", withCounts ? run.to?.description : nil)
        field("normalization", run.normalization)
        field("refresh", run.refresh)
        field("state", run.state.rawValue)
        field("progress", run.progress)
        field("attempts", run.attempts)
        for (key, number) in [("events", run.events), ("rows", run.rows)] {
            name(key)
            if withCounts { value(number) } else { null() }
        }
        field("error", run.error.map { withReasons ? $0 : "The last attempt failed; an analyst can see why." })
        field("created_at", run.createdAt.description)
        field("started_at", run.startedAt?.description)
        field("finished_at", run.finishedAt?.description)
    }
}
