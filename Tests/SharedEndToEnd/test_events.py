"""Every shared event file through the built binary into PostgreSQL, against Python's own reading of it."""

import json
import math
import subprocess

import pytest
from event_files import FILES, read
from shapely.geometry import shape


@pytest.fixture
def ingest(hextant, events_folder, tmp_path):
    def ingest(file, dataset, *flags):
        return hextant.json("ingest", events_folder / file.name, "--dataset", dataset, "--mapping", file.mapping, *flags)

    return ingest


def assert_stored(database, dataset, events):
    """The table holds as many events as there are, with the same sums of time and place."""
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
    file, hextant, database, events_folder, ingest, tmp_path
):
    dataset = hextant.put_dataset(tmp_path, file.name.lower().replace(".", "-")[:50])
    expected = read(file, events_folder)
    told = ingest(file, dataset)
    rejected = expected.rejected.total()
    # Of an id that comes twice in a file, the last record counts.
    latest = list({event[0] or index: event for index, event in enumerate(expected.events)}.values())
    assert told["rejected_by_reason"] == dict(expected.rejected)
    assert (told["received"], told["accepted"], told["duplicate"], told["rejected"]) == (
        len(expected.events) + rejected, len(latest), len(expected.events) - len(latest), rejected)
    assert_stored(database, dataset, latest)
    assert database.value(
        "SELECT count(*) FROM dead_letters JOIN ingest_batches b ON b.id = batch WHERE dataset = %s", [dataset]
    ) == rejected

    again = ingest(file, dataset)
    assert (again["accepted"], again["rejected"]) == (0, rejected)
    assert_stored(database, dataset, latest)


def test_a_later_pull_of_a_feed_replaces_what_it_changed(hextant, database, events_folder, ingest, tmp_path):
    first, second = [file for file in FILES if file.mapping == "usgs"]
    dataset = hextant.put_dataset(tmp_path, "earthquakes")
    latest = {}
    for file in [first, second]:
        ingest(file, dataset)
        latest |= {event[0]: event for event in read(file, events_folder).events}
    assert_stored(database, dataset, list(latest.values()))
    ids = {id for [id] in database.rows("SELECT event_id FROM events WHERE dataset = %s", [dataset])}
    assert ids == set(latest)


def test_names_of_areas_become_points_once_there_is_a_file_of_places(
    hextant, database, events_folder, ingest, tmp_path
):
    """Area units of Canterbury by GDAL, a point within each by GEOS; every name of the file is one of them."""
    [file] = [file for file in FILES if file.mapping == "nz-victimisations-area-unit"]
    archive = events_folder.parent / "areas" / "nz_area-unit-2017-generalised_canterbury.zip"
    areas = subprocess.run(
        ["ogr2ogr", "-f", "GeoJSON", "-t_srs", "EPSG:4326", "/vsistdout/", f"/vsizip/{archive}"], check=True,
        capture_output=True, text=True)
    features = json.loads(areas.stdout)["features"]
    [name] = [key for key in features[0]["properties"] if "NAM" in key.upper()]
    places = {}
    for feature in features:
        point = shape(feature["geometry"]).representative_point()
        places[feature["properties"][name]] = (point.x, point.y)
    table = tmp_path / "places.csv"
    table.write_text(
        "place,longitude,latitude\n" + "".join(f'"{name}.",{x!r},{y!r}\n' for name, (x, y) in places.items()))

    dataset = hextant.put_dataset(tmp_path, "christchurch")
    batch = ingest(file, dataset)
    assert (batch["accepted"], batch["rejected_by_reason"]) == (0, {"unknown_place": 1583})
    told = hextant.json(
        "dead-letters", "remediate", "--batch", batch["batch"], "--mapping", file.mapping, "--places", table)
    expected = read(file, events_folder, places)
    assert len(expected.events) == 55_204
    assert (told["examined"], told["remediated"], told["accepted"]) == (1583, 1583, 55_204)
    assert_stored(database, dataset, expected.events)
    # Read with the places from the start, the same events are known.
    assert ingest(file, dataset, "--places", table)["accepted"] == 0


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_dry_run_proposes_a_mapping_and_tells_what_it_would_read(file, hextant, database, events_folder):
    before = database.value("SELECT count(*) FROM ingest_batches")
    told = hextant.json("ingest", "--dry-run", events_folder / file.name)
    expected = read(file, events_folder)
    assert told["proposal"] is None if "proposal" in told else True
    assert told["accepted"] == len(expected.events)
    assert {reject["reason"]: reject["count"] for reject in told["rejects"]} == dict(expected.rejected)
    assert len(told["rows"]) == min(10, len(expected.events))
    if expected.events:
        longitudes, latitudes = [event[2] for event in expected.events], [event[3] for event in expected.events]
        assert told["bounds"] == [min(longitudes), min(latitudes), max(longitudes), max(latitudes)]
    assert database.value("SELECT count(*) FROM ingest_batches") == before
