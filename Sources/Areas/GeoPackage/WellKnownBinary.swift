/// Decodes well-known binary (OGC 06-103r4, section 8; ISO 13249-3 for heights and measures, which are left out).
struct WellKnownBinary {
    private var cursor: ByteCursor
    private var allowance: RecordAllowance
    private let limits: AreaLimits

    /// Decodes a geometry; nil for an empty one.
    static func geometry(_ bytes: ArraySlice<UInt8>, limits: AreaLimits) throws(Fault) -> Geometry? {
        var decoder = WellKnownBinary(
            cursor: ByteCursor(bytes), allowance: RecordAllowance(limits), limits: limits)
        return try decoder.geometry(depth: 1)
    }

    private mutating func geometry(depth: Int, of wanted: UInt32? = nil) throws(Fault) -> Geometry? {
        guard depth <= limits.mostNesting else {
            throw Fault("has geometries nested deeper than \(limits.mostNesting) levels", .limit)
        }
        let order = try cursor.byte()
        guard order <= 1 else { throw Fault("has a geometry with the byte order \(order)") }
        cursor.isLittleEndian = order == 1
        let code = try cursor.uint32()
        // ISO adds 1000 for heights, 2000 for measures; an older habit sets the highest bits.
        let (type, width) =
            (code & 0x0FFF_FFFF) % 1000 == code & 0x0FFF_FFFF
            ? (code & 0x0FFF_FFFF, 2 + (code >> 31 & 1) + (code >> 30 & 1))
            : ((code & 0x0FFF_FFFF) % 1000, (code & 0x0FFF_FFFF) / 1000 == 3 ? 4 : 3)
        guard wanted == nil || type == wanted else { throw Fault("has a part of type \(type) in a geometry of others") }
        switch type {
        case 1: return try point(Int(width))
        case 2:
            let line = try positions(Int(width))
            return line.count < 2 ? nil : .line(line)
        case 3: return try polygon(Int(width)).map(Geometry.polygon)
        case 4, 5, 6, 7: return try members(type, depth)
        case 8...14: throw Fault("has a curve; convert it to straight lines first", .file)
        default: throw Fault("has a geometry of type \(code), which is not supported")
        }
    }

    private mutating func members(_ type: UInt32, _ depth: Int) throws(Fault) -> Geometry? {
        let count = Int(try cursor.uint32())
        try allowance.add(parts: count)
        // Each member has at least five bytes.
        guard count <= cursor.left / 5 else { throw Fault("its geometry ends too early") }
        var members: [Geometry] = []
        for _ in 0..<count {
            if let member = try geometry(depth: depth + 1, of: type == 7 ? nil : type - 3) { members.append(member) }
        }
        guard !members.isEmpty else { return nil }
        switch type {
        case 4: return .points(members.compactMap { if case .point(let position) = $0 { position } else { nil } })
        case 5: return .lines(members.compactMap { if case .line(let line) = $0 { line } else { nil } })
        case 6: return .polygons(members.compactMap { if case .polygon(let polygon) = $0 { polygon } else { nil } })
        default: return .collection(members)
        }
    }

    /// An empty point is written with coordinates that are not numbers.
    private mutating func point(_ width: Int) throws(Fault) -> Geometry? {
        let (x, y) = (try cursor.double(), try cursor.double())
        try cursor.skip(8 * (width - 2))
        try allowance.add(vertices: 1)
        if x.isNaN, y.isNaN { return nil }
        guard x.isFinite, y.isFinite else { throw Fault("has a coordinate that is not a number") }
        return .point(Position(x, y))
    }

    private mutating func positions(_ width: Int) throws(Fault) -> [Position] {
        let count = Int(try cursor.uint32())
        try allowance.add(vertices: count)
        return try cursor.positions(count, width: width)
    }

    private mutating func polygon(_ width: Int) throws(Fault) -> Polygon? {
        let count = Int(try cursor.uint32())
        try allowance.add(parts: count)
        guard count <= cursor.left / 4 else { throw Fault("its geometry ends too early") }
        var rings: [[Position]] = []
        for _ in 0..<count { rings.append(Ring.closed(try positions(width))) }
        guard let shell = rings.first, !shell.isEmpty else { return nil }
        return Polygon(shell, holes: Array(rings.dropFirst()))
    }
}

extension Geometry {
    /// Decodes well-known binary; nil for an empty geometry and for bytes that are none.
    package init?(wellKnownBinary bytes: [UInt8]) {
        guard let geometry = try? WellKnownBinary.geometry(bytes[...], limits: AreaLimits()) else { return nil }
        self = geometry
    }
}
