"""The server under load: the release binary with TLS, a database, a Redis, two datasets and their users."""

import os
import pathlib
import re
import signal
import time
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace

import trustme
from accounts import SECRET, add_key, add_user
from command import REPOSITORY, Hextant
from databases import fresh_database
from redis_database import free_redis_database
from serving import serving
from toronto import TORONTO, write_days

PUBLIC, PRIVATE = "city", "closed"
FIRST, LAST = "2019-01-01", "2019-12-31"
FLAGS = ["--trusted-proxies", "127.0.0.1", "--workers", "1", "--idle-timeout", "20"]


@dataclass
class Look:
    """The resources of the server while nobody sends requests."""

    memory: float  # MB
    descriptors: int
    threads: int
    sessions: int  # database connections
    spooled: int  # files of uploads
    redis: float  # MB

    def __str__(self):
        return (f"{time.strftime('%H:%M:%S')}  {self.memory:6.1f} MB  {self.descriptors:4} descriptors  "
                f"{self.threads:3} threads  {self.sessions:2} sessions  {self.spooled} spooled  redis {self.redis:5.1f} MB")


class World:
    def __init__(self, server, hextant, database, redis, folder, key, users, authority):
        self.server, self.hextant, self.database, self.redis = server, hextant, database, redis
        self.folder, self.key, self.users, self.authority = folder, key, users, authority
        self.url = server.url
        self.port = int(server.url.rsplit(":", 1)[1])
        self.process = pathlib.Path(f"/proc/{server.process.pid}")

    def look(self):
        assert self.server.process.poll() is None, f"the server has ended: {self.server.text()[-2000:]}"
        pages = int((self.process / "statm").read_text().split()[1])
        name = self.database.url.rsplit("/", 1)[1]
        sessions = self.database.value(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()", [name])
        return Look(
            memory=pages * os.sysconf("SC_PAGE_SIZE") / 1e6,
            descriptors=len(list((self.process / "fd").iterdir())),
            threads=len(list((self.process / "task").iterdir())),
            sessions=sessions,
            spooled=sum(1 for _ in (self.folder / "spool").rglob("hextant-upload-*")),
            redis=self.redis.memory() / 1e6)

    def complaints(self):
        """Lines in the server's log that no request may cause."""
        found = [line for line in self.server.text().splitlines() if re.search(r"\berror\b|\bcritical\b", line)]
        return "".join(f"log: {line}\n" for line in found[:20])


@contextmanager
def world(folder):
    spool = folder / "spool"
    spool.mkdir()
    with fresh_database() as database, free_redis_database() as redis:
        hextant = Hextant(database.url)
        hextant.json("migrate", "up")
        fill(hextant, folder)
        users = [add_user(hextant, folder, role=role) for role in ["public", "public", "analyst"]]
        authority = trustme.CA()
        issued = authority.issue_cert("localhost", "127.0.0.1")
        files = SimpleNamespace(certificate=folder / "s.pem", key=folder / "s.key", authority=folder / "a.pem")
        authority.cert_pem.write_to_path(files.authority)
        issued.private_key_pem.write_to_path(files.key)
        for number, part in enumerate(issued.cert_chain_pems):
            part.write_to_path(files.certificate, append=number > 0)
        flags = [*FLAGS, "--redis-url", redis.url, "--tls-certificate", files.certificate, "--tls-key", files.key]
        with serving(hextant, folder / "server.log", *flags, authority=files.authority, HEXTANT_TOKEN_SECRET=SECRET,
                     TMPDIR=str(spool)) as server:
            yield World(server, hextant, database, redis, folder, add_key(hextant), users, files.authority)


def fill(hextant, folder):
    """Loads a year of Toronto for everybody, and a month of it for few."""
    for slug, visibility, first, last in [(PUBLIC, "public", FIRST, LAST), (PRIVATE, "private", "2019-06-01", "2019-06-30")]:
        hextant.put_dataset(folder, slug, time_zone="America/Toronto", visibility=visibility, resolutions=[7, 8, 9])
        write_days(folder / f"{slug}.csv", first, last)
        hextant.json("ingest", folder / f"{slug}.csv", "--dataset", slug, "--mapping", "toronto")
        hextant.json("score", "--dataset", slug)
    hextant.json("refresh")
