"""Tiles made in advance: `hextant warm`, and servers after a refresh."""

import h3
import pytest
from command import assert_one_plain_line
from redis_database import free_redis_database
from serving import serving
from toronto import write_days
from vector_tile import features, tiles_around
from waiting import wait_until


@pytest.fixture(scope="module")
def small(hextant, folder):
    hextant.put_dataset(folder, "small", time_zone="America/Toronto", resolutions=[5, 7])
    write_days(folder / "week.csv", "2019-06-01", "2019-06-07")
    hextant.json("ingest", folder / "week.csv", "--dataset", "small", "--mapping", "toronto")
    hextant.json("score", "--dataset", "small")
    hextant.json("refresh")
    return hextant


def test_servers_find_what_was_warmed(small, folder):
    with free_redis_database() as redis:
        told = small.json("warm", "--dataset", "small", "--zooms", "0-4", "--redis-url", redis.url)
        assert told["tiles"] == redis.size() >= 5
        with serving(small, folder / "warm.log", "--redis-url", redis.url) as server:
            server.json("/v1/tiles.json")  # the generation is known
            assert server.raw("/v1/tiles/0/0/0.mvt", "gzip").status_code == 200
            assert server.metric("tile_requests_total", tier="redis", outcome="hit") == 1
            assert server.metric("tile_requests_total", tier="redis", outcome="miss") == 0


@pytest.mark.parametrize(
    "flags, code",
    [
        (["--dataset", "nowhere"], 65),
        (["--dataset", "small", "--date", "1999-01-01"], 65),
        (["--dataset", "small", "--zooms", "22", "--bbox=-180,-85,180,85"], 65),
        (["--dataset", "small", "--zooms", "12-8"], 64),
        (["--dataset", "small", "--bbox", "1,2,3"], 64),
        (["--dataset", "small", "--date", "today"], 64),
        (["--most-asked", "10"], 65),  # no server has counted
        (["--most-asked", "0"], 64),
        (["--most-asked", "10", "--zooms", "3"], 64),
        (["--most-asked", "10", "--dataset", "small"], 64),
        ([], 64),
    ],
)
def test_what_cannot_be_warmed_is_said(small, flags, code):
    with free_redis_database() as redis:
        outcome = small("warm", *flags, "--redis-url", redis.url)
        assert outcome.code == code, outcome.err
        if code == 65:
            assert_one_plain_line(outcome.err)


def test_without_redis_nothing_is_made(small):
    outcome = small("warm", "--dataset", "small", "--redis-url", "redis://127.0.0.1:9/0")
    assert outcome.code == 69, outcome.err
    assert_one_plain_line(outcome.err)


WORLD = "/v1/tiles/0/0/0.mvt"
COUNTING = ["--tile-warm", "3"]


def outcomes(server, tier):
    return tuple(server.metric("tile_requests_total", tier=tier, outcome=outcome) for outcome in ["hit", "miss"])


def refreshed(hextant, *servers):
    """A new generation that the servers have noticed, and for which they have made tiles."""
    warmed = [server.metric("tile_warmed_total") for server in servers]
    generation = hextant.json("refresh")["generation"]
    for server, before in zip(servers, warmed):
        wait_until(lambda: server.metric("view_generation") == generation, "the server to hear of it")  # noqa: B023
        wait_until(lambda: server.metric("tile_warmed_total") == before + 3, "the tiles to be warmed")  # noqa: B023
    return generation


def tiles_of(z):
    """Paths of tiles with cells, from the middle of the city."""
    return [f"/v1/tiles/{tile}.mvt" for tile in tiles_around([h3.latlng_to_cell(43.6532, -79.3832, 7)], z)]


def ask(server, popular, seldom):
    for path in popular:
        for _ in range(5):
            server.raw(path, "gzip")
    for path in seldom:
        server.raw(path, "gzip")


def test_after_a_refresh_the_most_asked_tiles_are_there_before_anybody_asks(small, folder):
    with free_redis_database() as redis:
        flags = ["--redis-url", redis.url, *COUNTING]
        with serving(small, folder / "asked.log", *flags) as server:
            popular, seldom = [WORLD, f"{WORLD}?date=2019-06-03&level=low,medium", tiles_of(8)[4]], tiles_of(10)
            ask(server, popular, seldom)
            refreshed(small, server)
            before = outcomes(server, "memory")
            tiles = [server.raw(path, "gzip") for path in popular]
            assert {tile.status_code for tile in tiles} <= {200, 204}
            assert outcomes(server, "memory") == (before[0] + 3, before[1])
            # A tile that was requested less often waits for its next request.
            server.raw(seldom[0], "gzip")
            assert outcomes(server, "memory") == (before[0] + 3, before[1] + 1)


def test_servers_that_share_a_redis_make_each_tile_once(small, folder):
    with free_redis_database() as redis:
        flags = ["--redis-url", redis.url, *COUNTING]
        with serving(small, folder / "first.log", *flags) as one, serving(small, folder / "other.log", *flags) as two:
            popular = [WORLD, *tiles_of(8)[3:5]]
            # Each server gets different requests; both make the tiles of all requests.
            ask(one, popular[:2], tiles_of(10)[:2])
            ask(two, popular[2:], tiles_of(10)[2:])
            # Counts are passed on every few seconds, and at a refresh.
            wait_until(lambda: redis.asked() == len(popular) + len(tiles_of(10)), "the counts")

            def made():
                return sum(server.metric("tile_query_seconds_count") for server in [one, two])

            before = made()
            refreshed(small, one, two)
            assert made() == before + 3
            for server in [one, two]:
                hits, misses = outcomes(server, "memory")
                for path in popular:
                    server.raw(path, "gzip")
                assert outcomes(server, "memory") == (hits + 3, misses)


def test_what_names_no_date_is_warmed_for_the_new_last_day(hextant, folder):
    hextant.put_dataset(folder, "week", time_zone="America/Toronto", resolutions=[7])

    def load(first, last):
        write_days(folder / "long.csv", first, last)
        hextant.json("ingest", folder / "long.csv", "--dataset", "week", "--mapping", "toronto")
        hextant.json("score", "--dataset", "week")

    load("2019-06-01", "2019-06-03")
    hextant.json("refresh")
    with serving(hextant, folder / "grows.log", "--tile-warm", "1") as server:
        query = {"dataset": "week"}
        old = [server.raw(WORLD, "identity", **query) for _ in range(5)][-1]
        load("2019-06-04", "2019-06-04")
        warmed = server.metric("tile_warmed_total")
        hextant.json("refresh")
        wait_until(lambda: server.metric("tile_warmed_total") == warmed + 1, "the tile")
        before = outcomes(server, "memory")
        new = server.raw(WORLD, "identity", **query)
        assert outcomes(server, "memory") == (before[0] + 1, before[1])
        assert features(new.body).keys() != features(old.body).keys()
        assert new.body == server.raw(WORLD, "identity", date="2019-06-04", **query).body


def test_the_command_makes_what_servers_were_asked_for(small, folder):
    with free_redis_database() as redis:
        popular = [WORLD, *tiles_of(8)[3:5]]
        with serving(small, folder / "counts.log", "--redis-url", redis.url, *COUNTING) as server:
            ask(server, popular, tiles_of(10))
            wait_until(lambda: redis.asked() == len(popular) + len(tiles_of(10)), "the counts")
        small.json("refresh")
        told = small.json("warm", "--most-asked", "2", "--redis-url", redis.url)
        assert told["tiles"] == 2
        assert small.json("warm", "--most-asked", "9999", "--redis-url", redis.url)["tiles"] == 3 + len(tiles_of(10))
        with serving(small, folder / "finds.log", "--redis-url", redis.url) as server:
            server.json("/v1/tiles.json")  # the generation is known
            for path in popular + tiles_of(10):
                server.raw(path, "gzip")
            hits, misses = outcomes(server, "redis")
            assert (hits, misses) == (3 + len(tiles_of(10)), 0)


def test_a_server_that_is_not_told_to_counts_nothing(small, folder):
    with free_redis_database() as redis:
        with serving(small, folder / "quiet.log", "--redis-url", redis.url) as server:
            ask(server, [WORLD], [])
            generation = small.json("refresh")["generation"]
            wait_until(lambda: server.metric("view_generation") == generation, "the server to hear of it")
            assert redis.asked() == 0 and server.metric("tile_warmed_total") == 0
