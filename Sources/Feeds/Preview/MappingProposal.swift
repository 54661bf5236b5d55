/// A proposed mapping for a file: a built-in one whose columns the file has, or one guessed from names and values.
package struct MappingProposal: Sendable {
    package let mapping: Mapping
    /// The built-in mapping's name; nil when it was guessed.
    package let builtIn: String?
    /// The text of a guessed mapping, to be saved and corrected.
    package let yaml: String?

    /// - Throws: `FeedError` when the file cannot be read, or no column looks like a time or a place.
    package init(for file: EventFile, stated: Dialect, builtInDirectory directory: String) throws(FeedError) {
        let sample = try FileSample(file, stated: stated)
        // A mapping that states the format is preferred to one that leaves it open.
        var best: (name: String, mapping: Mapping, fit: (Int, Int))?
        for name in Mapping.builtInNames(in: directory) {
            var mapping = try Mapping.load(name, builtInDirectory: directory)
            guard sample.fits(mapping) else { continue }
            let fit: (Int, Int) = (mapping.columns.count, mapping.dialect.format == nil ? 0 : 1)
            mapping.dialect = mapping.dialect.stating(stated)
            if fit > best?.fit ?? (0, 0) { best = (name, mapping, fit) }
        }
        if let best {
            (mapping, builtIn, yaml) = (best.mapping, best.name, nil)
            return
        }
        let text = try Self.guess(sample, file: file.path)
        var guessed = try Mapping(yaml: text, file: "proposal.yaml")
        guessed.dialect = guessed.dialect.stating(stated)
        (mapping, builtIn, yaml) = (guessed, nil, text)
    }

    private static func guess(_ sample: FileSample, file: String) throws(FeedError) -> String {
        let longitude = sample.column(["longitude", "lon", "lng", "long", "longitud", "x", "geometry.coordinates.0"])
        let latitude = sample.column(["latitude", "lat", "latitud", "y", "geometry.coordinates.1"])
        guard let longitude, let latitude else {
            throw cannot(file, sample, "no columns look like longitude and latitude")
        }
        guard let time = sample.time else { throw cannot(file, sample, "no column looks like a time") }
        let type = sample.column([
            "event_type", "type", "category", "crime type", "offense", "offence", "offense_type", "primary type",
            "complaint type", "mci", "kind",
        ])
        let id = sample.column(["event_id", "id", "uid", "unique key", "incident_id", "globalid", "objectid"])
            .flatMap { sample.isUnique($0) ? $0 : nil }
        let used = Set([longitude, latitude, time.column, type, id].compactMap { $0 })
        let name = { (column: Int) in quoted(sample.header[column]) }
        var lines = sample.statements + ["event_type:", type.map { "  column: \(name($0))" } ?? "  constant: event"]
        if let id { lines += ["event_id:", "  column: \(name(id))"] }
        lines += ["time:", "  column: \(name(time.column))", "  patterns: [\(quoted(time.pattern))]"]
        lines.append("coordinates:")
        if sample.isProjected(longitude, latitude) {
            lines += [
                "  x: \(name(longitude))", "  y: \(name(latitude))",
                "  crs: EPSG:3857  # a guess: metres of some system",
            ]
        } else {
            lines += ["  longitude: \(name(longitude))", "  latitude: \(name(latitude))"]
        }
        let others = sample.header.indices.filter {
            !used.contains($0) && !sample.header[$0].isEmpty && !PersonalColumn.isOne(sample.header[$0])
                && !sample.containers.contains(sample.header[$0]) && sample.isNamedOnce($0)
        }
        if !others.isEmpty { lines += ["attributes:", "  columns:"] + others.map { "    - \(name($0))" } }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    private static func cannot(_ file: String, _ sample: FileSample, _ why: String) -> FeedError {
        FeedError(
            .mapping, file: file,
            "no mapping can be proposed: \(why). The columns are: \(sample.header.joined(separator: ", ")). "
                + "Write one as described in docs/mappings.md")
    }
}
