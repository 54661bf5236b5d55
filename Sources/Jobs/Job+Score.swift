package import Domain
import Foundation

extension JobKind {
    /// Scores a dataset's cells by day.
    package static let score = Self(rawValue: "score")
}

extension Job {
    package static func score(_ order: RunOrder) -> Self {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // Numbers, texts and truths: nothing that JSON has no word for.
        let parameters = (try? encoder.encode(ScoreParameters(order))) ?? Data("{}".utf8)
        return Self(kind: .score, dataset: order.dataset, parameters: String(decoding: parameters, as: UTF8.self))
    }

    /// The order of a job of this kind: what is to be scored.
    /// - Throws: ``UnreadableJob`` for parameters of another version.
    package func order() throws(UnreadableJob) -> RunOrder {
        guard let dataset,
            let parameters = try? JSONDecoder().decode(ScoreParameters.self, from: Data(parameters.utf8)),
            let order = parameters.order(of: dataset)
        else { throw UnreadableJob(kind) }
        return order
    }
}

private struct ScoreParameters: Codable {
    let resolutions: [Int]
    let from: String?
    let to: String?
    let normalization: String
    let refresh: Bool
    /// Missing where none is made, as in jobs of earlier versions.
    let outlook: Bool?

    init(_ order: RunOrder) {
        resolutions = order.resolutions
        from = order.from?.description
        to = order.to?.description
        normalization = order.normalization.rawValue
        refresh = order.refresh
        outlook = order.outlook ? true : nil
    }

    func order(of dataset: Slug) -> RunOrder? {
        guard let normalization = Normalization(rawValue: normalization) else { return nil }
        return RunOrder(
            dataset: dataset, resolutions: resolutions, from: from.flatMap { LocalDay($0) },
            to: to.flatMap { LocalDay($0) }, normalization: normalization, refresh: refresh,
            outlook: outlook ?? false)
    }
}
