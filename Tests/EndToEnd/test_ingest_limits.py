"""Limits of one upload and of all uploads together: dead letters, time, disk, and the lock of a dataset."""

import gzip
import random
import signal
import socket
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
import requests
from accounts import add_key, bearer
from command import REPOSITORY
from serving import Server, serving
from uploads import GOOD, HEADER, counts, stored
from waiting import wait_until

# A mapping that accepts a file whose records are all rejected.
PLACELESS = "Year Month,Victimisations\n"

SWEEP = (REPOSITORY / "sql/batch_sweep.sql").read_text()


@pytest.fixture(scope="module")
def server(hextant, folder):
    with serving(hextant, folder / "limits.log", "--maximum-upload", "8", "--dead-letters", "1000") as server:
        yield server


def send(server, key, dataset, data, mapping="canonical", **headers):
    return requests.post(
        f"{server.url}/v1/events/upload?dataset={dataset}&mapping={mapping}", headers=bearer(key) | headers, data=data,
        timeout=120)


def batches(server, key, dataset):
    answer = requests.get(f"{server.url}/v1/ingest/batches?dataset={dataset}", headers=bearer(key), timeout=60)
    return answer.json()["items"]


def letters(database, dataset):
    return database.value(
        "SELECT count(*) FROM dead_letters d JOIN ingest_batches b ON b.id = d.batch WHERE dataset = %s", [dataset])


def lock_is_free(database, dataset):
    """Whether an ingest into the dataset could begin."""
    return database.value(
        "SELECT pg_try_advisory_xact_lock(hashtextextended('hextant ingest ' || %s, 0))", [dataset])


def test_a_file_of_another_kind_is_given_up_early_and_shows_what_is_wrong(server, key, database, dataset):
    answer = send(server, key, dataset, HEADER + GOOD + "x\n" * 3_000_000)
    assert answer.status_code == 422, answer.text
    told = answer.json()["detail"]
    assert told.startswith("too_many_rejects: ") and "wrong_column_count" in told
    [batch] = batches(server, key, dataset)
    assert batch["state"] == "failed" and batch["error"].startswith("too_many_rejects: ")
    # Stopped at the first check after a thousand records, not at the end of three million.
    assert 500 < batch["rejected"] < 100_000
    assert counts(batch) == (batch["rejected"], 0, 0, batch["rejected"])
    assert batch["rejected_by_reason"] == {"wrong_column_count": batch["rejected"]}
    assert letters(database, dataset) == 100 == batch["rejected"] - batch["dead_letters_omitted"]
    assert stored(database, dataset) == 0 and lock_is_free(database, dataset)
    # Nothing is added to it later, and its letters do not prevent an ingest of the same file with a fitting mapping.
    path = f"{server.url}/v1/ingest/dead-letters/remediate?batch={batch['id']}&mapping=canonical"
    refused = requests.post(path, headers=bearer(key), timeout=60)
    assert refused.status_code == 409 and "failed" in refused.json()["detail"]


def test_of_a_file_of_bad_records_a_number_is_kept_and_all_are_counted(server, key, database, dataset):
    body = PLACELESS + "x,1\n" * 20_000 + ",\n" * 5_000 + "\n" * 100_000
    for omitted in [24_000, 24_000]:
        # The second time the letters are known: no more are stored per file, however often it comes.
        answer = send(server, key, dataset, body, "nz-demographics")
        assert answer.status_code == 201, answer.text
        batch = answer.json()
        assert counts(batch) == (25_000, 0, 0, 25_000)
        assert batch["rejected_by_reason"] == {"bad_timestamp": 20_000, "empty_row": 5_000}
        assert batch["dead_letters_omitted"] == omitted
        assert letters(database, dataset) == 1000


def test_the_command_tells_what_it_kept_and_a_mapping_states_its_share(hextant, database, dataset, tmp_path):
    file, mapping = tmp_path / "events.csv", tmp_path / "share.yaml"
    file.write_text("when,x,y\n" + "2021-05-01,1,2\n" * 1400 + "2021-05-01,east,2\n" * 600)
    yaml = "event_type: {constant: theft}\ntime: {column: when}\ncoordinates: {longitude: x, latitude: y}\n"
    mapping.write_text(yaml + "rejects: {share: 0.25, after: 1800}\n")
    refused = hextant("ingest", file, "--dataset", dataset, "--mapping", mapping)
    assert refused.code == 65 and "too_many_rejects: 600 of the first 2000 records" in refused.err, refused.err
    assert stored(database, dataset) == 0
    mapping.write_text(yaml + "rejects: {share: 0.3}\n")
    told = hextant.json("ingest", file, "--dataset", dataset, "--mapping", mapping, "--dead-letters", "10")
    assert (told["accepted"], told["rejected_by_reason"], told["dead_letters_omitted"]) == (
        1400, {"bad_number": 600}, 590)
    assert letters(database, dataset) == 100 + 10
    # Letters that become events also leave the counts by reason.
    mapping.write_text(yaml.replace("longitude: x", "longitude: y"))
    hextant.json("dead-letters", "remediate", "--batch", told["batch"], "--mapping", mapping)
    [[rejected, reasons]] = database.rows(
        "SELECT rejected, rejected_by_reason FROM ingest_batches WHERE id = %s", [told["batch"]])
    assert (rejected, reasons) == (590, {"bad_number": 590})
    mapping.write_text(yaml + "rejects: {share: 2}\n")
    assert (
        "rejects.share: must be a number from 0 to 1" in hextant("ingest", file, "--dry-run", "--mapping", mapping).err
    )


def test_a_small_body_does_not_swell(hextant, server, key, database, dataset, folder):
    swollen = gzip.compress(PLACELESS.encode() + b"x\n" * 3_000_000)
    assert len(swollen) < 10_000
    answer = send(server, key, dataset, swollen, "nz-demographics")
    assert answer.status_code == 422 and "500 times its size" in answer.json()["detail"], answer.text
    # Compressed no more than text may be, but unpacking to more than ten times the server's limit.
    chance = random.Random(1)
    line = 'theft,2021-05-01T10:00:00Z,-79.4,43.7,"{{""a"": {}}}"\n'
    block = "".join(line.format(chance.random()) for _ in range(100)).encode()
    long = gzip.compress(HEADER.encode() + block * (11_000_000 // len(block)))
    assert len(long) * 300 > 11_000_000 and len(long) < 1 << 20
    with serving(hextant, folder / "swell.log", "--maximum-upload", "1") as narrow:
        answer = send(narrow, key, dataset, long)
    assert answer.status_code == 422 and "unpacks to more than 10485760 bytes" in answer.json()["detail"], answer.text
    assert (stored(database, dataset), letters(database, dataset)) == (0, 0)


@contextmanager
def held_up(database, table="dead_letters"):
    """Writers to the table wait until the end of the block."""
    with database.connect() as connection:
        connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield


def begin(server, key, dataset, length, body=b""):
    """A connection on which an upload has begun."""
    client = socket.create_connection(("127.0.0.1", urlsplit(server.url).port), timeout=60)
    client.sendall((
        f"POST /v1/events/upload?dataset={dataset} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Length: {length}\r\n\r\n").encode() + body)
    return client


@pytest.mark.parametrize("table", ["events", "dead_letters"])
def test_a_sender_that_leaves_lets_the_dataset_go(server, key, database, dataset, table):
    body = (HEADER + GOOD + "x\n").encode()
    with held_up(database, table):
        with begin(server, key, dataset, len(body), body):
            wait_until(
                lambda: database.value(
                    "SELECT count(*) FROM ingest_batches WHERE dataset = %s AND state = 'running'", [dataset]),
                "the ingest to begin")
            assert not lock_is_free(database, dataset)
        # The table it waits for is still locked. Before anybody else may begin, the reason is stored: no sweep finds a
        # batch of which nobody says why it ended.
        wait_until(
            lambda: database.rows(SWEEP) or lock_is_free(database, dataset), "the dataset to be let go", seconds=20)
        [(state, error)] = database.rows("SELECT state::text, error FROM ingest_batches WHERE dataset = %s", [dataset])
        assert (state, error) == ("failed", "given up because the sender left or it took too long")
    assert (stored(database, dataset), letters(database, dataset)) == (0, 0)
    assert counts(send(server, key, dataset, body).json()) == (11, 10, 0, 1)


def test_an_ingest_has_a_time_limit(hextant, key, database, dataset, folder):
    with serving(hextant, folder / "time.log", "--ingest-timeout", "1") as server:
        with held_up(database):
            answer = send(server, key, dataset, HEADER + GOOD + "x\n")
            assert answer.status_code == 503 and "longer than 1 s" in answer.json()["detail"], answer.text
            assert int(answer.headers["Retry-After"]) > 0
            wait_until(lambda: lock_is_free(database, dataset), "the dataset to be let go", seconds=20)
        assert [batch["state"] for batch in batches(server, key, dataset)] == ["failed"]
    assert stored(database, dataset) == 0


def test_uploads_at_once_have_bounds(hextant, key, dataset, folder):
    other, third = add_key(hextant), add_key(hextant)
    flags = ["--maximum-upload", 1, "--maximum-uploads", 2, "--maximum-uploads-each", 1]
    with serving(hextant, folder / "at-once.log", *flags) as server:
        running = lambda count: wait_until(lambda: server.metric("uploads_running") == count,
                                           f"{count} uploads")  # noqa: E731
        with begin(server, key, dataset, 1000, b"a"):
            running(1)
            answer = send(server, key, dataset, HEADER + GOOD)
            assert answer.status_code == 429 and "1 uploads under way" in answer.json()["detail"], answer.text
            assert int(answer.headers["Retry-After"]) > 0
            with begin(server, other, dataset, 1000, b"a"):
                running(2)
                answer = send(server, third, dataset, HEADER + GOOD)
                assert answer.status_code == 503 and "2 uploads under way" in answer.json()["detail"], answer.text
                assert int(answer.headers["Retry-After"]) > 0
        running(0)
        assert server.metric("uploads_refused_total") == 2
        assert send(server, key, dataset, HEADER + GOOD).status_code == 201


@pytest.mark.parametrize("form", ["length", "chunked"])
def test_bodies_take_no_more_of_the_disk_than_is_allowed(hextant, key, dataset, folder, form):
    flags = ["--maximum-upload", 4, "--upload-disk", 4]
    with serving(hextant, folder / f"disk-{form}.log", *flags) as server:
        body = (HEADER + GOOD).encode() + b"\n" * (2 << 20)
        # Its length is known, so its space is reserved before it arrives.
        with begin(server, key, dataset, 3 << 20, b"a"):
            wait_until(lambda: server.metric("upload_disk_bytes") == 3 << 20, "the room to be taken")
            pieces = (body[place:place + 65536] for place in range(0, len(body), 65536))
            try:
                answer = send(server, key, dataset, body if form == "length" else pieces)
                assert answer.status_code == 503 and "disk space" in answer.json()["detail"], answer.text
                assert int(answer.headers["Retry-After"]) > 0
            except requests.ConnectionError:
                pass  # The server may close before it has read all of a body that it has refused.
            assert server.metric("uploads_refused_total") == 1
        wait_until(lambda: server.metric("upload_disk_bytes") == 0, "the room to be given back")
        assert send(server, key, dataset, body).status_code == 201


def test_bodies_of_a_killed_server_are_gone_at_the_next_start_and_others_stay(hextant, key, dataset, folder, tmp_path):
    def spools():
        return {path.parent.name: path for path in tmp_path.glob("hextant-spool-*/hextant-upload-*")}

    stranger = tmp_path / "hextant-spool-just-made"
    stranger.mkdir()
    live = Server(hextant, folder / "live.log", TMPDIR=str(tmp_path))
    killed = Server(hextant, folder / "killed.log", TMPDIR=str(tmp_path))
    try:
        with begin(live, key, dataset, 1000, b"a"):
            [(lively, kept)] = wait_until(spools, "the first body").items()
            with begin(killed, key, dataset, 1000, b"a"):
                wait_until(lambda: len(spools()) == 2, "the second body")
                killed.process.send_signal(signal.SIGKILL)
                killed.process.wait()
            assert len(spools()) == 2
            with serving(hextant, folder / "next.log", TMPDIR=str(tmp_path)):
                assert set(spools()) == {lively} and kept.exists() and stranger.exists()
                folders = {path.name for path in tmp_path.glob("hextant-spool-*")}
                assert len(folders) == 3
        assert live.stop() == 0
        # A server that ends normally leaves no files.
        assert [path.name for path in tmp_path.iterdir()] == [stranger.name]
    finally:
        for server in [live, killed]:
            if server.process.poll() is None:
                server.process.kill()
                server.process.wait()


def test_without_a_folder_for_bodies_the_server_does_not_start(hextant, tmp_path):
    done = hextant("serve", "--port", "0", TMPDIR=str(tmp_path / "nowhere"))
    assert done.code == 78 and "TMPDIR" in done.err, done.err
