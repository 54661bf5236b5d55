import Risk

extension TileKey {
    /// The name under which the tile of one version of the view is stored; different keys have different names.
    func text(generation: Int64) -> String {
        // A slug has no colon, so the parts cannot run into each other.
        let levels = levels.isEmpty ? "all" : levels.sorted().map(\.rawValue).joined(separator: "+")
        return "hextant:tile:\(dataset):\(generation):\(day):\(resolution):\(levels):\(address)"
    }
}
