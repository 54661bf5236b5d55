"""HTTP/2 as bytes, for clients that attack: a test sends any frames, in any order and number."""

import select
import socket
import ssl
import time
from urllib.parse import urlsplit

import hpack

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM = ACK = 0x1
END_HEADERS = 0x4
PADDED = 0x8
WITH_PRIORITY = 0x20


def frame(kind, flags=0, stream=0, payload=b"", length=None):
    """A frame whose header gives `length`, by default the true length."""
    length = len(payload) if length is None else length
    return length.to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def number(value, size=4):
    return value.to_bytes(size, "big")


class Attacker:
    """One connection with TLS and ALPN h2, on which only the test's own bytes are sent."""

    def __init__(self, server, authority, *, opens=True, address="127.0.0.1"):
        parts = urlsplit(server.url)
        context = ssl.create_default_context(cafile=authority)
        context.set_alpn_protocols(["h2"])
        plain = socket.create_connection((parts.hostname, parts.port), timeout=10, source_address=(address, 0))
        self.socket = context.wrap_socket(plain, server_hostname="localhost")
        self.authority = parts.netloc
        self.encoder = hpack.Encoder()
        self.buffer = b""
        self.is_closed = False
        if opens:
            self.send(PREFACE + frame(SETTINGS))

    def send(self, data):
        self.socket.sendall(data)

    def head(self, path="/v1/health/live", method="GET", *more):
        """A header block. Blocks must be sent in the order in which they are made."""
        fields = [(":method", method), (":scheme", "https"), (":authority", self.authority), (":path", path), *more]
        return self.encoder.encode(fields)

    def request(self, stream, path="/v1/health/live", method="GET", *, ends=True):
        self.send(frame(HEADERS, END_HEADERS | (END_STREAM if ends else 0), stream, self.head(path, method)))

    def frames(self, seconds):
        """The server's frames within some seconds, or until it closes: (kind, flags, stream, payload)."""
        end = time.monotonic() + seconds
        while True:
            while len(self.buffer) >= 9 and len(self.buffer) >= 9 + int.from_bytes(self.buffer[:3], "big"):
                length = int.from_bytes(self.buffer[:3], "big")
                head, payload = self.buffer[:9], self.buffer[9 : 9 + length]
                self.buffer = self.buffer[9 + length :]
                yield head[3], head[4], int.from_bytes(head[5:9], "big"), payload
            left = end - time.monotonic()
            if left <= 0 or self.is_closed:
                return
            try:
                if not self.socket.pending() and not select.select([self.socket], [], [], left)[0]:
                    return
                data = self.socket.recv(1 << 16)
            except OSError:
                data = b""
            self.is_closed = data == b""
            self.buffer += data

    def ending(self, seconds=1.0):
        """The error code of GOAWAY, or `None`, and whether the server closed the connection within some seconds."""
        code = None
        for kind, _, _, payload in self.frames(seconds):
            if kind == GOAWAY:
                code = int.from_bytes(payload[4:8], "big")
        return code, self.is_closed

    def flood(self, chunk, seconds, *, reads=True):
        """Sends a chunk repeatedly until the server closes; returns the bytes sent, or `None` if it never closed."""
        self.socket.setblocking(False)
        sent, end, data = 0, time.monotonic() + seconds, memoryview(chunk)
        while time.monotonic() < end:
            try:
                count = self.socket.send(data)
                sent += count
                data = data[count:] or memoryview(chunk)
            except (BlockingIOError, ssl.SSLWantWriteError):
                select.select([self.socket] if reads else [], [self.socket], [], 0.1)
            except OSError:
                return sent
            if reads:
                try:
                    if self.socket.recv(1 << 16) == b"":
                        return sent
                except (BlockingIOError, ssl.SSLWantReadError):
                    pass
                except OSError:
                    return sent
        return None

    def close(self):
        self.socket.close()
