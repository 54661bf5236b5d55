/// Checks drawn polygons.
package protocol AreaRepository: Sendable {
    /// The fault of a shape, such as a ring that crosses itself; `nil` when it is valid.
    func fault(of area: PolygonArea) async throws -> String?
}
