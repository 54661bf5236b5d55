/// The rule for which cells belong to a polygon. The raw values are the flags of the C interface.
public enum ContainmentMode: UInt32, Sendable, CaseIterable {
    /// Cells whose centre is in the polygon. Polygons that only touch share no cell.
    case center = 0
    /// Cells that are completely in the polygon.
    case full = 1
    /// Cells that have a point in common with the polygon.
    case overlapping = 2
    /// Cells whose bounding box has a point in common with the polygon: a few more than `overlapping`.
    case overlappingBoundingBox = 3
}
