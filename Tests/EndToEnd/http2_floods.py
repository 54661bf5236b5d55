"""Floods of HTTP/2 frames, and limits for a server under attack."""

from bare_http2 import (
    ACK,
    DATA,
    END_HEADERS,
    END_STREAM,
    GOAWAY,
    HEADERS,
    PADDED,
    PING,
    PRIORITY,
    RST_STREAM,
    SETTINGS,
    WINDOW_UPDATE,
    frame,
    number,
)

# Bytes of memory that a server under attack may use.
MOST_MEMORY = 200e6


def resident(server):
    """Resident memory in bytes, as the system counts it."""
    with open(f"/proc/{server.process.pid}/statm") as file:
        return int(file.read().split()[1]) * 4096


# Sent in this order repeatedly until the server closes the connection.
FLOODS = {
    "PING": frame(PING, 0, 0, b"12345678") * 500,
    "PING that answers nothing": frame(PING, ACK, 0, b"12345678") * 500,
    "SETTINGS": frame(SETTINGS) * 500,
    "SETTINGS that shrink": frame(SETTINGS, 0, 0, number(1, 2) + number(0) + number(4, 2) + number(1)) * 500,
    "SETTINGS of 2,700 values": frame(SETTINGS, 0, 0, (number(4, 2) + number(1)) * 2700) * 4,
    "PRIORITY": frame(PRIORITY, 0, 1, number(0) + b"\x10") * 500,
    "WINDOW_UPDATE": frame(WINDOW_UPDATE, 0, 0, number(1)) * 500,
    "unknown frames": frame(0x42, 0, 0, b"x" * 20) * 500,
    "long unknown frames": frame(0x42, 0, 0, b"x" * 16384) * 4,
    "frames after GOAWAY": frame(GOAWAY, 0, 0, number(0) + number(0)) + frame(PING, 0, 0, b"12345678") * 500,
    "GOAWAY": frame(GOAWAY, 0, 0, number(0) + number(0)) * 500,
    "PRIORITY_UPDATE": frame(16, 0, 0, number(1) + b"u=1") * 500,
}

# Frames of a stream: first a request that does not end, then the flood on its stream.
STREAM_FLOODS = {
    "empty DATA": lambda attacker: frame(DATA, 0, 1) * 500,
    "DATA of padding alone": lambda attacker: frame(DATA, PADDED, 1, b"\xff" + b"\0" * 255) * 100,
    "DATA of one byte": lambda attacker: frame(DATA, 0, 1, b"x") * 500,
    "DATA after the end": lambda attacker: frame(DATA, END_STREAM, 1) + frame(DATA, 0, 1, b"x" * 1000) * 50,
    "trailers": lambda attacker: frame(HEADERS, END_HEADERS, 1, b"") * 500,
    "WINDOW_UPDATE of the stream": lambda attacker: frame(WINDOW_UPDATE, 0, 1, number(1)) * 500,
    "RST_STREAM again": lambda attacker: frame(RST_STREAM, 0, 1, number(8)) * 500,
}
