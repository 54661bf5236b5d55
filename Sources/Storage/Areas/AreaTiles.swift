import Areas
import Caching
import Domain
import Postgres
import Synchronization
import TileMath
import Tiles

/// The parameters of tiles of areas: which areas touch a tile, and the value of the figure that each has.
///
/// The values of one layer, dataset and period are remembered, so that a tile is one statement.
final class AreaTiles: Sendable {
    private struct Question: Hashable {
        let dataset: Slug
        let first: LocalDay
        let last: LocalDay
        let areas: AreaTileKey

        init(_ key: TileKey, _ areas: AreaTileKey) {
            dataset = key.dataset
            first = key.day
            last = key.lastDay ?? key.day
            self.areas = areas
        }
    }

    /// The areas of a layer with their boxes in degrees and the value of a figure.
    struct Values: Sendable {
        let layerID: Int32
        let numbers: [Int32]
        let boxes: [BoundingBox]
        let squareKilometres: [Double]
        /// Not a number where an area has no value.
        let values: [Double]
        /// -1 where the dataset was not counted.
        let events: [Int64]
    }

    /// How many areas are remembered; each takes about 80 bytes.
    private static let mostRemembered = 500_000

    private let store: AreaStore
    private let datasets: DatasetStore
    private let known = Mutex(Sieve<Question, Values>(limit: AreaTiles.mostRemembered))

    init(_ pool: ReadPool, sql: SQLFiles) {
        store = AreaStore(pool, sql: sql)
        datasets = DatasetStore(pool, sql: sql)
    }

    /// The parameters of the statement `area_tile.sql`, and whether areas were left out of the tile.
    func parameters(
        of key: TileKey, _ areas: AreaTileKey
    ) async throws -> (parameters: [any PostgresEncodable], isCut: Bool) {
        let values = try await values(Question(key, areas))
        var found = Self.touching(key.address, values)
        let total = found.count
        if total > key.cellLimit {
            // The largest are what one sees.
            found.sort { (values.squareKilometres[$1], $0) < (values.squareKilometres[$0], $1) }
            found = found.prefix(key.cellLimit).sorted()
        }
        let parameters: [any PostgresEncodable] = [
            values.layerID, Int32(AreaBand.number(zoom: key.address.z)), Int32(key.address.z), Int32(key.address.x),
            Int32(key.address.y), PostgresArray(found.map { values.numbers[$0] }),
            PostgresArray(found.map { values.values[$0] }), PostgresArray(found.map { values.events[$0] }),
            Int32(total - found.count),
        ]
        return (parameters, found.count < total)
    }

    private func values(_ question: Question) async throws -> Values {
        if let known = known.withLock({ $0.value(question) }) { return known }
        guard let layer = try await store.layer(question.areas.layer), layer.id == question.areas.layerID else {
            throw AreaLayerGone()
        }
        guard let figure = question.areas.figure else { return try await values(of: layer, question) }
        let dataset = try await datasets.dataset(question.dataset)
        let query = AreaFigureQuery(
            layer: layer, dataset: dataset, from: question.first, to: question.last,
            eventTypes: question.areas.eventTypes)
        let figures = try await store.figures(query)
        // A replica may not have received the counts yet.
        guard max(layer.version, figures?.counts.version ?? 0) >= question.areas.version else { throw AreaLayerGone() }
        let table = try await store.areas(of: layer)
        return remember(question, table) { index in
            guard let figures else { return nil }
            return (figure.value(of: figures.figures[index]), figures.figures[index].events)
        }
    }

    /// The areas of a layer alone. No count of any dataset is read for them.
    private func values(of layer: AreaLayer, _ question: Question) async throws -> Values {
        guard layer.version >= question.areas.version else { throw AreaLayerGone() }
        return remember(question, try await store.areas(of: layer)) { _ in nil }
    }

    /// - Parameter figures: The value of the figure and the events of the area at an index; `nil` without any.
    private func remember(
        _ question: Question, _ table: AreaTable, _ figures: (Int) -> (value: Double?, events: Int)?
    ) -> Values {
        let found = table.areas.indices.map(figures)
        let values = Values(
            layerID: table.layer.id, numbers: table.areas.map(\.number), boxes: table.areas.map(\.box),
            squareKilometres: table.areas.map(\.squareKilometres), values: found.map { $0?.value ?? .nan },
            events: found.map { $0.map { Int64($0.events) } ?? -1 })
        known.withLock { _ = $0.set(question, values, cost: values.numbers.count + 1) }
        return values
    }

    /// The indices of the areas whose boxes touch the tile or its margin.
    private static func touching(_ address: TileAddress, _ values: Values) -> [Int] {
        let bounds = address.bounds
        let wide = (bounds.east - bounds.west) / 32
        let high = (bounds.north - bounds.south) / 32
        let (west, east) = (bounds.west - wide, bounds.east + wide)
        let (south, north) = (bounds.south - high, bounds.north + high)
        return values.boxes.indices.filter { index in
            let box = values.boxes[index]
            return box.west <= east && box.east >= west && box.south <= north && box.north >= south
        }
    }
}
