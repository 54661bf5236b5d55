"""Predictions of single payments at a steady rate: how long the slowest of a hundred takes."""

import gc
import json
import socket
import sys
import threading
import time

import numpy

RATE = 200  # requests a second
CONNECTIONS = 16  # that are kept
WARMING = 2  # s, whose answers do not count
BAR = 5.0  # ms for the 99th percentile
PATH = "/v1/ml/predict/expenditure-type?dataset=bench"
PARTS = ["vendor", "department", "account_description", "entered"]


def requests(rows, count):
    """Requests about single payments, each another one of the rows, as they are sent."""
    chosen = rows.iloc[numpy.random.default_rng(3).integers(0, len(rows), count)]
    payments = zip(
        chosen.vendor.astype(str), chosen.department.astype(str), chosen.account.astype(str),
        chosen.entered.dt.strftime("%Y-%m-%d"))
    for payment in payments:
        body = json.dumps({"rows": [dict(zip(PARTS, payment))]}).encode()
        head = f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        yield f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


class Connection:
    """A kept connection that sends one request at a time."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def ask(self, request):
        """The status and the body of the answer."""
        self.socket.sendall(request)
        while b"\r\n\r\n" not in self.rest:
            self._read()
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:])
        length = int(fields[b"content-length"])
        while len(self.rest) < length:
            self._read()
        body, self.rest = self.rest[:length], self.rest[length:]
        return int(head.split(b" ", 2)[1]), body

    def _read(self):
        more = self.socket.recv(65536)
        if not more:
            raise ConnectionError("the server closed a connection")
        self.rest += more


def steady(port, sent):
    """Seconds from the moment at which each request is due to its whole answer, at RATE a second.

    The moments are fixed before the first request, and none waits for an answer on another connection: a server that
    stands still for a while is late for all that were due meanwhile.
    """
    times, faults = [0.0] * len(sent), []
    connections = [Connection(port) for _ in range(CONNECTIONS)]
    began = time.perf_counter() + 0.2

    def send(place):
        try:
            for number in range(place, len(sent), CONNECTIONS):
                due = began + number / RATE
                while (wait := due - time.perf_counter()) > 0:
                    time.sleep(wait)
                status, body = connections[place].ask(sent[number])
                times[number] = time.perf_counter() - due
                if status != 200:
                    raise RuntimeError(f"{status}: {body[:300]!r}")
        except Exception as fault:  # noqa: BLE001: a thread cannot end the benchmark by itself
            faults.append(fault)

    threads = [threading.Thread(target=send, args=[place]) for place in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for connection in connections:
        connection.socket.close()
    if faults:
        raise faults[0]
    return times


def latest(port, sent, seconds):
    """The 99th percentile in milliseconds, after some requests that do not count."""
    # A thread that is due must not wait for another one, nor for a search of garbage.
    sys.setswitchinterval(0.0002)
    gc.collect()
    gc.disable()
    try:
        steady(port, sent[: WARMING * RATE])
        return 1000 * float(numpy.percentile(steady(port, sent[: seconds * RATE]), 99))
    finally:
        gc.enable()


def predicted(hextant, port, rows, results, seconds):
    """Trains a classifier and asks the server about payments, one a request."""
    hextant("models", "train", "classification", "--dataset", "bench", "--activate")
    sent = list(requests(rows, seconds * RATE))
    first = Connection(port)
    # The server hears of the model within a second.
    deadline = time.monotonic() + 30
    while (answer := first.ask(sent[0]))[0] != 200:
        assert time.monotonic() < deadline, answer
        time.sleep(0.1)
    assert len(json.loads(answer[1])["predictions"]) == 1
    first.socket.close()
    nothing = b"GET /v1/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    results.against(
        f"health asked {RATE} times a second, p99", latest(port, [nothing] * (5 * RATE), 5), "ms", "limit", BAR, None,
        None)
    results.against(
        f"one payment predicted, {RATE} a second, p99", latest(port, sent, seconds), "ms", "limit", BAR, 1.0, 0.5)
