"""The program that is measured: its commands, a server of it without limits, and Toronto in its database."""

import contextlib
import http.client
import os
import pathlib
import re
import subprocess
import sys
import time

from database import psql

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
LAYER = "toronto-neighbourhoods"


class Hextant:
    """The binary over one database; called with arguments it runs a command and returns its seconds."""

    def __init__(self, url, binary=None):
        self.binary = binary or os.environ.get("HEXTANT_BIN") or str(REPOSITORY / ".build/release/hextant")
        self.environment = os.environ | {"HEXTANT_DATABASE_URL": url}

    def __call__(self, *arguments):
        began = time.monotonic()
        done = subprocess.run(
            [self.binary, *map(str, arguments)], check=True, env=self.environment, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        self.out = done.stdout
        return time.monotonic() - began

    @contextlib.contextmanager
    def serving(self, folder, *flags):
        """A server without limits; yields a connection to it."""
        log = folder / "server.log"
        with open(log, "wb") as output:
            process = subprocess.Popen(
                [self.binary, "serve", "--port", "0", "--rate-limit", "0", "--account-rate-limit", "0",
                 "--tile-rate-limit", "0", *flags], env=self.environment, stdout=output, stderr=output)
        try:
            def wait():
                if process.poll() is not None:
                    sys.exit(f"the server ended:\n{log.read_text()}")
                time.sleep(0.05)

            while not (port := re.search(r"address(?:=|\":\")\S*?:(\d+)\b.*serving\b", log.read_text())):
                wait()
            connection = http.client.HTTPConnection("127.0.0.1", int(port[1]), timeout=180)
            while get(connection, "/v1/health/ready")[0] != 200:
                wait()
            yield connection
        finally:
            process.terminate()
            process.wait()


def get(connection, path, **headers):
    """The status of an answer, its seconds and its body."""
    began = time.perf_counter()
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    return answer.status, time.perf_counter() - began, body


def fill_toronto(hextant, url):
    """All of Toronto as the demo has it: scored, with areas and an outlook, and refreshed."""
    hextant("migrate", "up")
    hextant("datasets", "put", REPOSITORY / "deploy/demo/toronto.yaml")
    hextant("ingest", pathlib.Path(os.environ["HEXTANT_STATE"]) / "demo/toronto.csv", "--dataset", "toronto",
            "--mapping", "toronto")
    hextant("areas", "derive", "--dataset", "toronto", "--attribute", "neighbourhood", "--layer", LAYER)
    hextant("score", "--dataset", "toronto", "--normalization", "percentile")
    hextant("outlook", "--dataset", "toronto")
    hextant("areas", "count", "--dataset", "toronto")
    hextant("refresh")
    psql(url, "VACUUM ANALYZE events")
