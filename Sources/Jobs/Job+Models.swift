package import Domain
import Foundation

extension JobKind {
    /// Trains a model on the expenditures of a dataset.
    package static let training = Self(rawValue: "training")
    /// Measures how far the data have moved since the active models were trained.
    package static let drift = Self(rawValue: "drift")
}

extension Job {
    package static func training(_ order: TrainingOrder) -> Self {
        let parameters = TrainingParameters(kind: order.kind.rawValue, seed: order.seed, activate: order.activate)
        return Self(kind: .training, dataset: order.dataset, parameters: parameters.text)
    }

    /// - Parameter dataset: The dataset; `nil` for all that have active models.
    package static func drift(of dataset: Slug? = nil) -> Self { Self(kind: .drift, dataset: dataset) }

    /// The order of a job of kind ``JobKind/training``.
    /// - Throws: ``UnreadableJob`` for parameters of another version.
    package func trainingOrder() throws(UnreadableJob) -> TrainingOrder {
        guard let dataset,
            let read = try? JSONDecoder().decode(TrainingParameters.self, from: Data(parameters.utf8)),
            let kind = ModelKind(rawValue: read.kind), TrainingOrder.seeds.contains(read.seed)
        else { throw UnreadableJob(self.kind) }
        return TrainingOrder(dataset: dataset, kind: kind, seed: read.seed, activate: read.activate)
    }
}

private struct TrainingParameters: Codable {
    let kind: String
    let seed: Int
    let activate: Bool

    var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // Texts, a number and a truth: nothing that JSON has no word for.
        let data = (try? encoder.encode(self)) ?? Data("{}".utf8)
        return String(decoding: data, as: UTF8.self)
    }
}
