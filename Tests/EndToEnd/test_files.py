"""Files as they come: from pipes, in archives, as our own lists, and with nothing in them that could be read."""

import gzip
import json
import subprocess
import zipfile

import pytest
from canonical import GOOD, HEADER, THEFT, counts, dead_letters, events
from command import PATIENCE, assert_one_plain_line

BAD = "theft,yesterday,-79.4,43.7,\n"


def run(hextant, arguments, content, folder):
    """Runs the command with bytes from a pipe, and with a folder for temporary files."""
    return subprocess.run(
        arguments,
        input=content,
        capture_output=True,
        timeout=PATIENCE,
        env=hextant.environment | {"TMPDIR": str(folder), "BIN": hextant.binary},
    )


@pytest.mark.parametrize("name", ["-", "/dev/stdin", "/dev/fd/0"])
def test_pipe_is_read_like_a_file(hextant, database, dataset, tmp_path, ingest, name):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    content = (HEADER + GOOD + BAD).encode()
    command = [hextant.binary, "ingest", name, "--dataset", dataset, "--json"]
    done = run(hextant, command, content, temporary)
    assert done.returncode == 0, done.stderr
    assert counts(json.loads(done.stdout)) == (2, 1, 0, 1)
    assert events(database, dataset) == [THEFT]
    assert list(temporary.iterdir()) == []
    # The same content is known again, wherever it comes from.
    assert counts(ingest(content)) == (2, 0, 1, 1)
    packed = run(hextant, command, gzip.compress(content), temporary)
    assert packed.returncode == 0, packed.stderr


def test_pipe_may_be_named_by_the_shell(hextant, database, dataset, tmp_path):
    file = tmp_path / "events.csv"
    file.write_text(HEADER + GOOD)
    shell = f'"$BIN" ingest <(cat {file}) --dataset {dataset} --json'
    done = run(hextant, ["bash", "-c", shell], b"", tmp_path)
    assert done.returncode == 0, done.stderr
    assert events(database, dataset) == [THEFT]


def test_pipe_may_bring_an_archive_and_is_shown_by_a_dry_run(hextant, database, dataset, tmp_path):
    archive = tmp_path / "events.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("Readme.txt", "About this download.")
        packed.writestr("one.csv", HEADER + GOOD)
        packed.writestr("two.csv", HEADER + GOOD.replace("theft", "arson"))
    content = archive.read_bytes()
    shown = run(hextant, [hextant.binary, "ingest", "-", "--dry-run", "--json"], content, tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["accepted"] == 2
    command = [hextant.binary, "ingest", "-", "--dataset", dataset, "--json"]
    for member, kinds in [("two.csv", ["arson"]), ("one.csv", ["arson", "theft"])]:
        done = run(hextant, [*command, "--member", member], content, tmp_path)
        assert done.returncode == 0, done.stderr
        assert sorted(event[0] for event in events(database, dataset)) == kinds


def test_empty_pipe_is_refused(hextant, dataset, tmp_path):
    done = run(hextant, [hextant.binary, "ingest", "-", "--dataset", dataset], b"", tmp_path)
    assert done.returncode == 65
    assert b"standard input" in done.stderr and b"empty" in done.stderr


def test_ingest_that_accepts_nothing_fails_and_keeps_its_dead_letters(hextant, database, dataset, tmp_path):
    file = tmp_path / "events.csv"
    file.write_text(HEADER + BAD + BAD)
    command = ["ingest", file, "--dataset", dataset, "--json"]
    outcome = hextant(*command)
    assert outcome.code == 65
    # The line before is the progress.
    assert_one_plain_line(outcome.err.splitlines(keepends=True)[-1])
    assert "none of 2 records was accepted" in outcome.err and "--allow-empty" in outcome.err
    told = outcome.json
    assert counts(told) == (2, 0, 0, 2)
    assert dead_letters(database, told["batch"]) == [(2, "bad_timestamp"), (3, "bad_timestamp")]
    assert database.value("SELECT state::text FROM ingest_batches WHERE id = %s", [told["batch"]]) == "finished"
    assert hextant(*command, "--allow-empty").code == 0
    # A single good record, even one that is there already, is enough.
    file.write_text(HEADER + BAD + GOOD)
    assert hextant(*command).code == 0 and hextant(*command).code == 0
    for content in [HEADER, "[]"]:
        file.write_text(content)
        assert hextant(*command).code == 0, content


def test_dry_run_that_would_accept_nothing_says_so_and_fails(hextant, tmp_path):
    file = tmp_path / "events.csv"
    file.write_text(HEADER + BAD + BAD)
    command = ["ingest", file, "--dry-run", "--mapping", "canonical"]
    outcome = hextant(*command)
    assert outcome.code == 65
    assert_one_plain_line(outcome.err)
    assert "none of 2 records would be accepted" in outcome.err and "--allow-empty" in outcome.err
    assert "None of the records would be accepted" in outcome.out and "2 bad_timestamp" in outcome.out
    told = hextant(*command, "--json")
    assert told.code == 65 and (told.json["accepted"], told.json["rejected"]) == (0, 2)
    assert hextant(*command, "--allow-empty").code == 0
    for content in [HEADER, HEADER + BAD + GOOD]:
        file.write_text(content)
        assert hextant(*command).code == 0, content


def test_what_was_guessed_is_said(hextant, dataset, tmp_path):
    file, mapping = tmp_path / "events.csv", tmp_path / "mapping.yaml"
    mapping.write_text(
        "event_type: {column: type}\ntime: {column: time}\ncoordinates: {longitude: lon, latitude: lat}\n"
    )
    file.write_bytes("Report,,,\ntype,time,lon,lat\nкража,2021-03-04,1,2\n".encode("cp1251"))
    command = ["ingest", file, "--dataset", dataset, "--mapping", mapping]
    told = hextant.json(*command)
    assert told["accepted"] == 1 and len(told["warnings"]) == 2
    assert "line 2" in told["warnings"][0] and "read as cp1252" in told["warnings"][1]
    said = [line for line in hextant(*command).err.splitlines() if line.startswith("hextant: ")]
    assert [f"hextant: warning: {warning}" for warning in told["warnings"]] == said
    out = hextant(*command, "--dry-run").out
    assert all(f"Note: {warning}\n" in out for warning in told["warnings"]) and out.count("Note: ") == 2
    stated = hextant.json(*command, "--encoding", "cp1251")
    assert [warning for warning in stated["warnings"] if "encoding" in warning] == []
    refused = hextant(*command, "--encoding", "klingon")
    assert refused.code == 64 and "not a known encoding" in refused.err


KINDS = ["-none-", "=HYPERLINK", "@home", "'quoted'", "''", "O'Brien & Söhne, \"100 %\"", "+1", " plain", "two\nlines"]


@pytest.mark.parametrize("form", ["csv", "geojson", "geojsonseq", "json"])
def test_own_lists_come_back_whole(hextant, database, folder, tmp_path, server, key, form):
    slug = f"list-{form}"
    source = hextant.put_dataset(folder, slug)
    copy = hextant.put_dataset(folder, f"{slug}-copy")
    written = [
        {
            "event_id": None if number == 2 else f"={number}",
            "event_type": kind,
            "event_timestamp": f"2021-03-04T05:06:{number:02}.25Z",
            "longitude": -179.5 + number,
            "latitude": 0 if number else 43.7,
            "attributes": {"note": kind, "more": {"list": [1, None, "x"]}, "number": number / 10},
        }
        for number, kind in enumerate(KINDS)
    ]
    first = tmp_path / "first.ndjson"
    first.write_text("\n".join(json.dumps(event) for event in written))
    assert hextant.json("ingest", first, "--dataset", source, "--mapping", "hextant-events")["accepted"] == len(KINDS)

    file = tmp_path / f"events.{form}"
    file.write_bytes(server.asking_as(key).raw("/v1/events", dataset=source, f=form, limit=100).body)
    proposed = hextant.json("ingest", file, "--dry-run")
    assert proposed["accepted"] == len(KINDS) and proposed["rejected"] == 0
    assert proposed["mapping"] == ("hextant-events" if form in ["csv", "json"] else "hextant-geojson")
    told = hextant.json("ingest", file, "--dataset", copy, "--mapping", proposed["mapping"])
    assert told["accepted"] == len(KINDS)
    assert events(database, copy) == events(database, source)
    stripped = sorted(kind.strip() for kind in KINDS)
    assert sorted(event[0] for event in events(database, copy)) == stripped
