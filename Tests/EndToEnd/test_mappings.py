"""Mappings through the binary: what a dry run proposes, what an ingest warns of, and names of time zones."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import yaml
from canonical import GOOD, HEADER, counts, events
from command import assert_one_plain_line
from uploads import call, server  # noqa: F401

# The shape of a file that once took ten commands to get onto the map: CP1252, decimal commas, clocks with a word.
UNKNOWN = "Vorgangs-Nr.;Delikt (Schlüssel);Tattag;Tatzeit ca.;Breitengrad WGS;Längengrad WGS\n" + "".join(
    f"2023/{number};{('Raub', 'Diebstahl')[number % 2]};{number % 28 + 1:02}.06.2023;17:{number % 60:02} Uhr;"
    f"53,5{number % 10};10,0{number % 10}\n"
    for number in range(40)
)


@pytest.fixture
def unknown(tmp_path):
    file = tmp_path / "faelle.csv"
    file.write_bytes(UNKNOWN.encode("cp1252"))
    return file


def test_an_unknown_file_is_stored_by_the_mapping_that_a_dry_run_wrote(hextant, database, folder, tmp_path, unknown):
    dataset = hextant.put_dataset(folder, "faelle", time_zone="Europe/Berlin")
    mapping = tmp_path / "faelle.yaml"
    told = hextant.json("ingest", unknown, "--dry-run", "--write-mapping", mapping)
    assert (told["received"], told["accepted"], told["missing"]) == (40, 40, [])
    assert told["written"] == str(mapping) and mapping.read_text() == told["proposal"]
    assert any("cp1252" in note for note in told["notes"])
    stored = hextant.json("ingest", unknown, "--dataset", dataset, "--mapping", mapping, "--publish")
    assert counts(stored) == (40, 40, 0, 0) and stored["warnings"] == []
    # It is on the map: the days from 1 to 28 June are served.
    served = stored["published"]
    assert (served["first_day"], served["last_day"], served["resolutions"]) == ("2023-06-01", "2023-06-28", [7, 9])
    [first, *_] = sorted(events(database, dataset), key=lambda event: event[1])
    when = datetime(2023, 6, 1, 17, 0, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC).replace(tzinfo=None)
    assert first[:4] == ("Raub", when, 10.00, 53.50)


def test_a_proposal_is_written_to_no_file_that_is_there(hextant, tmp_path, unknown):
    mapping = tmp_path / "mine.yaml"
    mapping.write_text("mine")
    outcome = hextant("ingest", unknown, "--dry-run", "--write-mapping", mapping)
    assert (outcome.code, outcome.out) == (65, "") and "is there already" in outcome.err
    assert_one_plain_line(outcome.err)
    assert mapping.read_text() == "mine"
    assert hextant("ingest", unknown, "--dry-run", "--write-mapping", tmp_path / "no" / "x.yaml").code == 65
    for options in [["--dataset", "x"], ["--dry-run", "--mapping", "canonical"]]:
        outcome = hextant("ingest", unknown, *options, "--write-mapping", tmp_path / "new.yaml")
        assert outcome.code == 64 and "--write-mapping goes with --dry-run" in outcome.err


def test_a_built_in_mapping_is_written_to_be_changed(hextant, tmp_path):
    file, mapping = tmp_path / "good.csv", tmp_path / "copy.yaml"
    file.write_text(HEADER + "fire,2021-05-01T10:00:00Z,-79.4,43.7,{}\n")
    told = hextant.json("ingest", file, "--dry-run", "--write-mapping", mapping)
    assert told["mapping"] == "canonical" and "proposal" not in told
    assert yaml.safe_load(mapping.read_text())["time"]["column"] == "event_timestamp"


def test_what_cannot_be_guessed_is_a_skeleton(hextant, tmp_path):
    file, mapping = tmp_path / "half.csv", tmp_path / "half.yaml"
    file.write_text("day;kind;X;Y\n13.06.2023;fire;493906.5;5457452.47\n14.06.2023;fire;493907.5;5457453.47\n")
    outcome = hextant("ingest", file, "--dry-run", "--write-mapping", mapping, "--json")
    assert outcome.code == 65
    told = outcome.json
    assert told["missing"] == ["coordinates.crs"] and "accepted" not in told and told["rows"] == []
    assert yaml.safe_load(mapping.read_text())["coordinates"] == {"x": "X", "y": "Y", "crs": "TODO"}
    again = hextant("ingest", file, "--dry-run", "--mapping", mapping)
    assert again.code == 65 and "half.yaml:" in again.err and "coordinates.crs: still says TODO" in again.err
    mapping.write_text(mapping.read_text().replace("crs: TODO", "crs: EPSG:26910"))
    read = hextant.json("ingest", file, "--dry-run", "--mapping", mapping)
    assert read["accepted"] == 2 and -124 < read["bounds"][0] < -123 and 49 < read["bounds"][1] < 50


def test_a_summary_for_people_says_what_is_a_guess(hextant, tmp_path):
    file = tmp_path / "guess.csv"
    file.write_text("type,time,lon,lat\ntheft,1/2/2023 0:00,-79.4,43.7\ntheft,3/4/2023 0:00,-79.4,43.7\n")
    outcome = hextant("ingest", file, "--dry-run")
    assert outcome.code == 0
    assert "Note: How column \"time\" is written is a guess: every value fits d/M/yyyy H:mm as well" in outcome.out


TYPING_ERRORS = HEADER + "".join(
    f"theft,{day}T10:00:00Z,-79.4,43.7,{{}}\n" for day in ["2021-05-01", "1015-05-17", "2921-01-01"]
)


def test_years_that_are_hardly_right_are_warned_of(hextant, database, dataset, tmp_path):
    file = tmp_path / "typo.csv"
    file.write_text(TYPING_ERRORS)
    outcome = hextant("ingest", file, "--dataset", dataset, "--json")
    assert outcome.code == 0 and counts(outcome.json) == (3, 3, 0, 0)
    [warning] = outcome.json["warnings"]
    assert "2 rows have a year that is not 1900 to" in warning and "first on line 3" in warning
    assert "1015-05-17" in warning
    assert f"hextant: warning: {warning}\n" in outcome.err
    told = hextant.json("ingest", file, "--dry-run")
    assert [row["time"] for row in told["rows"]] == [
        "2021-05-01T10:00:00Z", "1015-05-17T10:00:00Z", "2921-01-01T10:00:00Z"
    ]  # fmt: skip
    assert (told["first"], told["last"]) == ("1015-05-17T10:00:00Z", "2921-01-01T10:00:00Z")
    assert warning in told["notes"]
    days = database.rows(
        "SELECT (event_timestamp AT TIME ZONE 'UTC')::date::text FROM events WHERE dataset = %s ORDER BY 1", [dataset])
    assert days == [("1015-05-17",), ("2021-05-01",), ("2921-01-01",)]


def test_an_upload_is_warned_of_them_too(call, dataset):  # noqa: F811
    answer = call("POST", f"/v1/events/upload?dataset={dataset}", data=TYPING_ERRORS.encode())
    assert answer.status_code == 201
    assert ["2 rows have a year" in warning for warning in answer.json()["warnings"]] == [True]
    good = call("POST", f"/v1/events/upload?dataset={dataset}", data=(HEADER + "a,2021-05-01,1,2,{}\n").encode())
    assert good.status_code == 201 and good.json()["warnings"] == []


def test_upload_is_told_what_was_guessed_and_left_out(call, dataset):  # noqa: F811
    content = "Report,,,,\n" + HEADER + GOOD + "theft,2021-03-05T05:06:07Z,-79.4,43.7\n"
    answer = call("POST", f"/v1/events/upload?dataset={dataset}", data=content.encode())
    assert answer.status_code == 201 and answer.json()["accepted"] == 2
    header, short = answer.json()["warnings"]
    assert "found on line 2" in header and "1 record has fewer fields" in short and "line 4" in short


ZONES = [
    "GMT", "NZ", "Japan", "EST5EDT", "Singapore", "Zulu", "CET", "MET", "EET", "WET", "EST", "MST", "HST", "GB", "Eire",
    "UCT", "Etc/GMT+5", "US/Eastern", "PST8PDT", "W-SU",
]  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
def test_every_name_of_the_zones_is_one_for_datasets_and_mappings(hextant, database, folder, tmp_path, zone):
    slug = "zone-" + "".join(letter if letter.isalnum() else "-" for letter in zone.lower())
    dataset = hextant.put_dataset(folder, slug, time_zone=zone)
    mapping, file = tmp_path / "zone.yaml", tmp_path / "zone.csv"
    mapping.write_text(
        "event_type: {column: type}\n"
        f"time: {{column: time, zone: {zone}}}\n"
        "coordinates: {longitude: lon, latitude: lat}\n"
    )
    local = [datetime(2021, 1, 15, 0, 30), datetime(2021, 7, 15, 0, 30)]
    file.write_text("type,time,lon,lat\n" + "".join(f"a,{time:%Y-%m-%d %H:%M},1,2\n" for time in local))
    # The mapping's zone, and in the other file the dataset's.
    hextant.json("ingest", file, "--dataset", dataset, "--mapping", mapping)
    canonical = tmp_path / "canonical.csv"
    canonical.write_text(HEADER + "".join(f"b,{time:%Y-%m-%d %H:%M},1,2,{{}}\n" for time in local))
    hextant.json("ingest", canonical, "--dataset", dataset)
    expected = [time.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None) for time in local]
    stored = [event[1] for event in events(database, dataset)]
    assert stored == [expected[0], expected[0], expected[1], expected[1]]
    # The database counts them on the days of the same zone.
    days = database.rows(
        """
        SELECT DISTINCT (event_timestamp AT TIME ZONE time_zone)::date FROM events
        JOIN datasets ON slug = dataset WHERE dataset = %s ORDER BY 1
        """, [dataset])  # fmt: skip
    assert days == [(date(2021, 1, 15),), (date(2021, 7, 15),)]
