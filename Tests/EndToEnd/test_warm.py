"""`hextant warm`: tiles that are there before anybody asks for them."""

import pytest
from command import assert_one_plain_line
from redis_database import free_redis_database
from serving import serving
from toronto import write_days


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
            server.json("/v1/tiles.json")  # the version is known
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
