"""The same data that come again: packed or encoded in another way, or as a list that has grown."""

import gzip
import io
import random
import zipfile

import pytest
from canonical import HEADER, counts, events
from uploads import call, server  # noqa: F401

UP = (
    HEADER + "theft,2021-05-04T05:06:07Z,-79.4,43.7,{}\n" + "theft,2021-05-04T05:06:07Z,-79.4,43.7,{}\n"
    'vol à main armée,2021-05-05T05:06:07Z,-79.4,43.7,"{""a"": ""x, y""}"\n'
).encode()


def zipped(content):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("up.csv", content)
    return file.getvalue()


FORMS = {
    "gzip -9": gzip.compress(UP, 9, mtime=1),
    "gzip -1": gzip.compress(UP, 1, mtime=2),
    "two gzip members": gzip.compress(UP[:90]) + gzip.compress(UP[90:]),
    "zip": zipped(UP),
    "CRLF": UP.replace(b"\n", b"\r\n"),
    "byte order mark": b"\xef\xbb\xbf" + UP,
    "UTF-16": UP.decode().encode("utf-16"),
    "CP1252": UP.decode().encode("cp1252"),
    "blank lines": UP.replace(b"\n", b"\n\n"),
    "more quotes": UP.replace(b"theft", b'"theft" '),
    "no line end": UP[:-1],
}


@pytest.fixture
def mapping(tmp_path):
    """The canonical layout in any encoding."""

    def mapping(more=""):
        file = tmp_path / "any.yaml"
        file.write_text(
            "event_type: {column: event_type}\ntime: {column: event_timestamp}\n"
            "coordinates: {longitude: longitude, latitude: latitude}\nattributes: {json: attributes_json}\n" + more
        )
        return file

    return mapping


@pytest.fixture
def send(hextant, dataset, tmp_path, mapping):
    """Ingests content with the mapping and returns the output of the command."""

    def send(content, more=""):
        file = tmp_path / "sent"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return hextant.json("ingest", file, "--dataset", dataset, "--mapping", mapping(more))

    return send


def test_the_same_data_packed_again_are_duplicates(send, database, dataset):
    assert counts(send(UP)) == (3, 3, 0, 0)
    for form, content in FORMS.items():
        told = send(content)
        assert counts(told) == (3, 0, 3, 0), form
        # An encoding that the bytes do not show is a guess.
        assert ["read as cp1252" in warning for warning in told["warnings"]] == [True] * (form == "CP1252"), form
    assert len(events(database, dataset)) == 3


def test_what_came_packed_first_is_known_unpacked(send, database, dataset):
    for content in [FORMS["zip"], UP, FORMS["UTF-16"], FORMS["zip"]]:
        send(content)
    assert len(events(database, dataset)) == 3


def test_another_mapping_does_not_make_it_other_data(send, database, dataset):
    send(UP)
    assert counts(send(FORMS["gzip -9"], "filter: [{column: event_type, not_in: [theft]}]\n")) == (1, 0, 1, 0)
    assert len(events(database, dataset)) == 3


def test_large_file_is_known_by_all_of_its_records(send, database, dataset):
    rows = [f"theft,2021-05-04T05:06:07Z,-79.4,{43 + number / 1e5:.5f},\n" for number in range(5000)]
    assert send(HEADER + "".join(rows))["accepted"] == 5000
    assert counts(send(gzip.compress((HEADER + "".join(rows)).encode()))) == (5000, 0, 5000, 0)
    # The same beginning and another end is another file.
    changed = send(HEADER + "".join(rows[:-1]) + "theft,2021-05-04T05:06:07Z,-79.4,50,\n")
    assert changed["accepted"] == 5000
    assert len(changed["warnings"]) == 1 and "`identity: content`" in changed["warnings"][0]
    assert database.value("SELECT count(*) FROM events WHERE dataset = %s", [dataset]) == 10_000


def test_upload_in_another_packing_is_known(call, database, dataset):  # noqa: F811
    upload = f"/v1/events/upload?dataset={dataset}"
    first = call("POST", upload, data=UP)
    assert counts(first.json()) == (3, 3, 0, 0), first.text
    again = call("POST", upload, data=FORMS["gzip -1"])
    assert again.status_code == 201 and counts(again.json()) == (3, 0, 3, 0)
    grown = call("POST", upload, data=UP + b"theft,2021-05-06T05:06:07Z,-79.4,43.7,\n").json()
    assert counts(grown) == (4, 4, 0, 0) and "`identity: content`" in grown["warnings"][0]
    assert call("GET", f"/v1/ingest/batches/{grown['id']}").json() == grown


def test_list_that_grows_every_day_brings_its_new_rows(send, database, dataset):
    rows = [f"theft,2021-05-{day:02}T05:06:07Z,-79.4,43.7,\n" for day in range(1, 11)] * 2
    assert send(HEADER + "".join(rows), "identity: content\n")["accepted"] == 20
    chance = random.Random(7)
    for day in range(11, 15):
        rows += [f"theft,2021-05-{day:02}T05:06:07Z,-79.4,43.7,\n"] * 3
        chance.shuffle(rows)
        told = send(HEADER + "".join(rows), "identity: content\n")
        assert (counts(told), told["warnings"]) == ((len(rows), 3, len(rows) - 3, 0), [])
    assert len(events(database, dataset)) == len(rows)


def test_list_that_grew_before_the_key_was_known(send, database, dataset):
    first = HEADER + "".join(f"theft,2021-05-{day:02}T05:06:07Z,-79.4,43.7,\n" for day in range(1, 6))
    send(first)
    grown = first + "theft,2021-05-06T05:06:07Z,-79.4,43.7,\n"
    assert counts(send(grown, "identity: content\n")) == (6, 1, 5, 0)
    assert len(events(database, dataset)) == 6


def test_person_is_told_in_a_line(hextant, dataset, tmp_path, mapping):
    file = tmp_path / "list.csv"
    file.write_bytes(UP)
    hextant.json("ingest", file, "--dataset", dataset, "--mapping", mapping())
    file.write_bytes(UP + b"theft,2021-05-06T05:06:07Z,-79.4,43.7,\n")
    outcome = hextant("ingest", file, "--dataset", dataset, "--mapping", mapping())
    assert outcome.code == 0
    [warning] = [line for line in outcome.err.splitlines() if "warning" in line]
    assert warning.startswith("hextant: warning: 3 of 4 events that were compared are stored already"), outcome


def test_unknown_identity_is_refused(hextant, dataset, tmp_path, mapping):
    file = tmp_path / "up.csv"
    file.write_bytes(UP)
    outcome = hextant("ingest", file, "--dataset", dataset, "--mapping", mapping("identity: row\n"))
    assert outcome.code == 65 and "any.yaml:5" in outcome.err and "file, content" in outcome.err, outcome.err


def test_letters_read_again_are_known_by_their_content(send, hextant, database, dataset, tmp_path, mapping):
    bad = HEADER + "theft,2021-05-04T05:06:07Z,-79.4,43.7,\ntheft,05.05.2021,-79.4,43.7,\n"
    first = send(bad, "identity: content\n")
    assert counts(first) == (2, 1, 0, 1)
    better = mapping("identity: content\n").read_text().replace(
        "event_timestamp}", 'event_timestamp, patterns: [iso8601, "dd.MM.yyyy"]}')
    (tmp_path / "better.yaml").write_text(better)
    done = hextant.json(
        "dead-letters", "remediate", "--batch", str(first["batch"]), "--mapping", tmp_path / "better.yaml")
    assert (done["remediated"], done["accepted"]) == (1, 1)
    (tmp_path / "grown.csv").write_text(bad + "theft,06.05.2021,-79.4,43.7,\n")
    told = hextant.json(
        "ingest", tmp_path / "grown.csv", "--dataset", dataset, "--mapping", tmp_path / "better.yaml")
    assert counts(told) == (3, 1, 2, 0)
    assert len(events(database, dataset)) == 3
