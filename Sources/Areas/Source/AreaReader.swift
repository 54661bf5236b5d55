/// Reads a layer, record by record, in WGS 84: with longitudes and latitudes in degrees, cut at the antimeridian, and
/// with rings by the right-hand rule of RFC 7946.
package final class AreaReader {
    /// The name of the layer's reference system, as PROJ has it.
    package let referenceName: String
    private let layer: any LayerReader
    private let reprojection: Reprojection
    private var emptyRings = 0

    /// - Parameters:
    ///   - layer: The name of the layer; not needed when the file has only one.
    ///   - crs: The reference system of the file, which then need not state it: `EPSG:2193`, well-known text, ...
    /// - Throws: `AreaError` when the layer cannot be read, or its reference system is not known.
    package init(_ file: AreaFile, layer name: String? = nil, crs: String? = nil) throws(AreaError) {
        let layer = try file.open(layer: name, isReferenceStated: crs != nil)
        guard let definition = crs ?? layer.reference else {
            throw AreaError(
                .reference, file: layer.file,
                "does not say in which reference system its coordinates are; ask who made it, and state it with --crs, "
                    + "for example --crs EPSG:4326 for longitudes and latitudes")
        }
        do {
            reprojection = try Reprojection(from: definition)
        } catch {
            throw error.at(layer.file)
        }
        self.layer = layer
        referenceName = reprojection.name
    }

    /// The names of the columns; nil where each record names its own.
    package var columns: [String]? { layer.columns }
    /// The share of the layer that was read, from 0 to 1.
    package var share: Double { layer.share }
    /// Remarks on what was read so far, as sentences.
    package var notes: [String] {
        layer.notes
            + (emptyRings > 0 ? ["\(emptyRings) ring\(emptyRings == 1 ? "" : "s") without any area: left out."] : [])
    }
    /// The name of the file and layer for messages.
    package var file: String { layer.file }

    /// Returns the next record; nil at the end.
    /// - Throws: `AreaError` with the number of the record that cannot be read or is outside its reference system.
    package func next() throws(AreaError) -> AreaRecord? {
        guard var record = try layer.next() else { return nil }
        guard let geometry = record.geometry else { return record }
        do {
            // A ring around a pole encloses something only when it is cut, so empty ones are looked for then.
            let cut = Antimeridian.cut(try reprojection.degrees(geometry))
            record.geometry = cut.withoutEmptyRings(&emptyRings)?.rightHanded
        } catch {
            throw error.at(layer.file, record: record.number)
        }
        return record
    }
}
