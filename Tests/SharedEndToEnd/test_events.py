"""Every shared event file through the built binary into PostgreSQL, compared with Python's own reading of it."""

import calendar
import codecs
import csv
import json
import math
import subprocess
from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from event_files import FILES, read
from shapely.geometry import shape


# The number of dead letters that are stored per file; the others are counted.
LETTERS = 10_000


@pytest.fixture
def ingest(hextant, events_folder, tmp_path):
    def ingest(file, dataset, *flags):
        return hextant.json(
            "ingest", events_folder / file.name, "--dataset", dataset, "--mapping", file.mapping, *flags,
            # Files without places have nothing but dead letters.
            "--allow-empty",
        )

    return ingest


def assert_stored(database, dataset, events):
    """The table holds as many events as expected, with the same sums of time and place."""
    [[count, *sums]] = database.rows(
        """
        SELECT count(*), coalesce(sum(extract(epoch FROM event_timestamp)), 0)::float8, coalesce(sum(ST_X(geom)), 0),
            coalesce(sum(ST_Y(geom)), 0), coalesce(sum(ST_X(geom) * extract(epoch FROM event_timestamp)::float8), 0)
        FROM events WHERE dataset = %s
        """,
        [dataset],
    )
    assert count == len(events)
    expected = [
        math.fsum(event[1] for event in events), math.fsum(event[2] for event in events),
        math.fsum(event[3] for event in events), math.fsum(event[2] * event[1] for event in events),
    ]
    assert sums == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_every_shared_file_has_its_reading(events_folder):
    assert {file.name for file in FILES} == {path.name for path in events_folder.iterdir()} - {"SOURCE.tsv"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_is_stored_as_python_reads_it_and_a_second_time_adds_nothing(
    file, hextant, database, python_reads, ingest, tmp_path
):
    dataset = hextant.put_dataset(tmp_path, file.name.lower().replace(".", "-")[:50])
    expected = python_reads(file)
    told = ingest(file, dataset)
    rejected = expected.rejected.total()
    # If an id occurs twice in a file, its last record counts.
    latest = list({event[0] or index: event for index, event in enumerate(expected.events)}.values())
    assert told["rejected_by_reason"] == dict(expected.rejected)
    assert (told["received"], told["accepted"], told["duplicate"], told["rejected"]) == (
        len(expected.events) + rejected, len(latest), len(expected.events) - len(latest), rejected)
    assert_stored(database, dataset, latest)
    assert database.value(
        "SELECT count(*) FROM dead_letters JOIN ingest_batches b ON b.id = batch WHERE dataset = %s", [dataset]
    ) == min(rejected, LETTERS)
    assert told["dead_letters_omitted"] == rejected - min(rejected, LETTERS)

    again = ingest(file, dataset)
    assert (again["accepted"], again["rejected"]) == (0, rejected)
    assert_stored(database, dataset, latest)


def test_a_later_pull_of_a_feed_replaces_what_it_changed(hextant, database, python_reads, ingest, tmp_path):
    first, second = [file for file in FILES if file.mapping == "usgs"]
    dataset = hextant.put_dataset(tmp_path, "earthquakes")
    latest = {}
    for file in [first, second]:
        ingest(file, dataset)
        latest |= {event[0]: event for event in python_reads(file).events}
    assert_stored(database, dataset, list(latest.values()))
    ids = {id for [id] in database.rows("SELECT event_id FROM events WHERE dataset = %s", [dataset])}
    assert ids == set(latest)


@pytest.fixture(scope="module")
def area_points(events_folder):
    """The area units of Canterbury from GDAL, with a point inside each from GEOS."""
    archive = events_folder.parent / "areas" / "nz_area-unit-2017-generalised_canterbury.zip"
    areas = subprocess.run(
        ["ogr2ogr", "-f", "GeoJSON", "-t_srs", "EPSG:4326", "/vsistdout/", f"/vsizip/{archive}"], check=True,
        capture_output=True, text=True)
    features = json.loads(areas.stdout)["features"]
    [name] = [key for key in features[0]["properties"] if "NAM" in key.upper()]
    points = {}
    for feature in features:
        point = shape(feature["geometry"]).representative_point()
        points[feature["properties"][name]] = (point.x, point.y)
    return points


def write_places(file, points):
    file.write_text(
        "place,longitude,latitude\n" + "".join(f'"{name}.",{x!r},{y!r}\n' for name, (x, y) in points.items()))
    return file


def test_names_of_areas_become_points_once_there_is_a_file_of_places(
    hextant, database, events_folder, area_points, ingest, tmp_path
):
    """Every name in the file is one of the areas."""
    [file] = [file for file in FILES if file.mapping == "nz-victimisations-area-unit"]
    table = write_places(tmp_path / "places.csv", area_points)
    dataset = hextant.put_dataset(tmp_path, "christchurch")
    batch = ingest(file, dataset)
    assert (batch["accepted"], batch["rejected_by_reason"]) == (0, {"unknown_place": 1583})
    told = hextant.json(
        "dead-letters", "remediate", "--batch", batch["batch"], "--mapping", file.mapping, "--places", table)
    expected = read(file, events_folder, area_points)
    assert len(expected.events) == 55_204
    assert (told["examined"], told["remediated"], told["accepted"]) == (1583, 1583, 55_204)
    assert_stored(database, dataset, expected.events)
    # Read with the places from the start, the same events are recognized.
    assert ingest(file, dataset, "--places", table)["accepted"] == 0


# The spellings of the month in exports of the New Zealand Police.
MONTHS = [
    lambda year, month: f"{year}{month:02}",
    lambda year, month: f"{calendar.month_name[month]} {year}",
    lambda year, month: f"{calendar.month_abbr[month]}-{year % 100}",
    lambda year, month: f"1/{month:02}/{year}",
    lambda year, month: f"{month}/01/{year}",
]


@pytest.mark.parametrize("form", range(len(MONTHS)))
def test_real_counts_in_the_layout_of_the_time_and_place_export_are_read(
    form, hextant, database, events_folder, area_points, tmp_path
):
    """A file in the layout of an export that was not available.

    Its area units, offences and counts are those of the real totals. Month, weekday and hour are invented, and it has
    the encoding, full stops, unknown areas and rows of tabs that such files have.
    """
    with open(events_folder / "nz_christchurch_victimisations_by_area_unit.csv", encoding="utf-8", newline="") as text:
        totals = list(csv.DictReader(text))
    header = [
        "Hour", "ANZSOC Division", "ANZSOC Group", "Area Unit", "Occurrence Day Of Week", "Occurrence Hour Of Day",
        "Territorial Authority", "Victimisations", "Year Month",
    ]
    lines, expected, unknown = ["\t".join(header)], [], 0
    for number, row in enumerate(totals):
        year, month = 2019 + (number + 2) // 12 % 4, (number + 2) % 12 + 1
        area, count = row["area_unit"], int(row["victimisations"])
        if number % 100 == 99:
            area, unknown = "999999", unknown + 1
        else:
            when = datetime(year, month, 1, tzinfo=ZoneInfo("Pacific/Auckland")).timestamp()
            expected += [(None, when, *area_points[area])] * count
        weekday, hour = ("UNKNOWN", 99) if number % 10 == 0 else (calendar.day_name[number % 7], number % 24)
        lines.append("\t".join(map(str, [
            hour, "Theft", row["anzsoc_group"], f"{area}.", weekday, hour, "Christchurch City.", count,
            MONTHS[form](year, month)])))
        if number % 50 == 0:
            lines.append("\t" * (len(header) - 1))
    file = tmp_path / "TimeAndPlace.csv"
    file.write_bytes(codecs.BOM_UTF16_LE + "".join(f"{line}\r\n" for line in lines).encode("utf-16-le"))

    dataset = hextant.put_dataset(tmp_path, f"time-and-place-{form}")
    table = write_places(tmp_path / "places.csv", area_points)
    told = hextant.json(
        "ingest", file, "--dataset", dataset, "--mapping", "nz-time-and-place", "--places", table)
    assert told["rejected_by_reason"] == {"unknown_place": unknown, "empty_row": len(range(0, len(totals), 50))}
    assert told["accepted"] == len(expected)
    assert_stored(database, dataset, expected)
    offences = database.rows("SELECT event_type, count(*) FROM events WHERE dataset = %s GROUP BY 1", [dataset])
    assert dict(offences) == Counter(
        {group: sum(int(row["victimisations"]) for number, row in enumerate(totals)
                    if row["anzsoc_group"] == group and number % 100 != 99)
         for group in {row["anzsoc_group"] for row in totals}})


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_dry_run_proposes_a_mapping_and_tells_what_it_would_read(
    file, hextant, database, events_folder, python_reads
):
    before = database.value("SELECT count(*) FROM ingest_batches")
    told = hextant.json("ingest", "--dry-run", "--allow-empty", events_folder / file.name)
    expected = python_reads(file)
    assert told["mapping"] == file.mapping
    assert told["accepted"] == len(expected.events)
    assert {reject["reason"]: reject["count"] for reject in told["rejects"]} == dict(expected.rejected)
    assert len(told["rows"]) == (10 if expected.events else 0)
    if expected.events:
        longitudes, latitudes = [event[2] for event in expected.events], [event[3] for event in expected.events]
        assert told["bounds"] == [min(longitudes), min(latitudes), max(longitudes), max(latitudes)]
    assert database.value("SELECT count(*) FROM ingest_batches") == before
