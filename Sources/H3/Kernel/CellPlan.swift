/// The constants that the cells of one resolution have in common.
struct CellPlan {
    let resolution: Int

    /// The number of cells that a length of 1 in the plane of a face spans: sqrt(7)^resolution / 0.381966011250105.
    let scale: Double

    /// How near to the border of its cell a point may be and still be found with certainty, multiplied by d / (d +
    /// `scale`), where d is the distance from the face's centre.
    let tolerance: Double

    /// The index in `FoldedFaces.rows` at which the rows of the resolution's class start.
    let firstRow: UInt64

    /// The bits of an index outside its base cell and digits.
    let frame: UInt64

    /// The lowest bit of every digit of a Class III and of a Class II resolution.
    let oddOnes: UInt64
    let evenOnes: UInt64

    /// The lowest bit of every digit.
    let ones: UInt64

    /// The value of the last digit's lowest bit in an index.
    let lastWeight: Double

    /// How much nearer the nearest face must be than the next one, as a difference of cosines.
    static let faceMargin = 1e-12

    /// A tolerance in radians, at least ten times the rounding errors of both ways together: those of the reference on
    /// the sphere are within 2e-15, and so are those of the kernel.
    private static let rounding = 4e-14

    static let scales: InlineArray<16, Double> = [
        2.618033988749896, 6.926666858146697, 18.32623792124927, 48.48666800702688,
        128.2836654487449, 339.40667604918815, 897.9856581412143, 2375.846732344317,
        6285.8996069885, 16630.927126410217, 44001.2972489195, 116416.48988487152,
        308009.0807424365, 814915.4291941007, 2156063.5651970557, 5704408.004358705,
    ]

    /// Creates the plan; `resolution` is 0...15.
    init(resolution: Int) {
        self.resolution = resolution
        scale = Self.scales[resolution]
        tolerance = Self.rounding * scale
        firstRow = UInt64(resolution) & 1 * 256
        let unused = UInt64(1) << UInt64(45 - 3 * resolution) - 1
        frame = 1 << 59 | UInt64(resolution) << 52 | unused
        oddOnes = 0o101_010_101_010_101 & ~unused
        ones = 0o111_111_111_111_111 & ~unused
        lastWeight = Double(unused + 1)
        evenOnes = 0o010_101_010_101_010 & ~unused
    }
}
