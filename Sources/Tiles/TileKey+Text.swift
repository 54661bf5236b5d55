import Risk
import TileMath

extension TileKey {
    /// Grows whenever the same key comes to mean other bytes, so that a cache of an older version is not read.
    private static let format = 4

    /// What the names of all stored tiles begin with.
    static let storedPrefix = "hextant:tile:\(format):"

    /// The name under which the tile of one version of the view is stored; different keys have different names.
    func text(generation: Int64) -> String {
        // A slug has no colon, so the parts cannot run into each other.
        let levels = levels.isEmpty ? "all" : levels.sorted().map(\.rawValue).joined(separator: "+")
        let days = lastDay.map { "\(day)..\($0)" } ?? "\(day)"
        let layers = layers.names.joined(separator: "+")
        return "\(Self.storedPrefix)\(dataset):\(generation):\(days):\(resolution):\(levels):\(layers)"
            + ":\(cellLimit):\(address)"
    }

    /// Dataset and address of a stored tile; `nil` for another name, that of a tile's lock included.
    static func place(ofStored name: String) -> (dataset: String, address: TileAddress)? {
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        guard name.hasPrefix(storedPrefix), parts.count > 4, let last = parts.last else { return nil }
        let numbers = last.split(separator: "/", omittingEmptySubsequences: false).compactMap { Int($0) }
        guard numbers.count == 3, let address = try? TileAddress(z: numbers[0], x: numbers[1], y: numbers[2]) else {
            return nil
        }
        return (String(parts[3]), address)
    }
}
