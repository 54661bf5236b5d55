"""The sending and caching of tiles: encodings, tags, caches, refusals, and service without Redis."""

import gzip
import socket

import pytest
from command import Hextant, assert_one_plain_line
from redis_database import free_redis_database
from serving import serving
from toronto import write_days
from vector_tile import features
from waiting import wait_until

WORLD = "/v1/tiles/0/0/0.mvt"
EMPTY = "/v1/tiles/10/0/0.mvt"  # the Arctic


@pytest.fixture
def asked(demo_server):
    return {"date": demo_server.day, "resolution": 7}


def test_gzip_unpacks_to_the_plain_bytes(toronto_server, asked):
    plain = toronto_server.raw(WORLD, "identity", **asked)
    packed = toronto_server.raw(WORLD, "gzip, br", **asked)
    assert plain.headers["Content-Type"] == packed.headers["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert "Content-Encoding" not in plain.headers and packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body != packed.body
    assert len(features(plain.body)) > 10


@pytest.mark.parametrize("refusal", ["gzip;q=0", "br", "gzip;q=0.0, *;q=0", ""])
def test_who_refuses_gzip_gets_plain_bytes(toronto_server, asked, refusal):
    assert "Content-Encoding" not in toronto_server.raw(WORLD, refusal, **asked).headers


def test_tag_differs_by_encoding_and_answers_not_modified(toronto_server, asked):
    tags = {}
    for encoding in ["identity", "gzip"]:
        first = toronto_server.raw(WORLD, encoding, **asked)
        tags[encoding] = first.headers["ETag"]
        assert first.headers["Vary"] == "Accept-Encoding"
        assert first.headers["Cache-Control"] == "public, max-age=300, stale-while-revalidate=60"
        again = toronto_server.raw(WORLD, encoding, headers={"If-None-Match": f'"other", {tags[encoding]}'}, **asked)
        assert (again.status_code, again.body) == (304, b"")
        assert {name: again.headers[name] for name in ["ETag", "Vary", "Cache-Control"]} == {
            name: first.headers[name] for name in ["ETag", "Vary", "Cache-Control"]
        }
    assert tags["identity"] != tags["gzip"]
    # A tag belongs to one encoding: a client with the other one must get the tile.
    crossed = toronto_server.raw(WORLD, "gzip", headers={"If-None-Match": tags["identity"]}, **asked)
    assert crossed.status_code == 200


def test_both_addresses_send_the_same_tile(toronto_server, asked):
    long, short = (toronto_server.raw(path, **asked) for path in [WORLD, "/tiles/0/0/0.mvt"])
    assert long.body == short.body != b"" and long.headers["ETag"] == short.headers["ETag"]


@pytest.mark.parametrize("path, query", [(EMPTY, {}), (WORLD, {"date": "1999-01-01"}), (WORLD, {"date": "2022-01-01"})])
def test_tile_without_cells_has_no_content(toronto_server, path, query):
    answer = toronto_server.raw(path, "gzip", **query)
    assert (answer.status_code, answer.body) == (204, b"")
    assert answer.headers["Cache-Control"] == "public, max-age=300, stale-while-revalidate=60"


def test_head_tells_what_get_would(toronto_server, asked):
    got = toronto_server.raw(WORLD, **asked)
    head = toronto_server.get(WORLD, method="HEAD", headers={"Accept-Encoding": "identity"}, **asked)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(got.body)) and head.headers["ETag"] == got.headers["ETag"]


@pytest.mark.parametrize(
    "path, query, fields",
    [
        ("/v1/tiles/23/0/0.mvt", "", ["z"]),
        ("/v1/tiles/-1/0/0.mvt", "", ["z"]),
        ("/v1/tiles/+1/0/0.mvt", "", ["z"]),
        ("/v1/tiles/1.0/0/0.mvt", "", ["z"]),
        ("/v1/tiles/one/0/0.mvt", "", ["z"]),
        ("/v1/tiles/99999999999999999999/0/0.mvt", "", ["z"]),
        ("/v1/tiles/3/8/0.mvt", "", ["x"]),
        ("/v1/tiles/3/-1/0.mvt", "", ["x"]),
        ("/v1/tiles/3/0/8.mvt", "", ["y"]),
        ("/v1/tiles/3/0/x.mvt", "", ["y"]),
        ("/tiles/3/0/8.mvt", "", ["y"]),
        (WORLD, "date=2021-02-30", ["date"]),
        (WORLD, "date=someday", ["date"]),
        (WORLD, "date=", ["date"]),
        (WORLD, "date=2021-01-01T00:00:00Z", ["date"]),
        (WORLD, "resolution=16", ["resolution"]),
        (WORLD, "resolution=-1", ["resolution"]),
        (WORLD, "resolution=7.5", ["resolution"]),
        (WORLD, "resolution=4", ["resolution"]),  # valid, but the dataset is not scored at it
        (WORLD, "level=purple", ["level"]),
        (WORLD, "level=low,", ["level"]),
        (WORLD, "level=LOW", ["level"]),
        (WORLD, "dataset=Toronto!", ["dataset"]),
        (WORLD, "date=2021-01-01&date=2021-01-02", ["date"]),
        (WORLD, "colour=red", ["colour"]),
        (WORLD, "dataset=%FF", ["dataset"]),
        ("/v1/tiles/3/9/9.mvt", "date=x&level=y&z=1", ["x", "date", "level", "z"]),
    ],
)
def test_fault_in_the_address_is_named(toronto_server, path, query, fields):
    answer = toronto_server.get(f"{path}?{query}")
    problem = answer.json()
    assert (answer.status_code, problem["status"]) == (400, 400)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "errors"} <= problem.keys()
    assert {error["field"] for error in problem["errors"]} == set(fields)
    assert all(error["message"] for error in problem["errors"])


@pytest.fixture(scope="module")
def small(hextant, folder):
    """One week of Toronto, to which tests add."""
    hextant.put_dataset(folder, "small", time_zone="America/Toronto", resolutions=[7])
    load(hextant, folder, "2019-06-01", "2019-06-07")
    return hextant


def load(hextant, folder, first, last):
    file = folder / f"{first}.csv"
    write_days(file, first, last)
    hextant.json("ingest", file, "--dataset", "small", "--mapping", "toronto")
    hextant.json("score", "--dataset", "small")
    hextant.json("refresh")


def test_second_request_is_answered_by_redis(small, folder):
    flags = ["--tile-memory", "0"]
    with free_redis_database() as redis, serving(
        small, folder / "second.log", "--redis-url", redis.url, *flags
    ) as server:

        def hits():
            return server.metric("tile_requests_total", tier="redis", outcome="hit")

        query = {"date": "2019-06-03"}
        first = server.raw(WORLD, **query)
        assert (hits(), redis.size()) == (0, 1)
        # Another encoding and another order of the same parameters give the same tile.
        second = server.raw(f"{WORLD}?resolution=7&date=2019-06-03", "gzip")
        assert (hits(), redis.size()) == (1, 1)
        assert gzip.decompress(second.body) == first.body != b""
        server.raw(WORLD, date="2019-06-04")
        assert (hits(), redis.size()) == (1, 2)
        assert server.metric("tile_requests_total", tier="redis", outcome="miss") == 2


def test_damage_in_redis_is_made_good(small, folder):
    with free_redis_database() as redis, serving(small, folder / "damage.log", "--redis-url", redis.url) as server:
        good = server.raw(WORLD)
        key = redis.ask("EVAL", "return redis.status_reply(redis.call('KEYS', '*')[1])", 0)
        redis.ask("SET", key, "not a tile")
        assert server.raw(WORLD).body == good.body != b""


@pytest.mark.parametrize("cached", [True, False])
def test_refresh_is_seen_by_a_running_server(new_database, folder, cached):
    hextant = Hextant(new_database().url)
    hextant.json("migrate", "up")
    hextant.put_dataset(folder, "small", time_zone="America/Toronto", resolutions=[7])
    load(hextant, folder, "2019-06-01", "2019-06-07")
    with free_redis_database() as redis:
        flags = ["--redis-url", redis.url] if cached else []
        with serving(hextant, folder / f"refresh-{cached}.log", *flags) as server:
            day = {"date": "2019-06-06"}
            before = server.raw(WORLD, **day)
            load(hextant, folder, "2019-06-08", "2019-06-14")  # scores are relative to the run, so old days change
            after = wait_until(
                lambda: (new := server.raw(WORLD, **day)).headers["ETag"] != before.headers["ETag"] and new,
                "the new tile",
                seconds=2,
            )
            assert features(after.body).keys() == features(before.body).keys()
            assert server.json("/v1/tiles.json")["hextant"]["last_day"] == "2019-06-14"
            assert len(features(server.raw(WORLD).body)) > 10  # the tile of the new last day


def test_tiles_are_served_without_redis(small, folder):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # in use, but nobody listens
        url = f"redis://127.0.0.1:{closed.getsockname()[1]}/1"
        with serving(small, folder / "no-redis.log", "--redis-url", url) as server:
            day = {"date": "2019-06-03"}
            tiles = [server.raw(WORLD, **day) for _ in range(20)]
            assert {tile.status_code for tile in tiles} == {200} and len({tile.body for tile in tiles}) == 1
            assert server.metric("tile_requests_total", tier="redis", outcome="hit") == 0
            assert server.metric("tile_requests_total", tier="redis", outcome="error") > 0


@pytest.mark.parametrize("is_alive", [True, False])
def test_tiles_come_from_the_replica_while_it_is_well(toronto, folder, is_alive):
    """A second server of the same database acts as the replica; it may also be missing."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # in use, but nobody listens
        dead = f"postgresql://hextant:none@127.0.0.1:{closed.getsockname()[1]}/hextant?connect_timeout=2"
        url = toronto.database.url if is_alive else dead
        log = folder / f"replica-{is_alive}.log"
        with serving(toronto.hextant, log, "--database-replica-url", url, "--tile-memory", "0") as server:
            days = [f"2019-06-{day:02}" for day in range(1, 21)]
            tiles = [server.raw(WORLD, date=day, resolution=7) for day in days]
            assert {tile.status_code for tile in tiles} == {200} and len({tile.body for tile in tiles}) == len(days)
            fallbacks = server.metric("tile_replica_fallbacks_total")
            assert fallbacks == (0 if is_alive else len(days))
        assert "none@" not in log.read_text()


def test_table_of_resolutions_that_makes_no_sense_ends_the_start(toronto):
    told = toronto.hextant("serve", "--port", "0", "--resolution-by-zoom", "0=5,3=4")
    assert told.code != 0
    assert_one_plain_line(told.err.splitlines()[-1] + "\n")
    assert "resolution_by_zoom" in told.err and "3=4" in told.err
