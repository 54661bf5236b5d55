/// The different positions of a layer, where those that are very near are one: programs that write each area by itself
/// often give the same corner other last digits.
struct VertexTable {
    /// The different positions, in the order in which they came.
    private(set) var positions: [Position] = []

    /// Positions that differ by less are one. In degrees this is a millimetre.
    private static let snap = 1e-8
    /// The positions by their squares of a grid whose side is ``snap``, by open addressing.
    private var table = [Int32](repeating: -1, count: 1024)

    /// The number of a position, or of the nearest one that is so near that it is the same. The index must be there.
    mutating func number(of position: Position) -> Int32 {
        if 2 * (positions.count + 1) > table.count { grow() }
        let (column, row) = Self.square(of: position)
        var nearest: (number: Int32, distance: Double)?
        for (x, y) in [(0, 0), (-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (1, -1), (-1, 1), (1, 1)] {
            let square = (column &+ Int64(x), row &+ Int64(y))
            var place = Self.hash(square) & (table.count - 1)
            while table[place] >= 0 {
                let other = positions[Int(table[place])]
                let distance = max(abs(other.x - position.x), abs(other.y - position.y))
                if distance < Self.snap, distance < nearest?.distance ?? .infinity {
                    nearest = (table[place], distance)
                }
                place = (place + 1) & (table.count - 1)
            }
            if nearest?.distance == 0 { break }
        }
        if let nearest { return nearest.number }
        let number = Int32(positions.count)
        positions.append(position)
        insert(number)
        return number
    }

    /// Gives the memory of the index back. Positions cannot be numbered after that.
    mutating func removeIndex() { table = [] }

    private mutating func insert(_ number: Int32) {
        var place = Self.hash(Self.square(of: positions[Int(number)])) & (table.count - 1)
        while table[place] >= 0 { place = (place + 1) & (table.count - 1) }
        table[place] = number
    }

    private mutating func grow() {
        table = [Int32](repeating: -1, count: 2 * table.count)
        for number in positions.indices { insert(Int32(number)) }
    }

    private static func square(of position: Position) -> (Int64, Int64) {
        // Far beyond degrees, where a snap is less than the last digit, squares need not be right but must be numbers.
        func line(_ value: Double) -> Int64 { Int64((max(-9e9, min(9e9, value)) / snap).rounded(.down)) }
        return (line(position.x), line(position.y))
    }

    /// Mixes the bits of both numbers (the finalizer of SplitMix64).
    private static func hash(_ square: (Int64, Int64)) -> Int {
        var bits = UInt64(bitPattern: square.0) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(bitPattern: square.1)
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return Int(truncatingIfNeeded: bits ^ bits >> 31) & Int.max
    }
}

/// Gives corners that several areas of a layer share the same digits.
package struct VertexSnapping {
    private var vertices = VertexTable()

    package init() {}

    /// The number of different positions seen so far; each takes about 32 bytes.
    package var count: Int { vertices.positions.count }

    /// The geometry with each position replaced by the first one of those that are less than 1e-8 degrees away; nil
    /// when nothing changes.
    package mutating func snapped(_ geometry: Geometry) -> Geometry? {
        var isChanged = false
        let result = geometry.mapParts { positions, _ in
            positions.map { position in
                // By itself, because the table may grow with it.
                let number = vertices.number(of: position)
                let same = vertices.positions[Int(number)]
                if same != position { isChanged = true }
                return same
            }
        }
        return isChanged ? result : nil
    }
}
