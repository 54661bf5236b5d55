#!/usr/bin/env python3
"""Compares `hextant feeds run` with `hextant ingest` of the same rows from a file.

A source on this machine that answers at once has the rows; both write into new databases of the server in
HEXTANT_DATABASE_URL, alternately, --rounds times; the best time of each counts, and the highest memory of a run. Prints
a table and writes bench-results/feeds.json.
"""

import argparse
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import source

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "Benchmarks/ingest"))

import report  # noqa: E402
from database import Database  # noqa: E402

DATASET = {"title": "Benchmark", "licence": "none", "attribution": "none", "resolutions": [8]}
BAR, GOAL = 0.5, 0.8
MEMORY = 150


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=400_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--hextant", default=os.environ.get("HEXTANT_BIN", REPOSITORY / ".build/release/hextant"))
    options = options.parse_args()
    server = os.environ["HEXTANT_DATABASE_URL"]
    told = report.Report("feeds")
    with tempfile.TemporaryDirectory(prefix="hextant-bench-") as folder, source.Source(pathlib.Path(folder)) as site:
        folder = pathlib.Path(folder)
        for kind in site.kinds(options.rows):
            measure(options, server, folder, site, kind, told)
    told.write(REPOSITORY / "bench-results")
    return 0 if all(row["ok"] for row in told.rows) else 1


def measure(options, server, folder, site, kind, told):
    feeds = folder / f"feeds-{kind.name}"
    feeds.mkdir()
    feed = {"feed": kind.name, "dataset": "bench", "new_dataset": DATASET, "allow_private": True,
            "limits": {"requests": 1_000_000}, "mapping": kind.mapping, **kind.keys}  # fmt: skip
    (feeds / f"{kind.name}.yaml").write_text(json.dumps(feed))  # JSON is YAML
    dataset = folder / "dataset.yaml"
    dataset.write_text(json.dumps(DATASET | {"slug": "bench"}))
    run = ["feeds", "run", kind.name, "--no-publish", "--feeds", feeds, "--feed-authority", site.authority]
    ingest = ["ingest", kind.file, "--dataset", "bench", "--mapping", kind.mapping]
    ours, theirs, most = [], [], 0
    for _ in range(options.rounds):
        with filled(server, options.hextant, dataset) as url:
            seconds, rows, _ = timed(options.hextant, url, ingest)
            assert rows == kind.rows, (rows, kind.rows)
            theirs.append(seconds)
        with filled(server, options.hextant, dataset) as url:
            seconds, rows, memory = timed(options.hextant, url, run)
            assert rows == kind.rows, (rows, kind.rows)
            ours.append(seconds)
            most = max(most, memory)
    ours, theirs = min(ours), min(theirs)
    ratio = theirs / ours
    told._add(
        f"feed of {kind.title}", round(kind.rows / ours), "rows/s", "ingest", round(kind.rows / theirs), ratio, BAR,
        GOAL, ratio >= BAR)  # fmt: skip
    told.limit(f"memory of a feed of {kind.title}", most, "MB", MEMORY, MEMORY)


@contextlib.contextmanager
def filled(server, hextant, dataset):
    """The URL of a database with hextant's schema and the dataset."""
    with Database(server, "bench_feeds") as database:
        for command in [["migrate", "up"], ["datasets", "put", dataset]]:
            subprocess.run([hextant, *command], env=environment(database.url), check=True, stdout=subprocess.DEVNULL)
        yield database.url


def environment(url):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HEXTANT_")}
    home = {"HEXTANT_HOME": os.environ.get("HEXTANT_HOME", str(REPOSITORY))}
    return kept | home | {"HEXTANT_DATABASE_URL": url, "HEXTANT_DEAD_LETTERS": "1000"}


def timed(hextant, url, command):
    """Seconds that a command takes, rows that it accepted, and the peak of its memory in megabytes."""
    began = time.monotonic()
    process = subprocess.Popen(
        [hextant, *map(str, command), "--json"], env=environment(url), stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True)  # fmt: skip
    most = 0
    while process.poll() is None:
        most = max(most, peak(process.pid))
        time.sleep(0.02)
    seconds = time.monotonic() - began
    outcome = json.loads(process.stdout.read())
    assert process.returncode == 0, outcome
    outcome = outcome["runs"][0] if "runs" in outcome else outcome
    return seconds, outcome["accepted"], most


def peak(process):
    try:
        status = pathlib.Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)


sys.exit(main())
