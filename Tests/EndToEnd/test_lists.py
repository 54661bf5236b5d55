"""Lists in every format, whole and in pages, compared with Python's count of the file and GDAL's reading of the answer.
"""

import csv
import gzip
import io
import json
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import gdal
import h3
import pytest
from accounts import add_key
from shapely.geometry import MultiPolygon, Point, Polygon, shape
from toronto import records
from waiting import wait_until

# A year of Toronto in UTC, and the file's events in it.
FROM, TO = datetime(2019, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)
YEAR = {"from": "2019-01-01T00:00:00Z", "to": "2020-01-01T00:00:00Z"}
# A non-convex polygon in the city with a hole, whose bounding box contains much that it excludes.
AREA = {
    "type": "Polygon",
    "coordinates": [
        [[-79.45, 43.63], [-79.3, 43.64], [-79.36, 43.69], [-79.32, 43.76], [-79.45, 43.63]],
        [[-79.39, 43.65], [-79.39, 43.66], [-79.37, 43.66], [-79.37, 43.65], [-79.39, 43.65]],
    ],
}
READABLE = {"geojsonseq": "geojsons", "csv": "csv", "flatgeobuf": "fgb"}


@pytest.fixture(scope="module")
def year():
    """(instant, type, longitude, latitude) of every event of the year."""
    return Counter(
        (instant, kind, longitude, latitude)
        for _, instant, latitude, longitude, kind in records()
        if FROM <= instant < TO
    )


def as_event(properties, longitude, latitude):
    """An event as in `year`, from the feature that another reader returned."""
    text = properties["event_timestamp"].replace("/", "-").replace("+00", "Z").replace(" ", "T")
    instant = datetime.fromisoformat(text)
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC), properties["event_type"], longitude, latitude)


@pytest.fixture(scope="module", params=["geojsonseq", "csv", "flatgeobuf"])
def export(request, analyst_server, folder):
    """The year in one answer, as a file."""
    answer = analyst_server.raw("/v1/events", **YEAR, f=request.param)
    assert answer.status_code == 200
    file = folder / f"events.{READABLE[request.param]}"
    file.write_bytes(answer.body)
    return request.param, file


def test_gdal_reads_the_whole_of_every_form(export, year):
    form, file = export
    assert sum(year.values()) > 30_000
    options = ["-oo", "X_POSSIBLE_NAMES=longitude", "-oo", "Y_POSSIBLE_NAMES=latitude"] if form == "csv" else []
    found = gdal.features(file, *options)
    events = Counter(as_event(feature["properties"], *feature["geometry"]["coordinates"]) for feature in found)
    assert events == year
    for feature in found[:50]:
        assert {"premises_type", "neighbourhood"} <= json.loads(feature["properties"]["attributes"]).keys()


def test_the_forms_hold_the_same_in_the_same_order(analyst_server):
    query = {"from": "2019-06-01", "to": "2019-06-08", "event_type": "Assault"}
    pages = list(analyst_server.pages("/v1/events", **query, limit=100))
    items = [item for page in pages for item in page["items"]]
    assert len(pages) > 2
    features = [
        feature
        for page in analyst_server.pages("/v1/events", **query, limit=90, f="geojson")
        for feature in page["features"]
    ]
    records = analyst_server.raw("/v1/events", **query, f="geojsonseq").body.split(b"\x1e")
    assert records[0] == b"" and [json.loads(record) for record in records[1:]] == features
    places = ["longitude", "latitude"]
    assert [item | {"longitude": x, "latitude": y} for item, (x, y) in zip(
        [feature["properties"] for feature in features],
        [feature["geometry"]["coordinates"] for feature in features])] == items
    rows = list(csv.DictReader(io.StringIO(analyst_server.get("/v1/events", **query, f="csv").text, newline="")))
    assert [
        row | {"attributes": json.loads(row["attributes"]), "event_id": row["event_id"] or None}
        | {name: float(row[name]) for name in places}
        for row in rows
    ] == items


@pytest.mark.parametrize("form", ["csv", "geojsonseq", "flatgeobuf", "json", "geojson"])
def test_compressed_is_the_same(analyst_server, form):
    query = {"from": "2019-06-01", "to": "2019-06-20", "f": form}
    plain, packed = (analyst_server.raw("/v1/events", encoding, **query) for encoding in ["identity", "gzip"])
    assert packed.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.body) == plain.body and len(packed.body) < len(plain.body) / 2


def test_fields_are_chosen(analyst_server):
    query = {"from": "2019-06-01", "to": "2019-06-02", "fields": "event_type,latitude"}
    [item, *_] = analyst_server.json("/v1/events", **query)["items"]
    assert item.keys() == {"event_type", "latitude"}
    [feature, *_] = analyst_server.json("/v1/events", **query, f="geojson")["features"]
    assert feature["properties"].keys() == {"event_type"} and feature["geometry"]["type"] == "Point"
    assert analyst_server.get("/v1/events", **query, f="csv").text.splitlines()[0] == "event_type,latitude"


def posted(server, path, body=AREA, **query):
    """Every item of a list requested by POST, page by page with the same body."""
    target = path
    while target:
        answer = server.session.post(
            server.url + target if target[0] == "/" else target, params=query, json=body, timeout=60
        )
        assert answer.status_code == 200, answer.text
        page = answer.json()
        yield from page["items"]
        target, query = page["next"], {}


def test_an_area_takes_what_lies_in_it(analyst_server, year):
    area = shape(AREA)
    expected = Counter(event for event in year.elements() if area.covers(Point(event[2:])))
    assert 1000 < sum(expected.values()) < sum(year.values()) / 2
    items = posted(analyst_server, "/v1/events", {"polygon": AREA}, **YEAR, limit=1000)
    assert Counter(as_event(item, item["longitude"], item["latitude"]) for item in items) == expected
    answer = analyst_server.session.post(
        f"{analyst_server.url}/v1/events", params=YEAR | {"f": "csv", "fields": "event_type"}, json=AREA, timeout=60)
    assert Counter(answer.text.split("\r\n")[1:-1]) == Counter(event[1] for event in expected.elements())


def test_an_area_takes_the_cells_that_it_touches(toronto_server, toronto, demo_server):
    cells = [h3.int_to_str(cell) for [cell] in toronto.database.rows(
        "SELECT h3_index FROM mv_daily_risk WHERE day = %s AND resolution = 8 ORDER BY 1", [demo_server.day])]
    area = shape(AREA)
    outlines = {cell: Polygon([(x, y) for y, x in h3.cell_to_boundary(cell)]) for cell in cells}
    expected = [cell for cell in cells if outlines[cell].intersects(area)]
    found = [row["h3_index"] for row in posted(toronto_server, f"/v1/risk/{demo_server.day}", resolution=8, limit=7)]
    assert found == expected and 10 < len(expected) < len(cells)


def test_an_area_of_no_shape_is_refused(toronto_server):
    ring = [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]
    answer = toronto_server.session.post(
        f"{toronto_server.url}/v1/hotspots", json={"type": "Polygon", "coordinates": [ring]}, timeout=60)
    assert answer.status_code == 400 and [error["field"] for error in answer.json()["errors"]] == ["polygon"]
    assert "Self-intersection" in answer.text


def test_stats_count_days_and_types(toronto_server):
    first, last = date(2019, 3, 1), date(2019, 4, 30)
    expected = Counter((str(day), kind) for day, _, _, _, kind in records() if first <= day <= last)
    pages = list(toronto_server.pages("/v1/stats", **{"from": first, "to": last}, limit=50))
    found = [(item["day"], item["event_type"], item["event_count"]) for page in pages for item in page["items"]]
    assert len(pages) > 3 and found == sorted((*key, count) for key, count in expected.items())
    one = {"from": first, "to": last, "event_type": "Robbery", "f": "csv"}
    rows = list(csv.DictReader(io.StringIO(toronto_server.get("/v1/stats", **one).text)))
    assert {row["day"]: int(row["event_count"]) for row in rows} == {
        day: count for (day, kind), count in expected.items() if kind == "Robbery"}
    area = shape(AREA)
    inside = Counter(
        (str(day), kind) for day, _, latitude, longitude, kind in records()
        if first <= day <= last and area.covers(Point(longitude, latitude)))
    items = posted(toronto_server, "/v1/stats", **{"from": first, "to": last}, limit=1000)
    assert {(item["day"], item["event_type"]): item["event_count"] for item in items} == inside


def test_the_history_of_a_cell_is_its_rows(toronto_server, toronto):
    [[cell]] = toronto.database.rows(
        "SELECT h3_index FROM mv_daily_risk WHERE resolution = 8 GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1")
    figures = [
        "event_count", "rolling_7d_avg", "growth_rate", "risk_score", "risk_level", "z_score", "anomaly", "unusual"]
    expected = toronto.database.rows(
        f"SELECT day::text, {', '.join(figures)} FROM mv_daily_risk"
        " WHERE h3_index = %s AND resolution = 8 AND day BETWEEN '2016-01-01' AND '2019-12-31' ORDER BY day", [cell])
    interval = {"from": "2016-01-01", "to": "2019-12-31"}
    path = f"/v1/cells/{h3.int_to_str(cell)}"
    items = [item for page in toronto_server.pages(path, **interval, limit=400) for item in page["items"]]
    assert len(expected) > 800 and [tuple(item[name] for name in ["day", *figures]) for item in items] == expected
    rows = list(csv.DictReader(io.StringIO(toronto_server.get(path, **interval, level="high,critical", f="csv").text)))
    assert [row["day"] for row in rows] == [row[0] for row in expected if row[5] in ("high", "critical")]


def test_hotspots_are_paged_and_gdal_reads_them(toronto_server, folder):
    interval = {"start_date": "2021-09-01", "end_date": "2021-09-30", "resolution": 8}
    whole = toronto_server.json("/v1/hotspots", **interval, limit=1000)["features"]
    pages = list(toronto_server.pages("/v1/hotspots", **interval, limit=11))
    assert len(pages) > 4 and [feature for page in pages for feature in page["features"]] == whole
    items = [item for page in toronto_server.pages("/v1/hotspots", **interval, f="json") for item in page["items"]]
    assert items == [feature["properties"] for feature in whole]
    file = folder / "hotspots.fgb"
    file.write_bytes(toronto_server.raw("/v1/hotspots", **interval, f="flatgeobuf").body)
    for feature, wanted in zip(gdal.features(file), whole, strict=True):
        found = feature["properties"]
        assert all(found[name] == value for name, value in wanted["properties"].items())
        assert MultiPolygon(shape(feature["geometry"])).equals_exact(MultiPolygon([shape(wanted["geometry"])]), 1e-12)
    levels = [item for page in toronto_server.pages("/v1/hotspots", **interval, level="critical", limit=3, f="json")
              for item in page["items"]]
    assert [item["h3_index"] for item in levels] == [
        feature["id"] for feature in whole if feature["properties"]["max_level"] == "critical"]


def test_an_empty_list_has_its_columns_all_the_same(analyst_server, folder):
    query = {"from": "2099-01-01"}
    assert analyst_server.get("/v1/events", **query, f="csv").text.count("\r\n") == 1
    assert analyst_server.raw("/v1/events", **query, f="geojsonseq").body == b""
    file = folder / "none.fgb"
    file.write_bytes(analyst_server.raw("/v1/events", **query, f="flatgeobuf").body)
    told = gdal.summary(file)
    assert "Geometry: Point" in told and any(line.startswith("event_timestamp: DateTime") for line in told)


HEADER = "event_id,event_type,event_timestamp,longitude,latitude,attributes_json\n"


def test_pages_are_stable_while_events_come(hextant, server, key, ingest, dataset):
    """Rows that exist throughout appear exactly once, though others are added before, between and after them."""
    start = datetime(2021, 1, 1, tzinfo=UTC)

    def lines(prefix, minutes):
        times = [start + timedelta(minutes=minute) for minute in minutes]
        return HEADER + "".join(f"{prefix}{number},theft,{time:%Y-%m-%dT%H:%M:%SZ},-79.4,43.7,{{}}\n"
                                for number, time in enumerate(times))

    # Ten events in each minute, so that pages end among equal times.
    ingest(lines("kept", sorted(list(range(30)) * 10)))
    analyst = server.asking_as(key)
    seen = []
    for number, page in enumerate(analyst.pages("/v1/events", dataset=dataset, limit=7)):
        seen += [item["event_id"] for item in page["items"]]
        if number % 5 == 0:
            ingest(lines(f"new{number}-", [-1, *range(30), 31]))
    kept = [name for name in seen if name.startswith("kept")]
    assert kept == [f"kept{number}" for number in range(300)] and len(seen) > len(kept)


def test_a_text_that_a_spreadsheet_would_reckon_is_only_shown(server, key, ingest, dataset):
    kinds = ["=HYPERLINK(0)", "+1", "-1", "@x", "a=b", 'say ""hi"", now']
    ingest(HEADER + "".join(f'{number},"{kind}",2021-01-01T00:00:0{number}Z,-79.5,43.5,{{}}\n'
                            for number, kind in enumerate(kinds)))
    text = server.asking_as(key).get("/v1/events", dataset=dataset, f="csv").text
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["event_type"] for row in rows] == [
        "'=HYPERLINK(0)", "'+1", "'-1", "'@x", "a=b", 'say "hi", now']
    assert {row["longitude"] for row in rows} == {"-79.5"}


def resident(server):
    """Peak of resident memory so far, in MiB."""
    lines = open(f"/proc/{server.process.pid}/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def test_memory_does_not_grow_with_the_list(analyst_server):
    """All 240,000 events, several times at once, in a fraction of the memory of one answer."""
    analyst_server.raw("/v1/events", f="csv", limit=5000)
    before = resident(analyst_server)

    def length(form):
        answer = analyst_server.session.get(
            f"{analyst_server.url}/v1/events",
            params={"f": form},
            headers={"Accept-Encoding": "identity"},
            stream=True,
            timeout=120,
        )
        assert answer.status_code == 200
        return sum(len(piece) for piece in answer.iter_content(1 << 16))

    with ThreadPoolExecutor() as pool:
        lengths = list(pool.map(length, ["csv", "geojsonseq", "flatgeobuf", "csv"]))
    assert sum(lengths) > 150 << 20
    assert resident(analyst_server) - before < 40


def test_who_leaves_in_the_middle_ends_the_work(analyst_server):
    parts = urlsplit(analyst_server.url)
    with socket.create_connection((parts.hostname, parts.port)) as client:
        key = analyst_server.session.headers["Authorization"]
        client.sendall(f"GET /v1/events?f=csv HTTP/1.1\r\nHost: x\r\nAuthorization: {key}\r\n\r\n".encode())
        assert client.recv(100).startswith(b"HTTP/1.1 200")
    before = analyst_server.metric("database_statement_seconds_count")

    def is_quiet():
        nonlocal before
        now, before = before, analyst_server.metric("database_statement_seconds_count")
        return now == before

    wait_until(is_quiet, "the queries to end", seconds=10)
    assert analyst_server.metric("database_sessions_leased") == 0


def test_a_list_that_breaks_off_is_no_whole_one(server, key, database, ingest, dataset):
    """The table disappears in the middle of an answer that the client reads slowly."""
    attributes = '"{""text"": ""' + "x" * 4000 + '""}"'
    ingest(HEADER + "".join(
        f"{number},theft,2021-01-01T00:00:00Z,-79.5,43.5,{attributes}\n" for number in range(20_000)))
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port)) as client:
        client.sendall(
            f"GET /v1/events?dataset={dataset}&f=csv HTTP/1.1\r\nHost: x\r\n".encode()
            + f"Authorization: Bearer {key}\r\n\r\n".encode()
        )
        received = client.recv(1000)
        database.rows("ALTER TABLE events RENAME TO hidden")
        try:
            while piece := client.recv(1 << 20):
                received += piece
        finally:
            database.rows("ALTER TABLE hidden RENAME TO events")
    assert received.startswith(b"HTTP/1.1 200") and b"chunked" in received[:1000]
    assert not received.endswith(b"0\r\n\r\n") and len(received) < 80_000_000
    wait_until(lambda: "an answer was cut off" in server.text(), "the log to tell")
    assert server.get("/v1/health/ready").status_code == 200


def test_a_private_list_is_for_those_with_the_right(server, hextant, folder):
    slug = hextant.put_dataset(folder, "hidden-lists", visibility="private")
    mine = server.asking_as(add_key(hextant, "analyst", [slug])).get("/v1/events", dataset=slug, f="csv")
    assert (mine.status_code, mine.headers["Cache-Control"]) == (200, "private, no-cache")
    for path in ["/v1/stats", "/v1/risk/2021-01-01", "/v1/cells/872b9bc46ffffff", "/v1/hotspots"]:
        assert server.get(path, dataset=slug, f="csv").status_code == 404
