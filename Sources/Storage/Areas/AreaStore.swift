package import Areas
import Caching
package import Domain
import Postgres
import Synchronization

/// Reads layers of areas and computes the figures of areas.
///
/// The areas of a layer and their figures are remembered for the versions that they were read at, so that a list, a
/// tile and an area need not add up days again. A layer has its areas in memory without their boundaries.
package final class AreaStore: AreaRepository {
    let database: any QueryRunner
    let sql: SQLFiles

    private struct FigureKey: Hashable {
        let query: AreaFigureQuery
        let version: Int64
    }

    /// How many areas, and how many figures of areas, are remembered; each takes about 300 bytes.
    private static let mostRemembered = 250_000
    /// How long the work for a table may take.
    private static let patience = Duration.seconds(30)

    private let tables = Mutex(Sieve<Int32, AreaTable>(limit: AreaStore.mostRemembered))
    private let figures = Mutex(Sieve<FigureKey, AreaFigureTable>(limit: AreaStore.mostRemembered))
    private let tableFlights = SingleFlight<Int32, AreaTable>()
    private let figureFlights = SingleFlight<FigureKey, AreaFigureTable>()

    package init(_ database: any QueryRunner, sql: SQLFiles) {
        self.database = database
        self.sql = sql
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func layers() async throws -> [AreaLayer] {
        try await database.query(sql[.areaLayers], [String?.none]).map(Self.layer)
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func layer(_ slug: Slug) async throws -> AreaLayer? {
        try await database.query(sql[.areaLayers], [slug]).first.map(Self.layer)
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func counts(of dataset: Slug, in layer: AreaLayer) async throws -> AreaCounts? {
        try await database.query(sql[.areaCounts], [layer.id, dataset]).first.map(Self.counts)
    }

    /// The counts of all datasets that were counted in a layer.
    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func counts(in layer: AreaLayer) async throws -> [AreaCounts] {
        try await database.query(sql[.areaCounts], [layer.id, Slug?.none]).map(Self.counts)
    }

    /// - Throws: `AreaLayerGone`; what ``QueryRunner/query(_:_:)`` throws.
    package func areas(of layer: AreaLayer) async throws -> AreaTable {
        if let known = tables.withLock({ $0.value(layer.id) }), known.layer == layer { return known }
        return try await tableFlights.value(for: layer.id, within: Self.patience) { [self] in
            let rows = try await database.query(sql[.areaList], [layer.id])
            guard rows.count > 0 || layer.areas == 0 else { throw AreaLayerGone() }
            let table = AreaTable(layer, try rows.map(Self.area))
            tables.withLock { _ = $0.set(layer.id, table, cost: table.areas.count + 1) }
            return table
        }.value
    }

    /// - Throws: `AreaLayerGone`; what ``QueryRunner/query(_:_:)`` throws.
    package func figures(_ query: AreaFigureQuery) async throws -> AreaFigureTable? {
        guard let counts = try await counts(of: query.dataset.slug, in: query.layer) else { return nil }
        let key = FigureKey(query: query, version: counts.version)
        if let known = figures.withLock({ $0.value(key) }) { return known }
        return try await figureFlights.value(for: key, within: Self.patience) { [self] in
            let table = try await computed(query, counts)
            figures.withLock { _ = $0.set(key, table, cost: table.figures.count + 1) }
            return table
        }.value
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func numbers(_ search: AreaSearch) async throws -> [Int32] {
        let pattern = search.name.map { "%" + $0.replacing(/[\\%_]/, with: { "\\\($0.output)" }) + "%" }
        let rows = try await database.query(
            sql[.areaSearch], [search.layer.id, pattern, search.parent] + search.bounds.parameters)
        return try rows.map { Int32(try $0.get(0, as: Int.self)) }
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func number(of layer: AreaLayer, at place: Area.Place) async throws -> Int32? {
        try await database.query(sql[.areaAt], [layer.id, place.longitude, place.latitude]).first
            .map { Int32(try $0.get(0, as: Int.self)) }
    }

    /// - Throws: What ``QueryRunner/query(_:_:)`` throws.
    package func outlines(
        of numbers: [Int32], in layer: AreaLayer, isSimple: Bool
    ) async throws -> [Int32: AreaOutline] {
        let rows = try await database.query(
            sql[.areaOutlines], [layer.id, PostgresArray(numbers), isSimple])
        var outlines: [Int32: AreaOutline] = [:]
        for row in rows {
            var fields = row.fields
            let number = Int32(try fields.next("number", as: Int.self))
            let bytes: [UInt8] = try fields.next("geom")
            outlines[number] = AreaOutline(Geometry(wellKnownBinary: bytes))
        }
        return outlines
    }
}

extension AreaOutline {
    /// The outline of a geometry's polygons; empty without any.
    package init(_ geometry: Geometry?) {
        self.init(
            polygons: (geometry?.polygons ?? []).map { polygon in
                polygon.rings.map { ring in ring.flatMap { [$0.x, $0.y] } }
            })
    }
}

extension AreaStore {
    static func layer(_ row: PostgresRow) throws -> AreaLayer {
        var fields = row.fields
        let id = Int32(try fields.next("id", as: Int.self))
        let slug: Slug = try fields.next("slug")
        let name: String = try fields.next("name")
        let version: Int64 = try fields.next("version")
        let parent: Slug? = try fields.next("parent")
        let isApproximate: Bool = try fields.next("approximate")
        let source: String = try fields.next("source")
        let reference: String = try fields.next("reference")
        let areas: Int = try fields.next("areas")
        let population: Double? = try fields.next("population")
        let west: Double? = try fields.next("west")
        let south: Double? = try fields.next("south")
        let east: Double? = try fields.next("east")
        let north: Double? = try fields.next("north")
        var bounds: BoundingBox?
        if let west, let south, let east, let north {
            bounds = BoundingBox(west: west, south: south, east: east, north: north)
        }
        return AreaLayer(
            id: id, slug: slug, name: name, version: version, parent: parent, isApproximate: isApproximate,
            source: source, reference: reference, areas: areas, population: population, bounds: bounds,
            faults: try fields.next("faults"), importedAt: try fields.next("imported_at"))
    }

    private static func counts(_ row: PostgresRow) throws -> AreaCounts {
        var fields = row.fields
        let dataset: Slug = try fields.next("dataset")
        let version: Int64 = try fields.next("version")
        let first: LocalDay? = try fields.next("first_day")
        let last: LocalDay? = try fields.next("last_day")
        return AreaCounts(
            dataset: dataset, version: version, days: first.flatMap { first in last.map { first...$0 } },
            events: try fields.next("events"), outside: try fields.next("outside"),
            countedAt: try fields.next("counted_at"))
    }

    private static func area(_ row: PostgresRow) throws -> Area {
        var fields = row.fields
        let number = Int32(try fields.next("number", as: Int.self))
        let id: String = try fields.next("id")
        let name: String = try fields.next("name")
        let population: Double? = try fields.next("population")
        let parent: String? = try fields.next("parent")
        let squareKilometres: Double = try fields.next("km2")
        let centroid = Area.Place(
            longitude: try fields.next("centroid_longitude"), latitude: try fields.next("centroid_latitude"))
        let label = Area.Place(
            longitude: try fields.next("label_longitude"), latitude: try fields.next("label_latitude"))
        let box = BoundingBox(
            west: try fields.next("west"), south: try fields.next("south"), east: try fields.next("east"),
            north: try fields.next("north"))
        guard let box else { throw PostgresError(.decoding, "the box of area \(id) is not in degrees") }
        return Area(
            number: number, id: id, name: name, population: population, parent: parent,
            squareKilometres: squareKilometres, centroid: centroid, label: label, box: box)
    }
}
