"""The points of events in tiles: who gets them and which properties they have, decoded by other people's code."""

from collections import Counter

import mapbox_vector_tile
import pytest
import requests
from accounts import add_key, bearer
from redis_database import free_redis_database
from serving import serving
from toronto import records, write_days
from vector_tile import EXTENT, MARGIN, Tile

FIRST, LAST = "2019-06-01", "2019-06-30"
DAY = "2019-06-14"


@pytest.fixture(scope="module")
def month(hextant, folder):
    """A month of Toronto; not every client sees the second dataset."""
    write_days(folder / "month.csv", FIRST, LAST)
    for slug, visibility in [("crimes", "public"), ("hidden", "private")]:
        hextant.put_dataset(folder, slug, time_zone="America/Toronto", resolutions=[9], visibility=visibility)
        hextant.json("ingest", folder / "month.csv", "--dataset", slug, "--mapping", "toronto")
        hextant.json("score", "--dataset", slug)
    hextant.json("refresh")
    return hextant


@pytest.fixture(scope="module")
def server(month, folder):
    with free_redis_database() as redis:
        with serving(month, folder / "points.log", "--redis-url", redis.url) as server:
            yield server


@pytest.fixture(scope="module")
def keys(month):
    return {role: add_key(month, role) for role in ["public", "analyst"]} | {
        "analyst of another": add_key(month, "analyst", ["hidden"])
    }


def events(tile, first, last):
    """The events of these local days inside the tile, as (type, time, x, y) in units of the tile."""
    for day, instant, latitude, longitude, kind in records():
        if first <= str(day) <= last:
            x, y = tile.units(latitude, longitude)
            if 0 <= x < EXTENT and 0 <= y < EXTENT:
                yield kind, instant.strftime("%Y-%m-%dT%H:%M:%SZ"), x, y


def busiest(z, first, last):
    """The tile at this zoom with the most events of the file."""
    counts = Counter()
    for day, _, latitude, longitude, _ in records():
        if first <= str(day) <= last:
            x, y = Tile(z, 0, 0).units(latitude, longitude)
            counts[Tile(z, int(x // EXTENT), int(y // EXTENT))] += 1
    return counts.most_common(1)[0][0]


def ask(server, tile, key, **query):
    return requests.get(f"{server.url}/v1/tiles/{tile}.mvt", params=query, headers=bearer(key), timeout=60)


def layers(answer):
    assert answer.status_code == 200, answer.text
    decoded = mapbox_vector_tile.decode(answer.content, default_options={"y_coord_down": True})
    assert all(layer["extent"] == EXTENT and layer["version"] == 2 for layer in decoded.values())
    return {name: layer["features"] for name, layer in decoded.items()}


def assert_points(features, expected):
    """Every event in the tile is a point within a unit of its place; others lie in the margin."""
    for feature in features:
        assert feature["properties"].keys() == {"event_type", "event_timestamp"}
        assert feature["geometry"]["type"] in ("Point", "MultiPoint")
    found = [
        (
            feature["properties"]["event_type"],
            feature["properties"]["event_timestamp"],
            *feature["geometry"]["coordinates"],
        )
        for feature in features
    ]
    for kind, at, x, y in expected:
        near = [each for each in found if each[:2] == (kind, at) and abs(each[2] - x) <= 1 and abs(each[3] - y) <= 1]
        assert near, (kind, at, x, y)
        found.remove(near[0])
    for _, _, x, y in found:
        assert -MARGIN - 1 <= x <= EXTENT + MARGIN + 1 and -MARGIN - 1 <= y <= EXTENT + MARGIN + 1
        assert not (1 <= x < EXTENT - 1 and 1 <= y < EXTENT - 1), "an event that the file does not have"


@pytest.mark.parametrize("z", [13, 14, 16])
def test_the_points_are_the_events_of_the_days(server, keys, z):
    tile = busiest(z, FIRST, LAST)
    expected = list(events(tile, FIRST, LAST))
    assert len(expected) > 5
    found = layers(ask(server, tile, keys["analyst"], layers="events", **{"from": FIRST, "to": LAST}))
    assert found.keys() == {"events"}
    assert_points(found["events"], expected)


def test_beside_the_cells_of_a_day(server, keys):
    tile = busiest(13, DAY, DAY)
    alone = ask(server, tile, None, date=DAY)
    both = ask(server, tile, keys["analyst"], date=DAY, layers="risk,events")
    assert layers(both).keys() == {"risk", "events"}
    assert_points(layers(both)["events"], list(events(tile, DAY, DAY)))
    # The layers in sequence: those of the tile without points come first, to the byte.
    assert both.content.startswith(alone.content) and layers(both)["risk"] == layers(alone)["risk"]


def test_who_may_not_see_them_gets_none(server, keys):
    tile = busiest(13, DAY, DAY)
    query = {"date": DAY, "layers": "risk,events"}
    for _ in range(3):  # also when it is in memory
        granted = ask(server, tile, keys["analyst"], dataset="crimes", **query)
        assert granted.status_code == 200 and granted.headers["Cache-Control"] == "private, no-cache"
        for who, status in [(None, 401), ("public", 403), ("analyst of another", 404)]:
            refused = ask(server, tile, keys[who] if who else None, dataset="crimes", **query)
            assert refused.status_code == status and refused.headers["Content-Type"] == "application/problem+json"
            tag = {"If-None-Match": granted.headers["ETag"]}
            again = requests.get(granted.url, headers=tag | bearer(keys[who] if who else None), timeout=60)
            assert again.status_code == status
        assert ask(server, tile, keys["analyst"], dataset="hidden", **query).status_code == 404
        assert ask(server, tile, keys["analyst of another"], dataset="hidden", **query).status_code == 200


@pytest.mark.parametrize("z, status", [(12, 400), (13, 200)])
def test_they_begin_at_zoom_13(server, keys, z, status):
    answer = ask(server, busiest(z, DAY, DAY), keys["analyst"], date=DAY, layers="events")
    assert answer.status_code == status
    if status == 400:
        assert [error["field"] for error in answer.json()["errors"]] == ["layers"]


def test_too_many_are_the_newest_and_it_says_so(month, keys, folder):
    tile = busiest(13, FIRST, LAST)
    expected = sorted(events(tile, FIRST, LAST), key=lambda event: event[1])
    assert len(expected) > 110
    with serving(month, folder / "cut.log", "--tile-cells", "100") as server:
        query = {"layers": "risk,events", "from": FIRST, "to": LAST}
        found = layers(ask(server, tile, keys["analyst"], **query))
        assert server.metric("tiles_cut_total", zoom="13") == server.metric("tiles_cut_total") == 1
    assert len(found["events"]) == 100
    [meta] = found["events_meta"]
    assert (meta["properties"]["shown"], meta["properties"]["reason"]) == (100, "too many events")
    # There may be more, in the margin.
    assert meta["properties"]["total"] >= len(expected)
    oldest = min(feature["properties"]["event_timestamp"] for feature in found["events"])
    newer = [event for event in expected if event[1] > oldest]
    shown = Counter(feature["properties"]["event_timestamp"] for feature in found["events"])
    assert not Counter(event[1] for event in newer) - shown


def test_tiles_json_names_the_layers(server, keys):
    def told(key, **query):
        return requests.get(f"{server.url}/v1/tiles.json", params=query, headers=bearer(key), timeout=60)

    usual = told(None).json()
    assert [layer["id"] for layer in usual["vector_layers"]] == ["risk", "meta"] and usual["minzoom"] == 0
    assert told(None, layers="risk,events").status_code == 401
    assert told(keys["public"], layers="events").status_code == 403
    described = told(keys["analyst"], layers="risk,events", date=DAY).json()
    assert [layer["id"] for layer in described["vector_layers"]] == ["risk", "meta", "events", "events_meta"]
    assert described["minzoom"] == 13 <= described["center"][2]
    assert {layer["minzoom"] for layer in described["vector_layers"]} == {13}
    tile = busiest(13, DAY, DAY)
    address = described["tiles"][0].format(z=tile.z, x=tile.x, y=tile.y)
    found = layers(requests.get(address, headers=bearer(keys["analyst"]), timeout=60))
    fields = {layer["id"]: layer["fields"].keys() for layer in described["vector_layers"]}
    assert found.keys() == {"risk", "events"}
    for name, features in found.items():
        assert {field for feature in features for field in feature["properties"]} == fields[name]
    alone = told(keys["analyst"], layers="events").json()
    assert [layer["id"] for layer in alone["vector_layers"]] == ["events", "events_meta"]
