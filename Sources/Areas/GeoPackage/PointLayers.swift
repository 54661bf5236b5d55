extension AreaFile {
    /// The names of the layers of a GeoPackage whose geometries may be points.
    /// - Throws: `AreaError` when the file cannot be read or is no GeoPackage.
    package static func pointLayers(ofPackage path: String, name: String) throws(AreaError) -> [String] {
        let database = try PackageDatabase(path: path, name: name, owner: nil, limits: AreaLimits())
        let rows = try database.rows(
            """
            SELECT c.table_name FROM gpkg_contents c JOIN gpkg_geometry_columns g ON g.table_name = c.table_name
            WHERE c.data_type = 'features' AND upper(g.geometry_type_name) IN ('POINT', 'MULTIPOINT', 'GEOMETRY')
            ORDER BY c.table_name
            """)
        var names: [String] = []
        while try rows.step() { names.append(rows.text(0) ?? "") }
        return names
    }
}
