"""How good the records of a dataset are, where its events came from, and rules that mend records."""

import json
import random
from urllib.parse import quote

import pandas
import pytest
import requests
from accounts import add_key, bearer
from waiting import wait_until

MAPPING = """
event_type: {column: kind}
event_id: {column: id}
time: {column: when}
coordinates: {longitude: lon, latitude: lat, bounds: [-80, 43, -79, 44]}
attributes: {columns: [a, b, c]}
"""
COLUMNS = ["id", "kind", "when", "lon", "lat", "a", "b", "c"]


@pytest.fixture
def mapping(tmp_path):
    """Writes a mapping and returns its path."""

    def write(more="", text=MAPPING):
        (tmp_path / "mapping.yaml").write_text(text + more)
        return tmp_path / "mapping.yaml"

    return write


def table(*rows):
    return "\n".join([",".join(COLUMNS), *(",".join(row) for row in rows)]) + "\n"


def row(number, a="1", b="", c="", lon="-79.4", lat="43.7", when="2021-05-01"):
    return [f"K{number}", "theft", when, lon, lat, a, b, c]


@pytest.fixture
def store(hextant, dataset, tmp_path, mapping):
    """Ingests a table and returns what the command tells."""

    def store(text, more="", name="events.csv"):
        (tmp_path / name).write_text(text)
        return hextant.json(
            "ingest", tmp_path / name, "--dataset", dataset, "--mapping", mapping(more), "--allow-empty")

    return store


@pytest.fixture
def analyst(hextant, server, dataset):
    return server.asking_as(add_key(hextant, "analyst", [dataset]))


def test_scores_follow_from_the_numbers_that_pandas_counts(hextant, analyst, dataset, store, tmp_path):
    chance = random.Random(5)
    rows = []
    for number in range(600):
        a, b, c = (chance.choice(["", "x", "7"]) for _ in range(3))
        lon = "" if chance.random() < 0.05 else "-79.4"
        lat = "oops" if chance.random() < 0.05 else "43.7"
        rows.append(row(number, a, b, c, lon, lat, f"2021-{1 + number % 12:02}-{1 + number % 28:02}"))
    told = store(table(*rows))

    frame = pandas.read_csv(tmp_path / "events.csv", dtype=str, keep_default_na=False)
    missing = frame["lon"] == ""
    bad = (frame["lat"] == "oops") & ~missing
    events = frame[~missing & ~bad]
    # A record that is rejected for another reason says nothing of what is missing.
    fields = len(COLUMNS) * int((~bad).sum())
    blank = int(missing.sum()) + int((events[["a", "b", "c"]] == "").sum().sum())
    by_column = (events[["a", "b", "c"]] == "").sum().to_dict()
    newest = pandas.to_datetime(events["when"]).max()

    assert told["rejected_by_reason"] == {"missing_value": missing.sum(), "bad_number": bad.sum()}
    quality = analyst.json(f"/v1/datasets/{dataset}/quality")
    assert (quality["batch_count"], quality["received"], quality["rejected"]) == (
        1, len(frame), int(missing.sum() + bad.sum()))
    assert (quality["fields"], quality["blank_fields"]) == (fields, blank)
    assert quality["blank_by_column"] == by_column
    assert quality["rejected_by_reason"] == told["rejected_by_reason"]
    assert quality["newest_event"].startswith(newest.strftime("%Y-%m-%d"))
    scores = quality["scores"]
    assert scores["completeness"] == pytest.approx(1 - blank / fields, abs=1e-6)
    assert scores["validity"] == pytest.approx(1 - (missing.sum() + bad.sum()) / len(frame), abs=1e-6)
    # Nothing is expected, so a month counts as timely.
    age = (pandas.Timestamp.now() - newest) / pandas.Timedelta(days=1)
    assert quality["age_days"] == pytest.approx(age, abs=1)
    assert scores["timeliness"] == pytest.approx(31 / age, rel=0.01)

    [batch] = quality["batches"]
    assert batch["id"] == told["batch"] and batch["quality"]["fields"] == fields
    assert batch == analyst.json(f"/v1/ingest/batches/{told['batch']}")
    [month] = quality["trend"]
    assert (month["batches"], month["received"], month["fields"]) == (1, len(frame), fields)
    told = hextant.json("datasets", "quality", dataset)
    assert told["scores"]["completeness"] == scores["completeness"]
    assert told["blank_by_column"] == by_column
    shown = hextant("datasets", "quality", dataset).out
    assert f"{blank} of {fields} fields blank" in shown


def test_what_is_not_as_expected_is_a_dead_letter_or_a_finding(hextant, analyst, dataset, store, database):
    expect = """
expect:
  rows: [10, 20]
  row_change: 0.5
  fresh_days: 30
  valid_share: 0.9
  columns:
    - {column: a, type: integer, range: [0, 10]}
    - {column: b, in: [p, q]}
    - {column: c, unique: true}
"""
    told = store(table(
        row(1, a="10", b="p", c="k"), row(2, a="11"), row(3, a="ten"), row(4, b="r"), row(5, b="q", c="k")), expect)
    assert told["rejected_by_reason"] == {"unexpected_type": 1, "unexpected_value": 2}
    found = {(each["check"], each.get("column")) for each in told["findings"]}
    assert found == {("rows", None), ("valid_share", None), ("fresh_days", None), ("unique", "c")}
    details = database.rows("SELECT detail FROM dead_letters WHERE batch = %s ORDER BY row_number", [told["batch"]])
    assert details[0] == ('column "a": "11" is expected to be 0.0 to 10.0',)

    quality = analyst.json(f"/v1/datasets/{dataset}/quality")
    assert {(each["check"], each["column"]) for each in quality["findings"]} == found
    assert {each["batch"] for each in quality["findings"]} == {told["batch"]}
    assert quality["fresh_days"] == 30
    assert quality["trend"][0]["findings"] == 4

    # The fourth batch is compared with the three before it, which had five, two and two records.
    for number in range(2):
        told = store(table(row(10 + number), row(20 + number)), expect, f"more-{number}.csv")
        assert "row_change" not in {each["check"] for each in told["findings"]}
    told = store(table(*(row(100 + number) for number in range(4))), expect, "last.csv")
    assert "row_change" in {each["check"] for each in told["findings"]}
    assert "rows  4 records came where 10 to 20 are expected" in hextant("datasets", "quality", dataset).out


def test_a_dataset_expects_the_same_of_all_its_files(hextant, key, server, tmp_path, mapping, folder):
    columns = [
        {"column": "a", "range": [0, 10]}, {"column": "b", "in": ["p", "q"], "required": True},
        {"column": "c", "unique": True}]
    expect = {"rows": [3, 20], "fresh_days": 30, "valid_share": 0.5, "columns": columns}
    slug = hextant.put_dataset(folder, "expecting", expect=expect)
    shown = hextant.json("datasets", "show", slug)["description"]["expect"]
    assert shown == expect | {"columns": [
        {"column": "a", "type": "number", "range": [0, 10]},
        {"column": "b", "type": "text", "in": ["p", "q"], "required": True},
        {"column": "c", "type": "text", "unique": True}]}
    # What is shown can be put again.
    file = tmp_path / "again.yaml"
    file.write_text(hextant("datasets", "show", slug).out)
    hextant.json("datasets", "put", file)
    admin = server.asking_as(key)
    assert admin.json(f"/v1/datasets/{slug}")["expect"] == shown

    def findings(text, more=""):
        (tmp_path / "events.csv").write_text(text)
        told = hextant.json("ingest", tmp_path / "events.csv", "--dataset", slug, "--mapping", mapping(more),
                            "--allow-empty")
        return told["rejected_by_reason"], {(each["check"], each.get("column")) for each in told["findings"]}

    reasons, found = findings(table(row(1, a="11", b="p"), row(2, b="q", c="k"), row(3, b="p", c="k"), row(4, b="")))
    assert reasons == {"unexpected_value": 1, "missing_value": 1}
    assert found == {("fresh_days", None), ("unique", "c")}
    # A mapping counts before the dataset, key by key and column by column.
    more = "expect: {rows: [1, 2], columns: [{column: a, range: [0, 100]}]}"
    reasons, found = findings(table(row(5, a="11", b="p"), row(6, b="r"), row(7, b="q")), more)
    assert reasons == {"unexpected_value": 1} and ("rows", None) in found
    quality = admin.json(f"/v1/datasets/{slug}/quality")
    assert quality["fresh_days"] == 30

    # Over HTTP one key is changed, and all are taken back.
    change = {"Content-Type": "application/json"}
    answer = admin.session.patch(
        f"{server.url}/v1/datasets/{slug}", json={"expect": {"rows": [1, 9]}}, headers=change, timeout=60)
    assert answer.json()["expect"] == {"rows": [1, 9]}
    answer = admin.session.patch(f"{server.url}/v1/datasets/{slug}", json={"title": "Other"}, timeout=60)
    assert answer.json()["expect"] == {"rows": [1, 9]}
    answer = admin.session.patch(f"{server.url}/v1/datasets/{slug}", json={"expect": {}}, timeout=60)
    assert answer.json()["expect"] == {}
    reasons, found = findings(table(row(8, a="11", b="")))
    assert (reasons, found) == ({}, set())


@pytest.mark.parametrize("expect, field", [
    ({"rows": [3]}, "expect.rows"), ({"rows": [3, 2]}, "expect.rows"), ({"row": [1, 2]}, "expect.row"),
    ({"fresh_days": 0.5}, "expect.fresh_days"), ({"valid_share": 2}, "expect.valid_share"),
    ({"columns": [{"column": "a", "type": "colour"}]}, "expect.columns.type"),
    ({"columns": [{"column": "a", "rnge": [1, 2]}]}, "expect.columns.rnge"),
    ({"columns": [{"column": "a"}, {"column": "a"}]}, "expect.columns.column"),
    ({"columns": [{"column": "a", "in": ["x" * 20_000]}]}, "expect.columns"),
])  # fmt: skip
def test_a_dataset_with_a_faulty_expectation_is_refused_with_its_key(hextant, key, server, folder, expect, field):
    slug = hextant.put_dataset(folder, "faulty")
    answer = requests.patch(
        f"{server.url}/v1/datasets/{slug}", json={"expect": expect}, headers=bearer(key), timeout=60)
    assert answer.status_code == 400 and [each["field"] for each in answer.json()["errors"]] == [field]
    file = folder / "wrong.yaml"
    file.write_text(
        "slug: faulty\ntitle: T\nlicence: L\nattribution: A\nresolutions: [7]\nexpect: " + json.dumps(expect) + "\n")
    done = hextant("datasets", "put", file)
    assert done.code == 65 and f"wrong.yaml:6: {field}: " in done.err, done.err


def test_a_mapping_with_a_faulty_expectation_is_refused_with_its_key(hextant, dataset, tmp_path, mapping):
    (tmp_path / "events.csv").write_text(table(row(1)))
    for more, words in [
        ("expect: {rows: [3]}", "expect.rows"),
        ("expect: {columns: [{column: a, type: colour}]}", "expect.columns.type"),
        ("remedies: {swap: true}", "remedies.swap"),
    ]:
        done = hextant("ingest", tmp_path / "events.csv", "--dataset", dataset, "--mapping", mapping(more))
        assert done.code == 65 and words in done.err, done.err


def test_an_event_tells_where_it_came_from(hextant, server, analyst, dataset, store, database, tmp_path):
    told = store(table(row(1), row("2 é")))
    database.rows(
        "UPDATE ingest_batches SET feed = 'thefts', feed_part = '2021-05', source_address = 'https://example.org/a',"
        " retrieved_at = '2021-06-01T00:00:00Z' WHERE id = %s", [told["batch"]])
    path = "/v1/events/" + quote("K2 é")
    event = analyst.json(path, dataset=dataset)
    assert event["event_id"] == "K2 é" and event["attributes"] == {"a": "1"}
    assert (event["longitude"], event["latitude"]) == (-79.4, 43.7)
    lineage = event["lineage"]
    assert lineage["batch"] == told["batch"] and lineage["row_number"] == 2
    assert lineage["source"].endswith("/events.csv") and lineage["run"] is None
    assert (lineage["feed"], lineage["feed_part"], lineage["source_url"], lineage["retrieved_at"]) == (
        "thefts", "2021-05", "https://example.org/a", "2021-06-01T00:00:00Z")
    # The id of the OGC API leads to the same event.
    assert analyst.json(f"/v1/events/{event['id']}", dataset=dataset) == event
    item = analyst.json(f"/ogc/collections/{dataset}.events/items/{event['id']}", f="json")
    assert item["properties"]["event_id"] == "K2 é"
    for id in ["K3", f"{2**63 - 1}_1", f"{2**63 - 2}_{2**63 - 1}", f"-{2**63 - 1}_0", "1_2", "_", "K'", "é" * 300]:
        assert analyst.get(f"/v1/events/{id}", dataset=dataset).status_code == 404, id
    assert analyst.get(path, dataset=dataset, colour="red").status_code == 400

    # As for the list of events: analysts who see the dataset.
    secret = hextant.put_dataset(tmp_path, f"{dataset}-secret", visibility="private")
    hextant.json(
        "ingest", tmp_path / "events.csv", "--dataset", secret, "--mapping", tmp_path / "mapping.yaml")
    owner = server.asking_as(add_key(hextant, "analyst", [secret]))
    assert owner.json(path, dataset=secret)["dataset"] == secret
    for address in [path, f"/v1/events/{event['id']}"]:
        assert server.get(address, dataset=dataset).status_code == 401
        assert server.asking_as(add_key(hextant, "public")).get(address, dataset=dataset).status_code == 403
        assert analyst.get(address, dataset=secret).status_code == 404
    assert server.get(f"/v1/datasets/{dataset}/quality").status_code == 401
    assert analyst.get(f"/v1/datasets/{secret}/quality").status_code == 404


def test_rules_mend_records_and_are_counted_by_name(dataset, store, database):
    remedies = "remedies: {swapped_coordinates: true, false_for_null: [b], numbers_as_text: [a]}\n"
    told = store(table(
        row(1, a="7", b="false"), row(2, a="007", lon="43.7", lat="-79.4"), row(3, a="x", b="true", lon="10")
    ), remedies)
    assert told["remedies"] == {"false_for_null": 1, "numbers_as_text": 1, "swapped_coordinates": 1}
    assert told["rejected_by_reason"] == {"out_of_bounds": 1}
    assert database.rows(
        "SELECT event_id, ST_X(geom), ST_Y(geom), attributes_json FROM events WHERE dataset = %s ORDER BY event_id",
        [dataset]) == [("K1", -79.4, 43.7, {"a": 7}), ("K2", -79.4, 43.7, {"a": "007"})]


def test_dead_letters_of_a_dataset_are_mended_by_a_job(
    hextant, server, analyst, key, dataset, store, mapping, database
):
    swapped = [row(number, lon="43.7", lat="-79.4") for number in range(3)]
    first = store(table(*swapped, row(9)), name="first.csv")
    second = store(table(row(20), row(21, lon="43.7", lat="-79.4"), row(22, lon="10")), name="second.csv")
    assert (first["rejected"], second["rejected"]) == (3, 2)
    # Nothing has changed.
    told = hextant.json("dead-letters", "remediate", "--dataset", dataset)
    assert (told["batches"], told["examined"], told["remediated"]) == (2, 5, 0)

    mapping("remedies: {swapped_coordinates: true}\n")
    path = f"{server.url}/v1/datasets/{dataset}/remediate"
    headers = bearer(key) | {"Idempotency-Key": f"mend-{dataset}"}
    answers = [requests.post(path, headers=headers, timeout=60) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json()["id"] == answers[1].json()["id"] and answers[0].json()["kind"] == "remediate"
    run = wait_until(
        lambda: (found := analyst.json(f"/v1/analytics/runs/{answers[0].json()['id']}"))["state"] == "finished"
        and found, "the job to end")
    assert run["dataset"] == dataset
    batches = {batch["id"]: batch for batch in analyst.json(f"/v1/datasets/{dataset}/quality")["batches"]}
    assert [batches[told["batch"]]["quality"]["remedies"] for told in [first, second]] == [
        {"swapped_coordinates": 3}, {"swapped_coordinates": 1}]
    assert [batches[told["batch"]]["accepted"] for told in [first, second]] == [4, 2]
    assert batches[first["batch"]]["quality"]["scores"]["validity"] == 1
    assert database.value("SELECT count(*) FROM events WHERE dataset = %s", [dataset]) == 6

    # What is open stays open, and nothing is counted twice.
    told = hextant.json("dead-letters", "remediate", "--dataset", dataset)
    assert (told["batches"], told["examined"], told["remediated"], told["remedies"]) == (1, 1, 0, {})
    again = requests.post(path + "?reason=bad_timestamp", headers=headers, timeout=60)
    assert again.status_code == 422
    assert requests.post(path, timeout=60).status_code == 401
    assert requests.post(path + "?mapping=../x", headers=bearer(key), timeout=60).status_code == 400


def test_a_batch_whose_mapping_is_gone_is_told_and_left(hextant, dataset, store, mapping):
    store(table(row(1, lon="10"), row(2)))
    mapping().unlink()
    told = hextant.json("dead-letters", "remediate", "--dataset", dataset)
    assert told["batches"] == 0 and len(told["problems"]) == 1 and "cannot be read" in told["problems"][0]
