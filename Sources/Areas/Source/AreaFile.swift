import Foundation

/// A file of areas: a shapefile, GeoPackage, KML or GeoJSON, also in a zip archive. KMZ is such an archive.
package final class AreaFile {
    package enum Kind: String, Sendable {
        case shapefile
        case geoPackage = "GeoPackage"
        case kml = "KML"
        case geoJSON = "GeoJSON"
    }

    package let path: String
    /// The layers, by their names: the tables of a GeoPackage, the files of an archive; else one.
    package let layers: [String]

    private let limits: AreaLimits
    private let contents: [Content]
    /// The unpacked archive, which must stay as long as its files are read.
    private let archive: UnpackedArchive?

    private struct Content {
        let layer: String
        let kind: Kind
        /// The files by their endings; of a shapefile several.
        let parts: [String: (path: String, name: String)]
    }

    private static let shapefileEndings: Set<String> = ["shp", "shx", "dbf", "prj", "cpg"]
    private static let jsonEndings: Set<String> = ["geojson", "json", "geojsonl", "geojsons", "geojsonseq", "ndjson"]
    private static let memberEndings = shapefileEndings.union(jsonEndings).union(["gpkg", "kml"])

    /// Opens a file and finds its layers.
    /// - Throws: `AreaError` when it cannot be read or is of another kind.
    package init(path: String, limits: AreaLimits = AreaLimits()) throws(AreaError) {
        self.path = path
        self.limits = limits
        let source = try SourceBytes(path: path)
        let start = Array(try source.bytes(at: 0, count: 512))
        if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) || start.starts(with: [0x50, 0x4B, 0x05, 0x06]) {
            let archive = try UnpackedArchive(source, endings: Self.memberEndings, limits: limits)
            self.archive = archive
            contents = try Self.contents(of: archive, path: path, limits)
        } else {
            archive = nil
            let kind = try Self.kind(start, path: path, source)
            let stem = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
            let parts = kind == .shapefile ? try Self.siblings(of: path) : ["": (path, path)]
            contents = try Self.layers(kind, parts, named: stem, owner: nil, limits)
        }
        layers = contents.map(\.layer)
    }

    /// The kind of the file's only layer, or of its first one.
    package var kind: Kind { contents[0].kind }

    /// Opens a layer for reading.
    /// - Parameters:
    ///   - layer: The name; not needed when there is only one.
    ///   - isReferenceStated: Whether the reference system is stated by whoever reads, so that the file need not.
    /// - Throws: `AreaError` when there is no such layer, or several and no name, or it cannot be read.
    package func open(layer: String? = nil, isReferenceStated: Bool = false) throws(AreaError) -> any LayerReader {
        let names = layers.prefix(20).joined(separator: ", ")
        let content: Content
        if let layer {
            guard let found = contents.first(where: { $0.layer == layer }) else {
                throw AreaError(.layer, file: path, "has no layer \(layer); there are: \(names)")
            }
            content = found
        } else {
            guard contents.count == 1 else {
                throw AreaError(.layer, file: path, "has \(contents.count) layers; choose one with --layer: \(names)")
            }
            content = contents[0]
        }
        var sources: [String: SourceBytes] = [:]
        switch content.kind {
        case .shapefile:
            for (ending, part) in content.parts {
                sources[ending] = try SourceBytes(path: part.path, name: part.name)
            }
            return try ShapefileReader(sources, limits: limits)
        case .geoPackage:
            let part = content.parts[""] ?? (path, path)
            let database = try PackageDatabase(path: part.path, name: part.name, owner: self, limits: limits)
            return try GeoPackageReader(database, layer: content.layer, limits: limits)
        case .kml, .geoJSON:
            let part = content.parts[""] ?? (path, path)
            let source = try SourceBytes(path: part.path, name: part.name)
            if content.kind == .kml { return try KMLReader(source, limits: limits) }
            return try GeoJSONReader(source, isReferenceStated: isReferenceStated, limits: limits)
        }
    }

    /// The kind of a file by its first bytes.
    private static func kind(_ start: [UInt8], path: String, _ source: SourceBytes) throws(AreaError) -> Kind {
        if start.starts(with: [0, 0, 0x27, 0x0A]) {
            guard ["shp", "shx"].contains(ending(of: path)) else {
                throw AreaError(.file, file: path, "is a shapefile, so its name must end in .shp")
            }
            return .shapefile
        }
        if start.starts(with: Array("SQLite format 3\0".utf8)) { return .geoPackage }
        if start.isEmpty { throw AreaError(.file, file: path, "is empty") }
        let other: [(mark: [UInt8], name: String)] = [
            (Array("%PDF".utf8), "a PDF document"), ([0x1F, 0x8B], "compressed with gzip; unpack it first: gunzip"),
            (Array("fgb".utf8), "a FlatGeobuf, which can be written but not read"),
            ([0x89, 0x50, 0x4E, 0x47], "a picture"), ([0xFF, 0xD8, 0xFF], "a picture"),
            ([0x37, 0x7A, 0xBC, 0xAF], "compressed with 7-Zip; unpack it first"),
            ([0x42, 0x5A, 0x68], "compressed with bzip2; unpack it first: bunzip2"),
            ([0xD0, 0xCF, 0x11, 0xE0], "a document of an Office program"),
        ]
        for (mark, name) in other where start.starts(with: mark) { throw AreaError(.file, file: path, "is \(name)") }
        let isText = { (byte: UInt8) in byte > 0x20 && ![0xEF, 0xBB, 0xBF, 0xFE, 0xFF, 0x1E, 0x00].contains(byte) }
        switch start.first(where: isText) {
        case UInt8(ascii: "<"): return .kml
        case UInt8(ascii: "{"), UInt8(ascii: "["): return .geoJSON
        default:
            let isPart = ["dbf", "prj", "cpg"].contains(ending(of: path))
            throw AreaError(
                .file, file: path,
                isPart
                    ? "is a part of a shapefile; give the .shp file instead"
                    : "is neither a shapefile nor a GeoPackage, KML, GeoJSON or a zip archive of one")
        }
    }

    /// The files of a shapefile beside its .shp file, whatever the case of their endings.
    private static func siblings(of path: String) throws(AreaError) -> [String: (path: String, name: String)] {
        let url = URL(fileURLWithPath: path)
        let stem = url.deletingPathExtension().lastPathComponent
        let folder = url.deletingLastPathComponent().path
        var parts: [String: (path: String, name: String)] = [:]
        for name in ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() {
            let ending = ending(of: name)
            guard shapefileEndings.contains(ending), name.dropLast(ending.count + 1) == stem else { continue }
            let place = folder + "/" + name
            parts[ending] = (place, ending == "shp" ? path : place)
        }
        guard ending(of: path) == "shp" else {
            throw AreaError(.file, file: path, "is the index of a shapefile; give the .shp file instead")
        }
        parts["shp"] = (path, path)
        return parts
    }

    private static func layers(
        _ kind: Kind, _ parts: [String: (path: String, name: String)], named name: String, owner: AnyObject?,
        _ limits: AreaLimits
    ) throws(AreaError) -> [Content] {
        guard kind == .geoPackage, let part = parts[""] else { return [Content(layer: name, kind: kind, parts: parts)] }
        let database = try PackageDatabase(path: part.path, name: part.name, owner: owner, limits: limits)
        let names = try GeoPackageReader.layers(database)
        guard !names.isEmpty else { throw AreaError(.layer, file: part.name, "has no layer with features") }
        return names.map { Content(layer: $0, kind: kind, parts: parts) }
    }

    /// The layers of an archive: each shapefile with its parts, and the other files.
    private static func contents(
        of archive: UnpackedArchive, path: String, _ limits: AreaLimits
    ) throws(AreaError) -> [Content] {
        var shapefiles: [String: [String: (path: String, name: String)]] = [:]
        var contents: [Content] = []
        for member in archive.members.sorted(by: { $0.name < $1.name }) {
            let ending = ending(of: member.name)
            let name = "\(path)/\(member.name)"
            let stem = String(member.name.dropLast(ending.count + 1))
            let short = stem.split(separator: "/").last.map(String.init) ?? stem
            if shapefileEndings.contains(ending) {
                shapefiles[stem, default: [:]][ending] = (member.path, name)
                continue
            }
            let kind: Kind = ending == "gpkg" ? .geoPackage : ending == "kml" ? .kml : .geoJSON
            contents += try layers(kind, ["": (member.path, name)], named: short, owner: archive, limits)
        }
        for (stem, parts) in shapefiles.sorted(by: { $0.key < $1.key }) where parts["shp"] != nil {
            let short = stem.split(separator: "/").last.map(String.init) ?? stem
            contents.append(Content(layer: short, kind: .shapefile, parts: parts))
        }
        guard !contents.isEmpty else {
            throw AreaError(.file, file: path, "is a zip archive without a shapefile, GeoPackage, KML or GeoJSON")
        }
        return contents
    }
}
