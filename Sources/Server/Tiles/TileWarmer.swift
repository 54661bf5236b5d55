package import Risk
import TileMath
package import Tiles

/// Has tiles made before anybody asks for them: those that the route would make for an address without filters.
package struct TileWarmer: Sendable {
    package struct Outcome: Sendable {
        package var tiles = 0
        /// Of these, how many have no cell.
        package var empty = 0
    }

    /// What cannot be warmed, for the one who asked.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String

        package init(_ description: String) { self.description = description }
    }

    /// More at a time are a slip of the zooms, most likely.
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
    ///   - day: By default the last scored one.
    ///   - zooms: Within 0 to 22.
    ///   - box: By default that around all cells of the dataset.
    ///   - width: Tiles made at the same time, 1 or more.
    ///   - progress: Told how many tiles are done and how many there are.
    /// - Throws: ``Fault``, or what keeps a tile from being made.
    package func warm(
        dataset slug: String, day: LocalDay? = nil, zooms: ClosedRange<Int>, box: BoundingBox? = nil, width: Int,
        progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }
    ) async throws -> Outcome {
        guard let status = try await datasets.status(of: slug) else {
            throw Fault("there is no dataset \(slug)")
        }
        guard let days = status.days, let box = box ?? status.bounds else {
            throw Fault("nothing of \(slug) is served yet: run `hextant score` and `hextant refresh`")
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

    /// Makes what was asked for, as its addresses are understood now; what is not there any more is left out.
    ///
    /// - Parameters:
    ///   - width: Tiles made at the same time, 1 or more.
    ///   - goesOn: Told how many tiles are done; no more are begun once it is false.
    /// - Throws: What keeps a tile from being made.
    package func warm(
        _ requests: [TileRequest], width: Int, goesOn: (_ done: Int) -> Bool = { _ in true }
    ) async throws -> Outcome {
        var statuses: [String: DatasetStatus] = [:]
        for slug in Set(requests.map(\.dataset)) { statuses[slug] = try await datasets.status(of: slug) }
        var keys: [TileKey] = []
        // The last day may have been asked for by its date, too.
        var seen: Set<TileKey> = []
        for request in requests {
            guard let status = statuses[request.dataset],
                let key = try? request.key(status, resolutions: resolutions, cellLimit: cellLimit)
            else { continue }
            if seen.insert(key).inserted { keys.append(key) }
        }
        return try await make(keys, width, goesOn)
    }

    private func keys(
        _ status: DatasetStatus, _ day: LocalDay, _ zooms: ClosedRange<Int>, _ box: BoundingBox
    ) throws -> [TileKey] {
        let area = LonLatBox(west: box.west, south: box.south, east: box.east, north: box.north)
        let ranges = zooms.flatMap { TileRange.covering(area, z: $0) ?? [] }
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
