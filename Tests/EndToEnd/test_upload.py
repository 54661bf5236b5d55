"""Files sent over HTTP, the batches they make, and dead letters that are read again."""

import itertools
import json
import socket
from urllib.parse import urlsplit

import pytest
import requests
from serving import serving

TOKEN = "operator-token-of-the-upload-tests-0123456789"
HEADER = "event_type,event_timestamp,longitude,latitude,attributes_json\n"
GOOD = "".join(f'theft,2021-05-{day:02}T10:00:00Z,-79.4,43.7,"{{""a"": {day}}}"\n' for day in range(1, 11))
BAD = "theft,yesterday,-79.4,43.7,{}\ntheft,2021-05-01T10:00:00Z,east,43.7,{}\n"
slugs = (f"sent-{number}" for number in itertools.count(1))


@pytest.fixture(scope="module")
def server(hextant, folder):
    with serving(
        hextant, folder / "upload.log", "--maximum-upload", "1", HEXTANT_OPERATOR_TOKEN=TOKEN
    ) as server:
        yield server


@pytest.fixture
def dataset(hextant, folder):
    return hextant.put_dataset(folder, next(slugs))


@pytest.fixture
def call(server):
    """Asks with the operator's token."""

    def call(method, path, headers=None, **options):
        return requests.request(
            method, server.url + path, headers={"Authorization": f"Bearer {TOKEN}"} | (headers or {}), timeout=60,
            **options)

    return call


def stored(database, dataset):
    return database.value("SELECT count(*) FROM events WHERE dataset = %s", [dataset])


def counts(batch):
    return batch["received"], batch["accepted"], batch["duplicate"], batch["rejected"]


@pytest.mark.parametrize("form", ["raw", "chunked", "multipart"])
def test_a_file_is_taken_raw_in_chunks_and_as_a_form(call, database, dataset, form):
    content = (HEADER + GOOD + BAD).encode()
    body = {
        "raw": {"data": content},
        "chunked": {"data": (content[place:place + 7] for place in range(0, len(content), 7))},
        "multipart": {"files": {"file": ("events.csv", content)}, "data": {"note": "a field that is no file"}},
    }[form]
    answer = call("POST", f"/v1/events/upload?dataset={dataset}", **body)
    assert answer.status_code == 201, answer.text
    batch = answer.json()
    assert counts(batch) == (12, 10, 0, 2)
    assert stored(database, dataset) == 10
    assert call("GET", urlsplit(answer.headers["Location"]).path).json() == batch
    assert [item["id"] for item in call("GET", f"/v1/ingest/batches?dataset={dataset}").json()["items"]] == [batch["id"]]


def test_a_key_that_is_sent_again_gives_the_same_batch(call, database, dataset):
    def send(content, key):
        return call("POST", f"/v1/events/upload?dataset={dataset}", {"Idempotency-Key": key}, data=content)

    first = send(HEADER + GOOD, "one")
    again = send(HEADER + GOOD, "one")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert send(HEADER, "one").status_code == 422
    assert counts(send(HEADER + GOOD, "two").json()) == (10, 0, 10, 0)
    assert stored(database, dataset) == 10


def test_a_body_above_the_limit_is_refused_and_nothing_is_kept(call, database, dataset):
    line = GOOD.splitlines(keepends=True)[0].encode()
    content = HEADER.encode() + line * ((1 << 20) // len(line) + 1)
    pieces = (content[place:place + 65536] for place in range(0, len(content), 65536))
    for body in [content, pieces]:
        try:
            assert call("POST", f"/v1/events/upload?dataset={dataset}", data=body).status_code == 413
        except requests.ConnectionError:
            pass  # The server may close before it has read all of a body that it has refused.
    assert stored(database, dataset) == 0
    assert call("GET", f"/v1/ingest/batches?dataset={dataset}").json()["items"] == []


def test_a_sender_that_goes_away_in_the_middle_leaves_nothing(server, call, database, dataset):
    with socket.create_connection(("127.0.0.1", urlsplit(server.url).port)) as client:
        client.sendall((
            f"POST /v1/events/upload?dataset={dataset} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
            f"Content-Length: 100000\r\n\r\n{HEADER}{GOOD}").encode())
    assert call("POST", f"/v1/events/upload?dataset={dataset}", data=HEADER).status_code == 201
    assert stored(database, dataset) == 0


@pytest.mark.parametrize(
    "query, headers, body, status, word",
    [
        ("dataset={}", {"Authorization": ""}, HEADER, 401, "token"),
        ("dataset={}", {"Authorization": "Bearer wrong"}, HEADER, 401, "token"),
        ("mapping=canonical", {}, HEADER, 400, "dataset"),
        ("dataset=nowhere", {}, HEADER, 404, "nowhere"),
        ("dataset={}&mapping=..%2Fsecret", {}, HEADER, 400, "mapping"),
        ("dataset={}&mapping=unknown", {}, HEADER, 400, "unknown"),
        ("dataset={}", {}, "a,b\n1,2\n", 422, "event_type"),
        ("dataset={}", {}, "", 400, "body"),
        ("dataset={}", {"Content-Type": "multipart/form-data"}, HEADER, 400, "boundary"),
        ("dataset={}", {"Content-Type": "multipart/form-data; boundary=x"}, "--x\r\n", 400, "last boundary"),
        ("dataset={}", {"Idempotency-Key": "a b"}, HEADER, 400, "Idempotency-Key"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words(call, dataset, query, headers, body, status, word):
    answer = call("POST", f"/v1/events/upload?{query.format(dataset)}", headers, data=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert word in answer.json()["detail"]
    assert "/tmp" not in answer.text


def test_dead_letters_are_listed_and_become_events_under_a_better_mapping(call, hextant, database, dataset, tmp_path):
    batch = call("POST", f"/v1/events/upload?dataset={dataset}", data=HEADER + GOOD + BAD).json()["id"]
    listed = call("GET", f"/v1/ingest/dead-letters?dataset={dataset}").json()["items"]
    assert [(item["line_number"], item["reason"], item["raw"]) for item in listed] == [
        (12, "bad_timestamp", BAD.splitlines()[0]), (13, "bad_number", BAD.splitlines()[1])]
    page = call("GET", f"/v1/ingest/dead-letters?batch={batch}&limit=1").json()
    following = urlsplit(page["next"])
    assert call("GET", f"{following.path}?{following.query}").json()["items"] == listed[1:]

    # Nothing has changed, so nothing can be read.
    same = call("POST", f"/v1/ingest/dead-letters/remediate?batch={batch}&mapping=canonical").json()
    assert (same["examined"], same["remediated"], same["accepted"]) == (2, 0, 0)

    # A mapping that takes the longitude from another column makes an event of the second.
    mapping = tmp_path / "better.yaml"
    mapping.write_text(
        "event_type: {column: event_type}\ntime: {column: event_timestamp, patterns: [iso8601]}\n"
        "coordinates: {longitude: latitude, latitude: latitude}\nattributes: {json: attributes_json}\n")
    told = hextant.json("dead-letters", "remediate", "--batch", batch, "--mapping", mapping)
    assert told == {"batch": batch, "examined": 2, "remediated": 1, "accepted": 1}
    assert counts(call("GET", f"/v1/ingest/batches/{batch}").json()) == (12, 11, 0, 1)
    assert stored(database, dataset) == 11
    assert database.rows(
        "SELECT ST_X(geom), ST_Y(geom), row_number FROM events WHERE dataset = %s AND row_number = 12", [dataset]
    ) == [(43.7, 43.7, 12)]

    # What is an event by now is not read a second time, and the file sent again adds nothing.
    again = hextant.json("dead-letters", "remediate", "--batch", batch, "--mapping", mapping)
    assert (again["examined"], again["remediated"]) == (1, 0)
    sent = call("POST", f"/v1/events/upload?dataset={dataset}", data=HEADER + GOOD + BAD).json()
    assert counts(sent) == (12, 0, 10, 2)
    assert stored(database, dataset) == 11

    open_ones = hextant.json("dead-letters", "list", "--batch", batch)["dead_letters"]
    assert [letter["reason"] for letter in open_ones] == ["bad_timestamp"]
    lines = hextant("dead-letters", "export", "--batch", batch, "--all").out.splitlines()
    assert [json.loads(line)["raw"] for line in lines] == BAD.splitlines()


def test_without_a_token_of_the_operator_nobody_may_send(hextant, folder):
    with serving(hextant, folder / "closed.log") as closed:
        answer = requests.post(f"{closed.url}/v1/events/upload?dataset=x", data=HEADER, timeout=60)
        assert answer.status_code == 401
