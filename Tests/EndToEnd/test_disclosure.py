"""Small counts of a dataset with a `minimum_count`: who sees them, and attempts to find them out all the same.

The attacks use whatever anybody can ask for: every operation, and linear programs over all published counts at once.
"""

import datetime
import json
import random
import re
from collections import Counter

import h3
import pytest
import requests
from accounts import SECRET, add_key, bearer
from openapi import DESCRIPTION
from redis_database import free_redis_database
from scipy.optimize import linprog
from scipy.sparse import lil_array
from serving import serving
from waiting import wait_until

HEADER = "event_type,event_timestamp,longitude,latitude,attributes_json\n"
LEAST = 7  # all seven children of a cell can have 6 events without being shown, and then 42 are a multiple of it
RESOLUTIONS = [7, 8, 9]
FIRST, OTHER = "hidden-one", "hidden-two"
DAYS = [datetime.date(2021, 5, 1) + datetime.timedelta(days=day) for day in range(8)]
TYPES = ["assault", "burglary", "theft"]
PARENTS = h3.grid_disk(h3.latlng_to_cell(43.7, -79.4, 7), 1)[:3]
# An own coarse cell, where nothing is ever shown.
REMOTE = h3.latlng_to_cell(44.9, -78.1, 9)
NAMES = {"dataset", "slug", "collection", "runId"}


def ancestor(cell, resolution):
    return h3.cell_to_parent(cell, resolution)


def nests(cell):
    """Whether a point in the middle of a cell is in each of its ancestors, so that counts add up exactly."""
    place = h3.cell_to_latlng(cell)
    return all(h3.latlng_to_cell(*place, resolution) == ancestor(cell, resolution) for resolution in RESOLUTIONS)


CELLS = [cell for parent in PARENTS for cell in h3.cell_to_children(parent, 9) if nests(cell)]


def made_up_events():
    """Counts by day, cell and type: most of them small, and some cells where all children are as large as can be
    without being shown, which is where a sum tells most."""
    chance = random.Random(16)
    counts = Counter()
    for day in DAYS:
        for cell in CELLS:
            for _ in range(chance.choices([0, 1, 3, 6, 7, 9, 16], [50, 14, 10, 10, 6, 6, 4])[0]):
                counts[day, cell, chance.choices(TYPES, [6, 3, 1])[0]] += 1
    full = ancestor(CELLS[0], 8)
    for day in DAYS[:4]:
        for cell in [cell for cell in CELLS if ancestor(cell, 8) == full]:
            for kind in TYPES:
                del counts[day, cell, kind]
            counts[day, cell, "theft"] = LEAST - 1
    return counts


COUNTS = made_up_events()
# A type, days and a place of which nothing is ever shown.
SECRET_EVENTS = Counter({(day, REMOTE, "rare"): 1 + day.day % 2 for day in DAYS[::2]})
SECRET_EVENTS[DAYS[0] - datetime.timedelta(days=30), REMOTE, "rare"] = 2
SECRET_EVENTS[DAYS[-1] + datetime.timedelta(days=9), CELLS[0], "rare"] = 1


def write_events(path, counts):
    with open(path, "w") as file:
        file.write(HEADER)
        for (day, cell, kind), number in sorted(counts.items()):
            latitude, longitude = h3.cell_to_latlng(cell)
            for index in range(number):
                file.write(f"{kind},{day}T10:00:{index:02}Z,{longitude},{latitude},{{}}\n")


@pytest.fixture(scope="module")
def data(hextant, database, folder):
    """Two datasets that differ in hidden counts alone, and the newest run of each."""
    runs = {}
    for slug, counts in [(FIRST, COUNTS + SECRET_EVENTS), (OTHER, COUNTS)]:
        hextant.put_dataset(folder, slug, title="T", attribution="A", resolutions=RESOLUTIONS, minimum_count=LEAST)
        write_events(folder / f"{slug}.csv", counts)
        hextant.json("ingest", folder / f"{slug}.csv", "--dataset", slug)
        hextant.json("score", "--dataset", slug)
        runs[slug] = database.value("SELECT max(id) FROM analytics_runs WHERE dataset = %s", [slug])
    hextant.json("refresh")
    return runs


@pytest.fixture(scope="module")
def server(hextant, folder, data):
    with free_redis_database() as redis:
        with serving(
            hextant, folder / "disclosure.log", "--redis-url", redis.url, "--workers", "0",
            HEXTANT_TOKEN_SECRET=SECRET,
        ) as server:
            yield server


@pytest.fixture(scope="module")
def analyst(hextant, server):
    return server.asking_as(add_key(hextant, "analyst"))


def rows(server, path, **query):
    return [row for page in server.pages(path, limit=500, **query) for row in page["items"]]


def exact(resolution, day, kinds=TYPES):
    found = Counter()
    for cell in CELLS:
        found[ancestor(cell, resolution)] += sum(COUNTS[day, cell, kind] for kind in kinds)
    return found


def shown(server, resolution, day):
    found = rows(server, f"/v1/risk/{day}", dataset=OTHER, resolution=resolution)
    return {row["h3_index"]: row["event_count"] for row in found}


@pytest.mark.parametrize("resolution", RESOLUTIONS)
def test_counts_from_the_minimum_on_are_shown_rounded_down_and_others_not_at_all(server, analyst, resolution):
    for day in DAYS:
        counts = exact(resolution, day)
        found = shown(server, resolution, day)
        # The cells that show less are those whose children would be given away; the next test is about them.
        assert {cell for cell, count in counts.items() if count >= LEAST} == set(found)
        for cell, count in found.items():
            assert count % LEAST == 0 and LEAST <= count <= counts[cell]
        if resolution == 9:
            assert all(count == counts[cell] - counts[cell] % LEAST for cell, count in found.items())
        assert shown(analyst, resolution, day) == {cell: count for cell, count in counts.items() if count}


def test_figures_follow_from_what_is_shown_alone(server):
    """By the formulas of docs/scoring.md, over the shown counts as if there were no others."""
    counts = {day: shown(server, 9, day) for day in DAYS}
    found = [row for day in DAYS for row in rows(server, f"/v1/risk/{day}", dataset=OTHER, resolution=9)]
    risks = {}
    for row in found:
        day, cell = datetime.date.fromisoformat(row["day"]), row["h3_index"]

        def total(first, last):
            return sum(counts.get(day - datetime.timedelta(days=back), {}).get(cell, 0) for back in range(first, last))

        mean, previous = total(0, 7) / 7, total(1, 8) / 7
        growth = (row["event_count"] - previous) / max(previous, 1 / 7)
        assert row["rolling_7d_avg"] == pytest.approx(mean) and row["growth_rate"] == pytest.approx(growth)
        risks[day, cell] = 0.5 * row["event_count"] + 0.3 * growth + 0.2 * mean
    low, high = min(risks.values()), max(risks.values())
    days = (max(day for day, _ in risks) - min(day for day, _ in risks)).days + 1
    for row in found:
        risk = risks[datetime.date.fromisoformat(row["day"]), row["h3_index"]]
        assert row["risk_score"] == pytest.approx(100 * (risk - low) / (high - low))
        series = [counts.get(DAYS[0] + datetime.timedelta(days=n), {}).get(row["h3_index"], 0) for n in range(days)]
        mean = sum(series) / days
        spread = (sum((count - mean) ** 2 for count in series) / days) ** 0.5
        assert row["z_score"] == pytest.approx((row["event_count"] - mean) / spread if spread else 0)
        assert not row["unusual"]


def bounds(day, published, by_type, goal):
    """The least and the largest count that a cell can have on a day by all that is published of it. The unknowns are
    the numbers of events by cell and type."""
    index = {key: number for number, key in enumerate((cell, kind) for cell in CELLS for kind in TYPES)}
    limits = []
    for resolution in RESOLUTIONS:
        groups = {}
        for cell in CELLS:
            groups.setdefault(ancestor(cell, resolution), []).extend(index[cell, kind] for kind in TYPES)
        for cell, members in groups.items():
            least = published[day, resolution].get(cell, 0)
            limits.append((members, least, top(day, published, resolution, cell, least)))
    for kind in TYPES:
        least = by_type.get((str(day), kind), 0)
        limits.append(([index[cell, kind] for cell in CELLS], least, least + LEAST - 1))
    matrix = lil_array((2 * len(limits), len(index)))
    right = []
    for number, (members, least, most) in enumerate(limits):
        matrix[2 * number, members] = -1
        matrix[2 * number + 1, members] = 1
        right += [-least, most]
    costs = [1.0 if cell == goal else 0.0 for cell, _ in index]
    ends = []
    for sign in (1, -1):
        found = linprog([sign * cost for cost in costs], A_ub=matrix.tocsr(), b_ub=right, bounds=(0, None))
        assert found.status == 0, found.message
        ends.append(sign * found.fun)
    return ends


def top(day, published, resolution, cell, least):
    """The largest count that is published in this way. Who knows the rule knows that a cell that shows as much more
    than its children as it may can have any number of events."""
    if resolution < 9:
        children = sum(
            count for child, count in published[day, resolution + 1].items() if ancestor(child, resolution) == cell)
        most = 5 * (LEAST - 1)
        if least == children + most - most % LEAST:
            return 1e6
    return least + LEAST - 1


def test_no_linear_program_over_all_that_is_published_tells_a_hidden_count(server):
    published = {(day, resolution): shown(server, resolution, day) for day in DAYS for resolution in RESOLUTIONS}
    stats = {(row["day"], row["event_type"]): row["event_count"] for row in rows(server, "/v1/stats", dataset=OTHER)}
    attacked = 0
    for day in DAYS[::2]:
        counts = exact(9, day)
        hidden = [cell for cell in CELLS if 0 < counts[cell] < LEAST]
        # Those of the cell whose children are all as large as can be come first.
        for cell in sorted(hidden, key=lambda cell: (ancestor(cell, 8) != ancestor(CELLS[0], 8), cell))[:16]:
            least, most = bounds(day, published, stats, cell)
            assert least == pytest.approx(0, abs=1e-6), "it can be told that there were events"
            assert most == pytest.approx(LEAST - 1, abs=1e-6)
            attacked += 1
    assert attacked > 30


def test_differences_of_periods_are_counts_that_are_shown(server):
    """Totals of cells over growing and shrinking periods: whatever they differ by is shown of the day."""

    def totals(first, last):
        found = server.json(
            "/v1/hotspots", dataset=OTHER, resolution=8, start_date=first, end_date=last, limit=500, f="json")["items"]
        return {row["h3_index"]: row["total_events"] for row in found}

    for number in range(1, len(DAYS)):
        longer, shorter = totals(DAYS[0], DAYS[number]), totals(DAYS[0], DAYS[number - 1])
        by_day = shown(server, 8, DAYS[number])
        for cell in longer.keys() & shorter.keys():
            assert longer[cell] - shorter[cell] == by_day.get(cell, 0)
        for cell in longer.keys() - shorter.keys():
            assert longer[cell] == sum(shown(server, 8, day).get(cell, 0) for day in DAYS[: number + 1])


def test_totals_by_type_are_sums_of_days_that_are_shown(server, analyst):
    by_day = Counter()
    for row in rows(server, "/v1/stats", dataset=FIRST):
        exactly = sum(COUNTS[datetime.date.fromisoformat(row["day"]), cell, row["event_type"]] for cell in CELLS)
        assert row["event_count"] == exactly - exactly % LEAST >= LEAST
        by_day[row["event_type"]] += row["event_count"]
    found = {row["event_type"]: row["event_count"] for row in rows(server, "/v1/event-types", dataset=FIRST)}
    assert found == by_day and "rare" not in found
    assert "rare" in {row["event_type"] for row in rows(analyst, "/v1/event-types", dataset=FIRST)}
    # Not even that there is such a type is told.
    answers = [server.get("/v1/stats", dataset=FIRST, event_type=name) for name in ["rare", "none"]]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].text.replace("rare", "none") == answers[1].text


def test_counts_within_a_box_or_polygon_need_the_right(server, analyst):
    box = "-79.6,43.5,-79.2,43.9"
    polygon = {"type": "Polygon", "coordinates": [[[-79.6, 43.5], [-79.2, 43.5], [-79.2, 43.9], [-79.6, 43.5]]]}
    assert server.get("/v1/stats", dataset=OTHER, bbox=box).status_code == 403
    assert requests.post(f"{server.url}/v1/stats?dataset={OTHER}", json=polygon, timeout=60).status_code == 403
    assert analyst.get("/v1/stats", dataset=OTHER, bbox=box).status_code == 200


def test_outlooks_need_the_right(server, analyst):
    tile = "/v1/tiles/5/8/11.mvt"
    cell = ancestor(CELLS[0], 7)
    asked = [
        ("/v1/outlook", {"dataset": OTHER}), ("/v1/outlook", {"dataset": OTHER, "as_of": str(DAYS[-1])}),
        ("/v1/outlook/hotspots", {"dataset": OTHER}), ("/v1/outlook/evaluation", {"dataset": OTHER}),
        (tile, {"dataset": OTHER, "layers": "outlook"}),
        (tile, {"dataset": OTHER, "layers": "outlook", "as_of": str(DAYS[-1])}),
        (f"/ogc/collections/{OTHER}.outlook/items", {}), (f"/ogc/collections/{OTHER}.outlook/items/{cell}", {}),
    ]
    for path, query in asked:
        # The analyst's answer is in the caches by then.
        assert analyst.get(path, **query).status_code in (200, 204, 404), path
        refused = server.get(path, **query)
        assert refused.status_code == 403 and "role analyst" in refused.json()["detail"], path
    assert server.json("/v1/tiles.json", dataset=OTHER)["hextant"]["outlook_days"] == []


def test_figures_of_areas_need_the_right(hextant, folder, server, analyst):
    file = folder / "one.geojson"
    ring = [[-79.9, 43.3], [-78.9, 43.3], [-78.9, 44.1], [-79.9, 44.1], [-79.9, 43.3]]
    feature = {
        "type": "Feature", "properties": {"code": "a", "label": "A"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    hextant.json("areas", "import", file, "--layer", "one", "--id", "code", "--name", "label")
    hextant.json("areas", "count", "--dataset", OTHER)
    wait_until(lambda: analyst.get("/v1/areas/one", dataset=OTHER).status_code == 200, "the layer")
    asked = ["/v1/areas/one", "/v1/areas/one/a", "/v1/areas/one/at", "/v1/tiles/areas/one/5/8/11.mvt"]
    place = {"lon": -79.4, "lat": 43.7}
    for path in asked:
        query = {"dataset": OTHER} | (place if path.endswith("/at") else {})
        assert analyst.get(path, **query).status_code == 200, path
        refused = server.get(path, **query)
        assert refused.status_code == 403 and "role analyst" in refused.json()["detail"], path
    # Without a question for figures, the areas are there, and of the figures nothing.
    assert server.json("/v1/areas/one/a")["name"] == "A"
    assert "events" not in server.json("/v1/areas/one/a")
    hextant.json("areas", "delete", "one", "--confirm", "one")


def values(slug, run):
    """The values of parameters that lead to what is hidden."""
    day = DAYS[2]
    place = h3.cell_to_latlng(REMOTE)
    return {
        "dataset": slug, "slug": slug, "collection": f"{slug}.risk", "runId": run, "z": 0, "x": 0, "y": 0,
        "h3": ancestor(REMOTE, 7), "day": str(day), "feature": f"{day}_{ancestor(REMOTE, 7)}",
        "lon": place[1], "lat": place[0],
    }


READS = [
    each for each in DESCRIPTION.operations
    if each.method == "GET" and each.access in ("reader", "open") and not NAMES.isdisjoint(each.parameters)
]


@pytest.mark.parametrize("operation", READS, ids=str)
def test_no_operation_depends_on_hidden_counts(server, data, operation):
    """Two datasets that differ in hidden counts alone get the same answers, byte for byte, but for their names and the
    numbers and times of runs."""
    answers = []
    for slug, run in data.items():
        answer = requests.get(server.url + operation.address(**values(slug, run)), timeout=60)
        assert answer.status_code != 401
        text = answer.content.decode("latin-1").replace(slug, "SLUG").replace(f"/runs/{run}", "/runs/RUN")
        text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "TIME", text)
        answers.append((answer.status_code, re.sub(r'"id":\d+', '"id":RUN', text)))
    assert answers[0] == answers[1]


TILES = [
    {"date": str(DAYS[2]), "resolution": 7}, {"date": str(DAYS[2]), "resolution": 9}, {"resolution": 8}, {},
    {"from": str(DAYS[0] - datetime.timedelta(days=30)), "to": str(DAYS[-1]), "resolution": 7},
]


@pytest.mark.parametrize("query", TILES, ids=str)
@pytest.mark.parametrize("first", ["anybody", "analyst"])
def test_tiles_of_both_never_meet_in_a_cache(server, analyst, query, first):
    path = f"/v1/tiles/{'5/8/11' if first == 'analyst' else '4/4/5'}.mvt"
    order = [server, analyst] if first == "anybody" else [analyst, server]
    bodies = {}
    for _ in range(2):
        for who in order:
            bodies.setdefault(who, set()).add(who.get(path, dataset=FIRST, **query).content)
    assert [len(bodies[who]) for who in order] == [1, 1]
    assert bodies[server] != bodies[analyst]
    assert server.get(path, dataset=OTHER, **query).content in bodies[server]


def test_filters_find_nothing_by_what_is_hidden(server):
    day = str(DAYS[2])
    path = f"/ogc/collections/{OTHER}.risk/items"
    for condition in ["event_count < 7", "event_count = 8", "event_count BETWEEN 1 AND 6"]:
        found = server.json(path, filter=condition, datetime=day, resolution=9, limit=1000)
        assert found["features"] == []


def test_another_minimum_shows_nothing_until_the_refresh(hextant, folder, server, data, database):
    hextant.put_dataset(folder, "changed", resolutions=[9])
    write_events(folder / "changed.csv", COUNTS)
    hextant.json("ingest", folder / "changed.csv", "--dataset", "changed")
    hextant.json("score", "--dataset", "changed")
    hextant.json("refresh")
    admin = bearer(add_key(hextant, "admin"))

    def change(minimum):
        answer = requests.patch(
            f"{server.url}/v1/datasets/changed", json={"minimum_count": minimum}, headers=admin, timeout=60)
        assert answer.status_code == 200 and answer.json()["minimum_count"] == (minimum or None)

    def counts():
        found = rows(server, f"/v1/risk/{DAYS[2]}", dataset="changed")
        return [row["event_count"] for row in found]

    before = counts()
    assert 0 < min(before) < 3
    change(3)
    assert counts() == []
    hextant.json("refresh")
    wanted = sorted(count - count % 3 for count in before if count >= 3)
    wait_until(lambda: sorted(counts()) == wanted, "the counts of the new minimum")
    change(5)
    assert counts() == []
    change(0)
    assert sorted(counts()) == sorted(before)
