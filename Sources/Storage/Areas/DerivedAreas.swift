import Areas
package import Domain
package import H3
package import Postgres

/// Makes an approximate layer of the areas that events name in an attribute: cells by majority, dissolved.
package struct DerivedAreas: Sendable {
    package struct Request: Sendable {
        package var dataset: Slug
        /// The key of the attribute.
        package var attribute: String
        package var layer: Slug
        /// The name of the layer for people.
        package var name: String
        package var resolution: Resolution
        /// Values of the attribute that name no area.
        package var exceptions: Set<String>

        package init(
            dataset: Slug, attribute: String, layer: Slug, name: String, resolution: Resolution,
            exceptions: Set<String> = []
        ) {
            self.dataset = dataset
            self.attribute = attribute
            self.layer = layer
            self.name = name
            self.resolution = resolution
            self.exceptions = exceptions
        }
    }

    package struct Outcome: Sendable {
        package let made: AreaImport.Outcome
        /// How many events have a name, and how many names won no cell.
        package let events: Int
        package let namesWithoutCell: Int
    }

    package enum Step: Sendable {
        case reading(events: Int)
        case importing(AreaImport.Step)
    }

    /// How many rows are fetched at a time.
    private static let fetchedRows = 20_000

    private let options: PostgresOptions
    private let sql: SQLFiles

    package init(_ options: PostgresOptions, sql: SQLFiles) {
        self.options = options
        self.sql = sql
    }

    /// - Throws: `StorageError` with code `.area` when no event has the attribute, or there are too many names and
    ///   cells, and `.dataset` when there is no such dataset; what ``AreaImport/run(_:next:progress:)`` throws.
    package func make(_ request: Request, progress: (Step) -> Void = { _ in }) async throws -> Outcome {
        let (majority, events) = try await read(request, progress)
        guard events > 0 else {
            throw StorageError(
                .area,
                "no event of \(request.dataset) has the attribute \"\(request.attribute)\"\(try await others(request))")
        }
        let areas = try majority.areas()
        var next = areas[...]
        var number = 0
        let made = try await AreaImport(options, sql: sql).run(
            AreaImport.Description(
                slug: request.layer, name: request.name, isApproximate: true,
                source: "the events of \(request.dataset) by \(request.attribute), cells of resolution "
                    + "\(request.resolution)"),
            next: {
                guard let area = next.popFirst() else { return nil }
                number += 1
                return AreaImport.Record(
                    number: number, id: area.name, name: area.name, population: nil,
                    geometry: try Geometry(outlineOf: area.cells))
            }, progress: { progress(.importing($0)) })
        return Outcome(made: made, events: events, namesWithoutCell: majority.nameCount - areas.count)
    }

    private func read(
        _ request: Request, _ progress: (Step) -> Void
    ) async throws -> (majority: CellMajority, events: Int) {
        let connection = try await PostgresConnection(options)
        do {
            _ = try await DatasetStore(connection, sql: sql).dataset(request.dataset)
            try await connection.execute("BEGIN READ ONLY")
            try await connection.queryOnce(
                "DECLARE named NO SCROLL CURSOR FOR \(sql[.eventNames])", [request.dataset, request.attribute]
            ) { _ in }
            var majority = CellMajority()
            var events = 0
            while true {
                let rows = try await connection.query("FETCH \(Self.fetchedRows) FROM named")
                guard rows.count > 0 else { break }
                for row in rows { events += try Self.add(row, request, to: &majority) }
                progress(.reading(events: events))
            }
            await connection.close()
            return (majority, events)
        } catch {
            await connection.close()
            throw error
        }
    }

    /// Adds the events at a place.
    ///
    /// - Returns: How many they are; 0 when their name is left out.
    private static func add(_ row: PostgresRow, _ request: Request, to majority: inout CellMajority) throws -> Int {
        var fields = row.fields
        let longitude: Double = try fields.next("longitude")
        let latitude: Double = try fields.next("latitude")
        let name = trimmed(try fields.next("name", as: String.self))
        let events: Int = try fields.next("events")
        guard !name.isEmpty, !request.exceptions.contains(name) else { return 0 }
        guard name.utf8.count <= AreaImport.longestText else {
            throw StorageError(
                .area,
                "the attribute \"\(request.attribute)\" has a value of more than \(AreaImport.longestText) bytes, "
                    + "which is no name of an area")
        }
        let cell = try H3Cell(latitude: latitude, longitude: longitude, resolution: request.resolution)
        guard majority.add(cell, name, count: events) else {
            throw StorageError(
                .area,
                "the attribute \"\(request.attribute)\" has too many names in too many cells: choose a smaller "
                    + "--resolution, or an attribute that names areas")
        }
        return events
    }

    private static func trimmed(_ text: String) -> String {
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(text[first...last])
    }

    /// The attributes that some events have, for a message.
    private func others(_ request: Request) async throws -> String {
        let rows = try await PostgresConnection.withConnection(options) { connection in
            try await connection.query(
                """
                SELECT DISTINCT k.name
                FROM (SELECT attributes_json FROM events WHERE dataset = $1 LIMIT 1000) e
                CROSS JOIN LATERAL jsonb_object_keys(e.attributes_json) AS k (name)
                ORDER BY 1 LIMIT 20
                """, [request.dataset])
        }
        let names = try rows.map { "\"\(try $0.get(0, as: String.self))\"" }
        return names.isEmpty ? "" : "; there are: \(names.joined(separator: ", "))"
    }
}
