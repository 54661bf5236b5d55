"""Layers of areas by command and over HTTP: by hand, and against geopandas, scipy and PySAL."""

import json
import random
from datetime import date, timedelta

import esda.smoothing
import geopandas
import mapbox_vector_tile
import numpy
import pandas
import pytest
import requests
import shapely
from accounts import add_key
from command import assert_one_plain_line
from databases import Database
from redis_database import free_redis_database
from scipy.stats import binomtest
from serving import serving
from waiting import wait_until

HEADER = "event_id,event_type,event_timestamp,longitude,latitude,attributes_json\n"
# A grid of squares whose sides are a hundredth of a degree, so that points in steps of half of it fall on borders.
SIDE = 0.01
WEST, SOUTH = -79.4, 43.6


def square(column, row, side=SIDE):
    return shapely.box(
        WEST + column * SIDE, SOUTH + row * SIDE, WEST + column * SIDE + side, SOUTH + row * SIDE + side)


def write_layer(path, areas):
    """Writes areas, tuples of id, name, population and shape, as GeoJSON."""
    features = [
        {"type": "Feature", "geometry": shapely.geometry.mapping(shape),
         "properties": {"code": code, "label": name, "people": people}}
        for code, name, people, shape in areas
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


@pytest.fixture(scope="module")
def areas():
    """Sixteen squares, one of them without population, and one far away without events."""
    made = [
        (f"s{column}{row}", f"Square {column} {row}",
         None if (column, row) == (3, 3) else 500 + 300 * column + 70 * row, square(column, row))
        for column in range(4) for row in range(4)
    ]
    return [*made, ("far", "Île d'Or", 1200, shapely.box(-78, 44, -77.9, 44.1))]


@pytest.fixture(scope="module")
def events(hextant, folder, areas):
    """Three years of events in a zone that is not UTC: ids, types, local days and places."""
    chance = random.Random(20211231)
    hextant.put_dataset(folder, "city", time_zone="America/Toronto", event_weights={"assault": 3})
    rows = []
    for number in range(4000):
        day = date(2019, 1, 1) + timedelta(days=chance.randrange(3 * 365))
        x, y = chance.choice([(chance.randrange(-1, 10) / 2, chance.randrange(-1, 10) / 2),
                              (chance.random() * 5 - 0.5, chance.random() ** 2 * 5 - 0.5)])
        rows.append((f"e{number}", chance.choice(["theft", "assault", "fraud"]), day,
                     round(WEST + x * SIDE, 9), round(SOUTH + y * SIDE, 9), chance.randrange(24)))
    # The first and the last day, so that all 36 months are full.
    rows += [
        (id, "theft", day, WEST, SOUTH, 12) for id, day in [("first", date(2019, 1, 1)), ("last", date(2021, 12, 31))]]
    lines = [
        f'{id},{kind},{day}T{hour:02}:30:00-05:00,{x},{y},"{{""site"": ""{hour % 2}""}}"\n'
        for id, kind, day, x, y, hour in rows
    ]
    file = folder / "city.csv"
    file.write_text(HEADER + "".join(lines))
    told = hextant.json("ingest", file, "--dataset", "city")
    assert told["accepted"] == len(rows)
    hextant.json("score", "--dataset", "city")
    hextant.json("refresh")
    return rows


@pytest.fixture(scope="module")
def layer(hextant, folder, areas, events):
    file = write_layer(folder / "squares.geojson", areas)
    told = hextant.json(
        "areas", "import", file, "--layer", "squares", "--id", "code", "--name", "label", "--population", "people")
    assert (told["areas"], told["replaced"], told["without_population"]) == (17, False, 1)
    return "squares"


@pytest.fixture(scope="module")
def counted(hextant, layer, events):
    [told] = hextant.json("areas", "count", "--dataset", "city")["layers"]
    assert (told["layer"], told["events"]) == (layer, len(events))
    return told


@pytest.fixture(scope="module")
def joined(areas, events, database):
    """The events with the area that each belongs to, by geopandas; days are of the dataset's zone."""
    local = dict(database.rows(
        "SELECT event_id, (event_timestamp AT TIME ZONE 'America/Toronto')::date FROM events WHERE dataset = 'city'"))
    points = geopandas.GeoDataFrame(
        {"event": [row[0] for row in events], "kind": [row[1] for row in events],
         "day": [local[row[0]] for row in events]},
        geometry=[shapely.Point(row[3], row[4]) for row in events], crs="EPSG:4326")
    polygons = geopandas.GeoDataFrame(
        {"code": [area[0] for area in areas]}, geometry=[area[3] for area in areas], crs="EPSG:4326")
    found = points.sjoin(polygons, predicate="intersects", how="left").sort_values("code", kind="stable")
    return found.drop_duplicates("event")


def is_same(shape, other):
    """Whether two shapes differ by less than the rounding of GeoJSON to nine digits."""
    return shape.is_valid and shape.symmetric_difference(other).area < 1e-9


def listed(server, layer, **query):
    return [row for page in server.pages(f"/v1/areas/{layer}", limit=5, **query) for row in page["items"]]


def test_points_belong_to_the_areas_that_geopandas_joins(server, counted, joined, database):
    assert counted["outside"] == joined.code.isna().sum() > 0
    ours = database.rows("SELECT area, day, event_type, events FROM area_day_counts WHERE dataset = 'city'")
    expected = joined.dropna(subset="code").groupby(["code", "day", "kind"]).size()
    assert {(area, day, kind): n for area, day, kind, n in ours} == expected.to_dict()


def test_figures_are_those_of_their_definitions(server, counted, joined, areas):
    rows = {row["id"]: row for row in listed(server, "squares", dataset="city")}
    assert {(row["from"], row["to"]) for row in rows.values()} == {("2021-01-01", "2021-12-31")}
    period = joined[joined.day.between(date(2021, 1, 1), date(2021, 12, 31))]
    events = period.groupby("code").size().to_dict()
    before = joined[joined.day.between(date(2020, 1, 1), date(2020, 12, 31))].groupby("code").size().to_dict()
    for code, _, people, _ in areas:
        row = rows[code]
        n, m = events.get(code, 0), before.get(code, 0)
        assert (row["events"], row["trend_last"], row["trend_before"]) == (n, n, m)
        assert row["density"] == pytest.approx(n / row["km2"] * 365.25 / 365, rel=1e-9)
        assert row["rate"] == (None if people is None else pytest.approx(1000 * n / people * 365.25 / 365, rel=1e-9))
        p = binomtest(n, n + m, 0.5).pvalue if n + m else 1
        assert row["trend_p"] == pytest.approx(p, rel=1e-9)
        rising = "rising" if n > m else "falling"
        assert row["trend"] == ("few" if n + m < 10 else rising if p < 0.05 else "steady")
        assert row["trend_change"] == (pytest.approx(100 * (n - m) / m, rel=1e-9) if m else None)
    # Areas without a population take no part in the rates of the others.
    known = [area for area in areas if area[2] is not None]
    base = numpy.array([area[2] for area in known], float)
    rates = empirical_bayes(numpy.array([events.get(area[0], 0) for area in known], float), base)
    assert [rows[area[0]]["eb_rate"] for area in known] == pytest.approx(rates, rel=1e-9)
    assert rows["s33"]["eb_rate"] is None and rows["s33"]["safety_score"] is None
    weights = period.kind.map({"assault": 3}).fillna(1)
    weighted = weights.groupby(period.code).sum().to_dict()
    rates = empirical_bayes(numpy.array([weighted.get(area[0], 0) for area in known], float), base)
    for area, rate in zip(known, rates):
        others = [other for each, other in zip(known, rates) if each is not area]
        score = 100 * sum((other > rate) + (other == rate) / 2 for other in others) / len(others)
        assert rows[area[0]]["safety_score"] == pytest.approx(score, abs=1e-9)


def empirical_bayes(events, base):
    return esda.smoothing.Empirical_Bayes(events.reshape(-1, 1), base.reshape(-1, 1)).r.flatten()


def test_a_single_area_has_its_months_types_and_peers(server, counted, joined, areas):
    found = server.json("/v1/areas/squares/s00", dataset="city", geometry="full")
    own = joined[joined.code == "s00"]
    months = own.groupby(own.day.map(lambda day: f"{day:%Y-%m}")).size().to_dict()
    assert [each["month"] for each in found["months"]] == [
        f"{year}-{month:02}" for year in (2019, 2020, 2021) for month in range(1, 13)]
    assert {each["month"]: each["events"] for each in found["months"] if each["events"]} == months
    kinds = own[own.day >= date(2021, 1, 1)].groupby("kind").size().to_dict()
    assert {each["event_type"]: each["events"] for each in found["kinds"]} == kinds
    assert is_same(shapely.geometry.shape(found["geometry"]), areas[0][3])
    rates = {row["id"]: row["eb_rate"] for row in listed(server, "squares", dataset="city")}
    del rates["s33"]
    near = sorted(abs(rate - rates["s00"]) for code, rate in rates.items() if code != "s00")[:5]
    assert [abs(each["eb_rate"] - rates["s00"]) for each in found["peers"]] == pytest.approx(near, abs=1e-15)
    assert found["figures"]["events_outside"] == counted["outside"]
    assert server.json("/v1/areas/squares/s00")["figures"]["dataset"] == "city"
    assert server.get("/v1/areas/squares/nowhere").status_code == 404


def test_a_period_may_begin_and_end_within_months(server, counted, joined):
    for first, last in [("2020-01-31", "2020-02-01"), ("2020-03-05", "2020-03-05"), ("2019-12-15", "2021-02-14")]:
        rows = {row["id"]: row["events"] for row in listed(
            server, "squares", dataset="city", **{"from": first, "to": last, "event_type": "theft,fraud"})}
        days = joined.day.between(date.fromisoformat(first), date.fromisoformat(last))
        expected = joined[days & joined.kind.isin(["theft", "fraud"])].groupby("code").size().to_dict()
        assert {code: n for code, n in rows.items() if n} == expected


def test_lists_are_searched_and_sorted(server, counted, areas):
    assert [row["id"] for row in listed(server, "squares", q="LE D'or")] == ["far"]
    assert [row["id"] for row in listed(server, "squares", q="%")] == []
    box = ",".join(map(str, square(1, 1).buffer(-0.001).bounds))
    assert [row["id"] for row in listed(server, "squares", bbox=box)] == ["s11"]
    assert listed(server, "squares", bbox="170,-50,-170,50") == []
    for figure in ["events", "rate", "eb_rate", "safety_score", "trend_change", "population"]:
        for sign in ["", "-"]:
            values = [row[figure] for row in listed(server, "squares", sort=sign + figure, dataset="city")]
            known = [value for value in values if value is not None]
            assert known == sorted(known, reverse=sign == "-") and values[len(known):] == [None] * (17 - len(known))
    assert [row["id"] for row in listed(server, "squares")] == sorted(area[0] for area in areas)
    found = server.json("/v1/areas/squares", f="geojson", geometry="label")
    assert all(each["geometry"]["type"] == "Point" for each in found["features"])
    assert server.get("/v1/areas/squares", geometry="full").status_code == 400
    assert server.get("/v1/areas/squares", sort="beauty").status_code == 400


def test_gdal_and_spreadsheets_read_lists(server, counted, tmp_path, areas):
    for format, ending in [("geojson", "geojson"), ("flatgeobuf", "fgb")]:
        file = tmp_path / f"areas.{ending}"
        file.write_bytes(server.get("/v1/areas/squares", f=format, geometry="full").content)
        found = geopandas.read_file(file).set_index("id")
        for code, name, _, shape in areas:
            assert found.loc[code, "name"] == name
            assert is_same(found.loc[code].geometry, shape)
    lines = server.get("/v1/areas/squares", f="csv").text.splitlines()
    assert len(lines) == 18 and lines[0].startswith("id,name,layer,parent,population,km2,longitude,latitude,")


def test_a_point_is_in_the_first_area(server, counted):
    def at(x, y):
        return server.get("/v1/areas/squares/at", lon=WEST + x * SIDE, lat=SOUTH + y * SIDE)

    assert at(0.5, 0.5).json()["id"] == "s00"
    assert at(50, 50).status_code == 404
    assert server.get("/v1/areas/squares/at", lon=0, lat=100).status_code == 400
    assert server.get("/v1/areas/nothing/at", lon=0, lat=0).status_code == 404


def test_tiles_have_the_figure_and_no_seam(server, counted):
    rows = {row["id"]: row for row in listed(server, "squares", dataset="city")}
    n = 2**14
    column = int((WEST + 2 * SIDE + 180) / 360 * n)
    row = int((1 - numpy.arcsinh(numpy.tan(numpy.radians(SOUTH + 2 * SIDE))) / numpy.pi) / 2 * n)
    for z in [14, 11, 8]:
        shift = 14 - z
        answer = server.get(
            f"/v1/tiles/areas/squares/{z}/{column >> shift}/{row >> shift}.mvt", dataset="city", figure="rate")
        assert answer.status_code == 200
        layer = mapbox_vector_tile.decode(answer.content)["areas"]
        assert layer["features"]
        shapes = {}
        for feature in layer["features"]:
            properties = feature["properties"]
            expected = rows[properties["id"]]
            assert (properties["name"], properties["events"]) == (expected["name"], expected["events"])
            assert properties.get("value") == expected["rate"]
            shapes[properties["id"]] = shapely.make_valid(shapely.geometry.shape(feature["geometry"]))
        # Neighbours share their borders on the grid of the tile: nothing lies between them, and nothing in both.
        whole = shapely.unary_union(list(shapes.values()))
        near = shapely.unary_union([shape for code, shape in shapes.items() if code != "far"])
        assert near.is_valid and sum(shape.area for shape in shapes.values()) == pytest.approx(whole.area, rel=1e-3)
    assert server.get("/v1/tiles/areas/squares/14/0/0.mvt", dataset="city").status_code == 204
    assert server.get("/v1/tiles/areas/none/14/0/0.mvt", dataset="city").status_code == 404


def test_everything_changes_at_once_with_the_layer(server, hextant, folder, areas, counted, layer):
    path = "/v1/areas/passing/one"
    for name in ["First", "Second"]:
        file = write_layer(folder / "passing.geojson", [("one", name, 10, square(0, 0))])
        hextant.json("areas", "import", file, "--layer", "passing", "--id", "code", "--name", "label")
        wait_until(lambda: server.get(path).status_code == 200 and server.json(path)["name"] == name, "the new layer")
        assert [each["layer"] for each in server.json("/v1/areas")["items"]] == ["passing", "squares"]
    hextant.json("areas", "delete", "passing", "--confirm", "passing")
    wait_until(lambda: server.get(path).status_code == 404, "the layer to be gone")
    assert [each["layer"] for each in server.json("/v1/areas")["items"]] == ["squares"]


def test_new_events_are_counted_after_scoring(server, hextant, folder, events, counted, database):
    before = server.json("/v1/areas/squares/s22", dataset="city", **{"from": "2021-06-01", "to": "2021-06-01"})
    file = folder / "more.csv"
    x, y = square(2, 2).centroid.coords[0]
    file.write_text(HEADER + f"more,theft,2021-06-01T12:00:00-04:00,{x},{y},{{}}\n")
    hextant.json("ingest", file, "--dataset", "city", "--publish")

    def count():
        found = server.json("/v1/areas/squares/s22", dataset="city", **{"from": "2021-06-01", "to": "2021-06-01"})
        return found["figures"]["events"]

    wait_until(lambda: count() == before["figures"]["events"] + 1, "the new event to be counted")
    database.rows("DELETE FROM events WHERE dataset = 'city' AND event_id = 'more'")
    [told] = hextant.json("areas", "count", "--dataset", "city")["layers"]
    assert told["days"] == 1 and told["events"] == len(events)
    wait_until(lambda: count() == before["figures"]["events"], "the event to be gone")


def test_events_of_an_area_by_hour_weekday_month_and_attribute(server, hextant, counted, joined, database):
    analyst = server.asking_as(add_key(hextant, "analyst"))

    def ids(**query):
        return sorted(
            row["event_id"] for page in analyst.pages("/v1/crimes", dataset="city", limit=1000, **query)
            for row in page["items"])

    own = set(joined[joined.code == "s11"].event)
    assert ids(layer="squares", area="s11") == sorted(own)
    local = database.rows("""
        SELECT event_id, extract(isodow FROM t)::int, extract(hour FROM t)::int, extract(month FROM t)::int,
            attributes_json->>'site'
        FROM (SELECT *, event_timestamp AT TIME ZONE 'America/Toronto' AS t FROM events WHERE dataset = 'city') e""")
    assert ids(day_of_week="sat-mon", hour="22-2", month="11-1,6") == sorted(
        id for id, day, hour, month, _ in local
        if day in (6, 7, 1) and hour in (22, 23, 0, 1, 2) and month in (11, 12, 1, 6))
    assert ids(layer="squares", area="s11", attributes='{"site": "1"}') == sorted(
        id for id, *_, site in local if site == "1" and id in own)
    for wrong in [{"hour": "24"}, {"day_of_week": "someday"}, {"month": "0"}, {"attributes": "[]"}, {"area": "s11"}]:
        assert analyst.get("/v1/events", dataset="city", **wrong).status_code == 400
    assert server.get("/v1/crimes", dataset="city").status_code == 401


def test_older_clients_keep_their_paths(server, hextant, folder, areas, counted):
    file = write_layer(folder / "suburbs.geojson", areas[:3])
    hextant.json("areas", "import", file, "--layer", "suburbs", "--id", "code", "--name", "label")
    wait_until(lambda: server.get("/v1/suburbs").status_code == 200, "the layer")
    listed = server.json("/v1/suburbs")["items"]
    assert [row["id"] for row in listed] == ["s00", "s01", "s02"]
    for path in ["/api/v1/suburbs", "/api/suburbs"]:
        assert requests.get(server.url + path, timeout=60).json()["items"] == listed
    assert server.json("/v1/suburbs/s01")["name"] == "Square 0 1"
    assert server.get("/v1/meshblocks").status_code == 404
    hextant.json("areas", "delete", "suburbs", "--confirm", "suburbs")


ANSWERS = "return #redis.call('KEYS', 'hextant:answer:*')"
# The time in seconds for which the only answer that Redis holds is kept.
TIME_LEFT = "return redis.call('TTL', redis.call('KEYS', 'hextant:answer:*')[1])"


@pytest.mark.parametrize("query, kept", [({}, 24 * 3600), ({"dataset": "city"}, 300)])
def test_answers_without_events_are_kept_for_a_day(hextant, folder, counted, query, kept):
    with free_redis_database() as redis:
        with serving(hextant, folder / "kept.log", "--redis-url", redis.url) as server:
            path = "/v1/areas/squares/s00" if query else "/v1/areas"
            first = server.json(path, **query)
            assert wait_until(lambda: redis.ask("EVAL", ANSWERS, 0), "the answer") == 1
            assert kept - 60 < redis.ask("EVAL", TIME_LEFT, 0) <= kept
            assert server.json(path, **query) == first


def test_caches_are_cleared(server, hextant, counted):
    admin = server.asking_as(add_key(hextant))
    server.json("/v1/areas/squares/s00")
    told = admin.get("/v1/cache/clear", method="DELETE").json()
    assert told["redis_answers"] > 0 and told["redis_tiles"] >= 0
    assert admin.get("/v1/cache/clear", method="DELETE").json()["redis_answers"] == 0
    assert server.get("/v1/cache/clear", method="DELETE").status_code == 401


def test_ogc_clients_find_the_areas(server, counted, areas):
    collection = server.json("/ogc/collections/squares.areas")
    assert collection["extent"]["spatial"]["bbox"][0] == pytest.approx([WEST, SOUTH, -77.9, 44.1])
    ids = [each["id"] for each in server.json("/ogc/collections", limit=1000)["collections"]]
    assert ids[-1] == "squares.areas" and "city.risk" in ids
    items = server.json("/ogc/collections/squares.areas/items", limit=1000)
    assert [each["id"] for each in items["features"]] == sorted(area[0] for area in areas)
    box = ",".join(map(str, square(1, 1).buffer(-0.001).bounds))
    assert [each["id"] for each in server.json("/ogc/collections/squares.areas/items", bbox=box)["features"]] == ["s11"]
    one = server.json("/ogc/collections/squares.areas/items/s11")
    assert is_same(shapely.geometry.shape(one["geometry"]), square(1, 1))
    assert server.get("/ogc/collections/none.areas").status_code == 404
    paged = [
        each["id"] for page in server.pages("/ogc/collections/squares.areas/items", limit=4)
        for each in page["features"]]
    assert paged == sorted(area[0] for area in areas)


def test_bad_geometries_are_repaired_and_told(hextant, folder):
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 0.6), (0, 0)])
    shapes = [
        ("bow", "Bow", None, bow), ("left", "Left", None, shapely.box(2, 0, 3.1, 1)),
        ("right", "Right", None, shapely.box(3, 0, 4, 1)),
        ("ring", "Ring", None, shapely.box(5, 0, 6, 1) - shapely.box(5.4, 0.4, 5.6, 0.6)),
    ]
    file = write_layer(folder / "bad.geojson", shapes)
    told = hextant.json("areas", "import", file, "--layer", "bad", "--id", "code", "--name", "label")
    faults = told["faults"]
    assert (faults["repaired"], faults["overlaps"], faults["gaps"]) == (1, 1, 1)
    places = {place["kind"]: place for place in faults["places"]}
    assert places["repaired"]["areas"] == ["bow"]
    crossing = (places["repaired"]["longitude"], places["repaired"]["latitude"])
    assert crossing == pytest.approx((0.375, 0.375))
    assert places["overlap"]["areas"] == ["left", "right"] and 3 < places["overlap"]["longitude"] < 3.1
    boxes = [shapely.box(3, 0, 3.1, 1), shapely.box(5.4, 0.4, 5.6, 0.6)]
    globe = geopandas.GeoSeries(boxes, crs=4326).to_crs(6933).area
    assert places["overlap"]["m2"] == pytest.approx(globe[0], rel=1e-3)
    assert places["gap"]["m2"] == pytest.approx(globe[1], rel=1e-3)
    assert hextant.json("areas", "show", "bad")["faults"]["repaired"] == 1
    hextant.json("areas", "delete", "bad", "--confirm", "bad")


def test_over_the_antimeridian_areas_are_whole(hextant, server, folder):
    fiji = shapely.MultiPolygon([shapely.box(178, -18, 180, -16), shapely.box(-180, -18, -179, -16)])
    file = write_layer(folder / "fiji.geojson", [("fiji", "Fiji", 900, fiji)])
    hextant.json("areas", "import", file, "--layer", "fiji", "--id", "code", "--name", "label")
    wait_until(lambda: server.get("/v1/areas/fiji/fiji").status_code == 200, "the layer")
    found = server.json("/v1/areas/fiji/fiji")
    assert found["centroid"]["longitude"] == pytest.approx(179.5, abs=1e-6)
    assert fiji.covers(shapely.Point(found["label"]["longitude"], found["label"]["latitude"]))
    [told] = [each for each in server.json("/v1/areas")["items"] if each["layer"] == "fiji"]
    assert told["bounds"] == pytest.approx([178, -18, -179, -16])
    assert server.json("/v1/areas/fiji/at", lon=-179.5, lat=-17)["id"] == "fiji"
    assert len(server.json("/v1/areas/fiji", bbox="179.5,-17,-179.5,-16.5")["items"]) == 1
    hextant.json("areas", "delete", "fiji", "--confirm", "fiji")


def test_parts_know_their_parents(hextant, server, folder, layer):
    halves = [("e", "East", None, shapely.box(WEST + 0.02, SOUTH, WEST + 0.04, SOUTH + 0.04)),
              ("w", "West", None, shapely.box(WEST, SOUTH, WEST + 0.02, SOUTH + 0.04))]
    hextant.json("areas", "import", write_layer(folder / "halves.geojson", halves),
                 "--layer", "halves", "--id", "code", "--name", "label")
    parts = write_layer(folder / "parts.geojson", [("a", "A", 1, square(0, 0)), ("b", "B", 1, square(3, 3))])
    hextant.json("areas", "import", parts, "--layer", "parts", "--id", "code", "--name", "label", "--parent", "halves")
    wait_until(lambda: server.get("/v1/areas/parts").status_code == 200, "the layer")
    assert {row["id"]: row["parent"] for row in server.json("/v1/areas/parts")["items"]} == {"a": "w", "b": "e"}
    assert [row["id"] for row in server.json("/v1/areas/parts", parent="e")["items"]] == ["b"]
    refused = hextant("areas", "delete", "halves", "--confirm", "halves")
    assert refused.code == 65 and "parent of parts" in refused.err
    for name in ["parts", "halves"]:
        hextant.json("areas", "delete", name, "--confirm", name)


def test_populations_come_from_a_table(hextant, folder):
    shapes = [("001", "One", None, square(0, 0)), ("2", "Two", None, square(1, 0)), ("3", "Three", None, square(2, 0))]
    file = write_layer(folder / "counted.geojson", shapes)
    table = folder / "people.csv"
    table.write_text('id,year,total pop\n1.0,2020,"1,200"\n2,2020,30\n2,2020,12.5\n2,2019,999\n9,2020,5\n3,2020,\n')
    told = hextant.json(
        "areas", "import", file, "--layer", "tabled", "--id", "code", "--name", "label", "--population", table,
        "--population-where", "year=2020")
    assert (told["population"], told["without_population"]) == (1242.5, 1)
    assert told["notes"] == ["1 ids of the population file are no areas of the layer."]
    hextant.json("areas", "delete", "tabled", "--confirm", "tabled")


@pytest.mark.parametrize("kind", ["gz", "zip", "xlsx"])
def test_a_table_of_populations_may_be_packed_or_a_workbook(hextant, folder, kind):
    file = write_layer(folder / "packed.geojson", [("1", "One", None, square(0, 0)), ("2", "Two", None, square(1, 0))])
    frame = pandas.DataFrame({
        "code": ["1", "2", None, "2"], "Population": [1200, 30, None, 12.5], "Population_per_hectare": [7, 8, None, 9],
        "note": ["a", None, None, None]})
    table = folder / f"people.{kind}"
    if kind == "xlsx":
        frame.to_excel(table, index=False)
    else:
        packing = "gzip" if kind == "gz" else {"method": "zip", "archive_name": "people.csv"}
        frame.dropna(how="all").to_csv(table, index=False, compression=packing)
    told = hextant.json(
        "areas", "import", file, "--layer", "packed", "--id", "code", "--name", "label", "--population", table)
    assert (told["population"], told["without_population"], told["notes"]) == (1242.5, 0, [])
    hextant.json("areas", "delete", "packed", "--confirm", "packed")


def test_a_table_that_is_none_is_named_for_what_it_is(hextant, folder):
    file = write_layer(folder / "unread.geojson", [("1", "One", None, square(0, 0))])
    table = folder / "people.pdf"
    table.write_bytes(b"%PDF-1.7\n" + bytes(2000))
    outcome = hextant(
        "areas", "import", file, "--layer", "unread", "--id", "code", "--name", "label", "--population", table)
    assert outcome.code == 65 and "PDF" in outcome.err
    assert_one_plain_line(outcome.err)


def test_records_with_the_same_id_become_one_area_where_that_is_wanted(hextant, folder, server):
    shapes = [
        ("two", "Two parts", 40, square(0, 0)), ("one", "One part", 5, square(3, 3)),
        # One beside the first, so that the line between them goes, and one apart.
        ("two", "Two parts", 40, square(1, 0)), ("two", "Two parts", 40, square(5, 5)),
    ]
    file = write_layer(folder / "merged.geojson", shapes)
    call = ["areas", "import", file, "--layer", "merged", "--id", "code", "--name", "label", "--population", "people"]
    refused = hextant(*call)
    assert refused.code == 65 and "records 1 and 4 have the same id, two" in refused.err and "--merge" in refused.err
    told = hextant.json(*call, "--merge")
    assert (told["areas"], told["population"], told["faults"]["repaired"]) == (2, 45, 0)
    wait_until(lambda: server.get("/v1/areas/merged/two").status_code == 200, "the layer")
    found = shapely.geometry.shape(server.json("/v1/areas/merged/two", geometry="full")["geometry"])
    assert len(found.geoms) == 2
    assert is_same(found, shapely.union_all([square(0, 0), square(1, 0), square(5, 5)]))
    hextant.json("areas", "delete", "merged", "--confirm", "merged")
    for place, unlike, what in [(1, "Other", "names"), (2, 41, "populations"), (2, None, "populations")]:
        other = ["two", "Two parts", 40, square(7, 7)]
        other[place] = unlike
        write_layer(file, [*shapes, tuple(other)])
        refused = hextant(*call, "--merge")
        assert refused.code == 65 and f"with the id two have different {what}" in refused.err, refused.err


@pytest.mark.parametrize("options, said", [
    (["--id", "nothing", "--name", "label"], "has no column nothing"),
    (["--id", "twice", "--name", "label"], "records 1 and 2 have the same id, x"),
    (["--id", "code", "--name", "empty"], "record 2: has no value in the column empty"),
    (["--id", "code", "--name", "label", "--population", "label"], "has no number in the column label"),
    (["--id", "code", "--name", "label", "--parent", "nobody"], "there is no layer nobody"),
])
def test_a_file_that_cannot_be_imported_is_refused(hextant, folder, database, options, said):
    features = [
        {"type": "Feature", "geometry": shapely.geometry.mapping(square(number, 0)),
         "properties": {"code": number, "label": f"L{number}", "twice": "x", "empty": None if number else "e"}}
        for number in range(2)
    ]
    file = folder / "refused.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    outcome = hextant("areas", "import", file, "--layer", "refused", *options)
    assert outcome.code == 65 and said in outcome.err
    # What was read before the fault may have been told as progress.
    assert_one_plain_line(outcome.err.splitlines(keepends=True)[-1])
    assert database.value("SELECT count(*) FROM area_layers WHERE slug = 'refused' OR slug IS NULL") == 0


def test_a_killed_import_leaves_the_old_layer(hextant, folder, database, layer):
    before = database.value("SELECT id FROM area_layers WHERE slug = 'squares'")
    many = [(f"m{x}-{y}", "Many", 1, square(x / 10, y / 10, SIDE / 10)) for x in range(60) for y in range(60)]
    file = write_layer(folder / "many.geojson", many)
    blocker = Database(database.url)
    with blocker.connect() as held:
        # The import waits for this before it can replace the layer.
        held.execute("SELECT FROM area_version FOR UPDATE")
        process = hextant.start("areas", "import", file, "--layer", "squares", "--id", "code", "--name", "label")
        waiting = """
            SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"""
        wait_until(lambda: database.value(waiting) > 0, "the import to come to its end")
        process.kill()
        process.wait()
    busy = """
        SELECT count(*) FROM pg_stat_activity WHERE query ILIKE '%area_layers%' AND datname = current_database()
            AND pid <> pg_backend_pid() AND state <> 'idle'"""
    wait_until(lambda: database.value(busy) == 0, "its connection to end")
    assert database.value("SELECT id FROM area_layers WHERE slug = 'squares'") == before
    assert database.value("SELECT areas FROM area_layers WHERE slug = 'squares'") == 17
    assert database.value("SELECT count(*) FROM areas WHERE layer_id = %s", [before]) == 17


def test_private_datasets_have_no_figures_for_others(hextant, server, folder, layer, counted):
    hextant.put_dataset(folder, "secret", visibility="private")
    file = folder / "secret.csv"
    file.write_text(HEADER + f"s,theft,2021-06-01T12:00:00Z,{WEST + 0.005},{SOUTH + 0.005},{{}}\n")
    hextant.json("ingest", file, "--dataset", "secret")
    hextant.json("areas", "count", "--dataset", "secret", "--layer", "squares")
    paths = ["/v1/areas/squares", "/v1/areas/squares/s00", "/v1/tiles/areas/squares/14/4578/5976.mvt"]
    for path in paths:
        assert server.get(path, dataset="secret").status_code == 404
    assert server.get("/v1/areas/squares/at", dataset="secret", lon=WEST, lat=SOUTH).status_code == 404
    reader = server.asking_as(add_key(hextant, "analyst", ["secret"]))
    assert reader.json("/v1/areas/squares/s00", dataset="secret")["figures"]["events"] == 1
