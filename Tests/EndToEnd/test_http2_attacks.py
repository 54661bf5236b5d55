"""HTTP/2 clients that break the protocol or send frames that cost the server and ask for nothing."""

import socket
import ssl
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from bare_http2 import (
    ACK,
    CONTINUATION,
    DATA,
    END_HEADERS,
    END_STREAM,
    GOAWAY,
    HEADERS,
    PADDED,
    PING,
    PREFACE,
    PRIORITY,
    PUSH_PROMISE,
    RST_STREAM,
    SETTINGS,
    WINDOW_UPDATE,
    Attacker,
    frame,
    number,
)
from certificates import certificate_files, new_issuer, tls_flags
from http2_floods import FLOODS, MOST_MEMORY, STREAM_FLOODS, resident
from raw_http import place, request
from serving import serving
from toronto import write_days
from waiting import wait_until

WORLD = "/v1/tiles/0/0/0.mvt"
LIVE = "/v1/health/live"
PROTOCOL_ERROR, FLOW_CONTROL_ERROR, REFUSED_STREAM, ENHANCE_YOUR_CALM = 1, 3, 7, 11
# Seconds within which floods are cut off; nobody waits that long if they are.
PATIENCE = 10


@pytest.fixture(scope="module")
def small(hextant, folder):
    """A day of Toronto."""
    hextant.put_dataset(folder, "small", time_zone="America/Toronto", resolutions=[7])
    write_days(folder / "day.csv", "2019-06-01", "2019-06-01")
    hextant.json("ingest", folder / "day.csv", "--dataset", "small", "--mapping", "toronto")
    hextant.json("score", "--dataset", "small")
    hextant.json("refresh")
    return hextant


@pytest.fixture(scope="module")
def files(folder):
    return certificate_files(new_issuer(), folder)


@pytest.fixture(scope="module", params=["limited", "unlimited"])
def server(small, files, folder, request):
    """Servers with the default rate limits, and without."""
    flags = {"limited": [], "unlimited": ["--rate-limit", 0, "--account-rate-limit", 0]}[request.param]
    log = folder / f"{request.param}.log"
    with serving(small, log, *tls_flags(files), *flags, authority=files.authority) as server:
        yield server


@pytest.fixture
def attack(server, files):
    """Opens connections, and checks after the test that the server is unharmed."""
    attackers = []

    def attack(**more):
        attackers.append(Attacker(server, files.authority, **more))
        return attackers[-1]

    yield attack
    for attacker in attackers:
        attacker.close()
    assert server.process.poll() is None, server.text()
    assert resident(server) < MOST_MEMORY


HEADERS_ALONE = END_HEADERS | END_STREAM

# Violations of the connection's rules. Each is made from an attacker's `head()`, so that header blocks are real.
FAULTS = {
    "DATA on stream 0": lambda head: frame(DATA, 0, 0, b"x" * 100),
    "DATA on an idle stream": lambda head: frame(DATA, 0, 1, b"x"),
    "DATA with more padding than payload": lambda head: frame(DATA, PADDED, 1, b"\xff" + b"x" * 10),
    "HEADERS on stream 0": lambda head: frame(HEADERS, HEADERS_ALONE, 0, head()),
    "HEADERS on an even stream": lambda head: frame(HEADERS, HEADERS_ALONE, 2, head()),
    "HEADERS on a lower stream": lambda head: (
        frame(HEADERS, HEADERS_ALONE, 5, head()) + frame(HEADERS, HEADERS_ALONE, 3, head())
    ),
    "HEADERS that no table holds": lambda head: frame(HEADERS, HEADERS_ALONE, 1, b"\xff\xff\xff\xff\x0f"),
    "HEADERS that end in a string": lambda head: frame(HEADERS, HEADERS_ALONE, 1, b"\x00\x7fabc"),
    "a stream that depends on itself": lambda head: frame(PRIORITY, 0, 1, number(1) + b"\x10"),
    "PRIORITY on stream 0": lambda head: frame(PRIORITY, 0, 0, number(3) + b"\x10"),
    "RST_STREAM on stream 0": lambda head: frame(RST_STREAM, 0, 0, number(8)),
    "RST_STREAM on an idle stream": lambda head: frame(RST_STREAM, 0, 1, number(8)),
    "RST_STREAM of three bytes": lambda head: frame(RST_STREAM, 0, 1, b"abc"),
    "SETTINGS on a stream": lambda head: frame(SETTINGS, 0, 1),
    "SETTINGS of five bytes": lambda head: frame(SETTINGS, 0, 0, b"12345"),
    "SETTINGS that acknowledge with a payload": lambda head: frame(SETTINGS, ACK, 0, b"123456"),
    "SETTINGS acknowledged twice": lambda head: frame(SETTINGS, ACK) * 3,
    "SETTINGS_ENABLE_PUSH 2": lambda head: frame(SETTINGS, 0, 0, number(2, 2) + number(2)),
    "SETTINGS_INITIAL_WINDOW_SIZE 2^31": lambda head: frame(SETTINGS, 0, 0, number(4, 2) + number(1 << 31)),
    "SETTINGS_MAX_FRAME_SIZE 1": lambda head: frame(SETTINGS, 0, 0, number(5, 2) + number(1)),
    "PUSH_PROMISE from a client": lambda head: frame(PUSH_PROMISE, END_HEADERS, 1, number(2) + head()),
    "PING of seven bytes": lambda head: frame(PING, 0, 0, b"1234567"),
    "PING on a stream": lambda head: frame(PING, 0, 1, b"12345678"),
    "GOAWAY on a stream": lambda head: frame(GOAWAY, 0, 1, number(0) + number(0)),
    "GOAWAY of four bytes": lambda head: frame(GOAWAY, 0, 0, number(0)),
    "WINDOW_UPDATE by 0": lambda head: frame(WINDOW_UPDATE, 0, 0, number(0)),
    "WINDOW_UPDATE beyond 2^31": lambda head: frame(WINDOW_UPDATE, 0, 0, number((1 << 31) - 1)) * 2,
    "WINDOW_UPDATE of three bytes": lambda head: frame(WINDOW_UPDATE, 0, 0, b"abc"),
    "WINDOW_UPDATE on an idle stream": lambda head: frame(WINDOW_UPDATE, 0, 1, number(1)),
    "CONTINUATION without HEADERS": lambda head: frame(CONTINUATION, END_HEADERS, 1, head()),
    "a block that another stream interrupts": lambda head: (
        frame(HEADERS, END_STREAM, 1, head()) + frame(CONTINUATION, END_HEADERS, 3)
    ),
    "a block that a PING interrupts": lambda head: frame(HEADERS, END_STREAM, 1, head()) + frame(PING, 0, 0,
                                                                                                 b"12345678"),
    "a frame that is too long": lambda head: frame(PING, 0, 0, b"x" * 100, length=1 << 15),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_ends_the_connection(attack, name):
    attacker = attack()
    attacker.send(FAULTS[name](attacker.head))
    code, is_closed = attacker.ending()
    assert code not in (None, 0) and is_closed


@pytest.mark.parametrize(
    "preface",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x00" * 24,
        PREFACE.replace(b"2.0", b"2.1"),
        PREFACE + frame(PING, 0, 0, b"12345678"),
    ],
)
def test_what_is_no_preface_ends_the_connection(attack, preface):
    attacker = attack(opens=False)
    attacker.send(preface)
    code, is_closed = attacker.ending()
    assert code == PROTOCOL_ERROR and is_closed


def test_nothing_is_kept_of_what_comes_after_a_fault(server, attack):
    before = resident(server)
    for _ in range(3):
        attacker = attack()
        attacker.send(frame(DATA, 0, 0, b"x"))
        assert attacker.flood(b"\xaa" * 65536, PATIENCE) is not None
        assert resident(server) < before + 30e6


@pytest.mark.parametrize("reads", [True, False], ids=["reads", "reads nothing"])
@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_is_cut_off(attack, name, reads):
    attacker = attack()
    began = time.monotonic()
    sent = attacker.flood(FLOODS[name], PATIENCE, reads=reads)
    assert sent is not None and time.monotonic() - began < PATIENCE


def test_a_flood_is_told_why_it_is_cut_off(attack):
    attacker = attack()
    attacker.send(FLOODS["PING"])
    assert attacker.ending() == (ENHANCE_YOUR_CALM, True)


@pytest.mark.parametrize("name", STREAM_FLOODS)
def test_a_flood_within_a_stream_is_cut_off(attack, name):
    attacker = attack()
    attacker.request(1, "/v1/auth/token", "POST", ends=False)
    began = time.monotonic()
    sent = attacker.flood(STREAM_FLOODS[name](attacker), PATIENCE)
    assert sent is not None and time.monotonic() - began < PATIENCE


@pytest.mark.parametrize("piece", [b"", b"\x00\x01a\x01b" * 100], ids=["empty", "full"])
def test_a_header_block_without_end_is_cut_off(attack, piece):
    attacker = attack()
    attacker.send(frame(HEADERS, END_STREAM, 1, attacker.head()))
    assert attacker.flood(frame(CONTINUATION, 0, 1, piece) * 10, PATIENCE) is not None


def test_a_header_block_that_unpacks_to_far_more_is_refused(attack):
    attacker = attack()
    attacker.head(WORLD, "GET", ("x-long", "a" * 3000))
    # The long field is in the table now, and each byte repeats it.
    attacker.send(frame(HEADERS, HEADERS_ALONE, 1, attacker.encoder.encode([]) + b"\xbe" * 16000))
    code, is_closed = attacker.ending()
    assert code and is_closed


def test_heads_that_are_kept_have_a_bound_of_the_connection(server, attack):
    """A client that reads no answers, with requests of a few bytes that are far larger when decoded."""
    attacker = attack(opens=False)
    attacker.send(PREFACE + frame(SETTINGS, 0, 0, number(4, 2) + number(0)))
    streams = list(range(1, 200, 2))
    long = ("x-long", "a" * 3000)
    for stream in streams:
        attacker.send(frame(HEADERS, HEADERS_ALONE, stream, attacker.head(WORLD, "GET", *[long] * 4)))
    refused = [stream for kind, _, stream, _ in attacker.frames(1) if kind == RST_STREAM]
    # Heads with four fields of 3000 bytes fit about twenty times into 256 KiB.
    assert streams[22:] == refused[-len(streams[22:]) :] and len(refused) < 85 and not attacker.is_closed


def test_rapid_resets_are_cut_off(server, attack):
    attacker = attack()
    pairs = b"".join(
        frame(HEADERS, HEADERS_ALONE, stream, attacker.head(WORLD)) + frame(RST_STREAM, 0, stream, number(8))
        for stream in range(1, 10_000, 2)
    )
    attacker.send(pairs)
    assert attacker.ending(2 * PATIENCE) == (ENHANCE_YOUR_CALM, True)
    assert server.raw(WORLD).status_code == 200


def test_streams_over_the_limit_are_refused_one_by_one(server, attack):
    attacker = attack()
    streams = [2 * number + 1 for number in range(150)]
    # Without their ends they stay open; the client does not know the limit yet.
    attacker.send(
        b"".join(frame(HEADERS, END_HEADERS, stream, attacker.head("/v1/auth/token", "POST")) for stream in streams)
    )
    refused = [
        stream for kind, _, stream, payload in attacker.frames(1)
        if kind == RST_STREAM and int.from_bytes(payload, "big") == REFUSED_STREAM
    ]  # fmt: skip
    assert refused == streams[100:] and not attacker.is_closed
    # The others continue, and once one has ended there is room again.
    attacker.send(frame(RST_STREAM, 0, 1, number(8)))
    attacker.request(301, LIVE)
    assert any(kind == HEADERS and stream == 301 for kind, _, stream, _ in attacker.frames(5))
    assert not attacker.is_closed


def test_many_refusals_are_a_flood(attack):
    attacker = attack()
    attacker.send(
        b"".join(
            frame(HEADERS, END_HEADERS, stream, attacker.head("/v1/auth/token", "POST"))
            for stream in range(1, 10_000, 2)
        )
    )
    assert attacker.ending(2 * PATIENCE) == (ENHANCE_YOUR_CALM, True)


def test_bodies_that_nobody_reads_have_a_bound_of_the_connection(server, attack):
    """All streams together get no more room than the connection's window."""
    attacker = attack()
    granted = 65_535
    for stream in range(1, 200, 2):
        attacker.send(frame(HEADERS, END_HEADERS, stream, attacker.head("/v1/auth/token", "POST")))
    for kind, _, stream, payload in attacker.frames(1):
        if kind == WINDOW_UPDATE and stream == 0:
            granted += int.from_bytes(payload, "big")
    assert granted == 256 * 1024


def test_an_upload_is_granted_what_has_been_read(server, attack):
    """A body far longer than the connection's window, on a route that ignores it."""
    attacker = attack()
    attacker.request(1, "/v1/events/upload?dataset=small", "POST", ends=False)
    connection, stream, left = 65_535, 65_535, 4 << 20
    end = time.monotonic() + 30
    while left and time.monotonic() < end:
        piece = min(16_384, left, connection, stream)
        if piece:
            attacker.send(frame(DATA, END_STREAM if piece == left else 0, 1, b"x" * piece))
            connection, stream, left = connection - piece, stream - piece, left - piece
        for kind, _, where, payload in attacker.frames(0 if piece else 0.02):
            assert kind not in (RST_STREAM, GOAWAY)
            if kind == WINDOW_UPDATE:
                if where == 0:
                    connection += int.from_bytes(payload, "big")
                else:
                    stream += int.from_bytes(payload, "big")
    assert left == 0


@pytest.mark.parametrize("begun", [b"", PREFACE[:10], PREFACE, PREFACE + frame(SETTINGS, length=6)[:12]])
def test_a_slow_beginning_is_cut_off(small, files, folder, begun):
    with serving(
        small, folder / "slow.log", *tls_flags(files), "--head-timeout", 1, authority=files.authority
    ) as server:
        attacker = Attacker(server, files.authority, opens=False)
        attacker.send(begun)
        assert attacker.ending(5)[1]
        # A header block that never ends, while another stream is served.
        attacker = Attacker(server, files.authority)
        attacker.request(1, "/v1/auth/token", "POST", ends=False)
        attacker.send(frame(HEADERS, END_STREAM, 3, attacker.head()))
        assert attacker.ending(5)[1]


def test_pings_do_not_keep_a_connection_that_asks_for_nothing(small, files, folder):
    with serving(
        small, folder / "idle.log", *tls_flags(files), "--idle-timeout", 1, authority=files.authority
    ) as server:
        attacker = Attacker(server, files.authority)
        with pytest.raises(OSError):
            for _ in range(50):
                attacker.send(frame(PING, 0, 0, b"12345678"))
                time.sleep(0.2)


@pytest.mark.parametrize("version, command", [("-tls1_3", b"k\n"), ("-tls1_2", b"R\n")], ids=["keys", "renegotiation"])
def test_new_keys_again_and_again_end_the_connection(server, files, version, command):
    """Requests new keys (TLS 1.3) or a new handshake (TLS 1.2) through OpenSSL's own client."""
    client = subprocess.Popen(
        ["openssl", "s_client", version, "-connect", ":".join(map(str, place(server))), "-CAfile", files.authority],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(100):
            client.stdin.write(command)
            client.stdin.flush()
            time.sleep(0.02)
            if client.poll() is not None:
                break
    except BrokenPipeError:
        pass
    assert client.wait(timeout=PATIENCE) is not None
    assert server.raw(WORLD).status_code == 200


LEAVE = {
    "closes": lambda wrapped: wrapped.close(),
    "closes its side": lambda wrapped: wrapped.shutdown(socket.SHUT_WR),
    "says so": lambda wrapped: say_farewell(wrapped),
    "resets": lambda wrapped: (
        wrapped.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0"), wrapped.close()
    ),
}  # fmt: skip


def say_farewell(wrapped):
    """Ends TLS but leaves the socket open."""
    wrapped.settimeout(0)
    try:
        wrapped.unwrap()
    except (BlockingIOError, ssl.SSLError, OSError):
        pass


@pytest.mark.parametrize("how", LEAVE)
@pytest.mark.parametrize("protocol", ["h2", "http/1.1"])
def test_who_has_left_frees_the_slot(small, files, folder, protocol, how):
    """Ten slots and ten clients that ask once and leave: the next one is served."""
    flags = [*tls_flags(files), "--maximum-connections", 11]
    with serving(small, folder / "slots.log", *flags, authority=files.authority) as server:
        before = server.connections()
        clients = []
        for _ in range(10):
            if protocol == "h2":
                attacker = Attacker(server, files.authority)
                attacker.request(1)
                assert any(kind == HEADERS for kind, *_ in attacker.frames(0.5))
                clients.append(attacker.socket)
            else:
                context = ssl.create_default_context(cafile=files.authority)
                plain = socket.create_connection(place(server), timeout=10)
                clients.append(context.wrap_socket(plain, server_hostname="localhost"))
                clients[-1].sendall(request(LIVE))
                assert clients[-1].recv(1 << 16).startswith(b"HTTP/1.1 200 ")
        assert server.connections() == before + 10
        for client in clients:
            LEAVE[how](client)
        wait_until(lambda: server.connections() <= before, "the slots to be free", seconds=1.5)
        for client in clients:
            client.close()


def test_one_address_cannot_have_all_connections(small, files, folder):
    flags = [*tls_flags(files), "--address-connections", 5]
    with serving(small, folder / "address.log", *flags, authority=files.authority) as server:
        server.session.close()
        server.session = server.new_session()
        attackers = [Attacker(server, files.authority, address="127.0.0.2") for _ in range(5)]
        with pytest.raises(OSError):
            Attacker(server, files.authority, address="127.0.0.2")
        assert server.get(LIVE).status_code == 200
        attackers.pop().close()
        wait_until(lambda: connects(server, files), "the slot to be free", seconds=5)


def connects(server, files):
    try:
        Attacker(server, files.authority, address="127.0.0.2").close()
        return True
    except OSError:
        return False


def test_trusted_proxies_have_as_many_connections_as_they_like(small, files, folder):
    flags = [*tls_flags(files), "--address-connections", 5, "--trusted-proxies", "127.0.0.2"]
    with serving(small, folder / "proxy.log", *flags, authority=files.authority) as server:
        attackers = [Attacker(server, files.authority, address="127.0.0.2") for _ in range(20)]
        for attacker in attackers:
            attacker.request(1)
            assert any(kind == HEADERS for kind, *_ in attacker.frames(5))


def test_requests_that_wait_for_an_answer_wait_as_bytes(small, folder):
    """HTTP/1.1: megabytes of requests by clients that read nothing and half-close at the end."""
    with serving(small, folder / "pipelined.log", "--rate-limit", 0) as server:
        before = resident(server)
        sockets = []

        def flood(_):
            plain = socket.create_connection(place(server), timeout=10)
            sockets.append(plain)
            plain.setblocking(False)
            try:
                for _ in range(100):
                    plain.send(b"GET /v1/datasets HTTP/1.1\r\nHost: a\r\n\r\n" * 2000)
            except (BlockingIOError, OSError):
                pass

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(flood, range(100)))
        assert resident(server) < before + 100e6
        for plain in sockets:
            try:
                plain.shutdown(socket.SHUT_WR)
            except OSError:
                pass
        time.sleep(1)
        assert resident(server) < before + 100e6
        for plain in sockets:
            plain.close()
        assert server.get(LIVE).status_code == 200
