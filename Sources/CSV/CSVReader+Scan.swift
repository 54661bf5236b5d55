extension CSVReader {
    /// The finding at the start of a record.
    ///
    /// `end` is where its bytes stop, `next` where the following record starts.
    private enum Outcome {
        case complete(end: Int, next: Int, lines: Int64)
        case incomplete(isQuoted: Bool)
    }

    /// Appends the whole records of `bytes[from...]` to the batch and returns the start of the first that is not whole.
    mutating func scan(_ bytes: UnsafeRawBufferPointer, from: Int, isLast: Bool, into batch: inout RecordBatch) -> Int {
        var start = from
        if isAfterCarriageReturn, start < bytes.count {
            if bytes[start] == .lineFeed { start += 1 }
            isAfterCarriageReturn = false
        }
        while start < bytes.count {
            if isSkippingLine {
                let end = lineEnds.next(in: bytes, from: start)
                start = end
                if end < bytes.count {
                    isSkippingLine = false
                    start = passLineEnd(bytes, at: end)
                    line += 1
                }
                continue
            }
            let firstField = batch.fields.count
            switch record(bytes, at: start, isLast: isLast, fields: &batch.fields) {
            case .complete(let end, let next, let lines):
                guard end - start <= maximumRecordBytes else {
                    batch.fields.removeSubrange(firstField...)
                    start = giveUp(.recordTooLong, bytes, at: start, into: &batch)
                    continue
                }
                if end == start {
                    batch.fields.removeLast()
                } else {
                    batch.records.append(
                        CSVRecord(
                            line: line, range: start..<end, fields: firstField..<batch.fields.count, fault: nil))
                }
                line += lines
                start = next
            case .incomplete(let isQuoted):
                batch.fields.removeSubrange(firstField...)
                if bytes.count - start > maximumRecordBytes {
                    start = giveUp(.recordTooLong, bytes, at: start, into: &batch)
                } else if isLast, isQuoted {
                    start = giveUp(.unterminatedQuote, bytes, at: start, into: &batch)
                } else {
                    return start
                }
            }
        }
        return start
    }

    /// Reads the fields of the record at `start`.
    private mutating func record(
        _ bytes: UnsafeRawBufferPointer, at start: Int, isLast: Bool, fields: inout [CSVField]
    ) -> Outcome {
        var lines: Int64 = 1
        var index = start
        while true {
            var content = index
            var end: Int
            var isEscaped = false
            if index < bytes.count, bytes[index] == .quote {
                content = index + 1
                guard let close = closingQuote(bytes, from: content, lines: &lines, isEscaped: &isEscaped) else {
                    return .incomplete(isQuoted: true)
                }
                end = close
                index = fieldEnds.next(in: bytes, from: close + 1)
                if index != close + 1 {
                    end = index
                    isEscaped = true
                }
            } else {
                index = fieldEnds.next(in: bytes, from: index)
                end = index
            }
            if index == bytes.count, !isLast { return .incomplete(isQuoted: false) }
            fields.append(CSVField(content..<end, isEscaped: isEscaped))
            if index == bytes.count { return .complete(end: index, next: index, lines: lines) }
            if bytes[index] != delimiter {
                return .complete(end: index, next: passLineEnd(bytes, at: index), lines: lines)
            }
            index += 1
        }
    }

    /// The index of the quote that closes a field whose content starts at `from`; counts the line ends on the way.
    private func closingQuote(
        _ bytes: UnsafeRawBufferPointer, from: Int, lines: inout Int64, isEscaped: inout Bool
    ) -> Int? {
        var index = from
        while true {
            index = quotedStops.next(in: bytes, from: index)
            guard index < bytes.count else { return nil }
            let isPair = index + 1 < bytes.count
            switch bytes[index] {
            case .quote:
                guard isPair, bytes[index + 1] == .quote else { return index }
                isEscaped = true
                index += 2
            case .carriageReturn:
                lines += 1
                index += isPair && bytes[index + 1] == .lineFeed ? 2 : 1
            default:
                lines += 1
                index += 1
            }
        }
    }

    /// Records the first physical line at `start` as a fault and returns where reading goes on.
    private mutating func giveUp(
        _ fault: CSVFault, _ bytes: UnsafeRawBufferPointer, at start: Int, into batch: inout RecordBatch
    ) -> Int {
        let lineEnd = lineEnds.next(in: bytes, from: start)
        let end = min(lineEnd, start + maximumRecordBytes)
        let fields = batch.fields.count..<batch.fields.count
        batch.records.append(CSVRecord(line: line, range: start..<end, fields: fields, fault: fault))
        guard lineEnd == end else {
            isSkippingLine = true
            return end
        }
        guard lineEnd < bytes.count else { return end }
        line += 1
        return passLineEnd(bytes, at: lineEnd)
    }

    private mutating func passLineEnd(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
        guard bytes[index] == .carriageReturn else { return index + 1 }
        guard index + 1 < bytes.count else {
            isAfterCarriageReturn = true
            return index + 1
        }
        return bytes[index + 1] == .lineFeed ? index + 2 : index + 1
    }
}
