extension H3Cell {
    /// The edges of the cell, six or five for a pentagon, in the order of their directions' digits.
    public var directedEdges: [H3DirectedEdge] {
        (isPentagon ? 2...6 : 1...6).map { H3DirectedEdge(self, direction: $0) }
    }

    /// Whether `other` shares an edge with this cell. A cell is not a neighbour of itself.
    ///
    /// - Throws: `resolutionMismatch` where the cells are of different resolutions.
    public func isNeighbor(of other: H3Cell) throws(H3Error) -> Bool {
        guard resolution == other.resolution else { throw .resolutionMismatch }
        var disk = InlineArray<7, H3Cell>(repeating: self)
        var span = disk.mutableSpan
        guard lookUpDisk(1, into: &span) else { return self != other && direction(to: other) != nil }
        for place in 1...6 where disk[place] == other { return true }
        return false
    }
}
