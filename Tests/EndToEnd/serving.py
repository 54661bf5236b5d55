"""`hextant serve` as a process, and requests to it."""

import copy
import re
import signal
import subprocess
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests
from openapi import check_answer
from prometheus_client.parser import text_string_to_metric_families
from waiting import wait_until


class Server:
    """A running server. It logs to a file, so that it never waits for a reader of its output."""

    def __init__(self, hextant, log, *flags, authority=None, **environment):
        """Starts the server; `authority` is the file to trust its certificate with, if it has one."""
        self.log = log
        self.authority = authority
        with open(log, "wb") as file:
            self.process = subprocess.Popen(
                [hextant.binary, "serve", "--port", "0", *map(str, flags)],
                env=hextant.environment | environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
            )
        self.session = self.new_session()
        scheme = "https" if authority else "http"
        self.url = f"{scheme}://127.0.0.1:{wait_until(self._port, 'the server to listen')}"

    def new_session(self):
        session = requests.Session()
        session.trust_env = False  # no proxy between us
        session.verify = str(self.authority) if self.authority else True
        session.hooks["response"] = [check_answer]
        return session

    def asking_as(self, key):
        """The same server with requests that carry this key."""
        other = copy.copy(self)
        other.session = self.new_session()
        other.session.headers["Authorization"] = f"Bearer {key}"
        return other

    def text(self):
        return self.log.read_text(errors="replace")

    def _port(self):
        assert self.process.poll() is None, self.text()
        found = re.search(r"address(?:=|\":\")\S*?:(\d+)\b.*serving\b", self.text())
        return found and int(found[1])

    def wait_until_ready(self):
        wait_until(lambda: self.get("/v1/health/ready").status_code == 200, "the server to be ready")

    def get(self, path, headers=None, method="GET", **query):
        return self.session.request(
            method, urljoin(self.url, path), params=query, headers=headers, timeout=60, allow_redirects=False
        )

    def raw(self, path, encoding="identity", headers=None, **query):
        """The answer with its body as it was sent."""
        answer = self.session.get(
            urljoin(self.url, path),
            params=query,
            timeout=60,
            stream=True,
            headers={"Accept-Encoding": encoding, **(headers or {})},
        )
        answer.body = answer.raw.read(decode_content=False)
        return answer

    def json(self, path, **query):
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def pages(self, path, **query):
        """Every page of a list, following the links."""
        page = self.json(path, **query)
        yield page
        while following := page.get("next") or next(
            (link["href"] for link in page.get("links", []) if link["rel"] == "next"), None
        ):
            page = self.json(following)
            yield page

    def metric(self, name, **labels):
        """The sum of the samples of a series that have these `labels`."""
        samples = [
            sample.value
            for family in text_string_to_metric_families(self.get("/metrics").text)
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        ]
        return sum(samples)

    def connections(self):
        """How many connections of clients the process has accepted and not closed. Connections to PostgreSQL and Redis,
        which come and go by themselves, do not count."""
        port = f":{urlsplit(self.url).port:04X}"
        count = 0
        for table in ["tcp", "tcp6"]:
            for line in Path(f"/proc/{self.process.pid}/net/{table}").read_text().splitlines()[1:]:
                _, local, remote, *_, inode = line.split()[:10]
                # A socket without an inode belongs to no process; the listening one has no remote port.
                count += local.endswith(port) and not remote.endswith(":0000") and inode != "0"
        return count

    def stop(self):
        """Ends the server as an operator does and returns the exit code."""
        self.session.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=10)


@contextmanager
def serving(hextant, log, *flags, authority=None, **environment):
    """Runs a server that is ready; at the end it must stop by itself within ten seconds."""
    with running(hextant, log, *flags, authority=authority, **environment) as server:
        server.wait_until_ready()
        yield server


@contextmanager
def running(hextant, log, *flags, authority=None, **environment):
    """The same, but the server need not be ready."""
    server = Server(hextant, log, *flags, authority=authority, **environment)
    try:
        yield server
        assert server.stop() == 0, server.text()
    finally:
        if server.process.poll() is None:
            server.process.kill()
            server.process.wait()
