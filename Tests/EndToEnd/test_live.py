"""Live days: events are served soon after they are stored, without a run or a refresh."""

import pytest
import requests
from accounts import add_key, bearer
from live import QUIET, Listener, count, events, fill, ingest, tile
from redis_database import free_redis_database
from serving import serving
from waiting import wait_until


@pytest.fixture(scope="module")
def world(hextant, folder):
    """Two servers with one Redis, of which one works."""
    with free_redis_database() as redis:
        flags = ["--redis-url", redis.url, "--rate-limit", 0, "--account-rate-limit", 0, "--tile-rate-limit", 0]
        with serving(hextant, folder / "one.log", *flags, HEXTANT_LIVE=QUIET) as one:
            with serving(hextant, folder / "two.log", *flags, "--workers", 0, HEXTANT_LIVE=QUIET) as two:
                yield one, two


def test_an_event_is_on_the_map_of_every_server_without_a_run(world, hextant, folder, database):
    slug = fill(hextant, folder, "seen")
    one, two = world
    other = {server: wait_until(lambda: tile(server, slug, "2021-05-01"), "a tile") for server in world}  # noqa: B023
    assert tile(one, slug, "2021-05-23").status_code == 204
    listeners = [Listener(server, dataset=slug) for server in world]
    runs = database.value("SELECT count(*) FROM analytics_runs WHERE kind = 'score'")
    ingest(hextant, folder, slug, events(4, "2021-05-23"))
    for server in world:
        wait_until(lambda: tile(server, slug, "2021-05-23").status_code == 200, "the event")  # noqa: B023
    for listener in listeners:
        wait_until(lambda: "2021-05-23" in listener.days(slug), "the change")  # noqa: B023
        listener.close()
    assert count(database, slug, "2021-05-23") == count(database, slug, "2021-05-23", 7) == 4
    assert database.value("SELECT count(*) FROM analytics_runs WHERE kind = 'score'") == runs
    # The last day is known, and tiles of other days are the same.
    described = requests.get(one.url + "/v1/datasets", timeout=60).json()["items"]
    assert [each["last_day"] for each in described if each["dataset"] == slug] == ["2021-05-23"]
    for server, before in other.items():
        after = tile(server, slug, "2021-05-01")
        assert after.headers["ETag"] == before.headers["ETag"] and after.content == before.content


def test_only_days_that_changed_have_a_new_version(world, hextant, folder, database):
    slug = fill(hextant, folder, "kept")
    _, two = world
    listener = Listener(two, dataset=slug)
    ingest(hextant, folder, slug, events(1, "2021-05-20", longitude=-79.41))
    wait_until(lambda: "2021-05-20" in listener.days(slug), "the change")
    listener.close()
    before = database.value("SELECT generation FROM served_changes WHERE dataset = %s AND day = '2021-05-20'", [slug])
    assert before > database.value("SELECT whole_generation FROM served_view")
    assert database.value(
        "SELECT count(*) FROM served_changes WHERE dataset = %s AND day = '2021-05-01'", [slug]) == 0


def test_a_run_and_a_refresh_fold_live_days(world, hextant, folder, database):
    slug = fill(hextant, folder, "folded")
    ingest(hextant, folder, slug, events(2, "2021-05-22"))
    wait_until(lambda: count(database, slug, "2021-05-22") == 2, "the events")
    hextant.json("score", "--dataset", slug)
    hextant.json("refresh")
    assert count(database, slug, "2021-05-22") == 2
    assert database.value("SELECT count(*) FROM served_changes WHERE dataset = %s", [slug]) == 0


def test_a_client_goes_on_where_it_was(world, hextant, folder):
    slug = fill(hextant, folder, "resumed")
    one, _ = world
    first = Listener(one, dataset=slug)
    wait_until(lambda: first.heard, "the first event")
    kind, last, data = first.heard[0]
    assert (kind, data) == ("begin", {})
    first.close()
    ingest(hextant, folder, slug, events(1, "2021-05-21"))
    address = f"{one.url}/v1/changes?dataset={slug}&after={last}"
    told = wait_until(lambda: requests.get(address, timeout=60).json()["changes"], "the change")
    assert {each["dataset"] for each in told} == {slug}
    again = Listener(one, {"Last-Event-ID": str(last)}, dataset=slug)
    wait_until(lambda: "2021-05-21" in again.days(slug), "what was missed")
    again.close()
    # What nobody knows any more may be anything.
    assert requests.get(f"{one.url}/v1/changes?after=0", timeout=60).json()["changes"] is None
    future = Listener(one, {"Last-Event-ID": "99999999"})
    wait_until(lambda: [kind for kind, *_ in future.heard] == ["begin", "refresh"], "the refresh")
    future.close()


def test_nobody_is_told_of_what_is_not_theirs(world, hextant, folder):
    hidden, open_one = fill(hextant, folder, "secret", visibility="private"), fill(hextant, folder, "public")
    one, _ = world
    key = add_key(hextant, "admin")
    stranger, owner = Listener(one), Listener(one, bearer(key))
    assert requests.get(f"{one.url}/v1/changes?dataset={hidden}", timeout=60).status_code == 404
    for slug in [hidden, open_one]:
        ingest(hextant, folder, slug, events(1, "2021-05-21"))
        wait_until(lambda: "2021-05-21" in owner.days(slug), "the change")  # noqa: B023
    wait_until(lambda: "2021-05-21" in stranger.days(open_one), "the public change")
    assert not stranger.days(hidden) and hidden not in str(stranger.heard)
    stranger.close()
    owner.close()
