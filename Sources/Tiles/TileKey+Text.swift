import Domain
import TileMath

extension TileKey {
    /// The version of the keys. It grows whenever the same key comes to mean other bytes, so that old caches are not
    /// read.
    private static let format = 5

    /// The prefix of the names of all stored tiles.
    static let storedPrefix = "hextant:tile:\(format):"

    /// The name under which the tile of one version is stored: the generation that last changed what it
    /// shows. Different keys have different names.
    func text(generation: Int64) -> String {
        // A slug contains no colon, so the parts are unambiguous.
        let levels = levels.isEmpty ? "all" : levels.sorted().map(\.rawValue).joined(separator: "+")
        let days = lastDay.map { "\(day)..\($0)" } ?? "\(day)"
        let layers =
            areas?.text ?? layers.names.joined(separator: "+") + (outlook.map { "=\($0.text)" } ?? "")
        return "\(Self.storedPrefix)\(dataset):\(generation):\(days):\(resolution):\(levels):\(layers)"
            + ":\(cellLimit)\(disclosure.minimum.map { ":least\($0)" } ?? ""):\(address)"
    }

    /// The dataset and tile address of a stored tile; `nil` for another name, such as that of a tile's lock.
    static func place(ofStored name: String) -> (dataset: Slug, address: TileAddress)? {
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        guard name.hasPrefix(storedPrefix), parts.count > 4, let last = parts.last, let dataset = Slug(parts[3]) else {
            return nil
        }
        let numbers = last.split(separator: "/", omittingEmptySubsequences: false).compactMap { Int($0) }
        guard numbers.count == 3, let address = try? TileAddress(z: numbers[0], x: numbers[1], y: numbers[2]) else {
            return nil
        }
        return (dataset, address)
    }
}

extension OutlookLayer {
    /// The layer as one word without colons. Different ones have different words.
    fileprivate var text: String {
        let classes = classes.isEmpty ? "all" : classes.map(\.rawValue).sorted().joined(separator: "+")
        return "\(kind.text),\(period.rawValue),\(classes)"
    }
}
