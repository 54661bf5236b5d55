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
    /// The version of what answered, as it says.
    package var version: String?
    /// How long its answer took.
    package var latency: Duration?

    package init(
        part: String, isWell: Bool, detail: String, isEssential: Bool = true, version: String? = nil,
        latency: Duration? = nil
    ) {
        self.part = part
        self.isWell = isWell
        self.detail = detail
        self.isEssential = isEssential
        self.version = version
        self.latency = latency
    }
}
