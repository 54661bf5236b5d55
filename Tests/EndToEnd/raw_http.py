"""HTTP/1.1 by hand, for clients that misbehave."""

import asyncio
from urllib.parse import urlsplit


def request(path, *headers):
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *headers]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode()


def place(server):
    parts = urlsplit(server.url)
    return parts.hostname, parts.port


async def read_answer(reader):
    """Status and body of the next answer, whose body has a `Content-Length`."""
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = dict(line.lower().split(": ", 1) for line in lines if line)
    return int(first.split()[1]), await reader.readexactly(int(fields.get("content-length", 0)))


async def ask_all(server, paths, connections):
    """The answers to many requests over so many kept connections, in their order."""
    answers = [None] * len(paths)

    async def ask_share(first):
        reader, writer = await asyncio.open_connection(*place(server))
        for index in range(first, len(paths), connections):
            writer.write(request(paths[index], "Accept-Encoding: gzip"))
            answers[index] = await read_answer(reader)
        writer.close()

    await asyncio.gather(*(ask_share(number) for number in range(connections)))
    return answers
