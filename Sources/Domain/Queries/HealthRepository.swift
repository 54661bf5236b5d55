/// Checks whether the store behind the repositories can answer.
package protocol HealthRepository: Sendable {
    /// The result for every part. The store is ready when all essential ones are well. A failed check is a result too.
    func checks() async -> [HealthCheck]
}

package struct HealthCheck: Hashable, Sendable {
    /// The short name of the part, such as `postgresql`.
    package var part: String
    package var isWell: Bool
    /// A sentence without secrets.
    package var detail: String
    /// Whether answers depend on the part.
    package var isEssential: Bool

    package init(part: String, isWell: Bool, detail: String, isEssential: Bool = true) {
        self.part = part
        self.isWell = isWell
        self.detail = detail
        self.isEssential = isEssential
    }
}
