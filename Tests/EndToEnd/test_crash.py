"""When a process is killed during an ingest, the table holds whole parts or nothing, and a second run completes the
file.

HEXTANT_KILLS says how often the ingest is killed; the long form of the test takes 50. HEXTANT_SEED repeats the moments
of a run that printed it.
"""

import itertools
import os
import random
import signal
import threading
import time
from collections import Counter
from datetime import UTC
from decimal import Decimal

import pytest
import requests
from accounts import bearer
from command import Hextant
from databases import Database
from own_services import own_services
from serving import Server
from toronto import ZONE, records, write_days
from waiting import wait_until

KILLS = int(os.environ.get("HEXTANT_KILLS", "12"))
SEED = os.environ.get("HEXTANT_SEED") or str(random.SystemRandom().randrange(1_000_000))
FIRST, LAST = "2014-01-01", "2014-05-31"
# A month that no other test uses, and one of its days.
NEW_FIRST, NEW_LAST, NEW_DAY = "2019-03-01", "2019-03-05", "2019-03-03"
BUSY = 75
PAYMENTS = "source_id,fiscal_year,entered,vendor,department,account,account_description,organisation,amount"
chance = random.Random(SEED)
slugs = (f"killed-{number}" for number in itertools.count(1))


@pytest.fixture(autouse=True)
def seed():
    print(f"HEXTANT_SEED={SEED}")  # shown when a test fails


def expected_rows(*spans):
    """The rows that the table must hold for these days, according to our own reading of the file."""
    return Counter(
        (instant, latitude, longitude, kind)
        for day, instant, latitude, longitude, kind in records()
        if any(first <= str(day) <= last for first, last in spans)
    )


@pytest.fixture(scope="module")
def months(folder):
    """Some months of Toronto with some unreadable lines, and the rows that the table must hold."""
    file = folder / "months.csv"
    rows = write_days(file, FIRST, LAST)
    width = file.read_text().split("\n", 1)[0].count(",") + 1
    with file.open("a") as lines:
        lines.writelines(["too,short\n", "," * (width - 1) + "\n"] * 10)
    expected = expected_rows((FIRST, LAST))
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


def put_dataset(hextant, folder):
    return hextant.put_dataset(folder, next(slugs), time_zone="America/Toronto")


def arguments(file, dataset, mapping="toronto"):
    return "ingest", file, "--dataset", dataset, "--mapping", mapping


def ingest_again(hextant, file, dataset, mapping="toronto"):
    """Ingests again; the server may take a moment to notice that the process before is dead."""

    def attempt():
        outcome = hextant(*arguments(file, dataset, mapping), "--json")
        assert outcome.code in (0, BUSY), outcome.err
        return outcome.code == 0 and outcome.json

    return wait_until(attempt, "the dead ingest to let go")


def check_whole_parts(database, dataset, expected):
    """A killed run left parts that its batch counts and whose days are marked; unreadable lines come with the last
    part."""
    found = stored(database, dataset)
    accepted, rejected = database.rows(
        "SELECT coalesce(sum(accepted), 0), coalesce(sum(rejected), 0) FROM ingest_batches WHERE dataset = %s",
        [dataset])[0]
    assert found <= expected
    assert found.total() == accepted
    assert letters(database, dataset) == rejected == (20 if found == expected else 0)
    marked = {day for (day,) in database.rows("SELECT day FROM event_days WHERE dataset = %s", [dataset])}
    assert {instant.astimezone(ZONE).date() for instant, *_ in found} <= marked


def check_complete(database, dataset, told, expected):
    assert stored(database, dataset) == expected
    assert letters(database, dataset) == 20
    assert told["received"] == expected.total() + 20 == told["accepted"] + told["duplicate"] + told["rejected"]
    accepted, running = database.rows(
        "SELECT sum(accepted), count(*) FILTER (WHERE state = 'running') FROM ingest_batches WHERE dataset = %s",
        [dataset])[0]
    assert (accepted, running) == (expected.total(), 0)


@pytest.fixture(scope="module")
def usual_seconds(hextant, folder, months):
    """The duration without a kill. From now on the months exist, so several connections write."""
    dataset = put_dataset(hextant, folder)
    hextant.json(*arguments(months[0], dataset))
    dataset = put_dataset(hextant, folder)
    began = time.monotonic()
    hextant.json(*arguments(months[0], dataset))
    return time.monotonic() - began


@pytest.mark.parametrize("attempt", range(KILLS))
def test_a_killed_ingest_leaves_whole_parts_and_the_next_completes_it(
    hextant, database, folder, months, usual_seconds, attempt
):
    file, expected = months
    dataset = put_dataset(hextant, folder)
    process = hextant.start(*arguments(file, dataset))
    time.sleep(chance.uniform(0, usual_seconds))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    check_whole_parts(database, dataset, expected)
    check_complete(database, dataset, ingest_again(hextant, file, dataset), expected)


def test_an_ingest_killed_between_the_commits_of_its_parts_is_completed(
    hextant, database, folder, usual_seconds, tmp_path
):
    """Only the first connection writes new months and commits last: it is stopped where it marks one of their days."""
    dataset = put_dataset(hextant, folder)
    file, late = tmp_path / "two-spans.csv", tmp_path / "late.csv"
    old = write_days(file, FIRST, LAST)
    new = write_days(late, NEW_FIRST, NEW_LAST)
    file.write_text(file.read_text() + late.read_text().split("\n", 1)[1])
    expected = expected_rows((FIRST, LAST), (NEW_FIRST, NEW_LAST))
    assert old + new == expected.total()
    with database.connect() as holder:
        holder.execute("INSERT INTO event_days (dataset, day) VALUES (%s, %s)", [dataset, NEW_DAY])
        with hextant.start(*arguments(file, dataset)) as process:
            wait_until(lambda: stored(database, dataset), "the first part to be committed")
            process.kill()
        holder.rollback()
    part = stored(database, dataset)
    assert part < expected
    [(state, received, accepted)] = database.rows(
        "SELECT state::text, received, accepted FROM ingest_batches WHERE dataset = %s", [dataset])
    assert (state, received, accepted) == ("running", part.total(), part.total())
    told = ingest_again(hextant, file, dataset)
    assert (told["received"], told["accepted"], told["duplicate"]) == (
        expected.total(), expected.total() - part.total(), part.total())
    assert stored(database, dataset) == expected
    assert database.rows(
        "SELECT state::text, sum(accepted) OVER () FROM ingest_batches WHERE dataset = %s ORDER BY id", [dataset]
    ) == [("failed", expected.total()), ("finished", expected.total())]


@pytest.mark.parametrize("attempt", range(max(2, KILLS // 4)))
def test_a_killed_ingest_of_payments_leaves_whole_parts_and_the_next_completes_it(
    hextant, database, tmp_path, attempt
):
    dataset = hextant.put_dataset(tmp_path, next(slugs), holds="expenditures")
    # Every payment twice, since only what they say tells them apart.
    rows = [f",2024,2024-03-{1 + each % 28:02},Vendor {each % 90},Parks,,,,{each}.25" for each in range(60_000)]
    file = tmp_path / "payments.csv"
    file.write_text("\n".join([PAYMENTS, *rows, *rows, ""]))

    def figures():
        return database.rows(
            """
            SELECT (SELECT count(*) FROM expenditures WHERE dataset = %s),
                (SELECT coalesce(sum(amount), 0) FROM expenditures WHERE dataset = %s),
                (SELECT coalesce(sum(accepted), 0) FROM ingest_batches WHERE dataset = %s),
                (SELECT expenditures_version FROM datasets WHERE slug = %s)
            """, [dataset] * 4)[0]

    _, _, _, before = figures()
    process = hextant.start(*arguments(file, dataset, "hextant-expenditures"))
    # At once or after the first part.
    wait_until(lambda: process.poll() is not None or attempt % 2 == 0 or figures()[0] > 0, "the first part")
    if attempt % 2 == 0:
        time.sleep(chance.uniform(0, 2))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    count, _, accepted, version = figures()
    assert count == accepted and (version > before) == (count > 0)
    told = ingest_again(hextant, file, dataset, "hextant-expenditures")
    assert told["accepted"] == 2 * len(rows) - count
    total = 2 * sum(Decimal(f"{each}.25") for each in range(len(rows)))
    assert figures()[:3] == (2 * len(rows), total, 2 * len(rows))
    assert count == 2 * len(rows) or figures()[3] > version


@pytest.mark.parametrize("attempt", range(max(2, KILLS // 4)))
def test_a_server_killed_during_an_upload_leaves_whole_parts_and_the_next_one_completes_it(
    hextant, key, database, folder, months, usual_seconds, attempt
):
    file, expected = months
    dataset = put_dataset(hextant, folder)
    headers = bearer(key) | {"Idempotency-Key": "one"}

    def start():
        server = Server(hextant, folder / f"killed-{dataset}.log")
        server.wait_until_ready()
        return server

    def send(server):
        with file.open("rb") as body:
            return requests.post(
                f"{server.url}/v1/events/upload?dataset={dataset}&mapping=toronto", headers=headers, data=body,
                timeout=60)

    def send_in_vain():
        try:
            send(server)
        except requests.ConnectionError:
            pass

    server = start()
    sender = threading.Thread(target=send_in_vain)
    sender.start()
    time.sleep(chance.uniform(0, usual_seconds))
    server.process.kill()
    server.process.wait()
    sender.join()
    check_whole_parts(database, dataset, expected)
    server = start()
    try:
        answer = wait_until(
            lambda: (answer := send(server)).status_code != 409 and answer, "the dead ingest to let go")
        assert answer.status_code in (200, 201), answer.text
        check_complete(database, dataset, answer.json(), expected)
    finally:
        server.process.terminate()
        server.process.wait()


@pytest.fixture(scope="module")
def mortal(tmp_path_factory):
    with own_services(tmp_path_factory.mktemp("mortal")) as services:
        yield services


@pytest.mark.parametrize("attempt", range(max(2, KILLS // 4)))
def test_a_killed_postgres_leaves_whole_parts_and_the_next_ingest_completes_it(
    mortal, folder, months, usual_seconds, attempt
):
    file, expected = months
    hextant = Hextant(mortal.database_url)
    hextant.json("migrate", "up")
    dataset = put_dataset(hextant, folder)
    process = hextant.start(*arguments(file, dataset))
    time.sleep(chance.uniform(0, usual_seconds))
    with mortal.killed("postgres"):
        _, err = process.communicate(timeout=60)
    database = Database(hextant.environment["HEXTANT_DATABASE_URL"])
    try:
        assert "Fatal" not in err
        check_whole_parts(database, dataset, expected)
        check_complete(database, dataset, ingest_again(hextant, file, dataset), expected)
    finally:
        database.close()
