"""Dirty files through the binary: their counts, their dead letters, and what is left after a crash."""

import itertools
import signal
from datetime import UTC, datetime

import pytest
from command import assert_one_plain_line
from toronto import TORONTO, records
from waiting import wait_until

HEADER = "event_type,event_timestamp,longitude,latitude,attributes_json\n"
GOOD = 'theft,2021-05-01T10:00:00Z,-79.4,43.7,"{""a"": 1}"\n'
slugs = (f"dirty-{number}" for number in itertools.count(1))


@pytest.fixture
def dataset(hextant, folder):
    return hextant.put_dataset(folder, next(slugs), time_zone="America/Toronto")


@pytest.fixture
def ingest(hextant, tmp_path, dataset):
    """Writes a file, ingests it and returns what the command told."""

    def ingest(content, name="events.csv", *options):
        file = tmp_path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        told = hextant.json("ingest", file, "--dataset", dataset, *options)
        assert told["received"] == told["accepted"] + told["duplicate"] + told["rejected"]
        assert sum(told["rejected_by_reason"].values()) == told["rejected"]
        return told

    return ingest


def counts(told):
    return told["received"], told["accepted"], told["duplicate"], told["rejected"]


def events(database, dataset):
    return database.rows(
        """
        SELECT event_type, event_timestamp AT TIME ZONE 'UTC', ST_X(geom), ST_Y(geom), attributes_json, event_id
        FROM events WHERE dataset = %s ORDER BY event_timestamp, event_type, sequence
        """,
        [dataset],
    )


def dead_letters(database, batch):
    return database.rows(
        "SELECT line_number, reason FROM dead_letters WHERE batch = %s ORDER BY line_number", [batch])


THEFT = ("theft", datetime(2021, 5, 1, 10), -79.4, 43.7, {"a": 1}, None)


@pytest.mark.parametrize(
    "content, letters",
    [
        pytest.param(b"\xef\xbb\xbf" + (HEADER + GOOD).encode(), [], id="byte order mark"),
        pytest.param((HEADER + GOOD).replace("\n", "\r\n"), [], id="CRLF"),
        pytest.param((HEADER + GOOD).replace("\n", "\r"), [], id="CR"),
        pytest.param(HEADER + GOOD.rstrip("\n"), [], id="no line end at the end"),
        pytest.param(HEADER + "\n\n" + GOOD + "\n", [], id="empty lines"),
        pytest.param(HEADER + ",,,,\n" + GOOD + " , ,\t,,\n", [(2, "empty_row"), (4, "empty_row")], id="rows of commas"),
        pytest.param(HEADER + "theft,2021-05-01\n" + GOOD, [(2, "wrong_column_count")], id="too few columns"),
        pytest.param(HEADER + "a,2021-05-01,1,2,,\n" + GOOD, [(2, "wrong_column_count")], id="too many columns"),
        pytest.param(
            HEADER.encode() + b"caf\xe9,2021-05-01T10:00:00Z,-79.4,43.7,\n" + GOOD.encode(), [(2, "bad_utf8")], id="bad UTF-8"),
        pytest.param(HEADER.encode() + b"a\0b,2021-05-01,1,2,\n" + GOOD.encode(), [(2, "nul_byte")], id="NUL"),
        pytest.param(
            HEADER + "a,2021-05-01,,43.7,\nb,2021-05-01,-79.4, ,\n" + GOOD,
            [(2, "missing_value"), (3, "missing_value")], id="blank coordinates"),
        pytest.param(HEADER + " ,2021-05-01,1,2,\na,,1,2,\n" + GOOD,
            [(2, "missing_value"), (3, "missing_value")], id="blank type and time"),
        pytest.param(
            HEADER + "a,2021-05-01,180.001,2,\nb,2021-05-01,1,-90.5,\nc,2021-05-01,43.7,-179.4,\n" + GOOD,
            [(2, "out_of_range"), (3, "out_of_range"), (4, "out_of_range")], id="out of range"),
        pytest.param(HEADER + "a,2021-05-01,0,0.0,\n" + GOOD, [(2, "null_island")], id="null island"),
        pytest.param(
            HEADER + "a,2021-05-01,nan,2,\nb,2021-05-01,1,inf,\nc,2021-05-01,1,2x,\nd,2021-05-01,1,\"2,5\",\n" + GOOD,
            [(line, "bad_number") for line in (2, 3, 4, 5)], id="no numbers"),
        pytest.param(
            HEADER + "a,2021-02-29,1,2,\nb,2021-13-01,1,2,\nc,2021-04-31T10:00:00Z,1,2,\nd,2021-05-01T25:00:00Z,1,2,\n" + GOOD,
            [(line, "impossible_date") for line in (2, 3, 4, 5)], id="impossible dates"),
        pytest.param(
            HEADER + "a,yesterday,1,2,\nb,05/01/2021,1,2,\nc,1619863200,1,2,\n" + GOOD,
            [(line, "bad_timestamp") for line in (2, 3, 4)], id="other times"),
        pytest.param(
            HEADER + "a,2021-05-01,1,2,{\nb,2021-05-01,1,2,[1]\nc,2021-05-01,1,2,\"{\"\"k\"\": \"\"\\u0000\"\"}\"\n" + GOOD,
            [(line, "bad_json") for line in (2, 3, 4)], id="bad JSON"),
        pytest.param(HEADER + GOOD + 'a,"2021-05-01,1,2,\nb,2021-05-01,1,2\n',
            [(3, "unterminated_quote"), (4, "wrong_column_count")], id="open quote"),
        # Lines are those of the file, also after a record of several lines.
        pytest.param(
            HEADER + 'a,2021-05-01,1,"x\n\ny",\n' + GOOD + ",,,,\n", [(2, "bad_number"), (6, "empty_row")],
            id="lines after a quoted line end"),
        pytest.param(HEADER + f"{'t' * 257},2021-05-01,1,2,\n" + GOOD, [(2, "value_too_long")], id="long type"),
        pytest.param(HEADER + f'a,2021-05-01,1,2,"{"x" * (1 << 20)}"\n' + GOOD, [(2, "record_too_long")], id="long record"),
    ],
)
def test_bad_records_become_dead_letters_and_good_ones_events(ingest, database, dataset, content, letters):
    told = ingest(content)
    assert counts(told) == (1 + len(letters), 1, 0, len(letters))
    assert dead_letters(database, told["batch"]) == letters
    assert events(database, dataset) == [THEFT]
    reasons = [reason for _, reason in letters]
    assert told["rejected_by_reason"] == {reason: reasons.count(reason) for reason in reasons}
    batch = database.rows(
        "SELECT state::text, received, accepted, duplicate, rejected FROM ingest_batches WHERE id = %s", [told["batch"]])
    assert batch == [("finished", *counts(told))]


def test_quotes_may_hold_line_ends_commas_and_quotes(ingest, database, dataset):
    told = ingest(HEADER + '"a ""quoted"", type\nof two lines",2021-05-01T10:00:00Z,-79.4,43.7,\n' + GOOD)
    assert counts(told) == (2, 2, 0, 0)
    assert sorted(event[0] for event in events(database, dataset)) == ['a "quoted", type\nof two lines', "theft"]


def test_dead_letter_keeps_the_record_and_says_what_is_wrong(ingest, database):
    told = ingest(HEADER.encode() + b"caf\xe9,2021-05-01,1,2,\na,2021-05-01,200,2,\n")
    letters = database.rows(
        "SELECT raw, detail FROM dead_letters WHERE batch = %s ORDER BY line_number", [told["batch"]])
    assert [raw for raw, _ in letters] == ["caf\\xE9,2021-05-01,1,2,", "a,2021-05-01,200,2,"]
    assert "event_type" in letters[0][1] and "longitude" in letters[1][1] and "200" in letters[1][1]


@pytest.mark.parametrize("content", [HEADER, HEADER.rstrip(), HEADER + "\n\n"], ids=["line", "no line end", "empty lines"])
def test_header_alone_is_a_finished_batch_of_nothing(ingest, database, dataset, content):
    told = ingest(content)
    assert counts(told) == (0, 0, 0, 0) and told["rejected_by_reason"] == {}
    assert database.value("SELECT state::text FROM ingest_batches WHERE id = %s", [told["batch"]]) == "finished"


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", ["empty", "header"]),
        (b"\n\n", ["empty", "header"]),
        (HEADER.replace("latitude,", "").encode() + b"a,2021-05-01,1,\n", ["latitude", ":1"]),
        (HEADER.replace("event_type", "longitude").encode(), ["event_type"]),
        (HEADER.replace("latitude", "longitude").encode(), ["longitude"]),
        ((HEADER + GOOD).encode("utf-16"), ["UTF-16", "iconv"]),
        (b"\x1f\x8b\x08\0\0\0\0\0", ["gzip", "gunzip"]),
        (b"PK\x03\x04\0\0\0\0", ["zip"]),
        (b'event_type,"event_timestamp\n' + GOOD.encode(), ["quote"]),
    ],
    ids=["empty", "blank lines", "missing column", "wrong column", "column twice", "UTF-16", "gzip", "zip", "open quote"],
)
def test_file_that_cannot_be_read_is_refused_and_writes_nothing(hextant, database, dataset, tmp_path, content, words):
    file = tmp_path / "events.csv"
    file.write_bytes(content)
    outcome = hextant("ingest", file, "--dataset", dataset)
    assert (outcome.code, outcome.out) == (65, "")
    assert_one_plain_line(outcome.err)
    assert "events.csv" in outcome.err and all(word in outcome.err for word in words), outcome.err
    assert events(database, dataset) == []
    assert database.value(
        "SELECT count(*) FROM ingest_batches WHERE dataset = %s AND state <> 'failed'", [dataset]) == 0


def test_twins_in_one_file_are_two_events_and_the_same_file_again_adds_none(ingest, database, dataset):
    content = HEADER + GOOD + GOOD + ",,,,\n"
    first = ingest(content)
    assert counts(first) == (3, 2, 0, 1)
    again = ingest(content, "the same under another name.csv")
    assert counts(again) == (3, 0, 2, 1)
    assert events(database, dataset) == [THEFT, THEFT]
    # The rejected row is kept once: with its first batch.
    assert dead_letters(database, first["batch"]) == [(4, "empty_row")] and dead_letters(database, again["batch"]) == []
    assert counts(ingest(content + GOOD)) == (4, 3, 0, 1)  # another file: its rows are its own
    assert len(events(database, dataset)) == 5


IDS = HEADER.replace("event_type", "event_id,event_type")


def test_newer_version_of_an_id_replaces_the_older_wherever_it_moves(ingest, database, dataset):
    first = IDS + "7,a,2021-05-01T10:00:00Z,1,2,\n8,b,2021-05-02T10:00:00Z,1,2,\n"
    assert counts(ingest(first)) == (2, 2, 0, 0)
    # Same content in another file: nothing new. Then 7 moves to another month (another chunk) and place.
    assert counts(ingest(first + "\n")) == (2, 0, 2, 0)
    moved = IDS + "7,a,2021-08-09T10:00:00Z,3,4,\n8,b,2021-05-02T10:00:00Z,1,2,\n"
    assert counts(ingest(moved)) == (2, 1, 1, 0)
    assert events(database, dataset) == [
        ("b", datetime(2021, 5, 2, 10), 1.0, 2.0, {}, "8"), ("a", datetime(2021, 8, 9, 10), 3.0, 4.0, {}, "7")]
    for column, changed in {
        "type": "7,c,2021-08-09T10:00:00Z,3,4,", "attributes": '7,c,2021-08-09T10:00:00Z,3,4,"{""k"": 1}"',
        "place": '7,c,2021-08-09T10:00:00Z,3.0000001,4,"{""k"": 1}"',
    }.items():
        assert counts(ingest(IDS + changed + "\n")) == (1, 1, 0, 0), column
    assert len(events(database, dataset)) == 2


def test_last_record_of_an_id_in_a_file_counts(ingest, database, dataset):
    told = ingest(IDS + "7,a,2021-05-01T10:00:00Z,1,2,\n,x,2021-05-03T10:00:00Z,1,2,\n7,b,2021-06-01T10:00:00Z,1,2,\n")
    assert counts(told) == (3, 2, 1, 0)
    assert [(event[0], event[5]) for event in events(database, dataset)] == [("x", None), ("b", "7")]


def test_every_row_of_toronto_is_stored_as_the_file_says(toronto):
    assert counts(toronto.ingest) == (len(records()), len(records()), 0, 0)
    stored = toronto.database.rows("SELECT event_timestamp, ST_Y(geom), ST_X(geom), event_type FROM events")
    assert sorted((at.astimezone(UTC), *rest) for at, *rest in stored) == sorted(row[1:] for row in records())


def running(database, dataset):
    """Whether rows of the dataset's batch are being copied now."""
    return database.value(
        """
        SELECT EXISTS (SELECT FROM ingest_batches WHERE dataset = %s AND state = 'running') AND EXISTS (
            SELECT FROM pg_stat_activity
            WHERE datname = current_database() AND query LIKE 'COPY events%%' AND backend_xid IS NOT NULL)
        """,
        [dataset],
    )


def test_killed_ingest_leaves_nothing_and_a_second_one_finishes(hextant, database, dataset, tmp_path):
    file = tmp_path / "toronto.csv"
    header, rest = TORONTO.read_bytes().split(b"\n", 1)
    file.write_bytes(header + b"\n" + b"," * 13 + b"\n" + rest)  # with a dead letter
    command = ["ingest", file, "--dataset", dataset, "--mapping", "toronto"]
    with hextant.start(*command) as killed:
        wait_until(lambda: running(database, dataset), "the first rows")
        killed.kill()
    assert killed.returncode == -signal.SIGKILL
    wait_until(lambda: not running(database, dataset), "PostgreSQL to give the batch up")
    kept = "SELECT (SELECT count(*) FROM events WHERE dataset = %s), (SELECT count(*) FROM dead_letters l JOIN ingest_batches b ON b.id = l.batch WHERE b.dataset = %s)"
    assert database.rows(kept, [dataset, dataset]) == [(0, 0)]

    told = hextant.json(*command)
    assert counts(told) == (len(records()) + 1, len(records()), 0, 1)
    assert database.rows(kept, [dataset, dataset]) == [(len(records()), 1)]
    assert database.rows("SELECT state::text FROM ingest_batches WHERE dataset = %s ORDER BY id", [dataset]) == [
        ("failed",), ("finished",)]


def test_second_ingest_at_the_same_time_is_told_to_come_back(hextant, database, dataset, folder):
    command = ["ingest", TORONTO, "--dataset", dataset, "--mapping", "toronto"]
    with hextant.start(*command) as first:
        wait_until(lambda: running(database, dataset), "the first rows")
        first.send_signal(signal.SIGSTOP)  # so that it cannot end before the second has tried
        second = hextant(*command)
        other = hextant.put_dataset(folder, next(slugs))
        elsewhere = hextant.json("ingest", TORONTO, "--dataset", other, "--mapping", "toronto")
        first.send_signal(signal.SIGCONT)
        first.communicate(timeout=120)
    assert second.code == 75 and first.returncode == 0 and elsewhere["accepted"] == len(records())
    assert_one_plain_line(second.err)
    assert "another ingest" in second.err and dataset in second.err


def test_what_is_unknown_is_named(hextant, dataset, tmp_path, folder):
    file, mapping = tmp_path / "good.csv", tmp_path / "mine.yaml"
    file.write_text(HEADER + GOOD)
    mapping.write_text("event_type: {column: event_type}\ntime: {column: event_timestamp, zone: Mars/Olympus}\n"
                       "coordinates: {longitude: longitude, latitude: latitude}\n")
    zone = folder / "zone.yaml"
    zone.write_text('{"slug": "zone", "title": "t", "licence": "l", "attribution": "a", "time_zone": "Mars/Olympus", "resolutions": [7]}')
    for command, words in [
        (["ingest", file, "--dataset", "absent"], ["absent", "datasets put"]),
        (["ingest", file, "--dataset", dataset, "--mapping", "absent"], ["absent"]),
        (["ingest", file, "--dataset", dataset, "--mapping", "absent.yaml"], ["absent.yaml"]),
        (["ingest", file, "--dataset", dataset, "--mapping", mapping], ["mine.yaml:2", "Mars/Olympus"]),
        (["ingest", tmp_path / "absent.csv", "--dataset", dataset], ["absent.csv"]),
        (["ingest", tmp_path, "--dataset", dataset], [tmp_path.name]),
        (["datasets", "put", zone], ["time_zone", "Mars/Olympus"]),
        (["score", "--dataset", "absent"], ["absent"]),
    ]:
        outcome = hextant(*command)
        assert (outcome.code, outcome.out) == (65, ""), outcome
        assert_one_plain_line(outcome.err)
        assert all(word in outcome.err for word in words), outcome.err
