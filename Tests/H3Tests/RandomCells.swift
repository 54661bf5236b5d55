import H3

/// Cells of a resolution: random ones, and all pentagons with their neighbours, where the grid is most distorted.
struct RandomCells: Sequence {
    private let cells: [H3Cell]

    init(at resolution: Resolution, count: Int, seed: UInt64 = 17) throws {
        let random = try RandomPoints(seed: seed + UInt64(resolution.number), count: count).map {
            try H3Cell(latitude: $0.latitude, longitude: $0.longitude, resolution: resolution)
        }
        cells = try random + H3Cell.pentagons(at: resolution).flatMap { try $0.gridDisk(1) }
    }

    func makeIterator() -> IndexingIterator<[H3Cell]> { cells.makeIterator() }
}
