package import Domain

/// A stream as its file describes it: which messages of a broker become events of which dataset.
package struct MessageStream: Hashable, Sendable {
    package enum Kind: String, Sendable {
        case kafka
        case mqtt
    }

    /// The form of messages.
    package enum Format: Hashable, Sendable {
        /// A JSON object, or an array of them.
        case json
        /// A GeoJSON feature, a collection or an array of features.
        case geojson
        /// Lines of fields between commas, without a header; these are the names of the fields.
        case csv(columns: [String])

        package var name: String {
            switch self {
            case .json: "json"
            case .geojson: "geojson"
            case .csv: "csv"
            }
        }
    }

    /// The place where a stream without a stored position begins.
    package enum Start: String, Sendable, CaseIterable {
        case earliest
        case latest
    }

    /// Bounds of what is stored together.
    package struct Batching: Hashable, Sendable {
        package static let messageRange = 1...20_000
        package static let waitRange = 0...60_000
        /// The number of messages at most.
        package var messages = 1000
        /// How long a message may wait for others.
        package var wait = Duration.milliseconds(200)
        /// The size in bytes of all messages from which on no further one is taken.
        package var bytes = 8 << 20
    }

    package var name: Slug
    package var kind: Kind
    /// Hosts with ports, at least one; MQTT has one.
    package var brokers: [String]
    package var isEncrypted = false
    package var topics: [String]
    package var group: String
    package var dataset: Slug
    /// Name of a built-in mapping, or path of another.
    package var mapping: String
    package var places: String?
    package var format: Format
    package var start: Start
    package var batching = Batching()
    /// The texts with `${NAME}` where secrets belong.
    package var user: String?
    package var password: String?
    /// Path of a PEM file of certificates that are trusted at the broker, besides those of the system.
    package var authority: String?
    /// Mechanism by which Kafka checks the password.
    package var mechanism = Mechanism.plain

    package enum Mechanism: String, Sendable, CaseIterable {
        case plain = "PLAIN"
        case scram256 = "SCRAM-SHA-256"
        case scram512 = "SCRAM-SHA-512"
    }

    /// The broker in words for people, as it is written in the file.
    package var broker: String {
        "\(kind.rawValue)\(isEncrypted ? "s" : "")://\(brokers.joined(separator: ","))"
    }
}
