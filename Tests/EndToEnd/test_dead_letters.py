"""Records that could not be read: listed, exported, and read again."""

import json
from urllib.parse import urlsplit

from command import REPOSITORY
from uploads import BAD, GOOD, HEADER, call, counts, server, stored  # noqa: F401


def test_dead_letters_are_listed_and_become_events_under_a_better_mapping(call, hextant, database, dataset, tmp_path):
    batch = call("POST", f"/v1/events/upload?dataset={dataset}", data=HEADER + GOOD + BAD).json()["id"]
    listed = call("GET", f"/v1/ingest/dead-letters?dataset={dataset}").json()["items"]
    assert [(item["line_number"], item["reason"], item["raw"]) for item in listed] == [
        (12, "bad_timestamp", BAD.splitlines()[0]), (13, "bad_number", BAD.splitlines()[1])]
    page = call("GET", f"/v1/ingest/dead-letters?batch={batch}&limit=1").json()
    following = urlsplit(page["next"])
    assert call("GET", f"{following.path}?{following.query}").json()["items"] == listed[1:]

    # Nothing has changed, so nothing can be read.
    same = call("POST", f"/v1/ingest/dead-letters/remediate?batch={batch}&mapping=canonical").json()
    assert (same["examined"], same["remediated"], same["accepted"]) == (2, 0, 0)

    # A mapping that takes the longitude from another column makes an event of the second record.
    mapping = tmp_path / "better.yaml"
    mapping.write_text(
        "event_type: {column: event_type}\ntime: {column: event_timestamp, patterns: [iso8601]}\n"
        "coordinates: {longitude: latitude, latitude: latitude}\nattributes: {json: attributes_json}\n")
    told = hextant.json("dead-letters", "remediate", "--batch", batch, "--mapping", mapping)
    assert told == {"batch": batch, "examined": 2, "remediated": 1, "accepted": 1, "remedies": {}}
    assert counts(call("GET", f"/v1/ingest/batches/{batch}").json()) == (12, 11, 0, 1)
    assert stored(database, dataset) == 11
    assert database.rows(
        "SELECT ST_X(geom), ST_Y(geom), row_number FROM events WHERE dataset = %s AND row_number = 12", [dataset]
    ) == [(43.7, 43.7, 12)]

    # A record that is an event by now is not read again, and sending the file again adds nothing.
    again = hextant.json("dead-letters", "remediate", "--batch", batch, "--mapping", mapping)
    assert (again["examined"], again["remediated"]) == (1, 0)
    sent = call("POST", f"/v1/events/upload?dataset={dataset}", data=HEADER + GOOD + BAD).json()
    assert counts(sent) == (12, 0, 10, 2)
    assert stored(database, dataset) == 11

    open_ones = hextant.json("dead-letters", "list", "--batch", batch)["dead_letters"]
    assert [letter["reason"] for letter in open_ones] == ["bad_timestamp"]
    lines = hextant("dead-letters", "export", "--batch", batch, "--all").out.splitlines()
    assert [json.loads(line)["raw"] for line in lines] == BAD.splitlines()


def test_letters_become_events_over_http_too(call, database, dataset):
    header = HEADER.strip() + ",type,id,time,mag,magType,depth,place,status,updated\n"
    line = 'quake,in May,-79.4,43.7,"{{}}",earthquake,{},{},3,ml,10,here,reviewed,\n'
    content = header + line.format("a", "2021-05-01T10:00:00Z") + line.format("b", "in May")
    batch = call("POST", f"/v1/events/upload?dataset={dataset}", data=content).json()
    assert counts(batch) == (2, 0, 0, 2)
    path = f"/v1/ingest/dead-letters/remediate?batch={batch['id']}&mapping="
    assert call("POST", path + "usgs&reason=null_island").json()["examined"] == 0
    told = call("POST", path + "usgs").json()
    assert (told["examined"], told["remediated"], told["accepted"]) == (2, 1, 1)
    assert counts(call("GET", f"/v1/ingest/batches/{batch['id']}").json()) == (2, 1, 0, 1)
    listed = call("GET", f"/v1/ingest/dead-letters?batch={batch['id']}&remediated=true").json()["items"]
    assert [letter["remediated_at"] is not None for letter in listed] == [True, False]
    assert database.rows("SELECT event_id, event_type FROM events WHERE dataset = %s", [dataset]) == [
        ("a", "earthquake")]
    assert call("POST", path + "uk-street").status_code == 422
    assert call("POST", path.replace(str(batch["id"]), "999999") + "usgs").status_code == 404


def test_letters_are_exported_in_pages_and_every_one_once(call, hextant, database, dataset, tmp_path):
    file = tmp_path / "events.csv"
    # More than two pages by number, and some letters longer than a page.
    long = ["x" * 1_000_000 if number % 250 == 0 else "x" for number in range(2500)]
    file.write_text(HEADER + "".join(f"theft,{number} {text},-79.4,43.7,{{}}\n" for number, text in enumerate(long)))
    mapping = tmp_path / "all-bad.yaml"
    mapping.write_text((REPOSITORY / "mappings/canonical.yaml").read_text() + "rejects: {share: 1}\n")
    command = ["ingest", file, "--dataset", dataset, "--mapping", mapping, "--allow-empty"]
    batch = hextant.json(*command)["batch"]
    lines = hextant("dead-letters", "export", "--batch", batch).out.splitlines()
    assert [json.loads(line)["line_number"] for line in lines] == list(range(2, 2502))
    assert len(hextant.json("dead-letters", "list", "--batch", batch, "--limit", 1001)["dead_letters"]) == 1001

    seen, path = [], f"/v1/ingest/dead-letters?batch={batch}&limit=1000"
    while path:
        answer = call("GET", path)
        assert len(answer.content) < 12_000_000
        seen += [item["line_number"] for item in answer.json()["items"]]
        following = answer.json()["next"]
        path = following and following.partition("/v1")[1] + following.partition("/v1")[2]
    assert seen == list(range(2, 2502))


def test_a_record_of_a_count_that_is_read_again_becomes_all_its_events(call, hextant, database, dataset, tmp_path):
    yaml = (
        "event_type: {{constant: theft}}\ntime: {{column: when}}\ncount: {{column: n}}\n"
        "coordinates: {{longitude: {}, latitude: lat}}\n")
    for name in ["lon", "east"]:
        (tmp_path / f"{name}.yaml").write_text(yaml.format(name))
    file = tmp_path / "events.csv"
    file.write_text("when,lon,east,lat,n\n2021-05-01,?,8,2,3\n2021-05-01,1,9,2,2\n2021-05-01,?,9,2,0\n")
    batch = hextant.json("ingest", file, "--dataset", dataset, "--mapping", tmp_path / "lon.yaml")["batch"]
    told = hextant.json("dead-letters", "remediate", "--batch", batch, "--mapping", tmp_path / "east.yaml")
    assert (told["examined"], told["remediated"], told["accepted"]) == (1, 1, 3)
    assert counts(call("GET", f"/v1/ingest/batches/{batch}").json()) == (5, 5, 0, 0)
    # Rows are recognized by their record, whichever mapping reads them.
    for name in ["lon", "east"]:
        again = hextant.json("ingest", file, "--dataset", dataset, "--mapping", tmp_path / f"{name}.yaml")
        assert again["accepted"] == 0
    assert database.rows(
        "SELECT row_number, ST_X(geom), count(*) FROM events WHERE dataset = %s GROUP BY 1, 2 ORDER BY 1", [dataset]
    ) == [(1, 8, 3), (2, 1, 2)]


def test_letters_are_read_again_as_the_file_was_said_to_be_written(hextant, database, dataset, tmp_path):
    """A delimiter, decimal and encoding that cannot be detected.

    `|` is rarer in the header than the comma, 1,5 is two fields for a comma, and the bytes are not UTF-8.
    """
    stated = ["--delimiter", "|", "--decimal", "comma", "--encoding", "cp1252"]
    header = '"when, local"|"east, degrees"|"north, degrees"|"what, who"\n'
    file = tmp_path / "events.csv"
    file.write_bytes(
        (header + "2021-05-01|-79,25|43,5|caf\u00e9\n1/6/2021|-79,5|43,75|th\u00e9\u00e2tre\n").encode("cp1252")
    )
    yaml = (
        'event_type: {{column: "what, who"}}\ntime: {{column: "when, local", patterns: [{}]}}\n'
        'coordinates: {{longitude: "east, degrees", latitude: "north, degrees"}}\n')
    (tmp_path / "iso.yaml").write_text(yaml.format("iso8601"))
    (tmp_path / "both.yaml").write_text(yaml.format("iso8601, M/d/yyyy"))
    told = hextant.json("ingest", file, "--dataset", dataset, "--mapping", tmp_path / "iso.yaml", *stated)
    assert (told["accepted"], told["rejected_by_reason"]) == (1, {"bad_timestamp": 1})
    remediate = ["dead-letters", "remediate", "--batch", told["batch"], "--mapping", tmp_path / "both.yaml"]
    # New options take precedence over those of the ingest.
    assert hextant.json(*remediate, "--decimal", "point")["remediated"] == 0
    assert hextant.json(*remediate) == {
        "batch": told["batch"], "examined": 1, "remediated": 1, "accepted": 1, "remedies": {}}
    assert database.rows(
        "SELECT event_type, ST_X(geom), ST_Y(geom) FROM events WHERE dataset = %s ORDER BY row_number", [dataset]
    ) == [("caf\u00e9", -79.25, 43.5), ("th\u00e9\u00e2tre", -79.5, 43.75)]
