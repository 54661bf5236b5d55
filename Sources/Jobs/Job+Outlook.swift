package import Domain
import Foundation

extension JobKind {
    /// Makes the outlook of a dataset.
    package static let outlook = Self(rawValue: "outlook")
    /// Evaluates the forecasts of a dataset on days that have passed.
    package static let evaluation = Self(rawValue: "evaluation")
}

extension Job {
    package static func outlook(_ order: OutlookOrder) -> Self {
        Self(kind: .outlook, dataset: order.dataset, parameters: OutlookParameters(order).text)
    }

    package static func evaluation(_ order: EvaluationOrder) -> Self {
        Self(kind: .evaluation, dataset: order.dataset, parameters: EvaluationParameters(order).text)
    }

    /// The order of a job of kind ``JobKind/outlook``.
    /// - Throws: ``UnreadableJob`` for parameters of another version.
    package func outlookOrder() throws(UnreadableJob) -> OutlookOrder {
        guard let dataset, let parameters: OutlookParameters = parsed() else { throw UnreadableJob(kind) }
        return parameters.order(of: dataset)
    }

    /// The order of a job of kind ``JobKind/evaluation``.
    /// - Throws: ``UnreadableJob`` for parameters of another version.
    package func evaluationOrder() throws(UnreadableJob) -> EvaluationOrder {
        guard let dataset, let parameters: EvaluationParameters = parsed(), let order = parameters.order(of: dataset)
        else { throw UnreadableJob(kind) }
        return order
    }

    private func parsed<Parameters: Decodable>() -> Parameters? {
        try? JSONDecoder().decode(Parameters.self, from: Data(parameters.utf8))
    }
}

extension Encodable {
    /// The value as a JSON object with its keys sorted.
    fileprivate var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // Numbers, texts and truths: nothing that JSON has no word for.
        let data = (try? encoder.encode(self)) ?? Data("{}".utf8)
        return String(decoding: data, as: UTF8.self)
    }
}

private struct OutlookParameters: Codable {
    let resolutions: [Int]
    let asOf: String?
    let horizon: Int
    let refresh: Bool

    init(_ order: OutlookOrder) {
        resolutions = order.resolutions
        asOf = order.asOf?.description
        horizon = order.horizon
        refresh = order.refresh
    }

    func order(of dataset: Slug) -> OutlookOrder {
        OutlookOrder(
            dataset: dataset, resolutions: resolutions, asOf: asOf.flatMap { LocalDay($0) }, horizon: horizon,
            refresh: refresh)
    }
}

private struct EvaluationParameters: Codable {
    let resolutions: [Int]
    let kind: String
    let horizon: Int
    let from: String?
    let to: String?

    init(_ order: EvaluationOrder) {
        resolutions = order.resolutions
        kind = order.kind.text
        horizon = order.horizon
        from = order.from?.description
        to = order.to?.description
    }

    func order(of dataset: Slug) -> EvaluationOrder? {
        guard let kind = EventKind(kind) else { return nil }
        return EvaluationOrder(
            dataset: dataset, resolutions: resolutions, kind: kind, horizon: horizon,
            from: from.flatMap { LocalDay($0) }, to: to.flatMap { LocalDay($0) })
    }
}
