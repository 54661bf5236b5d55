"""PostgreSQL stops during scoring, a refresh or a swap: served and stored data stay whole at any moment.

The next run ends with the same figures as one that was not disturbed. HEXTANT_STOPS says how often PostgreSQL is
stopped in each of the three; the long form of the test takes 50. HEXTANT_SEED repeats the moments of a run that printed
it.
"""

import os
import random
import signal
import time
from contextlib import contextmanager
from types import SimpleNamespace

import psycopg
import pytest
from command import Hextant
from databases import fresh_database
from own_services import own_services
from toronto import write_days
from waiting import wait_until

STOPS = int(os.environ.get("HEXTANT_STOPS", "3"))
SEED = os.environ.get("HEXTANT_SEED") or str(random.SystemRandom().randrange(1_000_000))
FIRST, LAST, NEXT = "2019-06-01", "2019-06-12", "2019-06-13"
BUSY = 75
chance = random.Random(SEED)

FIGURES = """
    SELECT md5(string_agg(v::text, ';' ORDER BY dataset, resolution, day, h3_index)), count(*)
    FROM (SELECT dataset, resolution, day, h3_index, event_count, rolling_7d_avg, growth_rate, risk_score, risk_level,
        z_score, anomaly, unusual, z_order, geom_3857 FROM mv_daily_risk) AS v
"""


@pytest.fixture(autouse=True)
def seed():
    print(f"HEXTANT_SEED={SEED}")  # shown when a test fails


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Two weeks of Toronto that are scored and served, and one more day, which changes the figures of all days."""
    folder = tmp_path_factory.mktemp("stops")
    with (
        own_services(tmp_path_factory.mktemp("services")) as services,
        fresh_database(services.database_url) as database,
    ):
        hextant = Hextant(database.url)
        hextant.json("migrate", "up")
        hextant.put_dataset(folder, "toronto", time_zone="America/Toronto", resolutions=[6, 8])
        write_days(folder / "weeks.csv", FIRST, LAST)
        write_days(folder / "day.csv", NEXT, NEXT)
        world = SimpleNamespace(services=services, database=database, hextant=hextant)
        for name in ["weeks", "day"]:
            hextant.json("ingest", folder / f"{name}.csv", "--dataset", "toronto", "--mapping", "toronto")
            hextant.json("score", "--dataset", "toronto", "--full")
            hextant.json("refresh")
            setattr(world, name, figures(world))
        assert world.weeks != world.day
        world.seconds = {}
        for work, arguments in WORK.items():
            prepare(world, work)
            began = time.monotonic()
            hextant.json(*arguments)
            world.seconds[work] = time.monotonic() - began
        print(f"undisturbed: {world.seconds}")
        yield world


WORK = {"score": ["score", "--dataset", "toronto", "--full"], "refresh": ["refresh"]}
# The rows that a run is about to replace: all figures are wrong until it has written them.
SPOIL = "UPDATE daily_aggregates SET averages = array_fill(0::float8, ARRAY[cardinality(averages)])"


def rows(world, statement):
    """Runs a statement on a connection that may have been lost with its server."""
    try:
        return world.database.rows(statement)
    except psycopg.OperationalError:
        world.database.close()
        return world.database.rows(statement)


def figures(world):
    """A sum over every figure that is served, and the number of rows."""
    return rows(world, FIGURES)[0]


def prepare(world, work):
    if work == "score":
        rows(world, SPOIL)


def again(world, *arguments):
    """Repeats a command until PostgreSQL has noticed that the process before is dead."""

    def attempt():
        done = world.hextant(*arguments, "--json")
        assert done.code in (0, BUSY), done.err
        return done.code == 0 and done.json

    return wait_until(attempt, "the dead run to let go")


def stop(world):
    """Stops PostgreSQL like a crash, or like an administrator who waits for nobody."""
    if chance.random() < 0.5:
        world.services.kill("postgres")
    else:
        pid = int((world.services.state / "services/postgres/postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGINT)
        wait_until(lambda: not list(world.services.processes("postgres")), "PostgreSQL to be gone")


def interrupted(world, arguments, seconds):
    """Whether the work was still under way when PostgreSQL was stopped; PostgreSQL runs again afterwards."""
    process = world.hextant.start(*arguments)
    time.sleep(seconds)
    try:
        was_running = process.poll() is None
        stop(world)
        _, err = process.communicate(timeout=60)
    finally:
        world.services.up()
    assert "Fatal" not in err, err
    if process.returncode != 0:
        # PostgreSQL cannot be reached, whatever was being done.
        assert process.returncode == 69, (process.returncode, err)
    return was_running


def moments(seconds):
    """Random moments of a run. The first is an early one, for a moment that comes too late says nothing."""
    return [chance.uniform(0, seconds / 4 if stop == 0 else seconds) for stop in range(STOPS)]


def counted(outcomes, what):
    print(f"{what}: {STOPS} stops, {sum(outcomes)} of them while it ran (HEXTANT_SEED={SEED})")
    assert any(outcomes)


def test_scoring(world):
    outcomes = []
    for moment in moments(world.seconds["score"]):
        prepare(world, "score")
        outcomes.append(interrupted(world, WORK["score"], moment))
        # What is served was not touched.
        assert figures(world) == world.day
        again(world, *WORK["score"])
        assert rows(world, "SELECT count(*) FROM analytics_runs WHERE state = 'running' AND id < "
                    "(SELECT max(id) FROM analytics_runs WHERE kind = 'score')") == [(0,)]
        again(world, "refresh")
        assert figures(world) == world.day
    counted(outcomes, "scoring")


def served(world):
    return rows(world, "SELECT generation FROM served_view")[0][0]


def test_refresh(world):
    outcomes = []
    for moment in moments(world.seconds["refresh"]):
        before = served(world)
        outcomes.append(interrupted(world, WORK["refresh"], moment))
        assert served(world) - before in (0, 1)
        assert figures(world) == world.day
        told = again(world, "refresh")
        assert told["generation"] == served(world) and told["rows"] == world.day[1]
        assert figures(world) == world.day
        assert leftovers(world) == []
    counted(outcomes, "refresh")


def leftovers(world):
    """Views of a refresh other than the served one."""
    return rows(
        world,
        "SELECT tablename FROM pg_tables"
        " WHERE tablename LIKE 'mv_daily_risk%' AND tablename <> 'mv_daily_risk'",
    )


@contextmanager
def reading(world):
    """A reader that keeps using the served view, so that the swap is tried repeatedly."""
    reader = world.database.connect()
    reader.execute("SELECT count(*) FROM mv_daily_risk")
    try:
        yield reader
    finally:
        reader.close()


def test_swap(world):
    outcomes = []
    for number in range(STOPS):
        before = served(world)
        with reading(world) as reader:
            process = world.hextant.start("refresh")
            built = (
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE query LIKE '%%Replaces mv_daily_risk%%' AND pid <> pg_backend_pid()")
            wait_until(lambda: rows(world, built)[0][0], "the swap to be tried")
            # In the middle of an attempt, in the pause after it, or in the one that succeeds once the reader has left.
            # The first time the reader stays, so that one stop at least comes while the swap is tried.
            if number > 0 and chance.random() < 0.7:
                reader.rollback()
            time.sleep(chance.uniform(0, 0.2))
            try:
                outcomes.append(process.poll() is None)
                stop(world)
                _, err = process.communicate(timeout=60)
            finally:
                world.services.up()
        assert process.returncode in (0, 69), err
        # Either view, complete; and as many generations as swaps.
        assert served(world) - before == (1 if process.returncode == 0 else served(world) - before) <= 1
        assert figures(world) == world.day
        told = again(world, "refresh")
        assert told["generation"] == served(world)
        assert figures(world) == world.day
        assert leftovers(world) == []
    counted(outcomes, "swap")
