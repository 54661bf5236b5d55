import CSV

extension JSONReader {
    /// Begins text that is no JSON.
    mutating func beginNoJSON(_ problem: String) {
        unit = .noJSON(Rejection(.badJSON, problem))
        scanned = 0
        leaveBrokenLevels()
    }

    /// Leaves an object around the records whose text is broken. Within an array more elements may follow.
    mutating func leaveBrokenLevels() {
        object = nil
        if levels.last != .array, levels.last != .records { levels = [] }
    }

    /// Passes text that is no JSON up to the line that begins like a value.
    mutating func leaveNoJSON(into batch: inout RecordBatch) -> Bool {
        let next = nextValue(from: start + scanned)
        guard let end = next?.index ?? (isLast ? bytes.count : nil) else {
            // Only with what follows can it be seen how the last line begins.
            let lastLine = bytes[start...].lastIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            scanned = max(scanned, lastLine - start)
            guard bytes.count - start > Self.maximumRecordBytes else { return false }
            if case .noJSON(let rejection) = unit {
                reject(start..<start + Self.maximumRecordBytes, rejection, &batch)
                unit = .longNoJSON
            }
            pass(to: start + scanned)
            scanned = 0
            return false
        }
        if case .noJSON(let rejection) = unit {
            let range = trimmed(start..<end)
            let text = RawText.quoted(bytes.span.extracting(range))
            reject(range, Rejection(rejection.reason, "\(rejection.detail): \(text)"), &batch)
        }
        finishUnit(at: end)
        indent = next?.indent
        return end < bytes.count
    }

    /// As much of a range as is kept of a record, without the white space at its end.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var end = min(range.upperBound, range.lowerBound + Self.maximumRecordBytes)
        while end > range.lowerBound + 1, bytes[end - 1] <= 0x20 { end -= 1 }
        return range.lowerBound..<end
    }

    /// The next record separator, or the start of the next line that begins like a value and is not indented more than
    /// the text at `start`, with its indentation; nil when the bytes have none.
    func nextValue(from: Int) -> (index: Int, indent: Int)? {
        let most = indent ?? 0
        var index = from
        while index < bytes.count {
            if bytes[index] == JSONSpace.recordSeparator { return (index, 0) }
            guard bytes[index] == UInt8(ascii: "\n") else {
                index += 1
                continue
            }
            var first = index + 1
            while first < bytes.count, bytes[first] == 0x20 || bytes[first] == 0x09 { first += 1 }
            let spaces = first - index - 1
            if first < bytes.count, bytes[first] == UInt8(ascii: ",") { first = JSONSpace.skip(bytes, first + 1) }
            guard first < bytes.count else { return nil }
            let isValue =
                bytes[first] == UInt8(ascii: "{") || bytes[first] == UInt8(ascii: "[")
                || bytes[first] == UInt8(ascii: "]") && !levels.isEmpty
            if isValue, spaces <= most { return (first, spaces) }
            index += spaces + 1
        }
        return nil
    }

    /// Says at the end of the file what is left.
    mutating func end(into batch: inout RecordBatch) {
        // Values that a missing bracket joined are cut at the next line that begins like one.
        while unit == .record, start < bytes.count, cutRecord(into: &batch) {
            while step(into: &batch) {}
        }
        guard !levels.isEmpty || start < bytes.count else { return }
        if let object {
            line = object.line
            if !object.isDropped { start = object.start }
        }
        let what = levels.contains(.records) || levels.contains(.array) ? "its array of records" : "this value"
        let range = start..<min(bytes.count, start + Self.maximumRecordBytes)
        reject(range, Rejection(.truncated, "the file ends before \(what) does"), &batch)
        levels = []
        pass(to: bytes.count)
    }
}
