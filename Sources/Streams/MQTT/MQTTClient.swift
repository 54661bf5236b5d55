import CMosquitto
import Domain
import Fetch
import Foundation

/// A client of libmosquitto with a session that the broker keeps.
///
/// Used by one thread, and driven by hand: the library acknowledges a message when it has read it, but the
/// acknowledgement leaves only when ``acknowledge(patience:)`` is called, which is after the message was stored. A
/// message whose acknowledgement never left is sent again.
final class MQTTClient {
    private static let library = mosquitto_lib_init()
    private static let keepalive: Int32 = 60
    /// How long the broker keeps messages for a client that is away, in seconds.
    private static let sessionExpiry: UInt32 = 7 * 86400
    /// The largest message that is taken from a broker, in bytes.
    private static let mostBytes: UInt32 = 16 << 20

    private let client: OpaquePointer
    private let filters: [(subscription: String, topic: String)]
    private(set) var collected: [BrokerMessage] = []
    private(set) var collectedBytes = 0
    /// Whether messages have been read whose acknowledgements must not leave yet. They wait in one queue with
    /// everything else that is to be sent.
    private var isHolding = false
    private var failure: StreamError?
    private(set) var isConnected = false
    private let isProbe: Bool

    /// Connects.
    /// - Parameters:
    ///   - instance: The name of this process among those that read the stream.
    ///   - isProbe: Whether it only looks if the broker takes it: it subscribes to nothing and leaves no session.
    /// - Throws: ``StreamError``.
    init(
        _ stream: MessageStream, _ secrets: Secrets, instance: String, isProbe: Bool = false
    ) throws(StreamError) {
        _ = Self.library
        guard let client = mosquitto_new("hextant-\(stream.name)-\(instance)", isProbe, nil) else {
            throw StreamError(.setting, "the client of MQTT cannot be made")
        }
        self.client = client
        self.isProbe = isProbe
        filters = stream.topics.map { ("$share/\(stream.group)/\($0)", $0) }
        mosquitto_user_data_set(client, Unmanaged.passUnretained(self).toOpaque())
        mosquitto_int_option(client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5)
        // The broker sends no more than so many messages that are not acknowledged.
        mosquitto_int_option(client, MOSQ_OPT_RECEIVE_MAXIMUM, Int32(stream.batching.messages))
        // Without this, the library would write an acknowledgement at once.
        mosquitto_threaded_set(client, true)
        setCallbacks()
        if stream.isEncrypted {
            let code =
                stream.authority.map { mosquitto_tls_set(client, $0, nil, nil, nil, nil) }
                ?? mosquitto_int_option(client, MOSQ_OPT_TLS_USE_OS_CERTS, 1)
            guard code == MOSQ_ERR_SUCCESS.code else {
                throw StreamError(.setting, "the file of certificates cannot be used: \(Self.text(code))")
            }
        }
        if let user = try StreamSecrets.fill(stream.user, secrets) {
            let code = mosquitto_username_pw_set(client, user, try StreamSecrets.fill(stream.password, secrets))
            guard code == MOSQ_ERR_SUCCESS.code else { throw StreamError(.setting, "the user cannot be used") }
        }
        try connect(stream)
    }

    deinit { mosquitto_destroy(client) }

    private func connect(_ stream: MessageStream) throws(StreamError) {
        var properties: OpaquePointer?
        defer { mosquitto_property_free_all(&properties) }
        mosquitto_property_add_int32(
            &properties, Int32(MQTT_PROP_SESSION_EXPIRY_INTERVAL.rawValue), isProbe ? 0 : Self.sessionExpiry)
        mosquitto_property_add_int32(&properties, Int32(MQTT_PROP_MAXIMUM_PACKET_SIZE.rawValue), Self.mostBytes)
        let broker = stream.brokers[0]
        guard let colon = broker.lastIndex(of: ":"), let port = Int32(broker[broker.index(after: colon)...]) else {
            throw StreamError(.setting, "the address of the broker has no port")
        }
        let host = broker[..<colon].trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        let code = mosquitto_connect_bind_v5(client, host, port, Self.keepalive, nil, properties)
        guard code == MOSQ_ERR_SUCCESS.code else {
            throw StreamError(.connection, "\(broker) cannot be reached: \(Self.text(code))")
        }
    }

    private func setCallbacks() {
        mosquitto_connect_v5_callback_set(client) { _, me, code, _, _ in
            guard let me else { return }
            Unmanaged<MQTTClient>.fromOpaque(me).takeUnretainedValue().connected(code)
        }
        mosquitto_subscribe_v5_callback_set(client) { _, me, _, count, granted, _ in
            guard let me, let granted else { return }
            let levels = UnsafeBufferPointer(start: granted, count: Int(count))
            Unmanaged<MQTTClient>.fromOpaque(me).takeUnretainedValue().subscribed(Array(levels))
        }
        mosquitto_disconnect_v5_callback_set(client) { _, me, code, _ in
            guard let me, code != 0 else { return }
            Unmanaged<MQTTClient>.fromOpaque(me).takeUnretainedValue().disconnected(code)
        }
        mosquitto_message_v5_callback_set(client) { _, me, message, _ in
            guard let me, let message else { return }
            Unmanaged<MQTTClient>.fromOpaque(me).takeUnretainedValue().received(message.pointee)
        }
    }

    private func connected(_ code: Int32) {
        guard code == 0 else {
            let reason = String(cString: mosquitto_reason_string(code))
            failure = StreamError(.refused, "the broker refuses the client: \(reason)")
            return
        }
        isConnected = true
        guard !isProbe else { return }
        for filter in filters {
            let code = mosquitto_subscribe_v5(client, nil, filter.subscription, 1, 0, nil)
            guard code == MOSQ_ERR_SUCCESS.code else {
                failure = StreamError(.refused, "\(filter.topic) cannot be subscribed to: \(Self.text(code))")
                return
            }
        }
    }

    private func subscribed(_ granted: [Int32]) {
        // Another level than 1 is a refusal, or a promise that is not kept when a connection breaks.
        if !granted.allSatisfy({ $0 == 1 }) {
            failure = StreamError(.refused, "the broker does not give a shared subscription with QoS 1")
        }
    }

    private func disconnected(_ code: Int32) {
        failure = failure ?? StreamError(.connection, "the broker ended the connection: \(Self.text(code))")
    }

    private func received(_ message: mosquitto_message) {
        let payload =
            message.payload.map { Array(UnsafeRawBufferPointer(start: $0, count: Int(message.payloadlen))) } ?? []
        let place = MessagePlace(topic: String(cString: message.topic), partition: 0)
        isHolding = true
        collected.append(BrokerMessage(payload, place: place, offset: nil))
        collectedBytes += payload.count
    }

    /// Reads what has arrived, and waits for it at most so long. It also writes, unless acknowledgements are held back.
    /// - Throws: ``StreamError`` after which this client is of no more use.
    func read(patience: Duration) throws(StreamError) {
        if !isHolding { try write(patience: .zero) }
        let isWriting = !isHolding && mosquitto_want_write(client)
        var poller = pollfd(fd: mosquitto_socket(client), events: Int16(POLLIN | (isWriting ? POLLOUT : 0)), revents: 0)
        guard poller.fd >= 0 else { throw failure ?? StreamError(.connection, "the connection to the broker is lost") }
        poll(&poller, 1, Int32(clamping: max(1, patience.inMilliseconds)))
        // Under TLS there may be more to read than the socket shows. A call reads one packet, or what there is of it.
        var before = -1
        while collected.count != before, collectedBytes < MessageStream.Batching().bytes {
            before = collected.count
            try check(mosquitto_loop_read(client, 1))
        }
    }

    /// Lets the acknowledgements of all messages leave that have been read, for at most so long.
    /// - Throws: ``StreamError`` after which this client is of no more use.
    func acknowledge(patience: Duration) throws(StreamError) {
        isHolding = false
        try write(patience: patience)
    }

    /// Writes what waits to be sent, for at most so long, and keeps the connection alive.
    private func write(patience: Duration) throws(StreamError) {
        let deadline = ContinuousClock.now + patience
        while mosquitto_want_write(client) {
            try check(mosquitto_loop_write(client, 1))
            guard mosquitto_want_write(client), .now < deadline else { break }
            var poller = pollfd(fd: mosquitto_socket(client), events: Int16(POLLOUT), revents: 0)
            poll(&poller, 1, 100)
        }
        try check(mosquitto_loop_misc(client))
    }

    /// Hands out what was collected.
    func take() -> [BrokerMessage] {
        defer {
            collected = []
            collectedBytes = 0
        }
        return collected
    }

    /// Tells the broker that this client leaves. The session stays. While acknowledgements are held back nothing is
    /// told, since they would leave as well: the broker finds the connection closed and keeps the messages.
    func close() {
        guard failure == nil, !isHolding else { return }
        mosquitto_disconnect_v5(client, 0, nil)
        try? write(patience: .seconds(1))
    }

    private func check(_ code: Int32) throws(StreamError) {
        if let failure { throw failure }
        guard code == MOSQ_ERR_SUCCESS.code else {
            throw StreamError(.connection, "the connection to the broker is lost: \(Self.text(code))")
        }
    }

    private static func text(_ code: Int32) -> String { String(cString: mosquitto_strerror(code)) }
}

extension mosq_err_t {
    /// The code as the functions of the library return it.
    fileprivate var code: Int32 { Int32(rawValue) }
}
