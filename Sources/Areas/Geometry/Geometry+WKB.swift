extension Geometry {
    /// The geometry as PostGIS takes it in binary (its extended well-known binary, little-endian).
    /// - Parameter srid: The number of the reference system, such as 4326.
    package func extendedWKB(srid: UInt32) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16 * vertexCount + 64)
        write(into: &bytes, srid: srid)
        return bytes
    }

    private func write(into bytes: inout [UInt8], srid: UInt32?) {
        func append(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        func append(_ positions: [Position]) {
            for position in positions {
                append(position.x.bitPattern)
                append(position.y.bitPattern)
            }
        }
        func append(rings polygon: Polygon) {
            append(UInt32(polygon.rings.count))
            for ring in polygon.rings {
                append(UInt32(ring.count))
                append(ring)
            }
        }
        func append(type: UInt32) {
            bytes.append(1)
            append(type | (srid == nil ? 0 : 0x2000_0000))
            if let srid { append(srid) }
        }
        func append(type: UInt32, members: [Geometry]) {
            append(type: type)
            append(UInt32(members.count))
            for member in members { member.write(into: &bytes, srid: nil) }
        }
        switch self {
        case .point(let position):
            append(type: 1)
            append([position])
        case .line(let line):
            append(type: 2)
            append(UInt32(line.count))
            append(line)
        case .polygon(let polygon):
            append(type: 3)
            append(rings: polygon)
        case .points(let positions): append(type: 4, members: positions.map(Geometry.point))
        case .lines(let lines): append(type: 5, members: lines.map(Geometry.line))
        case .polygons(let polygons): append(type: 6, members: polygons.map(Geometry.polygon))
        case .collection(let members): append(type: 7, members: members)
        }
    }
}
