import Tiles

/// What the tiles of this server may hold.
struct TileRules {
    /// Of tiles that are asked for without a resolution.
    let resolutions: ResolutionByZoom
    let cellLimit: Int
    /// Whether anybody may see where and when events of public datasets were.
    let showsEvents: Bool

    /// - Throws: ``Problem`` 403 where a layer is not for the client.
    func allow(_ layers: TileLayers) throws(Problem) {
        guard layers.contains(.events), !showsEvents else { return }
        let reason = "the points of events are not open on this server"
        throw Problem(
            status: .forbidden, detail: "layers: \(reason).", errors: [.init(field: "layers", message: reason)])
    }
}
