"""Shared by both halves of the benchmark: the requested tiles, our server, wrk, and the measurement of CPU time."""

import contextlib
import dataclasses
import json
import math
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request

import data

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(REPOSITORY / "Benchmarks/ingest"))
import report as ingest_report  # noqa: E402

CLIENTS = 8
# The skew of the requests: the frequency of rank k is proportional to 1 / k^EXPONENT.
EXPONENT = 1.1
# Resolution by zoom: a few hundred to a few thousand cells of a dense day per tile.
RESOLUTIONS = {10: 8, 11: 9, 12: 9, 13: 10, 14: 10}
# West, south, east, north of the city.
BOX = (-79.60, 43.60, -79.15, 43.83)
# Rank to place in the list of tiles: it visits all of them, because factor and count have no common divisor.
FACTOR, OFFSET = 104_729, 4_711
TICK = os.sysconf("SC_CLK_TCK")


@dataclasses.dataclass(frozen=True)
class Zoom:
    z: int
    x: int
    y: int
    width: int
    height: int

    @property
    def count(self):
        return self.width * self.height


def zooms():
    """The tiles of the city by zoom, each as a rectangle of them."""
    found = []
    for z in RESOLUTIONS:
        west, north = _place(BOX[0], BOX[3], z)
        east, south = _place(BOX[2], BOX[1], z)
        found.append(Zoom(z, west, north, east - west + 1, south - north + 1))
    return found


def _place(longitude, latitude, z):
    x = (longitude / 360 + 0.5) * 2**z
    y = (0.5 - math.asinh(math.tan(math.radians(latitude))) / (2 * math.pi)) * 2**z
    return int(x), int(y)


def sequence(count, seed=7):
    """The requested tiles (z, x, y) in sequence."""
    tiles = [(each.z, each.x + i % each.width, each.y + i // each.width) for each in zooms() for i in range(each.count)]
    assert math.gcd(FACTOR, len(tiles)) == 1
    ranks = range(1, len(tiles) + 1)
    chosen = random.Random(seed).choices(ranks, weights=[rank**-EXPONENT for rank in ranks], k=count)
    return [tiles[(rank * FACTOR + OFFSET) % len(tiles)] for rank in chosen]


def path(tile, day):
    z, x, y = tile
    return f"/v1/tiles/{z}/{x}/{y}.mvt?dataset={data.SLUG}&date={day}&resolution={RESOLUTIONS[z]}"


class Report(ingest_report.Report):
    """The rows of the table, and the outcome of every run."""

    def __init__(self, name):
        super().__init__(name)
        self.runs = []

    def ran(self, name, outcome):
        print(outcome.line(name), flush=True)
        self.runs.append({"name": name} | dataclasses.asdict(outcome))

    def write(self, folder):
        super().write(folder)
        file = folder / f"{self.name}.json"
        file.write_text(json.dumps(json.loads(file.read_text()) | {"runs": self.runs}, indent=2) + "\n")

    def more(self, name, value, unit, reference, reference_value, bar, goal):
        """A multiple of the reference; higher is better."""
        ratio = value / reference_value
        self._add(name, round(value), unit, reference, round(reference_value), ratio, bar, goal, ratio >= bar)

    def below(self, name, value, unit, bar, goal):
        """A value that must stay below the bar."""
        self._add(name, round(value, 3), unit, "bar", bar, value / bar, bar, goal, value <= bar)

    def less(self, name, value, unit, reference, reference_value, bar, goal):
        """A multiple of the reference; lower is better."""
        ratio = value / reference_value
        self._add(name, round(value, 3), unit, reference, round(reference_value, 3), ratio, bar, goal, ratio <= bar)


@dataclasses.dataclass
class Outcome:
    """The outcome of one run."""

    rate: float  # answers per second
    p50: float  # ms
    p95: float
    p99: float
    errors: int
    bytes: float  # per answer
    queries: float  # per answer
    cpu: float  # ms per answer, of the server and the database

    def line(self, name):
        return (f"  {name:44} {self.rate:8.0f}/s  p50 {self.p50:7.2f}  p95 {self.p95:7.2f}  p99 {self.p99:7.2f} ms  "
                f"errors {self.errors}  {self.bytes:7.0f} B  queries {self.queries:.2f}  CPU {self.cpu:.3f} ms")


def median(outcomes):
    """The run with the median rate."""
    return sorted(outcomes, key=lambda each: each.rate)[len(outcomes) // 2]


def cpu_seconds(*roots):
    """CPU seconds used by processes and all their descendants, including ended ones."""
    total = 0
    for pid in _descendants(roots):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += sum(map(int, fields[11:15]))
    return total / TICK


def _descendants(roots):
    children = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            parent = int(stat.read_text().rsplit(")", 1)[1].split()[1])
            children.setdefault(parent, []).append(int(stat.parent.name))
    waiting, found = list(roots), []
    while waiting:
        found.append(pid := waiting.pop())
        waiting += children.get(pid, [])
    return found


class Database:
    """The server in HEXTANT_DATABASE_URL, on which a database is created and dropped again."""

    name = "hextant_bench_tiles"

    def __init__(self, server, keeps):
        """:param keeps: Whether the database is not dropped, and one filled before is used unchanged."""
        self.server = server
        self.keeps = keeps
        self.url = urllib.parse.urlsplit(server)._replace(path=f"/{self.name}").geturl()
        self.postmaster = self._postmaster()

    def __enter__(self):
        if not self.keeps or not self.is_filled():
            self._drop()
            self.psql(f"CREATE DATABASE {self.name}", self.server)
        return self

    def __exit__(self, *_):
        if not self.keeps:
            self._drop()

    def _drop(self):
        self.psql(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)", self.server)

    def is_filled(self):
        told = self.psql(
            f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{self.name}'", self.server)
        return told == "filled"

    def mark_filled(self):
        self.psql(f"COMMENT ON DATABASE {self.name} IS 'filled'", self.server)

    def psql(self, statement, url=None):
        command = ["psql", url or self.url, "-XqAt", "-v", "ON_ERROR_STOP=1"]
        return subprocess.run(command, check=True, input=statement, stdout=subprocess.PIPE, text=True).stdout.strip()

    def statements(self):
        """The number of statements run in the database; each is a transaction."""
        return int(self.psql(
            f"SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = '{self.name}'", self.server))

    def _postmaster(self):
        """The process that listens on the port of the URL."""
        port = urllib.parse.urlsplit(self.server).port or 5432
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                words = (folder / "cmdline").read_bytes().split(b"\0")
                if not words[0].endswith(b"/postgres"):
                    continue
                pid_file = folder / "root" / words[words.index(b"-D") + 1].decode().lstrip("/") / "postmaster.pid"
                if pid_file.read_text().splitlines()[3] == str(port):
                    return int(folder.name)
        sys.exit(f"the process of PostgreSQL on port {port} is not to be found here")


class Hextant:
    """Our release binary."""

    def __init__(self, database):
        self.binary = os.environ.get("HEXTANT_BIN", str(REPOSITORY / ".build/release/hextant"))
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("HEXTANT_")
        } | {"HEXTANT_DATABASE_URL": database.url, "HEXTANT_HOME": str(REPOSITORY)}

    def __call__(self, *arguments):
        subprocess.run([self.binary, *map(str, arguments)], env=self.environment, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @contextlib.contextmanager
    def serving(self, folder, *flags):
        port = free_port()
        command = [self.binary, "serve", "--port", str(port), "--workers", "0", "--log-level", "warning", *flags]
        with (folder / "hextant.log").open("wb") as log:
            process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        try:
            wait_for(f"http://127.0.0.1:{port}/v1/health/ready", process)
            yield Server(port, process)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


@dataclasses.dataclass
class Server:
    port: int
    process: subprocess.Popen


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def wait_for(url, process, seconds=60):
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"{url} does not answer")
            time.sleep(0.1)


def wrk(server, paths, seconds, database, folder, clients=CLIENTS, pause=0, others=()):
    """Requests paths in sequence, with gzip, and returns the outcome.

    :param pause: Mean number of milliseconds that a client waits between requests.
    :param others: Processes whose CPU counts in addition to the server and the database.
    """
    file = folder / "paths.txt"
    file.write_text("\n".join(paths))
    script = pathlib.Path(__file__).with_name("paths.lua")
    roots = [server.process.pid, database.postmaster, *others]
    used, asked = cpu_seconds(*roots), database.statements()
    told = subprocess.run(
        ["wrk", "-t", "2", "-c", str(clients), "-d", f"{seconds}s", "--timeout", "20s", "-s", script,
         f"http://127.0.0.1:{server.port}"],
        env=os.environ | {"BENCH_PATHS": str(file), "BENCH_PAUSE": str(pause)}, check=True, stdout=subprocess.PIPE, text=True).stdout
    found = json.loads(re.search(r"^BENCH (.*)$", told, re.MULTILINE)[1])
    time.sleep(1.2)  # the database's statistics are a second old
    used, asked = cpu_seconds(*roots) - used, database.statements() - asked
    count = max(1, found["requests"])
    return Outcome(
        found["requests"] / found["seconds"], found["p50"], found["p95"], found["p99"], found["errors"],
        found["bytes"] / count, asked / count, 1000 * used / count)
