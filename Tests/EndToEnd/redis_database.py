"""A numbered database of the Redis in HEXTANT_REDIS_URL for a single server of the tests."""

import os
import socket
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

_taken = set()
DISTINCT_MEMBERS = """
    local seen, count = {}, 0
    for _, key in ipairs(redis.call('KEYS', 'hextant:asked:*')) do
        for _, member in ipairs(redis.call('ZRANGE', key, 0, -1)) do
            if not seen[member] then seen[member], count = true, count + 1 end
        end
    end
    return count
"""


class RedisDatabase:
    def __init__(self, server, number):
        parts = urlsplit(server)
        self.url = parts._replace(path=f"/{number}").geturl()
        self._socket = socket.create_connection((parts.hostname, parts.port or 6379), timeout=30)
        self._file = self._socket.makefile("rb")
        if parts.password:
            user = [unquote(parts.username)] if parts.username else []
            self.ask("AUTH", *user, unquote(parts.password))
        self.ask("SELECT", number)

    def ask(self, *words):
        """The answer to a command that returns a status or a number."""
        parts = [str(word).encode() for word in words]
        request = b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)
        self._socket.sendall(request)
        answer = self._file.readline().strip()
        assert answer[:1] in (b"+", b":"), answer
        return int(answer[1:]) if answer[:1] == b":" else answer[1:].decode()

    def takes_writes(self):
        self._socket.sendall(b"SET probe 1\r\nDEL probe\r\n")
        answer, _ = self._file.readline(), self._file.readline()
        assert answer.startswith((b"+OK", b"-MISCONF")), answer
        return answer == b"+OK\r\n"

    def size(self):
        return self.ask("DBSIZE")

    def asked(self):
        """The number of tile requests that the servers have counted."""
        return self.ask("EVAL", DISTINCT_MEMBERS, 0)

    def memory(self):
        """The memory used by all of Redis, in bytes."""
        return self.ask("EVAL", "return tonumber(redis.call('INFO', 'memory'):match('used_memory:(%d+)'))", 0)

    def close(self):
        self._file.close()
        self._socket.close()


def _numbers():
    """Numbers that this process may take: those from 1 to 15, shared out among the processes of one run."""
    worker, workers = (
        int(os.environ.get(name, default).removeprefix("gw"))
        for name, default in [("PYTEST_XDIST_WORKER", "gw0"), ("PYTEST_XDIST_WORKER_COUNT", "1")]
    )
    return range(1 + worker, 16, workers)


@contextmanager
def free_redis_database():
    """The first database that is empty, so that nothing of anybody else is flushed; empty again after."""
    server = os.environ["HEXTANT_REDIS_URL"]
    for number in _numbers():
        if number in _taken:
            continue
        database = RedisDatabase(server, number)
        if database.size() == 0:
            break
        database.close()
    else:
        raise AssertionError(f"no empty database is left on the Redis of HEXTANT_REDIS_URL among {list(_numbers())}")
    _taken.add(number)
    try:
        yield database
    finally:
        database.ask("FLUSHDB")
        database.close()
        _taken.discard(number)
