extension CSVReader {
    /// The finding at the start of a record.
    ///
    /// `end` is where its bytes stop, `next` where the following record starts.
    private enum Outcome {
        /// `texts` of the line ends are line feeds of texts without quotes.
        case complete(end: Int, next: Int, lines: Int64, texts: Int64)
        case incomplete(isQuoted: Bool)
        /// The quotes of the record are wrong, whatever follows the byte at `at`.
        case broken(CSVFault, at: Int)
    }

    /// Appends the whole records of `bytes[from...]` to the batch and returns the start of the first that is not whole.
    mutating func scan(_ bytes: UnsafeRawBufferPointer, from: Int, isLast: Bool, into batch: inout RecordBatch) -> Int {
        var start = from
        if isAfterCarriageReturn, start < bytes.count {
            if bytes[start] == .lineFeed { start += 1 }
            isAfterCarriageReturn = false
        }
        while start < bytes.count {
            if UInt16(bytes[start]) == comment { isSkippingLine = true }
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
            case .complete(let end, let next, let lines, let texts):
                guard end - start <= maximumRecordBytes else {
                    batch.fields.removeSubrange(firstField...)
                    start = giveUp(.recordTooLong, bytes, at: start, into: &batch)
                    continue
                }
                if end == start {
                    batch.fields.removeLast()
                } else if lines - texts > 1, isDoubtful(bytes, start..<end, firstField, batch) {
                    batch.fields.removeSubrange(firstField...)
                    start = giveUp(.unterminatedQuote, bytes, at: start, into: &batch)
                    continue
                } else {
                    batch.records.append(
                        CSVRecord(
                            line: line, range: start..<end, fields: firstField..<batch.fields.count, fault: nil))
                    if shapes?.columns == nil { shapes?.learn(from: batch) }
                }
                line += form.countsRecords ? 1 : lines
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
            case .broken(let fault, let place):
                batch.fields.removeSubrange(firstField...)
                // The rest of the line belongs to the fault, too.
                let isWhole = lineEnds.next(in: bytes, from: start) < bytes.count
                guard isWhole || isLast || bytes.count - start > maximumRecordBytes else { return start }
                // In shorter blocks the record would have been given up before that byte came.
                let isTooLong = place - start > maximumRecordBytes
                start = giveUp(isTooLong ? .recordTooLong : fault, bytes, at: start, into: &batch)
            }
        }
        return start
    }

    private func isDoubtful(
        _ bytes: UnsafeRawBufferPointer, _ record: Range<Int>, _ firstField: Int, _ batch: RecordBatch
    ) -> Bool {
        guard let shapes else { return false }
        return shapes.hasRecords(
            bytes, after: record.lowerBound, to: record.upperBound, fieldCount: batch.fields.count - firstField, batch,
            lineEnds)
    }

    /// Reads the fields of the record at `start`.
    private mutating func record(
        _ bytes: UnsafeRawBufferPointer, at start: Int, isLast: Bool, fields: inout [CSVField]
    ) -> Outcome {
        var lines: Int64 = 1
        var texts: Int64 = 0
        var index = start
        while true {
            var content = index
            let end: Int
            var isEscaped = false
            if index < bytes.count, UInt16(bytes[index]) == quote {
                content = index + 1
                end = closingQuote(bytes, from: content, lines: &lines, isEscaped: &isEscaped)
                guard lines <= form.maximumQuotedLines else { return .broken(.unterminatedQuote, at: end) }
                guard end < bytes.count else { return .incomplete(isQuoted: true) }
                index = end + 1
                while index < bytes.count, !isFieldEnd(bytes[index]) {
                    guard bytes[index] == UInt8(ascii: " ") || bytes[index] == UInt8(ascii: "\t") else {
                        return .broken(lines == 1 ? .textAfterQuote : .unterminatedQuote, at: index)
                    }
                    index += 1
                }
            } else {
                index =
                    form.escape == nil
                    ? fieldEnds.next(in: bytes, from: index)
                    : escapedFieldEnd(bytes, from: index, isEscaped: &isEscaped)
                if form.keepsLineFeeds {
                    while index < bytes.count, bytes[index] == .lineFeed {
                        texts += 1
                        index = fieldEnds.next(in: bytes, from: index + 1)
                    }
                }
                end = index
            }
            if index == bytes.count, !isLast { return .incomplete(isQuoted: false) }
            fields.append(CSVField(content..<end, isEscaped: isEscaped))
            if index == bytes.count {
                return .complete(end: index, next: index, lines: lines + texts, texts: texts)
            }
            if bytes[index] != delimiter {
                return .complete(
                    end: index, next: passLineEnd(bytes, at: index), lines: lines + texts, texts: texts)
            }
            index += 1
        }
    }

    @inline(__always)
    private func isFieldEnd(_ byte: UInt8) -> Bool {
        byte == delimiter || byte == .lineFeed || byte == .carriageReturn
    }

    /// The index of the quote that closes a field whose content starts at `from`, or the number of bytes when there is
    /// none. Counts the line ends on the way. Where the record has too many lines, the index of the last line end.
    private func closingQuote(
        _ bytes: UnsafeRawBufferPointer, from: Int, lines: inout Int64, isEscaped: inout Bool
    ) -> Int {
        var index = from
        while true {
            index = quotedStops.next(in: bytes, from: index)
            guard index < bytes.count else { return index }
            let isPair = index + 1 < bytes.count
            switch bytes[index] {
            case .carriageReturn, .lineFeed:
                lines += 1
                guard lines <= form.maximumQuotedLines else { return index }
                let isTwo = isPair && bytes[index] == .carriageReturn && bytes[index + 1] == .lineFeed
                index += isTwo ? 2 : 1
            default:
                if let escape = form.escape {
                    isEscaped = true
                    if isAfter(escape, bytes, from: from, index) {
                        index += 1
                        continue
                    }
                }
                guard isPair, UInt16(bytes[index + 1]) == quote else { return index }
                isEscaped = true
                index += 2
            }
        }
    }

    /// Whether an escape makes the byte at `index` an ordinary one: an odd number of them stand before it.
    private func isAfter(_ escape: UInt8, _ bytes: UnsafeRawBufferPointer, from: Int, _ index: Int) -> Bool {
        var first = index
        while first > from, bytes[first - 1] == escape { first -= 1 }
        return (index - first) % 2 == 1
    }

    /// The end of an unquoted field in which an escape may stand before a delimiter.
    private func escapedFieldEnd(_ bytes: UnsafeRawBufferPointer, from: Int, isEscaped: inout Bool) -> Int {
        var index = from
        while index < bytes.count, !isFieldEnd(bytes[index]) {
            guard bytes[index] == form.escape else {
                index += 1
                continue
            }
            isEscaped = true
            // A line end ends the record, so that an escape at the end of a line does not join it with the next.
            let isBeforeLineEnd = index + 1 < bytes.count && [.lineFeed, .carriageReturn].contains(bytes[index + 1])
            index += isBeforeLineEnd ? 1 : 2
        }
        return min(index, bytes.count)
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
