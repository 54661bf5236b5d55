package import Domain

extension EventChunk {
    /// Events with consecutive row numbers.
    package init(_ events: [SampleEvent], firstRow: Int64 = 1, deadLetters: [DeadLetter] = []) {
        self.init()
        for (offset, event) in events.enumerated() {
            rowNumbers.append(firstRow + Int64(offset))
            timestamps.append(event.instant)
            longitudes.append(event.longitude)
            latitudes.append(event.latitude)
            eventTypes.append(Array(event.type.utf8)[...])
            eventIDs.append(Array(event.id.utf8)[...])
            attributes.append(Array(event.attributes.utf8)[...])
        }
        self.deadLetters = deadLetters
    }
}

extension EventChunk {
    package mutating func append(_ other: EventChunk) {
        rowNumbers += other.rowNumbers
        timestamps += other.timestamps
        longitudes += other.longitudes
        latitudes += other.latitudes
        for row in 0..<other.count {
            eventTypes.append(Array(other.eventTypes[row].utf8)[...])
            eventIDs.append(Array(other.eventIDs[row].utf8)[...])
            attributes.append(Array(other.attributes[row].utf8)[...])
        }
        deadLetters += other.deadLetters
    }
}
