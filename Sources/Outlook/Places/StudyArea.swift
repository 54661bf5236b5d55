package import H3

/// The cells that an outlook compares with each other: those that count as places where something may happen.
///
/// Everything else in this target numbers cells by their position in `cells`.
package struct StudyArea: Sendable {
    /// The cells of one resolution, ascending, each once, at least one.
    package let cells: [H3Cell]
    /// The neighbours of each cell within the area.
    package let ring: CellRing
    private let positions: [H3Cell: Int32]

    /// The limit of cells unless another one is asked for.
    package static let usualLimit = 1_000_000

    package var resolution: Resolution { cells[0].resolution }

    /// The area of cells that are given, such as those of an area layer.
    ///
    /// - Parameter indexes: Cell indexes of one resolution, in any order; repetitions count once.
    /// - Throws: `OutlookError` where there is none, one is not a cell or of another resolution, or there are more than
    ///   `limit`.
    package init(cells indexes: [UInt64], limit: Int = usualLimit) throws {
        try self.init(Self.checked(indexes), limit: limit)
    }

    /// The area around events: every cell that ever had one, and every cell whose centre is in the convex hull of the
    /// centres of those.
    ///
    /// The hull is that on the sphere: its edges are great circles. Where events are more than 80 degrees from their
    /// mean direction there is no such hull, and the area is every cell of the resolution.
    ///
    /// - Parameter indexes: The cells of events, of one resolution, in any order; repetitions count once.
    /// - Throws: `OutlookError` where there is none, one is not a cell or of another resolution, or the area would have
    ///   more than `limit` cells.
    package static func covering(events indexes: [UInt64], limit: Int = usualLimit) throws -> StudyArea {
        let seeds = try checked(indexes)
        let resolution = seeds.first.map(\.resolution) ?? 0
        return try StudyArea(try ConvexCover.cells(around: seeds, resolution: resolution, limit: limit), limit: limit)
    }

    private init(_ set: Set<H3Cell>, limit: Int) throws {
        guard let resolution = set.first?.resolution else { throw OutlookError.noCells }
        guard set.count <= limit else { throw OutlookError.tooManyCells(limit: limit, resolution: resolution) }
        let cells = set.sorted()
        let positions = Dictionary(uniqueKeysWithValues: cells.enumerated().map { ($1, Int32($0)) })
        self.cells = cells
        self.positions = positions
        ring = try CellRing(of: cells, at: 1) { positions[$0] }
    }

    private static func checked(_ indexes: [UInt64]) throws -> Set<H3Cell> {
        guard let first = indexes.first else { throw OutlookError.noCells }
        guard let expected = H3Cell(first)?.resolution else { throw OutlookError.notACell(first, row: 0) }
        var cells = Set<H3Cell>()
        for (row, index) in indexes.enumerated() {
            guard let cell = H3Cell(index) else { throw OutlookError.notACell(index, row: row) }
            guard cell.resolution == expected else {
                throw OutlookError.otherResolution(cell, row: row, expected: expected)
            }
            cells.insert(cell)
        }
        return cells
    }

    /// The number of cells.
    package var count: Int { cells.count }

    /// The position of a cell; `nil` outside the area.
    package func position(of cell: H3Cell) -> Int? { positions[cell].map(Int.init) }

    /// The ring at a distance of some steps, within the area.
    func ring(at distance: Int) throws -> CellRing { try CellRing(of: cells, at: distance) { positions[$0] } }

    /// The number of each cell's parent, from 0, and how many parents there are. At resolution 0 each cell is alone.
    func parents() throws -> (numbers: [Int32], count: Int) {
        guard let coarser = resolution.coarser else { return (cells.indices.map(Int32.init), count) }
        var numbers: [H3Cell: Int32] = [:]
        var found: [Int32] = []
        found.reserveCapacity(count)
        for cell in cells {
            let parent = try cell.parent(at: coarser)
            let number = numbers[parent] ?? Int32(numbers.count)
            numbers[parent] = number
            found.append(number)
        }
        return (found, numbers.count)
    }
}

/// The cells at a distance of every cell of a study area, as positions in the area, one list after the other.
///
/// A cell at the edge of the area or beside a pentagon has fewer than six neighbours, an island none.
package struct CellRing: Sendable {
    /// Where each cell's list begins in `members`; one more entry than cells.
    package private(set) var starts: [Int32] = [0]
    package private(set) var members: [Int32] = []

    init(of cells: [H3Cell], at distance: Int, position: (H3Cell) -> Int32?) throws {
        starts.reserveCapacity(cells.count + 1)
        members.reserveCapacity(cells.count * 6 * distance)
        for cell in cells {
            for other in try cell.gridRing(distance) {
                if let position = position(other) { members.append(position) }
            }
            starts.append(Int32(members.count))
        }
    }

    /// The positions of the members of a cell's list in `members`.
    func range(_ cell: Int) -> Range<Int> { Int(starts[cell])..<Int(starts[cell + 1]) }

    /// The mean of each cell's list; the cell's own value where the list is empty.
    func means(of values: [Double]) -> [Double] {
        values.indices.map { cell in
            let range = range(cell)
            guard !range.isEmpty else { return values[cell] }
            return range.reduce(0) { $0 + values[Int(members[$1])] } / Double(range.count)
        }
    }
}
