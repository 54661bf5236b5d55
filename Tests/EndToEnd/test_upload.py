"""Files sent over HTTP and their batches."""

import gzip
import io
import re
import socket
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from accounts import bearer
from serving import serving
from uploads import BAD, GOOD, HEADER, call, counts, server, stored  # noqa: F401
from waiting import wait_until


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
    assert [item["id"] for item in call("GET", f"/v1/ingest/batches?dataset={dataset}").json()["items"]] == [
        batch["id"]
    ]


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
    same = f"/v1/events/upload?dataset={dataset}&mapping=toronto"
    assert call("POST", same, {"Idempotency-Key": "one"}, data=HEADER + GOOD).status_code == 422


@pytest.mark.parametrize("form", ["gzip", "zip", "gzip in a form"])
def test_a_packed_body_is_unpacked(call, database, dataset, form):
    content = (HEADER + GOOD + BAD).encode()
    packed = gzip.compress(content)
    if form == "zip":
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("events.csv", content)
        packed = file.getvalue()
    body = {"files": {"file": ("events.csv.gz", packed)}} if form == "gzip in a form" else {"data": packed}
    answer = call("POST", f"/v1/events/upload?dataset={dataset}", **body)
    assert answer.status_code == 201, answer.text
    assert counts(answer.json()) == (12, 10, 0, 2)
    assert stored(database, dataset) == 10
    # A truncated file is refused, and nothing of it is stored.
    broken = call("POST", f"/v1/events/upload?dataset={dataset}", data=packed[:-9])
    assert broken.status_code == 422 and "again" in broken.json()["detail"], broken.text


def test_records_that_the_mapping_leaves_out_are_told_of_the_batch(call, hextant, dataset, tmp_path):
    mapping = tmp_path / "some.yaml"
    mapping.write_text(
        "event_type: {column: event_type}\ntime: {column: event_timestamp}\n"
        "coordinates: {longitude: longitude, latitude: latitude}\n"
        "filter: [{column: event_timestamp, in: [\"2021-05-01T10:00:00Z\"]}]\n")
    file = tmp_path / "events.csv"
    file.write_text(HEADER + GOOD)
    told = hextant.json("ingest", file, "--dataset", dataset, "--mapping", mapping)
    assert (told["received"], told["filtered"]) == (1, 9)
    [batch] = call("GET", f"/v1/ingest/batches?dataset={dataset}").json()["items"]
    assert (batch["received"], batch["accepted"], batch["filtered"]) == (1, 1, 9)


def test_a_long_body_goes_to_disk_and_not_into_memory(hextant, key, database, dataset, folder):
    def body():
        yield b"columns,of,no,mapping\n"
        for _ in range(200):
            yield b"x" * (1 << 20)

    def peak(process):
        return int(re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process.pid}/status").read_text())[1]) / 1024

    with serving(hextant, folder / "long.log") as server:
        before = peak(server.process)
        answer = requests.post(
            f"{server.url}/v1/events/upload?dataset={dataset}", data=body(), timeout=120,
            headers=bearer(key))
        assert answer.status_code == 422 and "event_type" in answer.json()["detail"], answer.text
        assert peak(server.process) - before < 100


def test_a_sender_that_is_too_slow_is_cut_off(hextant, key, database, dataset, folder):
    with serving(hextant, folder / "slow.log", "--slowest-upload", "1000000") as server:
        with socket.create_connection(("127.0.0.1", urlsplit(server.url).port)) as client:
            client.settimeout(60)
            client.sendall((
                f"POST /v1/events/upload?dataset={dataset} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n"
                f"Content-Length: 100000\r\n\r\n{HEADER}{GOOD}").encode())
            answer = b""
            # Until the server closes the connection, although the body is incomplete.
            while piece := client.recv(65536):
                answer += piece
        assert answer.startswith(b"HTTP/1.1 408 "), answer
        assert b"1000000 bytes a second" in answer
        # A client that sends fast enough is served.
        sent = requests.post(
            f"{server.url}/v1/events/upload?dataset={dataset}", data=HEADER + GOOD, timeout=60,
            headers=bearer(key))
        assert sent.status_code == 201
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


def test_a_refused_body_is_not_read_for_ever(hextant, key, dataset, folder):
    """However slowly it continues: a byte now and then would satisfy the limit of silence."""
    with serving(hextant, folder / "refused.log", "--maximum-upload", 1, "--head-timeout", 1) as server:
        with socket.create_connection(("127.0.0.1", urlsplit(server.url).port), timeout=60) as client:
            client.sendall((
                f"POST /v1/events/upload?dataset={dataset} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n"
                "Content-Length: 100000000\r\n\r\n").encode())
            assert client.recv(65536).startswith(b"HTTP/1.1 413 ")

            def is_cut_off():
                try:
                    client.sendall(b"x")
                    return False
                except ConnectionError:
                    return True

            wait_until(is_cut_off, "the connection to be closed", seconds=30)


def test_a_sender_that_goes_away_in_the_middle_leaves_nothing(server, key, call, database, dataset):
    with socket.create_connection(("127.0.0.1", urlsplit(server.url).port)) as client:
        client.sendall((
            f"POST /v1/events/upload?dataset={dataset} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n"
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


def test_without_a_key_nobody_may_send(hextant, folder):
    with serving(hextant, folder / "closed.log") as closed:
        answer = requests.post(f"{closed.url}/v1/events/upload?dataset=x", data=HEADER, timeout=60)
        assert answer.status_code == 401
