import CRdKafka
import Fetch

/// A client of librdkafka, which ends with this object.
final class KafkaHandle {
    let client: OpaquePointer
    private static let textLength = 512

    /// - Parameters:
    ///   - settings: Those of librdkafka by name.
    ///   - prepare: Sets callbacks before the client is made.
    /// - Throws: ``StreamError`` for a setting that cannot be used.
    init(
        _ kind: rd_kafka_type_t, _ settings: [(name: String, value: String)],
        prepare: (OpaquePointer) -> Void = { _ in }
    ) throws(StreamError) {
        guard let configuration = rd_kafka_conf_new() else { throw StreamError(.setting, "out of memory") }
        var text = [CChar](repeating: 0, count: Self.textLength)
        for (name, value) in settings {
            guard rd_kafka_conf_set(configuration, name, value, &text, text.count) == RD_KAFKA_CONF_OK else {
                rd_kafka_conf_destroy(configuration)
                // The text may quote the value, which may be a secret.
                throw StreamError(.setting, "librdkafka does not take the setting \(name)")
            }
        }
        // Otherwise the library writes to standard error; what matters comes as errors, too.
        rd_kafka_conf_set_log_cb(configuration) { _, _, _, _ in }
        prepare(configuration)
        guard let client = rd_kafka_new(kind, configuration, &text, text.count) else {
            rd_kafka_conf_destroy(configuration)
            throw StreamError(.setting, "the client of Kafka cannot be made: \(Self.string(text))")
        }
        self.client = client
    }

    // A consumer has left its group before, by its own call; here it would call back an object that is gone.
    deinit { rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE) }

    static func text(_ code: rd_kafka_resp_err_t) -> String { String(cString: rd_kafka_err2str(code)) }

    private static func string(_ text: [CChar]) -> String {
        String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The settings of a stream that every client of its broker needs.
    /// - Throws: ``StreamError`` when a secret is not set.
    static func settings(
        of stream: MessageStream, _ secrets: Secrets
    ) throws(StreamError) -> [(name: String, value: String)] {
        var settings = [
            ("bootstrap.servers", stream.brokers.joined(separator: ",")), ("client.id", "hextant"),
            // Looks for a lost broker again after this, up to that many milliseconds.
            ("reconnect.backoff.ms", "100"), ("reconnect.backoff.max.ms", "5000"),
        ]
        if stream.isEncrypted, let authority = stream.authority { settings.append(("ssl.ca.location", authority)) }
        if let user = try StreamSecrets.fill(stream.user, secrets) {
            settings += [
                ("security.protocol", stream.isEncrypted ? "sasl_ssl" : "sasl_plaintext"),
                ("sasl.mechanisms", stream.mechanism.rawValue), ("sasl.username", user),
                ("sasl.password", try StreamSecrets.fill(stream.password, secrets) ?? ""),
            ]
        } else {
            settings.append(("security.protocol", stream.isEncrypted ? "ssl" : "plaintext"))
        }
        return settings.map { (name: $0.0, value: $0.1) }
    }
}

/// The secrets in the texts of a stream.
enum StreamSecrets {
    /// - Throws: ``StreamError`` with the code `setting` when one is not set.
    static func fill(_ text: String?, _ secrets: Secrets) throws(StreamError) -> String? {
        guard let text else { return nil }
        do {
            return try secrets.fill(text).sent
        } catch {
            throw StreamError(.setting, error.description)
        }
    }
}
