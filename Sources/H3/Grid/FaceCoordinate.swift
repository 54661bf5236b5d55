/// A place of the hexagonal grid, and the icosahedron face whose axes it is counted in.
struct FaceCoordinate {
    /// The face, 0...19.
    var face: Int
    var place: GridCoordinate

    /// The position of a place that was counted past the edges of its face.
    enum Overage {
        /// The place is on the face it was counted on.
        case none
        /// The place is on an edge of the face, where only vertices can be.
        case faceEdge
        /// The place is beyond an edge, and is now counted on the face there.
        case newFace
    }

    /// Moves a place beyond an edge of its face to the face across that edge, once.
    ///
    /// `resolution` is a Class II (even) one, 0...16. `scale` is 1 for cells and 3 for the finer grid of vertices.
    /// `pentagonLeadingI` tells that the place is of a pentagon's base cell and in the sector of the i axis: past the
    /// ki edge it then lies across the gap of the missing sector.
    mutating func crossEdge(resolution: Int, scale: Int, pentagonLeadingI: Bool = false) -> Overage {
        let unit = Self.unit(resolution: resolution) * scale
        let sum = place.i + place.j - 3 * place.lowest
        if scale > 1, sum == 2 * unit { return .faceEdge }
        guard sum > 2 * unit else { return .none }
        let edge = FaceEdge(beyond: place)
        if edge == .ki, pentagonLeadingI {
            let corner = GridCoordinate(i: 2 * unit, j: 0)
            place = (place - corner).turnedRight + corner
        }
        move(across: edge, unit: unit)
        return scale > 1 && place.i + place.j - 3 * place.lowest == 2 * unit ? .faceEdge : .newFace
    }

    /// Moves a place near a pentagon, where five faces meet, across edges until it is on its face.
    mutating func crossEdges(resolution: Int, scale: Int) {
        for _ in 0..<5 {
            if crossEdge(resolution: resolution, scale: scale) != .newFace { return }
        }
    }

    /// Counts the same place of the sphere's grid on the face across `edge`, by a turn and a shift.
    mutating func move(across edge: FaceEdge, unit: Int) {
        // Around the two poles of the icosahedron five faces meet with their ij and ki edges; the other ten alternate.
        let polar = face < 5 || face >= 15
        let shift: GridCoordinate
        switch edge {
        case .ij:
            shift = polar ? GridCoordinate(i: 0, j: -2) : GridCoordinate(i: 2, j: 2)
            place = polar ? place.turnedLeft : place * -1
        case .ki:
            shift = polar ? GridCoordinate(i: 2, j: 2) : GridCoordinate(i: 0, j: -2)
            place = polar ? place.turnedRight : place * -1
        case .jk:
            shift = GridCoordinate(i: -2, j: 0)
            place = place * -1
        }
        place = place + shift * unit
        face = Int(Icosahedron.neighbors[3 * face + edge.rawValue])
    }

    /// Half the distance from a face's centre to its corners, in cells of a Class II resolution: 7 to the half of it.
    static func unit(resolution: Int) -> Int {
        var unit = 1
        for _ in 0..<resolution / 2 { unit *= 7 }
        return unit
    }
}
