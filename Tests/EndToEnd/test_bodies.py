"""Malformed, slow and expected bodies, and request heads that two servers could read differently."""

import re
import socket
import time

import pytest
import raw_http2
import trustme
from accounts import SECRET, add_key
from raw_http import exchange, fields, place
from serving import serving

HEADER = "event_type,event_timestamp,longitude,latitude,attributes_json\n"
EVENT = "theft,2021-05-01T10:00:00Z,-79.4,43.7,{}\n"
POLYGON = b'{"type":"Polygon","coordinates":[[[-80,43],[-79,43],[-79,44],[-80,44],[-80,43]]]}'


@pytest.fixture(scope="module")
def slug(hextant, folder):
    slug = hextant.put_dataset(folder, "bodies")
    file = folder / "bodies.csv"
    file.write_text(HEADER + EVENT)
    hextant.json("ingest", file, "--dataset", slug)
    hextant.json("score", "--dataset", slug)
    hextant.json("refresh")
    return slug


@pytest.fixture(scope="module")
def admin(hextant, slug):
    return add_key(hextant, "admin")


@pytest.fixture(scope="module")
def server(hextant, folder, slug):
    flags = ["--workers", 0, "--maximum-upload", 1, "--head-timeout", 2, "--request-timeout", 4, "--access-log", 1]
    with serving(hextant, folder / "bodies.log", *flags, HEXTANT_TOKEN_SECRET=SECRET) as server:
        yield server


def routes(slug):
    """Every kind of route that takes a body, with its media type."""
    return {
        f"POST /v1/events/upload?dataset={slug}": "text/csv",
        f"POST /v1/datasets/{slug}/events": "application/json",
        "POST /v1/auth/token": "application/x-www-form-urlencoded",
        "POST /v1/auth/revoke": "application/x-www-form-urlencoded",
        f"POST /v1/stats?dataset={slug}": "application/json",
        f"PUT /v1/datasets/{slug}": "application/json",
        f"PATCH /v1/datasets/{slug}": "application/merge-patch+json",
    }  # fmt: skip


def head(line, key, *more, kind="text/csv", version="1.1"):
    lines = [
        f"{line} HTTP/{version}",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {key}",
        f"Content-Type: {kind}",
        *more,
        "",
        "",
    ]
    return "\r\n".join(lines).encode("latin-1")


def problem(answer, status):
    """The only answer: a refusal after which the connection was closed."""
    assert answer.count(b"HTTP/1.1 ") == 1, answer[:500]
    found, headers = fields(answer)
    assert found == status, answer[:500]
    assert headers["content-type"] == "application/problem+json" and headers["connection"] == "close"
    assert headers["x-request-id"]
    return answer


def errors(server):
    return [line for line in server.text().splitlines() if re.search(r" (error|critical|warning) ", line)]


MALFORMED = {
    "no number": b"x\r\nabc\r\n", "negative": b"-1\r\nabc\r\n", "plus": b"+3\r\nabc\r\n", "0x": b"0x3\r\nabc\r\n",
    "too large": b"fffffffffffffffff\r\nabc", "blank": b" 3\r\nabc\r\n", "empty": b"\r\nabc\r\n",
    "no end": b"3\r\nabcX\r\n0\r\n\r\n",
    "longer than told": b"3\r\nabcdef\r\n0\r\n\r\n", "LF only": b"3\nabc\n0\n\n", "NUL": b"3\0\r\nabc\r\n",
    "CR in the size": b"3\rabc",
    "trailer without colon": b"3\r\nabc\r\n0\r\nX Y\r\n\r\n", "trailer with NUL": b"3\r\nabc\r\n0\r\nX: a\0b\r\n\r\n",
    "extension without end": b"3;" + b"a" * 60_000,
    "extensions": b"".join(b"1;%s\r\na\r\n" % (b"x" * 4000) for _ in range(20)),
    "trailers without end": b"3\r\nabc\r\n0\r\n" + b"".join(b"X%d: a\r\n" % n for n in range(20_000)),
}  # fmt: skip


@pytest.mark.parametrize("form", MALFORMED)
def test_a_malformed_body_is_the_fault_of_who_sent_it(server, slug, admin, form):
    before = errors(server)
    for line, kind in routes(slug).items():
        answer = exchange(server, head(line, admin, "Transfer-Encoding: chunked", kind=kind) + MALFORMED[form])
        problem(answer, 400)
    # The same holds for a body that arrives after the answer was decided, or while it is sent.
    refused = exchange(
        server, head("POST /v1/events/upload?dataset=x", "wrong", "Transfer-Encoding: chunked") + MALFORMED[form]
    )
    assert refused.count(b"HTTP/1.1 ") == 1 and fields(refused)[0] in (400, 401), refused
    assert errors(server) == before
    assert server.get("/v1/health/live").status_code == 200


def test_nothing_is_kept_of_a_body_that_ends_too_early(server, slug, admin, database):
    before = database.rows("SELECT count(*) FROM ingest_batches"), errors(server)
    for body in [b"5\r\nabc", b"3\r\nabc\r\n", b"3\r\nabc\r\n0\r\n", b"3\r\nabc\r\n0\r\nX: y\r\n", b"zz"]:
        upload = head(f"POST /v1/events/upload?dataset={slug}", admin, "Transfer-Encoding: chunked")
        answer = exchange(server, upload + body, leaves=True)
        assert answer == b"" or problem(answer, 400)
    answer = exchange(
        server,
        head(f"POST /v1/events/upload?dataset={slug}", admin, "Content-Length: 500") + HEADER.encode(),
        leaves=True,
    )
    assert answer == b"" or problem(answer, 400)
    assert (database.rows("SELECT count(*) FROM ingest_batches"), errors(server)) == before


def test_a_well_formed_body_is_read_in_any_pieces(server, slug, admin):
    for body in [
        b"%x\r\n%s\r\n0\r\n\r\n" % (len(POLYGON), POLYGON),
        b"".join(b"1;q=\"%d\"\r\n%c\r\n" % (n, c) for n, c in enumerate(POLYGON)) + b"0\r\nX: y\r\n\r\n",
    ]:
        line = f"POST /v1/stats?dataset={slug}"
        answer = exchange(
            server, head(line, admin, "Transfer-Encoding: Chunked", "Connection: close", kind="application/json") + body
        )
        assert fields(answer)[0] == 200, answer


HOST = "Host: 127.0.0.1"
CHUNKED, EMPTY = "Transfer-Encoding: chunked", b"0\r\n\r\n"
NEXT = b"GET /v1/health/live HTTP/1.1\r\nHost: a\r\n\r\n"
HEADS = {
    "length beside chunks": ("1.1", [HOST, "Content-Length: 5", CHUNKED], 400),
    "chunks beside length": ("1.1", [HOST, CHUNKED, "Content-Length: 5"], 400),
    "identity, chunked": ("1.1", [HOST, "Transfer-Encoding: identity, chunked"], 400),
    "identity": ("1.1", [HOST, "Transfer-Encoding: identity"], 400),
    "chunked, identity": ("1.1", [HOST, "Transfer-Encoding: chunked, identity"], 400),
    "chunked twice": ("1.1", [HOST, "Transfer-Encoding: chunked, chunked"], 400),
    "chunked in two headers": ("1.1", [HOST, CHUNKED, CHUNKED], 400),
    "two codings in two headers": ("1.1", [HOST, "Transfer-Encoding: identity", CHUNKED], 400),
    "no coding": ("1.1", [HOST, "Transfer-Encoding:"], 400),
    "xchunked": ("1.1", [HOST, "Transfer-Encoding: xchunked"], 501),
    "gzip, chunked": ("1.1", [HOST, "Transfer-Encoding: gzip, chunked"], 501),
    "chunked of 1.0": ("1.0", [HOST, CHUNKED], 400),
    "two lengths": ("1.1", [HOST, "Content-Length: 5", "Content-Length: 6"], 400),
    "the same length twice": ("1.1", [HOST, "Content-Length: 5", "Content-Length: 5"], 400),
    "a list of lengths": ("1.1", [HOST, "Content-Length: 5, 5"], 400),
    "a signed length": ("1.1", [HOST, "Content-Length: +5"], 400),
    "a negative length": ("1.1", [HOST, "Content-Length: -5"], 400),
    "a length of hex": ("1.1", [HOST, "Content-Length: 0x5"], 400),
    "a length beyond all": ("1.1", [HOST, f"Content-Length: {10**30}"], 400),
    "no host": ("1.1", [], 400), "two hosts": ("1.1", [HOST, "Host: evil.example"], 400),
    "the same host twice": ("1.1", [HOST, HOST], 400),
    "an empty host": ("1.1", ["Host:"], 400), "a host with a path": ("1.1", ["Host: a/b"], 400),
    "a host with a user": ("1.1", ["Host: b@a"], 400),
    "a list of hosts": ("1.1", ["Host: a, b"], 400), "a host with a blank": ("1.1", ["Host: a b"], 400),
    "no port": ("1.1", ["Host: a:x"], 400),
    "two hosts of 1.0": ("1.0", [HOST, "Host: a"], 400),
    "a blank before the colon": ("1.1", [HOST, "Content-Length : 5"], 400),
    "a folded header": ("1.1", [HOST, "X: a\r\n b"], 400),
    "an unknown expectation": ("1.1", [HOST, "Expect: 200-ok"], 417),
    "two expectations": ("1.1", [HOST, "Expect: 100-continue, x"], 417),
}  # fmt: skip


@pytest.mark.parametrize("name", HEADS)
def test_a_head_that_two_servers_could_read_differently_is_refused(server, name):
    version, lines, status = HEADS[name]
    before = errors(server)
    for line in ["POST /v1/auth/token", "GET /v1/datasets", "GET /v1/tiles/0/0/0.mvt", "GET /nothing"]:
        request = "\r\n".join([f"{line} HTTP/{version}", *lines, "Accept-Encoding: gzip", "", ""]).encode()
        # The bytes after it are never read as another request.
        problem(exchange(server, request + EMPTY + NEXT), status)
        # Requests before it are answered first.
        answer = exchange(server, NEXT + request + EMPTY + NEXT)
        assert answer.startswith(b"HTTP/1.1 200 ") and answer.count(b"HTTP/1.1 ") == 2, answer[:800]
        problem(answer[answer.index(b"HTTP/1.1 ", 9):], status)
    assert errors(server) == before


def test_what_is_no_http_is_told_so(server):
    for text in [b"hello\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET /\r\n\r\n",
                 b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"GET / HTTP/1.1\r\nA\r\n\r\n",
                 b"get / HTTP/1.1\r\nHost: a\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]:  # fmt: skip
        problem(exchange(server, text), 400)
    problem(exchange(server, b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 200_000 + b"\r\n\r\n"), 431)


def test_a_request_that_asks_for_another_protocol_is_answered_as_it_is(server):
    """Some clients offer HTTP/2 with every request, even with a body."""
    offer = ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"]
    request = "\r\n".join(["GET /v1/health/live HTTP/1.1", HOST, *offer, "", ""]).encode()
    start = time.monotonic()
    status, headers = fields(exchange(server, request))
    # The connection is not used again, and the client is told so.
    assert (status, headers["connection"]) == (200, "close") and time.monotonic() - start < 10


SLOW = ["POST /v1/auth/token", "POST /v1/auth/revoke", "PUT /v1/datasets/x", "POST /v1/stats"]


@pytest.mark.parametrize("sends", ["nothing", "drops"])
@pytest.mark.parametrize("line", SLOW)
def test_a_small_body_has_to_come_in_time(server, admin, line, sends):
    kind = "application/json" if "auth" not in line else "application/x-www-form-urlencoded"
    start = time.monotonic()
    with socket.create_connection(place(server), timeout=30) as client:
        client.sendall(head(line, admin, "Content-Length: 1000", kind=kind) + b"{")
        answer = b""
        client.settimeout(0.5)
        while time.monotonic() - start < 30:
            try:
                piece = client.recv(65536)
                if not piece:
                    break
                answer += piece
            except TimeoutError:
                if sends == "drops" and not answer:
                    client.sendall(b" ")
    assert time.monotonic() - start < 20
    assert b"did not arrive within" in problem(answer, 408)


def test_a_slow_sender_of_a_query_or_file_is_told_so_and_not_that_the_server_is_busy(hextant, folder, slug, admin):
    with serving(hextant, folder / "slow.log", "--workers", 0, "--slowest-upload", 1_000_000) as server:
        upload = head(f"POST /v1/events/upload?dataset={slug}", admin, "Content-Length: 100000") + HEADER.encode()
        problem(exchange(server, upload, seconds=60), 408)


def test_who_was_refused_reads_it_while_still_sending(server, admin, slug):
    """Closing at once would reset the connection, and the answer would be lost together with the unread bytes."""
    body = b"a" * 3_000_000
    upload = head(f"POST /v1/events/upload?dataset={slug}", admin, CHUNKED) + b"3\r\nabcX" + body
    for _ in range(5):
        problem(exchange(server, upload), 400)


def ask(client, request):
    client.sendall(request)
    answer = b""
    while b"\r\n\r\n" not in answer:
        piece = client.recv(65536)
        assert piece, answer
        answer += piece
    return answer


def test_who_waits_for_a_word_is_told_to_go_on(server, slug, admin):
    content = (HEADER + EVENT).encode()
    for line, kind, body, done in [
        (f"POST /v1/events/upload?dataset={slug}", "text/csv", content, 201),
        (f"POST /v1/stats?dataset={slug}", "application/json", POLYGON, 200),
        ("POST /v1/auth/revoke", "application/x-www-form-urlencoded", b"token=x", 200),
    ]:  # fmt: skip
        with socket.create_connection(place(server), timeout=30) as client:
            # Several times on one connection: it continues.
            for expected in ["100-Continue", "100-continue, 100-continue", ", 100-continue"]:
                request = head(line, admin, f"Content-Length: {len(body)}", f"Expect: {expected}", kind=kind)
                assert ask(client, request) == b"HTTP/1.1 100 Continue\r\n\r\n"
                assert fields(ask(client, body))[0] == done


def test_who_is_refused_is_not_told_to_go_on(server, slug, admin):
    upload = f"POST /v1/events/upload?dataset={slug}"
    for request, status in [
        (head(upload, "wrong", "Content-Length: 100", "Expect: 100-continue"), 401),
        (head("POST /v1/events/upload?dataset=none", admin, "Content-Length: 100", "Expect: 100-continue"), 404),
        (head(upload, admin, f"Content-Length: {2 << 20}", "Expect: 100-continue"), 413),
        (head("POST /v1/auth/token", "", "Content-Length: 100000", "Expect: 100-continue"), 413),
        (head("POST /v1/health/live", admin, "Content-Length: 100", "Expect: 100-continue"), 405),
        (head("GET /v1/datasets", admin, "Content-Length: 100", "Expect: 100-continue"), 400),
        (head("POST /v1/nothing", admin, "Content-Length: 100", "Expect: 100-continue"), 404),
    ]:  # fmt: skip
        start = time.monotonic()
        answer = exchange(server, request)
        # The body may follow or not, so nothing else can be read on the connection.
        problem(answer, status)
        assert time.monotonic() - start < 10
    # HTTP/1.0 does not have this answer.
    old = head(
        "POST /v1/auth/revoke",
        "",
        "Content-Length: 7",
        "Expect: 100-continue",
        kind="application/x-www-form-urlencoded",
        version="1.0",
    )
    status, headers = fields(exchange(server, old + b"token=x"))
    assert (status, headers["connection"]) == (200, "close")
    # Without a body there is nothing to wait for.
    none = exchange(server, head("GET /v1/health/live", admin, "Expect: 100-continue", "Connection: close"))
    assert none.startswith(b"HTTP/1.1 200 ")


def test_a_rate_limit_is_looked_at_before_a_body_is_asked_for(hextant, folder, slug):
    with serving(
        hextant, folder / "limited.log", "--workers", 0, "--rate-limit", 20, HEXTANT_TOKEN_SECRET=SECRET
    ) as server:
        # One request costs as many units as there are.
        request = head(
            "POST /v1/auth/token",
            "",
            "Content-Length: 7",
            "Expect: 100-continue",
            kind="application/x-www-form-urlencoded",
        )
        with socket.create_connection(place(server), timeout=30) as client:
            assert ask(client, request).startswith(b"HTTP/1.1 100 ")
        problem(exchange(server, request), 429)


@pytest.fixture(scope="module")
def secure(hextant, folder, slug, tmp_path_factory):
    issued, issuer = tmp_path_factory.mktemp("bodies"), trustme.CA()
    issuer.issue_cert("localhost", "127.0.0.1").private_key_and_cert_chain_pem.write_to_path(issued / "both.pem")
    issuer.cert_pem.write_to_path(issued / "authority.pem")
    flags = [
        "--workers",
        0,
        "--head-timeout",
        2,
        "--tls-certificate",
        issued / "both.pem",
        "--tls-key",
        issued / "both.pem",
    ]
    with serving(hextant, folder / "secure.log", *flags, authority=issued / "authority.pem") as server:
        yield server


class Stream:
    """An HTTP/2 request with a body, and everything that comes back for it."""

    def __init__(self, server, path, *more, authority=None, method="POST"):
        self.connection = raw_http2.Connection(server, server.authority)
        self.h2 = self.connection.h2
        self.h2.config.validate_outbound_headers = self.h2.config.normalize_outbound_headers = False
        self.number = self.h2.get_next_available_stream_id()
        named = [(":authority", self.connection.authority if authority is None else authority)]
        fields = [
            (":method", method),
            (":scheme", "https"),
            (":path", path),
            *(named if authority != "" else []),
            *more,
        ]
        self.h2.send_headers(self.number, fields)
        self.connection.flush()

    def send(self, body, ends=True):
        self.h2.send_data(self.number, body, end_stream=ends)
        self.connection.flush()

    def heads(self):
        """The statuses until the stream ends, and how it ends."""
        statuses = []
        for event in self.connection.events():
            if getattr(event, "stream_id", None) != self.number:
                continue
            if type(event).__name__ in ("ResponseReceived", "InformationalResponseReceived"):
                statuses.append(int(dict(event.headers)[b":status"]))
                assert b"connection" not in dict(event.headers)
                if statuses[-1] == 100:
                    return statuses, "continues"
            if type(event).__name__ in ("StreamEnded", "StreamReset"):
                return statuses, type(event).__name__
        return statuses, "closed"


FORM = ("content-type", "application/x-www-form-urlencoded")


def test_http2_has_the_same_doors(secure):
    stream = Stream(secure, "/v1/auth/revoke", FORM, ("expect", "100-continue"))
    assert stream.heads() == ([100], "continues")
    stream.send(b"token=x")
    assert stream.heads()[0] == [200]
    assert Stream(secure, "/v1/auth/revoke", FORM, ("expect", "more")).heads()[0] == [417]
    assert Stream(secure, "/v1/auth/token", FORM, ("expect", "100-continue"), ("content-length", "100000")).heads()[
        0
    ] == [413]
    # Too slow: the stream ends, the connection continues.
    slow = Stream(secure, "/v1/auth/revoke", FORM)
    slow.send(b"t", ends=False)
    assert slow.heads()[0] == [408]
    status, _ = slow.connection.answer(slow.connection.request("/v1/health/live"))
    assert status == 200


@pytest.mark.parametrize("authority, more, allowed", [
    (None, [("host", "evil.example")], [400]), (None, [("host", "127.0.0.1"), ("host", "evil.example")], [400]),
    ("", [], [400]),
    ("a b", [], []), ("b@a", [], [400]), ("", [("host", "a"), ("host", "b")], [400]), ("", [("host", "a")], [200]),
    (None, [("connection", "close")], []), (None, [("transfer-encoding", "chunked")], []),
    (None, [("upgrade", "h2c")], []),
])  # fmt: skip
def test_heads_of_http2_that_could_be_read_differently_are_refused(secure, authority, more, allowed):
    stream = Stream(secure, "/v1/health/live", *more, authority=authority, method="GET")
    if allowed == [200]:
        stream.send(b"")
    assert stream.heads()[0] == allowed


def test_a_length_that_is_not_that_of_the_data_ends_the_stream(secure):
    for body in [b"token=x", b"token=xxxxxxxxxxxxx"]:
        stream = Stream(secure, "/v1/auth/revoke", FORM, ("content-length", "10"))
        stream.send(body)
        statuses, _ = stream.heads()
        assert 200 not in statuses
