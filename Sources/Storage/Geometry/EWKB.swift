import Domain
import Foundation
import TileMath

/// Geometries in the binary form that PostGIS stores and accepts: little-endian WKB that includes the SRID.
enum EWKB {
    private static let hasSRID: UInt32 = 0x2000_0000

    /// A point in degrees, SRID 4326: 25 bytes.
    static func point(longitude: Double, latitude: Double, into bytes: inout [UInt8]) {
        begin(1, srid: 4326, into: &bytes)
        append(longitude, into: &bytes)
        append(latitude, into: &bytes)
    }

    /// The longitude and latitude of a point with an SRID, NaN where it is empty; `nil` for anything else.
    static func point(_ bytes: UnsafeRawBufferPointer) -> (longitude: Double, latitude: Double)? {
        guard bytes.count == 25 else { return nil }
        // The server uses the byte order of its own processor.
        let isLittle = bytes[0] == 1
        let type = bytes.loadUnaligned(fromByteOffset: 1, as: UInt32.self)
        guard (isLittle ? UInt32(littleEndian: type) : UInt32(bigEndian: type)) == hasSRID | 1 else { return nil }
        let x = bytes.loadUnaligned(fromByteOffset: 9, as: UInt64.self)
        let y = bytes.loadUnaligned(fromByteOffset: 17, as: UInt64.self)
        return isLittle
            ? (Double(bitPattern: UInt64(littleEndian: x)), Double(bitPattern: UInt64(littleEndian: y)))
            : (Double(bitPattern: UInt64(bigEndian: x)), Double(bitPattern: UInt64(bigEndian: y)))
    }

    /// The outline of a cell in degrees, SRID 4326: a Polygon, or a MultiPolygon when it was cut.
    static func outline(_ outline: CellOutline) -> [UInt8] {
        polygons(outline.polygons.map { $0.map { ($0.longitude, $0.latitude) } }, srid: 4326)
    }

    /// The outline in Web Mercator, SRID 3857, with clockwise rings as tiles need them; empty when the cell lies wholly
    /// outside the projection's square.
    static func mercatorOutline(_ outline: CellOutline) -> [UInt8] {
        let rings = outline.polygons
            .filter { ring in ring.contains { abs($0.latitude) < maximumLatitude } }
            .map { ring in ring.reversed().map { (mercatorX($0.longitude), mercatorY($0.latitude)) } }
        return polygons(rings, srid: 3857)
    }

    /// A box in Web Mercator, SRID 3857.
    static func box(_ box: MercatorBox) -> [UInt8] {
        let first = (box.minX, box.minY)
        return polygons(
            [[first, (box.minX, box.maxY), (box.maxX, box.maxY), (box.maxX, box.minY), first]], srid: 3857)
    }

    /// The geometry that a filter compares with, SRID 4326.
    static func shape(_ shape: FeatureFilter.Shape) -> [UInt8] {
        switch shape {
        case .polygon(let polygon): return self.polygon(polygon)
        case .point(let position):
            var bytes: [UInt8] = []
            point(longitude: position.longitude, latitude: position.latitude, into: &bytes)
            return bytes
        }
    }

    /// A drawn polygon in degrees, SRID 4326: a MultiPolygon, or a GeometryCollection, whose parts may overlap.
    static func polygon(_ polygon: DrawnPolygon) -> [UInt8] {
        var bytes: [UInt8] = []
        begin(polygon.mayOverlap ? 7 : 6, srid: 4326, into: &bytes)
        append(UInt32(polygon.polygons.count), into: &bytes)
        for rings in polygon.polygons {
            begin(3, srid: nil, into: &bytes)
            append(UInt32(rings.count), into: &bytes)
            for ring in rings { append(positions: ring.map { ($0.longitude, $0.latitude) }, into: &bytes) }
        }
        return bytes
    }

    /// Half the side of Web Mercator's square in metres: pi times the Earth's radius of 6,378,137 m.
    private static let halfSide = 20_037_508.342789244
    /// The latitude whose Mercator ordinate is `halfSide`.
    private static let maximumLatitude = 85.05112877980659
    /// The latitude, in degrees, to which a cell outside the square keeps its shape. At the poles the ordinate is
    /// infinite.
    private static let clampedLatitude = 89.9

    private static func mercatorX(_ longitude: Double) -> Double { longitude / 180 * halfSide }

    private static func mercatorY(_ latitude: Double) -> Double {
        let clamped = min(clampedLatitude, max(-clampedLatitude, latitude))
        return log(tan((90 + clamped) * .pi / 360)) / .pi * halfSide
    }

    private static func polygons(_ rings: [[(Double, Double)]], srid: UInt32) -> [UInt8] {
        var bytes: [UInt8] = []
        if rings.count == 1 {
            begin(3, srid: srid, into: &bytes)
            append(rings[0], into: &bytes)
        } else {
            begin(6, srid: srid, into: &bytes)
            append(UInt32(rings.count), into: &bytes)
            for ring in rings {
                begin(3, srid: nil, into: &bytes)
                append(ring, into: &bytes)
            }
        }
        return bytes
    }

    private static func begin(_ type: UInt32, srid: UInt32?, into bytes: inout [UInt8]) {
        bytes.append(1)
        append(type | (srid == nil ? 0 : hasSRID), into: &bytes)
        srid.map { append($0, into: &bytes) }
    }

    /// The body of a polygon with one ring.
    private static func append(_ ring: [(Double, Double)], into bytes: inout [UInt8]) {
        append(UInt32(1), into: &bytes)
        append(positions: ring, into: &bytes)
    }

    private static func append(positions: [(Double, Double)], into bytes: inout [UInt8]) {
        append(UInt32(positions.count), into: &bytes)
        for (x, y) in positions {
            append(x, into: &bytes)
            append(y, into: &bytes)
        }
    }

    private static func append(_ value: UInt32, into bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private static func append(_ value: Double, into bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
