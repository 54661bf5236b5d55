"""OGC API Features and Tiles with real clients, GDAL's drivers and OWSLib, compared with the rows in the database."""

import json
import re
from html.parser import HTMLParser
from urllib.parse import quote, urljoin

import gdal
import h3
import pytest
import requests
from accounts import add_key, bearer
from owslib.ogcapi.features import Features
from shapely.geometry import Polygon, box, shape
from toronto import write_days
from vector_tile import features as tile_features

TITLE = 'A week <script>alert("x")</script> & more'
FIRST, LAST = "2019-06-03", "2019-06-09"
RISK = "event_count, rolling_7d_avg, growth_rate, risk_score, risk_level, z_score, anomaly, unusual"
KINDS = ["risk", "hotspots", "outlook", "events"]


@pytest.fixture(scope="module")
def week(hextant, folder):
    """A week of Toronto, scored at resolutions 7 and 8, and a private twin of one day."""
    for slug, last, visibility in [("week", LAST, "public"), ("secret", FIRST, "private")]:
        hextant.put_dataset(
            folder, slug, title=TITLE, time_zone="America/Toronto", resolutions=[7, 8], visibility=visibility)
        write_days(folder / f"{slug}.csv", FIRST, last)
        hextant.json("ingest", folder / f"{slug}.csv", "--dataset", slug, "--mapping", "toronto")
        hextant.json("score", "--dataset", slug)
        hextant.json("outlook", "--dataset", slug)
    hextant.json("refresh")
    return "week"


@pytest.fixture(scope="module")
def api(server, week):
    return server


@pytest.fixture(scope="module")
def analyst_key(hextant, week):
    return add_key(hextant, "analyst", [week])


@pytest.fixture(scope="module")
def analyst(api, analyst_key):
    return api.asking_as(analyst_key)


@pytest.fixture(scope="module")
def rows(database, week):
    """Every row of the view at resolution 8, by (day, cell)."""
    found = database.rows(
        f"SELECT day::text, to_hex(h3_index), {RISK} FROM mv_daily_risk"
        " WHERE dataset = 'week' AND resolution = 8 ORDER BY day, h3_index")
    names = ["day", "h3_index", *RISK.split(", ")]
    return [dict(zip(names, row)) | {"resolution": 8, "area": None} for row in found]


@pytest.fixture(scope="module")
def stored(database, week):
    """Every event, in order."""
    names = ["event_type", "event_timestamp", "longitude", "latitude"]
    return [
        dict(zip(names, row))
        for row in database.rows(
            "SELECT event_type, to_char(event_timestamp AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'),"
            " ST_X(geom), ST_Y(geom)"
            " FROM events WHERE dataset = 'week' ORDER BY event_timestamp, sequence"
        )
    ]


def link(document, relation, kind=None):
    [found, *_] = [each for each in document["links"] if each["rel"] == relation and kind in (None, each["type"])]
    return found["href"]


def items(server, collection, **query):
    """Every feature, page by page."""
    page = server.json(f"/ogc/collections/{collection}/items", **query)
    while True:
        assert page["numberReturned"] == len(page["features"])
        yield from page["features"]
        following = [each["href"] for each in page["links"] if each["rel"] == "next"]
        if not following:
            return
        page = server.json(following[0])


def outline(cell):
    return Polygon([(x, y) for y, x in h3.cell_to_boundary(cell)])


# Links


class Anchors(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found, self.tags = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        if tag == "a":
            self.found.append(dict(attributes)["href"])


def linked(document):
    if isinstance(document, dict):
        if "href" in document and not document.get("templated"):
            yield document["href"], document["type"]
        for value in document.values():
            yield from linked(value)
    elif isinstance(document, list):
        for value in document:
            yield from linked(value)


def test_every_link_leads_to_what_it_says(analyst):
    waiting, seen = [(f"{analyst.url}/ogc", "application/json")], set()
    while waiting:
        address, kind = waiting.pop()
        if address in seen or not address.startswith(analyst.url) or "after=" in address:
            continue
        seen.add(address)
        answer = analyst.get(address)
        assert answer.status_code == 200, (address, answer.text)
        assert answer.headers["Content-Type"].split(";")[0] == kind.split(";")[0], address
        if "html" not in kind:
            waiting += linked(answer.json())
    templates = {re.sub(r"week\.\w+", "{}", address.split("?")[0].removeprefix(analyst.url)) for address in seen}
    assert {
        "/ogc", "/ogc/api", "/ogc/conformance", "/ogc/collections", "/ogc/collections/{}", "/ogc/collections/{}/items",
        "/ogc/collections/{}/queryables", "/ogc/collections/{}/tiles", "/ogc/collections/{}/tiles/WebMercatorQuad",
        "/ogc/tileMatrixSets", "/ogc/tileMatrixSets/WebMercatorQuad"} <= templates


@pytest.mark.parametrize("path", [
    "", "/api", "/conformance", "/collections", "/collections/week.risk", "/collections/week.risk/queryables",
    "/collections/week.risk/items", "/collections/week.risk/tiles", "/collections/week.risk/tiles/WebMercatorQuad",
    "/tileMatrixSets", "/tileMatrixSets/WebMercatorQuad"])
def test_people_get_a_page_that_loads_nothing(api, path):
    answer = api.get(f"/ogc{path}", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"] and "Accept" in answer.headers["Vary"]
    page = Anchors(answer.text)
    assert not page.tags & {"script", "style", "link", "img", "iframe", "form", "object"} and page.found
    assert all(urljoin(api.url, address).startswith(api.url) or "opengis" in address or "json-schema" in address
               for address in page.found)
    plain = api.get(f"/ogc{path}")
    assert plain.headers["Content-Type"].split(";")[0] in (
        "application/json", "application/geo+json", "application/schema+json", "application/vnd.oai.openapi+json")


def test_a_title_is_text_on_a_page(api):
    page = api.get("/ogc/collections/week.risk", f="html").text
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; more" in page


def test_the_page_of_items_leads_to_each_and_to_the_next(api, rows):
    page = Anchors(api.get("/ogc/collections/week.risk/items", f="html", limit=3).text)
    ids = [f"{row['day']}_{row['h3_index']}" for row in rows[:3]]
    assert all(any(f"/items/{each}?f=html" in address for address in page.found) for each in ids)
    [following] = [address for address in page.found if "after=" in address]
    assert f"{rows[3]['day']}_{rows[3]['h3_index']}" in api.get(following).text


# Collections


def test_collections_have_extents(api, analyst, rows):
    assert [each["id"] for each in api.json("/ogc/collections")["collections"]] == [
        "week.risk", "week.hotspots", "week.outlook"]
    found = {each["id"]: each for each in analyst.json("/ogc/collections")["collections"]}
    assert list(found) == ["week.risk", "week.hotspots", "week.outlook", "week.events"]
    served = api.json("/v1/datasets")["items"][0]
    for name, collection in found.items():
        assert collection["extent"]["spatial"]["bbox"] == [served["bounds"]]
        [[start, end]] = collection["extent"]["temporal"]["interval"]
        # The outlook is that of the last day alone.
        assert start.startswith(LAST if name == "week.outlook" else FIRST) and end.endswith("T23:59:59Z")
        assert collection["itemType"] == "feature" and "CRS84" in collection["crs"][0]
        assert analyst.json(f"/ogc/collections/{name}")["extent"] == collection["extent"]
    [[start, end]] = found["week.risk"]["extent"]["temporal"]["interval"]
    assert (start[:10], end[:10]) == (FIRST, LAST)


def test_queryables_name_what_filters_may(analyst):
    for kind in KINDS:
        schema = analyst.json(f"/ogc/collections/week.{kind}/queryables")
        assert schema["type"] == "object" and schema["$schema"].startswith("https://json-schema.org/")
        for name in schema["properties"].keys() - {"geometry"}:
            answer = analyst.get(f"/ogc/collections/week.{kind}/items", filter=f"{name} IS NOT NULL", limit=1)
            assert answer.status_code == 200, answer.text


def test_words_that_a_property_may_be_are_told_and_others_are_refused(server, analyst):
    levels = ["low", "medium", "high", "critical"]
    expected = {"week.risk": {"risk_level": levels}, "week.hotspots": {"last_level": levels, "max_level": levels}}
    parameters = requests.get(f"{server.url}/ogc/api", timeout=60).json()["components"]["parameters"]
    seen = set()
    for kind in KINDS:
        schema = analyst.json(f"/ogc/collections/week.{kind}/queryables")["properties"]
        words = {name: member["enum"] for name, member in schema.items() if "enum" in member}
        assert expected.get(f"week.{kind}", words) == words
        for name, allowed in words.items():
            seen.add(name)
            assert parameters[name]["schema"]["enum"] == allowed
            for word in allowed:
                answer = analyst.get(f"/ogc/collections/week.{kind}/items", **{name: word})
                assert answer.status_code == 200, answer.text
                assert {each["properties"][name] for each in answer.json()["features"]} <= {word}
            answer = analyst.get(f"/ogc/collections/week.{kind}/items", **{name: "purple"})
            [error] = answer.json()["errors"]
            assert answer.status_code == 400 and error["field"] == name and allowed[-1] in error["message"]
    assert seen == {"risk_level", "last_level", "max_level", "trend", "class"}


# Items


@pytest.mark.parametrize("limit", [7, 1000])
def test_items_of_risk_are_the_rows_of_the_view(api, rows, limit):
    found = list(items(api, "week.risk", limit=limit))
    assert [feature["properties"] for feature in found] == rows and len(rows) > 300
    assert len({feature["id"] for feature in found}) == len(found)
    for feature in found[:20]:
        assert shape(feature["geometry"]).equals_exact(outline(feature["properties"]["h3_index"]), 1e-9) or (
            shape(feature["geometry"]).symmetric_difference(outline(feature["properties"]["h3_index"])).area < 1e-12)
        one = api.json(f"/ogc/collections/week.risk/items/{feature['id']}")
        assert {name: one[name] for name in feature} == feature
        assert link(one, "self").endswith(f"{feature['id']}?f=json") and link(one, "collection")


def test_items_of_events_are_the_stored_ones(analyst, stored):
    found = list(items(analyst, "week.events", limit=83))
    as_stored = [
        {name: feature["properties"][name] for name in ["event_type", "event_timestamp"]}
        | dict(zip(["longitude", "latitude"], feature["geometry"]["coordinates"])) for feature in found]
    assert as_stored == stored and len(stored) > 500
    assert len({feature["id"] for feature in found}) == len(found)
    for feature in found[::97]:
        one = analyst.json(f"/ogc/collections/week.events/items/{feature['id']}")
        assert {name: one[name] for name in feature} == feature


def test_items_of_hotspots_are_those_of_the_list(api):
    expected = api.json("/v1/hotspots", dataset="week", start_date=FIRST, end_date=LAST, limit=1000)["features"]
    found = list(items(api, "week.hotspots", datetime=f"{FIRST}/{LAST}", limit=4))
    assert len(expected) > 8 and found == expected
    one = api.json(f"/ogc/collections/week.hotspots/items/{found[2]['id']}")
    assert one["properties"]["h3_index"] == found[2]["id"]


@pytest.mark.parametrize(
    "name",
    [
        "week.risk/items/x",
        "week.risk/items/2019-06-03_882b9bc46dfffff0",
        "week.events/items/1_2",
        'week.hotspots/items/882b9bc46dfffff"',
        "week",
        "week.risk.x",
        "week.nothing",
        "none.risk",
    ],
)
def test_what_is_not_there_is_404(analyst, name):
    answer = analyst.get(f"/ogc/collections/{quote(name)}")
    assert answer.status_code == 404 and answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("interval, first, last", [
    ("2019-06-05", "2019-06-05", "2019-06-05"), ("2019-06-05T12:00:00Z", "2019-06-05", "2019-06-05"),
    ("2019-06-05/2019-06-06", "2019-06-05", "2019-06-06"), ("../2019-06-04", FIRST, "2019-06-04"),
    ("2019-06-08/", "2019-06-08", LAST), ("2019-06-05T00:00:00Z/2019-06-06T23:59:59Z", "2019-06-05", "2019-06-06"),
    ("2018-01-01/2018-12-31", "2018-01-01", "2018-12-31"), ("../..", FIRST, LAST)])
def test_datetime_chooses_days_of_risk(api, rows, interval, first, last):
    found = [feature["properties"] for feature in items(api, "week.risk", datetime=interval, limit=1000)]
    assert found == [row for row in rows if first <= row["day"] <= last]


def test_datetime_chooses_events_with_both_ends(analyst, stored):
    times = sorted({event["event_timestamp"] for event in stored})
    start, end = times[10], times[40]
    found = list(items(analyst, "week.events", datetime=f"{start}/{end}", limit=1000))
    assert len(found) == sum(start <= event["event_timestamp"] <= end for event in stored)
    found = list(items(analyst, "week.events", datetime=start))
    assert len(found) == sum(event["event_timestamp"] == start for event in stored) > 0


BOX = [-79.42, 43.63, -79.35, 43.70]


@pytest.mark.parametrize("sides", [BOX, [*BOX[:2], 0, *BOX[2:], 100]])
def test_bbox_chooses_what_it_touches(api, analyst, rows, stored, sides):
    sides = ",".join(map(str, sides))
    found = [feature["id"] for feature in items(api, "week.risk", bbox=sides, limit=50)]
    touched = [f"{row['day']}_{row['h3_index']}" for row in rows if outline(row["h3_index"]).intersects(box(*BOX))]
    assert found == touched and 10 < len(found) < len(rows)
    inside = [event for event in stored
              if BOX[0] <= event["longitude"] <= BOX[2] and BOX[1] <= event["latitude"] <= BOX[3]]
    assert len(list(items(analyst, "week.events", bbox=sides, limit=50))) == len(inside)


def test_a_resolution_can_be_chosen(api, database):
    found = list(items(api, "week.risk", resolution=7, limit=1000))
    assert len(found) == database.value("SELECT count(*) FROM mv_daily_risk WHERE dataset = 'week' AND resolution = 7")


@pytest.mark.parametrize(
    "query, field",
    [
        ("colour=red", "colour"),
        ("limit=0", "limit"),
        ("limit=x", "limit"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=1,2,3,4,5", "bbox"),
        ("bbox=1,2,x,3,4,y", "bbox"),
        ("bbox=200,0,210,10", "bbox"),
        ("datetime=yesterday", "datetime"),
        ("datetime=2019-06-05/2019-06-04", "datetime"),
        ("datetime=..", "datetime"),
        ("datetime=a/b/c", "datetime"),
        ("filter=nothing=1", "filter"),
        ("filter=risk_score", "filter"),
        ("filter-lang=cql2-json", "filter-lang"),
        ("filter-crs=EPSG:4326", "filter-crs"),
        ("f=xml", "f"),
        ("after=x", "after"),
        ("resolution=9", "resolution"),
        ("filter=S_INTERSECTS(geometry,POLYGON((0 0,1 1,1 0,0 1,0 0)))", "filter"),
        ("crs=x", "crs"),
    ],
)
def test_a_fault_is_named(api, query, field):
    answer = api.get(f"/ogc/collections/week.risk/items?{query}")
    assert answer.status_code == 400, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_limit_above_the_most_is_the_most(api, rows):
    page = api.json("/ogc/collections/week.risk/items", limit=100_000)
    assert page["numberReturned"] == min(1000, len(rows))


# Filters


RISK_FILTERS = {
    "event_count >= 2": lambda row: row["event_count"] >= 2,
    "risk_level IN ('high', 'critical') OR anomaly = TRUE": lambda row: (
        row["risk_level"] in ("high", "critical") or row["anomaly"]
    ),
    "day = DATE('2019-06-05') AND NOT risk_score BETWEEN 1 AND 30": lambda row: (
        row["day"] == "2019-06-05" and not 1 <= row["risk_score"] <= 30
    ),
    "h3_index LIKE '882b9bc%' AND 0 < growth_rate": lambda row: (
        row["h3_index"].startswith("882b9bc") and row["growth_rate"] > 0
    ),
    "z_score > 1": lambda row: row["z_score"] > 1,
    f"S_INTERSECTS(geometry, BBOX({','.join(map(str, BOX))}))": lambda row: outline(row["h3_index"]).intersects(
        box(*BOX)
    ),
    "S_INTERSECTS(geometry, POLYGON((-79.45 43.63,-79.3 43.64,-79.36 43.76,-79.45 43.63)))"
    " AND event_count = 1": lambda row: (
        row["event_count"] == 1
        and outline(row["h3_index"]).intersects(Polygon([(-79.45, 43.63), (-79.3, 43.64), (-79.36, 43.76)]))
    ),
}


@pytest.mark.parametrize("text", RISK_FILTERS)
def test_filters_of_risk_choose_rows(api, rows, text):
    found = [feature["properties"] for feature in items(api, "week.risk", filter=text, limit=37)]
    expected = [row for row in rows if RISK_FILTERS[text](row)]
    assert found == expected and 0 < len(expected) < len(rows)


EVENT_FILTERS = {
    "event_type = 'Assault'": lambda event: event["event_type"] == "Assault",
    "event_type LIKE '%o%' AND event_timestamp < TIMESTAMP('2019-06-06T12:00:00Z')":
        lambda event: "o" in event["event_type"] and event["event_timestamp"] < "2019-06-06T12:00:00Z",
    "event_id IS NULL AND longitude > -79.4": lambda event: event["longitude"] > -79.4,
    "event_type NOT IN ('Assault', 'Robbery')": lambda event: event["event_type"] not in ("Assault", "Robbery"),
}


@pytest.mark.parametrize("text", EVENT_FILTERS)
def test_filters_of_events_choose_events(analyst, stored, text):
    found = list(items(analyst, "week.events", filter=text, limit=1000))
    expected = [event for event in stored if EVENT_FILTERS[text](event)]
    assert [feature["properties"]["event_timestamp"] for feature in found] == [
        each["event_timestamp"] for each in expected
    ]
    assert 0 < len(expected) < len(stored)


@pytest.mark.parametrize("text", [
    "event_type = 'x' OR 1=1", "event_type = 'x'; DROP TABLE events", "event_type = 'x' --", "pg_sleep(5) = 1",
    "event_type = 'x' UNION SELECT 1", "\"event_type\" = \"x\"", "attributes = '{}'", "e.event_type = 'x'",
    "event_type = $1", "event_type = 'x' /* */", "((((" * 50, "a" * 5000])
def test_a_filter_that_is_none_reaches_nothing(analyst, database, text):
    answer = analyst.get("/ogc/collections/week.events/items", filter=text)
    assert answer.status_code == 400 and [error["field"] for error in answer.json()["errors"]] == ["filter"]
    assert database.value("SELECT count(*) FROM events") > 0


@pytest.mark.parametrize("text", ["' OR '1'='1", "x'; DROP TABLE events; --", "\\", "%", "\x01", "ünï"])
def test_a_text_is_only_compared(analyst, text):
    quoted = text.replace("'", "''")
    assert list(items(analyst, "week.events", filter=f"event_type = '{quoted}'")) == []


# Clients


def run(*words, key=None):
    """Runs GDAL with a collection, as an analyst would."""
    return ["--config", "GDAL_HTTP_HEADERS", f"Authorization: Bearer {key}", *words] if key else list(words)


def test_gdal_lists_the_collections(api, analyst_key):
    told = "\n".join(gdal.summary(f"OAPIF:{api.url}/ogc"))
    assert "Layer name: week.risk" in told and "Layer name: week.hotspots" in told and "week.events" not in told
    told = "\n".join(gdal.summary(f"OAPIF:{api.url}/ogc", *run(key=analyst_key)))
    assert "Layer name: week.events" in told and "Geometry: Point" in told


def test_gdal_reads_every_feature_page_by_page(api, analyst_key, rows, stored):
    source = f"OAPIF:{api.url}/ogc"
    found = gdal.features(source, "-oo", "PAGE_SIZE=50", layer="week.risk")
    assert len(found) == len(rows)
    for feature, row in zip(found, rows):
        assert feature["properties"]["h3_index"] == row["h3_index"]
        assert feature["properties"]["risk_score"] == row["risk_score"]
        assert shape(feature["geometry"]).symmetric_difference(outline(row["h3_index"])).area < 1e-12
    found = gdal.features(source, *run("-oo", "PAGE_SIZE=70", key=analyst_key), layer="week.events")
    assert [list(feature["geometry"]["coordinates"]) for feature in found] == [
        [event["longitude"], event["latitude"]] for event in stored]


def test_gdal_sends_box_and_filter(api, rows):
    source = f"OAPIF:{api.url}/ogc"
    found = gdal.features(source, "-spat", *BOX, layer="week.risk")
    assert len(found) == sum(outline(row["h3_index"]).intersects(box(*BOX)) for row in rows)
    found = gdal.features(source, "-where", "event_count >= 2", layer="week.risk")
    assert len(found) == sum(row["event_count"] >= 2 for row in rows)


def test_owslib_reads_it(api, analyst_key, rows):
    features = Features(f"{api.url}/ogc")
    assert features.feature_collections() == ["week.risk", "week.hotspots", "week.outlook"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in features.conformance()["conformsTo"]
    assert features.collection("week.risk")["title"] == f"{TITLE}: risk"
    assert "risk_score" in features.collection_queryables("week.risk")["properties"]
    page = features.collection_items("week.risk", limit=5, bbox=BOX, filter="event_count >= 1")
    assert page["numberReturned"] == 5
    one = features.collection_item("week.risk", page["features"][0]["id"])
    assert one["properties"] == page["features"][0]["properties"]
    assert features.api()["openapi"].startswith("3.0")
    known = Features(f"{api.url}/ogc", headers=bearer(analyst_key))
    assert known.feature_collections() == ["week.risk", "week.hotspots", "week.outlook", "week.events"]


# Tiles


def test_tiles_are_found_by_their_set_and_read_by_gdal(api, rows, folder):
    collection = api.json("/ogc/collections/week.risk")
    sets = api.json(link(collection, "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"))
    [entry] = sets["tilesets"]
    tileset = api.json(link(entry, "self"))
    assert tileset["dataType"] == "vector" and tileset["tileMatrixSetURI"].endswith("/WebMercatorQuad")
    [template] = [each for each in tileset["links"] if each["rel"] == "item"]
    assert template["templated"] and template["type"] == "application/vnd.mapbox-vector-tile"
    # Longitude -79.4, latitude 43.7 at zoom 9, by the formula of the standard.
    address = template["href"].format(tileMatrix=9, tileCol=143, tileRow=186)
    answer = requests.get(address, timeout=30)
    assert answer.status_code == 200
    assert {row["h3_index"] for row in tile_features(answer.content).values()} or tile_features(answer.content)
    file = folder / "186.mvt"
    file.write_bytes(answer.content)
    told = "\n".join(gdal.summary(f"MVT:{file}"))
    assert "Layer name: risk" in told
    assert [tileset["boundingBox"][side] for side in ["lowerLeft", "upperRight"]] == [
        api.json("/v1/datasets")["items"][0]["bounds"][:2], api.json("/v1/datasets")["items"][0]["bounds"][2:]]
    assert api.get("/ogc/collections/week.hotspots/tiles").status_code == 404


def test_the_tile_matrix_set_is_the_standards(api):
    """The figures of OGC 17-083r4, table D.1."""
    found = api.json(link(api.json("/ogc/tileMatrixSets")["tileMatrixSets"][0], "self"))
    assert [matrix["id"] for matrix in found["tileMatrices"]] == [str(zoom) for zoom in range(23)]
    first, last = found["tileMatrices"][0], found["tileMatrices"][18]
    assert first["scaleDenominator"] == pytest.approx(559082264.0287178, rel=1e-12)
    assert first["cellSize"] == pytest.approx(156543.0339280410, rel=1e-12)
    assert first["pointOfOrigin"] == pytest.approx([-20037508.3427892, 20037508.3427892], rel=1e-12)
    assert last["scaleDenominator"] == pytest.approx(2132.729583849784, rel=1e-12) and last["matrixWidth"] == 262144


# Description and rights


def test_the_description_is_whole(api):
    document = api.json("/ogc/api")
    assert document["openapi"] == "3.0.3" and document["servers"] == [{"url": f"{api.url}/ogc"}]
    text = json.dumps(document)
    for reference in re.findall(r'"\$ref": "#/components/(\w+)/([\w-]+)"', text):
        assert reference[1] in document["components"][reference[0]], reference
    operations = [path["get"]["operationId"] for path in document["paths"].values()]
    assert len(set(operations)) == len(operations)


def test_a_private_dataset_shows_nowhere(api, analyst, hextant, database):
    every = [
        "collections/secret.{}",
        "collections/secret.{}/items",
        "collections/secret.{}/queryables",
        "collections/secret.{}/tiles",
        "collections/secret.{}/tiles/WebMercatorQuad",
        "collections/secret.{}/items/2019-06-03_882b9bc46dfffff",
    ]
    for server in [api, analyst]:
        assert "secret" not in server.get("/ogc/collections").text
        for path in every:
            for kind in KINDS:
                hidden, none = (
                    server.get(f"/ogc/{path.format(kind)}".replace("secret", slug)) for slug in ["secret", "absent"]
                )
                wanted = 401 if server is api and kind == "events" else 404
                assert (hidden.status_code, none.status_code) == (wanted, wanted)
                assert hidden.text.replace("secret", "absent") == none.text
    mine = api.asking_as(add_key(hextant, "public", ["secret"]))
    answer = mine.get("/ogc/collections/secret.risk/items")
    assert answer.json()["numberReturned"] > 0 and answer.headers["Cache-Control"] == "private, no-cache"
    assert [each["id"] for each in mine.json("/ogc/collections")["collections"]] == [
        "secret.risk", "secret.hotspots", "secret.outlook"]
    assert "secret" not in api.get("/ogc/collections").text


def test_single_events_are_for_analysts(api, hextant):
    for path in ["", "/items", "/queryables", "/items/1_2"]:
        assert api.get(f"/ogc/collections/week.events{path}").status_code == 401
        reader = api.asking_as(add_key(hextant, "public", ["week"]))
        assert reader.get(f"/ogc/collections/week.events{path}").status_code == 403
