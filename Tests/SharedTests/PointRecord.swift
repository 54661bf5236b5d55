import H3
import Testing

/// A line `lat lng tie c15 [r:x ...]` of the shared points: the cell at resolution 15, and for some coarser ones the
/// bits to flip in the parent of the cell before.
struct PointRecord {
    let latitude: Double
    let longitude: Double

    /// The expected cell at each resolution, 0...15.
    let cells: [H3Cell]

    private let tie: UInt32

    init(_ fields: ArraySlice<Substring>) throws {
        let fields = Array(fields)
        latitude = try #require(Double(fields[0]))
        longitude = try #require(Double(fields[1]))
        tie = try #require(UInt32(fields[2], radix: 16))
        var flips = [Int: UInt64]()
        for field in fields[4...] {
            let parts = field.split(separator: ":")
            let resolution = try #require(Int(parts[0]))
            let flip = try #require(UInt64(parts[1], radix: 16))
            flips[resolution] = flip
        }
        var cell = try H3Cell(String(fields[3]))
        var chain = [cell]
        for resolution in stride(from: 14, through: 0, by: -1) {
            let bits = try cell.parent(at: Resolution(resolution)).bits ^ (flips[resolution] ?? 0)
            cell = try #require(H3Cell(bits))
            chain.append(cell)
        }
        cells = chain.reversed()
    }

    /// Whether the reference's answer at `resolution` changes when the point moves by a micrometre.
    func isTie(at resolution: Int) -> Bool { tie >> UInt32(resolution) & 1 != 0 }
}
