extension H3Cell {
    /// The edges of the cell, six or, of a pentagon, five, in the order of their directions' digits.
    public var directedEdges: [H3DirectedEdge] {
        (isPentagon ? 2...6 : 1...6).map { H3DirectedEdge(self, direction: $0) }
    }

    /// Whether `other` shares an edge with this cell; a cell is no neighbour of itself.
    ///
    /// - Throws: `resolutionMismatch` where the cells are of different resolutions.
    public func isNeighbor(of other: H3Cell) throws(H3Error) -> Bool {
        guard resolution == other.resolution else { throw .resolutionMismatch }
        return self != other && direction(to: other) != nil
    }
}
