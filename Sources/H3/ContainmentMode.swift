/// Which cells belong to a polygon; the raw values are the flags of the C interface.
public enum ContainmentMode: UInt32, Sendable, CaseIterable {
    /// Those whose centre lies in it. Polygons that only touch share no cell.
    case center = 0
    /// Those that lie in it as a whole.
    case full = 1
    /// Those that have a point in common with it.
    case overlapping = 2
    /// Those whose bounding box has a point in common with it: some more than `overlapping`.
    case overlappingBoundingBox = 3
}
