extension H3Cell {
    /// The vertices of the cell, six or five for a pentagon, counter-clockwise in the order of `boundary`, which may
    /// have further vertices between them.
    public var vertexes: [H3Vertex] {
        (0..<(isPentagon ? 5 : 6)).compactMap { try? vertex($0) }
    }

    /// The vertex `number` of the cell, counted from 0 counter-clockwise.
    ///
    /// - Throws: `domain` where `number` is outside 0...5, or 0...4 for a pentagon.
    public func vertex(_ number: Int) throws(H3Error) -> H3Vertex {
        let count = isPentagon ? 5 : 6
        guard number >= 0, number < count else { throw .domain }
        // A centre child has a lower index than any cell around it.
        if isCenterChild { return H3Vertex(self, number: number) }
        let right = try neighbor(beyondVertex: (number + count - 1) % count)
        let left = try neighbor(beyondVertex: number)
        if right < self, right < left {
            // Seen from there, this cell's edge starts at the vertex.
            guard let back = right.direction(to: self), let start = right.vertexNumber(startingEdge: back) else {
                throw .failed
            }
            return H3Vertex(right, number: start)
        }
        if left < self {
            // Seen from there, this cell's edge ends at the vertex.
            guard let back = left.direction(to: self), let start = left.vertexNumber(startingEdge: back) else {
                throw .failed
            }
            return H3Vertex(left, number: (start + 1) % (left.isPentagon ? 5 : 6))
        }
        return H3Vertex(self, number: number)
    }

    /// The number of the vertex at which the edge toward a direction, 1...6, starts; nil where there is no such edge.
    func vertexNumber(startingEdge direction: UInt64) -> Int? {
        let isPentagon = isPentagon
        guard (isPentagon ? 2...6 : 1...6).contains(direction) else { return nil }
        // By the direction's digit, where base cell and face have the same axes.
        let hexagonal: InlineArray<8, Int> = [0, 3, 1, 2, 5, 4, 0, 0]
        let pentagonal: InlineArray<8, Int> = [0, 0, 1, 2, 4, 3, 0, 0]
        return isPentagon
            ? (pentagonal[Int(direction)] + 10 - vertexTurns) % 5
            : (hexagonal[Int(direction)] + 6 - vertexTurns) % 6
    }

    /// The cell beyond the edge that starts at vertex `number`.
    private func neighbor(beyondVertex number: Int) throws(H3Error) -> H3Cell {
        let hexagonal: InlineArray<6, UInt64> = [6, 2, 3, 1, 5, 4]
        let pentagonal: InlineArray<5, UInt64> = [6, 2, 3, 5, 4]
        let direction =
            isPentagon ? pentagonal[(number + vertexTurns) % 5] : hexagonal[(number + vertexTurns) % 6]
        var turns = 0
        guard let neighbor = neighbor(toward: direction, turns: &turns) else { throw .failed }
        return neighbor
    }

    private var isCenterChild: Bool { resolution > 0 && digits[resolution.number] == 0 }

    /// The turns by 60 degrees counter-clockwise, 0...5, from the axes of the face that the cell is on to those of its
    /// base cell at that place.
    private var vertexTurns: Int {
        let number = min(baseCell, BaseCells.count - 1)
        let face = FaceCoordinate(self).face
        var turns = BaseCells.turns(of: number, on: face)
        guard BaseCells.isPentagon(number) else { return turns }
        let faces = BaseCells.pentagonFaces(number)
        if face != Int(BaseCells.homeFaces[number]), BaseCells.isPolarPentagon(number) || face == faces.ik {
            turns += 1
        }
        // The cell is on the far side of the missing sector.
        if digits.leading == 3, face == faces.ik {
            turns += 5
        } else if digits.leading == Digits.ik, face == faces.jk {
            turns += 1
        }
        return turns % 6
    }
}
