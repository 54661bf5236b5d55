/// The walk around a ring.
enum GridRing {
    /// The directions of the six sides of a ring that starts at its corner on the i axis, counter-clockwise.
    static let directions: InlineArray<6, UInt64> = [2, 3, 1, 5, 4, 6]
}
