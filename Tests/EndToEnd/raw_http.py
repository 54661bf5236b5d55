"""HTTP/1.1 as bytes, for clients that misbehave."""

import asyncio
import socket
from urllib.parse import urlsplit


def request(path, *headers):
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *headers]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode()


def place(server):
    parts = urlsplit(server.url)
    return parts.hostname, parts.port


def exchange(server, request, leaves=False, context=None, seconds=30):
    """Sends a request on a new connection and returns everything until the server closes it.

    With `leaves` the client closes its side at once. `context` is for TLS, and `server` is a server or an address.
    """
    parts = urlsplit(server if isinstance(server, str) else server.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=seconds) as connection:
        if context:
            connection = context.wrap_socket(connection, server_hostname="localhost")
        try:
            connection.sendall(request)
            if leaves:
                connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        answer = b""
        try:
            while piece := connection.recv(65536):
                answer += piece
        except ConnectionError:
            pass
        return answer


def fields(answer):
    """Status and headers of the first answer, with lower-case names."""
    first, *lines = answer.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    return int(first.split()[1]), {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}


async def read_answer(reader):
    """Reads status and body of the next answer, whose body has a `Content-Length`."""
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = dict(line.lower().split(": ", 1) for line in lines if line)
    return int(first.split()[1]), await reader.readexactly(int(fields.get("content-length", 0)))


async def ask_all(server, paths, connections):
    """The answers to many requests over some kept connections, in the order of the requests."""
    answers = [None] * len(paths)

    async def ask_share(first):
        reader, writer = await asyncio.open_connection(*place(server))
        for index in range(first, len(paths), connections):
            writer.write(request(paths[index], "Accept-Encoding: gzip"))
            answers[index] = await read_answer(reader)
        writer.close()

    await asyncio.gather(*(ask_share(number) for number in range(connections)))
    return answers
