#!/usr/bin/env python3
"""Measures counts by area against the join in SQL, and tiles of areas against the risk tiles of the same places.

Makes a million points in two thousand areas with shared, winding borders, in a database of its own. The two of each row
alternate for --rounds rounds, and the best of each counts. Prints a table and writes bench-results/areas.json.
"""

import argparse
import datetime
import json
import math
import os
import pathlib
import random
import statistics
import sys
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(REPOSITORY / "Benchmarks/ingest"))
import report  # noqa: E402
from database import Database, psql  # noqa: E402
from server import Hextant, get  # noqa: E402

WEST, SOUTH, EAST, NORTH = -79.6, 43.6, -79.1, 43.85
COLUMNS, ROWS = 50, 40
# Corners of each side of an area.
CORNERS = 24
DAYS = 60
FIRST = datetime.date(2021, 10, 1)
HEADER = "event_id,event_type,event_timestamp,longitude,latitude,attributes_json\n"
JOIN = """
    CREATE TEMP TABLE joined AS
    SELECT a.number, (e.event_timestamp AT TIME ZONE 'America/Toronto')::date AS day, e.event_type, count(*)
    FROM areas a JOIN area_layers l ON l.id = a.layer_id
    JOIN events e ON ST_Covers(a.geom, e.geom)
    WHERE l.slug = 'bench' AND e.dataset = 'bench' GROUP BY 1, 2, 3
"""


def moved(x, y):
    """A point of the grid, moved by waves that are the same for all areas that share it."""
    width, height = (EAST - WEST) / COLUMNS, (NORTH - SOUTH) / ROWS
    return (
        round(WEST + x * width + 0.15 * width * math.sin(7 * y + 2 * x), 9),
        round(SOUTH + y * height + 0.15 * height * math.sin(7 * x + 3 * y), 9),
    )


def write_layer(file):
    features = []
    for column in range(COLUMNS):
        for row in range(ROWS):
            steps = [step / CORNERS for step in range(CORNERS)]
            ring = [(column + s, row) for s in steps] + [(column + 1, row + s) for s in steps]
            ring += [(column + 1 - s, row + 1) for s in steps] + [(column, row + 1 - s) for s in steps]
            ring = [moved(x, y) for x, y in [*ring, ring[0]]]
            features.append({
                "type": "Feature", "properties": {"id": f"{column}-{row}", "people": 1000 + 10 * column + row},
                "geometry": {"type": "Polygon", "coordinates": [ring]}})
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))


def write_points(file, count):
    chance = random.Random(7)
    with open(file, "w") as lines:
        lines.write(HEADER)
        for _ in range(count):
            day = FIRST + datetime.timedelta(days=chance.randrange(DAYS))
            x, y = chance.uniform(WEST, EAST), chance.uniform(SOUTH, NORTH)
            lines.write(f",kind {chance.randrange(8)},{day}T{chance.randrange(24):02}:00:00Z,{x:.6f},{y:.6f},{{}}\n")


def addresses():
    """Tiles of the middle of the city at zooms 10 to 14."""
    for z in range(10, 15):
        n = 2**z
        for share in [0.3, 0.5, 0.7]:
            longitude, latitude = WEST + share * (EAST - WEST), SOUTH + share * (NORTH - SOUTH)
            y = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * n
            yield f"{z}/{int((longitude + 180) / 360 * n)}/{int(y)}"


def tiles(connection, rounds, repeats):
    """The median times in milliseconds of risk tiles and of area tiles, in turn."""
    last = FIRST + datetime.timedelta(days=DAYS - 2)
    kinds = [f"/v1/tiles/%s.mvt?dataset=bench&date={last}",
             f"/v1/tiles/areas/bench/%s.mvt?dataset=bench&from={FIRST}&to={last}&figure=rate"]
    times = [[], []]
    for number in range(rounds + 1):
        for kind, template in enumerate(kinds):
            for address in addresses():
                for _ in range(repeats):
                    status, seconds, _ = get(connection, template % address, **{"Accept-Encoding": "gzip"})
                    assert status == 200, (template % address, status)
                    # The first round fills what is to be filled.
                    if number:
                        times[kind].append(1000 * seconds)
    return [statistics.median(each) for each in times]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--points", type=int, default=1_000_000)
    options = parser.parse_args()
    results = report.Report("areas")
    server = os.environ["HEXTANT_DATABASE_URL"]
    with Database(server, "bench_areas") as database, tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        hextant = Hextant(database.url)
        description = {
            "slug": "bench", "title": "Benchmark", "licence": "none", "attribution": "none", "visibility": "public",
            "time_zone": "America/Toronto", "resolutions": [7, 8, 9, 10]}
        (folder / "dataset.yaml").write_text(json.dumps(description))
        write_points(folder / "points.csv", options.points)
        write_layer(folder / "layer.geojson")
        hextant("migrate", "up")
        hextant("datasets", "put", folder / "dataset.yaml")
        hextant("ingest", folder / "points.csv", "--dataset", "bench")
        hextant("score", "--dataset", "bench")
        hextant("refresh")
        hextant("areas", "import", folder / "layer.geojson", "--layer", "bench", "--id", "id", "--name", "id",
                "--population", "people")
        psql(database.url, "VACUUM ANALYZE events", "VACUUM ANALYZE areas")
        ours, theirs = [], []
        for _ in range(options.rounds):
            ours.append(hextant("areas", "count", "--dataset", "bench", "--layer", "bench", "--full"))
            began = time.monotonic()
            psql(database.url, JOIN)
            theirs.append(time.monotonic() - began)
        name = f"area counts, {options.points} points in {COLUMNS * ROWS} areas"
        results.against(name, min(ours), "s", "ST_Covers join", min(theirs), 1.0, 0.3)
        with hextant.serving(folder, "--workers", "0") as connection:
            risk, area = tiles(connection, options.rounds, 20)
            results.against("area tile, warm", area, "ms", "risk tile", risk, 1.2, 1.0)
        with hextant.serving(folder, "--workers", "0", "--tile-memory", "0") as connection:
            risk, area = tiles(connection, options.rounds, 3)
            results.against("area tile, cold", area, "ms", "risk tile", risk, 1.2, 1.0)
    results.write(REPOSITORY / "bench-results")


if __name__ == "__main__":
    main()
