package import Areas
package import Domain
import Jobs
package import Postgres

/// Makes a layer of areas, in one transaction: until its end the layer that has the slug is the old one, and a process
/// that is killed leaves it as it was.
package struct AreaImport: Sendable {
    /// The layer that is made.
    package struct Description: Sendable {
        package var slug: Slug
        package var name: String
        /// The layer whose areas these are parts of.
        package var parent: Slug?
        package var isApproximate: Bool
        /// The file, or what the areas were derived from.
        package var source: String
        /// The name of the file's reference system.
        package var reference: String
        /// Whether records with the same id are parts of one area.
        package var mergesParts: Bool

        package init(
            slug: Slug, name: String, parent: Slug? = nil, isApproximate: Bool = false, source: String,
            reference: String = "WGS 84", mergesParts: Bool = false
        ) {
            self.slug = slug
            self.name = name
            self.parent = parent
            self.isApproximate = isApproximate
            self.source = source
            self.reference = reference
            self.mergesParts = mergesParts
        }
    }

    /// One area as it comes.
    package struct Record: Sendable {
        /// The number of the record in its file, for messages.
        package var number: Int
        package var id: String
        package var name: String
        package var population: Double?
        /// The place in degrees, cut at the antimeridian. Points and lines are left out.
        package var geometry: Geometry

        package init(number: Int, id: String, name: String, population: Double?, geometry: Geometry) {
            self.number = number
            self.id = id
            self.name = name
            self.population = population
            self.geometry = geometry
        }
    }

    package struct Outcome: Sendable {
        package let layer: AreaLayer
        /// Whether a layer of that slug was there before.
        package let isReplaced: Bool
        /// The records without a polygon, which are left out.
        package let withoutPolygon: Int
        /// The datasets that were counted in the old layer. Jobs that count them in the new one are queued.
        package let recounted: [Slug]
    }

    package enum Step: Sendable {
        case reading(areas: Int)
        /// A step in the database, counted from 0, and the number of steps.
        case making(String, part: Int, of: Int)
    }

    /// How many layers there may be, areas in a layer, different corners of a layer, and characters of an id and a
    /// name.
    package static let mostLayers = 1000
    package static let mostAreas = 1_000_000
    package static let mostCorners = 20_000_000
    package static let longestText = 500

    private let options: PostgresOptions
    private let sql: SQLFiles

    package init(_ options: PostgresOptions, sql: SQLFiles) {
        self.options = options
        self.sql = sql
    }

    /// Imports what `next` gives until it is `nil`.
    ///
    /// - Throws: `StorageError` with code `.area` when a record cannot become an area, `.busy` when the layer is being
    ///   imported by somebody else; what `next` throws; `PostgresError`.
    package func run(
        _ description: Description, next: () async throws -> Record?, progress: (Step) -> Void = { _ in }
    ) async throws -> Outcome {
        let connection = try await PostgresConnection(options)
        do {
            let outcome = try await run(description, on: connection, next, progress)
            await connection.close()
            return outcome
        } catch {
            await connection.close()
            throw error
        }
    }

    private func run(
        _ description: Description, on connection: PostgresConnection, _ next: () async throws -> Record?,
        _ progress: (Step) -> Void
    ) async throws -> Outcome {
        guard try await connection.takeLock("hextant areas import \(description.slug)") else {
            throw StorageError(
                .busy, "the layer \(description.slug) is being imported by another process: wait until it ends")
        }
        // A connection that ends before COMMIT, in whatever way, leaves nothing.
        try await connection.execute(
            "BEGIN; SET LOCAL work_mem = '64MB'; SET LOCAL max_parallel_workers_per_gather = 0")
        let id = try await begin(description, on: connection)
        let read = try await copy(description, on: connection, next, progress)
        guard read.areas > 0 else {
            throw StorageError(
                .area, "\(description.source) has no area: none of its records has a polygon")
        }
        if description.mergesParts { try await mergeParts(of: description, on: connection) }
        try await refuseRepetitions(of: description, on: connection)
        let steps = sql.steps(of: .areaImport)
        for (part, step) in steps.enumerated() {
            progress(.making(step.name, part: part, of: steps.count + 1))
            for statement in Self.statements(of: step.script) {
                try await connection.query(statement, statement.contains("$1") ? [id] : [])
            }
        }
        progress(.making("replacing the layer", part: steps.count, of: steps.count + 1))
        let recounted = try await replace(description.slug, with: id, on: connection)
        try await connection.execute("COMMIT")
        let rows = try await connection.query(sql[.areaLayers], [description.slug])
        guard let row = rows.first else { throw AreaLayerGone() }
        return Outcome(
            layer: try AreaStore.layer(row), isReplaced: recounted.isReplaced, withoutPolygon: read.withoutPolygon,
            recounted: recounted.datasets)
    }

    /// Adds the layer without a slug, so that it takes no place yet.
    private func begin(_ description: Description, on connection: PostgresConnection) async throws -> Int32 {
        if let parent = description.parent {
            guard parent != description.slug else {
                throw StorageError(.area, "the layer \(parent) cannot be its own parent")
            }
            let known = try await connection.query("SELECT FROM area_layers WHERE slug = $1", [parent])
            guard known.count > 0 else {
                throw StorageError(.area, "there is no layer \(parent): `hextant areas list` lists them")
            }
        }
        let others: Int = try await connection.query(
            "SELECT count(*) FROM area_layers WHERE slug <> $1", [description.slug])[0].get(0)
        guard others < Self.mostLayers else {
            throw StorageError(.area, "there are \(others) layers, the most that there may be: delete one first")
        }
        let row = try await connection.query(
            """
            INSERT INTO area_layers (name, parent, approximate, source, reference) VALUES ($1, $2, $3, $4, $5)
            RETURNING id
            """,
            [
                description.name, description.parent, description.isApproximate, description.source,
                description.reference,
            ])[0]
        try await connection.execute(
            """
            CREATE TEMP TABLE area_records (
                record bigint NOT NULL, id text NOT NULL, name text NOT NULL, population float8, parent text,
                geom geometry NOT NULL, snapped geometry
            ) ON COMMIT DROP
            """)
        return Int32(try row.get(0, as: Int.self))
    }

    private func copy(
        _ description: Description, on connection: PostgresConnection, _ next: () async throws -> Record?,
        _ progress: (Step) -> Void
    ) async throws -> (areas: Int, withoutPolygon: Int) {
        var rows = CopyRows(
            try await connection.openCopyIn(
                "COPY area_records (record, id, name, population, geom, snapped) FROM STDIN (FORMAT binary)"))
        var corners = VertexSnapping()
        var areas = 0
        var withoutPolygon = 0
        while let record = try await next() {
            let polygons = record.geometry.polygons
            guard !polygons.isEmpty else {
                withoutPolygon += 1
                continue
            }
            try Self.check(record, description)
            areas += 1
            guard areas <= Self.mostAreas else {
                throw StorageError(.area, "\(description.source) has more than \(Self.mostAreas) areas: split it")
            }
            let geometry = Geometry.polygons(polygons)
            let snapped = corners.snapped(geometry)
            guard corners.count <= Self.mostCorners else {
                throw StorageError(
                    .area,
                    "\(description.source) has more than \(Self.mostCorners) corners: simplify it first "
                        + "(`hextant convert --simplify`)")
            }
            try await rows.begin(fields: 6)
            rows.buffer.append(Int64(record.number))
            rows.buffer.append(record.id)
            rows.buffer.append(record.name)
            rows.buffer.append(record.population)
            rows.buffer.append(raw: geometry.extendedWKB(srid: 4326))
            if let snapped {
                rows.buffer.append(raw: snapped.extendedWKB(srid: 4326))
            } else {
                rows.buffer.append(String?.none)
            }
            if areas % 256 == 0 { progress(.reading(areas: areas)) }
        }
        try await rows.end()
        progress(.reading(areas: areas))
        return (areas, withoutPolygon)
    }

    private static func check(_ record: Record, _ description: Description) throws(StorageError) {
        func refuse(_ problem: String) -> StorageError {
            StorageError(.area, "\(description.source): record \(record.number): \(problem)")
        }
        for (what, text) in [("id", record.id), ("name", record.name)] {
            guard !text.isEmpty else { throw refuse("has no \(what)") }
            guard text.utf8.count <= longestText, !text.utf8.contains(0) else {
                throw refuse("has an \(what) of more than \(longestText) bytes or with the character NUL")
            }
        }
        if let population = record.population, !(population >= 0 && population.isFinite) {
            throw refuse("has the population \(population), which must be 0 or more")
        }
    }

    /// Makes one record of those with the same id.
    private func mergeParts(of description: Description, on connection: PostgresConnection) async throws {
        let unlike = try await connection.query(
            """
            SELECT id, min(record) AS first, max(record) AS last, count(DISTINCT name) > 1 AS differ_in_name
            FROM area_records GROUP BY id
            HAVING count(DISTINCT name) > 1 OR count(DISTINCT population) > 1
                OR count(population) NOT IN (0, count(*))
            ORDER BY first LIMIT 1
            """)
        if var fields = unlike.first?.fields {
            let id: String = try fields.next("id")
            let first: Int64 = try fields.next("first")
            let last: Int64 = try fields.next("last")
            let what = try fields.next("differ_in_name", as: Bool.self) ? "names" : "populations"
            throw StorageError(
                .area,
                "\(description.source): records \(first) to \(last) with the id \(id) have different \(what), so they "
                    + "cannot be one area: mend the file, or choose another column with --id")
        }
        try await connection.execute(
            """
            CREATE TEMP TABLE merged_areas ON COMMIT DROP AS
            SELECT min(record) AS record, id, min(name) AS name, min(population) AS population,
                ST_Multi(ST_CollectionExtract(ST_Union(ST_MakeValid(geom, 'method=structure')), 3)) AS geom,
                CASE WHEN count(snapped) > 0 THEN ST_Multi(ST_CollectionExtract(
                    ST_Union(ST_MakeValid(coalesce(snapped, geom), 'method=structure')), 3)) END AS snapped
            FROM area_records GROUP BY id HAVING count(*) > 1;
            DELETE FROM area_records r USING merged_areas m WHERE r.id = m.id;
            INSERT INTO area_records (record, id, name, population, geom, snapped)
            SELECT record, id, name, population, geom, snapped FROM merged_areas;
            """)
    }

    private func refuseRepetitions(of description: Description, on connection: PostgresConnection) async throws {
        let rows = try await connection.query(
            """
            SELECT id, min(record) AS first, max(record) AS last, count(*) OVER () AS repeated
            FROM area_records GROUP BY id HAVING count(*) > 1 ORDER BY first LIMIT 1
            """)
        guard var fields = rows.first?.fields else { return }
        let id: String = try fields.next("id")
        let first: Int64 = try fields.next("first")
        let last: Int64 = try fields.next("last")
        let repeated: Int = try fields.next("repeated")
        let more = repeated > 1 ? ", and \(repeated - 1) more ids are repeated" : ""
        throw StorageError(
            .area,
            "\(description.source): records \(first) and \(last) have the same id, \(id)\(more): choose a column whose "
                + "values are unique with --id, or make one area of them with --merge")
    }

    /// Gives the slug to the new layer and deletes the old one. Its row is taken last, because servers follow it.
    private func replace(
        _ slug: Slug, with id: Int32, on connection: PostgresConnection
    ) async throws -> (isReplaced: Bool, datasets: [Slug]) {
        let counted = try await connection.query(
            """
            SELECT c.dataset FROM area_counts c JOIN area_layers l ON l.id = c.layer_id
            WHERE l.slug = $1 ORDER BY c.dataset
            """, [slug])
        let datasets: [Slug] = try counted.map { try $0.get(0) }
        // First, because a job holds its dataset, and a deletion of that waits for what comes next.
        for dataset in datasets {
            _ = try await JobQueue(connection, sql: sql).enqueue(
                .areas(of: dataset), trigger: "import of the layer \(slug)")
        }
        let old = try await connection.query("DELETE FROM area_layers WHERE slug = $1", [slug])
        try await connection.query("UPDATE area_layers SET slug = $1 WHERE id = $2", [slug, id])
        try await connection.query(sql[.areaParents], [id])
        try await connection.query(
            "UPDATE area_layers SET version = nextval('area_versions') WHERE parent = $1", [slug])
        return (old.affected > 0, datasets)
    }

    /// The statements of a script, which end with a semicolon at the end of a line.
    static func statements(of script: String) -> [String] {
        var statements: [String] = []
        var lines: [Substring] = []
        for line in script.split(separator: "\n") where !line.hasPrefix("--") {
            lines.append(line)
            if line.hasSuffix(";") {
                statements.append(lines.joined(separator: "\n"))
                lines = []
            }
        }
        return statements
    }
}
