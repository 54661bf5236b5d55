package import Domain
package import TileMath

/// A selection of tiles to be forgotten. A property that is not set does not restrict it.
package struct TileSelection: Hashable, Sendable {
    package var dataset: Slug?
    /// The box; only tiles that touch it are selected.
    package var box: BoundingBox?
    package var zooms: ClosedRange<Int>?

    package init(dataset: Slug? = nil, box: BoundingBox? = nil, zooms: ClosedRange<Int>? = nil) {
        self.dataset = dataset
        self.box = box
        self.zooms = zooms
    }

    package func covers(dataset: Slug, _ address: TileAddress) -> Bool {
        guard self.dataset.map({ $0 == dataset }) ?? true, zooms?.contains(address.z) ?? true else { return false }
        guard let box else { return true }
        let bounds = LonLatBox(west: box.west, south: box.south, east: box.east, north: box.north)
        return (TileRange.covering(bounds, z: address.z) ?? []).contains { range in
            range.columns.contains(address.x) && range.rows.contains(address.y)
        }
    }
}

extension TileSelection {
    /// The message between servers: dataset, zooms and box, each empty where it is not set.
    package var message: String {
        let zooms = zooms.map { "\($0.lowerBound)-\($0.upperBound)" } ?? ""
        let box = box.map { "\($0.west),\($0.south),\($0.east),\($0.north)" } ?? ""
        return "\(dataset?.text ?? "");\(zooms);\(box)"
    }

    /// - Returns: `nil` for anything that ``message`` would not have written.
    package init?(message: String) {
        let parts = message.split(separator: ";", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        self.init()
        if !parts[0].isEmpty {
            guard let dataset = Slug(parts[0]) else { return nil }
            self.dataset = dataset
        }
        if !parts[1].isEmpty {
            let ends = parts[1].split(separator: "-").compactMap { Int($0) }
            guard ends.count == 2, ends[0] <= ends[1] else { return nil }
            zooms = ends[0]...ends[1]
        }
        guard !parts[2].isEmpty else { return }
        guard let box = BoundingBox(parts[2]) else { return nil }
        self.box = box
    }
}
