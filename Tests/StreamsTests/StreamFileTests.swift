import Connectors
import Domain
import Testing

@testable import Streams

struct StreamFileTests {
    private static let smallest = """
        stream: sensors
        broker: kafka://one:9092,two
        topic: events
        dataset: city
        mapping: hextant-events

        """

    @Test func aFileWithWhatIsNeededGetsTheUsualRest() throws {
        let stream = try StreamFile.read(Self.smallest, path: "/etc/streams/sensors.yaml")
        #expect(stream.name.text == "sensors")
        #expect(stream.brokers == ["one:9092", "two:9092"])
        #expect(stream.topics == ["events"])
        #expect(stream.group == "hextant")
        #expect(stream.format == .json)
        #expect(stream.start == .earliest)
        #expect(stream.batching == .init())
        #expect(!stream.isEncrypted)
        #expect(StreamFile.secrets(of: stream).isEmpty)
    }

    @Test func everyKeyIsRead() throws {
        let stream = try StreamFile.read(
            """
            stream: all
            broker: kafkas://[::1]:9094
            topics: [a, b]
            group: readers
            dataset: city
            mapping: own.yaml
            places: places.csv
            format: csv
            columns: [type, time]
            start: latest
            batch: {messages: 10, wait: 0}
            user: ${NAME}
            password: ${KAFKA_PASSWORD}
            mechanism: SCRAM-SHA-512
            authority: ca.pem
            """, path: "/etc/streams/all.yaml")
        #expect(stream.broker == "kafkas://[::1]:9094")
        #expect(stream.topics == ["a", "b"])
        #expect(stream.mapping == "/etc/streams/own.yaml")
        #expect(stream.places == "/etc/streams/places.csv")
        #expect(stream.format == .csv(columns: ["type", "time"]))
        #expect(stream.start == .latest)
        #expect(stream.batching.messages == 10)
        #expect(stream.batching.wait == .zero)
        #expect(stream.mechanism == .scram512)
        #expect(stream.authority == "/etc/streams/ca.pem")
        #expect(StreamFile.secrets(of: stream) == ["KAFKA_PASSWORD", "NAME"])
    }

    @Test(
        arguments: [
            ("broker: kafka://one:9092,two", "broker: http://one", "begin with kafka://"),
            ("broker: kafka://one:9092,two", "broker: kafka://me:secret@one:9092", "keys of their own"),
            ("broker: kafka://one:9092,two", "broker: mqtt://one,two", "one host"),
            ("topic: events", "topic: ^events.*", "letters, digits"),
            ("topic: events", "topics: [a, a]", "twice"),
            ("topic: events", "topic: a\ntopics: [b]", "beside topic"),
            ("dataset: city", "dataset: City Hall", "dataset"),
            ("dataset: city", "dataset: city\nformat: csv", "columns"),
            ("dataset: city", "dataset: city\ncolumns: [a]", "format csv"),
            ("dataset: city", "dataset: city\nformat: xml", "not one of json, geojson, csv"),
            ("dataset: city", "dataset: city\nbatch: {messages: 0}", "batch.messages"),
            ("dataset: city", "dataset: city\nuser: me\npassword: secret", "${NAME}"),
            ("dataset: city", "dataset: city\npassword: ${A}", "needs a user"),
            ("dataset: city", "dataset: city\nmechanism: PLAIN", "with a user"),
            ("dataset: city", "dataset: city\nauthority: ca.pem", "kafkas://"),
            ("dataset: city", "dataset: city\nspeed: 3", "is not a key here"),
        ])
    func aFaultIsToldWithItsLineAndKey(old: String, new: String, told: String) {
        let text = Self.smallest.replacing(old, with: new)
        #expect {
            try StreamFile.read(text, path: "/s/sensors.yaml")
        } throws: { error in
            guard let fault = error as? FeedFault else { return false }
            return fault.line > 0 && "\(fault)".contains(told)
        }
    }

    @Test func aStreamOfMQTTHasNoStart() {
        let text = Self.smallest.replacing("kafka://one:9092,two", with: "mqtt://one") + "start: latest\n"
        #expect(throws: FeedFault.self) { try StreamFile.read(text, path: "/s/sensors.yaml") }
    }
}
