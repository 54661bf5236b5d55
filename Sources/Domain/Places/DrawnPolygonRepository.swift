/// Checks drawn polygons.
package protocol DrawnPolygonRepository: Sendable {
    /// The fault of a shape, such as a ring that crosses itself; `nil` when it is valid.
    func fault(of polygon: DrawnPolygon) async throws -> String?
}
