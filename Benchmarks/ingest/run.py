#!/usr/bin/env python3
"""Compares `hextant ingest` with `psql \\copy` of the same rows into the same table with the same indexes.

Both write into new databases of the server in HEXTANT_DATABASE_URL, alternately, --rounds times; the best time of each
counts. Prints a table and writes bench-results/ingest.json.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import time

import inputs
import report
from database import Database, psql

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
COLUMNS = "dataset, event_type, event_timestamp, geom, attributes_json, batch, row_number"
DATASET = """slug: bench
title: Benchmark
licence: none
attribution: none
time_zone: {zone}
resolutions: [8]
"""


class Hextant:
    def __init__(self, binary):
        self.binary = binary

    def prepare(self, database, zone, folder):
        description = folder / "dataset.yaml"
        description.write_text(DATASET.format(zone=zone))
        for arguments in (["migrate", "up"], ["datasets", "put", str(description)]):
            self.run(database, arguments)

    def run(self, database, arguments):
        environment = os.environ | {"HEXTANT_DATABASE_URL": database.url}
        return subprocess.run(
            [self.binary, *arguments, "--json"], check=True, env=environment, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True).stdout

    def ingest(self, database, source):
        """The duration of an ingest in seconds, its peak memory in megabytes, and its output."""
        environment = os.environ | {"HEXTANT_DATABASE_URL": database.url}
        began = time.monotonic()
        process = subprocess.Popen(
            [self.binary, "ingest", str(source.file), "--dataset", "bench", "--mapping", source.mapping, "--json"],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        text = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
        if status != 0:
            sys.exit(f"hextant ingest {source.file} failed")
        return seconds, usage.ru_maxrss / 1024, json.loads(text)


def copy(database, rows):
    began = time.monotonic()
    psql(database.url, f"\\copy events ({COLUMNS}) from '{rows}' (format csv)")
    return time.monotonic() - began


def new_months(hextant, server, source, rounds, folder):
    """The best seconds of both into an empty table, the rows, and the peak memory."""
    rows = folder / f"{source.name}.rows.csv"
    ours, theirs, memory, count = [], [], 0, 0
    for _ in range(rounds):
        with Database(server, "bench_ingest") as database:
            hextant.prepare(database, source.zone, folder)
            seconds, megabytes, outcome = hextant.ingest(database, source)
            ours.append(seconds)
            memory = max(memory, megabytes)
            count = int(psql(database.url, "SELECT count(*) FROM events"))
            if count != outcome["accepted"] or outcome["received"] != source.rows:
                sys.exit(f"{source.name}: {source.rows} rows in the file, {outcome}, {count} stored")
            psql(database.url,
                 f"\\copy (SELECT {COLUMNS} FROM events ORDER BY row_number) to '{rows}' (format csv)")
        with Database(server, "bench_copy") as database:
            hextant.prepare(database, source.zone, folder)
            theirs.append(copy(database, rows))
    rows.unlink()
    return min(ours), min(theirs), count, memory


def old_months(hextant, server, source, rounds, folder):
    """The same if another dataset already has its events in the same months."""
    rows = folder / f"{source.name}.rows.csv"
    ours, theirs = [], []
    for _ in range(rounds):
        with Database(server, "bench_ingest") as database:
            hextant.prepare(database, source.zone, folder)
            hextant.ingest(database, source)
            psql(database.url,
                 f"\\copy (SELECT {COLUMNS} FROM events ORDER BY row_number) to '{rows}' (format csv)",
                 "UPDATE datasets SET slug = 'other'", "UPDATE events SET dataset = 'other'", "VACUUM FULL events")
            hextant.prepare(database, source.zone, folder)
            ours.append(hextant.ingest(database, source)[0])
        with Database(server, "bench_copy") as database:
            hextant.prepare(database, source.zone, folder)
            copy(database, rows)
            psql(database.url, "UPDATE events SET dataset = 'other'", "VACUUM FULL events")
            theirs.append(copy(database, rows))
    rows.unlink()
    return min(ours), min(theirs)


EXPECT = """
expect:
  rows: [1, 100000000]
  row_change: 0.5
  fresh_days: 36500
  valid_share: 0.9
  columns:
    - {column: event_type, type: text, required: true}
    - {column: event_timestamp, type: date, required: true}
    - {column: longitude, range: [-180, 180]}
    - {column: latitude, range: [-90, 90]}
    - {column: attributes_json, unique: true}
"""


def expecting(hextant, server, source, rounds, folder):
    """The best seconds of an ingest whose mapping states every kind of expectation, and of one that states none."""
    mapping = folder / "expecting.yaml"
    mapping.write_text((REPOSITORY / f"mappings/{source.mapping}.yaml").read_text() + EXPECT)
    seconds = {True: [], False: []}
    for _ in range(rounds):
        for expects in [True, False]:
            with Database(server, "bench_ingest") as database:
                hextant.prepare(database, source.zone, folder)
                taken, _, outcome = hextant.ingest(
                    database, dataclasses.replace(source, mapping=str(mapping)) if expects else source)
                found = {each["check"] for each in outcome["findings"]} - {"unique"}
                if outcome["received"] != source.rows or outcome["rejected"] or found:
                    sys.exit(f"{source.name} with expectations: {outcome}")
                seconds[expects].append(taken)
    return min(seconds[True]), min(seconds[False])


def packed_memory(hextant, server, source, folder):
    """The peak of memory for the same file as gzip, in megabytes."""
    packed = dataclasses.replace(source, file=inputs.packed(source.file))
    with Database(server, "bench_ingest") as database:
        hextant.prepare(database, source.zone, folder)
        return hextant.ingest(database, packed)[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=int(os.environ.get("HEXTANT_BENCH_ROUNDS", "2")))
    parser.add_argument("--rows", type=int, default=int(os.environ.get("HEXTANT_BENCH_ROWS", "5781699")),
                        help="of the large file, or of its stand-in")
    options = parser.parse_args()
    server = os.environ.get("HEXTANT_DATABASE_URL") or sys.exit(
        'HEXTANT_DATABASE_URL is not set: eval "$(scripts/services env)"')
    hextant = Hextant(os.environ.get("HEXTANT_BIN", str(REPOSITORY / ".build/release/hextant")))
    folder = pathlib.Path(os.environ.get("HEXTANT_STATE", REPOSITORY / ".state")) / "bench"
    folder.mkdir(parents=True, exist_ok=True)

    results = report.Report("ingest")
    most = 0
    toronto = inputs.toronto(folder.parent)
    million = inputs.large(folder, 1_000_000, toronto)
    large = inputs.large(folder, options.rows, toronto)
    for source in (toronto, million):
        ours, theirs, rows, memory = new_months(hextant, server, source, options.rounds, folder)
        most = max(most, memory)
        results.rate(f"{source.name}, new months", rows, ours, theirs, bar=1.0, goal=1.8)
        ours, theirs = old_months(hextant, server, source, options.rounds, folder)
        results.rate(f"{source.name}, months that hold events already", rows, ours, theirs, bar=1.0, goal=1.8)
    ours, theirs = expecting(hextant, server, million, options.rounds, folder)
    results.rate(
        f"{million.name}, with expectations", million.rows, ours, theirs, bar=0.8, goal=0.95,
        reference="the same without")
    ours, theirs, rows, memory = new_months(hextant, server, large, 1, folder)
    results.rate(f"{large.name}, new months", rows, ours, theirs, bar=1.0, goal=1.8)
    most = max(most, memory, packed_memory(hextant, server, large, folder))
    results.limit("memory of ingest", most, "MB", bar=200, goal=100)
    results.write(REPOSITORY / "bench-results")


if __name__ == "__main__":
    main()
