// The tables of turns in this file are taken from uber/h3 v4.5.0:
// Copyright 2016-2021 Uber Technologies, Inc., licensed under the Apache License, Version 2.0 (see NOTICE).

/// The flat grid around a cell: its base cell and the neighbours of that, in the axes of the base cell.
///
/// Where there is a pentagon between, the grid has a gap. Then not every cell has a place, and not every place a cell.
struct LocalGrid {
    let origin: H3Cell
    private let base: Int
    private let leading: Int
    private let isPentagonal: Bool

    init(around origin: H3Cell) {
        self.origin = origin
        base = min(origin.baseCell, BaseCells.count - 1)
        leading = Int(truncatingIfNeeded: origin.digits.leading)
        isPentagonal = BaseCells.isPentagon(base)
    }

    /// The place of a cell.
    ///
    /// - Throws: `resolutionMismatch`; `failed` where it is too far away or behind a pentagon.
    func place(of cell: H3Cell) throws(H3Error) -> GridCoordinate {
        guard cell.resolution == origin.resolution else { throw .resolutionMismatch }
        let other = min(cell.baseCell, BaseCells.count - 1)
        let isOtherPentagonal = BaseCells.isPentagon(other)
        guard other != base else {
            let place = Self.place(cell.digits, resolution: cell.resolution.number)
            guard isPentagonal else { return place }
            let turns = try turns(leading, Int(truncatingIfNeeded: cell.digits.leading))
            return Self.turnedRight(place, turns)
        }
        guard let direction = BaseCells.direction(from: base, to: other),
            let (_, turned) = BaseCells.neighbor(of: base, toward: direction),
            var back = BaseCells.direction(from: other, to: base)
        else { throw .failed }

        var digits = cell.digits
        if isOtherPentagonal {
            for _ in 0..<turned {
                digits = digits.rotatedAboutPentagonRight
                back = Digits(bits: back).rotatedAboutPentagonRight.bits
            }
        } else {
            digits = digits.rotated((6 - turned) % 6)
        }
        var place = Self.place(digits, resolution: cell.resolution.number)
        var offset = GridCoordinate.step(direction)
        for level in stride(from: 1, through: origin.resolution.number, by: 1) {
            offset = offset.refined(toClassIII: level & 1 != 0)
        }
        if isPentagonal {
            let turns = try turns(leading, Int(truncatingIfNeeded: direction))
            place = Self.turnedRight(place, turns)
            offset = Self.turnedRight(offset, turns)
        } else if isOtherPentagonal {
            let otherLeading = Int(truncatingIfNeeded: digits.leading)
            guard !Self.isBehindPentagon(otherLeading, Int(truncatingIfNeeded: back)) else { throw .failed }
            let turns = Self.value(Self.turnsOut, Int(truncatingIfNeeded: back), otherLeading)
            guard turns >= 0 else { throw .cellInvalid }
            place = Self.turnedRight(place, turns)
        }
        return place + offset
    }

    /// The cell at a place.
    ///
    /// - Throws: `failed` where the place is too far away, `pentagon` where it is in the gap of one.
    func cell(at place: GridCoordinate) throws(H3Error) -> H3Cell {
        // No place that far away has a cell, and the arithmetic below must not overflow.
        guard max(abs(place.i), abs(place.j)) < 1 << 29 else { throw .failed }
        var place = place
        var digits = Digits(bits: 0)
        for level in stride(from: origin.resolution.number, to: 0, by: -1) {
            let (parent, digit) = place.split(fromClassIII: level & 1 != 0)
            digits[level] = digit
            place = parent
        }
        guard place.distance <= 1 else { throw .failed }
        let direction = place.digit
        guard direction != 0 else { return try cell(base, isPentagonal ? try unfolded(digits) : digits) }
        return try isPentagonal ? cellBesidePentagon(digits, direction) : cellBeside(digits, direction)
    }

    /// The digits within the pentagon's base cell, turned back over its gap.
    private func unfolded(_ digits: Digits) throws(H3Error) -> Digits {
        let turns = Self.value(Self.turnsBack, leading, Int(truncatingIfNeeded: digits.leading))
        guard turns >= 0 else { throw .cellInvalid }
        return digits.rotated(turns)
    }

    /// A cell of a neighbour of the base cell, which is a pentagon's.
    private func cellBesidePentagon(_ digits: Digits, _ direction: UInt64) throws(H3Error) -> H3Cell {
        let turns = Self.value(Self.turnsBack, leading, Int(truncatingIfNeeded: direction))
        guard turns >= 0 else { throw .cellInvalid }
        let turned = Digits(bits: direction).rotated(turns).bits
        guard turned != Digits.k else { throw origin.resolution == 0 ? .failed : .pentagon }
        guard let neighbor = BaseCells.neighbor(of: base, toward: turned) else { throw .failed }
        return try cell(neighbor.number, digits.rotated(turns).rotated(neighbor.turns))
    }

    /// A cell of a neighbour of the base cell, which is not a pentagon's.
    private func cellBeside(_ digits: Digits, _ direction: UInt64) throws(H3Error) -> H3Cell {
        guard let neighbor = BaseCells.neighbor(of: base, toward: direction) else { throw .failed }
        var digits = digits.rotated(neighbor.turns)
        if BaseCells.isPentagon(neighbor.number) {
            guard let back = BaseCells.direction(from: neighbor.number, to: base) else { throw .failed }
            let table = BaseCells.isPolarPentagon(neighbor.number) ? Self.turnsInPolar : Self.turnsIn
            let turns = Self.value(table, Int(truncatingIfNeeded: back), Int(truncatingIfNeeded: digits.leading))
            guard turns >= 0 else { throw .cellInvalid }
            digits = digits.rotatedAboutPentagon(turns)
        }
        return try cell(neighbor.number, digits)
    }

    private func cell(_ number: Int, _ digits: Digits) throws(H3Error) -> H3Cell {
        if BaseCells.isPentagon(number), digits.leading == Digits.k { throw .pentagon }
        return H3Cell(unchecked: H3Cell.baseCell(number, resolution: origin.resolution.number).bits | digits.bits)
    }

    /// The clockwise turns that bring the part of the grid in one direction of the pentagon beside that in another.
    private func turns(_ from: Int, _ to: Int) throws(H3Error) -> Int {
        guard !Self.isBehindPentagon(from, to) else { throw .failed }
        let turns = Self.value(Self.turnsOut, from, to)
        guard turns >= 0 else { throw .cellInvalid }
        return turns
    }

    /// The place of digits around the centre of their base cell.
    private static func place(_ digits: Digits, resolution: Int) -> GridCoordinate {
        var place = GridCoordinate(i: 0, j: 0)
        for level in stride(from: 1, through: resolution, by: 1) {
            place = place.refined(toClassIII: level & 1 != 0) + .step(digits[level])
        }
        return place
    }

    private static func turnedRight(_ place: GridCoordinate, _ turns: Int) -> GridCoordinate {
        var place = place
        for _ in 0..<turns { place = place.turnedRight }
        return place
    }

    /// Whether a direction from a pentagon is on its other side, seen from another direction, so that both cannot be
    /// laid flat.
    private static func isBehindPentagon(_ from: Int, _ to: Int) -> Bool {
        switch (from, to) {
        case (2, 4), (2, 5), (3, 4), (3, 6), (4, 2), (4, 3), (5, 2), (5, 6), (6, 3), (6, 5): true
        default: false
        }
    }

    /// An entry of one of the tables below; -1 where a direction is the missing one.
    private static func value(_ table: InlineArray<64, Int8>, _ row: Int, _ column: Int) -> Int {
        Int(table[8 * row + column])
    }

    /// The clockwise turns, by the leading digit of the origin and that of the cell.
    private static let turnsOut: InlineArray<64, Int8> = [
        0, -1, 0, 0, 0, 0, 0, -1,
        -1, -1, -1, -1, -1, -1, -1, -1,
        0, -1, 0, 0, 0, 1, 0, -1,
        0, -1, 0, 0, 1, 1, 0, -1,
        0, -1, 0, 5, 0, 0, 0, -1,
        0, -1, 5, 5, 0, 0, 0, -1,
        0, -1, 0, 0, 0, 0, 0, -1,
        -1, -1, -1, -1, -1, -1, -1, -1,
    ]

    /// The counter-clockwise turns that undo these, by the leading digit of the origin, on a pentagon, and the
    /// direction.
    private static let turnsBack: InlineArray<64, Int8> = [
        0, 0, 0, 0, 0, 0, 0, -1,
        -1, -1, -1, -1, -1, -1, -1, -1,
        0, 1, 0, 0, 0, 0, 0, -1,
        0, 1, 0, 0, 0, 1, 0, -1,
        0, 5, 0, 0, 0, 0, 0, -1,
        0, 5, 0, 5, 0, 0, 0, -1,
        0, 0, 0, 0, 0, 0, 0, -1,
        -1, -1, -1, -1, -1, -1, -1, -1,
    ]

    /// The turns for a cell on a pentagon, by the direction back to the origin and its leading digit.
    private static let turnsIn: InlineArray<64, Int8> = [
        0, 0, 0, 0, 0, 0, 0, -1,
        -1, -1, -1, -1, -1, -1, -1, -1,
        0, 1, 0, 0, 0, 0, 0, -1,
        0, 1, 0, 0, 0, 1, 0, -1,
        0, 5, 0, 0, 0, 0, 0, -1,
        0, 1, 0, 5, 1, 1, 0, -1,
        0, 0, 0, 0, 0, 0, 0, -1,
        -1, -1, -1, -1, -1, -1, -1, -1,
    ]

    /// The turns for a cell on one of the two pentagons at a pole of the icosahedron.
    private static let turnsInPolar: InlineArray<64, Int8> = [
        0, 0, 0, 0, 0, 0, 0, -1,
        -1, -1, -1, -1, -1, -1, -1, -1,
        0, 1, 1, 1, 1, 1, 1, -1,
        0, 1, 0, 0, 0, 1, 0, -1,
        0, 1, 0, 0, 1, 1, 1, -1,
        0, 1, 0, 5, 1, 1, 0, -1,
        0, 1, 1, 0, 1, 1, 1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1,
    ]
}
