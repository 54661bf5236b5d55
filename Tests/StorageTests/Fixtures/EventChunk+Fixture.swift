import Risk

extension EventChunk {
    /// Events at consecutive rows.
    init(_ events: [SampleEvent], firstRow: Int64 = 1, deadLetters: [DeadLetter] = []) {
        self.init()
        for (offset, event) in events.enumerated() {
            rowNumbers.append(firstRow + Int64(offset))
            timestamps.append(event.microseconds)
            longitudes.append(event.longitude)
            latitudes.append(event.latitude)
            eventTypes.append(Array(event.type.utf8)[...])
            eventIDs.append(Array(event.id.utf8)[...])
            attributes.append(Array(event.attributes.utf8)[...])
        }
        self.deadLetters = deadLetters
    }
}
