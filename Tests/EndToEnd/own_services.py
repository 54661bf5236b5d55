"""A PostgreSQL and a Redis for one suite, which may be killed, paused and started again."""

import os
import re
import signal
import socket
import subprocess
from contextlib import contextmanager
from pathlib import Path

from command import REPOSITORY
from waiting import wait_until

SERVICES = REPOSITORY / "scripts" / "services"


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class OwnServices:
    def __init__(self, state):
        self.state = Path(state)
        named = {"HEXTANT_STATE", "HEXTANT_POSTGRES_PORT", "HEXTANT_REDIS_PORT"}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HEXTANT_")}
        self._environment = kept | dict(zip(sorted(named), [str(free_port()), str(free_port()), str(self.state)]))
        self.up()
        told = subprocess.run(
            [SERVICES, "env"], env=self._environment, check=True, capture_output=True, text=True
        ).stdout
        self.database_url, self.redis_url = re.findall(r"='?\"?((?:postgres|redis)[^'\"\s]*)", told)

    def up(self):
        """Starts stopped services and waits until they answer."""
        done = subprocess.run([SERVICES, "up"], env=self._environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr

    def forget(self):
        subprocess.run([SERVICES, "forget"], env=self._environment, check=True, capture_output=True, timeout=120)

    def processes(self, part):
        """The processes whose working folder is that of the service, including those in a chroot."""
        folder = (self.state / "services" / part).stat()
        for process in Path("/proc").glob("[0-9]*"):
            try:
                cwd = (process / "cwd").stat()
            except OSError:
                continue
            if (cwd.st_dev, cwd.st_ino) == (folder.st_dev, folder.st_ino):
                yield int(process.name)

    def _signal(self, part, number):
        for process in self.processes(part):
            try:
                os.kill(process, number)
            except ProcessLookupError:
                continue

    def kill(self, part):
        """Kills the service without warning, like a crash."""
        self._signal(part, signal.SIGKILL)
        wait_until(lambda: not list(self.processes(part)), f"{part} to be gone")

    def restart_postgres(self):
        """Stops PostgreSQL without waiting for clients, as an administrator may, and starts it again."""
        pid = int((self.state / "services/postgres/postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGINT)
        wait_until(lambda: not list(self.processes("postgres")), "PostgreSQL to be gone")
        self.up()

    @contextmanager
    def disk_full(self, redis):
        """Makes every save of Redis fail: a folder in place of its file has the effect of a full disk."""
        place = self.state / "services/valkey/dump.rdb"
        place.mkdir()
        (place / "full").touch()
        redis.ask("CONFIG", "SET", "save", "3600 1")
        redis.ask("BGSAVE")
        try:
            wait_until(lambda: not redis.takes_writes(), "Redis to notice")
            yield
        finally:
            redis.ask("CONFIG", "SET", "save", "")
            (place / "full").unlink()
            place.rmdir()
            assert redis.takes_writes()

    @contextmanager
    def killed(self, part):
        self.kill(part)
        try:
            yield
        finally:
            self.up()

    @contextmanager
    def paused(self, part):
        """Suspends the service: it neither answers nor closes its connections."""
        self._signal(part, signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(part, signal.SIGCONT)


@contextmanager
def own_services(state):
    services = OwnServices(state)
    try:
        yield services
    finally:
        services.forget()
