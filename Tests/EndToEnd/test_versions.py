"""Servers and commands whose migrations are not those of the database."""

import shutil

import pytest
import requests
from accounts import add_key, bearer
from canonical import HEADER
from command import REPOSITORY, Hextant, assert_one_plain_line
from serving import running

MIGRATIONS = sorted(path.name.removesuffix(".up.sql") for path in (REPOSITORY / "migrations").glob("*.up.sql"))
PATHS = [
    "/v1/datasets", "/v1/datasets/kept", "/v1/tiles.json?dataset=kept", "/v1/tiles/9/143/186.mvt?dataset=kept",
    "/v1/hotspots?dataset=kept", "/v1/risk/2021-05-02?dataset=kept&resolution=7", "/v1/events?dataset=kept",
    "/v1/events?dataset=kept&f=csv", "/v1/stats?dataset=kept", "/v1/analytics/runs", "/v1/ingest/batches",
    "/v1/ingest/dead-letters", "/ogc/collections", "/ogc/collections/kept.events/items",
]  # fmt: skip


@pytest.fixture
def kept(new_database, folder, tmp_path):
    """A database with the whole schema and a served dataset, and the key of an administrator."""
    hextant = Hextant(new_database().url)
    hextant.json("migrate", "up")
    hextant.put_dataset(folder, "kept", resolutions=[7])
    file = tmp_path / "events.csv"
    file.write_text(HEADER + "".join(f"theft,2021-05-0{1 + day}T10:00:00Z,-79.4,43.7,\n" for day in range(5)))
    hextant.json("ingest", file, "--dataset", "kept")
    hextant.json("score", "--dataset", "kept")
    hextant.json("refresh")
    return hextant, add_key(hextant)


def answers(server, key):
    return [requests.get(server.url + path, headers=bearer(key), timeout=60) for path in PATHS]


def schema(server):
    answer = requests.get(f"{server.url}/v1/health/ready", timeout=60)
    return answer.status_code, {part["part"]: part["detail"] for part in answer.json()["parts"]}.get("schema", "")


@pytest.mark.parametrize("steps", [1, 2])
def test_a_server_before_its_migrations_says_so_and_needs_no_restart(kept, tmp_path, steps):
    """Those steps keep the data; the server is of the new version, the schema of the old one."""
    hextant, key = kept
    hextant.json("migrate", "down", "--steps", steps)
    with running(hextant, tmp_path / "server.log") as server:
        code, detail = schema(server)
        assert code == 503 and f"{len(MIGRATIONS) - steps} of {len(MIGRATIONS)}" in detail and "migrate up" in detail
        for answer in answers(server, key):
            assert answer.status_code in (200, 503), (answer.url, answer.text)
        hextant.json("migrate", "up")
        server.wait_until_ready()
        assert {answer.status_code for answer in answers(server, key)} == {200}


@pytest.mark.parametrize("left", [1, 2, 3, 4, 6, 9, 12, 14])
def test_a_server_on_a_schema_of_long_ago_tells_no_fault(new_database, tmp_path, left):
    """Missing parts of the schema give 503; nothing gives 500, and nothing ends the server."""
    hextant = Hextant(new_database().url)
    hextant.json("migrate", "up")
    hextant.json("migrate", "down", "--steps", len(MIGRATIONS) - left)
    with running(hextant, tmp_path / "server.log") as server:
        assert schema(server)[0] == 503
        for path in PATHS + ["/v1/tiles.json", "/metrics", "/v1/health/live"]:
            answer = requests.get(server.url + path, headers=bearer("hxk_unknown"), timeout=60)
            assert answer.status_code in (401, 200, 503), (path, answer.text)
            answer = requests.get(server.url + path, timeout=60)
            assert answer.status_code in (200, 401, 404, 503), (path, answer.text)
            if answer.status_code == 503:
                assert answer.headers["Retry-After"] and answer.headers["Content-Type"] == "application/problem+json"
        assert hextant.json("migrate", "up")["applied"] == MIGRATIONS[left:]
        server.wait_until_ready()
        assert requests.get(f"{server.url}/v1/datasets", timeout=60).json()["items"] == []
    for command in [["datasets", "list"], ["score", "--dataset", "x"], ["refresh"], ["keys", "list"]]:
        hextant.json("migrate", "down", "--all")
        outcome = hextant(*command)
        assert outcome.code == 78 and "hextant migrate up" in outcome.err
        assert_one_plain_line(outcome.err)


def test_a_server_behind_the_schema_goes_on_and_says_so(kept, tmp_path):
    """A version with one migration less keeps serving, is not ready, and refuses to migrate."""
    hextant, key = kept
    home = tmp_path / "home"
    for name in ["sql", "migrations", "mappings", "static"]:
        shutil.copytree(REPOSITORY / name, home / name)
    for path in (home / "migrations").glob(f"{MIGRATIONS[-1]}.*"):
        path.unlink()
    with running(hextant, tmp_path / "server.log", HEXTANT_HOME=str(home)) as server:
        code, detail = schema(server)
        assert code == 503 and "update hextant" in detail
        assert {answer.status_code for answer in answers(server, key)} == {200}
        for command in ["up", "down"]:
            outcome = hextant("migrate", command, HEXTANT_HOME=str(home))
            assert outcome.code == 78 and "use a newer hextant" in outcome.err and MIGRATIONS[-1] in outcome.err
            assert_one_plain_line(outcome.err)
        assert {answer.status_code for answer in answers(server, key)} == {200}


def test_two_versions_serve_while_the_schema_changes(kept, tmp_path):
    """The last migration is rolled back and applied again under two servers; neither has a fault, both serve at the
    end."""
    hextant, key = kept
    with running(hextant, tmp_path / "one.log") as one, running(hextant, tmp_path / "two.log") as two:
        for server in (one, two):
            server.wait_until_ready()
        for _ in range(3):
            for command in (["down", "--steps", 1], ["up"]):
                hextant.json("migrate", *command)
                for server in (one, two):
                    assert {answer.status_code for answer in answers(server, key)} <= {200, 503}
        for server in (one, two):
            server.wait_until_ready()
            assert {answer.status_code for answer in answers(server, key)} == {200}
