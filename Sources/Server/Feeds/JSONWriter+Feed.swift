import Domain
import JSON

extension JSONWriter {
    /// - Parameter withReasons: Whether to include texts of failures and findings.
    mutating func fields(of feed: FeedStatus, withReasons: Bool) {
        let record = feed.record
        field("name", feed.name.text)
        field("source", feed.source)
        field("dataset", feed.dataset.text)
        field("mapping", feed.mapping.contains("/") ? "a file of the operator" : feed.mapping)
        field("next_run", feed.next?.wholeSeconds.description)
        field("last_success", record.lastSuccess?.description)
        field("parts", record.parts)
        field("last_read", record.lastRead?.description)
        field("newest_event", record.newestEvent?.description)
        field("accepted", record.accepted)
        field("rejected", record.rejected)
        name("last_run")
        guard let run = record.lastRun else { return null() }
        object { $0.fields(of: run, withReasons: withReasons) }
    }

    private mutating func fields(of run: FeedRunRecord, withReasons: Bool) {
        let hidden = "An analyst can see why."
        field("id", Int(run.id))
        name("run")
        if let number = run.run { value(Int(number)) } else { null() }
        field("state", run.state.rawValue)
        field("error", run.error.map { withReasons ? $0 : hidden })
        field("offered", run.offered)
        field("read", run.read)
        field("requests", run.requests)
        field("batches", run.batches)
        field("accepted", run.accepted)
        field("duplicate", run.duplicate)
        field("rejected", run.rejected)
        field("removed", run.removed)
        array("findings", of: withReasons ? run.findings : []) { $0.value($1) }
        array("failures", of: run.failures) { json, failure in
            json.object { json in
                json.field("part", failure.part)
                json.field("code", failure.code)
                json.field("problem", withReasons ? failure.problem : hidden)
                json.field("is_temporary", failure.isTemporary)
            }
        }
        field("started_at", run.started.description)
        field("finished_at", run.finished?.description)
        name("score_run")
        if let number = run.scoreRun { value(Int(number)) } else { null() }
    }

    mutating func fields(of checkpoint: FeedCheckpointRecord) {
        field("part", checkpoint.part)
        field("version", checkpoint.version)
        name("batch")
        if let batch = checkpoint.batch { value(Int(batch)) } else { null() }
        field("rows", checkpoint.rows)
        field("read_at", checkpoint.read.description)
    }
}
