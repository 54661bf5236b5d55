"""Every scored row of a real month compared with the definition, computed in Python from the file itself."""

from datetime import date, timedelta

import h3
import numpy as np
import pytest
from command import Hextant
from oracle import level, scored
from toronto import TORONTO, records

JUNE = date(2019, 6, 1), date(2019, 6, 30)
RESOLUTIONS = [7, 9]
TABLES = {
    "cell_aggregates": ["event_count", "rolling_7d_avg", "growth_rate"],
    "risk_scores": ["risk", "risk_score", "risk_level"],
    "anomaly_flags": ["z_score", "anomaly"],
}
DOUBLES = ["rolling_7d_avg", "growth_rate", "risk", "risk_score", "z_score"]


@pytest.fixture(scope="module")
def points():
    return [(day, latitude, longitude) for day, _, latitude, longitude, _ in records()]


@pytest.fixture(scope="module")
def run(hextant, database, folder):
    """June 2019 scored at two resolutions in one command."""
    hextant.put_dataset(folder, "toronto", time_zone="America/Toronto", resolutions=RESOLUTIONS)
    hextant.json("ingest", TORONTO, "--dataset", "toronto", "--mapping", "toronto")
    return score(hextant, *JUNE)


def score(hextant, first, last, *options, resolutions=RESOLUTIONS):
    interval = ["--from", first, "--to", last]
    return hextant.json("score", "--dataset", "toronto", "--resolution", *resolutions, *interval, *options)


def table_rows(database, table, resolution):
    """The rows of a table by (cell, day)."""
    columns = ", ".join(column if column != "anomaly" else "flagged" for column in TABLES[table])
    rows = database.rows(f"SELECT h3_index, day, {columns} FROM {table} WHERE resolution = %s", [resolution])
    return {(h3.int_to_str(cell), day): dict(zip(TABLES[table], values)) for cell, day, *values in rows}


def all_rows(database, resolution):
    """The rows of the three tables, joined by key; each table must have the same keys."""
    joined = {}
    for table in TABLES:
        rows = table_rows(database, table, resolution)
        assert not joined or joined.keys() == rows.keys(), table
        for key, row in rows.items():
            joined.setdefault(key, {}).update(row)
    return joined


def assert_same(rows, expected):
    assert rows.keys() == expected.keys()
    for name in DOUBLES:
        found = np.array([rows[key][name] for key in expected])
        wanted = np.array([expected[key][name] for key in expected])
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-9, err_msg=name)
    for key, wanted in expected.items():
        assert rows[key]["event_count"] == wanted["event_count"], key
        assert rows[key]["anomaly"] == wanted["anomaly"], key
        # A score within rounding of a threshold may fall on either side of it.
        limits = {level(wanted["risk_score"] - 1e-9), level(wanted["risk_score"] + 1e-9)}
        assert rows[key]["risk_level"] in limits, key


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_every_row_of_a_month_is_what_the_definition_says(run, database, points, resolution):
    expected = scored(points, resolution, *JUNE)
    assert len(expected) > 1000 and {row["anomaly"] for row in expected.values()} == {True, False}
    assert_same(all_rows(database, resolution), expected)


def test_run_reports_what_it_read_and_wrote(run, database, points):
    assert run["events"] == sum(JUNE[0] - timedelta(days=7) <= day <= JUNE[1] for day, _, _ in points)
    assert (run["from"], run["to"]) == ("2019-06-01", "2019-06-30")
    for reported in run["resolutions"]:
        assert reported["rows"] == len(scored(points, reported["resolution"], *JUNE))
    assert [each["resolution"] for each in run["resolutions"]] == RESOLUTIONS
    assert run["rows"] == database.value("SELECT count(*) FROM cell_aggregates")
    assert database.rows("SELECT state::text, progress, rows FROM analytics_runs WHERE id = %s", [run["run"]]) == [
        ("finished", 1.0, run["rows"])
    ]


def test_second_run_leaves_the_same_rows(run, hextant, database):
    before = [all_rows(database, resolution) for resolution in RESOLUTIONS]
    score(hextant, *JUNE)
    assert [all_rows(database, resolution) for resolution in RESOLUTIONS] == before


@pytest.fixture(scope="module")
def other_runs(new_database, folder):
    """A database whose rows each test replaces."""
    database = new_database()
    hextant = Hextant(database.url)
    hextant.json("migrate", "up")
    hextant.put_dataset(folder, "toronto", time_zone="America/Toronto", resolutions=RESOLUTIONS)
    hextant.json("ingest", TORONTO, "--dataset", "toronto", "--mapping", "toronto")
    return hextant, database


def test_percentile_is_the_share_of_other_rows_with_a_lower_risk(other_runs, points):
    hextant, database = other_runs
    score(hextant, *JUNE, "--normalization", "percentile", resolutions=[7])
    assert_same(all_rows(database, 7), scored(points, 7, *JUNE, normalization="percentile"))


def test_days_before_the_run_count_and_other_days_keep_their_rows(other_runs, points):
    hextant, database = other_runs
    late = date(2019, 6, 16), JUNE[1]
    score(hextant, *JUNE, resolutions=[7])
    score(hextant, *late, resolutions=[7])
    rows = all_rows(database, 7)
    before = {key: row for key, row in rows.items() if key[1] < late[0]}
    after = {key: row for key, row in rows.items() if key[1] >= late[0]}
    assert_same(after, scored(points, 7, *late))
    whole = scored(points, 7, *JUNE)
    assert_same(before, {key: row for key, row in whole.items() if key[1] < late[0]})
    # Growth and averages do not depend on where a run starts. Scores do, and must differ for this test to show it.
    for key, row in after.items():
        assert row["growth_rate"] == pytest.approx(whole[key]["growth_rate"], abs=1e-9)
        assert row["rolling_7d_avg"] == pytest.approx(whole[key]["rolling_7d_avg"], abs=1e-9)
    assert any(row["z_score"] != pytest.approx(whole[key]["z_score"], abs=1e-9) for key, row in after.items())


def test_weights_are_those_of_the_dataset(other_runs, folder, points):
    hextant, database = other_runs
    weights = {"count": 0.2, "growth": 0.7, "average": 1.1}
    hextant.put_dataset(folder, "toronto", time_zone="America/Toronto", resolutions=RESOLUTIONS, weights=weights)
    score(hextant, *JUNE, resolutions=[7])
    assert_same(all_rows(database, 7), scored(points, 7, *JUNE, weights=tuple(weights.values())))


def test_without_limits_the_run_goes_from_the_first_to_the_last_event(hextant, database, folder):
    hextant.put_dataset(folder, "sparse", time_zone="Pacific/Auckland", resolutions=[5])
    file = folder / "sparse.csv"
    # 11:30 and 12:30 UTC are two days in Auckland in winter (UTC+12).
    file.write_text(
        "event_type,event_timestamp,longitude,latitude,attributes_json\n"
        "x,2021-06-30T11:30:00Z,174.76,-36.85,\nx,2021-06-30T12:30:00Z,174.76,-36.85,\n"
    )
    hextant.json("ingest", file, "--dataset", "sparse")
    run = hextant.json("score", "--dataset", "sparse")
    assert (run["from"], run["to"], run["rows"]) == ("2021-06-30", "2021-07-01", 2)


def test_dataset_without_events_has_nothing_to_score(hextant, folder):
    hextant.put_dataset(folder, "none", resolutions=[5])
    run = hextant.json("score", "--dataset", "none")
    assert run["rows"] == 0 and "from" not in run


def test_day_of_exactly_two_deviations_is_flagged(hextant, database, folder):
    # Counts 5, 5, 5, 5, 10, 0, 0, 0, 0: mean 10/3, deviation 10/3, so z of the fifth day is exactly 2 on paper.
    hextant.put_dataset(folder, "edge", resolutions=[5])
    days = [1] * 5 + [2] * 5 + [3] * 5 + [4] * 5 + [5] * 10
    file = folder / "edge.csv"
    file.write_text(
        "".join(
            [
                "event_type,event_timestamp,longitude,latitude,attributes_json\n",
                *(f"x,2021-06-{day:02}T12:00:00Z,10,50,\n" for day in days),
            ]
        )
    )
    hextant.json("ingest", file, "--dataset", "edge")
    hextant.json("score", "--dataset", "edge", "--from", "2021-06-01", "--to", "2021-06-09")
    rows = database.rows("SELECT z_score, flagged FROM anomaly_flags WHERE dataset = 'edge' ORDER BY day")
    assert rows == [(pytest.approx(0.5), False)] * 4 + [(pytest.approx(2), True)]
