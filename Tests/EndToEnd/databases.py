"""Separate databases for the tests, on the server that HEXTANT_DATABASE_URL names."""

import fcntl
import hashlib
import itertools
import os
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

_numbers = itertools.count(1)


class Database:
    def __init__(self, url):
        self.url = url
        self._connection = None

    def connect(self, **options):
        return psycopg.connect(self.url, **options)

    def rows(self, statement, parameters=None):
        """The rows of a statement, read in autocommit mode."""
        if self._connection is None:
            self._connection = self.connect(autocommit=True)
        cursor = self._connection.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []

    def value(self, statement, parameters=None):
        [[value]] = self.rows(statement, parameters)
        return value

    def close(self):
        if self._connection is not None:
            self._connection.close()
            self._connection = None


@contextmanager
def fresh_database(server=None, template="template0"):
    """A database with what `template` holds, by default nothing. It is dropped at the end with its last sessions."""
    server = server or os.environ["HEXTANT_DATABASE_URL"]
    name = f"e2e_{os.getpid()}_{next(_numbers)}"
    # template1 may be in use by TimescaleDB's background workers; nobody can connect to template0.
    _order(server, "CREATE DATABASE {} TEMPLATE {}", name, template)
    database = _database(server, name)
    try:
        yield database
    finally:
        database.close()
        _order(server, "DROP DATABASE {} WITH (FORCE)", name)


def filled_template(what, fill):
    """Name of a template database. The first process of a run that asks fills it; the others wait for it and share it.

    `fill` takes an empty database and leaves it as every copy begins.
    """
    server = os.environ["HEXTANT_DATABASE_URL"]
    name = f"{_templates()}{what}"
    with open(Path(os.environ["HEXTANT_STATE"]) / "templates.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _rows(server, "SELECT 1 FROM pg_database WHERE datname = %s", name):
            with fresh_database() as database:
                fill(database)
                database.close()
                # A template can be copied only while nobody is connected to it.
                source = urlsplit(database.url).path[1:]
                _order(server, "CREATE DATABASE {} TEMPLATE {} ALLOW_CONNECTIONS false", name, source)
    return name


def drop_templates():
    server = os.environ["HEXTANT_DATABASE_URL"]
    for (name,) in _rows(server, "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", _templates()):
        _order(server, "DROP DATABASE {}", name)


def _templates():
    """Begin of the names of this run's templates, the same in all its processes."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
    return f"e2e_{hashlib.sha256(run.encode()).hexdigest()[:12]}_"


def _database(server, name):
    return Database(urlsplit(server)._replace(path=f"/{name}").geturl())


def _order(server, statement, *names):
    """Runs a statement on databases, on a connection of its own, since a test may end the server in between."""
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _rows(server, statement, *parameters):
    with psycopg.connect(server, autocommit=True) as admin:
        return admin.execute(statement, parameters).fetchall()
