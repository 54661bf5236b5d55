package import Domain
import TileMath

/// Makes tiles before anybody requests them, as the route would make them for a URL without filters.
package struct TileWarmer: Sendable {
    package struct Outcome: Sendable {
        package var tiles = 0
        /// How many of these have no cell.
        package var empty = 0
    }

    /// Why tiles cannot be warmed, for the person who asked.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String

        package init(_ description: String) { self.description = description }
    }

    /// The largest number of tiles. More are most likely a mistake in the zooms.
    private static let mostTiles = 1_000_000

    private let datasets: any DatasetRepository
    private let tiles: any TileSource
    private let resolutions: ResolutionByZoom
    private let cellLimit: Int

    package init(
        _ datasets: any DatasetRepository, tiles: any TileSource, resolutions: ResolutionByZoom, cellLimit: Int
    ) {
        self.datasets = datasets
        self.tiles = tiles
        self.resolutions = resolutions
        self.cellLimit = cellLimit
    }

    /// - Parameters:
    ///   - day: The day; by default the last scored one.
    ///   - zooms: The zooms, within 0 to 22.
    ///   - box: The box; by default the one around all cells of the dataset.
    ///   - width: How many tiles are made at the same time, 1 or more.
    ///   - progress: Called with the number of finished tiles and of all tiles.
    /// - Throws: ``Fault``, or the error that kept a tile from being made.
    package func warm(
        dataset slug: Slug, day: LocalDay? = nil, zooms: ClosedRange<Int>, box: BoundingBox? = nil, width: Int,
        progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }
    ) async throws -> Outcome {
        guard let status = try await status(of: slug) else {
            throw Fault("there is no dataset \(slug)")
        }
        guard let days = status.days, let box = box ?? status.bounds else {
            throw Fault("no scores of \(slug) are served yet: run `hextant score` and `hextant refresh`")
        }
        let day = day ?? days.upperBound
        guard days.contains(day) else {
            throw Fault("\(slug) is scored from \(days.lowerBound) to \(days.upperBound), not on \(day)")
        }
        let keys = try keys(status, day, zooms, box)
        return try await make(keys, width) { done in
            progress(done, keys.count)
            return true
        }
    }

    /// Makes requested tiles, with the current meaning of their URLs. Those that no longer exist are left out.
    ///
    /// - Parameters:
    ///   - width: How many tiles are made at the same time, 1 or more.
    ///   - goesOn: Called with the number of finished tiles. When it returns false, no more are begun.
    /// - Throws: The error that kept a tile from being made.
    package func warm(
        _ requests: [TileRequest], width: Int, goesOn: (_ done: Int) -> Bool = { _ in true }
    ) async throws -> Outcome {
        var statuses: [Slug: DatasetStatus] = [:]
        for slug in Set(requests.map(\.dataset)) { statuses[slug] = try await status(of: slug) }
        var keys: [TileKey] = []
        // The last day may also have been requested by its date.
        var seen: Set<TileKey> = []
        for request in requests {
            guard let status = statuses[request.dataset],
                let key = try? request.key(status, resolutions: resolutions, cellLimit: cellLimit)
            else { continue }
            if seen.insert(key).inserted { keys.append(key) }
        }
        return try await make(keys, width, goesOn)
    }

    /// A dataset as those see it who have no right to its small counts: they are most of the readers.
    private func status(of slug: Slug) async throws -> DatasetStatus? {
        try await datasets.status(of: slug)?.disclosed(seesSmallCounts: false)
    }

    private func keys(
        _ status: DatasetStatus, _ day: LocalDay, _ zooms: ClosedRange<Int>, _ box: BoundingBox
    ) throws -> [TileKey] {
        let bounds = LonLatBox(west: box.west, south: box.south, east: box.east, north: box.north)
        let ranges = zooms.flatMap { TileRange.covering(bounds, z: $0) ?? [] }
        let count = ranges.reduce(0) { $0 + $1.count }
        guard count <= Self.mostTiles else {
            throw Fault("these are \(count) tiles, more than \(Self.mostTiles): choose fewer zooms")
        }
        return try ranges.flatMap { range in
            try range.compactMap { address in
                try TileRequest(dataset: status.dataset.slug, day: day, address: address)
                    .key(status, resolutions: resolutions, cellLimit: cellLimit)
            }
        }
    }

    private func make(
        _ keys: [TileKey], _ width: Int, _ goesOn: (_ done: Int) -> Bool
    ) async throws -> Outcome {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            var rest = keys.makeIterator()
            func begin() {
                guard let key = rest.next() else { return }
                group.addTask { [tiles] in try await tiles.tile(key).isEmpty }
            }
            for _ in 0..<max(1, width) { begin() }
            var outcome = Outcome()
            while let isEmpty = try await group.next() {
                outcome.tiles += 1
                if isEmpty { outcome.empty += 1 }
                if goesOn(outcome.tiles) { begin() }
            }
            return outcome
        }
    }
}
