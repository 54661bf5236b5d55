"""Separate databases for the tests, on the server that HEXTANT_DATABASE_URL names."""

import itertools
import os
from contextlib import contextmanager
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
def fresh_database(server=None):
    """A database without a schema, dropped at the end even if it has open connections."""
    server = server or os.environ["HEXTANT_DATABASE_URL"]
    name = f"e2e_{os.getpid()}_{next(_numbers)}"
    identifier = sql.Identifier(name)
    # template1 may be in use by TimescaleDB's background workers; nobody can connect to template0.
    _order(server, sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(identifier))
    database = Database(urlsplit(server)._replace(path=f"/{name}").geturl())
    try:
        yield database
    finally:
        database.close()
        _order(server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))


def _order(server, statement):
    """Runs a statement on a new connection, since a test may stop the server in between."""
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(statement)
