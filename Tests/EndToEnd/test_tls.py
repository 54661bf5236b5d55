"""The server with a certificate: HTTPS over HTTP/1.1 and HTTP/2, with real clients and with misbehaving ones."""

import asyncio
import shutil
import signal
import socket
import ssl
import subprocess
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
import pytest
import raw_http2
from certificates import certificate_files, new_issuer, tls_flags, write_certificate
from command import assert_one_plain_line
from cryptography.hazmat.primitives import serialization
from cryptography.x509 import load_der_x509_certificate
from raw_http import place, request
from serving import Server, serving
from toronto import write_days
from waiting import wait_until

DAYS = [f"2019-06-{day:02}" for day in range(1, 8)]
WORLD = "/v1/tiles/0/0/0.mvt"
EMPTY = "/v1/tiles/14/0/0.mvt"
SCRIPT = "/vendor/maplibre-gl.js"


@pytest.fixture(scope="module")
def small(hextant, folder):
    """One week of Toronto."""
    hextant.put_dataset(folder, "small", time_zone="America/Toronto", resolutions=[7])
    write_days(folder / "week.csv", DAYS[0], DAYS[-1])
    hextant.json("ingest", folder / "week.csv", "--dataset", "small", "--mapping", "toronto")
    hextant.json("score", "--dataset", "small")
    hextant.json("refresh")
    return hextant


@pytest.fixture(scope="module")
def issuer():
    """The authority that signs the certificates."""
    return new_issuer()


@pytest.fixture
def files(issuer, tmp_path):
    """A certificate with its key, and the issuer's certificate for clients."""
    return certificate_files(issuer, tmp_path)


@pytest.fixture
def secure(small, files, tmp_path):
    """Runs a server with the certificate and further flags."""

    @contextmanager
    def secure(*more):
        with serving(small, tmp_path / "server.log", *tls_flags(files), *more, authority=files.authority) as server:
            yield server

    return secure


@contextmanager
def connected(server, files, *, shakes_hands=True):
    """A connection over which a test sends any bytes."""
    context = ssl.create_default_context(cafile=files.authority)
    with socket.create_connection(place(server), timeout=30) as plain:
        with context.wrap_socket(plain, server_hostname="localhost", do_handshake_on_connect=shakes_hands) as wrapped:
            yield wrapped


def received(connection):
    """Everything that the server sends until it closes."""
    data = b""
    try:
        while part := connection.recv(1 << 16):
            data += part
    except (ConnectionError, ssl.SSLError):
        pass
    return data


def test_both_versions_answer_alike(secure, files):
    trusted = ssl.create_default_context(cafile=files.authority)
    with secure() as server:
        asked = [
            ("GET", WORLD, {}), ("HEAD", WORLD, {}), ("GET", WORLD, {"Accept-Encoding": "identity"}),
            ("GET", EMPTY, {}),
            ("GET", "/v1/tiles/0/0/1.mvt", {}), ("GET", "/v1/datasets", {}), ("POST", WORLD, {}), ("GET", "/", {}),
            ("GET", "/nowhere", {}), ("POST", "/v1/events/upload?dataset=small", {}),
        ]  # fmt: skip
        tag = server.raw(WORLD, "gzip").headers["ETag"]
        asked += [("GET", WORLD, {"If-None-Match": tag}), ("HEAD", WORLD, {"If-None-Match": tag})]
        answers = {}
        for version in ["HTTP/1.1", "HTTP/2"]:
            with httpx.Client(http2=version == "HTTP/2", verify=trusted, base_url=server.url) as client:
                for _ in range(3):  # the last one comes from memory
                    answers[version] = [client.request(*each[:2], headers=each[2]) for each in asked]
                assert {answer.http_version for answer in answers[version]} == {version}
        statuses = [200, 200, 200, 204, 400, 200, 405, 200, 404, 401, 304, 304]
        assert [answer.status_code for answer in answers["HTTP/2"]] == statuses
        for one, two in zip(answers["HTTP/1.1"], answers["HTTP/2"]):
            assert one.status_code == two.status_code and one.content == two.content
            assert fields(one) == fields(two)


def test_every_answer_over_tls_says_to_come_back_over_tls(secure, small, files, tmp_path):
    trusted = ssl.create_default_context(cafile=files.authority)
    asked = [("GET", WORLD), ("HEAD", WORLD), ("GET", "/"), ("GET", "/nowhere"), ("GET", "/metrics/"),
             ("GET", "/v1/datasets?x=1"), ("POST", WORLD),
             ("POST", "/v1/events/upload?dataset=small"), ("OPTIONS", "/v1/datasets"),
             ("GET", "/v1/tiles/0/0/1.mvt")]  # fmt: skip
    for flag, value in [
        (["--hsts-max-age", 600], "max-age=600"),
        ([], "max-age=31536000"),
        (["--hsts-max-age", 0], None),
    ]:
        with secure(*flag) as server:
            for two in [False, True]:
                with httpx.Client(http2=two, verify=trusted, base_url=server.url) as client:
                    for _ in range(3):  # the last one comes from memory
                        answers = [client.request(*each, headers={"Accept-Encoding": "gzip"}) for each in asked]
                        assert {answer.headers.get("strict-transport-security") for answer in answers} == {value}
            # Malformed requests are refused with the header as well.
            with connected(server, files) as connection:
                connection.sendall(b"nonsense\r\n\r\n")
                assert (b"Strict-Transport-Security" in received(connection)) == (value is not None)
    # Without TLS the header must not be sent, whatever a client claims.
    with serving(small, tmp_path / "plain.log") as server:
        for _ in range(3):
            for method, path in asked:
                answer = server.get(
                    path,
                    {"X-Forwarded-Proto": "https", "X-Forwarded-For": "1.2.3.4", "Accept-Encoding": "gzip"},
                    method,
                )
                assert "strict-transport-security" not in answer.headers


@pytest.mark.parametrize("header", ["x-forwarded", "forwarded"])
def test_behind_a_proxy_it_is_said_of_what_came_to_the_proxy_over_tls(small, tmp_path, header):
    def told(scheme):
        if header == "forwarded":
            return {"Forwarded": f"for=192.0.2.1;proto={scheme}"}
        return {"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": scheme}

    flags = ["--trusted-proxies", "127.0.0.1", "--forwarded-header", header, "--public-url", "https://maps.example.org"]
    with serving(small, tmp_path / "proxied.log", *flags) as server:
        for _ in range(3):
            for path in [WORLD, "/v1/datasets", "/nowhere", "/metrics/"]:
                for scheme, value in [("https", "max-age=31536000"), ("http", None)]:
                    answer = server.get(path, told(scheme) | {"Accept-Encoding": "gzip"})
                    assert answer.headers.get("strict-transport-security") == value, (path, scheme)
                assert "strict-transport-security" not in server.get(path, {"Accept-Encoding": "gzip"}).headers


def fields(answer):
    """The headers except those that depend on the version or the moment."""
    changing = {"date", "connection", "transfer-encoding", "x-request-id", "ratelimit"}
    return {name: value for name, value in answer.headers.items() if name not in changing}


def curl(files, *arguments):
    """Requests URLs with curl and discards the bodies."""
    return subprocess.Popen(
        ["curl", "--silent", "--show-error", "--cacert", files.authority, "--compressed", "--output-dir",
         files.key.parent, "--remote-name-all", *arguments],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_curl_speaks_both_versions(secure, files):
    with secure() as server:
        for flag, version in [("--http2", "2"), ("--http1.1", "1.1")]:
            addresses = [f"{server.url}{path}" for path in [WORLD, WORLD, EMPTY]]
            told = curl(files, flag, "--write-out", "%{http_version} %{http_code} %{num_connects} ", *addresses)
            # Three answers over one connection.
            assert told.communicate(timeout=60)[0].split() == f"{version} 200 1 {version} 200 0 {version} 204 0".split()


def test_many_streams_share_a_connection(secure, files):
    async def ask(server):
        trusted = ssl.create_default_context(cafile=files.authority)
        limits = httpx.Limits(max_connections=1)
        async with httpx.AsyncClient(
            http2=True, http1=False, verify=trusted, base_url=server.url, limits=limits, timeout=60
        ) as client:
            paths = [f"{WORLD}?date={DAYS[number % 7]}" for number in range(500)]
            return await asyncio.gather(*map(client.get, paths))

    with secure() as server:
        expected = [server.get(WORLD, date=day).content for day in DAYS]
        answers = asyncio.run(ask(server))
        assert [answer.content for answer in answers] == [expected[number % 7] for number in range(500)]


def test_a_kept_connection_serves_requests_that_come_together(secure, files):
    with secure() as server, connected(server, files) as connection:
        expected = server.raw(WORLD, "gzip").body
        server.raw(WORLD, "gzip")
        for count in [1, 3]:
            connection.sendall(request(WORLD, "Accept-Encoding: gzip") * count)
            for _ in range(count):
                data = b""
                while b"\r\n\r\n" not in data:
                    data += connection.recv(1)
                assert data.startswith(b"HTTP/1.1 200 OK\r\n")
                body = b""
                while len(body) < len(expected):
                    body += connection.recv(len(expected) - len(body))
                assert body == expected


def test_the_links_of_a_secure_server_are_secure(secure):
    with secure() as server:
        for address in server.json("/v1/tiles.json")["tiles"]:
            assert address.startswith(f"{server.url}/v1/tiles/")


def test_what_is_not_encrypted_or_too_old_is_refused(secure, files):
    with secure() as server:
        with socket.create_connection(place(server), timeout=30) as connection:
            connection.sendall(request(WORLD))
            assert b"HTTP" not in received(connection)
        old = ssl.create_default_context(cafile=files.authority)
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
        old.set_ciphers("ALL:@SECLEVEL=0")
        with socket.create_connection(place(server), timeout=30) as connection, pytest.raises((ssl.SSLError, OSError)):
            old.wrap_socket(connection, server_hostname="localhost")
        assert server.get(WORLD).status_code == 200


def test_slow_clients_are_cut_off(secure, files):
    with secure("--head-timeout", 1) as server:
        # A handshake that does not begin, one that does not end, and headers that do not end.
        with socket.create_connection(place(server), timeout=30) as connection:
            assert received(connection) == b""
        with socket.create_connection(place(server), timeout=30) as connection:
            connection.sendall(bytes.fromhex("16030100c8010000c40303"))
            assert received(connection) == b""
        with connected(server, files) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n")
            assert received(connection) == b""
        # A client that is silent after the handshake may take longer.
        with connected(server, files) as connection, raw_http2_connection(server, files) as streams:
            time.sleep(2.5)
            connection.sendall(request(WORLD, "Connection: close"))
            assert received(connection).startswith(b"HTTP/1.1 200 OK\r\n")
            assert streams.answer(streams.request(WORLD))[0] == 200


def test_silent_connections_are_closed(secure, files):
    with secure("--idle-timeout", 1) as server:
        with connected(server, files) as connection, raw_http2_connection(server, files) as streams:
            assert received(connection) == b""
            assert list(streams.events())[-1:] != []
            assert streams.socket.recv(1) == b""


@contextmanager
def raw_http2_connection(server, files, **settings):
    connection = raw_http2.Connection(server, files.authority, **settings)
    try:
        yield connection
    finally:
        connection.close()


def test_clients_that_take_nothing_are_cut_off(secure, files):
    with secure("--write-timeout", 1) as server:
        assert len(server.raw(SCRIPT).body) > 500_000
        before = server.connections()
        with connected(server, files) as connection:
            connection.sendall(request(SCRIPT) * 20)
            wait_until(lambda: server.connections() > before, "it to be served")
            wait_until(lambda: server.connections() <= before, "it to be cut off")
        # Nothing may be sent in a stream: neither a long answer nor a short one.
        for path in [SCRIPT, WORLD]:
            with raw_http2_connection(server, files, INITIAL_WINDOW_SIZE=0) as streams:
                streams.request(path)
                wait_until(lambda: server.connections() > before, "it to be served")
                wait_until(lambda: server.connections() <= before, "it to be cut off")


def working(database):
    """Statements that wait for the view while a test locks it."""
    return database.value(
        "SELECT count(*) FROM pg_locks WHERE NOT granted"
        " AND relation IN (SELECT oid FROM pg_class WHERE relname = 'mv_daily_risk')"
    )


def test_a_stream_that_is_reset_takes_its_query_along(secure, files, database):
    with secure("--statement-timeout", 120, "--tile-timeout", 120, "--request-timeout", 120) as server:
        server.raw(WORLD)
        with database.connect() as lock, raw_http2_connection(server, files) as streams:
            lock.execute("ALTER TABLE mv_daily_risk RENAME TO held")
            stream = streams.request(f"{WORLD}?date={DAYS[1]}")
            wait_until(lambda: working(database) == 1, "the query")
            streams.reset(stream)
            # The lock is still held, so only a cancellation can end the query.
            wait_until(lambda: working(database) == 0, "the query to be cancelled")
            lock.rollback()
            assert streams.answer(streams.request(f"{WORLD}?date={DAYS[1]}"))[0] == 200


def test_connections_over_the_limit_wait(secure, files):
    with secure("--maximum-connections", 1) as server:
        server.session.close()
        with connected(server, files) as first:
            with connected(server, files, shakes_hands=False) as second:
                second.settimeout(1)
                with pytest.raises(TimeoutError):
                    second.do_handshake()
            first.sendall(request(WORLD, "Connection: close"))
            assert received(first).startswith(b"HTTP/1.1 200 OK\r\n")
        server.session = server.new_session()
        assert server.get(WORLD).status_code == 200


def shown(server, files):
    """The serial number of the certificate that a new connection gets."""
    with connected(server, files) as connection:
        return load_der_x509_certificate(connection.getpeercert(binary_form=True)).serial_number


def test_a_renewed_certificate_needs_no_restart(secure, files, issuer):
    with secure() as server, raw_http2_connection(server, files) as streams:
        first = shown(server, files)
        write_certificate(issuer.issue_cert("localhost", "127.0.0.1"), files)
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "read again" in server.text(), "the certificate to be read")
        second = shown(server, files)
        assert second != first
        # Unusable files are reported, and the certificate before stays.
        files.key.write_text("no key\n")
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "setting=tls_key" in server.text(), "the fault to be told")
        assert shown(server, files) == second
        assert streams.answer(streams.request(WORLD))[0] == 200


def test_drain_answers_streams_and_waits_for_nobody(secure, files, database):
    with secure() as server:
        server.raw(WORLD)
        # One client closes properly, the other no longer answers.
        with raw_http2_connection(server, files), database.connect() as lock:
            lock.execute("ALTER TABLE mv_daily_risk RENAME TO held")
            client = curl(files, "--http2", "--write-out", "%{http_version} %{http_code}",
                          f"{server.url}{WORLD}?date={DAYS[3]}")  # fmt: skip
            wait_until(lambda: working(database) == 1, "the query")
            server.process.terminate()
            time.sleep(0.3)
            lock.rollback()
            assert client.communicate(timeout=60)[0] == "2 200"
            assert server.process.wait(timeout=10) == 0


def other_key(files, issuer):
    other = issuer.issue_cert("localhost")
    other.private_key_pem.write_to_path(files.key)


def encrypted_key(files, issuer):
    key = serialization.load_pem_private_key(files.key.read_bytes(), None)
    files.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"word"),
        )
    )


@pytest.mark.parametrize(
    "spoil, setting, reason",
    [
        (lambda files, _: files.certificate.unlink(), "tls_certificate", "it cannot be read"),
        (lambda files, _: files.key.unlink(), "tls_key", "it cannot be read"),
        (lambda files, _: (files.key.unlink(), files.key.mkdir()), "tls_key", "it cannot be read"),
        (lambda files, _: files.certificate.write_text("\n"), "tls_certificate", "it contains no certificate in PEM"),
        (lambda files, _: files.key.write_bytes(b"\0\1"), "tls_key", "it contains no private key in PEM"),
        (lambda files, _: shutil.copy(files.certificate, files.key), "tls_key", "it contains no private key in PEM"),
        (encrypted_key, "tls_key", "or an encrypted one"),
        (other_key, "tls_key", "it is not the key of the certificate"),
    ],
)
def test_what_cannot_be_used_is_named(small, files, issuer, spoil, setting, reason):
    spoil(files, issuer)
    outcome = small("serve", "--port", 0, *tls_flags(files))
    assert outcome.code == 78
    file = files.certificate if setting == "tls_certificate" else files.key
    assert f'{setting} is "{file}": ' in outcome.err and reason in outcome.err
    assert_one_plain_line(outcome.err)


@pytest.mark.parametrize("setting", ["tls_certificate", "tls_key"])
def test_one_of_the_two_is_not_enough(small, files, setting):
    flag = f"--{setting.replace('_', '-')}"
    outcome = small("serve", "--port", 0, flag, files.certificate)
    assert outcome.code == 78 and f"{setting} is set but " in outcome.err
    assert_one_plain_line(outcome.err)
