/// The limits that keep a file, whoever made it, from taking all memory, disk or time.
package struct AreaLimits: Sendable {
    /// How many bytes an archive may unpack to, all its members together.
    package var mostUnpackedBytes: Int64 = 8 << 30
    /// How many bytes one record may have in its file.
    package var mostRecordBytes = 512 << 20
    /// How many records a layer may have.
    package var mostRecords = 20_000_000
    /// How many vertices one record may have; each takes 16 bytes.
    package var mostVertices = 8_000_000
    /// How many rings, lines or points one record may have.
    package var mostParts = 100_000
    /// How deep elements, arrays, objects and collections of geometries may be nested.
    package var mostNesting = 32
    /// How many columns a layer may have.
    package var mostColumns = 1024
    /// How many bytes one text may have.
    package var mostTextBytes = 1 << 20
    /// How many vertices may be held at a time to simplify them; each takes about 100 bytes.
    package var mostHeldVertices = 10_000_000
    /// How many bytes of properties may be held at a time while geometries are simplified.
    package var mostHeldBytes = 512 << 20

    package init() {}
}

/// The share of the limits that one record has used.
struct RecordAllowance {
    private let limits: AreaLimits
    private(set) var vertices = 0
    private(set) var parts = 0

    init(_ limits: AreaLimits) { self.limits = limits }

    mutating func add(vertices count: Int) throws(Fault) {
        guard count >= 0, count <= limits.mostVertices - vertices else {
            throw Fault("has more than \(limits.mostVertices) vertices, the most that one record may have", .limit)
        }
        vertices += count
    }

    mutating func add(parts count: Int) throws(Fault) {
        guard count >= 0, count <= limits.mostParts - parts else {
            throw Fault("has more than \(limits.mostParts) parts, the most that one record may have", .limit)
        }
        parts += count
    }
}
