"""One way to name a period on every route, days by name, lists of types of events, and the types that there are."""

import csv
import datetime
import io
from zoneinfo import ZoneInfo

import pytest
from accounts import add_key
from redis_database import free_redis_database
from serving import serving

ZONE = ZoneInfo("Pacific/Auckland")
HEADER = "event_type,event_timestamp,longitude,latitude,attributes_json\n"
TYPES = ["Assault", "B&E, vehicle", "Theft", "Zoo"]
TODAY = datetime.datetime.now(ZONE).date()
FIRST = TODAY - datetime.timedelta(days=9)


def local(day, hour, minute=0):
    return datetime.datetime.combine(day, datetime.time(hour, minute), ZONE)


# Two events on each of eight days up to the day before yesterday: one in the first minute of the local day, which is
# the day before in UTC, and one in the last hour.
EVENTS = [
    (TYPES[number % len(TYPES)], local(FIRST + datetime.timedelta(days=number), hour, minute))
    for number in range(8)
    for hour, minute in [(0, 0), (23, 30)]
]
LAST = FIRST + datetime.timedelta(days=7)


@pytest.fixture(scope="module")
def slug(hextant, folder):
    for slug, visibility in [("periods", "public"), ("periods-secret", "private")]:
        hextant.put_dataset(folder, slug, time_zone=str(ZONE), resolutions=[7, 8], visibility=visibility)
        file = folder / f"{slug}.csv"
        file.write_text(HEADER + "".join(f'"{kind}",{time.isoformat()},174.76,-36.85,{{}}\n' for kind, time in EVENTS))
        hextant.json("ingest", file, "--dataset", slug)
        hextant.json("score", "--dataset", slug)
    hextant.json("refresh")
    return "periods"


@pytest.fixture(scope="module")
def server(hextant, folder, slug):
    with free_redis_database() as redis:
        with serving(hextant, folder / "periods.log", "--redis-url", redis.url, "--workers", 0) as server:
            yield server.asking_as(add_key(hextant, "analyst", [slug]))


def instant(time):
    return time.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


DAY2, DAY4 = FIRST + datetime.timedelta(days=2), FIRST + datetime.timedelta(days=4)
# Names of a period, its first and last local day, and the events in it where instants cut days.
PERIODS = {
    "days": ({"from": str(DAY2), "to": str(DAY4)}, (DAY2, DAY4), None),
    "one day": ({"from": str(DAY2), "to": str(DAY2)}, (DAY2, DAY2), None),
    "instants at midnights": (
        {"from": instant(local(DAY2, 0)), "to": instant(local(DAY4 + datetime.timedelta(days=1), 0))}, (DAY2, DAY4),
        None),
    "instants within days": (
        {"from": instant(local(DAY2, 12)), "to": instant(local(DAY4, 12))}, (DAY2, DAY4),
        (local(DAY2, 12), local(DAY4, 12))),
    "an open end": ({"from": str(DAY4)}, (DAY4, LAST), None),
    "an open start": ({"to": str(DAY2)}, (FIRST, DAY2), None),
    "up to the last": ({"from": str(DAY4), "to": "latest"}, (DAY4, LAST), None),
    "the last": ({"from": "latest", "to": "latest"}, (LAST, LAST), None),
    "up to yesterday": ({"from": str(DAY4), "to": "yesterday"}, (DAY4, LAST), None),
    "a day and an instant": (
        {"from": str(DAY2), "to": instant(local(DAY4, 12))}, (DAY2, DAY4), (None, local(DAY4, 12))),
}  # fmt: skip


def expected(period):
    _, (first, last), cut = PERIODS[period]
    start, end = cut or (None, None)
    return [
        (kind, time) for kind, time in EVENTS
        if first <= time.date() <= last and (start is None or time >= start) and (end is None or time < end)]


@pytest.mark.parametrize("period", PERIODS)
def test_a_period_means_the_same_on_every_route(server, slug, period):
    query, (first, last), _ = PERIODS[period]
    events = expected(period)
    days = sorted({day for day in (time.date() for _, time in EVENTS) if first <= day <= last})
    times = [instant(time) for _, time in events]
    assert events

    def rows(path, **more):
        pages = server.pages(path, dataset=slug, **query, **{"limit": 2, **more})
        return [row for page in pages for row in page["items"]]

    assert [row["event_timestamp"] for row in rows("/v1/events")] == times
    assert sorted({row["day"] for row in rows("/v1/stats")}) == [str(day) for day in days]
    cell = server.json("/v1/risk/latest", dataset=slug)["items"][0]["h3_index"]
    assert [row["day"] for row in rows(f"/v1/cells/{cell}")] == [str(day) for day in days]
    top = server.json("/v1/hotspots", dataset=slug, **query)
    wanted = (str(first) if "from" in query else str(last - datetime.timedelta(days=29)), str(last))
    if query.get("to") == "yesterday":
        wanted = (wanted[0], str(TODAY - datetime.timedelta(days=1)))
    assert (top["start_date"], top["end_date"]) == wanted
    found = server.json(f"/ogc/collections/{slug}.events/items", **query, limit=1000)["features"]
    assert [feature["properties"]["event_timestamp"] for feature in found] == times
    found = server.json(f"/ogc/collections/{slug}.risk/items", **query, limit=1000)["features"]
    assert [feature["properties"]["day"] for feature in found] == [str(day) for day in days]
    if "from" in query and "to" in query:
        tile = server.get("/v1/tiles/8/252/156.mvt", dataset=slug, **query)
        assert tile.status_code == 200 and len(tile.content) > 20
    run = server.get("/v1/analytics/run", method="POST", dataset=slug, **query)
    assert run.status_code == 202
    assert run.json()["from"] == (str(first) if "from" in query else None)
    server.get(f"/v1/analytics/runs/{run.json()['id']}", method="DELETE")


def test_former_names_mean_the_same(server, slug):
    new = server.json("/v1/hotspots", dataset=slug, **{"from": str(DAY2), "to": str(DAY4)})
    assert server.json("/v1/hotspots", dataset=slug, start_date=str(DAY2), end_date=str(DAY4)) == new
    answer = server.get("/v1/hotspots", dataset=slug, start_date=str(DAY2), **{"from": str(DAY2)})
    assert [each["field"] for each in answer.json()["errors"]] == ["start_date"]
    answer = server.get(f"/ogc/collections/{slug}.risk/items", datetime=str(DAY2), **{"from": str(DAY2)})
    assert [each["field"] for each in answer.json()["errors"]] == ["datetime"]


def test_days_have_names(server, slug):
    def tile(**query):
        return server.raw("/v1/tiles/8/252/156.mvt", dataset=slug, **query).body

    latest = server.json("/v1/risk/latest", dataset=slug)
    assert latest == server.json(f"/v1/risk/{LAST}", dataset=slug) and latest["items"]
    assert tile(date="latest") == tile(date=str(LAST)) == tile() != b""
    assert server.json("/v1/risk/yesterday", dataset=slug)["items"] == []
    for _ in range(2):
        assert server.get("/v1/tiles/8/252/156.mvt", dataset=slug, date="yesterday").status_code == 204
    for path in ["/v1/tiles.json", "/v1/styles/risk.json"]:
        told = server.json(path, dataset=slug, date="latest")
        [template] = told.get("tiles") or told["sources"]["risk"]["tiles"]
        assert "date" not in template
        told = server.json(path, dataset=slug, date="yesterday")
        [template] = told.get("tiles") or told["sources"]["risk"]["tiles"]
        assert "date=yesterday" in template
    assert server.get("/v1/risk/today", dataset=slug).status_code == 400
    assert server.get("/v1/tiles/8/252/156.mvt", dataset=slug, date="today").status_code == 400


def test_links_name_the_day_itself(server, slug):
    """A refresh between two pages must not make one list of two days."""
    page = server.json("/v1/stats", dataset=slug, limit=1, **{"from": "2000-01-01", "to": "latest"})
    assert f"to={LAST}" in page["next"] and "latest" not in page["next"]
    page = server.json(f"/ogc/collections/{slug}.risk/items", limit=1, **{"to": "latest"})
    [following] = [link["href"] for link in page["links"] if link["rel"] == "next"]
    assert f"to={LAST}" in following and "latest" not in following


def test_types_are_a_list(server, slug):
    def types(path, **query):
        found = server.json(path, limit=1000, **query)
        rows = found.get("items") or [feature["properties"] for feature in found.get("features", [])]
        return {row["event_type"] for row in rows}

    for path in [f"/v1/events?dataset={slug}", f"/v1/stats?dataset={slug}", f"/ogc/collections/{slug}.events/items"]:
        assert types(path) == set(TYPES)
        assert types(path, event_type="Assault") == {"Assault"}
        assert types(path, event_type="Theft,Assault") == {"Assault", "Theft"}
        # A type may have a comma itself.
        assert types(path, event_type="B&E, vehicle,Zoo") == {"B&E, vehicle", "Zoo"}
        for unknown in ["Asault", "assault", "Theft,Asault", "B&E"]:
            answer = server.get(path, event_type=unknown)
            assert answer.status_code == 400
            [fault] = answer.json()["errors"]
            assert fault["field"] == "event_type" and all(name in fault["message"] for name in TYPES)


def test_the_types_of_a_dataset_are_listed(server, hextant, slug):
    rows = server.json("/v1/event-types", dataset=slug)["items"]
    assert rows == [
        {
            "event_type": name, "event_count": sum(kind == name for kind, _ in EVENTS),
            "first_day": str(min(time.date() for kind, time in EVENTS if kind == name)),
            "last_day": str(max(time.date() for kind, time in EVENTS if kind == name)),
        }
        for name in sorted(TYPES)
    ]  # fmt: skip
    pages = server.pages("/v1/event-types", dataset=slug, limit=1, fields="event_type")
    assert [row["event_type"] for page in pages for row in page["items"]] == sorted(TYPES)
    text = server.get("/v1/event-types", dataset=slug, f="csv").text
    assert [row["event_type"] for row in csv.DictReader(io.StringIO(text))] == sorted(TYPES)
    # The types of a private dataset are as private as its counts.
    assert server.get("/v1/event-types", dataset="periods-secret").status_code == 404
    allowed = server.asking_as(add_key(hextant, "public", ["periods-secret"]))
    assert len(allowed.json("/v1/event-types", dataset="periods-secret")["items"]) == len(TYPES)
