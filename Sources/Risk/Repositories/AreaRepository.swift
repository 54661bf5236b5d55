/// Who can tell whether an area is one.
package protocol AreaRepository: Sendable {
    /// What is wrong with the shape, such as a ring that crosses itself; `nil` when it is well.
    func fault(of area: PolygonArea) async throws -> String?
}
