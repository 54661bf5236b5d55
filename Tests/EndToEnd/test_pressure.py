"""A server under pressure: bursts, and clients that leave, read slowly or send nonsense, and its state afterwards."""

import asyncio
import random
import select
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from raw_http import ask_all, place, request
from redis_database import free_redis_database
from serving import serving
from toronto import write_days
from vector_tile import tiles_around
from waiting import wait_until

DAYS = [f"2019-06-{day:02}" for day in range(1, 8)]
WORLD = "/v1/tiles/0/0/0.mvt"


@pytest.fixture(scope="module")
def small(hextant, folder):
    """One week of Toronto."""
    hextant.put_dataset(folder, "small", time_zone="America/Toronto", resolutions=[7])
    write_days(folder / "week.csv", DAYS[0], DAYS[-1])
    hextant.json("ingest", folder / "week.csv", "--dataset", "small", "--mapping", "toronto")
    hextant.json("score", "--dataset", "small")
    hextant.json("refresh")
    return hextant


# So patient that even on a busy machine nothing ends except by the test itself.
PATIENT = ["--statement-timeout", 120, "--tile-timeout", 120, "--request-timeout", 120]


@pytest.fixture
def server(small, folder, request):
    with free_redis_database() as redis:
        with serving(small, folder / f"{request.node.name}.log", "--redis-url", redis.url, *PATIENT) as server:
            yield server


@pytest.fixture
def cells(database):
    return [cell for [cell] in database.rows("SELECT DISTINCT to_hex(h3_index) FROM mv_daily_risk")]


def lookups(database):
    """The number of scans of the served view's index, after every connection has reported."""
    time.sleep(1.5)  # an idle connection reports at most once a second
    return database.value(
        "SELECT coalesce(sum(idx_scan), 0)::int FROM pg_stat_all_indexes WHERE relname = 'mv_daily_risk'"
    )


def working(database):
    """Statements that wait for the view while a test locks it."""
    return database.value(
        "SELECT count(*) FROM pg_locks WHERE NOT granted"
        " AND relation IN (SELECT oid FROM pg_class WHERE relname = 'mv_daily_risk')"
    )


def hold(connection):
    """Blocks every reader of the view until the connection's transaction ends, which must not be committed."""
    connection.execute("ALTER TABLE mv_daily_risk RENAME TO held")


def test_a_burst_on_one_tile_is_one_query(server, database):
    server.raw(WORLD, date=DAYS[0])  # caches the list of datasets and the generation
    before = lookups(database)
    server.raw(WORLD, date=DAYS[1])
    of_a_tile = lookups(database) - before  # one for each of its ranges
    # Blocked, so that all have arrived before the first could be answered.
    with database.connect() as lock, ThreadPoolExecutor() as pool:
        hold(lock)
        try:
            burst = pool.submit(asyncio.run, ask_all(server, [f"{WORLD}?date={DAYS[2]}"] * 500, 500))
            wait_until(lambda: server.metric("tile_requests_total", tier="memory", outcome="miss") == 502, "all")
            # The one query is sent after the requests are counted.
            wait_until(lambda: working(database) > 0, "the query")
            assert working(database) == 1
        finally:
            lock.rollback()
        answers = burst.result()
    assert {status for status, _ in answers} == {200} and len({body for _, body in answers}) == 1
    assert server.metric("tile_requests_coalesced_total") == 499
    # The list of datasets may have been read again meanwhile, but not some hundred tiles.
    assert lookups(database) - before - 2 * of_a_tile < 18


def test_who_leaves_takes_the_query_along(server, database, cells):
    server.raw(WORLD)
    # The server was asked whether it is ready before it was.
    unavailable = server.metric("http_requests_total", status="503")
    tiles = [str(tile) for tile in tiles_around(cells, 14)][:200]
    assert len(tiles) == 200

    async def leave(tile):
        _, writer = await asyncio.open_connection(*place(server))
        writer.write(request(f"/v1/tiles/{tile}.mvt"))
        await writer.drain()
        await asyncio.sleep(0.02)
        writer.close()

    async def leave_all():
        await asyncio.gather(*map(leave, tiles))

    with database.connect() as lock:
        hold(lock)
        asyncio.run(leave_all())
        # The lock is still held, so only a cancellation can end a query.
        wait_until(lambda: working(database) == 0, "the queries to be cancelled")
        wait_until(lambda: server.metric("database_sessions_leased") == 0, "the sessions")
        assert server.metric("database_sessions_waiting") == 0
        lock.rollback()
    # It is not a fault of the server, so nobody has to be woken up for it.
    assert server.metric("http_requests_total", status="499") > 0
    assert server.metric("http_requests_total", status="503") == unavailable
    assert server.raw(WORLD, date=DAYS[1]).status_code == 200


def test_two_servers_make_a_tile_once(small, folder, database):
    with free_redis_database() as redis:
        flags = ["--redis-url", redis.url, *PATIENT]
        with serving(small, folder / "one.log", *flags) as one, serving(small, folder / "two.log", *flags) as two:
            for server in [one, two]:
                server.raw(WORLD, date=DAYS[0])  # caches the list of datasets and the generation
            made = [server.metric("tile_query_seconds_count") for server in [one, two]]
            misses = two.metric("tile_requests_total", tier="redis", outcome="miss")
            with database.connect() as lock, ThreadPoolExecutor() as pool:
                hold(lock)
                try:
                    first = pool.submit(one.raw, WORLD, date=DAYS[1])
                    wait_until(lambda: working(database) == 1, "the query")
                    second = pool.submit(two.raw, WORLD, date=DAYS[1])
                    wait_until(
                        lambda: two.metric("tile_requests_total", tier="redis", outcome="miss") > misses, "the other"
                    )
                finally:
                    lock.rollback()
                assert first.result().body == second.result().body != b""
            assert [server.metric("tile_query_seconds_count") for server in [one, two]] == [made[0] + 1, made[1]]
            assert two.metric("tile_lock_waits_total") == 1


def test_a_slow_statement_is_ended(small, folder, database):
    with serving(small, folder / "ended.log", "--statement-timeout", 1) as server:
        server.raw(WORLD, date=DAYS[0])
        with database.connect() as lock:
            hold(lock)
            # The view is still locked, so only the time limit can end the statement.
            answer = server.raw(WORLD, date=DAYS[1])
            assert answer.status_code == 503 and int(answer.headers["Retry-After"]) >= 1
            assert working(database) == 0
            lock.rollback()
        assert server.raw(WORLD, date=DAYS[1]).status_code == 200


def test_who_waits_too_long_for_a_session_is_told_when_to_come_back(small, folder, database, cells):
    tiles = [f"/v1/tiles/{tile}.mvt" for tile in tiles_around(cells, 10)][:12]
    assert len(tiles) == 12
    with serving(small, folder / "sessions.log", "--database-connections", 2, *PATIENT) as server:
        server.raw(WORLD)
        with database.connect() as lock, ThreadPoolExecutor(len(tiles)) as pool:
            hold(lock)
            try:
                asked = [pool.submit(requests.get, server.url + tile, timeout=60) for tile in tiles]
                wait_until(lambda: sum(each.done() for each in asked) == len(tiles) - 2, "the others to be refused")
                wait_until(lambda: working(database) == 2, "the queries of the others")
            finally:
                lock.rollback()
            answers = [each.result() for each in asked]
        refused = [answer for answer in answers if answer.status_code == 503]
        assert len(refused) == len(tiles) - 2
        assert {answer.status_code for answer in answers} <= {200, 204, 503}
        assert all(int(answer.headers["Retry-After"]) >= 1 for answer in refused)
        assert server.metric("database_refused_total") == len(refused)
        assert {server.raw(tile).status_code for tile in tiles} <= {200, 204}


def test_connections_beyond_the_bound_wait(small, folder):
    with serving(small, folder / "bound.log", "--maximum-connections", 4) as server:
        server.session.close()
        connections = [socket.create_connection(place(server), timeout=60) for _ in range(12)]
        try:
            for connection in connections:
                connection.sendall(request("/v1/health/live"))
            served = set()
            while len(served) < 4:
                served |= set(select.select(connections, [], [], 60)[0])
            # The others are not served later either, except three that are accepted together with the last.
            time.sleep(1)
            served = set(select.select(connections, [], [], 0)[0])
            assert 4 <= len(served) <= 7
            # Each one that closes lets another in.
            waiting = set(connections)
            while waiting:
                ready = select.select(waiting, [], [], 60)[0]
                assert ready
                for connection in ready:
                    assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200 ")
                    connection.close()
                waiting.difference_update(ready)
        finally:
            for connection in connections:
                connection.close()


def malformed(random):
    """A tile's path with a fault in one of its parts."""
    z = random.randrange(23)
    x, y = (random.randrange(2**z) for _ in range(2))
    number = random.choice(
        ["-1", "+1", "1.0", "1e2", "0x1", "01", "%2B1", "٣", "NaN", "9" * random.randrange(11, 40), "a", "%00", "1%20"]
    )
    query = random.choice(
        ["date=2021-02-30", "date=", "date=1", "resolution=16", "resolution=-1", "level=", "level=purple",
         "level=low,,high",
         "dataset=A", "dataset=%FF", "dataset=a%27b", "colour=red", "date=2021-01-01&date=2021-01-01",
         "resolution=7;drop",
         "%zz=1", "dataset=" + "a" * 64]
    )  # fmt: skip
    parts = {
        "z": lambda: (number, x, y),
        "x": lambda: (z, number, y),
        "y": lambda: (z, x, number),
        "deep": lambda: (random.randrange(23, 99), x, y),
        "wide": lambda: (z, 2**z + random.randrange(1000), y),
        "high": lambda: (z, x, 2**z + random.randrange(1000)),
        "query": lambda: (z, x, y),
    }
    fault = random.choice(list(parts))
    path = "/".join(map(str, parts[fault]()))
    address = f"/v1/tiles/{path}.mvt" + (f"?{query}" if fault == "query" or random.random() < 0.2 else "")
    return "".join(c if c.isascii() else "".join(f"%{byte:02X}" for byte in c.encode()) for c in address)


def test_malformed_addresses_reach_nothing(server):
    server.raw(WORLD)
    seed = random.Random(7)
    addresses = [malformed(seed) for _ in range(10_000)]

    def asked():
        return server.metric("database_statement_seconds_count"), server.metric("tile_requests_total")

    before = asked()
    answers = asyncio.run(ask_all(server, addresses, 8))
    # A path with an escape may be another spelling of a path, or of none, before its numbers are read.
    wrong = [
        (address, answer) for address, answer in zip(addresses, answers)
        if answer[0] != 400 and not ("%" in address.split("?")[0] and answer[0] in {308, 404})]
    assert wrong[:5] == []
    assert asked() == before


def test_a_client_that_reads_nothing_is_cut_off(small, folder):
    with serving(small, folder / "slow.log", "--write-timeout", 1) as server:
        script = "/vendor/maplibre-gl.js"
        assert len(server.raw(script).body) > 500_000
        before = server.connections()
        slow = [socket.create_connection(place(server), timeout=30) for _ in range(20)]
        for connection in slow:
            connection.sendall(request(script) * 20)
        wait_until(lambda: server.connections() >= before + 20, "them to be served")
        wait_until(lambda: server.connections() <= before, "them to be cut off")
        for connection in slow:
            connection.close()
        assert server.metric("process_resident_memory_bytes") < 500e6


def test_a_head_that_never_ends_is_cut_off(small, folder):
    with serving(small, folder / "heads.log", "--head-timeout", 1) as server:
        with socket.create_connection(place(server), timeout=30) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n")
            assert connection.recv(1) == b""


def test_nothing_grows(server, cells):
    """The same work repeatedly, with clients that leave: memory and descriptors stay where they were."""
    tiles = [f"/v1/tiles/{tile}.mvt?date={day}" for tile in tiles_around(cells, 9) for day in DAYS]

    def work():
        for _ in range(20):
            asyncio.run(ask_all(server, tiles, 8))
        for _ in range(50):
            with socket.create_connection(place(server)) as connection:
                connection.sendall(request(tiles[0]))

    def state():
        return server.metric("process_open_fds"), server.metric("process_resident_memory_bytes")

    for _ in range(3):
        work()
    descriptors, memory = state()
    for _ in range(3):
        work()
    wait_until(lambda: state()[0] <= descriptors, "the descriptors to be closed")
    assert state()[1] < memory + 20e6


def test_drain_answers_what_is_under_way(server, database):
    server.raw(WORLD, date=DAYS[0])
    with database.connect() as lock:
        hold(lock)
        with socket.create_connection(place(server), timeout=30) as connection:
            connection.sendall(request(f"{WORLD}?date={DAYS[3]}"))
            wait_until(lambda: working(database) == 1, "the query")
            server.process.terminate()
            time.sleep(0.3)
            lock.rollback()
            answer = b""
            while part := connection.recv(1 << 16):
                answer += part
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert server.process.wait(timeout=10) == 0
