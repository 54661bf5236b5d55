package import Domain
import TileMath

extension TileRequest {
    /// The key of the requested tile with its cells alone; `nil` where nothing is scored.
    /// - Parameter status: The status as the reader of the tile sees it.
    /// - Throws: ``Problem`` 400 for a resolution at which the dataset is not scored.
    package func key(
        _ status: DatasetStatus, resolutions: ResolutionByZoom, cellLimit: Int
    ) throws(UnscoredResolution) -> TileKey? {
        let usual = resolutions.resolution(zoom: address.z)
        guard let resolution = try status.resolution(asked: resolution, usual: usual), let scored = status.days,
            case let day = day ?? scored.upperBound, scored.overlaps(day...(lastDay ?? day))
        else { return nil }
        return TileKey(
            dataset: status.dataset.slug, day: day, lastDay: lastDay, resolution: resolution, levels: levels,
            cellLimit: cellLimit, address: address, disclosure: status.disclosure)
    }
}
