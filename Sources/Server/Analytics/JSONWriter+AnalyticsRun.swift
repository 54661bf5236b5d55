import Domain
import JSON

extension JSONWriter {
    /// - Parameter withReasons: Whether to include the reason of a failure, which may reveal internals of the server.
    mutating func fields(of run: AnalyticsRun, withReasons: Bool) {
        field("id", Int(run.id))
        field("kind", run.kind)
        field("dataset", run.dataset?.text)
        array("resolutions", of: run.resolutions) { json, resolution in json.value(resolution) }
        field("from", run.from?.description)
        field("to", run.to?.description)
        field("normalization", run.normalization)
        field("refresh", run.refresh)
        field("state", run.state.rawValue)
        field("progress", run.progress)
        field("attempts", run.attempts)
        field("events", run.events)
        field("rows", run.rows)
        field("error", run.error.map { withReasons ? $0 : "The last attempt failed; an analyst can see why." })
        field("created_at", run.createdAt.description)
        field("started_at", run.startedAt?.description)
        field("finished_at", run.finishedAt?.description)
    }
}
