"""Millions of real points: every one is stored, and the memory used is limited."""

import csv
import gzip
import math
import os
import shutil
from array import array
from collections import Counter
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import pytest

# Megabytes that an ingest may use, however long its file is.
MEMORY = 200


@pytest.fixture(scope="module")
def points():
    return Path(os.environ["HEXTANT_SHARED"]) / "data" / "large" / "pge_points_2019-06_2020-10.csv.gz"


@pytest.fixture(scope="module")
def python_reading(points):
    """Reads the file with Python's gzip, csv and datetime.

    Returns the events by UTC month, the sums of longitude, latitude and time, and the number of rows without a place.
    """
    months, placeless = Counter(), 0
    # Not in lists: until it has started, a program's memory includes that of the process that starts it.
    sums = [Fraction(), Fraction(), Fraction()]
    columns = array("d"), array("d"), array("d")
    with gzip.open(points, "rt", encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            if not row["longitude"]:
                placeless += 1
                continue
            months[row["snapshot_time"][:7]] += 1
            time = datetime.fromisoformat(row["snapshot_time"]).timestamp()
            for column, number in zip(columns, [float(row["longitude"]), float(row["latitude"]), time]):
                column.append(number)
            if len(columns[0]) == 100_000:
                add(columns, sums)
    add(columns, sums)
    return months, [float(number) for number in sums], placeless


def add(columns, sums):
    """Adds the sums of the columns to the sums."""
    for place, column in enumerate(columns):
        sums[place] += Fraction(math.fsum(column))
        del column[:]


@pytest.mark.parametrize("form", ["gzip", "plain"])
def test_millions_of_points_are_stored_within_bounded_memory(
    form, points, python_reading, hextant, database, tmp_path
):
    file = points
    if form == "plain":
        file = tmp_path / "points.csv"
        with gzip.open(points, "rb") as packed, open(file, "wb") as plain:
            shutil.copyfileobj(packed, plain)
    dataset = hextant.put_dataset(tmp_path, f"outages-{form}")
    told, megabytes = hextant.measured_json("ingest", file, "--dataset", dataset, "--mapping", "pge-points")
    months, sums, placeless = python_reading
    count = months.total()
    assert count + placeless == 5_781_699  # from the folder's SOURCE.tsv
    assert (told["received"], told["accepted"], told["rejected"]) == (count + placeless, count, placeless)
    stored = database.rows(
        """
        SELECT to_char(event_timestamp AT TIME ZONE 'UTC', 'YYYY-MM'), count(*), sum(ST_X(geom)), sum(ST_Y(geom)),
            sum(extract(epoch FROM event_timestamp)::float8)
        FROM events WHERE dataset = %s GROUP BY 1
        """, [dataset])
    assert {month: number for month, number, *_ in stored} == months
    assert [math.fsum(column) for column in list(zip(*stored))[2:]] == pytest.approx(sums, rel=1e-9)
    assert megabytes < MEMORY
