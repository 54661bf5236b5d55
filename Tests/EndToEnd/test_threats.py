"""Attacks: docs/threat_model.md lists the threats; this file has the tests that belong to no other suite."""

import gzip
import io
import itertools
import json
import re
import socket
import threading
import zipfile
from urllib.parse import quote, unquote, urlsplit

import h3
import pytest
import requests
from accounts import SECRET, add_key, bearer
from command import REPOSITORY
from openapi import DESCRIPTION
from raw_http import exchange, place
from serving import serving
from waiting import wait_until

HEADER = "event_type,event_timestamp,longitude,latitude,attributes_json\n"
EVENTS = HEADER + "".join(f"theft,2021-05-{day:02}T10:00:00Z,-79.4,43.7,{{}}\n" for day in range(1, 4))
TILE = "/v1/tiles/12/1144/1494.mvt"

# Sent in place of every parameter, and of every variable part of a path.
INJECTIONS = [
    "' OR '1'='1", "'; DROP TABLE events; --", "\" OR \"\"=\"", "1; SELECT pg_sleep(60)",
    "1 UNION SELECT password_hash FROM users",
    "$1", "%s", "\\'", "x' || pg_sleep(60) || '", "$$a$$", "/*", "--", "\0", "a\0b", "{{7*7}}",
    "${jndi:ldap://127.0.0.1/a}",
    "\u2019 OR 1=1", "%27", "' AND 1=CAST((SELECT current_user) AS int) --", "\U0001f600", "<script>alert(1)</script>",
]  # fmt: skip


@pytest.fixture(scope="module")
def slug(hextant, folder):
    slug = hextant.put_dataset(folder, "tried")
    file = folder / "tried.csv"
    file.write_text(EVENTS)
    hextant.json("ingest", file, "--dataset", slug)
    hextant.json("score", "--dataset", slug)
    hextant.json("refresh")
    return slug


@pytest.fixture(scope="module")
def server(hextant, folder, slug):
    flags = ["--rate-limit", 0, "--account-rate-limit", 0, "--workers", 0, "--maximum-upload", 8]
    with serving(hextant, folder / "tried.log", *flags, HEXTANT_TOKEN_SECRET=SECRET) as server:
        yield server


EXAMPLES = {
    "{z}": "12", "{x}": "1144", "{y}": "1494", "{date}": "2021-05-01", "{id}": "1", "{slug}": "tried",
    "{h3}": h3.latlng_to_cell(43.7, -79.4, 9), "{collection}": "tried.risk", "{file}": "index.html",
}  # fmt: skip


def address(template, **changed):
    for part, example in EXAMPLES.items():
        template = template.replace(part, changed.get(part, example))
    return template


def parameters(server, method, path, key):
    """The parameters of a path, as the error for an unknown one lists them."""
    answer = requests.request(method, f"{server.url}{path}?no_such=1", headers=bearer(key), timeout=60)
    told = re.search(r"its parameters are: ([a-z_0-9, ]+)", answer.text)
    return told[1].split(", ") if told else []


def state(database):
    return database.rows(
        "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM datasets), (SELECT count(*) FROM users),"
        " (SELECT count(*) FROM api_keys WHERE revoked_at IS NULL), (SELECT generation FROM served_view),"
        " (SELECT count(*) FROM ingest_batches), (SELECT count(*) FROM jobs)")


@pytest.mark.parametrize("method, path", [(each.method, each.path) for each in DESCRIPTION.operations])
def test_no_parameter_is_a_statement(server, database, key, method, path):
    before = state(database)
    known = parameters(server, method, address(path), key)
    asked = [(address(path), {name: value}) for name in known for value in INJECTIONS]
    for part, value in itertools.product(EXAMPLES, INJECTIONS):
        if part in path:
            asked.append((address(path, **{part: quote(value, safe="")}), {}))
    if method in ("POST", "PUT", "PATCH"):
        asked += [(address(path), {"body": value}) for value in INJECTIONS]
    for place_, query in asked:
        body = query.pop("body", None)
        sent = f"{unquote(place_)} {query} {body}"
        answer = requests.request(
            method, server.url + place_, params=query, headers=bearer(key), timeout=60, allow_redirects=False,
            data=body.encode() if body else None)  # fmt: skip
        assert answer.status_code < 500, (place_, query, answer.text)
        for inside in ["syntax error", "SELECT", "pg_", "ERROR:", "Swift", "/Sources/"]:
            # Parts of the request may be repeated, as JSON.
            assert inside in sent or inside not in answer.text, (place_, query, answer.text)
        if answer.status_code == 200 and "event_type" in query:
            assert not answer.json().get("items")
    assert state(database) == before


def test_credentials_are_no_statements(server, database, slug):
    before = state(database)
    for value in INJECTIONS:
        for form in [{"username": value, "password": "x" * 12}, {"username": "ada", "password": value}]:
            answer = requests.post(
                f"{server.url}/v1/auth/token", data={"grant_type": "password", **form}, timeout=60)
            assert answer.status_code in (400, 401, 429), answer.text
        if value.isascii() and value.isprintable():
            answer = server.get("/v1/datasets", headers={"Authorization": f"Bearer {value}"})
            assert answer.status_code == 401
    assert state(database) == before


@pytest.mark.parametrize("path", [
    "/../../../../etc/passwd", "/js/../../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd",
    "/..\\..\\etc\\passwd", "/..%5c..%5cetc%5cpasswd", "//etc/passwd", "/.git/config", "/%2e/.env", "/js/%00main.js",
    "/index.html%00.png", "/%c0%ae%c0%ae/etc/passwd", "/....//....//etc/passwd", "/static/../Package.swift", "/js/",
    "/vendor/..;/index.html", "file:///etc/passwd", "/%252e%252e/etc/passwd",
])  # fmt: skip
def test_no_path_leads_out_of_the_page(server, path):
    answer = exchange(server, f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
    assert re.match(rb"HTTP/1.1 (404|400) ", answer), answer[:200]
    assert b"root:" not in answer and b"swift-tools-version" not in answer and b"[core]" not in answer


def test_heads_of_requests_have_a_bound(server):
    before = server.metric("process_resident_memory_bytes")
    for request in [
        b"GET /" + b"a" * 2_000_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /v1/datasets HTTP/1.1\r\nHost: a\r\nX-Long: " + b"a" * 20_000_000 + b"\r\n\r\n",
        b"GET /v1/datasets HTTP/1.1\r\nHost: a\r\n" + b"".join(b"X-%d: a\r\n" % n for n in range(500_000)) + b"\r\n",
        b"GET /v1/events?" + b"&".join(b"a%d=1" % n for n in range(200_000)) + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    ]:
        answer = exchange(server, request, leaves=True)
        assert answer == b"" or re.match(rb"HTTP/1.1 4\d\d ", answer), answer[:200]
    assert server.get("/v1/health/live").status_code == 200
    # About 30 MB were sent, and not kept.
    wait_until(lambda: server.metric("process_resident_memory_bytes") - before < 60e6, "the memory to be given back")


def test_bodies_where_none_belongs_are_not_read(server):
    head = b"GET /v1/datasets HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000000\r\n\r\n"
    # A client that leaves in the middle of a body counts as gone, or is told that the request is invalid: whichever is
    # noticed first.
    answer = exchange(server, head + b"x" * 1000, leaves=True)
    assert answer == b"" or re.match(rb"HTTP/1.1 (200|400) ", answer), answer[:200]
    assert answer.count(b"HTTP/1.1 ") <= 1
    for smuggled in [
        b"POST /v1/auth/token HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        b"GET /v1/health/live HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /v1/datasets HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
        b"GET /v1/datasets HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    ]:
        answer = exchange(server, smuggled, leaves=True)
        assert answer.count(b"HTTP/1.1 200") == 0, answer


# One character on the screen but thousands of bytes; a character that reverses the text after it; and characters that
# end a line and colour it.
PILED, TURNED, COLOURED = "e" + "\u0301" * 3000, "\u202egnp.exe\u2066", "a\r\n\x1b[31mb\x9b\u2028"
STRANGE = ["x" * 20_000, PILED, TURNED, COLOURED, "\U0001f600" * 3000]


def assert_bounded(answer, most=16_000):
    """A refusal neither repeats everything that was sent, nor characters that a terminal or a page would interpret."""
    text = answer.text
    assert len(answer.content) + sum(len(n) + len(v) for n, v in answer.headers.items()) < most, (
        answer.request.url[:200],
        len(answer.content),
    )
    if answer.status_code >= 400:
        found = answer.json()
        shown = [found["detail"], *(each[name] for each in found.get("errors", []) for name in ["field", "message"])]
        for one in shown:
            assert not re.search("[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]", one), ascii(
                one[:300]
            )
    assert answer.status_code < 500, text[:500]


@pytest.mark.parametrize("method, path", [(each.method, each.path) for each in DESCRIPTION.operations])
def test_a_refusal_has_a_bound_whatever_was_sent(server, key, database, method, path):
    known = parameters(server, method, address(path), key)
    queries = [{name: value} for name in known for value in STRANGE] + [{value: "1"} for value in STRANGE]
    many = "&".join(f"a{n}=1" for n in range(8000))
    queries += [many, "&".join(["%ff=1"] * 8000), "&".join(f"{name}={'y' * 500}" for name in known for _ in range(60))]
    asked = [(address(path), query, None) for query in queries]
    for part, value in itertools.product(EXAMPLES, STRANGE):
        if part in path:
            asked.append((address(path, **{part: quote(value, safe="")}), {}, None))
    if method in ("POST", "PUT", "PATCH"):
        for value in STRANGE:
            asked += [(address(path), {}, json.dumps(body)) for body in [
                {value: 1}, {"type": value}, {"polygon": {"type": value, "coordinates": value}},
                {"slug": value, "title": value, "time_zone": value},
                {"grant_type": value, "username": value, "password": value}, {"visibility": value}, value,
                [value]]]  # fmt: skip
        asked += [
            (address(path), {}, json.dumps({f"a{n}": n for n in range(2000)})),
            (address(path), {}, "&".join(["a=b"] * 2000)),
        ]
    for place_, query, body in asked:
        headers = bearer(key) | ({"Content-Type": "application/json"} if body and body[0] in '{["' else {})
        answer = requests.request(
            method, server.url + place_, params=query, headers=headers, data=body, timeout=60, allow_redirects=False
        )
        if answer.status_code >= 300:
            assert_bounded(answer)
    assert all(len(line) < 8000 for line in server.text().splitlines())
    assert database.rows("SELECT count(*) FROM audit_log WHERE length(target) > 600 OR length(detail) > 600") == [(0,)]


def test_headers_of_a_request_are_not_repeated_without_bound(server, key):
    for name in ["Host", "Origin", "X-Request-Id", "traceparent", "Accept", "Content-Type", "Idempotency-Key",
                 "Authorization", "Expect", "If-None-Match",
                 "X-Forwarded-Host", "Access-Control-Request-Method", "Range", "Accept-Encoding",
                 "Transfer-Encoding"]:  # fmt: skip
        for path in ["/v1/datasets", TILE, "/v1/events", "/nowhere", "/v1/tiles.json", "/metrics/"]:
            answer = exchange(server,
                              f"GET {path} HTTP/1.1\r\n{'' if name == 'Host' else 'Host: a' + chr(13) + chr(10)}"
                              f"Connection: close\r\n{name}: {'x' * 60_000}\r\n\r\n".encode())  # fmt: skip
            assert answer.startswith(b"HTTP/1.1 ") and (len(answer) < 16_000 or b" 200 OK" in answer[:20]), (
                name,
                path,
                len(answer),
            )
            assert b"x" * 3000 not in answer


def bomb(kind, size):
    """A compressed file of one byte repeated."""
    plain = HEADER.encode() + b"a" * size
    if kind == "gzip":
        return gzip.compress(plain)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("events.csv", plain)
    return packed.getvalue()


@pytest.mark.parametrize("kind", ["gzip", "zip"])
def test_a_packed_file_that_swells_is_given_up(server, key, slug, kind):
    body = bomb(kind, 400_000_000)
    assert len(body) < 1_000_000
    before = server.metric("process_resident_memory_bytes")
    answer = requests.post(
        f"{server.url}/v1/events/upload", params={"dataset": slug}, headers=bearer(key), data=body, timeout=120)
    assert answer.status_code == 422 and "times its size" in answer.json()["detail"], answer.text
    assert server.metric("process_resident_memory_bytes") - before < 100e6


def test_no_request_makes_the_server_ask_another(server, key, slug):
    """There is no URL that it would fetch; a mapping is a name, neither a path nor a URL."""
    caught = []
    with socket.create_server(("127.0.0.1", 0)) as trap:
        url = f"http://127.0.0.1:{trap.getsockname()[1]}/x"

        def accept():
            try:
                while True:
                    caught.append(trap.accept())
            except OSError:
                return

        threading.Thread(target=accept, daemon=True).start()
        for value in [
            url,
            "file:///etc/passwd",
            "/etc/passwd",
            "../../../../etc/passwd",
            "..\\x",
            "toronto\0",
            "//127.0.0.1/x",
        ]:
            for path, query in [
                ("/v1/events/upload", {"dataset": slug, "mapping": value}),
                ("/v1/ingest/dead-letters/remediate", {"batch": 1, "mapping": value}),
            ]:
                answer = requests.post(
                    server.url + path, params=query, headers=bearer(key), data=EVENTS.encode(), timeout=60)
                assert answer.status_code in (400, 422) and "root:" not in answer.text, answer.text
            server.get(
                "/v1/tiles.json", dataset=slug, headers={"X-Forwarded-Host": urlsplit(url).netloc, "Referer": url}
            )
    assert caught == []


def test_no_header_changes_what_others_get(server, slug):
    """Headers that are not named in Vary do not affect an answer that a cache may keep."""
    plain = server.raw(TILE, "gzip", dataset=slug)
    for headers in [
        {"X-Forwarded-Host": "evil.example"}, {"X-Forwarded-Proto": "gopher"}, {"X-Original-URL": "/v1/datasets"},
        {"X-Rewrite-URL": "/"}, {"Forwarded": "host=evil.example"}, {"X-HTTP-Method-Override": "DELETE"},
        {"Range": "bytes=0-1"}, {"Accept": "text/html"}, {"Cookie": "a=b"}, {"Origin": "https://evil.example"},
        {"Accept-Language": "xx"}, {"X-Forwarded-Prefix": "/evil"}, {"X-Host": "evil.example"},
    ]:  # fmt: skip
        for _ in range(2):
            answer = server.raw(TILE, "gzip", headers=headers, dataset=slug)
            assert (answer.status_code, answer.body) == (200, plain.body), headers
            told = server.get("/v1/tiles.json", headers=headers, dataset=slug)
            assert "evil" not in told.text and "gopher" not in told.text
            assert told.headers["Cache-Control"] == "no-cache"
    # An unknown parameter is refused, so that no cache fills with many URLs of one tile.
    assert server.get(TILE, dataset=slug, utm_source="x").status_code == 400
    assert server.get(f"{TILE}?dataset={slug}&dataset=other").status_code == 400
    # A host that cannot be used in a link is refused where links are made.
    request = b"GET /v1/tiles.json HTTP/1.1\r\nHost: evil.example/<script>\r\nConnection: close\r\n\r\n"
    assert exchange(server, request).startswith(b"HTTP/1.1 400 ")


# Texts on which a backtracking pattern takes forever. libFuzzer looks for more of them (scripts/fuzz-parsers).
SLOW = [
    "a" * 6000 + "!",
    "(" * 6000,
    "1," * 3000,
    "0" * 6000,
    "-" * 6000,
    "a-" * 3000,
    "%41" * 2000,
    "[" * 6000,
    "2021-" * 1000,
]


@pytest.mark.parametrize("path", ["/v1/events", "/v1/risk/2021-05-01", "/v1/hotspots", "/v1/tiles.json", TILE])
def test_no_filter_takes_longer_than_its_length(server, key, slug, path):
    known = parameters(server, "GET", path, key)
    for name, value in itertools.product(known, SLOW):
        answer = server.get(path, headers=bearer(key) | {"X-Request-Id": value[:200]}, **{name: value})
        # A request that takes as long as allowed gives 503.
        assert answer.status_code < 500, (name, value[:20], answer.text)


def test_every_threat_names_tests_that_are_there():
    page = (REPOSITORY / "docs/threat_model.md").read_text()
    named = re.findall(r"`((?:test_[a-z_0-9]+\.py|[A-Za-z+]+Tests\.swift)) (\w+)`", page)
    assert len(named) > 20
    for file, name in named:
        [path] = (REPOSITORY / "Tests").rglob(file)
        assert re.search(rf"(def|func) {name}\(", path.read_text()), (file, name)
