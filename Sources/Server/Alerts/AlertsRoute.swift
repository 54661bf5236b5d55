import Domain
import Formats
import Hummingbird
import JSON
import Web

/// Answers `/v1/alerts`: what the rules of datasets have found, the newest first. Alerts have exact counts, so they are
/// for those with the right to small ones.
struct AlertsRoute {
    let catalogue: DatasetCatalogue
    let alerts: any AlertRepository

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(
            request.uri.query, known: ["dataset", "rule", "state", "limit", "after"])
        let slug = parameters.dataset()
        let rule = parameters.parsed("rule", "the name of a rule: \(Slug.form)") { Slug($0) }
        let states = Alert.State.allCases.map(\.rawValue).joined(separator: ", ")
        let state = parameters.parsed("state", "one of \(states)") { Alert.State(rawValue: $0) }
        let after = parameters.parsed("after", "taken from the link to the next page") { RowNumber.read($0) }
        let limit = parameters.limit(default: 100)
        try parameters.check()
        let origin = try context.origin.text()

        if let slug { _ = try await catalogue.dataset(slug, for: context) }
        let query = AlertQuery(
            visible: try await context.asking().scope, dataset: slug, rule: rule?.text, state: state)
        let page = try await alerts.alerts(query, PageRequest(after: after, limit: limit))
        let link = PageLink(
            origin: origin, path: "/v1/alerts",
            parameters: [
                ("dataset", slug?.text), ("rule", rule?.text), ("state", state?.rawValue), ("limit", String(limit)),
            ])
        var json = JSONWriter()
        json.list(of: page.rows, next: page.next.map { link.text(after: String($0)) }) { json, alert in
            json.object { $0.fields(of: alert) }
        }
        return json.response(to: request)
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of alert: Alert) {
        field("id", Int(alert.id))
        field("dataset", alert.dataset.text)
        field("rule", alert.rule)
        field("condition", alert.condition)
        name("resolution")
        if let resolution = alert.resolution { value(resolution) } else { null() }
        field("as_of", alert.asOf?.description)
        field("message", alert.message)
        field("total", alert.total)
        name("cells")
        raw(alert.cells)
        field("state", alert.state.rawValue)
        field("attempts", alert.attempts)
        field("error", alert.error)
        field("created_at", alert.createdAt.description)
        field("sent_at", alert.sentAt?.description)
    }
}
