import Domain
import Tiles
import Web

/// The parameters of a document that describes tiles, and the URL template of those tiles.
struct TileTemplate {
    static let parameters = ["dataset", "date", "resolution", "level", "layers"] + OutlookParameters.ofTiles
    /// The deepest zoom at which there are tiles; clients enlarge them beyond it.
    static let deepestZoom = 14

    /// The slug of the dataset; `nil` for the default one.
    let slug: Slug?
    let layers: TileLayers
    private let day: NamedDay?
    private let date: String?
    private let resolution: Int?
    private let level: String?
    private let hasLayers: Bool
    private let outlook: OutlookParameters?
    /// The parameters of an outlook as they were given.
    private let outlookQuery: String

    /// Parses the parameters. Faults are collected in `parameters`.
    init(_ parameters: inout QueryParameters) {
        slug = parameters.dataset()
        day = parameters.namedDay("date")
        date = parameters.text("date")
        resolution = parameters.resolution()
        _ = parameters.levels()
        level = parameters.text("level")
        layers = parameters.layers(zoom: nil)
        hasLayers = parameters.text("layers") != nil
        outlook = OutlookParameters(tile: &parameters, layers)
        var query = ""
        for name in OutlookParameters.ofTiles {
            if let text = parameters.text(name) { query += "&\(name)=\(PercentEncoding.encode(text))" }
        }
        outlookQuery = query
    }

    /// The URL template of the tiles of a dataset.
    /// - Parameter origin: The beginning of the server's URLs.
    /// - Throws: ``UnscoredResolution`` when the dataset is not scored at the resolution, ``UnknownKind``.
    func text(_ origin: String, of status: DatasetStatus) throws -> String {
        _ = try status.resolution(asked: resolution)
        if let outlook { _ = try status.dataset.types(of: outlook.kind) }
        var query = "dataset=\(status.dataset.slug)"
        // Tiles without a date are those of the last scored day.
        if let date, day != .latest { query += "&date=\(date)" }
        if let resolution { query += "&resolution=\(resolution)" }
        if let level { query += "&level=\(PercentEncoding.encode(level))" }
        if hasLayers { query += "&layers=\(layers.names.joined(separator: ","))" }
        query += outlookQuery
        return "\(origin)/v1/tiles/{z}/{x}/{y}.mvt?\(query)"
    }
}
