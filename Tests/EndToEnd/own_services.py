"""PostgreSQL of a test's own that may be killed, set up to survive that as one in service does."""

import os
import re
import signal
import socket
import subprocess
from contextlib import contextmanager

from command import REPOSITORY


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class OwnServices:
    def __init__(self, state):
        self.state = state
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in ("HEXTANT_DATABASE_URL", "HEXTANT_REDIS_URL", "HEXTANT_THROWAWAY")
        }
        self.environment = kept | {
            "HEXTANT_STATE": str(state),
            "HEXTANT_POSTGRES_PORT": str(free_port()),
            "HEXTANT_REDIS_PORT": str(free_port()),
        }

    def run(self, *arguments):
        return subprocess.run(
            [REPOSITORY / "scripts/services", *arguments], env=self.environment, check=True, stdout=subprocess.PIPE,
            text=True).stdout

    @property
    def database_url(self):
        return re.search(r"HEXTANT_DATABASE_URL=(\S+)", self.run("env"))[1]

    def kill_postgres(self):
        """Kills the postmaster as a crash would: its children get no word of it."""
        pid = int((self.state / "services/postgres/postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)


@contextmanager
def own_services(state):
    services = OwnServices(state)
    services.run("up")
    try:
        yield services
    finally:
        services.run("forget")
