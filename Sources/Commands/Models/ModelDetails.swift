import Domain
import Foundation

/// A model as commands print it in JSON: like `/v1/ml/models/{id}`.
struct ModelDetails: Encodable {
    struct Drift: Encodable {
        let measuredAt: String
        let rows: Int
        let index: Double?
        let indexes: JSONValue
    }

    let id: Int64
    let dataset: String
    let kind: String
    let state: String
    let trainedAt: String
    let activatedAt: String?
    let from: String
    let to: String
    let testFrom: String?
    let testTo: String?
    let payments: Int
    let features: [String]
    let parameters: JSONValue
    let metrics: JSONValue
    let library: String
    let sha256: String
    let bytes: Int
    let drift: Drift?

    init(_ model: StoredModel) throws {
        id = model.id
        dataset = model.dataset.text
        kind = model.kind.rawValue
        state = model.state.rawValue
        trainedAt = model.trainedAt.description
        activatedAt = model.activatedAt?.description
        from = model.training.lowerBound.description
        to = model.training.upperBound.description
        testFrom = model.test?.lowerBound.description
        testTo = model.test?.upperBound.description
        payments = model.payments
        features = model.features
        parameters = try JSONValue(text: model.parameters)
        metrics = try JSONValue(text: model.metrics)
        library = model.library
        sha256 = model.digest
        bytes = model.bytes
        drift = try model.drift.map { drift in
            Drift(
                measuredAt: drift.measuredAt.description, rows: drift.rows, index: drift.index,
                indexes: try JSONValue(text: drift.indexes))
        }
    }
}

/// A model in words.
struct ModelSummary {
    private struct Measures: Decodable {
        struct Cluster: Decodable {
            struct Difference: Decodable {
                let words: String
            }

            let number: Int
            let departments: Int
            let differences: [Difference]
        }

        let accuracy: Double?
        let balancedAccuracy: Double?
        let rocAuc: Double?
        let brier: Double?
        let majorityAccuracy: Double?
        let majorityBrier: Double?
        let payments: Int?
        let departments: Int?
        let silhouette: Double?
        let clusters: [Cluster]?
    }

    let text: String

    init(_ model: StoredModel) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let measures = try decoder.decode(Measures.self, from: Data(model.metrics.utf8))
        var lines = [
            "Model \(model.id), \(model.kind.rawValue) of \(model.dataset), \(model.state.rawValue)",
            "  learnt from \(model.payments) payments, \(model.training.lowerBound) to \(model.training.upperBound)",
        ]
        func number(_ value: Double?) -> String { value.map { "\($0.rounded(to: 4))" } ?? "?" }
        if let test = model.test, measures.rocAuc != nil {
            lines += [
                "  measured on \(measures.payments ?? 0) later ones, \(test.lowerBound) to \(test.upperBound):",
                "    ROC AUC \(number(measures.rocAuc)), balanced accuracy \(number(measures.balancedAccuracy))",
                "    accuracy \(number(measures.accuracy)), Brier score \(number(measures.brier)); who always says the "
                    + "share of all: \(number(measures.majorityAccuracy)), \(number(measures.majorityBrier))",
            ]
        }
        if let clusters = measures.clusters {
            lines.append(
                "  \(measures.departments ?? 0) departments in \(clusters.count) clusters, mean silhouette "
                    + number(measures.silhouette))
            lines += clusters.map { cluster in
                let words = cluster.differences.map(\.words).joined(separator: ", ")
                return "    \(cluster.number): \(cluster.departments) departments: \(words)"
            }
        }
        if let drift = model.drift {
            let index = drift.index.map { "\($0.rounded(to: 3))" } ?? "too little to compare"
            lines.append("  drift: \(index), \(drift.rows) rows, measured \(drift.measuredAt.wholeSeconds)")
        }
        text = lines.joined(separator: "\n")
    }
}

/// Any value of JSON, as it was stored.
enum JSONValue: Codable, Hashable, Sendable {
    case null
    case truth(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    init(text: String) throws { self = try JSONDecoder().decode(Self.self, from: Data(text.utf8)) }

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let truth = try? value.decode(Bool.self) {
            self = .truth(truth)
        } else if let integer = try? value.decode(Int.self) {
            self = .integer(integer)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let list = try? value.decode([JSONValue].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: JSONValue].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .null: try value.encodeNil()
        case .truth(let truth): try value.encode(truth)
        case .integer(let integer): try value.encode(integer)
        case .number(let number): try value.encode(number)
        case .text(let text): try value.encode(text)
        case .list(let list): try value.encode(list)
        case .object(let object): try value.encode(object)
        }
    }
}
