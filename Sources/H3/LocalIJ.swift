/// A place in the grid around a cell: steps along two axes 120 degrees apart.
///
/// Only places counted around the same cell can be compared. The numbers are those of the reference's version 4.5.0.
public struct LocalIJ: Hashable, Sendable {
    public var i: Int
    public var j: Int

    public init(i: Int, j: Int) {
        self.i = i
        self.j = j
    }
}
