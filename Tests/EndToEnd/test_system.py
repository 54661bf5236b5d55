"""The state of parts and services: a word for everybody, what is behind it for administrators."""

import re
import socket

import pytest
import requests
from accounts import add_key, bearer
from command import Hextant
from openapi import DESCRIPTION
from serving import running

HEALTH, SERVICES = "/v1/system/health/detailed", "/v1/system/status/services"
NAMES = ["server", "database", "cache", "view", "jobs", "feeds", "models"]


def operation(path):
    [found] = [each for each in DESCRIPTION.operations if each.path == path and each.method == "GET"]
    return found


def ask(server, path, key=None, alias=""):
    answer = requests.get(f"{server.url}{alias}{path}", headers=bearer(key), timeout=60)
    operation(path).check(answer)
    return answer


def states(answer):
    return {each["service"]: each["state"] for each in answer.json()["services"]}


@pytest.mark.parametrize("alias", ["", "/api"])
def test_everybody_gets_words_and_no_sentence(server, hextant, alias):
    for key in [None, add_key(hextant, "analyst")]:
        health = ask(server, HEALTH, key, alias)
        assert health.status_code == 200 and health.json()["status"] == "ready"
        assert {frozenset(part) for part in health.json()["parts"]} == {frozenset(["part", "state", "essential"])}
        assert {part["state"] for part in health.json()["parts"]} == {"well"}
        services = ask(server, SERVICES, key, alias)
        assert services.json().keys() == {"status", "services"}
        assert {frozenset(each) for each in services.json()["services"]} == {frozenset(["service", "state"])}
        assert list(states(services)) == NAMES
        assert states(services) | {"jobs": "well"} == {
            "server": "well", "database": "well", "cache": "well", "view": "well", "jobs": "well", "feeds": "off",
            "models": "off",
        }  # fmt: skip


def test_an_administrator_sees_versions_latencies_and_queues(server, hextant, key, database):
    health = ask(server, HEALTH, key).json()
    assert health["version"] == hextant.json("version")["version"]
    parts = {part["part"]: part for part in health["parts"]}
    assert parts["postgresql"]["version"] == database.value("SHOW server_version").split(" ")[0]
    for name in ["postgresql", "redis"]:
        assert re.fullmatch(r"\d+(\.\d+)+", parts[name]["version"]), name
        assert 0 < parts[name]["latency_ms"] < 5000, name
    database.rows(
        "INSERT INTO jobs (kind, run_at) VALUES ('of-the-future', now() - interval '20 minutes'), "
        "('of-the-future', now() - interval '1 minute'), ('of-the-future', now() + interval '1 hour')")
    database.rows("INSERT INTO job_totals (kind, outcome, total) VALUES ('of-the-past', 'failed', 4)")
    services = ask(server, SERVICES, key)
    assert states(services)["jobs"] == "degraded"
    queues = {each.pop("kind"): each for each in services.json()["queues"]}
    waited = queues["of-the-future"].pop("longest_wait_seconds")
    assert 1200 <= waited < 1200 + 300
    assert queues["of-the-future"] == {"waiting": 2, "running": 0, "finished": 0, "failed": 0}
    assert queues["of-the-past"]["failed"] == 4
    view = services.json()["view"]
    assert (view["generation"], view["rows"]) == database.rows("SELECT generation, rows FROM served_view")[0]
    database.rows("DELETE FROM jobs WHERE kind = 'of-the-future'")
    assert states(ask(server, SERVICES))["jobs"] == "well"


def test_a_key_that_is_limited_to_some_datasets_gets_words_alone(server, hextant, folder):
    limited = add_key(hextant, "admin", [hextant.put_dataset(folder, "limited")])
    assert ask(server, SERVICES, limited).json().keys() == {"status", "services"}
    assert ask(server, HEALTH, limited).json().keys() == {"status", "parts"}


def test_a_server_without_its_database_says_so(folder):
    """It is asked at a port at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    away = Hextant(f"postgresql://nobody@127.0.0.1:{port}/nothing")
    with running(away, folder / "away.log") as server:
        health = ask(server, HEALTH)
        assert health.status_code == 503 and health.json()["status"] == "unready"
        services = ask(server, SERVICES)
        assert services.status_code == 200
        assert states(services) == {
            "server": "well", "database": "failing", "cache": "off", "view": "unknown", "jobs": "unknown",
            "feeds": "off", "models": "unknown",
        }  # fmt: skip


def test_a_model_whose_data_have_moved_away_is_told(server, hextant, key, database, folder):
    slug = hextant.put_dataset(folder, "modelled")
    columns = "dataset, kind, state, from_day, to_day, payments, features, parameters, metrics, library, sha256, file"
    for kind, drift in [("clustering", None), ("classification", 0.3)]:
        database.rows(
            f"INSERT INTO models ({columns}, drift_at, drift_index) VALUES (%s, %s, 'active', '2020-01-01', "
            "'2020-12-31', 10, '{a}', '{}', '{}', 'a library', %s, 'x', now(), %s)",
            [slug, kind, kind[:2].encode() * 16, drift])
    services = ask(server, SERVICES, key)
    assert states(services)["models"] == "degraded"
    told = {each["kind"]: (each["dataset"], each["state"], each["drift_index"]) for each in services.json()["models"]}
    assert told == {"clustering": (slug, "well", None), "classification": (slug, "degraded", 0.3)}
