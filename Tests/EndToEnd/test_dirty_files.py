"""Dirty files through the binary: their counts and dead letters."""

import pytest
from canonical import GOOD, HEADER, THEFT, counts, dead_letters, events
from command import assert_one_plain_line


@pytest.mark.parametrize(
    "content, letters",
    [
        pytest.param(b"\xef\xbb\xbf" + (HEADER + GOOD).encode(), [], id="byte order mark"),
        pytest.param((HEADER + GOOD).replace("\n", "\r\n"), [], id="CRLF"),
        pytest.param((HEADER + GOOD).replace("\n", "\r"), [], id="CR"),
        pytest.param(HEADER + GOOD.rstrip("\n"), [], id="no line end at the end"),
        pytest.param(HEADER + "\n\n" + GOOD + "\n", [], id="empty lines"),
        pytest.param(
            HEADER + ",,,,\n" + GOOD + " , ,\t,,\n", [(2, "empty_row"), (4, "empty_row")], id="rows of commas"
        ),
        pytest.param(HEADER + "theft,2021-05-01\n" + GOOD, [(2, "wrong_column_count")], id="too few columns"),
        pytest.param(HEADER + "a,2021-05-01,1,2,,x\n" + GOOD, [(2, "wrong_column_count")], id="too many columns"),
        pytest.param(
            HEADER.encode() + b"caf\xe9,2021-05-01T10:00:00Z,-79.4,43.7,\n" + GOOD.encode(),
            [(2, "bad_utf8")],
            id="bad UTF-8",
        ),
        pytest.param(HEADER.encode() + b"a\0b,2021-05-01,1,2,\n" + GOOD.encode(), [(2, "nul_byte")], id="NUL"),
        pytest.param(
            HEADER + "a,2021-05-01,,43.7,\nb,2021-05-01,-79.4, ,\n" + GOOD,
            [(2, "missing_value"), (3, "missing_value")],
            id="blank coordinates",
        ),
        pytest.param(
            HEADER + " ,2021-05-01,1,2,\na,,1,2,\n" + GOOD,
            [(2, "missing_value"), (3, "missing_value")],
            id="blank type and time",
        ),
        pytest.param(
            HEADER + "a,2021-05-01,180.001,2,\nb,2021-05-01,1,-90.5,\nc,2021-05-01,43.7,-179.4,\n" + GOOD,
            [(2, "out_of_range"), (3, "out_of_range"), (4, "out_of_range")],
            id="out of range",
        ),
        pytest.param(HEADER + "a,2021-05-01,0,0.0,\n" + GOOD, [(2, "null_island")], id="null island"),
        pytest.param(
            HEADER + 'a,2021-05-01,nan,2,\nb,2021-05-01,1,inf,\nc,2021-05-01,1,2x,\nd,2021-05-01,1,"2,5",\n' + GOOD,
            [(line, "bad_number") for line in (2, 3, 4, 5)],
            id="no numbers",
        ),
        pytest.param(
            HEADER
            + "a,2021-02-29,1,2,\nb,2021-13-01,1,2,\nc,2021-04-31T10:00Z,1,2,\nd,2021-05-01T25:00Z,1,2,\n"
            + GOOD,
            [(line, "impossible_date") for line in (2, 3, 4, 5)],
            id="impossible dates",
        ),
        pytest.param(
            HEADER + "a,yesterday,1,2,\nb,05/01/2021,1,2,\nc,1619863200,1,2,\n" + GOOD,
            [(line, "bad_timestamp") for line in (2, 3, 4)],
            id="other times",
        ),
        pytest.param(
            HEADER + 'a,2021-05-01,1,2,{\nb,2021-05-01,1,2,[1]\nc,2021-05-01,1,2,"{""k"": ""\\u0000""}"\n' + GOOD,
            [(line, "bad_json") for line in (2, 3, 4)],
            id="bad JSON",
        ),
        pytest.param(
            HEADER + GOOD + 'a,"2021-05-01,1,2,\nb,2021-05-01,1\n',
            [(3, "unterminated_quote"), (4, "wrong_column_count")],
            id="open quote",
        ),
        pytest.param(
            HEADER + '"a,2021-05-01,1,2,\n' + GOOD + 'b","2021-05-01" x,1,2,\n',
            [(2, "unterminated_quote"), (4, "text_after_quote")],
            id="stray quotes",
        ),
        # Line numbers are those of the file, also after a record of several lines.
        pytest.param(
            HEADER + 'a,2021-05-01,1,"x\n\ny",\n' + GOOD + ",,,,\n",
            [(2, "bad_number"), (6, "empty_row")],
            id="lines after a quoted line end",
        ),
        pytest.param(HEADER + f"{'t' * 257},2021-05-01,1,2,\n" + GOOD, [(2, "value_too_long")], id="long type"),
        pytest.param(
            HEADER + f'a,2021-05-01,1,2,"{"x" * (1 << 20)}"\n' + GOOD, [(2, "record_too_long")], id="long record"
        ),
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
        "SELECT state::text, received, accepted, duplicate, rejected FROM ingest_batches WHERE id = %s",
        [told["batch"]],
    )
    assert batch == [("finished", *counts(told))]


def test_quotes_may_hold_line_ends_commas_and_quotes(ingest, database, dataset):
    told = ingest(HEADER + '"a ""quoted"", type\nof two lines",2021-05-01T10:00:00Z,-79.4,43.7,\n' + GOOD)
    assert counts(told) == (2, 2, 0, 0)
    assert sorted(event[0] for event in events(database, dataset)) == ['a "quoted", type\nof two lines', "theft"]


def test_dead_letter_keeps_the_record_and_says_what_is_wrong(ingest, database):
    told = ingest(HEADER.encode() + b"caf\xe9,2021-05-01,1,2,\na,2021-05-01,200,2,\n")
    letters = database.rows(
        "SELECT raw, detail FROM dead_letters WHERE batch = %s ORDER BY line_number", [told["batch"]]
    )
    assert [raw for raw, _ in letters] == ["caf\\xE9,2021-05-01,1,2,", "a,2021-05-01,200,2,"]
    assert "event_type" in letters[0][1] and "longitude" in letters[1][1] and "200" in letters[1][1]


@pytest.mark.parametrize(
    "content", [HEADER, HEADER.rstrip(), HEADER + "\n\n"], ids=["line", "no line end", "empty lines"]
)
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
        ((HEADER + GOOD).encode("utf-16"), ["not UTF-8", "encoding"]),
        (b"\x1f\x8b\x08\0\0\0\0\0", ["compressed", "cut short"]),
        (b"PK\x03\x04\0\0\0\0", ["zip"]),
        (b'event_type,"event_timestamp\na,b,c\n', ["quote", ":1"]),
    ],
    ids="empty,blank lines,missing column,wrong column,column twice,UTF-16,gzip,zip,open quote".split(","),
)
def test_file_that_cannot_be_read_is_refused_and_writes_nothing(hextant, database, dataset, tmp_path, content, words):
    file = tmp_path / "events.csv"
    file.write_bytes(content)
    outcome = hextant("ingest", file, "--dataset", dataset)
    assert (outcome.code, outcome.out) == (65, "")
    assert_one_plain_line(outcome.err)
    assert "events.csv" in outcome.err and all(word in outcome.err for word in words), outcome.err
    assert events(database, dataset) == []
    assert (
        database.value("SELECT count(*) FROM ingest_batches WHERE dataset = %s AND state <> 'failed'", [dataset]) == 0
    )
