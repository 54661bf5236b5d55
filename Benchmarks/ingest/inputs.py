"""The files to ingest."""

import csv
import dataclasses
import gzip
import os
import pathlib
import random
import shutil
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
HEADER = "event_type,event_timestamp,longitude,latitude,attributes_json\n"


@dataclasses.dataclass
class Source:
    name: str
    file: pathlib.Path
    mapping: str
    rows: int
    zone: str = "UTC"


def toronto(state):
    """The demo's file, which scripts/demo-data makes."""
    file = state / "demo/toronto.csv"
    if not file.exists():
        sys.exit(f"{file} is missing: scripts/demo-data makes it")
    return Source("Toronto", file, "toronto", 240_992, "America/Toronto")


def large(folder, rows, toronto):
    """Real outages from the shared reference data, or without that folder Toronto's crimes repeated with jitter."""
    shared = pathlib.Path(os.environ.get("HEXTANT_SHARED", REPOSITORY.parent / "shared"))
    points = shared / "data/large/pge_points_2019-06_2020-10.csv.gz"
    kind, lines = ("outages", outages(points)) if points.exists() else ("jittered", jittered(toronto.file))
    file = folder / f"{kind}-{rows}.csv"
    if not file.exists():
        new = file.with_suffix(".new")
        with new.open("w") as out:
            out.write(HEADER)
            for _, line in zip(range(rows), lines, strict=False):
                out.write(line)
        new.rename(file)
    with file.open("rb") as made:
        count = sum(1 for _ in made) - 1
    return Source(f"{count:,} {kind}", file, "canonical", count)


def packed(file):
    """The file as gzip, next to it."""
    result = file.with_suffix(file.suffix + ".gz")
    if not result.exists():
        new = file.with_suffix(".new")
        with file.open("rb") as source, gzip.open(new, "wb", compresslevel=1) as out:
            shutil.copyfileobj(source, out)
        new.rename(result)
    return result


def outages(path):
    with gzip.open(path, "rt") as text:
        for row in csv.DictReader(text):
            yield (f'outage,{row["snapshot_time"]},{row["longitude"]},{row["latitude"]},'
                   f'"{{""customers"": ""{row["estCustAffected"]}""}}"\n')


def jittered(path):
    chance = random.Random(4)
    while True:
        with path.open() as text:
            for row in csv.DictReader(text):
                longitude = float(row["Long"]) + chance.gauss(0, 0.002)
                latitude = float(row["Lat"]) + chance.gauss(0, 0.002)
                day = row["occurrencedate"][:10].replace("/", "-")
                yield (f'{row["MCI"]},{day}T{int(row["occurrencehour"]):02}:00:00Z,{longitude:.6f},{latitude:.6f},'
                       f'"{{""premises"": ""{row["premises_type"]}""}}"\n')
