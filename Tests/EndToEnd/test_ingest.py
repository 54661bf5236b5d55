"""Stored events of a file: once, in their newest version, and all or none of them."""

import signal
from datetime import UTC, datetime

from canonical import GOOD, HEADER, THEFT, counts, dead_letters, events
from command import assert_one_plain_line
from toronto import TORONTO, records
from waiting import wait_until


def test_twins_in_one_file_are_two_events_and_the_same_file_again_adds_none(ingest, database, dataset):
    content = HEADER + GOOD + GOOD + ",,,,\n"
    first = ingest(content)
    assert counts(first) == (3, 2, 0, 1)
    again = ingest(content, "the same under another name.csv")
    assert counts(again) == (3, 0, 2, 1)
    assert events(database, dataset) == [THEFT, THEFT]
    # The rejected row is stored once: with its first batch.
    assert dead_letters(database, first["batch"]) == [(4, "empty_row")] and dead_letters(database, again["batch"]) == []
    assert counts(ingest(content + GOOD)) == (4, 3, 0, 1)  # another file: its rows are separate
    assert len(events(database, dataset)) == 5


IDS = HEADER.replace("event_type", "event_id,event_type")


def test_newer_version_of_an_id_replaces_the_older_wherever_it_moves(ingest, database, dataset):
    first = IDS + "7,a,2021-05-01T10:00:00Z,1,2,\n8,b,2021-05-02T10:00:00Z,1,2,\n"
    assert counts(ingest(first)) == (2, 2, 0, 0)
    # The same content in another file adds nothing. Then event 7 moves to another month (another partition) and place.
    assert counts(ingest(first + "\n")) == (2, 0, 2, 0)
    moved = IDS + "7,a,2021-08-09T10:00:00Z,3,4,\n8,b,2021-05-02T10:00:00Z,1,2,\n"
    assert counts(ingest(moved)) == (2, 1, 1, 0)
    assert events(database, dataset) == [
        ("b", datetime(2021, 5, 2, 10), 1.0, 2.0, {}, "8"),
        ("a", datetime(2021, 8, 9, 10), 3.0, 4.0, {}, "7"),
    ]
    for column, changed in {
        "type": "7,c,2021-08-09T10:00:00Z,3,4,",
        "attributes": '7,c,2021-08-09T10:00:00Z,3,4,"{""k"": 1}"',
        "place": '7,c,2021-08-09T10:00:00Z,3.0000001,4,"{""k"": 1}"',
    }.items():
        assert counts(ingest(IDS + changed + "\n")) == (1, 1, 0, 0), column
    assert len(events(database, dataset)) == 2


def test_last_record_of_an_id_in_a_file_counts(ingest, database, dataset):
    told = ingest(IDS + "7,a,2021-05-01T10:00:00Z,1,2,\n,x,2021-05-03T10:00:00Z,1,2,\n7,b,2021-06-01T10:00:00Z,1,2,\n")
    assert counts(told) == (3, 2, 1, 0)
    assert [(event[0], event[5]) for event in events(database, dataset)] == [("x", None), ("b", "7")]


def test_every_row_of_toronto_is_stored_as_the_file_says(toronto):
    told = toronto.database.rows("SELECT received, accepted, duplicate, rejected FROM ingest_batches")
    assert told == [(len(records()), len(records()), 0, 0)]
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
    kept = """
        SELECT (SELECT count(*) FROM events WHERE dataset = %s),
            (SELECT count(*) FROM dead_letters l JOIN ingest_batches b ON b.id = l.batch WHERE b.dataset = %s)
    """
    assert database.rows(kept, [dataset, dataset]) == [(0, 0)]

    told = hextant.json(*command)
    assert counts(told) == (len(records()) + 1, len(records()), 0, 1)
    assert database.rows(kept, [dataset, dataset]) == [(len(records()), 1)]
    assert database.rows("SELECT state::text FROM ingest_batches WHERE dataset = %s ORDER BY id", [dataset]) == [
        ("failed",),
        ("finished",),
    ]


def test_second_ingest_at_the_same_time_is_told_to_come_back(hextant, database, dataset, folder, tmp_path):
    file = tmp_path / "elsewhere.csv"
    file.write_text(HEADER + GOOD)
    command = ["ingest", TORONTO, "--dataset", dataset, "--mapping", "toronto"]
    with hextant.start(*command) as first:
        wait_until(lambda: running(database, dataset), "the first rows")
        first.send_signal(signal.SIGSTOP)  # so that it cannot end before the second has tried
        second = hextant(*command)
        other = hextant.put_dataset(folder, f"{dataset}-other")
        elsewhere = hextant.json("ingest", file, "--dataset", other)
        first.send_signal(signal.SIGCONT)
        first.communicate(timeout=120)
    assert second.code == 75 and first.returncode == 0 and elsewhere["accepted"] == 1
    assert_one_plain_line(second.err)
    assert "another ingest" in second.err and dataset in second.err


def test_what_is_unknown_is_named(hextant, dataset, tmp_path, folder):
    file, mapping = tmp_path / "good.csv", tmp_path / "mine.yaml"
    file.write_text(HEADER + GOOD)
    mapping.write_text(
        "event_type: {column: event_type}\ntime: {column: event_timestamp, zone: Mars/Olympus}\n"
        "coordinates: {longitude: longitude, latitude: latitude}\n"
    )
    zone = folder / "zone.yaml"
    zone.write_text("{slug: z, title: t, licence: l, attribution: a, time_zone: Mars/Olympus, resolutions: [7]}")
    for command, words in [
        (["ingest", file, "--dataset", "absent"], ["absent", "datasets put"]),
        (["ingest", file, "--dataset", dataset, "--mapping", "absent"], ["absent"]),
        (["ingest", file, "--dataset", dataset, "--mapping", "absent.yaml"], ["absent.yaml"]),
        (["ingest", file, "--dataset", dataset, "--mapping", mapping], ["mine.yaml:2", "Mars/Olympus"]),
        (["ingest", tmp_path / "absent.csv", "--dataset", dataset], ["absent.csv"]),
        (["ingest", tmp_path, "--dataset", dataset], [tmp_path.name]),
        (["datasets", "put", zone], ["time_zone", "must be UTC or an IANA time zone"]),
        (["score", "--dataset", "absent"], ["absent"]),
    ]:
        outcome = hextant(*command)
        assert (outcome.code, outcome.out) == (65, ""), outcome
        assert_one_plain_line(outcome.err)
        assert all(word in outcome.err for word in words), outcome.err
