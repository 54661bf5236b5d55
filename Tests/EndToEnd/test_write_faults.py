"""Writing while PostgreSQL is killed or its disk is full, and the state of interrupted batches."""

import threading
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
import requests
from accounts import SECRET, add_key, add_user, bearer, tokens
from command import Hextant
from databases import fresh_database
from own_services import own_services
from serving import Server, serving
from uploads import GOOD, HEADER, counts, stored
from waiting import wait_until

POSTGRES = "postgres"


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    with own_services(tmp_path_factory.mktemp("write-faults")) as services:
        yield services


@pytest.fixture(scope="module")
def world(services, tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    with fresh_database(services.database_url) as database:
        hextant = Hextant(database.url)
        hextant.json("migrate", "up")
        flags = ["--redis-url", services.redis_url, "--statement-timeout", 3, "--workers", 0]
        with serving(hextant, folder / "writes.log", *flags, HEXTANT_TOKEN_SECRET=SECRET) as server:
            yield SimpleNamespace(
                services=services, database=database, hextant=hextant, server=server, folder=folder,
                key=add_key(hextant), user=add_user(hextant, folder))


_slugs = (f"written-{number}" for number in range(1000))


@pytest.fixture
def dataset(world):
    return world.hextant.put_dataset(world.folder, next(_slugs))


def send(server, key, dataset, body):
    return requests.post(
        f"{server.url}/v1/events/upload?dataset={dataset}", headers=bearer(key), data=body, timeout=120)


def states(database, dataset):
    """Read on a new connection each time: PostgreSQL may have been restarted."""
    database.close()
    return [state for [state] in database.rows(
        "SELECT state::text FROM ingest_batches WHERE dataset = %s ORDER BY id", [dataset])]


def assert_away(answer):
    assert answer.status_code == 503, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert int(answer.headers["Retry-After"]) >= 1
    for inside in ["SELECT", "INSERT", "SQLSTATE", "PostgreSQL:", "127.0.0.1"]:
        assert inside not in answer.text


class Sender(threading.Thread):
    """Sends a file and keeps the answer."""

    def __init__(self, *arguments):
        super().__init__()
        self.arguments = arguments
        self.start()

    def run(self):
        self.answer = send(*self.arguments)


@contextmanager
def held_up(database):
    with database.connect() as connection:
        connection.execute("LOCK TABLE dead_letters IN ACCESS EXCLUSIVE MODE")
        yield connection


def cut_off(world, server, dataset):
    """An upload during which PostgreSQL is killed while rows are written, with its answer."""
    holder = world.database.connect()
    holder.execute("LOCK TABLE dead_letters IN ACCESS EXCLUSIVE MODE")
    sender = Sender(server, world.key, dataset, HEADER + GOOD + "x\n")
    wait_until(lambda: states(world.database, dataset) == ["running"], "the ingest to begin")
    world.database.close()
    world.services.kill(POSTGRES)
    sender.join()
    holder.close()
    return sender.answer


def test_an_upload_whose_database_goes_away_is_503_and_its_batch_fails_when_it_is_back(world, dataset):
    try:
        assert_away(cut_off(world, world.server, dataset))
        assert_away(send(world.server, world.key, dataset, HEADER + GOOD))
    finally:
        world.services.up()
    # Nobody else ingests anything meanwhile.
    wait_until(lambda: states(world.database, dataset) == ["failed"], "the batch to fail", seconds=20)
    wait_until(lambda: send(world.server, world.key, dataset, HEADER).status_code == 201, "the database")
    assert counts(send(world.server, world.key, dataset, HEADER + GOOD + "x\n").json()) == (11, 10, 0, 1)
    assert stored(world.database, dataset) == 10


@pytest.mark.parametrize("next_one", ["server", "worker"])
def test_the_batch_of_a_killed_server_fails_at_the_next_start(world, dataset, next_one):
    """The file is sent to a separate server, with a database that nobody else uses."""
    with fresh_database(world.services.database_url) as database:
        hextant = Hextant(database.url)
        hextant.json("migrate", "up")
        hextant.put_dataset(world.folder, dataset)
        key = add_key(hextant)
        server = Server(hextant, world.folder / f"killed-{next_one}.log")
        server.wait_until_ready()
        with held_up(database) as holder:
            sender = threading.Thread(target=lambda: pytest.raises(
                requests.ConnectionError, send, server, key, dataset, HEADER + GOOD + "x\n"))
            sender.start()
            wait_until(lambda: states(database, dataset) == ["running"], "the ingest to begin")
            server.process.kill()
            server.process.wait()
            sender.join()
            holder.rollback()
        assert states(database, dataset) == ["running"]
        if next_one == "server":
            with serving(hextant, world.folder / "next.log"):
                wait_until(lambda: states(database, dataset) == ["failed"], "the batch to fail", seconds=20)
        else:
            worker = hextant.start("worker")
            wait_until(lambda: states(database, dataset) == ["failed"], "the batch to fail", seconds=20)
            worker.terminate()
            worker.communicate(timeout=20)
            assert worker.returncode == 0


# PostgreSQL's own errors for a full disk and for too little memory.
@pytest.mark.parametrize("state", ["53100", "53200"])
@pytest.mark.parametrize("table", ["dead_letters", "ingest_batches"])
def test_an_upload_that_the_database_has_no_room_for_is_503_and_its_batch_fails_at_once(world, dataset, table, state):
    event = "BEFORE INSERT" if table == "dead_letters" else "BEFORE UPDATE"
    condition = "" if table == "dead_letters" else "WHEN (NEW.state = 'finished')"
    world.database.close()
    world.database.rows(f"""
        CREATE OR REPLACE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '{state}'; END $$;
        CREATE TRIGGER no_room {event} ON {table} FOR EACH ROW {condition} EXECUTE FUNCTION no_room();
        """)
    try:

        def refused():
            assert_away(send(world.server, world.key, dataset, HEADER + GOOD + "x\n"))
            return states(world.database, dataset)

        # After the tests before, the server does not ask the database for a moment: 503 without a batch.
        assert wait_until(refused, "a batch to begin", 30) == ["failed"]
    finally:
        world.database.rows(f"DROP TRIGGER no_room ON {table}")
    assert stored(world.database, dataset) == 0
    assert send(world.server, world.key, dataset, HEADER + GOOD + "x\n").status_code == 201


def writes(world, dataset, refresh_token):
    """Every route that changes something, as a request."""
    description = {
        "title": "a",
        "licence": "b",
        "attribution": "c",
        "time_zone": "UTC",
        "visibility": "public",
        "resolutions": [7],
    }
    sign_in = {"grant_type": "password", "username": world.user, "password": "a passphrase for the tests"}
    return [
        ("POST", f"/v1/analytics/run?dataset={dataset}&resolution=7", {}),
        ("DELETE", "/v1/analytics/runs/1", {}),
        ("POST", "/v1/views/refresh", {}),
        ("DELETE", "/v1/cache", {}),
        ("PUT", f"/v1/datasets/{dataset}", {"json": description}),
        ("PATCH", f"/v1/datasets/{dataset}", {"json": {"title": "b"}}),
        ("DELETE", f"/v1/datasets/{dataset}?confirm={dataset}", {}),
        ("POST", "/v1/ingest/dead-letters/remediate?batch=1&mapping=canonical", {}),
        ("POST", f"/v1/events/upload?dataset={dataset}", {"data": HEADER + GOOD}),
        ("POST", "/v1/auth/token", {"data": sign_in}),
        ("POST", "/v1/auth/revoke", {"data": {"token": refresh_token}}),
    ]


def test_every_route_that_writes_is_503_while_the_database_is_away(world, dataset):
    # Rights and datasets are cached, so that the write itself fails.
    wait_until(lambda: dataset in world.server.get("/v1/datasets").text, "the server to know the dataset")
    requests_ = writes(world, dataset, tokens(world.server, world.user)["refresh_token"])
    with world.services.killed(POSTGRES):
        for method, path, options in requests_:
            credentials = {} if "/auth/" in path else bearer(world.key)
            answer = requests.request(method, world.server.url + path, headers=credentials, timeout=60, **options)
            assert answer.status_code == 503, (method, path, answer.status_code, answer.text)
            assert_away(answer)
    world.database.close()
    wait_until(lambda: send(world.server, world.key, dataset, HEADER).status_code == 201, "the database")


def test_the_cache_is_not_emptied_while_redis_is_away(world):
    with world.services.killed("valkey"):
        answer = requests.delete(f"{world.server.url}/v1/cache", headers=bearer(world.key), timeout=60)
        assert_away(answer)
