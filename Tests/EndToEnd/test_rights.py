"""Rights that end while a request uses them, sessions that end for good, and idempotency keys of their senders."""

import json
import re
import socket
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import SimpleNamespace
from urllib.parse import urlsplit

import h2.events
import pytest
import raw_http2
import requests
import trustme
from accounts import PASSWORD, SECRET, add_key, add_user, bearer, sign_in, tokens
from raw_http import place
from serving import serving
from waiting import wait_until

HEADER = "event_type,event_timestamp,longitude,latitude,attributes_json\n"
EVENTS = 40_000
# Far more than the operating systems of both sides buffer.
ATTRIBUTES = json.dumps({"note": "n" * 600})
# The bytes that a client may still get after it stops reading: those in its own system, and a chunk under way.
LEFT = 1 << 20


@pytest.fixture(scope="module")
def vault(hextant, folder):
    """A private dataset with about 25 MB of events."""
    hextant.put_dataset(folder, "vault", visibility="private")
    quoted = ATTRIBUTES.replace('"', '""')
    file = folder / "vault.csv"
    with open(file, "w") as lines:
        lines.write(HEADER)
        for number in range(EVENTS):
            day, second = 1 + number % 28, number % 86400
            moment = f"2021-05-{day:02}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"
            lines.write(f'theft,{moment},-79.4,43.7,"{quoted}"\n')
    hextant.json("ingest", file, "--dataset", "vault")
    return "vault"


@pytest.fixture(scope="module")
def spools(folder):
    """The folder in which the servers store uploads while they arrive."""
    spools = folder / "spools"
    spools.mkdir()
    return spools


@pytest.fixture(scope="module")
def server(hextant, folder, spools):
    with serving(
        hextant, folder / "rights.log", "--workers", "0", HEXTANT_TOKEN_SECRET=SECRET, TMPDIR=str(spools)
    ) as server:
        yield server


@pytest.fixture(scope="module")
def secure(hextant, folder, spools):
    issuer = trustme.CA()
    issued = issuer.issue_cert("localhost", "127.0.0.1")
    files = SimpleNamespace(
        certificate=folder / "rights.pem", key=folder / "rights.key", authority=folder / "authority.pem")
    issuer.cert_pem.write_to_path(files.authority)
    issued.private_key_pem.write_to_path(files.key)
    files.certificate.write_bytes(b"".join(part.bytes() for part in issued.cert_chain_pems))
    with serving(
        hextant, folder / "secure.log", "--workers", "0", "--tls-certificate", files.certificate,
        "--tls-key", files.key, authority=files.authority, HEXTANT_TOKEN_SECRET=SECRET, TMPDIR=str(spools),
    ) as server:
        yield server


@pytest.fixture(autouse=True)
def forgotten_attempts(database):
    database.rows("DELETE FROM login_attempts")


def reader(hextant, folder, server, dataset, role="analyst"):
    """A user who may read the dataset, with the tokens of a sign-in."""
    name = add_user(hextant, folder, role=role)
    hextant.json("datasets", "grant", dataset, name)
    return SimpleNamespace(name=name, **tokens(server, name))


def head(method, path, token, *more):
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *more]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode()


class Download:
    """An answer that a test reads as slowly as it likes, over HTTP/1.1."""

    def __init__(self, server, path, token, authority=None):
        plain = socket.socket()
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        plain.settimeout(60)
        plain.connect(place(server))
        self.socket = plain
        if authority:
            context = ssl.create_default_context(cafile=authority)
            context.set_alpn_protocols(["http/1.1"])
            self.socket = context.wrap_socket(plain, server_hostname="localhost")
        self.socket.sendall(head("GET", path, token))
        self.start = b""
        while len(self.start) < 100_000:
            piece = self.socket.recv(65536)
            assert piece, self.start
            self.start += piece
        assert self.start.startswith(b"HTTP/1.1 200 "), self.start[:300]

    def rest(self):
        """The bytes until the connection ends, and whether the answer was complete."""
        rest = b""
        try:
            while piece := self.socket.recv(65536):
                rest += piece
                if rest.endswith(b"\r\n0\r\n\r\n"):
                    break
        except (ConnectionError, ssl.SSLError):
            pass
        self.socket.close()
        return rest, rest.endswith(b"\r\n0\r\n\r\n")


def cuts(database):
    return database.value("SELECT count(*) FROM audit_log WHERE detail = 'the right ended while the answer was sent'")


def sign_out(server, token):
    assert requests.post(f"{server.url}/v1/auth/revoke", json={"token": token}, timeout=60).status_code == 200


def new_password(hextant, folder, name):
    file = folder / f"{name}.next"
    file.write_text("another passphrase of theirs\n")
    hextant.json("users", "set-password", name, "--password-file", file)


def run_out(database):
    """Makes a session expire by the clock, without a notification."""
    with database.connect() as connection:
        connection.execute("SET session_replication_role = replica")  # no triggers
        connection.execute("UPDATE sessions SET expires_at = now()")


ENDS = {
    "the grant is taken back": lambda it: it.hextant.json("datasets", "revoke", it.dataset, it.name),
    "the user is disabled": lambda it: it.hextant.json("users", "disable", it.name),
    "the role is lowered": lambda it: it.hextant.json("users", "set-role", it.name, "public"),
    "the user signs out": lambda it: sign_out(it.server, it.refresh_token),
    "the password is changed": lambda it: new_password(it.hextant, it.folder, it.name),
    "the session runs out": lambda it: run_out(it.database),
}


@pytest.mark.parametrize("way", ENDS)
def test_an_export_that_nobody_reads_ends_with_its_right(server, hextant, folder, database, vault, way):
    user = reader(hextant, folder, server, vault)
    before = cuts(database)
    download = Download(server, f"/v1/events?dataset={vault}&f=csv", user.access_token)
    it = SimpleNamespace(hextant=hextant, folder=folder, server=server, database=database, dataset=vault, **vars(user))
    ENDS[way](it)
    wait_until(lambda: cuts(database) == before + 1, "the answer to be cut off", 30)
    rest, is_whole = download.rest()
    assert not is_whole and len(rest) < LEFT, len(rest)


@pytest.mark.parametrize("form", ["geojsonseq", "flatgeobuf"])
def test_every_form_of_a_list_ends_with_its_right(server, hextant, folder, database, vault, form):
    user = reader(hextant, folder, server, vault)
    before = cuts(database)
    download = Download(server, f"/v1/events?dataset={vault}&f={form}", user.access_token)
    hextant.json("users", "disable", user.name)
    wait_until(lambda: cuts(database) == before + 1, "the answer to be cut off", 10)
    rest, is_whole = download.rest()
    assert not is_whole and len(rest) < LEFT, len(rest)


def test_an_export_by_a_key_ends_when_it_is_revoked_and_over_tls_too(server, secure, hextant, database, vault):
    for each in [server, secure]:
        key = add_key(hextant, "analyst", [vault])
        name = database.value("SELECT name FROM api_keys ORDER BY id DESC LIMIT 1")
        before = cuts(database)
        download = Download(each, f"/v1/events?dataset={vault}&f=csv", key, each.authority)
        hextant.json("keys", "revoke", name)
        wait_until(lambda: cuts(database) == before + 1, "the answer to be cut off", 10)
        rest, is_whole = download.rest()
        assert not is_whole and len(rest) < LEFT, len(rest)


def test_an_export_of_a_dataset_that_is_made_private_ends(server, hextant, folder, database, vault):
    hextant.put_dataset(folder, vault, visibility="public")
    user = SimpleNamespace(name=add_user(hextant, folder, role="analyst"))
    token = tokens(server, user.name)["access_token"]
    path = f"/v1/events?dataset={vault}&f=csv"
    wait_until(lambda: requests.head(server.url + path, headers=bearer(token), timeout=60).status_code == 200, "it", 10)
    before = cuts(database)
    download = Download(server, path, token)
    hextant.put_dataset(folder, vault, visibility="private")
    wait_until(lambda: cuts(database) == before + 1, "the answer to be cut off", 10)
    rest, is_whole = download.rest()
    assert not is_whole and len(rest) < LEFT, len(rest)


def test_without_being_told_the_version_is_looked_up(server, hextant, folder, database, vault):
    """A NOTIFY that is lost: the server polls every second."""
    user = reader(hextant, folder, server, vault)
    before = cuts(database)
    download = Download(server, f"/v1/events?dataset={vault}&f=csv", user.access_token)
    [[body]] = database.rows("SELECT prosrc FROM pg_proc WHERE proname = 'raise_access_version'")
    create = "CREATE OR REPLACE FUNCTION raise_access_version() RETURNS trigger LANGUAGE plpgsql AS $body$ {} $body$"
    silent = re.sub(r"PERFORM pg_notify\([^)]*\);", "", body)
    assert silent != body
    database.rows(create.format(silent))
    try:
        hextant.json("datasets", "revoke", vault, user.name)
    finally:
        database.rows(create.format(body))
    wait_until(lambda: cuts(database) == before + 1, "the answer to be cut off", 10)
    rest, is_whole = download.rest()
    assert not is_whole and len(rest) < LEFT, len(rest)


def test_an_export_goes_on_while_the_rights_of_others_end(server, hextant, folder, database, vault):
    user, other = (reader(hextant, folder, server, vault) for _ in range(2))
    download = Download(server, f"/v1/events?dataset={vault}&f=csv", user.access_token)
    hextant.json("users", "disable", other.name)
    hextant.json("users", "set-role", user.name, "admin")  # the right that is needed stays
    path = f"{server.url}/v1/datasets"
    wait_until(lambda: requests.get(path, headers=bearer(other.access_token), timeout=60).status_code == 401, "401", 10)
    rest, is_whole = download.rest()
    assert is_whole
    assert (download.start + rest).count(b"theft") == EVENTS


def test_a_stream_of_http2_ends_with_its_right_and_its_connection_goes_on(
    server, secure, hextant, folder, database, vault
):
    user, other = (reader(hextant, folder, server, vault) for _ in range(2))
    connection = raw_http2.Connection(secure, secure.authority)
    connection.h2.increment_flow_control_window(1 << 24)
    # Neither stream is granted anything after its first window, so both stand still.
    path = f"/v1/events?dataset={vault}&f=csv"
    stream = connection.request(path, headers=bearer(user.access_token))
    kept = connection.request(path, headers=bearer(other.access_token))
    taken = 0
    events = connection.events()
    while taken < 60_000:
        taken += len(getattr(next(events), "data", None) or b"")
    before = cuts(database)
    hextant.json("users", "disable", user.name)
    wait_until(lambda: cuts(database) == before + 1, "the answer to be cut off", 10)
    connection.socket.settimeout(30)
    for event in events:
        assert not isinstance(event, h2.events.StreamEnded), event
        if isinstance(event, h2.events.StreamReset):
            assert event.stream_id == stream
            break
    status, body = connection.answer(connection.request("/v1/health/live"))
    assert status == 200
    connection.reset(kept)
    connection.close()


def sending(server, dataset, token, content, length):
    """An upload whose body is incomplete."""
    client = socket.create_connection(place(server), timeout=60)
    client.sendall(
        head("POST", f"/v1/events/upload?dataset={dataset}", token, f"Content-Length: {length}") + content)
    return client


def batches(database, dataset):
    return database.rows("SELECT state::text FROM ingest_batches WHERE dataset = %s", [dataset])


def stored(database, dataset):
    return database.value("SELECT count(*) FROM events WHERE dataset = %s", [dataset])


def bodies(spools):
    """The files of uploads, in the folder of each server."""
    return list(spools.rglob("hextant-upload-*"))


GOOD = "".join(f"theft,2021-05-{day:02}T10:00:00Z,-79.4,43.7,{{}}\n" for day in range(1, 11))


@pytest.mark.parametrize("way", [way for way in ENDS if way != "the session runs out"])
def test_an_upload_of_who_loses_the_right_is_refused_while_it_is_sent(
    server, hextant, folder, database, spools, dataset, way
):
    hextant.put_dataset(folder, dataset, visibility="private")
    user = reader(hextant, folder, server, dataset)
    content = (HEADER + GOOD).encode()
    with sending(server, dataset, user.access_token, content, len(content) + 100) as client:
        wait_until(lambda: any(file.stat().st_size for file in bodies(spools)), "the upload to begin", 10)
        it = SimpleNamespace(
            hextant=hextant, folder=folder, server=server, database=database, dataset=dataset, **vars(user))
        ENDS[way](it)
        # Although nothing more is sent.
        answer = client.recv(65536)
        assert re.match(rb"HTTP/1.1 40[134] ", answer), answer
    wait_until(lambda: not bodies(spools), "the file to be gone", 10)
    assert batches(database, dataset) == [] and stored(database, dataset) == 0


def test_an_upload_over_http2_is_refused_while_it_is_sent(server, secure, hextant, folder, database, spools, dataset):
    hextant.put_dataset(folder, dataset, visibility="private")
    user = reader(hextant, folder, server, dataset)
    connection = raw_http2.Connection(secure, secure.authority)
    path = f"/v1/events/upload?dataset={dataset}"
    stream = connection.request(path, "POST", bearer(user.access_token), (HEADER + GOOD).encode())
    wait_until(lambda: any(file.stat().st_size for file in bodies(spools)), "the upload to begin", 10)
    hextant.json("users", "disable", user.name)
    status = None
    for event in connection.events():
        if isinstance(event, h2.events.ResponseReceived) and event.stream_id == stream:
            status = int(dict(event.headers)[b":status"])
            break
    assert status == 401
    connection.close()
    wait_until(lambda: not bodies(spools), "the file to be gone", 10)
    assert batches(database, dataset) == [] and stored(database, dataset) == 0


def test_a_batch_of_who_loses_the_right_is_not_stored(server, hextant, folder, database, dataset):
    hextant.put_dataset(folder, dataset, visibility="private")
    user = reader(hextant, folder, server, dataset)
    with ThreadPoolExecutor() as pool, database.connect() as connection:
        # Storing events waits until the end of the block.
        connection.execute("LOCK TABLE events IN ACCESS EXCLUSIVE MODE")
        sent = pool.submit(
            requests.post, f"{server.url}/v1/events/upload?dataset={dataset}", data=HEADER + GOOD,
            headers=bearer(user.access_token), timeout=60)
        wait_until(lambda: batches(database, dataset) == [("running",)], "the batch to begin", 20)
        hextant.json("users", "disable", user.name)
        assert sent.result(timeout=30).status_code == 401
    wait_until(lambda: batches(database, dataset) == [("failed",)], "the batch to end", 20)
    assert stored(database, dataset) == 0


def test_a_description_of_who_loses_the_right_is_not_put(server, hextant, folder, database):
    user = add_user(hextant, folder, role="admin")
    token = tokens(server, user)["access_token"]
    body = b'{"title": "x", "licence": "x", "attribution": "x"}'
    with socket.create_connection(place(server), timeout=60) as client:
        client.sendall(head(
            "PUT", "/v1/datasets/late-one", token, f"Content-Length: {len(body)}", "Content-Type: application/json")
            + body[:-1])
        time.sleep(0.5)  # the headers have been read, and the sender admitted
        hextant.json("users", "disable", user)
        answer = client.recv(65536)
        assert answer.startswith(b"HTTP/1.1 401 "), answer
    assert database.value("SELECT count(*) FROM datasets WHERE slug = 'late-one'") == 0


def test_a_dataset_that_is_deleted_ends_its_exports(server, hextant, folder, database):
    """The answer has no end, although there is nothing more to send."""
    slug = hextant.put_dataset(folder, "doomed", visibility="private")
    file = folder / "doomed.csv"
    quoted = ATTRIBUTES.replace('"', '""')
    file.write_text(HEADER + "".join(
        f'theft,2021-05-{1 + number % 28:02}T10:00:00Z,-79.4,43.7,"{quoted}"\n' for number in range(20_000)))
    hextant.json("ingest", file, "--dataset", slug)
    key = add_key(hextant, "admin")
    before = cuts(database)
    download = Download(server, f"/v1/events?dataset={slug}&f=csv", key)
    hextant.json("datasets", "delete", slug, "--confirm", slug)
    wait_until(lambda: cuts(database) == before + 1, "the answer to be cut off", 10)
    rest, is_whole = download.rest()
    assert not is_whole and len(rest) < LEFT, len(rest)


# Sessions.


def alive(database, user):
    return database.value(
        """
        SELECT count(*) FROM sessions s JOIN users u ON u.id = s.user_id
        WHERE u.username = %s AND s.revoked_at IS NULL AND s.expires_at > now()
        """, [user])


@pytest.mark.parametrize("change", ["a new password", "disabled and enabled again"])
def test_a_sign_in_that_waits_while_the_account_changes_comes_to_nothing(server, hextant, folder, database, change):
    others = [add_user(hextant, folder) for _ in range(3)]
    user = add_user(hextant, folder, role="admin")
    with ThreadPoolExecutor(20) as pool:
        # Passwords are checked one at a time: those of the others come first.
        first = [pool.submit(sign_in, server, other) for other in others for _ in range(2)]
        time.sleep(0.05)
        waiting = [pool.submit(sign_in, server, user) for _ in range(2)]
        counted = "SELECT coalesce(sum(failures), 0)::int FROM login_attempts"
        wait_until(lambda: database.value(counted) >= 4, "them to wait", 30)
        if change == "a new password":
            new_password(hextant, folder, user)
        else:
            hextant.json("users", "disable", user)
            hextant.json("users", "enable", user)
        answers = [each.result() for each in waiting]
        assert {each.result().status_code for each in first} <= {200, 429}
    assert alive(database, user) == 0
    given = [answer.json() for answer in answers if answer.status_code == 200]
    for token in given:
        path = f"{server.url}/v1/ingest/batches"
        wait_until(
            lambda: requests.get(path, headers=bearer(token["access_token"]), timeout=60).status_code == 401, "401", 5)


def test_what_was_signed_in_before_stays_dead_when_a_user_is_let_in_again(server, hextant, folder, database):
    user = add_user(hextant, folder, role="admin")
    given = tokens(server, user)
    path = f"{server.url}/v1/ingest/batches"

    def code(token):
        return requests.get(path, headers=bearer(token), timeout=60).status_code

    assert code(given["access_token"]) == 200
    hextant.json("users", "disable", user)
    hextant.json("users", "enable", user)
    wait_until(lambda: code(given["access_token"]) == 401, "the session to be over", 5)
    for _ in range(2):
        refreshed = requests.post(
            f"{server.url}/v1/auth/token", timeout=60,
            data={"grant_type": "refresh_token", "refresh_token": given["refresh_token"]})
        assert refreshed.status_code == 401
    assert code(tokens(server, user)["access_token"]) == 200
    new_password(hextant, folder, user)
    assert alive(database, user) == 0
    assert sign_in(server, user, PASSWORD).status_code == 401


# Idempotency keys.


def test_the_key_of_a_run_is_its_senders_and_its_routes(server, hextant, folder, dataset):
    ada, ben = (tokens(server, add_user(hextant, folder, role="admin"))["access_token"] for _ in range(2))
    machine = add_key(hextant)

    def send(token, path, key="nightly"):
        answer = requests.post(server.url + path, headers=bearer(token) | {"Idempotency-Key": key}, timeout=60)
        return answer.status_code, answer.json().get("id")

    run = f"/v1/analytics/run?dataset={dataset}"
    _, first = send(ada, f"{run}&resolution=7")
    assert send(ada, f"{run}&resolution=7") == (202, first)
    assert send(ada, f"{run}&resolution=9")[0] == 422
    # Other senders, with the same and with another request, and the same sender with another route.
    runs = [send(ben, f"{run}&resolution=9"), send(machine, f"{run}&resolution=7"), send(ada, "/v1/views/refresh")]
    assert [code for code, _ in runs] == [202] * 3
    assert len({first} | {number for _, number in runs}) == 4
    assert send(ben, f"{run}&resolution=9") == runs[0]
    assert send(ben, f"{run}&resolution=7")[0] == 422
    with ThreadPoolExecutor(8) as pool:
        same = list(pool.map(lambda _: send(ada, f"{run}&resolution=7", "at-once"), range(8)))
    assert len(set(same)) == 1 and same[0][0] == 202


def test_the_key_of_an_upload_is_its_senders(server, hextant, folder, database, dataset):
    ada, ben = (tokens(server, add_user(hextant, folder, role="admin"))["access_token"] for _ in range(2))

    def send(token, content, key="one"):
        answer = requests.post(
            f"{server.url}/v1/events/upload?dataset={dataset}", data=content, timeout=60,
            headers=bearer(token) | {"Idempotency-Key": key})
        return answer.status_code, answer.json().get("id")

    first = send(ada, HEADER + GOOD)
    assert first[0] == 201
    for content in [HEADER + GOOD, HEADER]:
        code, batch = send(ben, content, "one" if content != HEADER else "two")
        assert code == 201 and batch != first[1]
    assert send(ben, HEADER, "one")[0] == 422  # his own key
    assert send(ada, HEADER, "two")[0] == 201  # not his key
    assert send(ada, HEADER + GOOD) == (200, first[1])
    assert stored(database, dataset) == 10
    # Sent twice at once, it is stored once; the other request is told to try again.
    line = "arson,2021-06-01T10:00:00Z,-79.4,43.7,{}\n"
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: send(ada, HEADER + line, "at-once"), range(4)))
    assert {code for code, _ in answers} <= {200, 201, 409}
    assert len({batch for _, batch in answers if batch}) == 1
    assert database.value(
        "SELECT count(*) FROM ingest_batches WHERE dataset = %s AND idempotency_key LIKE '%%at-once'", [dataset]) <= 4
    assert stored(database, dataset) == 11
