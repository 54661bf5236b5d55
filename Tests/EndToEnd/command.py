"""Runs the built binary as a user would."""

import json
import os
import subprocess
import tempfile
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
        """The same, and the most megabytes that the process had in memory."""
        with tempfile.TemporaryFile("w+") as errors:
            process = self.start(*arguments, "--json", stderr=errors)
            out = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            errors.seek(0)
            assert process.returncode == 0, errors.read()
        return json.loads(out), usage.ru_maxrss / 1024

    def start(self, *arguments, stderr=subprocess.PIPE, **environment):
        return subprocess.Popen(
            [self.binary, *map(str, arguments)],
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
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


def assert_one_plain_line(err):
    """An error for people: one line, nothing of the inside."""
    assert err.startswith("hextant: ") and err.count("\n") == 1 and err.endswith("\n"), err
    for inside in ["SELECT", "INSERT", "UPDATE ", "COPY ", "SQLSTATE", "Fatal error", ".swift", "Error("]:
        assert inside not in err, err
