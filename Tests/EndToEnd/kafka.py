"""A cluster of Kafka for tests: the mock of librdkafka, which speaks the protocol over TCP, in this process."""

import ctypes
import itertools
from ctypes import POINTER, byref, c_char_p, c_int, c_int32, c_int64, c_size_t, c_void_p

LIBRARY = ctypes.CDLL("librdkafka.so.1")
PRODUCER = 0
COPY = 2  # RD_KAFKA_MSG_F_COPY


def _declare(name, result, *arguments):
    function = getattr(LIBRARY, name)
    function.restype, function.argtypes = result, list(arguments)
    return function


_conf_new = _declare("rd_kafka_conf_new", c_void_p)
_conf_set = _declare("rd_kafka_conf_set", c_int, c_void_p, c_char_p, c_char_p, c_char_p, c_size_t)
_new = _declare("rd_kafka_new", c_void_p, c_int, c_void_p, c_char_p, c_size_t)
_destroy = _declare("rd_kafka_destroy", None, c_void_p)
_cluster_new = _declare("rd_kafka_mock_cluster_new", c_void_p, c_void_p, c_int)
_cluster_destroy = _declare("rd_kafka_mock_cluster_destroy", None, c_void_p)
_bootstraps = _declare("rd_kafka_mock_cluster_bootstraps", c_char_p, c_void_p)
_topic_create = _declare("rd_kafka_mock_topic_create", c_int, c_void_p, c_char_p, c_int, c_int)
_set_down = _declare("rd_kafka_mock_broker_set_down", c_int, c_void_p, c_int32)
_set_up = _declare("rd_kafka_mock_broker_set_up", c_int, c_void_p, c_int32)
_topic_new = _declare("rd_kafka_topic_new", c_void_p, c_void_p, c_char_p, c_void_p)
_topic_destroy = _declare("rd_kafka_topic_destroy", None, c_void_p)
_produce = _declare(
    "rd_kafka_produce", c_int, c_void_p, c_int32, c_int, c_void_p, c_size_t, c_void_p, c_size_t, c_void_p)
_flush = _declare("rd_kafka_flush", c_int, c_void_p, c_int)
_outq_len = _declare("rd_kafka_outq_len", c_int, c_void_p)
_watermarks = _declare(
    "rd_kafka_query_watermark_offsets", c_int, c_void_p, c_char_p, c_int32, POINTER(c_int64), POINTER(c_int64), c_int)


def _client(settings):
    configuration = _conf_new()
    error = ctypes.create_string_buffer(512)
    for name, value in {"log_level": 0, **settings}.items():
        done = _conf_set(configuration, name.encode(), str(value).encode(), error, len(error))
        assert done == 0, error.value
    client = _new(PRODUCER, configuration, error, len(error))
    assert client, error.value
    return client


class Kafka:
    """Some brokers with topics, and a producer of messages."""

    BROKERS = 3

    def __init__(self):
        self._holder = _client({"client.id": "holder"})
        self._cluster = _cluster_new(self._holder, self.BROKERS)
        self.address = _bootstraps(self._cluster).decode()
        self._producer = _client(
            {"bootstrap.servers": self.address, "linger.ms": 0, "reconnect.backoff.max.ms": 200,
             "message.max.bytes": 8_000_000})
        self._topics = {}
        self._turns = {}

    def topic(self, name, partitions=1):
        assert _topic_create(self._cluster, name.encode(), partitions, 1) == 0
        self._topics[name] = _topic_new(self._producer, name.encode(), None)
        self._turns[name] = itertools.cycle(range(partitions))
        return name

    def send(self, topic, *messages, partition=None):
        """Sends messages (texts, bytes, or None for no content), and returns when the brokers have them."""
        for message in messages:
            content = message.encode() if isinstance(message, str) else message
            at = next(self._turns[topic]) if partition is None else partition
            length = len(content) if content is not None else 0
            assert _produce(self._topics[topic], at, COPY, content, length, None, 0, None) == 0
        assert _flush(self._producer, 60_000) == 0 and _outq_len(self._producer) == 0

    def end(self, topic, partition=0):
        """The offset after the newest message."""
        low, high = c_int64(), c_int64()
        assert _watermarks(self._producer, topic.encode(), partition, byref(low), byref(high), 30_000) == 0
        return high.value

    def stop(self):
        """Makes all brokers unreachable, with their connections lost."""
        for broker in range(1, self.BROKERS + 1):
            assert _set_down(self._cluster, broker) == 0

    def start(self):
        for broker in range(1, self.BROKERS + 1):
            assert _set_up(self._cluster, broker) == 0

    def close(self):
        for topic in self._topics.values():
            _topic_destroy(topic)
        _destroy(self._producer)
        _cluster_destroy(self._cluster)
        _destroy(self._holder)
