"""The outlook of a made-up city, by command and over HTTP, against independent counts of the same events."""

import csv
import io
import json
import math
import random
from collections import Counter
from datetime import date, timedelta

import esda
import h3
import libpysal
import numpy
import outlook_cases
import outlook_oracle
import pymannkendall
import pytest
import scipy.stats
from accounts import add_key
from command import REPOSITORY
from shapely.geometry import Polygon, box
from vector_tile import features as tile_features
from vector_tile import tiles_around
from waiting import wait_until

HEADER = "event_id,event_type,event_timestamp,longitude,latitude,attributes_json\n"
FIRST = date(2021, 1, 4)
AS_OF = date(2021, 6, 6)  # 154 days or 22 weeks
LAST = date(2021, 6, 20)
RESOLUTION = 8
GROUPS = {"violence": ["Assault", "Robbery"], "theft": ["Theft"]}
PERIODS = [7, 28, 90, 365]
WEEKS = 22
HORIZON = 7
URGENCY = [
    f"{name}_{side}"
    for side in ["hot", "cold"]
    for name in [
        "new", "intensifying", "consecutive", "persistent", "sporadic", "oscillating", "diminishing", "historical"
    ]
]  # fmt: skip


def made_up(last, seed):
    """Events (day, type, longitude, latitude) from FIRST on: places with rates of their own, one always busy, one that
    wakes up three weeks before AS_OF, and one that falls silent a week before that."""
    random_ = random.Random(20210104)
    centre = h3.latlng_to_cell(43.66, -79.38, RESOLUTION)
    places = sorted(h3.grid_disk(centre, 8))
    weights = [random_.random() ** 6 for _ in places]
    busy, waking, fading = (h3.grid_disk(places[number], 1)[:3] for number in [30, 110, 180])
    found = []
    days = (last - FIRST).days + 1
    for offset in range(days):
        day = FIRST + timedelta(days=offset)
        if day > AS_OF:  # the future is another one for another seed
            random_ = random.Random(seed + offset)
        cells = random_.choices(places, weights, k=random_.randint(4, 14))
        cells += random_.choices(busy, k=random_.randint(6, 12))
        cells += random_.choices(waking, k=12) if (AS_OF - day).days < 21 else []
        cells += random_.choices(fading, k=4) if (AS_OF - day).days >= 28 else []
        for cell in cells:
            latitude, longitude = h3.cell_to_latlng(cell)
            kind = random_.choice(["Assault", "Robbery", "Theft", "Theft", "Mischief"])
            found.append((day, kind, longitude + random_.uniform(-2e-3, 2e-3), latitude + random_.uniform(-2e-3, 2e-3)))
    return found


def text(events, prefix=""):
    # 18:00 UTC is the early afternoon of the same day in Toronto.
    return HEADER + "".join(
        f"{prefix}{number},{kind},{day}T18:00:00Z,{longitude},{latitude},{{}}\n"
        for number, (day, kind, longitude, latitude) in enumerate(events)
    )


def in_cells(events, kinds=None, resolution=RESOLUTION):
    """(day, cell) of each event of some types."""
    return [
        (day, h3.latlng_to_cell(latitude, longitude, resolution))
        for day, kind, longitude, latitude in events
        if kinds is None or kind in kinds
    ]


@pytest.fixture(scope="module")
def events():
    return made_up(LAST, seed=1)


def fill(hextant, folder, slug, events, **description):
    hextant.put_dataset(
        folder, slug, time_zone="America/Toronto", resolutions=[7, RESOLUTION], groups=GROUPS, **description)
    (folder / f"{slug}.csv").write_text(text(events))
    hextant.json("ingest", folder / f"{slug}.csv", "--dataset", slug)
    hextant.json("score", "--dataset", slug)
    return hextant.json("outlook", "--dataset", slug, "--as-of", AS_OF)


@pytest.fixture(scope="module")
def city(hextant, folder, events):
    """The command's answer for the outlook as of AS_OF, which is served."""
    told = fill(hextant, folder, "city", events)
    hextant.json("refresh")
    return told


@pytest.fixture(scope="module")
def api(server, city):
    return server


def whole(api, **query):
    """Every row of a list, by cell."""
    answer = api.get("/v1/outlook", f="csv", dataset="city", **query)
    assert answer.status_code == 200, answer.text
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    found = {row["h3_index"]: row for row in rows}
    assert len(found) == len(rows)
    return found


@pytest.fixture(scope="module")
def rows(api):
    return whole(api)


def counted(events, first, last):
    return Counter(cell for day, cell in events if first <= day <= last)


# What the command and the list say


def test_the_command_tells_what_it_made(city, rows):
    assert (city["as_of"], city["first_day"], city["horizon"], city["left_out"]) == (str(AS_OF), str(FIRST), 7, [])
    assert [(each["resolution"], each["kind"]) for each in city["outlooks"]] == [
        (resolution, kind) for resolution in [7, RESOLUTION] for kind in ["all", "theft", "violence"]]
    [told] = [each for each in city["outlooks"] if (each["resolution"], each["kind"]) == (RESOLUTION, "all")]
    assert told["cells"] == len(rows) and told["weeks"] == WEEKS
    classes = Counter(row["class"] for row in rows.values())
    assert told["hot_spots"] == sum(count for name, count in classes.items() if name.endswith("_hot")) > 0
    assert told["cold_spots"] == sum(count for name, count in classes.items() if name.endswith("_cold"))
    assert told["new_hot_spots"] == classes["new_hot"]
    assert math.isclose(told["expected"], sum(float(row["expected"]) for row in rows.values()))


def test_classes_are_those_of_the_definitions(rows, events):
    found = {cell: row["class"] for cell, row in rows.items()}
    outlook_cases.check_hot_spots(found, in_cells(events), AS_OF, steps=WEEKS)
    # The place that woke up is among them.
    assert {name for name in found.values() if name.endswith("_hot")} & {"new_hot", "consecutive_hot"}


def test_z_and_trend_are_those_of_esda_and_pymannkendall(rows, events):
    cells = sorted(rows)
    ring = {cell: [other for other in h3.grid_ring(cell, 1) if other in rows] for cell in cells}
    weights = libpysal.weights.W(ring, id_order=cells, silence_warnings=True)
    series = []
    for week in reversed(range(WEEKS)):
        last = AS_OF - timedelta(days=7 * week)
        counts = counted(in_cells(events), last - timedelta(days=6), last)
        values = numpy.array([float(counts[cell]) for cell in cells])
        series.append(esda.G_Local(values, weights, transform="B", star=True, permutations=0).Zs)
    for place, cell in enumerate(cells):
        assert math.isclose(float(rows[cell]["gi_z"]), series[-1][place], rel_tol=1e-9, abs_tol=1e-9)
        p = pymannkendall.original_test([scores[place] for scores in series]).p
        assert math.isclose(float(rows[cell]["gi_trend_p"]), p, rel_tol=1e-7, abs_tol=1e-9), cell


def test_forecasts_are_those_of_the_model_by_the_definitions(rows, events, database):
    model = database.value(
        "SELECT model FROM outlooks WHERE dataset = 'city' AND resolution = %s AND as_of = %s AND kind = 'all'",
        [RESOLUTION, AS_OF])
    assert model["origins"] > 2, "the weights are fitted on the past"
    found = {
        cell: (
            float(row["expected"]), int(row["lower_50"]), int(row["upper_50"]), int(row["lower_90"]),
            int(row["upper_90"]),
        )
        for cell, row in rows.items()
    }
    outlook_cases.check_forecast(found, model, in_cells(events), AS_OF, HORIZON)
    sizes = outlook_oracle.forecast(
        outlook_cases.by_day(in_cells(events), sorted(rows), FIRST, AS_OF), sorted(rows), FIRST, HORIZON, model)
    for cell, (mean, size) in sizes.items():
        chance = 1 - outlook_oracle.negative_binomial(mean, size).pmf(0)
        assert math.isclose(float(rows[cell]["chance"]), chance, rel_tol=1e-6)


@pytest.mark.parametrize("kind", ["all", *GROUPS])
@pytest.mark.parametrize("period", PERIODS)
def test_figures_of_periods_are_counts_of_the_events(api, events, database, period, kind):
    found = whole(api, period=period, kind=kind)
    of_kind = in_cells(events, GROUPS.get(kind))
    now = counted(of_kind, AS_OF - timedelta(days=period - 1), AS_OF)
    before = counted(of_kind, AS_OF - timedelta(days=2 * period - 1), AS_OF - timedelta(days=period))
    assert now and set(now) <= set(found)
    scores = {
        cell: (score, flagged)
        for cell, score, flagged in database.rows(
            """
            SELECT to_hex(h3_index), max(risk_score), count(*) FILTER (WHERE anomaly) FROM mv_daily_risk
            WHERE dataset = 'city' AND resolution = %s AND day > %s::date - %s AND day <= %s GROUP BY 1
            """, [RESOLUTION, AS_OF, period, AS_OF])
    }
    is_covered = 2 * period <= (AS_OF - FIRST).days + 1
    for cell, row in found.items():
        a, b = now[cell], before[cell]
        assert (row["kind"], int(row["period"]), row["as_of"]) == (kind, period, str(AS_OF))
        assert (int(row["events"]), int(row["events_before"])) == (a, b), cell
        assert math.isclose(float(row["events_per_day"]), a / period)
        assert (float(row["change_percent"]) if row["change_percent"] else None) == (
            pytest.approx(100 * (a - b) / b) if b else None)
        p = scipy.stats.binomtest(a, a + b, 0.5).pvalue if a + b and is_covered else 1
        assert math.isclose(float(row["change_p"]), p, rel_tol=1e-7)
        word = "few" if a + b < 10 or not is_covered else "steady" if p >= 0.05 else "rising" if a > b else "falling"
        assert row["trend"] == word, cell
        score, flagged = scores.get(cell, (None, 0))
        if kind == "all":
            assert (float(row["max_score"]) if row["max_score"] else None) == (
                score if score is None else pytest.approx(score))
            assert int(row["days_flagged"]) == flagged
        else:
            assert (row["max_score"], row["days_flagged"]) == ("", "")


def test_a_kind_has_classes_and_forecasts_of_its_own(api, events, database):
    found = whole(api, kind="violence")
    area = sorted(found)
    assert area == sorted(whole(api)), "the study area is that of all events"
    of_kind = in_cells(events, GROUPS["violence"])
    steps = []
    for week in reversed(range(WEEKS)):
        last = AS_OF - timedelta(days=7 * week)
        counts = counted(of_kind, last - timedelta(days=6), last)
        steps.append({cell: counts[cell] for cell in area})
    assert {cell: row["class"] for cell, row in found.items()} == outlook_oracle.hot_spots(steps)
    model = database.value(
        "SELECT model FROM outlooks WHERE dataset = 'city' AND resolution = %s AND as_of = %s AND kind = 'violence'",
        [RESOLUTION, AS_OF])
    means = outlook_oracle.forecast(
        outlook_cases.by_day(of_kind, area, FIRST, AS_OF), area, FIRST, HORIZON, model)
    for cell, (mean, _) in means.items():
        assert math.isclose(float(found[cell]["expected"]), mean, rel_tol=1e-6, abs_tol=1e-9)


# Nothing of the future


def test_another_future_changes_nothing(hextant, folder, api, events):
    """A dataset with the same past and another future has the same outlook, and the same evaluation up to then."""
    other = made_up(LAST + timedelta(days=30), seed=999)
    assert [each for each in other if each[0] <= AS_OF] == [each for each in events if each[0] <= AS_OF]
    # Events far away that come later do not make the study area larger.
    other += [(AS_OF + timedelta(days=3), "Theft", -78.2, 44.4)] * 5
    fill(hextant, folder, "elsewise", other)
    hextant.json("refresh")
    # Scores are relative to all days of a run, those after AS_OF too.
    names = [name for name in api.json("/v1/outlook", dataset="city", limit=1)["items"][0] if "score" not in name]
    names = ",".join(name for name in names if name != "days_flagged")
    for kind in ["all", "violence"]:
        found = [
            api.get("/v1/outlook", f="csv", dataset=slug, kind=kind, fields=names).text
            for slug in ["city", "elsewise"]]
        assert found[0] == found[1] and found[0].count("\n") > 50
    told = []
    for slug in ["city", "elsewise"]:
        outcome = hextant(
            "evaluate", "--dataset", slug, "--resolution", RESOLUTION, "--from", "2021-05-03", "--to", AS_OF, "--json")
        assert outcome.code in (0, 1), outcome.err
        [evaluation] = outcome.json["evaluations"]
        told.append({name: value for name, value in evaluation.items() if name != "id"})
    # The rival of the risk score counts growth and means of days before it alone, so it is the same, too.
    assert told[0] == told[1]


def test_scores_of_a_period_are_not_compared_with_every_cell(hextant, database, folder):
    """The planner knows nothing about cells in arrays. A plan that joined them by their run alone took minutes where a
    run has tens of thousands of cells."""
    cells = [h3.cell_to_latlng(cell) for cell in h3.grid_disk(h3.latlng_to_cell(43.7, -79.4, RESOLUTION), 12)]
    days = [FIRST + timedelta(days=number) for number in range(150)]
    fill(hextant, folder, "wide", [(day, "Theft", east, north) for day in days for north, east in cells])
    database.rows("ANALYZE daily_aggregates, run_scales, daily_scores")
    statement = (REPOSITORY / "sql/score_periods.sql").read_text()
    for number, value in enumerate(["'wide'::text", f"{RESOLUTION}::smallint", f"'{AS_OF}'::date"], 1):
        statement = statement.replace(f"${number}", value)
    [[[plan]]] = database.rows(f"EXPLAIN (FORMAT JSON) {statement}")
    joins = [node for node in walk(plan["Plan"]) if "Join" in node["Node Type"] or node["Node Type"] == "Nested Loop"]
    assert any("h3_index" in node.get("Hash Cond", node.get("Merge Cond", "")) for node in joins)
    assert not any("h3_index" in node.get("Join Filter", "") for node in joins)


def walk(node):
    """A node of a plan and all nodes below it."""
    yield node
    for child in node.get("Plans", []):
        yield from walk(child)


def test_changed_days_alone_are_read_again(hextant, folder, api):
    """The outlook after events of some past days is that of a dataset which had them from the beginning."""
    late = made_up(AS_OF, seed=1)
    extra = [(date(2021, 3, 1), "Assault", -79.38, 43.66)] * 3
    fill(hextant, folder, "late", late)
    (folder / "extra.csv").write_text(text(extra, prefix="x"))
    hextant.json("ingest", folder / "extra.csv", "--dataset", "late")
    hextant.json("score", "--dataset", "late")
    again = hextant.json("outlook", "--dataset", "late", "--as-of", AS_OF)
    of_the_day = Counter(kind for day, kind, *_ in late + extra if day == date(2021, 3, 1))
    # Scoring has counted all events of the day; the groups count theirs, each once for both resolutions.
    assert again["events"] == of_the_day["Theft"] + of_the_day["Assault"] + of_the_day["Robbery"]
    fill(hextant, folder, "early", late + extra)
    hextant.json("refresh")
    for kind in ["all", "violence", "theft"]:
        lists = [api.get("/v1/outlook", f="csv", dataset=slug, kind=kind).text for slug in ["late", "early"]]
        assert lists[0] == lists[1]


# Lists, tiles and collections


SORTED = {
    "expected": lambda row: row["expected"], "chance": lambda row: row["chance"], "events": lambda row: row["events"],
    "change": lambda row: row["change_percent"], "gi": lambda row: row["gi_z"], "score": lambda row: row["max_score"],
    "cell": lambda row: 0,
    "class": lambda row: (
        -URGENCY.index(row["class"]) if row["class"] in URGENCY else -len(URGENCY), abs(row["gi_z"])),
}  # fmt: skip


@pytest.mark.parametrize("sort", SORTED)
def test_every_order_holds_over_pages(api, rows, sort):
    found = [
        row for page in api.pages("/v1/outlook", dataset="city", sort=sort, limit=37) for row in page["items"]]
    assert sorted(row["h3_index"] for row in found) == sorted(rows)
    keys = [(SORTED[sort](row), row["h3_index"]) for row in found]
    valued = [key for key in keys if key[0] is not None]
    assert keys[: len(valued)] == valued, "cells without a value come last"
    assert [value for value, _ in valued] == sorted((value for value, _ in valued), reverse=True)
    for one, two in zip(keys, keys[1:]):
        assert one[0] != two[0] or one[1] < two[1]


def test_lists_are_limited_by_class_trend_box_and_polygon(api, rows):
    def cells(path="/v1/outlook", **query):
        answer = api.get(path, dataset="city", f="csv", **query)
        return {row["h3_index"] for row in csv.DictReader(io.StringIO(answer.text))}

    def like(name, *values):
        return {cell for cell, row in rows.items() if row[name] in values}

    assert cells(**{"class": "hot"}) == {cell for cell, row in rows.items() if row["class"].endswith("_hot")} != set()
    assert cells(**{"class": "none,new_hot"}) == like("class", "none", "new_hot")
    assert cells(trend="rising,falling") == like("trend", "rising", "falling")
    assert cells("/v1/outlook/hotspots") == set(rows) - like("class", "none")
    outlines = {cell: Polygon([(x, y) for y, x in h3.cell_to_boundary(cell)]) for cell in rows}
    frame = (-79.39, 43.65, -79.36, 43.67)
    assert cells(bbox=",".join(map(str, frame))) == {
        cell for cell, shape in outlines.items() if shape.intersects(box(*frame))} != set()
    drawn = [(-79.4, 43.64), (-79.35, 43.66), (-79.4, 43.68), (-79.4, 43.64)]
    answer = api.session.post(
        f"{api.url}/v1/outlook", params={"dataset": "city", "f": "csv"}, timeout=60,
        json={"type": "Polygon", "coordinates": [drawn]})
    assert {row["h3_index"] for row in csv.DictReader(io.StringIO(answer.text))} == {
        cell for cell, shape in outlines.items() if shape.intersects(Polygon(drawn))}


def test_hot_spots_come_as_geojson_the_most_urgent_first(api, rows):
    answer = api.get("/v1/outlook/hotspots", dataset="city")
    assert answer.headers["Content-Type"].startswith("application/geo+json")
    found = answer.json()
    assert (found["dataset"], found["as_of"]) == ("city", str(AS_OF))
    classes = [feature["properties"]["class"] for feature in found["features"]]
    assert classes == sorted(classes, key=URGENCY.index) and len(classes) == sum(
        row["class"] != "none" for row in rows.values())


@pytest.mark.parametrize("query", [{}, {"period": 7, "kind": "violence"}, {"class": "hot,none"}])
@pytest.mark.parametrize("z", [8, 12])
def test_tiles_have_what_the_list_has(api, query, z):
    """At zoom 8 a tile may be crowded, at zoom 12 it may not: two statements."""
    expected = {
        feature["properties"]["h3_index"]: feature["properties"]
        for feature in api.json("/v1/outlook", dataset="city", f="geojson", resolution=RESOLUTION, **query)["features"]
    }
    seen = set()
    for tile in tiles_around(expected, z):
        answer = api.get(
            f"/v1/tiles/{tile}.mvt", dataset="city", layers="outlook", resolution=RESOLUTION, **query)
        if answer.status_code == 204:
            continue
        for cell, found in tile_features(answer.content, "outlook").items():
            seen.add(cell)
            row = expected[cell]
            for name in ["events", "trend", "class", "lower_50", "upper_50", "lower_90", "upper_90"]:
                assert found[name] == row[name], (cell, name)
            for name, digits in [("gi_z", 2), ("events_per_day", 2), ("expected", 4), ("chance", 4), ("change_p", 4)]:
                assert found[name] == pytest.approx(row[name], abs=0.51 * 10**-digits), (cell, name)
            for name in ["change_percent", "max_score"]:
                assert (name in found) == (row[name] is not None)
                assert row[name] is None or found[name] == pytest.approx(row[name], abs=0.0051)
            assert found.get("days_flagged") == row["days_flagged"]
    assert seen == set(expected) != set()


def test_tiles_are_described_cached_and_limited(api):
    told = api.json("/v1/tiles.json", dataset="city", layers="outlook", period=90, kind="theft", **{"class": "hot"})
    assert told["tiles"][0].endswith(
        "/v1/tiles/{z}/{x}/{y}.mvt?dataset=city&layers=outlook&period=90&kind=theft&class=hot")
    [layer, _] = told["vector_layers"]
    tile = tile_features(api.get("/v1/tiles/9/143/186.mvt", dataset="city", layers="outlook").content, "outlook")
    assert layer["id"] == "outlook" and set().union(*tile.values()) == set(layer["fields"])
    assert api.get("/v1/tiles/9/143/186.mvt", dataset="city", layers="outlook", as_of="2021-06-05").status_code == 204
    hits = api.metric("tile_requests_total", tier="memory", outcome="hit")
    tag = api.get("/v1/tiles/9/143/186.mvt", dataset="city", layers="outlook").headers["ETag"]
    assert api.metric("tile_requests_total", tier="memory", outcome="hit") > hits
    same = api.get("/v1/tiles/9/143/186.mvt", {"If-None-Match": tag}, dataset="city", layers="outlook")
    assert same.status_code == 304
    other = api.get("/v1/tiles/9/143/186.mvt", dataset="city", layers="outlook", period=7)
    assert other.headers["ETag"] != tag


@pytest.mark.parametrize("path, query, field", [
    ("/v1/outlook", {"period": "30"}, "period"), ("/v1/outlook", {"kind": "arson"}, "kind"),
    ("/v1/outlook", {"kind": "A b"}, "kind"), ("/v1/outlook", {"class": "warm"}, "class"),
    ("/v1/outlook", {"trend": "up"}, "trend"), ("/v1/outlook", {"sort": "name"}, "sort"),
    ("/v1/outlook", {"as_of": "2021-02-30"}, "as_of"), ("/v1/outlook", {"resolution": "9"}, "resolution"),
    ("/v1/outlook", {"after": "nan_882b9bc46dfffff"}, "after"),
    ("/v1/outlook/evaluation", {"horizon": "29"}, "horizon"), ("/v1/outlook/evaluation", {"kind": "arson"}, "kind"),
    ("/v1/tiles/9/143/186.mvt", {"period": "7"}, "period"),
    ("/v1/tiles/9/143/186.mvt", {"layers": "outlook", "date": "2021-06-06"}, "date"),
    ("/v1/tiles/9/143/186.mvt", {"layers": "outlook,risk"}, "layers"),
    ("/v1/tiles/9/143/186.mvt", {"layers": "outlook", "kind": "arson"}, "kind"),
    ("/ogc/collections/city.risk/items", {"kind": "theft"}, "kind"),
    ("/ogc/collections/city.outlook/items", {"as_of": "latest", "datetime": "2021-06-06"}, "datetime"),
])  # fmt: skip
def test_what_cannot_be_meant_is_refused_by_its_name(api, path, query, field):
    answer = api.get(path, **({} if path.startswith("/ogc") else {"dataset": "city"}), **query)
    assert answer.status_code == 400 and [each["field"] for each in answer.json()["errors"]] == [field]


def test_a_day_without_an_outlook_is_empty(api):
    assert api.json("/v1/outlook", dataset="city", as_of="2021-06-05") == {"items": [], "next": None}
    [told] = [each for each in api.pages("/v1/datasets", limit=1000)]
    [dataset] = [each for each in told["items"] if each["dataset"] == "city"]
    assert dataset["outlook_days"] == [str(AS_OF)] and dataset["groups"] == GROUPS


def test_the_collection_has_the_same_rows(api, rows):
    found, address, query = [], "/ogc/collections/city.outlook/items", {"limit": 50, "resolution": RESOLUTION}
    while address:
        page = api.json(address, **query)
        found += page["features"]
        address = next((each["href"] for each in page["links"] if each["rel"] == "next"), None)
        query = {}
    assert sorted(each["id"] for each in found) == sorted(rows)
    for feature in found:
        row = rows[feature["id"]]
        assert feature["properties"]["expected"] == float(row["expected"])
    few = api.json(
        "/ogc/collections/city.outlook/items", limit=1000, filter="class = 'none' AND expected < 0.05")["features"]
    assert {each["id"] for each in few} == {
        cell for cell, row in rows.items() if row["class"] == "none" and float(row["expected"]) < 0.05} != set()
    plain = api.json("/ogc/collections/city.outlook/items", limit=1000, trend="rising", period=7)["features"]
    assert {each["id"] for each in plain} == {
        cell for cell, row in whole(api, period=7).items() if row["trend"] == "rising"}
    one = api.json(f"/ogc/collections/city.outlook/items/{found[3]['id']}")
    assert one["properties"] == found[3]["properties"]
    for days, count in [("2021-06-01/2021-06-30", len(rows)), ("2021-06-07/..", 0), ("../2021-06-06", len(rows))]:
        answer = api.json("/ogc/collections/city.outlook/items", datetime=days, limit=1000)
        assert answer["numberReturned"] == count, days


def test_a_private_dataset_has_no_outlook_for_others(hextant, folder, server, city, events):
    fill(hextant, folder, "hidden", [each for each in events if each[0] > date(2021, 5, 20)], visibility="private")
    hextant.json("refresh")
    for path in ["/v1/outlook", "/v1/outlook/hotspots", "/v1/outlook/evaluation", "/v1/tiles.json"]:
        assert server.get(path, dataset="hidden").status_code == 404
    assert server.get("/v1/tiles/9/143/186.mvt", dataset="hidden", layers="outlook").status_code == 404
    assert server.get("/ogc/collections/hidden.outlook/items").status_code == 404
    mine = server.asking_as(add_key(hextant, "public", ["hidden"]))
    assert mine.json("/v1/outlook", dataset="hidden")["items"]
    assert mine.get("/v1/tiles/9/143/186.mvt", dataset="hidden", layers="outlook").status_code == 200


# The commands


@pytest.mark.parametrize("arguments, words", [
    (["--as-of", "1999-01-01"], "must be from 2021-01-04"), (["--as-of", "2999-01-01"], "to today"),
    (["--resolution", "16"], "0 to 15"), (["--horizon", "29"], "1 to 28"), (["--alpha", "1"], "above 0 and below 1"),
    (["--weeks", "0"], "1 to 520"), (["--as-of", "soon"], "not a date"),
])  # fmt: skip
def test_the_command_says_what_cannot_be(hextant, city, arguments, words):
    outcome = hextant("outlook", "--dataset", "city", *arguments)
    assert outcome.code in (64, 65) and words in outcome.err, outcome.err


def test_groups_are_checked_by_name(hextant, folder):
    for groups, words in [
        ({"all": ["Theft"]}, "and not all"), ({"A b": ["Theft"]}, "the name of a group must be"),
        ({"none": []}, "groups.none: must name 1 to 200 event types"), ({"one": "Theft"}, "groups.one: must be lists"),
        ({f"g{number}": ["x"] for number in range(17)}, "must be at most 16"),
    ]:
        file = folder / "grouped.json"
        file.write_text(json.dumps({
            "slug": "grouped", "title": "x", "licence": "x", "attribution": "x", "resolutions": [7], "groups": groups}))
        outcome = hextant("datasets", "put", file)
        assert outcome.code == 65 and words in outcome.err, outcome.err


def test_publishing_makes_an_outlook(hextant, folder, server, city, events):
    slug = hextant.put_dataset(folder, "fresh", time_zone="America/Toronto", resolutions=[7])
    (folder / "fresh.csv").write_text(text(events))
    told = hextant.json("ingest", folder / "fresh.csv", "--dataset", slug, "--publish")["published"]
    assert told["outlook_day"] == str(LAST)
    # The running server hears of the new generation by itself.
    wait_until(lambda: server.json("/v1/outlook", dataset=slug)["items"], "the outlook")
    assert server.json("/v1/outlook", dataset=slug)["items"][0]["as_of"] == str(LAST)


# Evaluation


@pytest.fixture(scope="module")
def evaluated(hextant, city):
    """An evaluation of seven weekly forecasts."""
    outcome = hextant(
        "evaluate", "--dataset", "city", "--resolution", RESOLUTION, "--from", "2021-05-03", "--to", "2021-06-20",
        "--horizon", 7, "--json")
    assert outcome.code == int(any(each["is_behind"] for each in outcome.json["evaluations"])), outcome.err
    [evaluation] = outcome.json["evaluations"]
    return evaluation


def test_evaluations_are_counts_that_python_finds_too(evaluated, events):
    first = date(2021, 5, 3)
    known = in_cells(events)
    past = [(day, cell) for day, cell in known if day < first]
    area = outlook_oracle.study_area([cell for _, cell in past], outlook_cases.everything_near(past))
    origins = [first + timedelta(days=7 * week) for week in range(7)]
    assert (evaluated["cells"], evaluated["origins"]) == (len(area), len(origins))
    methods = {method["name"]: method for method in evaluated["methods"]}
    assert list(methods)[0] == "outlook" and "risk score" in methods
    for window in [7, 28]:
        rival = methods[f"counts of {window} days"]
        report = {share: (rival["pai"][i], rival["pei"][i]) for i, share in enumerate([0.01, 0.025, 0.05])}
        outlook_cases.check_hits(report, known, area, origins, 7, window)
    inside = set(area)
    happened = sum(cell in inside for day, cell in known if first <= day <= date(2021, 6, 20))
    assert all(method["events"] == happened for method in methods.values())
    assert evaluated["outside"] == sum(cell not in inside for day, cell in known if first <= day <= date(2021, 6, 20))
    best = max((method for name, method in methods.items() if name != "outlook"), key=lambda each: each["log_score"])
    assert evaluated["best_rival"] == best["name"]
    for comparison in evaluated["comparisons"]:
        difference = methods["outlook"]["log_score"] - methods[comparison["rival"]]["log_score"]
        assert comparison["log_score"]["value"] == pytest.approx(difference)
    assert evaluated["is_behind"] == any(each["log_score"]["high"] < 0 for each in evaluated["comparisons"])


def test_the_route_tells_evaluations_the_newest_first(hextant, api, evaluated):
    hextant(
        "evaluate", "--dataset", "city", "--resolution", RESOLUTION, "--from", "2021-05-03", "--to", "2021-05-30",
        "--horizon", 14, "--kind", "theft", "--json")
    page = api.json("/v1/outlook/evaluation", dataset="city", limit=1)
    [newest] = page["items"]
    assert (newest["kind"], newest["horizon"], newest["from"], newest["to"]) == (
        "theft", 14, "2021-05-03", "2021-05-30")
    assert "risk score" not in [method["name"] for method in newest["methods"]], "scores are of all events"
    assert api.json(page["next"])["items"][0]["id"] < newest["id"]
    stored = {each["id"]: each for each in api.json("/v1/outlook/evaluation", dataset="city", horizon=7)["items"]}
    assert stored[evaluated["id"]]["methods"] == evaluated["methods"]
    assert stored[evaluated["id"]]["comparisons"] == evaluated["comparisons"]
    assert api.json("/v1/outlook/evaluation", dataset="city", resolution=7)["items"] == []


def test_too_little_history_is_refused(hextant, city):
    outcome = hextant("evaluate", "--dataset", "city", "--from", "2021-01-20", "--to", "2021-02-20")
    assert outcome.code == 65 and "16 days of history before it, but at least 56 are needed" in outcome.err
    outcome = hextant("evaluate", "--dataset", "city", "--from", "2020-01-20", "--to", "2021-02-20")
    assert outcome.code == 65 and "has no history before it" in outcome.err


def test_a_forecast_that_falls_behind_is_told(hextant, server, database, evaluated):
    """The verdict of the newest evaluation counts, for the metric that alerts and for the advice of doctor."""
    key = "dataset = 'city' AND resolution = 8 AND kind = 'all' AND horizon = 7"
    copy = (
        "INSERT INTO outlook_evaluations (dataset, resolution, kind, horizon, from_day, to_day, cells, origins,"
        " outside, is_behind, best_rival, methods, comparisons)"
        " SELECT dataset, resolution, kind, horizon, from_day, to_day, cells, origins, outside, %s,"
        f" 'counts of 28 days', methods, comparisons FROM outlook_evaluations WHERE {key} ORDER BY id DESC LIMIT 1")

    def advice():
        return {each["part"]: each for each in hextant("doctor", "--json").json["findings"]}["forecasts"]

    database.rows(copy, [True])
    assert advice()["grade"] == "advice" and "city at resolution 8, 7 days" in advice()["detail"]
    wait_until(lambda: server.metric("outlook_evaluations_behind") >= 1, "the metric", seconds=40)
    database.rows(copy, [False])
    assert "city at resolution 8, 7 days" not in advice()["detail"]
