/// The cells within two steps of a cell, as changes to its last two digits.
///
/// The cells are in the order of `gridDisk(_:)`. Where a step leaves the cell two resolutions up, that cell takes a
/// step too, in one of the six directions.
enum DiskSteps {
    /// The number of cells around one within two steps.
    static let count = 18

    /// The steps for the last two digits of a cell. The index is 8 times the coarser digit plus the finer one, plus 64
    /// in Class III resolutions. For each there are `count` numbers with the new digits in bits 0-5 and the direction
    /// of the step above, or 0, in bits 6-8.
    static let steps = table()

    /// The directions of the steps above as bits 1-6: those that the six neighbours need and, 8 bits higher, those of
    /// all 18.
    static let directions = InlineArray<128, UInt16> { digits in
        var directions: UInt16 = 0
        for number in 0..<count {
            let direction = UInt16(1) << (steps[count * digits + number] >> 6)
            directions |= number < 6 ? direction | direction << 8 : direction << 8
        }
        return directions & 0x7E7E
    }

    private static func table() -> InlineArray<2304, UInt16> {
        var table = InlineArray<2304, UInt16>(repeating: 0)
        let offsets = offsets
        for digits in 0..<128 where digits & 7 < 7 && digits >> 3 & 7 < 7 {
            let isClassIII = digits >= 64
            let start =
                GridCoordinate.step(UInt64(digits >> 3 & 7)).refined(toClassIII: isClassIII)
                + .step(UInt64(digits & 7))
            for (number, offset) in offsets.enumerated() {
                let place = start + offset
                let (parent, last) = place.split(fromClassIII: isClassIII)
                let (above, coarser) = parent.split(fromClassIII: !isClassIII)
                table[count * digits + number] = UInt16(above.digit << 6 | coarser << 3 | last)
            }
        }
        return table
    }

    /// The way around the two rings.
    private static var offsets: [GridCoordinate] {
        var offsets = [GridCoordinate]()
        for ring in 1...2 {
            var place = GridCoordinate(i: ring, j: 0)
            for side in GridRing.directions.indices {
                for _ in 0..<ring {
                    place = place + .step(GridRing.directions[side])
                    offsets.append(place)
                }
            }
        }
        return offsets
    }
}
