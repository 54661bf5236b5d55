import Accounts
import Caching
import Domain
import HTTPTypes
import Hummingbird
import JSON
import Web

/// Answers `/v1/system/health/detailed` and `/v1/system/status/services`: everybody gets the state of each part in a
/// word, administrators of all datasets what is behind it. Both answer while the database is away.
struct SystemRoutes {
    let checks: HealthChecks
    let repository: any SystemRepository
    let feeds: (any FeedRepository)?
    /// The version of this server.
    let version: String

    var endpoints: [Endpoint] {
        [
            .get("/v1/system/health/detailed", .reader, cost: .units(5), health),
            .get("/v1/system/status/services", .reader, cost: .units(5), services),
        ]
    }

    /// Answers with all checks, 503 when a part fails that answers depend on.
    @Sendable private func health(_ request: Request, _ context: ClientContext) async throws -> Response {
        try QueryParameters(request.uri.query, known: []).check()
        let isOperator = try await context.asking().seesEverything
        let results = try await withDeadline(HealthChecks.patience) { await checks.results() }
        var json = JSONWriter()
        json.object { json in
            json.field("status", results.word)
            if isOperator { json.field("version", version) }
            json.array("parts", of: results) { json, check in
                json.object { json in
                    json.field("part", check.part)
                    json.field("state", check.isWell ? "well" : "failing")
                    json.field("essential", check.isEssential)
                    guard isOperator else { return }
                    json.field("detail", check.detail)
                    json.field("version", check.version)
                    json.field("latency_ms", check.latency.map { $0.inSeconds * 1000 })
                }
            }
        }
        return json.response(to: request, status: results.isReady ? .ok : .serviceUnavailable)
    }

    /// Answers with the state of each service, always 200: that a service fails is what is asked for.
    @Sendable private func services(_ request: Request, _ context: ClientContext) async throws -> Response {
        try QueryParameters(request.uri.query, known: []).check()
        let isOperator = try await context.asking().seesEverything
        let found = try await withDeadline(HealthChecks.patience) {
            async let results = checks.results()
            // The checks say why the database does not answer.
            async let status = try? repository.status()
            async let feeds = try? self.feeds?.feeds()
            return ServiceReport(
                checks: await results, status: await status, feeds: await feeds,
                hasFeeds: self.feeds != nil, now: .now)
        }
        var json = JSONWriter()
        json.object { json in
            json.field("status", found.checks.word)
            json.array("services", of: found.services) { json, service in
                json.object { json in
                    json.field("service", service.name)
                    json.field("state", service.state.rawValue)
                    if isOperator { json.field("detail", service.detail) }
                }
            }
            if isOperator { json.fields(of: found, version: version) }
        }
        return json.response(to: request)
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of report: ServiceReport, version: String) {
        field("version", version)
        array("queues", of: report.status?.queues ?? []) { json, queue in
            json.object { json in
                json.field("kind", queue.kind)
                json.field("waiting", queue.waiting)
                json.field("running", queue.running)
                json.field("longest_wait_seconds", queue.longestWait.inSeconds)
                json.field("finished", queue.finished)
                json.field("failed", queue.failed)
            }
        }
        name("view")
        if let view = report.status?.view {
            object { json in
                json.field("generation", Int(view.generation))
                json.field("rows", Int(view.rows))
                json.field("refreshed_at", view.refreshed.description)
                json.field("age_seconds", report.age(view.refreshed))
            }
        } else {
            null()
        }
        array("feeds", of: report.feeds ?? []) { json, feed in
            json.object { json in
                json.field("name", feed.name.text)
                json.field("dataset", feed.dataset.text)
                json.field("state", ServiceReport.state(of: feed).rawValue)
                json.field("last_success", feed.record.lastSuccess?.description)
                json.field("age_seconds", feed.record.lastSuccess.map(report.age))
                json.field("next_run", feed.next?.wholeSeconds.description)
            }
        }
        array("models", of: report.status?.models ?? []) { json, model in
            json.object { json in
                json.field("id", Int(model.id))
                json.field("dataset", model.dataset.text)
                json.field("kind", model.kind)
                json.field("state", ServiceReport.state(of: model).rawValue)
                json.field("library", model.library)
                json.field("trained_at", model.trained.description)
                json.field("age_seconds", report.age(model.trained))
                json.field("compared_at", model.compared?.description)
                json.field("drift_index", model.drift)
            }
        }
    }
}
