"""Clients that leave half-way, send nonsense or flood. Their answers do not matter, only what they leave behind."""

import socket
import ssl
import struct

import clients

ODD_HEADS = [
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET /metrics// HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n",
    b"POST /v1/auth/token HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nx\r\n0\r\n\r\n",
    b"POST /v1/auth/token HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
    b"POST /v1/events/upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
    b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 50_000 + b"\r\n",
    b"\x16\x03\x01\x00\x05junk",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
]
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def frame(kind, flags=0, stream=0, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


DATA, HEADERS, PRIORITY, RST, SETTINGS, PUSH, PING, GOAWAY, WINDOW, CONTINUATION = range(10)
# One of each frame that ends a connection, and floods of frames that a client may send in small numbers.
FAULTS = [
    frame(DATA, 0, 0, b"x"), frame(HEADERS, 4, 0, b"\x82"), frame(PRIORITY, 0, 0, bytes(5)), frame(RST, 0, 0, bytes(4)),
    frame(SETTINGS, 0, 1), frame(SETTINGS, 0, 0, b"x"), frame(PUSH, 4, 1, bytes(4)), frame(PING, 0, 1, bytes(8)),
    frame(PING, 0, 0, b"x"), frame(WINDOW, 0, 0, bytes(4)), frame(CONTINUATION, 4, 1, b"\x82"), frame(HEADERS, 4, 2, b"\x82"),
    frame(HEADERS, 4, 1, b"\xff" * 6), frame(GOAWAY, 0, 1, bytes(8)),
]
FLOODS = [
    frame(PING, 0, 0, bytes(8)), frame(SETTINGS), frame(PRIORITY, 0, 3, bytes(5)), frame(CONTINUATION, 0, 1),
    frame(SETTINGS, 0, 0, struct.pack(">HI", 4, 0)), frame(WINDOW, 0, 0, struct.pack(">I", 1)), frame(200, 0, 0, b"?" * 100),
]


class Intruder(clients.Client):
    def connect(self, *protocols):
        plain = socket.create_connection(("127.0.0.1", self.place.port), timeout=10)
        context = ssl.create_default_context(cafile=self.place.authority)
        context.set_alpn_protocols(list(protocols))
        return context.wrap_socket(plain, server_hostname="localhost")

    def talk(self, protocol, *parts, listens=True):
        """Sends its bytes for as long as the server accepts them."""
        try:
            with self.connect(protocol) as connection:
                connection.settimeout(5)
                for part in parts:
                    connection.sendall(part)
                while listens and connection.recv(1 << 16):
                    pass
            self.note("heard")
        except (OSError, ssl.SSLError) as error:
            self.note(type(error).__name__)


class Leavers(Intruder):
    """Leaves before the handshake, in the headers, in a body, or in an answer; some close only their own side."""

    pause = 0.5

    def step(self):
        stage = self.chance.randrange(5)
        if stage == 0:
            with socket.create_connection(("127.0.0.1", self.place.port), timeout=10) as plain:
                plain.sendall(b"\x16\x03\x01\x02\x00\x01"[: self.chance.randrange(7)])
                if self.chance.random() < 0.5:
                    plain.shutdown(socket.SHUT_WR)
            self.note("left in the handshake")
        elif stage == 1:
            self.talk("http/1.1", b"GET /v1/tiles/0/0/0.mvt HTTP/1.1\r\nHost: a\r\nX", listens=False)
        elif stage == 2:
            head = b"POST /v1/events/upload?dataset=closed HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n"
            right = b"Authorization: Bearer " + self.place.key.encode()
            self.talk("http/1.1", head + right + b"\r\n\r\nevent_type,", listens=False)
        elif stage == 3:
            self.talk("http/1.1", b"GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n", listens=False)
        else:
            self.talk("h2", PREFACE + frame(SETTINGS) + frame(HEADERS, 5, 1, b"\x82\x87\x84\x41\x01a"), listens=False)


class Heads(Intruder):
    pause = 0.5

    def step(self):
        self.talk("http/1.1", self.chance.choice(ODD_HEADS))


class Frames(Intruder):
    """Violations of HTTP/2, and floods of at most a tenth of a second."""

    pause = 1

    def step(self):
        if self.chance.random() < 0.5:
            self.talk("h2", PREFACE + frame(SETTINGS), self.chance.choice(FAULTS), bytes(100_000))
        else:
            flood = self.chance.choice(FLOODS) * 1000
            self.talk("h2", PREFACE + frame(SETTINGS), *[flood] * 20)
