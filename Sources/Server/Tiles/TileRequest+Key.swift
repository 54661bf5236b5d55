import Risk
import TileMath
import Tiles

extension TileRequest {
    /// The tile that is asked for, with its cells alone; `nil` where there are none.
    /// - Throws: ``Problem`` 400 for a resolution that the dataset is not scored at.
    func key(
        _ status: DatasetStatus, resolutions: ResolutionByZoom, cellLimit: Int
    ) throws(Problem) -> TileKey? {
        let usual = resolutions.resolution(zoom: address.z)
        guard let resolution = try status.resolution(asked: resolution, usual: usual), let scored = status.days,
            case let day = day ?? scored.upperBound, scored.overlaps(day...(lastDay ?? day))
        else { return nil }
        return TileKey(
            dataset: status.dataset.slug, day: day, lastDay: lastDay, resolution: resolution, levels: levels,
            cellLimit: cellLimit, address: address)
    }
}
