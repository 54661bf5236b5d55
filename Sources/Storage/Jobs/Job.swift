import Foundation
package import Risk

/// Work for a worker.
package enum Job: Hashable, Sendable {
    case score(RunOrder)
    /// Builds the next served view from the newest scores.
    case refresh

    var kind: AnalyticsRun.Kind {
        switch self {
        case .score: .score
        case .refresh: .refresh
        }
    }

    var dataset: String? {
        switch self {
        case .score(let order): order.dataset
        case .refresh: nil
        }
    }

    /// The text for `jobs.parameters`: a JSON object with everything but kind and dataset.
    func parameters() throws -> String {
        guard case .score(let order) = self else { return "{}" }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(Parameters(order)), as: UTF8.self)
    }

    /// - Throws: `StorageError` with code `.installation` when another version queued a job that this one cannot read.
    init(kind: String, dataset: String?, parameters: String) throws(StorageError) {
        switch (kind, dataset) {
        case ("refresh", _):
            self = .refresh
        case ("score", let dataset?):
            guard let parameters = try? JSONDecoder().decode(Parameters.self, from: Data(parameters.utf8)),
                let order = parameters.order(of: dataset)
            else { fallthrough }
            self = .score(order)
        default:
            throw StorageError(.installation, "a job of kind \(kind) that this version cannot read: update the worker")
        }
    }

    private struct Parameters: Codable {
        let resolutions: [Int]
        let from: String?
        let to: String?
        let normalization: String
        let refresh: Bool

        init(_ order: RunOrder) {
            resolutions = order.resolutions
            from = order.from?.description
            to = order.to?.description
            normalization = order.normalization.rawValue
            refresh = order.refresh
        }

        func order(of dataset: String) -> RunOrder? {
            guard let normalization = Normalization(rawValue: normalization) else { return nil }
            return RunOrder(
                dataset: dataset, resolutions: resolutions, from: from.flatMap { LocalDay($0) },
                to: to.flatMap { LocalDay($0) }, normalization: normalization, refresh: refresh)
        }
    }
}
