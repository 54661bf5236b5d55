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
    /// Whether there are no answers without it.
    package var isEssential: Bool

    package init(part: String, isWell: Bool, detail: String, isEssential: Bool = true) {
        self.part = part
        self.isWell = isWell
        self.detail = detail
        self.isEssential = isEssential
    }
}
