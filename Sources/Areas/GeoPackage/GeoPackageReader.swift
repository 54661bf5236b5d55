import CSQLite
import Formats
import Foundation

/// Reads a layer of features of a GeoPackage (OGC 12-128r19).
final class GeoPackageReader: LayerReader {
    let file: String
    let reference: String?
    let columns: [String]?
    private let database: PackageDatabase
    private let rows: PackageDatabase.Rows
    private let kinds: [ColumnKind]
    private let limits: AreaLimits
    private let rowCount: Int64
    private var number = 0
    private var withoutShape = 0
    private let remarks: [String]

    private enum ColumnKind {
        case key
        case geometry
        case truth
        case value
    }

    /// The names of the layers with features.
    static func layers(_ database: PackageDatabase) throws(AreaError) -> [String] {
        let rows = try database.rows(
            """
            SELECT c.table_name FROM gpkg_contents c JOIN gpkg_geometry_columns g ON g.table_name = c.table_name
            WHERE c.data_type = 'features' ORDER BY c.table_name
            """)
        var names: [String] = []
        while try rows.step() { names.append(rows.text(0) ?? "") }
        return names
    }

    init(_ database: PackageDatabase, layer: String, limits: AreaLimits) throws(AreaError) {
        self.database = database
        self.limits = limits
        file = "\(database.name) (\(layer))"
        let description = try database.rows(
            """
            SELECT g.column_name, g.srs_id, s.organization, s.organization_coordsys_id, s.definition
            FROM gpkg_geometry_columns g LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id
            WHERE g.table_name = ?
            """, [layer])
        guard try description.step(), let geometryColumn = description.text(0) else {
            throw AreaError(.damaged, file: file, "is not described in gpkg_geometry_columns")
        }
        reference = Self.reference(
            number: description.integer(1), organization: description.text(2), code: description.integer(3),
            definition: description.text(4))
        var names: [String] = []
        var kinds: [ColumnKind] = []
        var binary: [String] = []
        let information = try database.rows(
            "SELECT name, upper(type), pk FROM pragma_table_info(?) ORDER BY cid", [layer])
        while try information.step() {
            let name = information.text(0) ?? ""
            let type = information.text(1) ?? ""
            if name.lowercased() == geometryColumn.lowercased() {
                kinds.append(.geometry)
            } else if information.integer(2) == 1, type == "INTEGER" {
                kinds.append(.key)
            } else if type.hasPrefix("BLOB") {
                binary.append(name)
                continue
            } else {
                kinds.append(type == "BOOLEAN" ? .truth : .value)
            }
            names.append(name)
        }
        guard kinds.contains(where: { $0 == .geometry }) else {
            throw AreaError(.damaged, file: file, "has no column \(geometryColumn), which is said to hold the geometry")
        }
        guard names.count <= limits.mostColumns else {
            throw AreaError(.limit, file: file, "has more than \(limits.mostColumns) columns")
        }
        self.kinds = kinds
        columns = zip(names, kinds).filter { $1 == .value || $1 == .truth }.map(\.0)
        remarks = binary.isEmpty ? [] : ["Binary columns left out: \(binary.joined(separator: ", "))."]
        let table = PackageDatabase.quoted(layer)
        let count = try database.rows("SELECT count(*) FROM \(table)")
        _ = try count.step()
        rowCount = count.integer(0)
        // In the order of the keys, so that the outcome is always the same.
        let key = zip(names, kinds).first { $1 == .key }.map { " ORDER BY \(PackageDatabase.quoted($0.0))" } ?? ""
        let wanted = names.map(PackageDatabase.quoted).joined(separator: ", ")
        rows = try database.rows("SELECT \(wanted) FROM \(table)\(key)")
    }

    /// The numbers -1 and 0 mean that the system is not known (section 1.1.2.1.2).
    private static func reference(
        number: Int64, organization: String?, code: Int64, definition: String?
    ) -> String? {
        guard number > 0 else { return nil }
        if let organization, ["EPSG", "ESRI", "OGC", "IAU_2015"].contains(organization.uppercased()), code > 0 {
            return "\(organization.uppercased()):\(code)"
        }
        return definition
    }

    var share: Double { rowCount == 0 ? 1 : min(1, Double(number) / Double(rowCount)) }

    var notes: [String] {
        remarks
            + (withoutShape > 0 ? ["\(withoutShape) record\(withoutShape == 1 ? "" : "s") without a geometry."] : [])
    }

    func next() throws(AreaError) -> AreaRecord? {
        number += 1
        guard number <= limits.mostRecords else {
            throw AreaError(.limit, file: file, record: number, "is beyond the limit of \(limits.mostRecords) records")
        }
        do {
            guard try rows.step() else { return nil }
        } catch {
            throw AreaError(error.code, file: file, record: number, error.problem)
        }
        var id = PropertyValue.null
        var geometry: Geometry?
        var values: [PropertyValue] = []
        for (column, kind) in kinds.enumerated() {
            switch kind {
            case .key: id = .integer(Int(rows.integer(column)))
            case .geometry:
                do {
                    geometry = try Self.geometry(rows.blob(column, most: limits.mostRecordBytes), limits)
                } catch {
                    throw error.at(file, record: number)
                }
            case .truth: values.append(rows.isNull(column) ? .null : .truth(rows.integer(column) != 0))
            case .value: values.append(rows.value(column))
            }
        }
        if geometry == nil { withoutShape += 1 }
        return AreaRecord(
            number: number, id: id, geometry: geometry,
            properties: zip(columns ?? [], values).map { AreaRecord.Property($0, $1) })
    }

    /// Decodes section 2.1.3: a header, an envelope according to its flags, then well-known binary.
    private static func geometry(_ blob: [UInt8]?, _ limits: AreaLimits) throws(Fault) -> Geometry? {
        guard let blob else { return nil }
        guard blob.count >= 8, blob[0] == UInt8(ascii: "G"), blob[1] == UInt8(ascii: "P") else {
            throw Fault("has a geometry that does not begin with GP, as those of GeoPackages do")
        }
        let flags = blob[3]
        guard flags & 0x20 == 0 else { throw Fault("has a geometry of an extension of GeoPackage", .file) }
        let envelopes = [0, 32, 48, 48, 64]
        let envelope = Int(flags >> 1 & 7)
        guard envelope < envelopes.count, blob.count >= 8 + envelopes[envelope] else {
            throw Fault("has a geometry whose envelope is damaged")
        }
        if flags & 0x10 != 0 { return nil }
        return try WellKnownBinary.geometry(blob[(8 + envelopes[envelope])...], limits: limits)
    }
}
