package import Domain
import Foundation

extension JobKind {
    /// Reads the open dead letters of a dataset again.
    package static let remediate = Self(rawValue: "remediate")
    /// Builds the indexes of the attributes that filters may name, and drops those that nobody needs any more.
    package static let queryables = Self(rawValue: "queryables")
}

extension Job {
    /// - Parameter dataset: The dataset whose attributes changed; `nil` when it was deleted.
    package static func queryables(of dataset: Slug?) -> Self { Self(kind: .queryables, dataset: dataset) }

    package static func remediate(_ order: RemediationOrder) -> Self {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let parameters = (try? encoder.encode(RemediateParameters(order))) ?? Data("{}".utf8)
        return Self(kind: .remediate, dataset: order.dataset, parameters: String(decoding: parameters, as: UTF8.self))
    }

    /// The order of a job of this kind: which dead letters it reads again.
    /// - Throws: ``UnreadableJob`` for parameters of another version.
    package func remediation() throws(UnreadableJob) -> RemediationOrder {
        guard let dataset,
            let parameters = try? JSONDecoder().decode(RemediateParameters.self, from: Data(parameters.utf8))
        else { throw UnreadableJob(kind) }
        return RemediationOrder(
            dataset: dataset, batch: parameters.batch, mapping: parameters.mapping, reason: parameters.reason)
    }
}

private struct RemediateParameters: Codable {
    let batch: Int64?
    let mapping: String?
    let reason: String?

    init(_ order: RemediationOrder) {
        batch = order.batch
        mapping = order.mapping
        reason = order.reason
    }
}
