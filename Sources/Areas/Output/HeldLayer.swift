import Formats

/// The records of a layer that are held together, because their geometries are simplified at once.
struct HeldLayer {
    private(set) var records: [AreaRecord] = []
    private var vertices = 0
    private var bytes = 0
    private let limits: AreaLimits

    init(_ limits: AreaLimits) { self.limits = limits }

    /// - Throws: `Fault` when there is more than may be held.
    mutating func add(_ record: AreaRecord) throws(Fault) {
        vertices += record.geometry?.vertexCount ?? 0
        guard vertices <= limits.mostHeldVertices else {
            throw Fault(
                "is beyond the \(limits.mostHeldVertices) vertices that can be simplified together; convert the file "
                    + "without --simplify, or in parts", .limit)
        }
        for property in record.properties {
            bytes += 64 + property.value.byteCount
        }
        guard bytes <= limits.mostHeldBytes else {
            throw Fault(
                "is beyond the \(limits.mostHeldBytes) bytes of properties that can be held while geometries are "
                    + "simplified; choose fewer with --properties", .limit)
        }
        records.append(record)
    }

    /// Simplifies all lines and rings. Borders that records share stay shared.
    /// - Returns: How many vertices there were and are.
    mutating func simplify(tolerance: Double) -> (before: Int, after: Int) {
        var parts: [(positions: [Position], isRing: Bool)] = []
        for record in records {
            record.geometry?.forEachPart { positions, part in
                if part != .points { parts.append((positions, part == .ring)) }
            }
        }
        let coverage = Coverage(parts)
        parts = []
        let arcs = CoverageSimplification(coverage, tolerance: tolerance).arcs
        var next = 0
        var after = 0
        for index in records.indices {
            records[index].geometry =
                records[index].geometry?.mapParts { positions, part in
                    guard part != .points else { return positions }
                    defer { next += 1 }
                    let simplified = coverage.positions(ofPart: next, arcs: arcs)
                    // A ring that is smaller than what counts as one position stays as it is.
                    return simplified.count < (part == .ring ? 4 : 2) ? positions : simplified
                }.rightHanded
            after += records[index].geometry?.vertexCount ?? 0
        }
        return (vertices, after)
    }
}

extension PropertyValue {
    fileprivate var byteCount: Int {
        switch self {
        case .text(let text), .json(let text): text.utf8.count
        case .integer, .number, .truth, .null: 0
        }
    }
}
