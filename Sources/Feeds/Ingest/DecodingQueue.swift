import Domain

/// Decodes a file's records on all decoding threads and returns the events in the order of the file.
struct DecodingQueue {
    private typealias Read = (slice: RecordSlice?, bytesRead: Int64)

    private let reader: EventReader
    /// The task that reads the next record batch; nil when all are read.
    private var reading: Task<Read, any Error>?
    /// The record batches being decoded, in the order of the file. One for each thread and two finished ones bound the
    /// memory.
    private var decoding: [Task<DecodedRecords, any Error>] = []
    private let limit = DecodingThreads.shared.count + 2
    /// The row number of the last row returned.
    private var rowNumber: Int64 = 0
    private(set) var bytesRead: Int64 = 0

    init(_ reader: EventReader) {
        self.reader = reader
        reading = Self.read(reader)
    }

    /// The next decoded record batch, with row numbers as in the file; it may be empty. nil at the end of the file.
    mutating func next() async throws -> DecodedRecords? {
        while decoding.count < limit, let read = reading {
            let (slice, bytesRead) = try await read.value
            self.bytesRead = bytesRead
            reading = slice == nil ? nil : Self.read(reader)
            if let slice { decoding.append(decode(slice)) }
        }
        guard !decoding.isEmpty else { return nil }
        var decoded = try await decoding.removeFirst().value
        if let rest = decoded.rest { decoding.insert(decode(rest), at: 0) }
        decoded.chunk.raiseRowNumbers(by: rowNumber)
        rowNumber += decoded.rowNumbers
        return decoded
    }

    /// Cancels what is being read and decoded ahead.
    func cancel() {
        reading?.cancel()
        for task in decoding { task.cancel() }
    }

    private static func read(_ reader: EventReader) -> Task<Read, any Error> {
        Task(executorPreference: DecodingThreads.shared) {
            try Task.checkCancellation()
            return try await reader.next()
        }
    }

    private func decode(_ slice: RecordSlice) -> Task<DecodedRecords, any Error> {
        Task(executorPreference: DecodingThreads.shared) {
            try Task.checkCancellation()
            return slice.decoded()
        }
    }
}

extension EventChunk {
    fileprivate mutating func raiseRowNumbers(by number: Int64) {
        guard number > 0 else { return }
        for row in rowNumbers.indices { rowNumbers[row] += number }
        for letter in deadLetters.indices { deadLetters[letter].rowNumber += number }
    }
}
