"""Single events over HTTP: stored when the answer comes, and once, however often they are sent."""

import json
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import requests
from accounts import bearer

EVENT = {"event_id": "a-1", "event_type": "theft", "event_timestamp": "2021-05-01T10:00:00Z", "longitude": -79.4,
         "latitude": 43.7}  # fmt: skip


@pytest.fixture
def send(server, key, dataset):
    """Sends a body and returns the answer."""

    def send(body, kind="application/json", query="", **headers):
        data = body if isinstance(body, (bytes, str)) else json.dumps(body)
        return requests.post(
            f"{server.url}/v1/datasets/{dataset}/events{query}", data=data, timeout=60,
            headers=bearer(key) | {"Content-Type": kind} | headers)

    return send


def stored(database, dataset):
    return database.value("SELECT count(*) FROM events WHERE dataset = %s", [dataset])


def test_an_event_is_stored_once_and_replaced_by_a_newer_version(send, database, dataset):
    first = send(EVENT)
    assert first.status_code == 201, first.text
    assert (first.json()["accepted"], first.json()["duplicate"]) == (1, 0)
    assert first.headers["Location"].endswith(f"/v1/ingest/batches/{first.json()['id']}")
    again = send(EVENT | {"attributes": {}})
    assert (again.status_code, again.json()["accepted"]) == (201, 0)
    assert send(EVENT | {"event_type": "robbery"}).json()["accepted"] == 1
    assert database.rows("SELECT event_type FROM events WHERE dataset = %s", [dataset]) == [("robbery",)]


def test_an_array_is_stored_and_its_bad_records_become_dead_letters(send, database, dataset):
    more = [EVENT | {"event_id": f"b-{n}"} for n in range(20)]
    answer = send([*more, {"event_type": "theft"}]).json()
    assert (answer["received"], answer["accepted"], answer["rejected"]) == (21, 20, 1)
    assert stored(database, dataset) == 20


@pytest.mark.parametrize("kind, body", [
    ("application/x-ndjson", f"{json.dumps(EVENT)}\n{json.dumps(EVENT | {'event_id': 'a-2'})}\n"),
    ("application/geo+json", {"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}, "properties": {
            "event_type": "x", "event_timestamp": f"2021-05-0{n}T10:00:00Z"}} for n in (1, 2)]}),
])  # fmt: skip
def test_other_forms_are_read(send, kind, body):
    answer = send(body, kind)
    assert (answer.status_code, answer.json()["accepted"]) == (201, 2), answer.text


def test_an_idempotency_key_gives_the_same_batch(send):
    body = {key: value for key, value in EVENT.items() if key != "event_id"}
    first, again = send(body, **{"Idempotency-Key": "k"}), send(body, **{"Idempotency-Key": "k"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert send(body | {"event_type": "other"}, **{"Idempotency-Key": "k"}).status_code == 422


def test_what_cannot_be_used_is_refused(send):
    assert send(EVENT, "text/csv").status_code == 415
    assert send("").status_code == 400
    assert send({"foo": 1}).status_code == 422
    assert send(EVENT, query="?mapping=none").status_code == 400
    assert send(EVENT, query="?dataset=x").status_code == 400
    assert send(b" " * (1 << 20) + b"{}").status_code == 413


def test_senders_take_turns(send, database, dataset):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: send(EVENT | {"event_id": f"t-{n}"}), range(24)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert stored(database, dataset) == sum(answer.status_code == 201 for answer in answers) >= 1


def test_a_dataset_that_stays_busy_is_told(send, database, dataset):
    with psycopg.connect(database.url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"hextant ingest {dataset}"])
        answer = send(EVENT)
    assert (answer.status_code, answer.headers["Retry-After"]) == (409, "5")
    assert stored(database, dataset) == 0
