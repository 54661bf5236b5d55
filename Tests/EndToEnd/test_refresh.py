"""`hextant refresh` while others read the view that it swaps."""

import threading
from contextlib import contextmanager

import psycopg
import pytest
from command import assert_one_plain_line
from toronto import write_days
from waiting import wait_until

HELD = """
    SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
    WHERE l.locktype = 'advisory' AND d.datname = current_database()
"""
READ = "SELECT count(*), max(risk_score) FROM mv_daily_risk WHERE dataset = 'crimes' AND resolution = 7"


@pytest.fixture(scope="module")
def scored(hextant, folder):
    """A month of Toronto, scored but not refreshed yet; returns the number of rows that the view will have."""
    hextant.put_dataset(folder, "crimes", time_zone="America/Toronto", resolutions=[7])
    write_days(folder / "month.csv", "2019-06-01", "2019-06-30")
    hextant.json("ingest", folder / "month.csv", "--dataset", "crimes", "--mapping", "toronto")
    return hextant.json("score", "--dataset", "crimes")["rows"]


class Reader(threading.Thread):
    """Reads repeatedly in short statements, none of which may wait a second for a lock."""

    def __init__(self, database):
        super().__init__()
        self.database = database
        self.seen = []
        self.error = None
        self.ended = threading.Event()

    def run(self):
        try:
            with self.database.connect(autocommit=True) as connection:
                connection.execute("SET lock_timeout = '1s'")
                while not self.ended.is_set():
                    self.seen.append(connection.execute(READ).fetchone())
        except psycopg.Error as error:
            self.error = error


@contextmanager
def readers(database, count=3):
    """Readers at work; at the end none of them may have failed."""
    found = [Reader(database) for _ in range(count)]
    for reader in found:
        reader.start()
    try:
        wait_until(lambda: all(reader.seen or reader.error for reader in found), "the readers to begin")
        yield found
    finally:
        for reader in found:
            reader.ended.set()
        for reader in found:
            reader.join()
    assert [reader.error for reader in found] == [None] * count


def test_readers_see_the_old_view_or_the_new_one_and_never_an_error(hextant, database, scored):
    assert hextant.json("refresh")["rows"] == scored
    before = database.rows(READ)[0]
    with readers(database) as found:
        for _ in range(4):
            hextant.json("refresh")
        hextant.json("score", "--dataset", "crimes", "--normalization", "percentile", "--to", "2019-06-15")
        hextant.json("refresh")
        after = database.rows(READ)[0]
        wait_until(lambda: all(reader.error or reader.seen[-1] == after for reader in found), "the readers to see it")
    for reader in found:
        assert set(reader.seen) <= {before, after}


def test_each_refresh_is_a_generation_that_is_told(hextant, database, scored):
    with database.connect(autocommit=True) as listener:
        listener.execute("LISTEN hextant_generation")
        before = database.value("SELECT generation FROM served_view")
        told = [hextant.json("refresh")["generation"] for _ in range(2)]
        assert told == [before + 1, before + 2] and database.value("SELECT generation FROM served_view") == told[-1]
        notified = [int(each.payload) for each in listener.notifies(timeout=30, stop_after=2)]
    assert notified == told


def test_long_reader_delays_the_swap_and_blocks_nobody(hextant, database, scored):
    generation = database.value("SELECT generation FROM served_view")
    with database.connect() as long, readers(database) as found:
        long.execute(READ)  # and keeps its lock on the view
        refresh = hextant.start("refresh", "--json")
        told = iter(refresh.stderr.readline, "")
        assert any("waiting for a reader" in line for line in told)
        marks = [len(reader.seen) for reader in found]
        wait_until(
            lambda: all(reader.error or len(reader.seen) > mark + 50 for reader, mark in zip(found, marks)),
            "the others to read on",
        )
        assert refresh.poll() is None and database.value("SELECT generation FROM served_view") == generation
        second = hextant("refresh")
        assert second.code == 75 and "another refresh" in second.err
        assert_one_plain_line(second.err)
        long.rollback()
        refresh.communicate(timeout=60)
        assert refresh.returncode == 0
    assert database.value("SELECT generation FROM served_view") == generation + 1


def test_killed_refresh_leaves_the_served_view_and_the_next_one_works(hextant, database, scored):
    rows, generation = database.rows(READ), database.value("SELECT generation FROM served_view")
    with database.connect() as long:
        long.execute(READ)
        refresh = hextant.start("refresh")
        told = iter(refresh.stderr.readline, "")
        assert any("waiting for a reader" in line for line in told)
        refresh.kill()
        refresh.communicate()
        assert database.rows(READ) == rows and database.value("SELECT generation FROM served_view") == generation
    wait_until(lambda: database.value(HELD) == 0, "PostgreSQL to end the session")
    assert hextant.json("refresh")["generation"] == generation + 1
    assert database.rows("SELECT tablename FROM pg_tables WHERE tablename LIKE 'mv%' ORDER BY 1") == [
        ("mv_cell_outlook",), ("mv_daily_risk",)]
