"""The Toronto file, read by the tests themselves."""

import csv
import os
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from command import REPOSITORY, Hextant

TORONTO = Path(os.environ.get("HEXTANT_STATE", "")) / "demo" / "toronto.csv"
ZONE = ZoneInfo("America/Toronto")


@cache
def records():
    """The (local day, instant, latitude, longitude, event type) of every row, in the order of the file."""
    return [_record(row) for row in _rows()[1:]]


def _rows():
    with open(TORONTO, newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def _record(row):
    # The local midnight, except for a few rows before 1980 that were written with an hour too many.
    day = datetime.strptime(row[0], "%Y/%m/%d %H:%M:%S+00").replace(tzinfo=UTC).astimezone(ZONE)
    # An hour that spring skips moves forward with the clock; of one that autumn has twice, the first counts.
    instant = day.replace(hour=int(row[1]), minute=0, second=0, fold=0).astimezone(UTC)
    return instant.astimezone(ZONE).date(), instant, float(row[12]), float(row[13]), row[5].strip()


def write_days(path, first, last):
    """Writes a file with the rows of these local days; returns their number."""
    header, *rows = _rows()
    chosen = [row for row, record in zip(rows, records()) if first <= str(record[0]) <= last]
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *chosen])
    return len(chosen)


def fill_with_toronto(database):
    """All of Toronto: ingested, scored from 2014 to 2021, with an outlook at resolutions 7 and 8, and refreshed."""
    hextant = Hextant(database.url)
    hextant.json("migrate", "up")
    # The usual levels, which suit the usual normalization, and no layer of areas, since none is imported.
    described = (REPOSITORY / "deploy/demo/toronto.yaml").read_text().splitlines()
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write("\n".join(line for line in described if not line.startswith(("levels:", "areas:"))))
        file.flush()
        hextant.json("datasets", "put", file.name)
    hextant.json("ingest", TORONTO, "--dataset", "toronto", "--mapping", "toronto")
    hextant.json("score", "--dataset", "toronto", "--from", "2014-01-01", "--to", "2021-12-31")
    hextant.json("outlook", "--dataset", "toronto", "--resolution", 7, 8)
    hextant.json("refresh")
