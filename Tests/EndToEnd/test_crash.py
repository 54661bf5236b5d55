"""Whatever is killed while a file is ingested, the table holds all of it or nothing, and a second run completes it.

HEXTANT_KILLS says how often the ingester is killed; the long form of the test takes 50.
"""

import itertools
import os
import random
import signal
import time
from collections import Counter
from datetime import UTC

import pytest
from toronto import records, write_days
from waiting import wait_until

KILLS = int(os.environ.get("HEXTANT_KILLS", "6"))
FIRST, LAST = "2014-01-01", "2014-12-31"
BUSY = 75
chance = random.Random(os.environ.get("HEXTANT_SEED", "4"))
slugs = (f"killed-{number}" for number in itertools.count(1))


@pytest.fixture(scope="module")
def year(folder):
    """A year of Toronto with some lines that cannot be read, and what the table must hold of it, by our own reading."""
    file = folder / "year.csv"
    rows = write_days(file, FIRST, LAST)
    width = file.read_text().split("\n", 1)[0].count(",") + 1
    with file.open("a") as lines:
        lines.writelines(["too,short\n", "," * (width - 1) + "\n"] * 10)
    expected = Counter(
        (instant, latitude, longitude, kind)
        for day, instant, latitude, longitude, kind in records()
        if FIRST <= str(day) <= LAST
    )
    assert expected.total() == rows
    return file, expected


def stored(database, dataset):
    return Counter(
        (instant.astimezone(UTC), latitude, longitude, kind)
        for instant, latitude, longitude, kind in database.rows(
            "SELECT event_timestamp, ST_Y(geom), ST_X(geom), event_type FROM events WHERE dataset = %s", [dataset])
    )


def letters(database, dataset):
    return database.value(
        "SELECT count(*) FROM dead_letters d JOIN ingest_batches b ON b.id = d.batch WHERE b.dataset = %s", [dataset])


def arguments(file, dataset):
    return "ingest", file, "--dataset", dataset, "--mapping", "toronto"


def ingest_again(hextant, file, dataset):
    """The server may take a moment to notice that the one before is dead."""

    def attempt():
        outcome = hextant(*arguments(file, dataset), "--json")
        assert outcome.code in (0, BUSY), outcome.err
        return outcome.code == 0 and outcome.json

    return wait_until(attempt, "the dead ingest to let go")


def check_whole_or_none(database, dataset, expected):
    """A killed run left nothing, unless it was killed after it had committed."""
    found = stored(database, dataset)
    assert not found or found == expected
    assert letters(database, dataset) == (20 if found else 0)


def check_complete(database, dataset, told, expected):
    assert stored(database, dataset) == expected
    assert letters(database, dataset) == 20
    assert told["received"] == expected.total() + 20 == told["accepted"] + told["duplicate"] + told["rejected"]
    accepted, running = database.rows(
        "SELECT sum(accepted), count(*) FILTER (WHERE state = 'running') FROM ingest_batches WHERE dataset = %s",
        [dataset])[0]
    assert (accepted, running) == (expected.total(), 0)


@pytest.fixture(scope="module")
def usual_seconds(hextant, folder, year):
    """How long it takes when nobody is killed."""
    dataset = hextant.put_dataset(folder, next(slugs), time_zone="America/Toronto")
    began = time.monotonic()
    hextant.json(*arguments(year[0], dataset))
    return time.monotonic() - began


@pytest.mark.parametrize("attempt", range(KILLS))
def test_a_killed_ingest_leaves_all_or_nothing_and_the_next_completes_it(
    hextant, database, folder, year, usual_seconds, attempt
):
    file, expected = year
    dataset = hextant.put_dataset(folder, next(slugs), time_zone="America/Toronto")
    process = hextant.start(*arguments(file, dataset))
    time.sleep(chance.uniform(0, usual_seconds))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    check_whole_or_none(database, dataset, expected)
    check_complete(database, dataset, ingest_again(hextant, file, dataset), expected)
