import Risk

extension TileKey {
    /// Grows whenever the same key comes to mean other bytes, so that a cache of an older version is not read.
    private static let format = 3

    /// The name under which the tile of one version of the view is stored; different keys have different names.
    func text(generation: Int64) -> String {
        // A slug has no colon, so the parts cannot run into each other.
        let levels = levels.isEmpty ? "all" : levels.sorted().map(\.rawValue).joined(separator: "+")
        let days = lastDay.map { "\(day)..\($0)" } ?? "\(day)"
        let layers = layers.names.joined(separator: "+")
        return "hextant:tile:\(Self.format):\(dataset):\(generation):\(days):\(resolution):\(levels):\(layers)"
            + ":\(cellLimit):\(address)"
    }
}
