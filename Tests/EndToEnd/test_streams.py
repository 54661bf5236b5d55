"""Messages of Kafka and MQTT that become events: nothing is lost and nothing counts twice, whatever happens."""

import itertools
import json
import signal
from contextlib import contextmanager

import psycopg
import pytest
from kafka import Kafka
from mosquitto import Mosquitto
from waiting import wait_until

_numbers = itertools.count(1)
DELIVERY, SUBSCRIBED = "Sending PUBLISH to hextant-", "Sending SUBACK to hextant-"


def event(number, **more):
    return json.dumps({
        "event_id": f"e-{number}", "event_type": "theft", "event_timestamp": "2021-05-01T10:00:00Z",
        "longitude": -79.4, "latitude": 43.7, "attributes": {"number": number}} | more)  # fmt: skip


@pytest.fixture(scope="module")
def kafka():
    kafka = Kafka()
    yield kafka
    kafka.close()


@pytest.fixture
def mosquitto(tmp_path):
    folder = tmp_path / "mosquitto"
    folder.mkdir()
    mosquitto = Mosquitto(folder)
    yield mosquitto
    mosquitto.close()


class Streams:
    """A folder of streams into one dataset, and the processes that read them."""

    def __init__(self, hextant, database, folder, dataset):
        self.hextant, self.database, self.folder, self.dataset = hextant, database, folder, dataset
        self.logs = itertools.count(1)

    def write(self, broker, topic, **keys):
        name = f"s{next(_numbers)}"
        # A group of its own: the brokers are shared with other tests.
        keys = {"stream": name, "broker": broker, "topic": topic, "dataset": self.dataset, "group": name,
                "mapping": "hextant-events", "batch": "{messages: 100, wait: 20}"} | keys  # fmt: skip
        (self.folder / f"{name}.yaml").write_text("".join(f"{key}: {value}\n" for key, value in keys.items()))
        return name

    def start(self, *arguments, **environment):
        log = self.folder / f"listen-{next(self.logs)}.log"
        with open(log, "wb") as file:
            process = self.hextant.start(
                "listen", *arguments, "--streams", self.folder, "--log-level", "debug", stdout=file, stderr=file,
                **environment)
        process.log = log
        return process

    @contextmanager
    def listening(self, *arguments, **environment):
        process = self.start(*arguments, **environment)
        try:
            yield process
            assert process.poll() is None, process.log.read_text()
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0, process.log.read_text()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()

    def events(self):
        """The number in the attributes of each event, in order."""
        rows = self.database.rows(
            "SELECT (attributes_json->>'number')::int FROM events WHERE dataset = %s ORDER BY 1", [self.dataset])
        return [number for (number,) in rows]

    def wait(self, count):
        def found():
            events = self.events()
            assert len(events) <= count, events
            return len(events) == count

        wait_until(found, f"{count} events", 90)

    def letters(self):
        return self.database.rows(
            """
            SELECT l.reason, l.raw FROM dead_letters l JOIN ingest_batches b ON b.id = l.batch
            WHERE b.dataset = %s AND b.state = 'finished' ORDER BY l.id
            """, [self.dataset])

    def offsets(self, stream):
        return self.database.rows(
            "SELECT partition, next_offset FROM stream_offsets WHERE stream = %s ORDER BY partition", [stream])


@pytest.fixture
def streams(hextant, database, tmp_path, dataset):
    folder = tmp_path / "streams"
    folder.mkdir()
    return Streams(hextant, database, folder, dataset)


def broker(kafka):
    return f"kafka://{kafka.address}"


def test_messages_of_kafka_become_events_with_their_offsets(streams, kafka):
    topic = kafka.topic("plain", 3)
    kafka.send(topic, *[event(n) for n in range(100)])
    stream = streams.write(broker(kafka), topic)
    with streams.listening():
        streams.wait(100)
        kafka.send(topic, *[event(n) for n in range(100, 150)])
        streams.wait(150)
    assert streams.events() == list(range(150))
    assert streams.offsets(stream) == [(n, kafka.end(topic, n)) for n in range(3)]
    batches = streams.hextant.json("batches", "list", "--dataset", streams.dataset)["batches"]
    assert {batch["source"] for batch in batches} == {f"stream {stream}"}
    # Without ids, equal messages are different events, and those that are stored do not come again.
    with streams.listening():
        kafka.send(topic, *[json.dumps(json.loads(event(7)) | {"event_id": None})] * 3)
        streams.wait(153)


def test_one_bad_message_never_stops_a_stream(streams, kafka):
    topic = kafka.topic("poison")
    bad = [
        "no JSON \"", "[[[{{{", "{\"a\": \"b", b"\xff\xfe{", "{\"x\": 1}", "[1, 2]", "PK\x03\x04{}",
        event(0, longitude="west"), event(0, event_type="a\u0000b"), event(0, event_timestamp="soon"),
        "{\"k\": \"" + "a" * (1 << 20) + "\"}",
    ]  # fmt: skip
    for number, message in enumerate(bad):
        kafka.send(topic, event(2 * number), message, None, event(2 * number + 1))
    streams.write(broker(kafka), topic)
    with streams.listening():
        streams.wait(2 * len(bad))
        kafka.send(topic, "only bad", event(1000))
        streams.wait(2 * len(bad) + 1)
    letters = streams.letters()
    assert len(letters) == len(bad) + 1, letters
    kept = {raw for _, raw in letters}
    assert {"no JSON \"", "\\xFF\\xFE{", "only bad"} <= kept
    assert max(len(raw) for raw in kept) == 65_536


def test_arrays_collections_and_lines_of_csv(streams, kafka):
    arrays, features, lines = kafka.topic("arrays"), kafka.topic("features"), kafka.topic("lines")
    kafka.send(arrays, f"[{event(1)}, {event(2)}]", "[]")
    feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}, "properties": {
        "event_type": "x", "event_timestamp": "2021-05-01T10:00:00Z", "attributes": {"number": 3}}}
    other = feature | {"properties": feature["properties"] | {"attributes": {"number": 4}}}
    kafka.send(features, json.dumps({"type": "FeatureCollection", "features": [feature, other]}, indent=1))
    kafka.send(
        lines, 'x,2021-05-01T10:00:00Z,1,2,"{""number"": 5}"\nx,2021-05-01T10:00:00Z,1,2,"{""number"": 6}"',
        'x,"open', 'x,2021-05-01T10:00:00Z,1,2,"{""number"": 7}"\n')
    streams.write(broker(kafka), arrays)
    streams.write(broker(kafka), features, format="geojson", mapping="hextant-geojson")
    streams.write(
        broker(kafka), lines, format="csv", mapping="canonical",
        columns="[event_type, event_timestamp, longitude, latitude, attributes_json]")
    with streams.listening():
        streams.wait(7)
        wait_until(lambda: streams.letters(), "the dead letter")
    assert streams.events() == list(range(1, 8))
    assert streams.letters() == [("unterminated_quote", 'x,"open')]


def test_a_reader_that_is_killed_loses_and_repeats_nothing(streams, kafka):
    """Events have no ids, so whatever was stored twice would be there twice."""
    topic = kafka.topic("killed", 2)
    stream = streams.write(broker(kafka), topic, batch="{messages: 20, wait: 5}")
    sent = 0
    for _ in range(3):
        process = streams.start()
        try:
            kafka.send(topic, *[event(n, event_id=None) for n in range(sent, sent + 200)])
            sent += 200
            wait_until(lambda: len(streams.events()) > sent - 150, "some events", 90)
        finally:
            process.kill()
            process.wait()
    with streams.listening():
        streams.wait(sent)
    assert streams.events() == list(range(sent))
    assert streams.offsets(stream) == [(n, kafka.end(topic, n)) for n in range(2)]


def test_readers_that_come_and_go_share_the_partitions(streams, kafka):
    topic = kafka.topic("shared", 4)
    streams.write(broker(kafka), topic, batch="{messages: 10, wait: 5}")
    count = 0

    def send():
        nonlocal count
        kafka.send(topic, *[event(n, event_id=None) for n in range(count, count + 100)])
        count += 100

    send()
    with streams.listening():
        streams.wait(count)
        with streams.listening():
            send()
            send()
            streams.wait(count)
        send()
        streams.wait(count)
    assert streams.events() == list(range(count))


def test_a_reader_whose_offsets_another_has_moved_stores_nothing_twice(streams, kafka, database):
    """As after a rebalance in which two hold a partition for a moment."""
    topic = kafka.topic("moved")
    stream = streams.write(broker(kafka), topic)
    kafka.send(topic, event(0, event_id=None))
    with streams.listening() as process:
        streams.wait(1)
        # Another reader stores up to the third message, which this one has in memory as its next.
        database.rows("UPDATE stream_offsets SET next_offset = 3 WHERE stream = %s", [stream])
        kafka.send(topic, *[event(n, event_id=None) for n in range(1, 6)])
        wait_until(lambda: "another reader" in process.log.read_text(), "the reader to notice")
        streams.wait(4)
    assert streams.events() == [0, 3, 4, 5]


def test_brokers_that_are_away_are_waited_for(streams):
    kafka = Kafka()
    try:
        topic = kafka.topic("away")
        streams.write(broker(kafka), topic)
        with streams.listening() as process:
            kafka.send(topic, event(0))
            streams.wait(1)
            kafka.stop()
            wait_until(lambda: "the broker has a problem" in process.log.read_text(), "the log to say so")
            kafka.start()
            kafka.send(topic, event(1))
            streams.wait(2)
    finally:
        kafka.close()


def test_a_stream_waits_for_a_busy_dataset(streams, kafka, database):
    topic = kafka.topic("busy")
    streams.write(broker(kafka), topic)
    with streams.listening(), psycopg.connect(database.url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"hextant ingest {streams.dataset}"])
        kafka.send(topic, event(0))
        assert streams.events() == []
        other.execute("SELECT pg_advisory_unlock_all()")
        streams.wait(1)


def test_messages_of_mqtt_are_stored_before_they_are_acknowledged(streams, mosquitto, database):
    """A reader that is killed before it has stored its messages gets them again, and what is stored counts once."""
    streams.write(f"mqtt://{mosquitto.address}", "sensors/+", batch="{messages: 50, wait: 20}")
    with streams.listening("--instance", "one"):
        wait_until(lambda: mosquitto.logged(SUBSCRIBED), "the subscription")
        mosquitto.send("sensors/a", *[event(n) for n in range(100)])
        mosquitto.send("sensors/b", "not JSON", event(100))
        streams.wait(101)
    with psycopg.connect(database.url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"hextant ingest {streams.dataset}"])
        before = mosquitto.logged(DELIVERY)
        process = streams.start("--instance", "one")
        mosquitto.send("sensors/a", *[event(n) for n in range(101, 180)])
        # The reader takes no more than a batch that it has not acknowledged.
        wait_until(lambda: mosquitto.logged(DELIVERY) >= before + 50, "the reader to get messages")
        process.kill()
        process.wait()
    assert streams.events() == list(range(101))
    with streams.listening("--instance", "one"):
        streams.wait(180)
        mosquitto.send("sensors/a", event(5), event(180))
        streams.wait(181)
    assert streams.events() == list(range(181))
    assert streams.letters() == [("bad_json", "not JSON")]


def test_a_broker_of_mqtt_that_starts_again_is_found(streams, mosquitto):
    streams.write(f"mqtt://{mosquitto.address}", "restart")
    with streams.listening("--instance", "one") as process:
        wait_until(lambda: mosquitto.logged(SUBSCRIBED), "the subscription")
        mosquitto.send("restart", event(0))
        streams.wait(1)
        mosquitto.stop()
        wait_until(lambda: "cannot be read" in process.log.read_text(), "the log to say so")
        before = mosquitto.logged(SUBSCRIBED)
        mosquitto.start()
        # Mosquitto 2.0 may lose what is sent after its start and before the shared subscription is made anew.
        wait_until(lambda: mosquitto.logged(SUBSCRIBED) > before, "the subscription")
        mosquitto.send("restart", event(1))
        streams.wait(2)


def test_streams_are_listed_and_checked(streams, kafka, mosquitto):
    topic = kafka.topic("checked", 2)
    first = streams.write(broker(kafka), topic)
    second = streams.write(f"mqtt://{mosquitto.address}", "a/#")
    listed = streams.hextant.json("streams", "list", "--streams", streams.folder)["streams"]
    assert {each["stream"]: each["topics"] for each in listed} == {first: [topic], second: ["a/#"]}
    told = streams.hextant.json("streams", "check", "--streams", streams.folder)["streams"]
    assert {each["stream"]: (each["faults"], each.get("partitions")) for each in told} == {
        first: ([], 2), second: ([], None)}
    wrong = streams.write(broker(kafka), "nothing", mapping="none", dataset="nowhere", user="me", password="${MISSING}")
    outcome = streams.hextant("streams", "check", wrong, "--streams", streams.folder, "--json")
    assert outcome.code == 1
    [line] = outcome.json["streams"]
    assert [word in " ".join(line["faults"]) for word in ["mapping", "HEXTANT_SECRET_MISSING", "nowhere"]] == [True] * 3
    outcome = streams.hextant("listen", wrong, "--streams", streams.folder)
    assert outcome.code != 0 and "nowhere" in outcome.err


def test_a_file_that_is_no_stream_is_told_with_its_line(streams):
    (streams.folder / "bad.yaml").write_text("stream: bad\nbroker: amqp://host\n")
    for command in [["streams", "list"], ["listen"]]:
        outcome = streams.hextant(*command, "--streams", streams.folder)
        assert outcome.code == 78 and "bad.yaml:2: broker" in outcome.err, outcome
    assert "HEXTANT_STREAMS" in streams.hextant("listen").err


def test_figures_of_streams_are_served(streams, kafka, server):
    topic = kafka.topic("watched")
    stream = streams.write(broker(kafka), topic)
    kafka.send(topic, event(1), "bad")
    with streams.listening():
        wait_until(lambda: streams.letters(), "the dead letter")
        streams.wait(1)
    wait_until(lambda: server.metric("stream_messages_total", stream=stream, outcome="received") == 2, "the figures")
    assert server.metric("stream_messages_total", stream=stream, outcome="rejected") == 1
    assert server.metric("stream_messages_behind", stream=stream) == 0
    assert server.metric("stream_last_stored_timestamp_seconds", stream=stream) > 1_600_000_000
