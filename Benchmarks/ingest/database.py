"""Databases of the benchmarks, and statements in them."""

import subprocess
import urllib.parse


class Database:
    """A separate database, dropped at the end."""

    def __init__(self, server, name):
        self.server = server
        self.name = name
        self.url = urllib.parse.urlsplit(server)._replace(path=f"/{name}").geturl()

    def __enter__(self):
        psql(self.server, f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)", f"CREATE DATABASE {self.name}")
        return self

    def __exit__(self, *_):
        psql(self.server, f"DROP DATABASE {self.name} WITH (FORCE)")


def psql(url, *statements):
    """The text that the statements print."""
    command = ["psql", url, "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]
    for statement in statements:
        command += ["--command", statement]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
