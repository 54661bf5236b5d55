"""The data of the benchmark: a city on dense days, and on days with few events."""

import csv
import os
import pathlib
import random
import sys
import tempfile

SLUG = "bench"
RESOLUTIONS = [7, 8, 9, 10]
DENSE_DAYS = [f"2024-03-{day:02}" for day in range(4, 12)]
DENSE_EVENTS = 80_000  # per day
SPARSE_DAYS = [f"2024-03-{day:02}" for day in range(12, 20)]
SPARSE_EVENTS = 150  # per day, about the number in the city
DENSE, SPARSE = DENSE_DAYS[4], SPARSE_DAYS[4]
DATASET = f"""slug: {SLUG}
title: Benchmark
licence: none
attribution: none
time_zone: UTC
visibility: public
resolutions: {RESOLUTIONS}
"""


def toronto(state):
    """The demo's file, which scripts/demo-data makes."""
    file = pathlib.Path(os.environ.get("HEXTANT_TORONTO", state / "demo/toronto.csv"))
    return file if file.exists() else sys.exit(f"{file} is missing: scripts/demo-data makes it")


def fill(hextant, toronto):
    """Ingests, scores and refreshes with the usual commands."""
    with tempfile.TemporaryDirectory() as folder:
        description, events = pathlib.Path(folder, "dataset.yaml"), pathlib.Path(folder, "events.csv")
        description.write_text(DATASET)
        with events.open("w") as file:
            file.write("event_type,event_timestamp,longitude,latitude,attributes_json\n")
            file.writelines(_lines(toronto))
        hextant("migrate", "up")
        hextant("datasets", "put", description)
        hextant("ingest", events, "--dataset", SLUG)
    hextant("score", "--dataset", SLUG)
    hextant("refresh")


def _lines(toronto):
    """Toronto's crimes drawn repeatedly, each within a few hundred metres of its place."""
    with toronto.open(newline="") as file:
        places = [(float(row["Long"]), float(row["Lat"])) for row in csv.DictReader(file)]
    chance = random.Random(5)
    for days, events in (DENSE_DAYS, DENSE_EVENTS), (SPARSE_DAYS, SPARSE_EVENTS):
        for day in days:
            for _ in range(events):
                longitude, latitude = chance.choice(places)
                hour, minute = chance.randrange(24), chance.randrange(60)
                yield (f"crime,{day}T{hour:02}:{minute:02}:00Z,{longitude + chance.gauss(0, 0.004):.6f},"
                       f"{latitude + chance.gauss(0, 0.003):.6f},{{}}\n")
