import Risk

extension JSONWriter {
    /// The fields of an event but its place.
    mutating func fields(of event: StoredEvent) {
        field("event_id", event.eventID)
        field("event_type", event.eventType)
        field("event_timestamp", Timestamp.text(event.position.timestamp))
        name("attributes")
        raw(event.attributes)
    }
}
