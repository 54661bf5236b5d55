#!/usr/bin/env python3
"""Measures whether a dataset with centuries of history slows another: the median times of Toronto's routes in a database
without it and in one with it, each address asked for once by a server that has nothing cached.

Prints a table and writes bench-results/history.json.
"""

import argparse
import datetime
import json
import os
import pathlib
import random
import statistics
import sys
import tempfile

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(REPOSITORY / "Benchmarks/ingest"))
import report  # noqa: E402
from database import Database, psql  # noqa: E402
from server import Hextant, fill_toronto, get  # noqa: E402

YEARS = range(1700, 2024)
EVENTS_PER_YEAR = 6
ROUNDS = 5
HEADER = "event_id,event_type,event_timestamp,longitude,latitude,attributes_json\n"
BAR, GOAL = 1.1, 1.05


def paths():
    """Addresses of Toronto, by what they ask for; no two are the same."""
    days = [datetime.date(2014, 2, 1) + datetime.timedelta(days=24 * number) for number in range(120)]
    yield "a tile", [f"/v1/tiles/11/571/746.mvt?dataset=toronto&date={day}" for day in days]
    yield "figures of a year", [
        f"/v1/stats?dataset=toronto&from={day}&to={day + datetime.timedelta(days=365)}" for day in days]
    yield "figures of all years", [f"/v1/stats?dataset=toronto&from={day}&to=2021-12-31" for day in days]
    yield "a page of events", [f"/v1/events?dataset=toronto&limit=100&from={day}&to=2021-12-31" for day in days]
    yield "hot spots of a month", [
        f"/v1/hotspots?dataset=toronto&resolution=8&from={day}&to={day + datetime.timedelta(days=28)}" for day in days]


def add_history(hextant, folder):
    """A dataset with a few events in each of 324 years."""
    (folder / "dataset.yaml").write_text(json.dumps({
        "slug": "history", "title": "History", "licence": "none", "attribution": "none", "visibility": "public",
        "time_zone": "Europe/London", "resolutions": [5]}))
    hextant("datasets", "put", folder / "dataset.yaml")
    chance = random.Random(1700)
    with open(folder / "events.csv", "w") as lines:
        lines.write(HEADER)
        for year in YEARS:
            for _ in range(EVENTS_PER_YEAR):
                day = datetime.date(year, 1, 1) + datetime.timedelta(days=chance.randrange(365))
                lng, lat = chance.uniform(-3, 1), chance.uniform(51, 54)
                lines.write(f",fall,{day}T12:00:00Z,{lng:.5f},{lat:.5f},{{}}\n")
    hextant("ingest", folder / "events.csv", "--dataset", "history")
    hextant("score", "--dataset", "history")
    hextant("refresh")


def medians(hextant, folder):
    """The median time in milliseconds of each kind of address, by a server that has nothing cached."""
    found = {}
    with hextant.serving(folder, "--workers", "0", "--live", "0") as connection:
        for name, addresses in paths():
            times = []
            for address in addresses:
                status, seconds, _ = get(connection, address, Authorization=f"Bearer {hextant.key}")
                assert status in (200, 204), (address, status)
                times.append(1000 * seconds)
            found[name] = statistics.median(times)
    return found


def fill(url, folder, has_history):
    hextant = Hextant(url)
    fill_toronto(hextant, url)
    if has_history:
        add_history(hextant, folder)
    psql(url, "VACUUM ANALYZE")
    hextant("keys", "add", "bench", "--role", "analyst", "--json")
    hextant.key = json.loads(hextant.out)["key"]
    return hextant


def main():
    argparse.ArgumentParser(description=__doc__).parse_args()
    results = report.Report("history")
    server = os.environ["HEXTANT_DATABASE_URL"]
    with (
        Database(server, "bench_alone") as alone, Database(server, "bench_beside") as beside,
        tempfile.TemporaryDirectory() as folder,
    ):
        folder = pathlib.Path(folder)
        both = [fill(each.url, folder, has_history=each is beside) for each in [alone, beside]]
        # In turns, so that whatever else the machine does slows both.
        rounds = [[medians(each, folder) for each in both] for _ in range(ROUNDS)]
    for name in rounds[0][0]:
        ours, theirs = [min(each[place][name] for each in rounds) for place in [1, 0]]
        results.against(f"{name}, beside {len(YEARS)} years", ours, "ms", "alone", theirs, BAR, GOAL)
    results.write(REPOSITORY / "bench-results")


if __name__ == "__main__":
    main()
