import CSV

extension JSONReader {
    /// Reads the next part of the text; false when more bytes are needed.
    mutating func step(into batch: inout RecordBatch) -> Bool {
        switch unit {
        case .none: begin(into: &batch)
        case .record, .longRecord, .other: goOn(into: &batch)
        case .noJSON, .longNoJSON: leaveNoJSON(into: &batch)
        }
    }

    /// Begins the next value, or enters or leaves an object or array around the records.
    private mutating func begin(into batch: inout RecordBatch) -> Bool {
        passSpace()
        guard start < bytes.count else { return false }
        switch (levels.last, bytes[start]) {
        case (.object(let depth)?, _): return member(depth, into: &batch)
        case (.some, UInt8(ascii: "]")):
            levels.removeLast()
            pass(to: start + 1)
        case (.passed(let depth)?, UInt8(ascii: "{")): enter(.object(depth))
        case (.passed(let depth)?, UInt8(ascii: "[")): enter(.passed(depth))
        case (.passed?, let byte) where Self.beginsWord(byte): unit = .other
        case (.records?, UInt8(ascii: "{")), (.records?, UInt8(ascii: "[")): unit = .record
        case (_, UInt8(ascii: "{")):
            if layout.path.isEmpty {
                unit = .record
            } else {
                object = Object(start: start, line: line)
                enter(.object(0))
            }
        case (_, UInt8(ascii: "[")):
            if let rows = layout.rows, layout.path.isEmpty, rows.depth == levels.count {
                unit = .record
            } else {
                enter(.array)
            }
        case (.some, let byte) where Self.beginsWord(byte): unit = .record
        case (.some, UInt8(ascii: "}")):
            // A single byte, since what follows it may be sound.
            reject(start..<start + 1, Rejection(.badJSON, "a bracket closes here that nothing opens"), &batch)
            pass(to: start + 1)
        default: beginNoJSON("this text is not JSON")
        }
        return true
    }

    /// Reads the name of a member of an object around the records, and enters its value if the path leads there.
    private mutating func member(_ depth: Int, into batch: inout RecordBatch) -> Bool {
        guard bytes[start] != UInt8(ascii: "}") else {
            pass(to: start + 1)
            levels.removeLast()
            if levels.isEmpty || levels.last == .array { leaveObject(into: &batch) }
            return true
        }
        var name = JSONNesting()
        var end = start
        var isSound = bytes[start] == UInt8(ascii: "\"")
        if isSound {
            switch name.scan(bytes, from: start) {
            case .complete(let found): end = found
            case .incomplete where bytes.count - start <= Self.maximumRecordBytes: return false
            case .incomplete, .broken: isSound = false
            }
        }
        let colon = JSONSpace.skip(bytes, end)
        let value = JSONSpace.skip(bytes, colon + 1)
        guard value < bytes.count || !isSound else { return false }
        guard isSound, bytes[colon] == UInt8(ascii: ":") else {
            beginNoJSON("the JSON is broken here")
            return true
        }
        let isOnPath = depth < layout.path.count && bytes[start + 1..<end - 1].elementsEqual(layout.path[depth])
        pass(to: value)
        enterMember(isOnPath ? depth + 1 : nil)
        return true
    }

    /// - Parameter depth: How many names of the path lead to the value at `start`; nil when the path does not.
    private mutating func enterMember(_ depth: Int?) {
        let isEnd = depth == layout.path.count
        switch (depth, bytes[start]) {
        case (.some, UInt8(ascii: "[")) where isEnd:
            object = nil
            enter(.records)
        case (.some, UInt8(ascii: "{")) where isEnd && layout.isPathStated:
            object = nil
            unit = .record
        case (let depth?, UInt8(ascii: "{")) where !isEnd: enter(.object(depth))
        case (let depth?, UInt8(ascii: "[")) where !isEnd: enter(.passed(depth))
        default: unit = .other
        }
    }

    private mutating func enter(_ level: Level) {
        levels.append(level)
        pass(to: start + 1)
    }

    /// Takes an outermost object in which no array of records was found.
    private mutating func leaveObject(into batch: inout RecordBatch) {
        guard let found = object else { return }
        object = nil
        let current = line
        line = found.line
        let first = found.isDropped ? start - 1 : found.start
        let range = first..<min(start, first + Self.maximumRecordBytes)
        if layout.isPathStated {
            reject(range, Rejection(.badJSON, "there is no array \(layout.pathText) in this object"), &batch)
        } else if found.isDropped || start - first > Self.maximumRecordBytes {
            reject(range, Self.tooLong, &batch)
        } else {
            take(range, into: &batch)
        }
        line = current
    }

    /// Goes on with the value at `start`.
    private mutating func goOn(into batch: inout RecordBatch) -> Bool {
        switch nesting.scan(bytes, from: start + scanned) {
        case .complete(let found):
            // A number or word may be followed at once by what ends it; something must be taken in any case.
            let end = max(found, start + 1)
            if unit == .record {
                if end - start > Self.maximumRecordBytes {
                    giveUp(into: &batch)
                } else {
                    take(start..<end, into: &batch)
                }
            }
            finishUnit(at: end)
            return true
        case .incomplete:
            scanned = bytes.count - start
            if unit == .record {
                guard scanned > Self.maximumRecordBytes else { return false }
                // A bracket may be missing, so that the records after it seem to belong to it.
                if cutRecord(into: &batch) { return true }
                giveUp(into: &batch)
                unit = .longRecord
            }
            if let object, !object.isDropped {
                guard bytes.count - object.start > Self.maximumPreludeBytes else { return false }
                self.object?.isDropped = true
            }
            pass(to: bytes.count)
            scanned = 0
            return false
        case .broken(let place):
            let isRecord = unit == .record
            if isRecord || unit == .other {
                unit = .noJSON(Rejection(.badJSON, "the JSON is broken: a text or an object is not closed"))
            } else {
                unit = .longNoJSON
            }
            if !isRecord { leaveBrokenLevels() }
            scanned = place - start
            return true
        }
    }

    /// Rejects the record at `start` up to the next line that begins like a value; false when there is none.
    mutating func cutRecord(into batch: inout RecordBatch) -> Bool {
        guard let next = nextValue(from: start + 1) else { return false }
        reject(trimmed(start..<next.index), Self.unclosed, &batch)
        finishUnit(at: next.index)
        indent = next.indent
        return true
    }

    mutating func finishUnit(at end: Int) {
        pass(to: end)
        unit = .none
        scanned = 0
        nesting = JSONNesting()
    }

    /// Moves past white space, commas, record separators and byte order marks.
    private mutating func passSpace() {
        while start < bytes.count {
            switch bytes[start] {
            case 0x0A:
                line += 1
                indent = 0
            case 0x20, 0x09: indent = indent.map { $0 + 1 }
            case 0x0D, UInt8(ascii: ","), JSONSpace.recordSeparator: break
            case 0xEF where bytes[start...].starts(with: [0xEF, 0xBB, 0xBF]): start += 2
            default: return
            }
            start += 1
        }
    }

    private static func beginsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "t"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "I"):
            true
        default: false
        }
    }
}
