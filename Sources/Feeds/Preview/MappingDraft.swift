/// The text of a guessed mapping, with a line `TODO` for each part that could not be guessed.
struct MappingDraft {
    private(set) var yaml = ""
    /// The keys that could not be guessed.
    private(set) var missing: [String] = []
    /// Doubts, in sentences.
    private(set) var notes: [String] = []

    private let sample: FileSample
    private var lines: [String] = []

    /// - Throws: `FeedError` when the file cannot be read.
    init(_ sample: FileSample) throws(FeedError) {
        self.sample = sample
        let place = PlaceGuess.find(in: sample)
        let time = try TimeGuess.find(in: sample, not: place?.columns ?? [], americas: Self.isInAmericas(place, sample))
        var used = Set((place?.columns ?? []) + (time?.columns ?? []))
        let type = eventType(not: used)
        if let type { used.insert(type) }
        let id = eventID(not: used)
        if let id { used.insert(id) }
        writeDialect()
        writeType(type)
        if let id { lines += ["event_id:", "  column: \(name(id))"] }
        write(time, not: used)
        write(place, not: used)
        let others = sample.header.indices.filter {
            !used.contains($0) && sample.isUsable($0) && !PersonalColumn.isOne(sample.header[$0])
                && !sample.containers.contains(sample.header[$0])
        }
        if !others.isEmpty { lines += ["attributes:", "  columns:"] + others.map { "    - \(name($0))" } }
        yaml = (missing.isEmpty ? lines : overview + lines).joined(separator: "\n") + "\n"
    }

    /// The columns with their first values, for whoever has to fill in the rest.
    private var overview: [String] {
        ["# Fill in the lines marked TODO; docs/mappings.md has every key. The columns and their first values:"]
            + sample.header.indices.filter { !sample.containers.contains(sample.header[$0]) }.map { column in
                let value = sample.values(column).first.map { ": \(Self.oneLine($0))" } ?? " is blank"
                return "#   \(Self.oneLine(sample.header[column]))\(value)"
            }
    }

    private mutating func writeDialect() {
        let stated = sample.dialect.format == .xlsx ? nil : sample.dialect.delimiter
        let delimiter = stated.map { byte in
            ", separated by \(byte == 0x09 ? "tabs" : String(decoding: [byte], as: UTF8.self))"
        }
        let format = sample.dialect.format?.rawValue ?? "csv"
        lines.append("# \(format), \(sample.dialect.encoding?.name ?? "utf-8")\(delimiter ?? "")")
        lines += sample.statements
        guard let encoding = sample.encodingGuess?.encoding.name else { return }
        lines.append("encoding: \(encoding)  # a guess: the file is not UTF-8")
        notes.append("The encoding is a guess: the file is not UTF-8, so it was read as \(encoding): encoding.")
    }

    private mutating func writeType(_ column: Int?) {
        lines.append("event_type:")
        if let column { return lines.append("  column: \(name(column))") }
        lines.append("  constant: event  # a guess: no column looks like a kind of event")
        notes.append("No column looks like a kind of event, so every event is called \"event\": event_type.column.")
    }

    // MARK: Time

    private mutating func write(_ guess: TimeGuess?, not used: Set<Int>) {
        lines.append("time:")
        guard let guess else {
            missing.append("time")
            lines.append(
                "  # TODO: the column with the time; patterns: says how it is written, such as [\"dd.MM.yyyy HH:mm\"]"
            )
            lines.append("  column: TODO")
            return
        }
        switch guess.date {
        case .column(let column):
            lines.append("  column: \(name(column))")
            let comment = guess.doubt.map { "  # \($0)" } ?? ""
            lines.append("  patterns: [\(guess.patterns.map(Self.quoted).joined(separator: ", "))]\(comment)")
            if let doubt = guess.doubt {
                notes.append("How column \(name(column)) is written is \(doubt): time.patterns.")
            }
        case .parts(let year, let month, let day):
            for (key, column) in [("year", year), ("month", month), ("day", day)] {
                if let column { lines.append("  \(key)_column: \(name(column))") }
            }
        case .constant: break
        }
        switch guess.clock {
        case .column(let column, let pattern)?:
            lines.append("  clock_column: \(name(column))")
            if let pattern { lines.append("  clock_patterns: [\(Self.quoted(pattern))]") }
        case .parts(let hour, let minute, let second)?:
            for (key, column) in [("hour", hour), ("minute", minute), ("second", second)] {
                if let column { lines.append("  \(key)_column: \(name(column))") }
            }
        case nil: break
        }
        if guess.hasBlankParts {
            lines.append("  blank_parts: first  # some are blank; without this line their rows are rejected")
            notes.append("Parts of the time are blank in some rows; they are read as 0 or the first: time.blank_parts.")
        }
        if guess.skipsRest {
            lines.append("  trailing_text: ignore  # the text after the time")
            notes.append("Text after the time is passed over: time.trailing_text.")
        }
    }

    // MARK: Place

    private mutating func write(_ guess: PlaceGuess?, not used: Set<Int>) {
        lines.append("coordinates:")
        guard let guess else {
            missing.append("coordinates")
            let candidates = numberColumns(not: used).map(name).joined(separator: ", ")
            lines.append(
                "  # TODO: the columns in degrees"
                    + (candidates.isEmpty ? "" : "; these hold numbers: \(candidates)")
                    + ". Both in one column are column: and axes:")
            lines += ["  longitude: TODO", "  latitude: TODO"]
            return
        }
        let system = "  crs: TODO  # the reference system, such as EPSG:27700 or EPSG:32633: its source says which"
        switch guess.place {
        case .degrees(let longitude, let latitude):
            lines += ["  longitude: \(name(longitude))", "  latitude: \(name(latitude))"]
        case .projected(let x, let y):
            lines += ["  x: \(name(x))", "  y: \(name(y))", system]
            missing.append("coordinates.crs")
        case .text(let column, let axes, let isProjected):
            let (east, north) = isProjected ? ("x", "y") : ("longitude", "latitude")
            let order = axes == .longitudeLatitude ? [east, north] : [north, east]
            let comment = guess.doubt.map { "  # \($0)" } ?? ""
            lines += ["  column: \(name(column))", "  axes: [\(order.joined(separator: ", "))]\(comment)"]
            if isProjected {
                lines.append(system)
                missing.append("coordinates.crs")
            }
            if let doubt = guess.doubt {
                notes.append("The order of the coordinates in column \(name(column)) is \(doubt): coordinates.axes.")
            }
        }
    }

    private func numberColumns(not used: Set<Int>) -> [Int] {
        sample.header.indices.filter { column in
            guard !used.contains(column), sample.isUsable(column) else { return false }
            return sample.mostly(sample.values(column)) { sample.number($0, grouped: true) != nil && !isWhole($0) }
        }
    }

    private func isWhole(_ text: String) -> Bool { text.utf8.allSatisfy(Glyph.isDigit) && text.utf8.count < 6 }

    /// Whether the points lie in the north of America, where dates begin with the month; nil when that is unknown.
    private static func isInAmericas(_ guess: PlaceGuess?, _ sample: FileSample) -> Bool? {
        let points: [(Double, Double)]
        switch guess?.place {
        case .degrees(let longitude, let latitude)?:
            points = sample.pairs(longitude, latitude).compactMap { pair in
                guard let x = sample.number(pair.0), let y = sample.number(pair.1) else { return nil }
                return (x, y)
            }
        case .text(let column, let axes, isProjected: false)?:
            points = sample.values(column).compactMap { value in
                let text = Array(value.utf8)
                let place = try? PlaceText.read(text.span, decimalComma: sample.numbers.decimal != .point)
                return place.map { ($0.point(axes).x, $0.point(axes).y) }
            }
        default: return nil
        }
        guard !points.isEmpty else { return nil }
        let inside = points.count { (-170 ... -50).contains($0.0) && (14...75).contains($0.1) }
        return inside * 2 > points.count
    }

    // MARK: Type and id

    private func eventType(not used: Set<Int>) -> Int? {
        let names = [
            "event_type", "type", "category", "crime type", "offense", "offence", "offense_type", "primary type",
            "complaint type", "mci", "kind",
        ]
        func isFree(_ column: Int) -> Bool { !used.contains(column) && sample.isUsable(column) }
        for name in names {
            if let found = sample.header.indices.first(where: { sample.header[$0].lowercased() == name && isFree($0) })
            {
                return found
            }
        }
        let words: Set<String> = [
            "type", "typ", "category", "kategorie", "categoria", "categorie", "kind", "offense", "offence", "ofns",
            "crime", "delikt", "deliktart", "straftat", "delito", "tipo", "art", "nature", "natur", "class", "ereignis",
            "einsatzart", "complaint", "problem", "incident",
        ]
        return sample.header.indices.first { column in
            let name = ColumnName(sample.header[column])
            guard isFree(column), name.has(words), name.words.last != "id", !name.has(["location", "address"]) else {
                return false
            }
            let values = sample.values(column)
            // A kind has letters, and comes again.
            return sample.mostly(values) { $0.contains(where: \.isLetter) && $0.count <= 100 }
                && (values.count < 10 || Set(values).count * 2 <= values.count)
        }
    }

    private func eventID(not used: Set<Int>) -> Int? {
        func isFree(_ column: Int) -> Bool {
            !used.contains(column) && sample.isUsable(column) && sample.isUnique(column)
        }
        let names = ["event_id", "id", "uid", "unique key", "incident_id", "globalid", "objectid"]
        for name in names {
            if let found = sample.header.indices.first(where: { sample.header[$0].lowercased() == name && isFree($0) })
            {
                return found
            }
        }
        let subjects: Set<String> = [
            "event", "incident", "case", "crime", "complaint", "cmplnt", "call", "report", "request",
        ]
        let marks: Set<String> = ["id", "key", "number", "num", "no", "nr"]
        return sample.header.indices.first { column in
            let words = ColumnName(sample.header[column]).words
            guard words.count == 2, subjects.contains(words[0]), marks.contains(words[1]) else {
                return words == ["caseid"] && isFree(column)
            }
            return isFree(column)
        }
    }

    // MARK: Text

    private func name(_ column: Int) -> String { Self.quoted(sample.header[column]) }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", "\"": quoted += "\\\(scalar)"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.properties.generalCategory == .control:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\x" + (digits.count == 1 ? "0" : "") + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// The beginning of a text without line ends and other control characters, for comments.
    private static func oneLine(_ text: String) -> String {
        let plain = text.unicodeScalars.prefix(80).map { scalar in
            scalar.properties.generalCategory == .control ? " " : String(scalar)
        }
        return plain.joined()
    }
}
