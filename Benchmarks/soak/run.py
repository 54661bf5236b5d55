#!/usr/bin/env python3
"""Runs a server under mixed load, including attacks, and checks that memory, descriptors and threads stay flat.

The load pauses ten times or more; then nobody is connected, and the resources of the server are recorded. Prints a
table and writes bench-results/soak.json; exits with 1 if something grew or a client got an answer that it should not
get. The release binary must have been built. Databases are created on the servers of HEXTANT_DATABASE_URL and
HEXTANT_REDIS_URL.
"""

import argparse
import os
import pathlib
import statistics
import sys
import tempfile
import threading
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(REPOSITORY / "Benchmarks/ingest"), str(REPOSITORY / "Tests/EndToEnd")]

import report as ingest_report  # noqa: E402
import world  # noqa: E402
from crowd import Crowd  # noqa: E402

REST = 5.0  # seconds without load before the server is measured
RESTS = 10  # at least


class Report(ingest_report.Report):
    def grew(self, name, unit, early, late, room):
        """Compares a resource late in the run with the same one earlier; `room` is the growth allowed."""
        self._add(name, late, unit, "early", early, late / max(1, early), "1.1", "1.02", late <= 1.1 * early + room)

    def none(self, name, count):
        self._add(name, count, "", "bar", 0, count, "0", "0", count == 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60, help="how long the load lasts (60)")
    minutes = parser.parse_args().minutes
    for name in ["HEXTANT_DATABASE_URL", "HEXTANT_REDIS_URL"]:
        if name not in os.environ:
            sys.exit(f'{name} is not set: eval "$(scripts/services env)"')
    os.environ.setdefault("HEXTANT_BIN", str(REPOSITORY / ".build/release/hextant"))
    with tempfile.TemporaryDirectory() as folder, world.world(pathlib.Path(folder)) as place:
        looks, crowd = load(place, minutes * 60)
        report = verdict(looks, crowd)
        print(place.complaints(), end="")
    report.write(REPOSITORY / "bench-results")
    sys.exit(0 if all(row["ok"] for row in report.rows) else 1)


def load(place, seconds):
    """Runs all clients until the time is over, with pauses; returns the measurements of the pauses."""
    crowd = Crowd(place)
    pause = min(60.0, seconds / RESTS)
    end = time.monotonic() + seconds
    looks = []
    try:
        while time.monotonic() < end:
            crowd.work(pause)
            crowd.rest()
            time.sleep(REST)
            looks.append(place.look())
            print(f"{looks[-1]}  {crowd.line()}", flush=True)
    finally:
        crowd.leave()
    return looks, crowd


def verdict(looks, crowd):
    """Compares the middle third of the run with its last; in the first, caches fill."""
    report = Report("soak")
    third = max(1, len(looks) // 3)
    middle, last = looks[third:-third] or looks[:1], looks[-third:]
    for name, unit, room in [
        ("memory", "MB", 4), ("descriptors", "", 4), ("threads", "", 2), ("sessions", "", 1), ("spooled", "files", 0),
        ("redis", "MB", 4),
    ]:
        early, late = (round(statistics.median(getattr(look, name) for look in part)) for part in (middle, last))
        report.grew(f"{name} at rest", unit, early, late, room)
    first, second = crowd.latencies(0.5)
    print(f"tiles, p99 in ms: {first:.1f} in the first half, {second:.1f} in the second")
    report.none("answers of no known kind", crowd.wrong())
    for line in crowd.wrongs():
        print(f"  {line}")
    crowd.table()
    return report


if __name__ == "__main__":
    threading.stack_size(1 << 20)
    main()
