"""Excel workbooks and GeoPackages as files of events: what is stored is what openpyxl, pandas and GDAL read."""

import json
import random
import zipfile
from datetime import date, datetime, time, timedelta

import geopandas
import numpy
import openpyxl
import pandas
import pytest
from canonical import counts, dead_letters
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900
from shapely.geometry import MultiPoint, Point, Polygon
from uploads import call, server  # noqa: F401

MAPPING = """
event_type: {column: Kind}
event_id: {column: No}
time: {column: When, patterns: ["dd/MM/yyyy HH:mm"], zone: UTC}
coordinates: {longitude: Lon, latitude: Lat}
attributes: {columns: [Day, Clock, Note, Flag, Amount]}
"""
LAYER_MAPPING = """
event_type: {column: kind}
event_id: {column: id}
time: {column: when, zone: UTC}
coordinates: {longitude: geometry.coordinates.0, latitude: geometry.coordinates.1}
attributes: {columns: [note, amount]}
"""
NOTES = ["plain", "a,b", 'say "hi"', "two\nlines", "日本 é", "semi;colon", "tab\there", None]


def workbook(path, epoch=CALENDAR_WINDOWS_1900, rows=400, seed=7):
    """A workbook with a sheet of notes and one of events, which begins with a title."""
    draw = random.Random(seed)
    book = openpyxl.Workbook()
    book.epoch = epoch
    book.active.title = "Notes"
    book.active["A1"] = "nothing here"
    sheet = book.create_sheet("Events & more")
    sheet.append(["Recorded events, not all events"])
    sheet.append([])
    sheet.append(["No", "Kind", "When", "Lon", "Lat", "Day", "Clock", "Note", "Flag", "Amount"])
    for number in range(rows):
        moment = datetime(1950, 1, 1) + timedelta(seconds=draw.randrange(70 * 365 * 86_400))
        # Some writers give dates as text, as the mapping says.
        when = moment.replace(second=0).strftime("%d/%m/%Y %H:%M") if number % 5 == 0 else moment
        sheet.append([
            f"n{number}", f"kind {number % 3}", when, draw.uniform(-179, 179), draw.uniform(-85, 85), moment.date(),
            moment.time(), NOTES[number % len(NOTES)], number % 2 == 0, draw.choice([number, draw.uniform(-9, 9)]),
        ])
    sheet.append(["last", "kind 0", "not a date", 1, 2])
    book.save(path)


def text(value):
    """The value of a cell as an attribute."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date | time) else value


def put(tmp_path, yaml, name="mapping.yaml"):
    file = tmp_path / name
    file.write_text(yaml)
    return file


@pytest.mark.parametrize("epoch", [CALENDAR_WINDOWS_1900, CALENDAR_MAC_1904], ids=["1900", "1904"])
def test_a_workbook_is_read_as_openpyxl_reads_it(hextant, database, dataset, tmp_path, epoch):
    file = tmp_path / "events.xlsx"
    workbook(file, epoch)
    mapping = put(tmp_path, MAPPING + "sheet: Events & more\n")
    told = hextant.json("ingest", file, "--dataset", dataset, "--mapping", mapping)
    assert counts(told) == (401, 400, 0, 1)
    assert dead_letters(database, told["batch"]) == [(404, "bad_timestamp")]
    stored = {
        key: row
        for key, *row in database.rows(
            """
            SELECT event_id, event_type, event_timestamp AT TIME ZONE 'UTC', ST_X(geom), ST_Y(geom), attributes_json
            FROM events WHERE dataset = %s
            """,
            [dataset],
        )
    }
    sheet = openpyxl.load_workbook(file, data_only=True)["Events & more"]
    for number, kind, when, x, y, day, clock, note, flag, amount in sheet.iter_rows(4, 403, values_only=True):
        moment = datetime.strptime(when, "%d/%m/%Y %H:%M") if isinstance(when, str) else when
        got_kind, got_when, got_x, got_y, attributes = stored[number]
        assert (got_kind, got_when, got_x, got_y) == (kind, moment, x, y)
        assert float(attributes.pop("Amount")) == amount
        wanted = {"Day": day, "Clock": clock, "Note": note, "Flag": flag}
        assert attributes == {key: text(value) for key, value in wanted.items() if value is not None}


def test_the_first_sheet_is_read_and_another_by_its_name(hextant, dataset, tmp_path):
    file = tmp_path / "events.xlsx"
    workbook(file, rows=3)
    mapping = put(tmp_path, MAPPING)
    first = hextant("ingest", file, "--dataset", dataset, "--mapping", mapping)
    assert first.code == 65 and '"Notes", "Events & more"' in first.err
    named = hextant.json(
        "ingest", file, "--dataset", dataset, "--mapping", mapping, "--sheet", "Events & more", "--allow-empty")
    assert counts(named) == (4, 3, 0, 1)
    missing = hextant("ingest", file, "--dataset", dataset, "--mapping", mapping, "--sheet", "Other")
    assert missing.code == 65 and 'has no sheet "Other"' in missing.err
    # What was stored is recognised, also in another packing of the same workbook.
    packed = tmp_path / "again.xlsx"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    again = hextant.json(
        "ingest", packed, "--dataset", dataset, "--mapping", mapping, "--sheet", "Events & more", "--allow-empty")
    assert counts(again) == (4, 0, 3, 1)


def test_a_proposal_reads_a_table_that_pandas_wrote(hextant, tmp_path):
    draw = numpy.random.default_rng(3)
    table = pandas.DataFrame({
        "Category": draw.choice(["theft", "fraud"], 50), "Date": pandas.date_range("2021-03-01", periods=50, freq="7h"),
        "Longitude": draw.uniform(-80, -79, 50), "Latitude": draw.uniform(43, 44, 50),
    })
    file = tmp_path / "table.xlsx"
    table.to_excel(file, index=False)
    told = hextant.json("ingest", file, "--dry-run")
    assert told["format"] == "xlsx" and "delimiter" not in told
    assert (told["accepted"], told["rejected"], told["missing"]) == (50, 0, [])
    assert told["bounds"] == [
        table.Longitude.min(), table.Latitude.min(), table.Longitude.max(), table.Latitude.max()]
    assert told["first"] == "2021-03-01T00:00:00Z"
    assert told["rows"][9]["time"] == table.Date[9].strftime("%Y-%m-%dT%H:%M:%SZ")


def frame(crs, count=60, seed=11):
    """Points around Christchurch in a reference system."""
    draw = random.Random(seed)
    points = [Point(draw.uniform(172.4, 172.8), draw.uniform(-43.7, -43.4)) for _ in range(count)]
    table = geopandas.GeoDataFrame(
        {
            "kind": [f"kind {number % 3}" for number in range(count)],
            "when": pandas.date_range("2021-03-01", periods=count, freq="13h"),
            "note": [NOTES[number % len(NOTES)] for number in range(count)],
            "amount": [draw.uniform(0, 9) for _ in range(count)],
        },
        geometry=points, crs="EPSG:4326",
    )
    return table.to_crs(crs)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:2193", "EPSG:4167", "EPSG:3857"])
def test_points_of_a_geopackage_are_where_proj_has_them(hextant, database, dataset, tmp_path, crs):
    file = tmp_path / "events.gpkg"
    frame(crs).to_file(file, layer="incidents")
    told = hextant.json("ingest", file, "--dataset", dataset, "--mapping", put(tmp_path, LAYER_MAPPING))
    assert counts(told) == (60, 60, 0, 0)
    rows = database.rows(
        """
        SELECT event_id::int, event_type, event_timestamp AT TIME ZONE 'UTC', ST_X(geom), ST_Y(geom), attributes_json
        FROM events WHERE dataset = %s ORDER BY event_id::int
        """,
        [dataset],
    )
    theirs = geopandas.read_file(file, fid_as_index=True).to_crs("EPSG:4326")
    assert [row[0] for row in rows] == list(theirs.index)
    for row, (_, wanted) in zip(rows, theirs.iterrows()):
        assert row[1:3] == (wanted["kind"], wanted["when"].to_pydatetime().replace(tzinfo=None))
        assert row[3:5] == pytest.approx((wanted.geometry.x, wanted.geometry.y), abs=1e-8)
        assert float(row[5]["amount"]) == wanted["amount"]
        assert row[5].get("note") == (wanted["note"] if isinstance(wanted["note"], str) else None)


def test_a_layer_of_points_is_found_and_other_geometries_are_named(hextant, database, dataset, tmp_path):
    file = tmp_path / "events.gpkg"
    square = Polygon([(172, -44), (173, -44), (173, -43)])
    geopandas.GeoDataFrame({"name": ["a"]}, geometry=[square], crs="EPSG:4326").to_file(file, layer="borders")
    points = frame("EPSG:4326", 4)
    shapes = [points.geometry[0], MultiPoint([points.geometry[1]]), square, None]
    mixed = geopandas.GeoDataFrame(points.drop(columns="geometry"), geometry=shapes, crs="EPSG:4326")
    mixed.to_file(file, layer="mixed")
    mapping = put(tmp_path, LAYER_MAPPING)
    told = hextant.json("ingest", file, "--dataset", dataset, "--mapping", mapping)
    assert counts(told) == (4, 2, 0, 2)
    assert any('"mixed" was read' in warning for warning in told["warnings"])
    assert [reason for _, reason in dead_letters(database, told["batch"])] == ["not_a_point", "missing_value"]
    named = hextant("ingest", file, "--dataset", dataset, "--mapping", mapping, "--layer", "borders")
    assert named.code == 65
    frame("EPSG:4326", 2).to_file(file, layer="more")
    several = hextant("ingest", file, "--dataset", dataset, "--mapping", mapping)
    assert several.code == 65 and '"borders", "mixed", "more"' in several.err


def test_uploads_choose_sheets_and_layers(call, database, dataset, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Events")
    sheet.append(["event_type", "event_timestamp", "longitude", "latitude", "attributes_json"])
    sheet.append(["theft", datetime(2021, 5, 1, 10), -79.4, 43.7, json.dumps({"a": 1})])
    file = tmp_path / "events.xlsx"
    book.save(file)
    path = f"/v1/events/upload?dataset={dataset}"
    wrong = call("POST", path, data=file.read_bytes())
    assert wrong.status_code == 422, wrong.text
    answer = call("POST", path + "&sheet=Events", data=file.read_bytes())
    assert answer.status_code == 201 and counts(answer.json()) == (1, 1, 0, 0), answer.text
    assert call("POST", path + "&sheet=", data=file.read_bytes()).status_code == 400
    text = call("POST", path + "&layer=a", data=b"event_type,event_timestamp,longitude,latitude,attributes_json\n")
    assert text.status_code == 422 and "no GeoPackage" in text.json()["detail"]
    package = tmp_path / "events.gpkg"
    layer = geopandas.GeoDataFrame(
        {"event_type": ["fire"], "event_timestamp": ["2021-05-02T10:00:00Z"], "attributes": ["{}"]},
        geometry=[Point(-79.4, 43.7)], crs="EPSG:4326")
    layer.to_file(package, layer="events")
    answer = call("POST", path + "&mapping=hextant-geojson&layer=events", data=package.read_bytes())
    assert answer.status_code == 201 and counts(answer.json()) == (1, 1, 0, 0), answer.text
    assert database.value("SELECT count(*) FROM events WHERE dataset = %s", [dataset]) == 2


def test_dead_letters_of_a_workbook_are_read_again_as_cells(hextant, database, dataset, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["No", "Kind", "When", "Lon", "Lat", "Day", "Clock", "Note", "Flag", "Amount", "East"])
    book.active.append(["a", "theft", datetime(2021, 5, 1, 10, 30), "east", 43.7, None, None, "a;b\nc", None, None, 5])
    file = tmp_path / "events.xlsx"
    book.save(file)
    told = hextant.json("ingest", file, "--dataset", dataset, "--mapping", put(tmp_path, MAPPING), "--allow-empty")
    assert counts(told) == (1, 0, 0, 1)
    better = put(tmp_path, MAPPING.replace("longitude: Lon", "longitude: East"), "better.yaml")
    again = hextant("dead-letters", "remediate", "--batch", told["batch"], "--mapping", better)
    assert again.code == 0, again.err
    [(moment, x, note)] = database.rows(
        """
        SELECT event_timestamp AT TIME ZONE 'UTC', ST_X(geom), attributes_json ->> 'Note' FROM events
        WHERE dataset = %s
        """,
        [dataset],
    )
    assert (moment, x, note) == (datetime(2021, 5, 1, 10, 30), 5, "a;b\nc")
