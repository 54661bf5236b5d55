"""Unusual counts compared with their definition (docs/scoring.md), by scipy's negative binomial distribution."""

from datetime import date, timedelta

import h3
import numpy as np
import pytest
import scipy.stats

FIRST = date(2021, 3, 1)
DAYS = 60
# The mean count of a day by latitude: from a quiet street to a city's outages.
MEANS = {43.5: 0.1, 43.6: 2, 43.7: 40, 43.8: 1500}
LONGITUDE = -79.4


def chances(counts):
    """The chance of as many events or more, for each day of a cell with the counts of all days of a run."""
    others = len(counts) - 1
    rest = counts.sum() - counts
    mean = (rest + 0.5) / others
    variance = ((counts**2).sum() - counts**2) / others - (rest / others) ** 2
    shape = np.minimum(rest + 0.5, np.divide(mean**2, variance - mean, out=rest + 0.5, where=variance > mean))
    return scipy.stats.nbinom.sf(counts - 1, shape, shape / (shape + mean))


def unusual(counts):
    found = chances(counts)
    assert (abs(found / 0.001 - 1) > 1e-7).all(), "a count within rounding of the limit may fall on either side of it"
    return (found <= 0.001) & (counts >= 3)


@pytest.fixture(scope="module")
def counts():
    """The counts of each day by latitude: most as chance has it, some far above."""
    chance = np.random.default_rng(5)
    rows = {}
    for latitude, mean in MEANS.items():
        row = chance.negative_binomial(8, 8 / (8 + mean), DAYS).astype(float)
        row[[9, 29, 49]] = np.ceil(mean * np.array([3, 2.4, 4])) + [3, 1, 7]
        rows[latitude] = row
    return rows


def test_what_a_refresh_serves_is_what_the_definition_says(hextant, database, folder, counts):
    hextant.put_dataset(folder, "counts", resolutions=[8])
    with open(folder / "counts.csv", "w") as file:
        file.write("event_id,event_type,event_timestamp,longitude,latitude,attributes_json\n")
        for latitude, row in counts.items():
            for day, count in enumerate(row):
                line = f",theft,{FIRST + timedelta(days=day)}T12:00:00Z,{LONGITUDE},{latitude},{{}}\n"
                file.writelines(f"{latitude}-{day}-{number}{line}" for number in range(int(count)))
    hextant.json("ingest", folder / "counts.csv", "--dataset", "counts")
    last = FIRST + timedelta(days=DAYS - 1)
    hextant.json("score", "--dataset", "counts", "--from", FIRST, "--to", last)
    hextant.json("refresh")
    rows = database.rows("SELECT h3_index, day, event_count, unusual FROM mv_daily_risk WHERE dataset = 'counts'")
    assert len(rows) == sum((row > 0).sum() for row in counts.values())
    found = {(cell, day): (count, is_unusual) for cell, day, count, is_unusual in rows}
    for latitude, row in counts.items():
        cell = h3.str_to_int(h3.latlng_to_cell(latitude, LONGITUDE, 8))
        expected = unusual(row)
        assert expected.any() and not expected[row >= 3].all(), latitude
        for day in np.nonzero(row)[0]:
            told = found[cell, FIRST + timedelta(days=int(day))]
            assert told == (row[day], expected[day]), (latitude, day)


def test_counts_of_any_size_follow_the_definition(database):
    """Counts up to millions, alike and scattered; many of them near the limit."""
    chance = np.random.default_rng(11)
    cells = []
    for _ in range(3_000):
        mean, scatter = 10 ** chance.uniform(-1, 6), 10 ** chance.uniform(-1.5, 4)
        row = chance.negative_binomial(scatter, scatter / (scatter + mean), chance.integers(5, 400)).astype(float)
        row[0] = round((mean + 1) * (1 + chance.uniform(1, 8) * np.sqrt(1 / (mean + 1) + 1 / scatter)))
        cells.append(row)
    # Years in which nearly all events of a cell are of one day: a count near the mean may be rare.
    for _ in range(500):
        row = (chance.random(chance.integers(1_500, 6_000)) < 0.001).astype(float)
        row[1] = chance.integers(20, 5_000)
        row[0] = max(3, round(row[1] * chance.uniform(0, 0.1)))
        cells.append(row)
    arguments = [
        (int(row[0]), float(len(row)), row.sum(), len(row) * (row**2).sum() - row.sum() ** 2) for row in cells]
    told = database.rows(
        "SELECT is_unusual(c, n, e, s) FROM unnest(%s::integer[], %s::float8[], %s::float8[], %s::float8[]) "
        "WITH ORDINALITY AS u(c, n, e, s, place) ORDER BY place",
        [list(column) for column in zip(*arguments)])
    expected = [bool(unusual(row)[0]) for row in cells]
    assert 500 < sum(expected) < 2_500
    assert [each for [each] in told] == expected
