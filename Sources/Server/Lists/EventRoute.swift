import Domain
import Formats
import Hummingbird
import JSON
import Web

/// Answers `/v1/events/{id}`: one event, with the batch, run, feed and URL that it came from.
struct EventRoute {
    let catalogue: DatasetCatalogue
    let lineage: any LineageRepository

    /// The longest id of a source.
    private static let longestID = 600

    @Sendable func respond(_ request: Request, _ context: ClientContext) async throws -> Response {
        var parameters = QueryParameters(request, context, known: ["dataset"])
        let slug = parameters.dataset()
        let id = parameters.parsed("id", "the id of an event") { text in
            (1...Self.longestID).contains(text.utf8.count) && !text.utf8.contains(0) ? text : nil
        }
        try parameters.check()
        guard let id else { throw Problem.fault }
        let dataset = try await catalogue.dataset(slug, for: context).needEvents().dataset.slug
        guard let found = try await event(id, of: dataset) else {
            throw Problem.notFound("There is no event \(ShownText.of(id, upTo: 128)) in \(dataset).", field: "id")
        }
        var json = JSONWriter()
        json.object { json in
            json.field("id", found.event.cursor.text)
            json.field("dataset", dataset.text)
            json.field("event_id", found.event.eventID)
            json.field("event_type", found.event.eventType)
            json.field("event_timestamp", found.event.cursor.timestamp.description)
            json.field("longitude", found.event.longitude)
            json.field("latitude", found.event.latitude)
            json.name("attributes")
            json.raw(found.event.attributes)
            json.name("lineage")
            if let lineage = found.lineage { json.object { $0.fields(of: lineage) } } else { json.null() }
        }
        return json.response(to: request)
    }

    /// The event with an id of its place in the list, or with that of its source. An id of a source may look like a
    /// place.
    private func event(_ id: String, of dataset: Slug) async throws -> TracedEvent? {
        if let cursor = EventCursor(text: id), let found = try await lineage.event(.place(cursor), of: dataset) {
            return found
        }
        return try await lineage.event(.source(id), of: dataset)
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of lineage: TracedEvent.Lineage) {
        field("batch", Int(lineage.batch))
        field("row_number", Int(lineage.rowNumber))
        field("source", lineage.source)
        field("sha256", lineage.sha256)
        field("mapping", lineage.mapping)
        field("stored_at", lineage.stored?.description)
        name("run")
        if let run = lineage.run { value(Int(run)) } else { null() }
        field("feed", lineage.feed)
        field("feed_part", lineage.feedPart)
        field("source_url", lineage.sourceURL)
        field("retrieved_at", lineage.retrieved?.description)
    }
}
