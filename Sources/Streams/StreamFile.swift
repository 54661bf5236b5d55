package import Connectors
import Domain
import Fetch
import Foundation
import Yams

/// Reads streams from YAML files. docs/streams.md lists their keys.
package enum StreamFile {
    private static let keys = [
        "stream", "broker", "topic", "topics", "group", "dataset", "mapping", "places", "format", "columns", "start",
        "batch", "user", "password", "mechanism", "authority",
    ]
    private static let mostTopics = 100
    private static let mostColumns = 1000

    /// The streams of a folder, each in a file `NAME.yaml`, by name.
    /// - Throws: `FeedFault` for a folder or file that cannot be read, and a stream whose name is not that of its file.
    package static func load(directory: String) throws(FeedFault) -> [MessageStream] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory)
        } catch {
            throw FeedFault(file: directory, line: 1, problem: "the folder of streams cannot be read")
        }
        var streams: [MessageStream] = []
        for name in names.sorted() where name.hasSuffix(".yaml") && !name.hasPrefix(".") {
            streams.append(try load(path: "\(directory)/\(name)"))
        }
        return streams
    }

    private static func load(path: String) throws(FeedFault) -> MessageStream {
        guard let data = FileManager.default.contents(atPath: path), data.count <= 1 << 20,
            let text = String(validating: data, as: UTF8.self)
        else { throw FeedFault(file: path, line: 1, problem: "cannot be read, is not UTF-8 or is larger than 1 MiB") }
        let stream = try read(text, path: path)
        let file = path.split(separator: "/").last.map(String.init) ?? path
        guard file == "\(stream.name).yaml" else {
            throw FeedFault(
                file: path, line: 1,
                problem: "stream: \(stream.name) must be in a file \(stream.name).yaml, not \(file)")
        }
        return stream
    }

    /// The stream of a text.
    /// - Parameter path: Path of its file; other files are found beside it.
    package static func read(_ text: String, path: String) throws(FeedFault) -> MessageStream {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw FeedFault(file: path, line: 1, problem: "is not YAML: \(error)")
        }
        guard let root else { throw FeedFault(file: path, line: 1, problem: "is empty") }
        let top = try FeedNode(root, file: path)
        try top.refuseOthers(than: keys)
        let name = try slug(top, "stream", "a name for the stream")
        let (kind, isEncrypted, brokers) = try broker(top)
        let folder = URL(filePath: path).deletingLastPathComponent()
        func beside(_ name: String) -> String { URL(filePath: name, relativeTo: folder).path }
        let mapping = try top.requiredText("mapping", "a mapping that says how messages become events")
        let group = try top.text("group") ?? "hextant"
        guard group.utf8.count <= 200, !group.contains(where: { "/+#".contains($0) }) else {
            throw top.fault("group", "must be a name of at most 200 bytes without /, + and #")
        }
        var stream = MessageStream(
            name: name, kind: kind, brokers: brokers, isEncrypted: isEncrypted, topics: try topics(top, kind),
            group: group, dataset: try slug(top, "dataset", "the slug of the dataset that it fills"),
            // As a command takes it: a name with a slash or an ending is a file, here beside that of the stream.
            mapping: mapping.contains("/") || mapping.hasSuffix(".yaml") ? beside(mapping) : mapping,
            places: try top.text("places").map(beside), format: try format(top), start: try start(top, kind))
        try credentials(top, &stream)
        stream.authority = try top.text("authority").map(beside)
        if stream.authority != nil, !isEncrypted {
            throw top.fault("authority", "needs a broker that is reached by \(kind.rawValue)s://")
        }
        if let batch = try top.child("batch") {
            try batch.refuseOthers(than: ["messages", "wait"])
            if let count = try batch.integer("messages", in: MessageStream.Batching.messageRange) {
                stream.batching.messages = count
            }
            if let wait = try batch.integer("wait", in: MessageStream.Batching.waitRange) {
                stream.batching.wait = .milliseconds(wait)
            }
        }
        return stream
    }

    /// The names of the secrets that a stream needs.
    package static func secrets(of stream: MessageStream) -> [String] {
        let texts = [stream.user, stream.password].compactMap { $0 }
        return Set(texts.flatMap { (try? Secrets.names(in: $0)) ?? [] }).sorted()
    }

    private static func slug(_ top: FeedNode, _ key: String, _ meaning: String) throws(FeedFault) -> Slug {
        guard let slug = Slug(try top.requiredText(key, meaning)) else { throw top.fault(key, "must be \(Slug.form)") }
        return slug
    }

    private static func broker(
        _ top: FeedNode
    ) throws(FeedFault) -> (MessageStream.Kind, isEncrypted: Bool, hosts: [String]) {
        let text = try top.requiredText("broker", "an address such as kafka://host:9092 or mqtt://host:1883")
        let schemes: [(String, MessageStream.Kind, Bool, port: String)] = [
            ("kafka://", .kafka, false, "9092"), ("kafkas://", .kafka, true, "9093"), ("mqtt://", .mqtt, false, "1883"),
            ("mqtts://", .mqtt, true, "8883"),
        ]
        guard let (scheme, kind, isEncrypted, port) = schemes.first(where: { text.hasPrefix($0.0) }) else {
            throw top.fault("broker", "must begin with kafka://, kafkas://, mqtt:// or mqtts://")
        }
        let hosts = text.dropFirst(scheme.count).split(separator: ",", omittingEmptySubsequences: false).map { host in
            hasPort(host) ? String(host) : "\(host):\(port)"
        }
        guard hosts.allSatisfy(isHost), hosts.count <= 50, kind == .kafka || hosts.count == 1 else {
            throw top.fault(
                "broker",
                kind == .kafka
                    ? "must be hosts such as kafka://one.example.org:9092,two.example.org:9092; user and password are "
                        + "keys of their own" : "must be one host such as mqtt://broker.example.org:1883")
        }
        return (kind, isEncrypted, hosts)
    }

    private static func hasPort(_ host: Substring) -> Bool {
        guard let colon = host.lastIndex(of: ":") else { return false }
        // The address of IPv6 is in brackets.
        return host.last != "]" && !host[host.index(after: colon)...].isEmpty
    }

    private static func isHost(_ text: String) -> Bool {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]), port > 0
        else { return false }
        let host = text[..<colon]
        let name = host.hasPrefix("[") && host.hasSuffix("]") ? host.dropFirst().dropLast() : host
        let isAddress = name.count < host.count
        return !name.isEmpty
            && name.utf8.allSatisfy { byte in
                let letter = Character(UnicodeScalar(byte))
                return letter.isASCII && (letter.isLetter || letter.isNumber || "-._".contains(letter))
                    || isAddress && letter == ":"
            }
    }

    private static func topics(_ top: FeedNode, _ kind: MessageStream.Kind) throws(FeedFault) -> [String] {
        if top.has("topic"), top.has("topics") { throw top.fault("topics", "cannot stand beside topic") }
        let topics: [String]
        if let several = try top.texts("topics") {
            topics = several
        } else {
            topics = [try top.requiredText("topic", "the topic whose messages are read")]
        }
        let key = top.has("topics") ? "topics" : "topic"
        guard topics.count <= mostTopics else { throw top.fault(key, "must be at most \(mostTopics)") }
        for topic in topics {
            switch kind {
            case .kafka:
                // librdkafka takes a name that begins with ^ for a pattern.
                let isName = topic.utf8.allSatisfy { byte in
                    let letter = Character(UnicodeScalar(byte))
                    return letter.isASCII && (letter.isLetter || letter.isNumber || "-._".contains(letter))
                }
                guard isName, topic.utf8.count <= 249 else {
                    throw top.fault(key, "\"\(topic)\" must be letters, digits, -, _ and ., at most 249")
                }
            case .mqtt:
                guard topic.utf8.count <= 1000, !topic.hasPrefix("$"), !topic.contains("\0") else {
                    throw top.fault(key, "\"\(topic)\" must be a topic or filter of at most 1,000 bytes without a $")
                }
            }
        }
        return topics
    }

    private static func format(_ top: FeedNode) throws(FeedFault) -> MessageStream.Format {
        let name = try top.text("format") ?? "json"
        let columns = try top.texts("columns")
        if columns != nil, name != "csv" { throw top.fault("columns", "is for messages of format csv") }
        switch name {
        case "json": return .json
        case "geojson": return .geojson
        case "csv":
            guard let columns, columns.count <= mostColumns else {
                throw top.fault("columns", "must list the names of the fields, since messages have no header line")
            }
            guard !columns.contains(where: { $0.contains(where: \.isNewline) }) else {
                throw top.fault("columns", "must be names of one line")
            }
            return .csv(columns: columns)
        default: throw top.fault("format", "\"\(name)\" is not one of json, geojson, csv")
        }
    }

    private static func start(_ top: FeedNode, _ kind: MessageStream.Kind) throws(FeedFault) -> MessageStream.Start {
        guard let text = try top.text("start") else { return .earliest }
        guard kind == .kafka else { throw top.fault("start", "is for Kafka: a broker of MQTT keeps no old messages") }
        guard let start = MessageStream.Start(rawValue: text) else {
            throw top.fault("start", "must be earliest or latest")
        }
        return start
    }

    private static func credentials(_ top: FeedNode, _ stream: inout MessageStream) throws(FeedFault) {
        stream.user = try top.text("user")
        stream.password = try top.text("password")
        for key in ["user", "password"] {
            guard let text = try top.text(key) else { continue }
            do {
                let names = try Secrets.names(in: text)
                if key == "password", names.isEmpty {
                    throw top.fault(key, "must be written as ${NAME}, with the secret in the environment")
                }
            } catch let fault as FeedFault {
                throw fault
            } catch {
                throw top.fault(key, "${...} must hold the name of a secret: capital letters, digits and underscores")
            }
        }
        if stream.password != nil, stream.user == nil { throw top.fault("password", "needs a user") }
        guard let text = try top.text("mechanism") else { return }
        guard stream.kind == .kafka, let mechanism = MessageStream.Mechanism(rawValue: text), stream.user != nil else {
            let known = MessageStream.Mechanism.allCases.map(\.rawValue).joined(separator: ", ")
            throw top.fault("mechanism", "must be one of \(known), for a broker of Kafka with a user")
        }
        stream.mechanism = mechanism
    }
}
