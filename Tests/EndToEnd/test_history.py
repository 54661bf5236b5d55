"""Datasets with long histories and mistyped years beside Toronto: they slow nothing down, and they go as they came."""

import csv
import io
from collections import Counter

import pytest
import requests
from canonical import HEADER
from command import Hextant
from databases import filled_template, fresh_database
from redis_database import free_redis_database
from serving import serving
from toronto import fill_with_toronto, records

WORLD = "-180,-90,180,90"
FEW = 130  # 99 years of 360 days at most, and some centuries


@pytest.fixture(scope="module")
def database():
    """A database of its own with all of Toronto."""
    with fresh_database(template=filled_template("toronto", fill_with_toronto)) as database:
        yield database


@pytest.fixture(scope="module")
def hextant(database):
    return Hextant(database.url)


@pytest.fixture(scope="module")
def server(hextant, folder):
    with free_redis_database() as redis:
        with serving(hextant, folder / "history.log", "--redis-url", redis.url) as server:
            yield server


def partitions(database):
    return database.value("SELECT count(*) FROM timescaledb_information.chunks WHERE hypertable_name = 'events'")


def stats(server, dataset="toronto", **options):
    answer = requests.get(
        f"{server.url}/v1/stats", params={"dataset": dataset, "f": "csv", **options}, timeout=120)
    assert answer.status_code == 200, answer.text
    return [tuple(row.values()) for row in csv.DictReader(io.StringIO(answer.text))]


@pytest.mark.parametrize(
    "chosen",
    [{}, {"from": "2016-02-28", "to": "2019-03-01"}, {"event_type": "Robbery"}, {"limit": 7, "from": "2021-12-01"}],
    ids=str)
def test_stored_counts_are_those_of_the_events(server, chosen):
    assert stats(server, **chosen) == stats(server, bbox=WORLD, **chosen)


def test_counts_of_toronto_are_those_of_its_file(server):
    counted = {(day, kind): int(count) for day, kind, count in stats(server)}
    assert counted == Counter((str(row[0]), row[-1]) for row in records())


def test_three_centuries_make_few_partitions_and_leave_none(hextant, database, server, folder, tmp_path):
    before = partitions(database)
    assert before < FEW
    told = stats(server)
    slug = hextant.put_dataset(folder, "three-centuries")
    file = tmp_path / "history.csv"
    file.write_text(
        HEADER + "".join(
            f"quake,{year}-{month:02}-11T01:02:03Z,{month},{year % 80},\n"
            for year in range(1700, 2024) for month in range(1, 13)))
    assert hextant.json("ingest", file, "--dataset", slug)["accepted"] == 324 * 12
    assert partitions(database) < FEW
    assert stats(server) == told
    assert len(stats(server, slug)) == 324 * 12 and stats(server, slug) == stats(server, slug, bbox=WORLD)
    done = hextant.json("datasets", "delete", slug, "--confirm", slug)
    assert done["events"] == 324 * 12
    assert partitions(database) == before
    assert stats(server) == told


def test_mistyped_years_make_a_partition_each(hextant, database, folder, tmp_path):
    before = partitions(database)
    slug = hextant.put_dataset(folder, "typos")
    file = tmp_path / "typos.csv"
    file.write_text(HEADER + "".join(f"a,{year}-01-01T00:00:00Z,1,2,\n" for year in ["1015", "1026", "2921", "2021"]))
    hextant.json("ingest", file, "--dataset", slug)
    assert partitions(database) == before + 2  # 1015 and 1026 share one, and 2021 has one already
    hextant.json("datasets", "delete", slug, "--confirm", slug)
    assert partitions(database) == before


def test_doctor_tells_of_many_partitions_and_migrate_up_merges_them(hextant, database):
    def told():
        return {each["part"]: each for each in hextant("doctor", "--json").json["findings"]}["partitions"]

    assert told()["grade"] == "well"
    # As an earlier release made them: one for each month, here without rows.
    database.rows(
        """
        INSERT INTO events (dataset, event_type, event_timestamp, geom, batch, row_number)
        SELECT 'nobody', 'a', month, 'SRID=4326;POINT(0 0)', 0, 0
        FROM generate_series('1830-01-01Z'::timestamptz, '1869-12-01Z', '1 month') AS month;
        SELECT 1
        """)
    rows = database.value("SELECT count(*) FROM events")
    assert told()["grade"] == "advice" and "migrate up" in told()["advice"]
    done = hextant.json("migrate", "up")
    assert done["applied"] == [] and done["partitions_merged"] > 400
    assert told()["grade"] == "well"
    assert database.value("SELECT count(*) FROM events") == rows
    database.rows("DELETE FROM events WHERE dataset = 'nobody'; SELECT 1")
    assert hextant.json("migrate", "up")["partitions_dropped"] == 1
