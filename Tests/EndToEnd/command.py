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
# Seconds after which a command fails the test instead of hanging.
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
    """The binary with the settings of one database, without those of the tests' environment."""

    def __init__(self, database_url, binary=None):
        self.binary = binary or os.environ["HEXTANT_BIN"]
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("HEXTANT_", "PG")) or name == "HEXTANT_HOME"
        }
        # Tests of refreshes count generations; those of live days turn them on.
        kept["HEXTANT_LIVE"] = "0"
        self.environment = kept | ({"HEXTANT_DATABASE_URL": database_url} if database_url else {})

    def __call__(self, *arguments, **environment):
        """Runs a command to its end, whatever the result."""
        process = self.start(*arguments, **environment)
        try:
            out, err = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        return Outcome(process.returncode, out, err)

    def json(self, *arguments, **environment):
        """The JSON object printed by a command that must succeed."""
        outcome = self(*arguments, "--json", **environment)
        assert outcome.code == 0, outcome.err
        return outcome.json

    def measured_json(self, *arguments):
        """The JSON object of a command, and the peak of its memory in megabytes.

        The memory is read while the command runs, because the figure at its end includes the process it was forked
        from.
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
        """Writes the description of a dataset to `folder`, puts it, and returns its slug."""
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
    """The peak memory of a process in kilobytes since it began its program; 0 when it has ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int((re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE) or [0, 0])[1])


def assert_one_plain_line(err):
    """Checks that an error is one line for people, without internals."""
    assert err.startswith("hextant: ") and err.count("\n") == 1 and err.endswith("\n"), err
    for inside in ["SELECT", "INSERT", "UPDATE ", "COPY ", "SQLSTATE", "Fatal error", ".swift", "Error("]:
        assert inside not in err, err
