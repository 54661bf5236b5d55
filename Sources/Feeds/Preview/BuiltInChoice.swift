import Domain
import Foundation

/// The built-in mapping that fits a file best, and those that fit only by their columns.
///
/// A mapping may say what a file does not: the type or the time of every event, a time zone, bounds. Its columns alone
/// do not show that the file is of the same source.
struct BuiltInChoice {
    var chosen: (name: String, mapping: Mapping)?
    /// Why others were left out, in sentences.
    var notes: [String] = []

    /// - Throws: `FeedError` when a built-in mapping cannot be read.
    init(for sample: FileSample, directory: String) throws(FeedError) {
        var fitting: [(name: String, mapping: Mapping, fit: (Int, Int))] = []
        for name in Mapping.builtInNames(in: directory) {
            let mapping = try Mapping.load(name, builtInDirectory: directory)
            // A mapping that states the format is preferred to one that leaves it open.
            // Whether a file is of payments or of events is for people to say.
            guard mapping.makes == .events, sample.fits(mapping) else { continue }
            fitting.append((name, mapping, (mapping.columns.count, mapping.dialect.format == nil ? 0 : 1)))
        }
        // The first in the alphabet is taken of equal ones.
        for (name, mapping, _) in fitting.sorted(by: { ($1.fit.0, $1.fit.1, $0.name) < ($0.fit.0, $0.fit.1, $1.name) })
        {
            guard let doubt = Self.doubt(name, mapping, sample) else {
                chosen = (name, mapping)
                break
            }
            notes.append(
                "The built-in mapping \(name) has all its columns here, but \(doubt). If that is right, give "
                    + "--mapping \(name).")
        }
        guard let (name, mapping) = chosen, let zone = mapping.time.zone, !zone.isUTC else { return }
        notes.append("The mapping \(name) says that times without an offset are those of \(zone.identifier).")
    }

    /// The doubt about a mapping: a statement that nothing in the file shows, or that its values speak against; nil
    /// when it may be chosen.
    private static func doubt(_ name: String, _ mapping: Mapping, _ sample: FileSample) -> String? {
        if !mapping.proposal.isEvident, !isNamed(sample.path, name) {
            if case .constant(let type) = mapping.eventType { return "says that every event is \"\(type)\"" }
            if case .constant = mapping.time.source { return "says when all events happened" }
        }
        if case .column(let column) = mapping.time.source, let place = sample.position(of: column) {
            let values = sample.values(place)
            let reads = values.count { value in
                mapping.time.patterns.contains { $0.read(Array(value.utf8).span) != nil }
            }
            if reads * 2 < values.count { return "reads times of another form" }
        }
        guard case .point(let longitude, let latitude) = mapping.coordinates.place,
            mapping.coordinates.projection == nil,
            let x = sample.position(of: longitude), let y = sample.position(of: latitude)
        else { return nil }
        let points = sample.pairs(x, y).compactMap { pair -> (Double, Double)? in
            guard let x = sample.number(pair.0), let y = sample.number(pair.1), x != 0 || y != 0 else { return nil }
            return (x, y)
        }
        if let bounds = mapping.coordinates.bounds,
            points.count(where: { bounds.contains(longitude: $0.0, latitude: $0.1) }) * 2 < points.count
        {
            return "is for another part of the world"
        }
        guard let zone = mapping.time.zone, !zone.isUTC, !points.isEmpty else { return nil }
        let middle = points.map(\.0).sorted()[points.count / 2]
        // Clocks follow the sun: each hour of an offset is 15 degrees.
        let distance = (middle - zone.standardMeridian).remainder(dividingBy: 360).magnitude
        return distance > 20 ? "reads times as those of \(zone.identifier), far from these points" : nil
    }

    /// Whether the file's name has all words of the mapping's.
    private static func isNamed(_ path: String, _ mapping: String) -> Bool {
        let words = Set(ColumnName(URL(filePath: path).lastPathComponent).words)
        return words.isSuperset(of: ColumnName(mapping).words)
    }
}
