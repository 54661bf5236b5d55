"""Runs the built binary as a user would."""

import json
import os
import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
# What a command may take before the test fails instead of hanging.
PATIENCE = 300


@dataclass
class Outcome:
    code: int
    out: str
    err: str

    @property
    def json(self):
        """The one JSON object on standard output."""
        return json.loads(self.out)


class Hextant:
    """The binary with the settings of one database, and none of those around the tests."""

    def __init__(self, database_url, binary=None):
        self.binary = binary or os.environ["HEXTANT_BIN"]
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("HEXTANT_", "PG")) or name == "HEXTANT_HOME"
        }
        self.environment = kept | ({"HEXTANT_DATABASE_URL": database_url} if database_url else {})

    def __call__(self, *arguments, **environment):
        """Runs to the end, whatever comes of it."""
        process = self.start(*arguments, **environment)
        try:
            out, err = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        return Outcome(process.returncode, out, err)

    def json(self, *arguments, **environment):
        """The JSON object that a command prints which has to succeed."""
        outcome = self(*arguments, "--json", **environment)
        assert outcome.code == 0, outcome.err
        return outcome.json

    def measured_json(self, *arguments):
        """The same, and the most megabytes that the process had in memory.

        They are looked up while it runs: what the system tells at its end counts the process that it was forked from, too.
        """
        with tempfile.TemporaryFile("w+") as errors, tempfile.TemporaryFile("w+") as out:
            process = self.start(*arguments, "--json", stdout=out, stderr=errors)
            most = 0
            while process.poll() is None:
                most = max(most, _most_memory(process.pid))
                time.sleep(0.02)
            errors.seek(0)
            assert process.returncode == 0, errors.read()
            out.seek(0)
            return json.load(out), most / 1024

    def start(self, *arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **environment):
        return subprocess.Popen(
            [self.binary, *map(str, arguments)],
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            text=True,
        )

    def put_dataset(self, folder, slug="crimes", **description):
        """Describes a dataset in `folder` and puts it; returns its slug."""
        description = {
            "slug": slug,
            "title": f"Title of {slug}",
            "licence": "CC0-1.0",
            "attribution": f"Credit of {slug}",
            "time_zone": "UTC",
            "visibility": "public",
            "resolutions": [7, 9],
        } | description
        file = Path(folder) / f"{slug}.yaml"
        file.write_text(json.dumps(description))  # JSON is YAML
        self.json("datasets", "put", file)
        return slug


def _most_memory(process):
    """The most kilobytes that a process has had in memory since it became its program; 0 when it has ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int((re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE) or [0, 0])[1])


def assert_one_plain_line(err):
    """An error for people: one line, nothing of the inside."""
    assert err.startswith("hextant: ") and err.count("\n") == 1 and err.endswith("\n"), err
    for inside in ["SELECT", "INSERT", "UPDATE ", "COPY ", "SQLSTATE", "Fatal error", ".swift", "Error("]:
        assert inside not in err, err
