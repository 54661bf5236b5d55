/// The outline of a cell: its vertices, counter-clockwise, not closed.
///
/// A hexagon has 6 vertices and a pentagon 5. In Class III (odd) resolutions an edge that crosses an edge of the
/// icosahedron has another vertex at the crossing, so there are 5 to 10. The vertices are stored in place.
public struct CellBoundary: RandomAccessCollection, Sendable {
    /// The most vertices an outline can have.
    public static let capacity = 10

    private var vertices = InlineArray<10, LatLng>(repeating: LatLng(latitude: 0, longitude: 0))

    /// The number of vertices, 5...10.
    public private(set) var count = 0

    /// The position of the first vertex.
    public var startIndex: Int { 0 }

    /// The position after the last vertex.
    public var endIndex: Int { count }

    /// The vertex at `position`, which must be less than `count`.
    public subscript(position: Int) -> LatLng {
        precondition(position < count, "vertex \(position) of an outline of \(count)")
        return vertices[position]
    }

    /// Creates an outline without vertices.
    init() {}

    /// The outline through the points of the first six lanes.
    @inline(__always)
    init(sixVertices latitudes: Lanes, _ longitudes: Lanes) {
        for lane in 0..<6 { vertices[lane] = LatLng(latitude: latitudes[lane], longitude: longitudes[lane]) }
        count = 6
    }

    /// Adds a vertex. Beyond the capacity, which no cell reaches, it is left out.
    mutating func append(_ vertex: LatLng) {
        guard count < Self.capacity else { return }
        vertices[count] = vertex
        count += 1
    }
}

extension CellBoundary: Equatable {
    /// Whether the vertices are the same numbers in the same order.
    public static func == (left: CellBoundary, right: CellBoundary) -> Bool { left.elementsEqual(right) }
}
