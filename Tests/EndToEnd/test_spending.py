"""The figures of a city's payments: equal to pandas under every filter, defined where they could be anything."""

import csv
import io
import json
import random
from urllib.parse import parse_qsl, urlsplit

import geopandas
import mapbox_vector_tile
import pytest
import requests
from accounts import add_key, bearer
from command import assert_one_plain_line
from serving import serving
from shapely.geometry import Point, box, mapping
from spending_oracle import (
    NOTHING, cents, check_departments, check_outliers, check_sum, check_trends, check_vendors, near, payments, whole,
)

HEADER = ["source_id", "fiscal_year", "entered", "vendor", "department", "account", "account_description", "amount"]
DIVISIONS = ["month", "quarter", "fiscal_year", "department", "account"]
TRENDS, DEPARTMENTS, VENDORS, OUTLIERS, PLACES, AREAS = [
    f"/v1/analytics/{path}"
    for path in ["trends/spending", "departments/insights", "vendors/concentration", "outliers/spending",
                 "places/spending", "areas/spending"]
]
CHECKS = [(DEPARTMENTS, check_departments), (VENDORS, check_vendors), (OUTLIERS, check_outliers)]
# The layer: squares of one degree, named by their south-west corners, the third without a population.
SQUARES = [(0, 50, 1000), (1, 50, 50), (0, 51, None)]


def made_up(draw, count):
    """Rows of payments with everything that files have: reversals, blanks, equal amounts, spellings, outliers."""
    for number in range(count):
        day = f"{draw.choice([2014, 2015, 2016, 2017])}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"
        entered = "" if draw.random() < 0.05 else day
        year = "" if draw.random() < 0.05 else int(day[:4]) + (int(day[5:7]) >= 4)
        account = draw.choice(["rent", "food", "paper", "a, \"b\"", ""])
        amount = 450.0 if account == "rent" else round(draw.lognormvariate(6, 1) * draw.choice([1] * 60 + [500]), 2)
        if draw.random() < 0.1:
            amount = -amount
        vendor = draw.choice(["ACME, INC.", "Acme Inc", "=Formula Ltd", "Café 9", "", *"abcdefgh"])
        yield [number, year, entered, vendor, draw.choice(["Parks", "Roads", "Schools", ""]), account,
               account.upper(), f"{amount:.2f}"]


def ingest(hextant, folder, slug, rows):
    file = folder / f"{slug}.csv"
    with open(file, "w", newline="") as lines:
        csv.writer(lines).writerows([HEADER, *rows])
    told = hextant.json("ingest", file, "--dataset", slug, "--mapping", "hextant-expenditures")
    assert told["accepted"] == len(rows)


@pytest.fixture(scope="module")
def spending(hextant, folder):
    """A dataset with some thousands of payments."""
    slug = hextant.put_dataset(folder, "spending", holds="expenditures")
    ingest(hextant, folder, slug, list(made_up(random.Random(15), 3000)))
    return slug


@pytest.fixture(scope="module")
def rows(spending, database):
    return payments(database, spending)


@pytest.fixture(scope="module")
def other(hextant, folder):
    """Makes another dataset of some payments, and returns its slug."""

    def other(slug, rows):
        hextant.put_dataset(folder, slug, holds="expenditures")
        if rows:
            ingest(hextant, folder, slug, rows)
        return slug

    return other


FILTERS = {
    "everything": ("", lambda rows: rows.id > 0),
    "a year": ("&fiscal_year=2016", lambda rows: rows.fiscal_year == 2016),
    "two years": ("&fiscal_year=2017,2015,2017", lambda rows: rows.fiscal_year.isin([2015, 2017])),
    "a department": ("&department=Parks", lambda rows: rows.department == "Parks"),
    "a vendor": ("&vendor=acme+incorporated", lambda rows: rows.vendor_key == "acme"),
    "days": ("&from=2015-02-03&to=2016-02-03", lambda rows: rows.entered.between("2015-02-03", "2016-02-03")),
    "all at once": (
        "&fiscal_year=2015,2016&department=Roads&vendor=CAFE+9&from=2014-05-01",
        lambda rows: rows.fiscal_year.isin([2015, 2016]) & (rows.department == "Roads") & (rows.vendor_key == "cafe 9")
        & (rows.entered >= "2014-05-01")),
    "nothing": ("&department=No+such+one", lambda rows: rows.id < 0),
}


@pytest.mark.parametrize("chosen", FILTERS)
@pytest.mark.parametrize("by", DIVISIONS)
def test_trends_are_those_of_pandas(server, spending, rows, by, chosen):
    query, select = FILTERS[chosen]
    answer = whole(server, f"{TRENDS}?dataset={spending}&by={by}&limit=500{query}")
    assert answer["by"] == by
    check_trends(answer, rows[select(rows)], by)


@pytest.mark.parametrize("chosen", FILTERS)
@pytest.mark.parametrize("path, check", CHECKS)
def test_figures_are_those_of_pandas(server, spending, rows, path, check, chosen):
    query, select = FILTERS[chosen]
    check(whole(server, f"{path}?dataset={spending}{query}"), rows[select(rows)])


def test_there_is_something_to_find(server, spending):
    outliers = whole(server, f"{OUTLIERS}?dataset={spending}")
    assert {item["direction"] for item in outliers["items"]} >= {"high"}
    assert outliers["no_spread"]["groups"] >= 3  # rents
    assert outliers["not_positive"]["count"] > 100


def test_nothing_has_defined_figures(server, other):
    slug = other("spending-none", [])
    for by in DIVISIONS:
        answer = whole(server, f"{TRENDS}?dataset={slug}&by={by}")
        assert (str(answer["total"]), answer["count"], answer["items"]) == ("0.00", 0, [])
    vendors = whole(server, f"{VENDORS}?dataset={slug}")
    assert [vendors[name] for name in ["hhi", "cr4", "cr10", "gini"]] == [None] * 4 and vendors["lorenz"] == []
    departments = whole(server, f"{DEPARTMENTS}?dataset={slug}")
    assert departments["hhi"] is None and departments["growth_of"] is None and departments["items"] == []
    outliers = whole(server, f"{OUTLIERS}?dataset={slug}")
    assert outliers["outliers"] == 0 and outliers["first_digits"]["p"] is None


def test_one_vendor_has_all(server, other):
    slug = other("spending-one", [[1, 2016, "2016-01-01", "Acme", "Parks", "", "", "0.01"]])
    answer = whole(server, f"{VENDORS}?dataset={slug}")
    assert (float(answer["hhi"]), float(answer["cr4"]), float(answer["gini"])) == (10_000, 100, 0)
    assert [[float(value) for value in point.values()] for point in answer["lorenz"]] == [[0, 0], [100, 100]]
    assert str(answer["items"][0]["total"]) == "0.01"


def test_shares_are_of_what_was_paid_and_not_paid_back(server, other):
    slug = other("spending-back", [
        [1, 2016, "", "a", "Parks", "", "", "75.00"], [2, 2016, "", "b", "Parks", "", "", "25.00"],
        [3, 2016, "", "c", "Parks", "", "", "-1000.00"], [4, 2016, "", "d", "Roads", "", "", "-0.10"]])
    answer = whole(server, f"{VENDORS}?dataset={slug}")
    assert str(answer["total"]) == "-900.10" and str(answer["positive_total"]) == "100.00"
    assert float(answer["hhi"]) == 75**2 + 25**2
    assert [item["share"] and float(item["share"]) for item in answer["items"]] == [75, 25, None, None]
    assert answer["left_out"]["vendors"] == 2 and str(answer["left_out"]["total"]) == "-1000.10"
    departments = whole(server, f"{DEPARTMENTS}?dataset={slug}")
    assert [item["share"] for item in departments["items"]] == [None, None] and departments["hhi"] is None


def test_csv_has_the_same_items(server, spending):
    for path in [f"{TRENDS}?by=account&", f"{DEPARTMENTS}?", f"{VENDORS}?", f"{OUTLIERS}?"]:
        items = whole(server, f"{path}dataset={spending}")["items"]
        answer = server.get(f"{path}dataset={spending}&f=csv")
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
        assert f'filename="{spending}-' in answer.headers["Content-Disposition"]
        found = list(csv.DictReader(io.StringIO(answer.text, newline="")))
        assert len(found) == len(items) > 0
        for line, item in zip(found, items):
            for name, text in line.items():
                value = item[name]
                if isinstance(value, str):
                    # A text that a spreadsheet would compute has an apostrophe in front.
                    assert text.removeprefix("'") == value and (text == value) == (value[:1] not in "=-+@'"), name
                elif value is None:
                    assert text == ""
                else:
                    assert float(text) == float(value) and (name != "total" or text == str(value))


def test_pages_are_the_list(server, spending):
    path = f"{VENDORS}?dataset={spending}"
    items = whole(server, path)["items"]
    assert whole(server, f"{path}&limit=3")["items"] == items
    first = server.json(f"{path}&limit=3")
    assert len(first["items"]) == 3 and f"dataset={spending}" in first["next"]
    assert server.get(f"{path}&after=no-such-one").status_code == 400


def test_answers_follow_the_payments(server, hextant, other):
    slug = other("spending-changed", [[1, 2016, "2016-01-01", "Acme", "Parks", "", "", "5.00"]])
    key = add_key(hextant, "analyst")
    assert str(whole(server, f"{TRENDS}?dataset={slug}")["total"]) == "5.00"
    tag = server.get(f"{TRENDS}?dataset={slug}").headers["ETag"]
    assert server.get(f"{TRENDS}?dataset={slug}", headers={"If-None-Match": tag}).status_code == 304
    [payment] = server.json(f"/v1/expenditures?dataset={slug}")["items"]
    gone = requests.delete(f"{server.url}/v1/expenditures/{payment['id']}", headers=bearer(key), timeout=60)
    assert gone.ok, gone.text
    answer = server.get(f"{TRENDS}?dataset={slug}", headers={"If-None-Match": tag})
    assert answer.status_code == 200 and answer.json()["count"] == 0


@pytest.mark.parametrize("path, query, field", [
    (TRENDS, "by=week", "by"), (TRENDS, "fiscal_year=2016,", "fiscal_year"), (VENDORS, "vendor=%21", "vendor"),
    (VENDORS, "from=2016-02-30", "from"), (VENDORS, "from=2016-02-02&to=2016-02-01", "to"),
    (VENDORS, "limit=501", "limit"), (VENDORS, "f=geojson", "f"), (DEPARTMENTS, "department=", "department"),
    (PLACES, "of=account", "of"), (AREAS, "", "layer"), (OUTLIERS, "by=month", "by"),
])
def test_faults_name_their_field(server, spending, path, query, field):
    answer = server.get(f"{path}?dataset={spending}&{query}")
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_the_dataset_must_be_named_where_there_are_several(server, hextant, spending, other, folder):
    other("spending-second", [])
    answer = server.get(VENDORS)
    assert answer.status_code == 400 and answer.json()["errors"][0]["field"] == "dataset"
    events = hextant.put_dataset(folder, "of-events")
    for path in [TRENDS, DEPARTMENTS, VENDORS, OUTLIERS, PLACES]:
        answer = server.get(f"{path}?dataset={events}")
        assert answer.status_code == 400 and "holds events" in answer.text, path
    key = add_key(hextant, "analyst", [spending])
    answer = requests.get(server.url + VENDORS, headers=bearer(key), timeout=60)
    assert answer.status_code == 200 and answer.json()["dataset"] == spending


def test_small_counts_are_not_told_by_figures(server, hextant, folder):
    slug = hextant.put_dataset(folder, "spending-small", holds="expenditures", minimum_count=5)
    assert server.get(f"{VENDORS}?dataset={slug}").status_code == 403
    key = add_key(hextant, "analyst")
    assert requests.get(f"{server.url}{VENDORS}?dataset={slug}", headers=bearer(key), timeout=60).status_code == 200


def test_commands_tell_the_same(hextant, server, spending):
    for command, path in [("trends", f"{TRENDS}?"), ("departments", f"{DEPARTMENTS}?"), ("vendors", f"{VENDORS}?"),
                          ("outliers", f"{OUTLIERS}?")]:
        told = hextant.json(
            "expenditures", command, "--dataset", spending, "--fiscal-year", 2015, 2016, "--limit", 500)
        answer = server.json(f"{path}dataset={spending}&fiscal_year=2015,2016&limit=500")
        assert told["items"] == answer["items"]
        assert told["count"] == answer["count"] and told["total"] == answer["total"]
    table = hextant("expenditures", "trends", "--dataset", spending, "--by", "department", "--limit", 2)
    lines = table.out.splitlines()
    assert lines[0].split()[:3] == ["department", "period", "total"]
    assert len(lines) == 4 and lines[3].startswith("and ")
    outcome = hextant("expenditures", "vendors", "--dataset", "no-such-one")
    assert outcome.code == 65 and "no-such-one" in outcome.err
    assert_one_plain_line(outcome.err)


@pytest.fixture(scope="module")
def placed(hextant, spending, folder):
    """Places of departments and vendors, and a layer."""
    places = {
        "department": [("Parks", 0.5, 50.5), ("Roads", 1.0, 50.25), ("Nowhere", 0.1, 50.1)],
        "vendor": [("acme ltd", 0.25, 51.75), ("a", 5, 5), ("Café 9", 1.5, 50.5)],
    }
    for kind, lines in places.items():
        file = folder / f"{kind}.csv"
        with open(file, "w", newline="") as out:
            csv.writer(out).writerows([["name", "longitude", "latitude"], *lines])
        told = hextant.json("expenditures", "places", file, "--dataset", spending, "--of", kind)
        assert told == {"dataset": spending, "of": kind, "places": 3, "unused": 1 if kind == "department" else 0}
    features = [
        {"type": "Feature", "geometry": mapping(box(west, south, west + 1, south + 1)),
         "properties": {"id": f"{west},{south}", "name": f"Square {number}", "people": people}}
        for number, (west, south, people) in enumerate(SQUARES)
    ]
    file = folder / "squares.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    columns = ["--id", "id", "--name", "name", "--population", "people"]
    hextant.json("areas", "import", file, "--layer", "squares", *columns)
    return places


def keys_of(kind, places):
    known = {"acme ltd": "acme", "Café 9": "cafe 9"}
    return {known.get(name, name) if kind == "vendor" else name: Point(x, y) for name, x, y in places[kind]}


@pytest.mark.parametrize("query, select", FILTERS.values(), ids=FILTERS)
@pytest.mark.parametrize("kind", ["department", "vendor"])
def test_places_have_what_their_departments_and_vendors_spent(server, spending, rows, placed, kind, query, select):
    chosen = rows[select(rows)]
    column = "vendor_key" if kind == "vendor" else "department"
    points = keys_of(kind, placed)
    path = f"{PLACES}?dataset={spending}&of={kind}{query}"
    answer = whole(server, path)
    check_sum(answer, chosen)
    check_sum(answer["unplaced"], chosen[~chosen[column].isin(points)])
    assert {item["key"] for item in answer["items"]} == points.keys()
    for item in answer["items"]:
        check_sum(item, chosen[chosen[column] == item["key"]])
        assert (float(item["longitude"]), float(item["latitude"])) == points[item["key"]].coords[0]
    totals = [cents(item["total"]) for item in answer["items"]]
    assert totals == sorted(totals, reverse=True)

    found = server.json(path + "&f=geojson")
    frame = geopandas.GeoDataFrame.from_features(found["features"], crs=4326)
    assert {key: point for key, point in zip(frame["key"], frame.geometry)} == points


@pytest.mark.parametrize("kind", ["department", "vendor"])
def test_areas_have_what_is_spent_at_the_places_in_them(server, hextant, spending, rows, placed, kind):
    column = "vendor_key" if kind == "vendor" else "department"
    areas = geopandas.GeoDataFrame(
        {"id": [f"{west},{south}" for west, south, _ in SQUARES]},
        geometry=[box(west, south, west + 1, south + 1) for west, south, _ in SQUARES], crs=4326)
    sums, inside = {id: [0, 0] for id in areas.id}, []
    for key, point in keys_of(kind, placed).items():
        # The first area, borders included.
        hits = areas[areas.intersects(point)]
        mine = rows[rows[column] == key]
        if len(hits):
            inside.append(key)
            sums[hits.id.iloc[0]][0] += int(mine.cents.sum())
            sums[hits.id.iloc[0]][1] += len(mine)
    answer = whole(server, f"{AREAS}?dataset={spending}&layer=squares&of={kind}")
    check_sum(answer, rows)
    known = rows[rows[column].isin(keys_of(kind, placed))]
    check_sum(answer["unplaced"], rows[~rows.id.isin(known.id)])
    check_sum(answer["outside"], known[~known[column].isin(inside)])
    assert {item["id"]: [cents(item["total"]), item["count"]] for item in answer["items"]} == sums
    heads = {f"{west},{south}": people for west, south, people in SQUARES}
    for item in answer["items"]:
        people = heads[item["id"]]
        assert near(item["total_per_head"], float(item["total"]) / people if people else None)
        assert near(item["total_per_km2"], float(item["total"]) / float(item["km2"]))
    shapes = geopandas.GeoDataFrame.from_features(
        server.json(f"{AREAS}?dataset={spending}&layer=squares&of={kind}&f=geojson")["features"], crs=4326)
    assert list(shapes.area.round(3)) == [1, 1, 1]
    told = hextant.json("expenditures", "areas", "--dataset", spending, "--layer", "squares", "--of", kind)
    assert told["items"] == server.json(f"{AREAS}?dataset={spending}&layer=squares&of={kind}")["items"]


def test_tiles_have_the_places(server, spending, rows, placed):
    def points(address):
        answer = server.get(f"/v1/tiles/spending/{address}.mvt?dataset={spending}&of=department")
        if answer.status_code == 204:
            return {}
        assert answer.headers["Content-Type"] == "application/vnd.mapbox-vector-tile"
        layer = mapbox_vector_tile.decode(answer.content)["spending"]
        return {each["properties"]["key"]: each["properties"] for each in layer["features"]}

    found = points("0/0/0")
    assert found.keys() == {"Parks", "Roads", "Nowhere"}
    for key, properties in found.items():
        mine = rows[rows.department == key]
        assert round(properties["total"] * 100) == mine.cents.sum() and properties["count"] == len(mine)
    # By the formula of Web Mercator the three lie in 7/64/43, and Parks alone in 9/256/172.
    assert points("7/64/43").keys() == found.keys() and points("7/64/42") == {}
    assert points("9/256/172").keys() == {"Parks"} and points("3/0/0") == {}


def test_the_description_of_the_tiles_tells_what_there_is(server, spending, placed):
    told = server.json("/v1/tiles/spending.json", dataset=spending, of="vendor", fiscal_year="2016", vendor="Café 9")
    west, south, east, north = told["hextant"]["bounds"]
    points = [place[1:] for place in placed["vendor"]]
    xs, ys = zip(*points)
    # A hundredth of a degree around them.
    assert [west, south, east, north] == pytest.approx([min(xs) - 0.01, min(ys) - 0.01, max(xs) + 0.01, max(ys) + 0.01])
    assert told["hextant"]["places"] == {"department": 3, "vendor": 3}
    assert told["hextant"]["basemap_tiles"] is None and told["hextant"]["areas"] is None
    [template] = told["tiles"]
    tile = server.session.get(template.replace("{z}/{x}/{y}", "0/0/0"), timeout=60)
    named = dict(parse_qsl(urlsplit(template).query))
    assert named == {"dataset": spending, "of": "vendor", "fiscal_year": "2016", "vendor": "Café 9"}
    layer = mapbox_vector_tile.decode(tile.content)[told["vector_layers"][0]["id"]]
    assert layer["features"][0]["properties"].keys() == told["vector_layers"][0]["fields"].keys()
    assert len(layer["features"]) == 3


@pytest.mark.parametrize("lines, message", [
    ("name,longitude\nParks,1\n", "no column latitude"),
    ("name,longitude,latitude\nParks,181,1\n", "line 2 has no longitude"),
    ("name,longitude,latitude\nParks,1,nan\n", "line 2 has no latitude"),
    ("name,longitude,latitude\nParks,1,1\n\"Parks\",2,2\n", "line 3 has the name of line 2"),
    ("name,longitude,latitude\nParks,1\n", "line 2 has too few fields"),
    ("name,longitude,latitude\n,1,1\n", "line 2 has no name"),
])
def test_a_file_of_places_is_read_whole_or_not_at_all(hextant, database, spending, placed, tmp_path, lines, message):
    before = database.rows("SELECT * FROM expenditure_places ORDER BY kind, key")
    file = tmp_path / "places.csv"
    file.write_text(lines)
    outcome = hextant("expenditures", "places", file, "--dataset", spending)
    assert outcome.code == 65 and message in outcome.err
    assert_one_plain_line(outcome.err)
    assert database.rows("SELECT * FROM expenditure_places ORDER BY kind, key") == before


def test_what_does_not_fit_the_memory_is_read_as_far_as_it_is_selected(hextant, database, folder, server, other):
    slug = other("spending-large", [])
    database.rows(
        """INSERT INTO expenditures (dataset, source_id, fiscal_year, department, vendor, vendor_key, amount)
        SELECT %s, n::text, 2000 + n %% 20, 'D' || n %% 7, 'V' || n %% 50, 'v' || n %% 50, (n %% 1000 - 10) / 7.0
        FROM generate_series(1, 60000) n""", [slug])
    database.rows("UPDATE datasets SET expenditures_version = expenditures_version + 1 WHERE slug = %s", [slug])
    rows = payments(database, slug)
    with serving(hextant, folder / "small.log", "--workers", "0", "--spending-memory", "1") as small:
        answer = small.get(f"{VENDORS}?dataset={slug}")
        assert answer.status_code == 400 and "spending_memory" in answer.text
        for path, check in CHECKS:
            check(whole(small, f"{path}?dataset={slug}&fiscal_year=2003"), rows[rows.fiscal_year == 2003])
            chosen = whole(small, f"{path}?dataset={slug}&fiscal_year=2003,2004&department=D3&vendor=V3&limit=500")
            assert chosen == whole(
                server, f"{path}?dataset={slug}&fiscal_year=2003,2004&department=D3&vendor=V3&limit=500")
    check_vendors(whole(server, f"{VENDORS}?dataset={slug}"), rows)
    assert (rows.account == NOTHING).all()
