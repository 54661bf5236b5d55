/// A place in the grid around a cell: steps along two axes 120 degrees apart.
///
/// Only places counted around the same cell can be compared. The numbers are those of the reference's version 4.5.0.
public struct LocalIJ: Hashable, Sendable {
    /// The number of steps along the i axis.
    public var i: Int

    /// The number of steps along the j axis.
    public var j: Int

    /// Creates a place from any two numbers, of which only those within the range of `Int32` can have a cell.
    public init(i: Int, j: Int) {
        self.i = i
        self.j = j
    }
}
