/// Whether the store behind the repositories can answer.
package protocol HealthRepository: Sendable {
    /// Every part that was looked at; the store is ready when all are well. Never throws: a part that fails says so.
    func checks() async -> [HealthCheck]
}

package struct HealthCheck: Hashable, Sendable {
    /// Short name of the part, such as `postgresql`.
    package var part: String
    package var isWell: Bool
    /// A plain sentence, without secrets.
    package var detail: String

    package init(part: String, isWell: Bool, detail: String) {
        self.part = part
        self.isWell = isWell
        self.detail = detail
    }
}
