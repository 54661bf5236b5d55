"""Tiles at known paths that a server does not hold in memory: found in Redis, or made."""

import asyncio
import socket

import pytest
from raw_http import place, request
from redis_database import free_redis_database
from serving import serving
from toronto import write_days
from waiting import wait_until

DAYS = [f"2019-06-{day:02}" for day in range(1, 4)]
WORLD = "/v1/tiles/0/0/0.mvt"
EMPTY = "/v1/tiles/14/0/0.mvt"


@pytest.fixture(scope="module")
def small(hextant, folder):
    """Three days of Toronto."""
    hextant.put_dataset(folder, "small", time_zone="America/Toronto", resolutions=[7])
    write_days(folder / "days.csv", DAYS[0], DAYS[-1])
    hextant.json("ingest", folder / "days.csv", "--dataset", "small", "--mapping", "toronto")
    hextant.json("score", "--dataset", "small")
    hextant.json("refresh")
    return hextant


@pytest.fixture
def redis():
    with free_redis_database() as redis:
        yield redis


@pytest.fixture
def server(small, redis, tmp_path):
    with serving(small, tmp_path / "server.log", "--redis-url", redis.url, "--tile-memory", 0) as server:
        yield server


def found(server):
    return server.metric("tile_requests_total", tier="redis", outcome="hit")


async def ask(server, requests):
    """Sends requests over one connection without waiting, and returns status, headers and body of every answer."""
    reader, writer = await asyncio.open_connection(*place(server))
    writer.write(b"".join(requests))
    answers = []
    for sent in requests:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        fields = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        length = 0 if sent.startswith(b"HEAD") else int(fields.get("content-length", 0))
        answers.append((int(head[0].split()[1]), fields, await reader.readexactly(length)))
    writer.close()
    return answers


def test_they_are_answered_as_the_route_does_and_in_their_order(server):
    routed = {path: server.raw(path, "gzip") for path in [WORLD, EMPTY, f"{WORLD}?date={DAYS[0]}", "/v1/health/live"]}
    for path in routed:
        server.raw(path, "gzip")
    tag = routed[WORLD].headers["ETag"]
    before = found(server)
    gzip = "Accept-Encoding: gzip"
    paths = [WORLD, EMPTY, f"{WORLD}?date={DAYS[0]}", WORLD, WORLD, WORLD, "/v1/health/live", WORLD]
    requests = [request(path, gzip) for path in paths]
    requests[3] = request(WORLD, gzip, f"If-None-Match: {tag}")
    requests[4] = request(WORLD, gzip).replace(b"GET", b"HEAD")
    answers = asyncio.run(ask(server, requests))
    assert [status for status, _, _ in answers] == [200, 204, 200, 304, 200, 200, 200, 200]
    for path, (status, fields, body) in zip(paths, answers):
        if status == 200 and path != "/v1/health/live":
            assert body in (routed[path].body, b"")
            for name in ["ETag", "Cache-Control", "Vary", "Content-Type", "Content-Encoding", "Content-Length"]:
                assert fields[name.lower()] == routed[path].headers[name].lower()
    assert answers[4][2] == b"" and answers[5][2] == routed[WORLD].body
    assert found(server) - before == 7
    # Everything was found: nothing was made a second time.
    assert server.metric("tile_requests_total", tier="redis", outcome="miss") == 3


def test_what_redis_has_lost_is_made_again(server, redis):
    for _ in range(3):
        expected = server.raw(WORLD, "gzip")
    redis.ask("FLUSHDB")
    assert server.raw(WORLD, "gzip").body == expected.body
    assert server.metric("tile_requests_total", tier="redis", outcome="miss") == 2
    before = found(server)
    assert server.raw(WORLD, "gzip").body == expected.body
    assert found(server) == before + 1


def test_many_at_once_get_what_they_asked_for(server):
    paths = [f"{path}?date={day}" for path in [WORLD, EMPTY] for day in DAYS]
    expected = {}
    for path in paths * 2:
        answer = server.raw(path, "gzip")
        expected[path] = (answer.status_code, answer.body)

    async def ask_all():
        asked = paths * 50
        parts = await asyncio.gather(
            *(ask(server, [request(path, "Accept-Encoding: gzip") for path in asked[n::20]]) for n in range(20))
        )
        for number, answers in enumerate(parts):
            for path, (status, _, body) in zip(asked[number::20], answers):
                assert (status, body) == expected[path]

    asyncio.run(ask_all())


def test_a_private_dataset_is_not_answered_from_redis(small, server, folder):
    for _ in range(3):
        assert server.raw(WORLD, "gzip").status_code == 200
    small.put_dataset(folder, "small", time_zone="America/Toronto", resolutions=[7], visibility="private")
    try:
        assert asyncio.run(until_hidden(server))
        answers = asyncio.run(ask(server, [request(WORLD, "Accept-Encoding: gzip")] * 3))
        assert [status for status, _, _ in answers] == [404] * 3
    finally:
        small.put_dataset(folder, "small", time_zone="America/Toronto", resolutions=[7])


async def until_hidden(server):
    """Every server hears of a changed right within a second."""
    for _ in range(500):
        [(status, _, _)] = await ask(server, [request(WORLD, "Accept-Encoding: gzip")])
        if status == 404:
            return True
        await asyncio.sleep(0.01)
    return False


@pytest.fixture
def cold(small, tmp_path):
    """A server that caches nothing and may make one tile a second; its list of datasets is new, and the tile's path
    known."""
    with serving(small, tmp_path / "cold.log", "--tile-memory", 0, "--tile-timeout", 1) as server:
        for _ in range(3):
            server.raw(WORLD, "gzip")
        yield server


def working(database):
    """Statements that wait for the view while a test locks it."""
    return database.value(
        "SELECT count(*) FROM pg_locks WHERE NOT granted"
        " AND relation IN (SELECT oid FROM pg_class WHERE relname = 'mv_daily_risk')"
    )


def test_each_is_made_anew_where_nothing_is_kept(cold):
    expected = cold.raw(WORLD, "gzip")
    before = cold.metric("database_statement_seconds_count")
    answers = asyncio.run(ask(cold, [request(WORLD, "Accept-Encoding: gzip")] * 20))
    assert all((status, body) == (200, expected.body) for status, _, body in answers)
    assert cold.metric("database_statement_seconds_count") >= before + 20


def test_one_that_cannot_be_made_is_refused_as_by_the_route(cold, database):
    with database.connect() as lock:
        lock.execute("ALTER TABLE mv_daily_risk RENAME TO held")
        known, unknown = cold.raw(WORLD, "gzip"), cold.raw(WORLD, "gzip", resolution=7)
        lock.rollback()
    assert known.status_code == unknown.status_code == 503
    assert known.body == unknown.body and known.headers["Retry-After"] == unknown.headers["Retry-After"]
    assert known.headers["Content-Type"] == "application/problem+json"
    assert cold.raw(WORLD, "gzip").status_code == 200


def test_who_leaves_takes_the_query_along(small, tmp_path, database):
    with serving(small, tmp_path / "left.log", "--tile-memory", 0, "--statement-timeout", 120) as server:
        for _ in range(3):
            server.raw(WORLD, "gzip")
        with database.connect() as lock:
            lock.execute("ALTER TABLE mv_daily_risk RENAME TO held")
            with socket.create_connection(place(server), timeout=30) as connection:
                connection.sendall(request(WORLD, "Accept-Encoding: gzip"))
                wait_until(lambda: working(database) == 1, "the query")
            # The lock is still held, so only a cancellation can end the query.
            wait_until(lambda: working(database) == 0, "the query to be cancelled")
            lock.rollback()
        assert server.metric("http_requests_total", status="499") == 1
        assert server.raw(WORLD, "gzip").status_code == 200


def test_the_log_has_their_paths_without_queries(small, tmp_path):
    with serving(small, tmp_path / "logged.log", "--access-log", 1) as server:
        for _ in range(3):
            server.raw(WORLD, "gzip", date=DAYS[0])
        lines = [line for line in server.text().splitlines() if "/v1/tiles/" in line]
    assert len(lines) == 3 and all(f"path={WORLD} " in line and "status=200 " in line for line in lines)
