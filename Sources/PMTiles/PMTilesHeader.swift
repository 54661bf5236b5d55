/// The header of a PMTiles file of version 3: where its parts are, and what its tiles are like.
///
/// Specification: PMTiles version 3, https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md, section 3. All
/// numbers are little-endian.
package struct PMTilesHeader: Hashable, Sendable {
    /// The size of a header in bytes; nothing before it.
    package static let length = 127
    /// The largest compressed size of a directory that is read, in bytes. Writers keep them below 16 KiB.
    static let largestDirectory = 1 << 20
    /// The largest compressed size of the metadata, in bytes.
    static let largestMetadata = 4 << 20
    /// The deepest zoom whose tiles have an address here.
    static let deepestZoom = 22

    /// How bytes are compressed.
    package enum Coding: UInt8, Sendable {
        case none = 1
        case gzip
        case brotli
        case zstandard
    }

    /// The format of the tiles.
    package enum Kind: UInt8, Sendable {
        /// Mapbox vector tiles.
        case vector = 1
        case png
        case jpeg
        case webp
        case avif
    }

    /// The bytes of the root directory in the file.
    let root: Range<UInt64>
    /// The bytes of the metadata, a JSON object.
    let metadata: Range<UInt64>
    /// The bytes of the leaf directories; the offsets of a directory are from its beginning.
    let leaves: Range<UInt64>
    /// The bytes of the tiles; the offsets of a directory are from its beginning.
    let tiles: Range<UInt64>
    /// The compression of directories and metadata.
    let internalCoding: Coding
    /// The compression of each tile.
    package let tileCoding: Coding
    package let kind: Kind
    /// The zooms that may have tiles, within 0...22.
    package let zooms: ClosedRange<Int>
    /// West, south, east, north in degrees, as the file says.
    package let bounds: [Double]
    /// Longitude and latitude in degrees, and zoom, from which to begin.
    package let center: [Double]

    /// - Parameters:
    ///   - bytes: The first bytes of the file, at least ``length`` if it has that many.
    ///   - size: The size of the file in bytes.
    /// - Throws: ``PMTilesFault`` for another format or version, parts that are not in the file or larger than is read,
    ///   and tiles that no map library knows.
    package init(_ bytes: [UInt8], size: UInt64) throws(PMTilesFault) {
        guard bytes.count >= Self.length, bytes[..<7].elementsEqual("PMTiles".utf8) else {
            throw PMTilesFault("it is no PMTiles file")
        }
        guard bytes[7] == 3 else { throw PMTilesFault("it is PMTiles version \(bytes[7]); only version 3 is read") }
        func number(_ at: Int) -> UInt64 {
            (0..<8).reduce(0) { $0 | UInt64(bytes[at + $1]) << (8 * UInt64($1)) }
        }
        func degrees(_ at: Int) -> Double {
            let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[at + $1]) << (8 * UInt32($1)) }
            return Double(Int32(bitPattern: bits)) / 1e7
        }
        func part(_ name: String, _ at: Int, atMost: Int? = nil) throws(PMTilesFault) -> Range<UInt64> {
            let (offset, length) = (number(at), number(at + 8))
            let (end, overflow) = offset.addingReportingOverflow(length)
            guard !overflow, end <= size else {
                throw PMTilesFault("it is incomplete: its \(name) would end after the end of the file")
            }
            if let atMost, length > UInt64(atMost) {
                throw PMTilesFault("its \(name) has \(length) bytes; at most \(atMost) are read")
            }
            return offset..<end
        }
        root = try part("root directory", 8, atMost: Self.largestDirectory)
        metadata = try part("metadata", 24, atMost: Self.largestMetadata)
        leaves = try part("leaf directories", 40)
        tiles = try part("tile data", 56)
        guard let internalCoding = Coding(rawValue: bytes[97]), internalCoding == .none || internalCoding == .gzip
        else {
            throw PMTilesFault("its directories are compressed by method \(bytes[97]); gzip (2) and none (1) are read")
        }
        guard let tileCoding = Coding(rawValue: bytes[98]) else {
            throw PMTilesFault("its tiles are compressed by method \(bytes[98]), which is not known")
        }
        guard let kind = Kind(rawValue: bytes[99]) else {
            throw PMTilesFault(
                "its tiles are of type \(bytes[99]); vector tiles (1), PNG (2), JPEG (3), WebP (4), AVIF (5) are served"
            )
        }
        self.internalCoding = internalCoding
        self.tileCoding = tileCoding
        self.kind = kind
        let (least, most) = (Int(bytes[100]), Int(bytes[101]))
        guard least <= most, least <= Self.deepestZoom else {
            throw PMTilesFault("its zooms go from \(least) to \(most)")
        }
        zooms = least...min(most, Self.deepestZoom)
        bounds = [degrees(102), degrees(106), degrees(110), degrees(114)]
        guard abs(bounds[0]) <= 180, abs(bounds[2]) <= 180, abs(bounds[1]) <= 90, abs(bounds[3]) <= 90,
            bounds[1] <= bounds[3]
        else {
            throw PMTilesFault("its bounds are not of the earth: \(bounds)")
        }
        center = [degrees(119), degrees(123), Double(bytes[118])]
    }
}
