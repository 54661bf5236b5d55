"""The commands of the documentation with the GDAL of Debian 12 and a current one from the Python package index."""

import json
import os
import pickle
import re
import subprocess
import sys
from urllib.parse import urlencode

import gdal
import geopandas
import pandas
import pyogrio
import pytest
from accounts import add_key
from command import REPOSITORY
from redis_database import free_redis_database
from serving import serving
from shapely.geometry import box, shape
from toronto import write_days

# The current GDAL takes the proxy from here; the server is not behind one.
os.environ["no_proxy"] = "*"

FIRST, LAST = "2019-06-03", "2019-06-09"
BOX = [-79.42, 43.63, -79.35, 43.70]
ITEMS = "/ogc/collections/{collection}/items"
# With the usual limits 204,441 rows are read by an address with 6000 units a minute, so 34 rows for a unit.
ROWS_FOR_A_UNIT = 34


@pytest.fixture(scope="module")
def week(hextant, folder):
    """A week of Toronto, and a private day of it."""
    for slug, last, visibility in [("week", LAST, "public"), ("secret", FIRST, "private")]:
        hextant.put_dataset(
            folder, slug, time_zone="America/Toronto", resolutions=[7, 8], visibility=visibility)
        write_days(folder / f"{slug}.csv", FIRST, last)
        hextant.json("ingest", folder / f"{slug}.csv", "--dataset", slug, "--mapping", "toronto")
        hextant.json("score", "--dataset", slug)
    hextant.json("refresh")
    return "week"


@pytest.fixture(scope="module")
def rows(database, week):
    names = ["day", "h3_index", "event_count", "risk_score", "risk_level", "anomaly", "z_score"]
    found = database.rows(
        "SELECT day::text, to_hex(h3_index), event_count, risk_score, risk_level::text, anomaly, z_score"
        " FROM mv_daily_risk WHERE dataset = 'week' AND resolution = 8 ORDER BY day, h3_index")
    return [dict(zip(names, row)) for row in found]


@pytest.fixture(scope="module")
def stored(database, week):
    return database.rows(
        "SELECT event_type, to_char(event_timestamp AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') FROM events"
        " WHERE dataset = 'week' ORDER BY event_timestamp, sequence")


@pytest.fixture(scope="module")
def server(hextant, folder, week, rows, stored):
    """A server whose buckets hold fewer units than there are rows, in the proportion of all of Toronto."""
    units = len(rows) // ROWS_FOR_A_UNIT
    assert len(rows) > 4 * units and len(stored) > 4 * units
    with free_redis_database() as redis:
        flags = ["--redis-url", redis.url, "--rate-limit", 100_000, "--account-rate-limit", 100_000]
        with serving(hextant, folder / "gdal.log", *flags) as server:
            yield server


@pytest.fixture(scope="module")
def key(hextant, week):
    return add_key(hextant, "analyst", [week])


def old(server, layer, *words, key=None):
    """The features of a collection as GDAL 3.6 reads them."""
    headers = ["--config", "GDAL_HTTP_HEADERS", f"Authorization: Bearer {key}"] if key else []
    found = gdal.features(f"OAPIF:{server.url}/ogc", *headers, *words, layer=layer)
    return [feature["properties"] for feature in found]


# A process of its own, because GDAL remembers a key that it was given.
READ = """
import json, pickle, sys
import pyogrio
asked = json.loads(sys.argv[1])
asked["bbox"] = asked["bbox"] and tuple(asked["bbox"])
frame = pyogrio.read_dataframe(asked.pop("source"), **asked)
sys.stdout.buffer.write(pickle.dumps(frame.to_dict("records")))
"""


def new(server, layer, where=None, bbox=None, key=None):
    """The features of a collection as the current GDAL reads them."""
    wanted = {"source": f"OAPIF:{server.url}/ogc", "layer": layer, "where": where, "bbox": bbox}
    environment = os.environ | ({"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": key} if key else {})
    done = subprocess.run(
        [sys.executable, "-c", READ, json.dumps(wanted)], env=environment,
        capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return pickle.loads(done.stdout)


@pytest.fixture(params=["3.6", "current"])
def read(request):
    """Reads a collection with one of the two."""
    def read(server, layer, where=None, bbox=None, key=None):
        if request.param == "current":
            return new(server, layer, where, bbox, key)
        words = (["-where", where] if where else []) + (["-spat", *bbox] if bbox else [])
        return old(server, layer, *words, key=key)

    return read


def pages(server):
    return server.metric("http_requests_total", route=ITEMS, status="200")


def test_there_are_two_of_them():
    told = subprocess.run(["ogrinfo", "--version"], capture_output=True, text=True).stdout
    assert tuple(map(int, re.search(r"GDAL (\d+)\.(\d+)", told).groups())) >= (3, 6)
    assert pyogrio.__gdal_version__ >= (3, 12)


def test_more_rows_than_a_bucket_allows_are_read(hextant, folder, week, rows, stored, key, read):
    """Without a word on the size of a page, as somebody does who has not read on."""
    flags = ["--rate-limit", len(rows) // ROWS_FOR_A_UNIT, "--account-rate-limit", len(stored) // ROWS_FOR_A_UNIT]
    for layer, wanted in [("week.risk", rows), ("week.events", stored)]:
        # A new server has full buckets.
        with serving(hextant, folder / "limited.log", *flags) as server:
            found = read(server, layer, key=key if layer == "week.events" else None)
            assert len(found) == len(wanted)
            if layer == "week.risk":
                assert [(each["h3_index"], each["risk_score"]) for each in found] == [
                    (row["h3_index"], row["risk_score"]) for row in rows]


# Conditions, the rows that meet them, and whether GDAL sends them whole.
CONDITIONS = {
    "risk_level = 'high'": (lambda row: row["risk_level"] == "high", True),
    "risk_level <> 'low'": (lambda row: row["risk_level"] != "low", True),
    "event_count >= 2": (lambda row: row["event_count"] >= 2, True),
    "event_count = 2 OR risk_score > 40.5": (lambda row: row["event_count"] == 2 or row["risk_score"] > 40.5, True),
    "day = '2019/06/05'": (lambda row: row["day"] == "2019-06-05", True),
    "day >= '2019/06/04' AND day < '2019-06-06'": (lambda row: "2019-06-04" <= row["day"] < "2019-06-06", True),
    "day BETWEEN '2019/06/04' AND '2019/06/05'": (lambda row: "2019-06-04" <= row["day"] <= "2019-06-05", True),
    "anomaly = 1": (lambda row: row["anomaly"], True),
    "NOT (anomaly = 1) AND event_count > 1": (lambda row: not row["anomaly"] and row["event_count"] > 1, True),
    "h3_index LIKE '882b9bc%'": (lambda row: row["h3_index"].startswith("882b9bc"), True),
    "h3_index ILIKE '882B9BC%'": (lambda row: row["h3_index"].startswith("882b9bc"), True),
    "risk_score IS NULL": (lambda row: False, True),
    "id IS NOT NULL AND event_count = 2": (lambda row: row["event_count"] == 2, True),
    "event_count IN (2, 3)": (lambda row: row["event_count"] in (2, 3), False),
    "risk_level IN ('high', 'critical') AND event_count > 2": (
        lambda row: row["risk_level"] in ("high", "critical") and row["event_count"] > 2, False),
}  # fmt: skip


@pytest.mark.parametrize("where", CONDITIONS)
def test_a_condition_is_sent_to_the_server(server, rows, read, where):
    meets, is_sent = CONDITIONS[where]
    wanted = sorted((row["day"], row["h3_index"]) for row in rows if meets(row))
    before = pages(server)
    found = read(server, "week.risk", where)
    assert sorted((str(each["day"])[:10], each["h3_index"]) for each in found) == wanted
    if is_sent:
        # One page for the types of the fields, and one for each ten features; new ones ask for more at a time.
        assert pages(server) - before <= 3 + len(wanted) // 10
    assert bool(wanted) == ("IS NULL" not in where)


def test_conditions_on_events_are_sent_too(server, stored, key, read):
    where = "event_timestamp >= '2019/06/05 12:00:00' AND event_type = 'Assault'"
    wanted = [event for event in stored if event[1] >= "2019-06-05 12:00:00" and event[0] == "Assault"]
    before = pages(server)
    found = read(server, "week.events", where, key=key)
    assert len(found) == len(wanted) > 20
    assert pages(server) - before <= 3 + len(wanted) // 10
    assert read(server, "week.events", "attributes IS NULL", key=key) == []


def test_one_feature_is_found_by_its_id(server, rows, read):
    row = rows[len(rows) // 2]
    [found] = read(server, "week.risk", f"id = '{row['day']}_{row['h3_index']}'")
    assert (found["h3_index"], found["risk_score"]) == (row["h3_index"], row["risk_score"])


def test_a_box_and_a_condition_are_sent_together(server, rows, read):
    inside = {
        feature["properties"]["h3_index"]
        for feature in server.json("/v1/risk/2019-06-05", dataset="week", resolution=8, f="geojson")["features"]
        if shape(feature["geometry"]).intersects(box(*BOX))}
    found = read(server, "week.risk", "day = '2019/06/05'", BOX)
    assert {each["h3_index"] for each in found} == inside and 5 < len(inside)


def test_a_private_dataset_stays_private(server, key, read):
    with pytest.raises((AssertionError, pyogrio.errors.DataLayerError, pyogrio.errors.DataSourceError)):
        read(server, "secret.risk")
    with pytest.raises((AssertionError, pyogrio.errors.DataLayerError, pyogrio.errors.DataSourceError)):
        read(server, "secret.events", key=key)
    for path in ["/v1/styles/risk.json", "/v1/styles/risk.qml", "/v1/styles/hotspots.qml"]:
        assert server.get(path, dataset="secret").status_code == 404
        assert server.get(path, dataset="week").status_code == 200


@pytest.mark.parametrize("query, meets", [
    ({"risk_level": "high"}, lambda row: row["risk_level"] == "high"),
    ({"event_count": "2", "anomaly": "true"}, lambda row: row["event_count"] == 2 and row["anomaly"]),
    ({"day": "2019-06-05"}, lambda row: row["day"] == "2019-06-05"),
    (
        {"day": "2019-06-05T", "filter": "event_count > 1"},
        lambda row: row["day"] == "2019-06-05" and row["event_count"] > 1,
    ),
    ({"anomaly": "0", "datetime": "2019-06-05"}, lambda row: not row["anomaly"] and row["day"] == "2019-06-05"),
    # A filter compares, so a value that no feature can have is no fault in it.
    ({"filter": "risk_level = 'purple'"}, lambda row: False),
])  # fmt: skip
def test_a_property_is_a_parameter(server, rows, query, meets):
    answer = server.json("/ogc/collections/week.risk/items", limit=1000, **query)
    found = [(each["properties"]["day"], each["properties"]["h3_index"]) for each in answer["features"]]
    assert found == [(row["day"], row["h3_index"]) for row in rows if meets(row)]


@pytest.mark.parametrize("collection, query, field", [
    ("risk", {"event_type": "Assault"}, "event_type"), ("hotspots", {"day": "2019-06-05"}, "day"),
    ("risk", {"event_count": "many"}, "event_count"), ("risk", {"anomaly": "maybe"}, "anomaly"),
    ("risk", {"day": "2019-06-05T12:00:00Z"}, "day"), ("risk", {"rank": "1"}, "rank"),
    ("risk", {"risk_level": "purple"}, "risk_level"), ("risk", {"risk_level": "High"}, "risk_level"),
    ("hotspots", {"max_level": "purple", "last_level": "low,high"}, "max_level last_level"),
    ("outlook", {"trend": "up", "class": "hot"}, "trend class"), ("risk", {"h3_index": "882B9BC46DFFFFF"}, "h3_index"),
])  # fmt: skip
def test_a_property_that_cannot_be_meant_is_refused(server, collection, query, field):
    answer = server.get(f"/ogc/collections/week.{collection}/items", **query)
    assert answer.status_code == 400
    assert sorted(each["field"] for each in answer.json()["errors"]) == sorted(field.split())


# The commands of the documentation, with all of Toronto and the usual limits


def commands():
    """Every call of GDAL's programs on a server in the documentation."""
    for file in ["README.md", "docs/http.md", "docs/ogc.md"]:
        for line in (REPOSITORY / file).read_text().splitlines():
            if re.match(r"    (ogr2ogr|ogrinfo) .*http://", line):
                yield pytest.param(line.strip(), id=f"{file} {line.strip()[:60]}")


@pytest.fixture(scope="module")
def toronto_key(toronto):
    return add_key(toronto.hextant, "analyst")


def whole(toronto, statement):
    scored = "mv_daily_risk WHERE dataset = 'toronto' AND resolution = 8"
    return toronto.database.value(statement.replace("{risk}", scored))


TOP = (
    "SELECT count(DISTINCT h3_index) FROM {risk} AND day BETWEEN '2021-12-01' AND '2021-12-31'"
    " AND (risk_level >= 'high' OR anomaly)")  # fmt: skip
OF_THE_DAY = "SELECT count(*) FROM {risk} AND day = '2021-12-31'"
SIZES = {
    "top.gpkg": TOP, "hotspots.gpkg": TOP,
    "risk.gpkg": (
        "SELECT count(*) FROM {risk} AND risk_level = 'high'"
        " AND h3_index IN (SELECT c.h3_index FROM h3_cells c WHERE"
        f" ST_Intersects(c.geom, ST_MakeEnvelope({','.join(map(str, BOX))}, 4326)))"),
    "day.gpkg": {"README.md": OF_THE_DAY, "docs/ogc.md": OF_THE_DAY + " AND event_count >= 2"},
    "cells.gpkg": OF_THE_DAY, "events.gpkg": "SELECT count(*) FROM events WHERE dataset = 'toronto'",
}  # fmt: skip


@pytest.mark.parametrize("command", list(commands()))
def test_a_documented_command_gives_every_row(toronto, toronto_server, toronto_key, tmp_path, command, request):
    command = re.sub(r"http://(localhost|127\.0\.0\.1):8080", toronto_server.url, command)
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, env=environment | {"KEY": toronto_key}, capture_output=True, text=True,
        timeout=300)  # fmt: skip
    assert done.returncode == 0 and "ERROR" not in done.stderr, done.stderr
    if command.startswith("ogrinfo"):
        assert "toronto.risk" in done.stdout
        return
    [file] = tmp_path.glob("*.gpkg")
    size = SIZES[file.name]
    if isinstance(size, dict):
        size = size[request.node.callspec.id.split()[0]]
    assert pyogrio.read_info(file)["features"] == whole(toronto, size) > 0


def test_the_documented_lines_of_python_give_every_row(toronto, toronto_server):
    text = (REPOSITORY / "docs/ogc.md").read_text()
    [lines] = re.findall(r"\*\*geopandas\*\* and pandas:\n\n((?:    .*\n)+)", text)
    names = {}
    exec(re.sub(r"^    ", "", lines, flags=re.M).replace("http://127.0.0.1:8080", toronto_server.url), names)
    assert len(names["top"]) == whole(toronto, TOP)
    assert len(names["day"]) == len(names["table"]) == whole(toronto, OF_THE_DAY)
    assert len(names["high"]) == whole(toronto, "SELECT count(*) FROM {risk} AND risk_level = 'high'")
    assert isinstance(names["day"], geopandas.GeoDataFrame) and isinstance(names["table"], pandas.DataFrame)


@pytest.mark.parametrize("path, query", [
    ("/v1/hotspots", {"start_date": "2021-12-01", "end_date": "2021-12-31"}), ("/v1/risk/2021-12-31", {}),
    ("/v1/cells/882b9bc46dfffff", {}), ("/v1/events", {"from": "2021-12-30"}),
])  # fmt: skip
def test_geojson_is_the_same_whole_list_as_the_other_formats(analyst_server, tmp_path, path, query):
    whole = analyst_server.raw(path, **query, f="geojson")
    features = json.loads(whole.body)["features"]
    rest = analyst_server.raw(path, **query, f="geojsonseq").body.split(b"\x1e")[1:]
    assert features == [json.loads(record) for record in rest] and len(features) > 50
    # The links of the pages lead through the same.
    pages = analyst_server.pages(path, **query, f="geojson", limit=97)
    assert [feature for page in pages for feature in page["features"]] == features
    file = tmp_path / "whole.geojson"
    file.write_bytes(whole.body)
    assert pyogrio.read_info(file)["features"] == len(features)
    address = f"{analyst_server.url}{path}?{urlencode({**query, 'f': 'geojson'})}"
    if path != "/v1/events":
        assert len(gdal.features(address)) == len(geopandas.read_file(address)) == len(features)
