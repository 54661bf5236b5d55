"""Attributes of events that filters may name: parameters, CQL2, OGC queryables, and the indexes behind them."""

import csv
import io
import json

import psycopg
import pytest
import requests
from accounts import add_key, bearer
from waiting import wait_until

QUERYABLES = {"division": "text", "age": "number", "arrest": "boolean", "case no": "text"}
EVENTS = [
    {"division": f"D{number % 7}", "age": str(number % 40), "arrest": number % 3 == 0, "case no": f"{number % 5} a&b"}
    for number in range(400)
]


@pytest.fixture(scope="module")
def stops(hextant, folder):
    hextant.put_dataset(folder, "stops", queryables=QUERYABLES)
    hextant.put_dataset(folder, "plain")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["event_type", "event_timestamp", "longitude", "latitude", "attributes_json"])
    for number, attributes in enumerate(EVENTS):
        moment = f"2021-{1 + number % 12:02}-{1 + number % 28:02}T10:00:00Z"
        writer.writerow(["stop", moment, -79.4, 43.7, json.dumps(attributes)])
    (folder / "stops.csv").write_text(out.getvalue())
    for slug in ["stops", "plain"]:
        hextant.json("ingest", folder / "stops.csv", "--dataset", slug)
    return "stops"


@pytest.fixture(scope="module")
def analyst(hextant, server, stops):
    return server.asking_as(add_key(hextant, "analyst", ["stops", "plain"]))


def matching(wanted):
    return sorted(json.dumps(each, sort_keys=True) for each in EVENTS if wanted(each))


def attributes(events):
    return sorted(json.dumps(each["attributes"], sort_keys=True) for each in events)


@pytest.mark.parametrize("parameters, wanted", [
    ({"division": "D3"}, lambda each: each["division"] == "D3"),
    ({"age": "7"}, lambda each: each["age"] == "7"),
    ({"age": "7.0"}, lambda each: each["age"] == "7"),
    ({"arrest": "true"}, lambda each: each["arrest"]),
    ({"arrest": "0", "division": "D1"}, lambda each: not each["arrest"] and each["division"] == "D1"),
    ({"case no": "3 a&b"}, lambda each: each["case no"] == "3 a&b"),
    ({"division": "D9"}, lambda each: False),
])  # fmt: skip
def test_parameters_choose_events_by_their_attributes(analyst, parameters, wanted):
    # Pages of seven: the link to the next one repeats the parameters.
    found = [
        event for page in analyst.pages("/v1/events", dataset="stops", limit=7, **parameters)
        for event in page["items"]]
    assert attributes(found) == matching(wanted)
    items = [
        feature["properties"]
        for page in analyst.pages("/ogc/collections/stops.events/items", limit=50, **parameters)
        for feature in page["features"]]
    assert attributes(items) == matching(wanted)


@pytest.mark.parametrize("text, wanted", [
    ("division = 'D3' AND age >= 30", lambda each: each["division"] == "D3" and int(each["age"]) >= 30),
    ("arrest = TRUE AND NOT division IN ('D1', 'D2')",
     lambda each: each["arrest"] and each["division"] not in ("D1", "D2")),
    ("age BETWEEN 3 AND 5", lambda each: 3 <= int(each["age"]) <= 5),
    ("\"case no\" LIKE '2%'", lambda each: each["case no"].startswith("2")),
    ("division IS NULL", lambda each: False),
    ("age = 3 OR event_type = 'none'", lambda each: each["age"] == "3"),
])  # fmt: skip
def test_filters_in_cql2_name_attributes(analyst, text, wanted):
    items = [
        feature["properties"]
        for page in analyst.pages("/ogc/collections/stops.events/items", limit=100, filter=text)
        for feature in page["features"]]
    assert attributes(items) == matching(wanted)


def test_ogc_queryables_name_the_attributes_with_their_types(analyst):
    told = analyst.json("/ogc/collections/stops.events/queryables", f="json")["properties"]
    assert {name: told[name]["type"] for name in QUERYABLES} == {
        "division": "string", "age": "number", "arrest": "boolean", "case no": "string"}
    for collection in ["stops.risk", "plain.events"]:
        assert not set(QUERYABLES) & set(
            analyst.json(f"/ogc/collections/{collection}/queryables", f="json")["properties"])


def test_what_is_no_attribute_for_filters_is_refused_with_those_that_are(analyst, server):
    answer = analyst.get("/v1/events", dataset="stops", colour="red")
    [error] = answer.json()["errors"]
    assert answer.status_code == 400 and error["field"] == "colour"
    assert all(name in error["message"] for name in QUERYABLES)
    # The attributes of one dataset are none of another.
    answer = analyst.get("/v1/events", dataset="plain", division="D1")
    assert answer.status_code == 400 and answer.json()["errors"][0]["field"] == "division"
    for path in ["/v1/events?dataset=stops&", "/ogc/collections/stops.events/items?"]:
        answer = analyst.get(path + "age=old&arrest=perhaps")
        assert answer.status_code == 400
        assert {each["field"]: each["message"] for each in answer.json()["errors"]} == {
            "age": "must be a number", "arrest": "must be true or false"}
        assert analyst.get(path + "age=1&age=2").status_code == 400
    answer = analyst.get("/ogc/collections/stops.events/items", filter="colour = 'red'")
    assert answer.status_code == 400 and "division" in answer.json()["errors"][0]["message"]
    # A client without the right learns nothing of attributes.
    for path in ["/v1/events?dataset=stops&division=D1", "/ogc/collections/stops.events/items?division=D1"]:
        assert server.get(path).status_code in (400, 401)
        assert "case no" not in server.get(path).text


def test_whole_lists_are_filtered_too(analyst):
    text = analyst.get("/v1/events", dataset="stops", division="D5", f="csv").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert sorted(json.dumps(json.loads(row["attributes"]), sort_keys=True) for row in rows) == matching(
        lambda each: each["division"] == "D5")


EXPLAIN = """
EXPLAIN (COSTS off) SELECT event_timestamp, sequence FROM events e
WHERE e.dataset = %s AND e.event_timestamp >= '2021-03-01' AND e.event_timestamp < '2021-04-01' AND {} = %s
ORDER BY e.event_timestamp, e.sequence LIMIT 10
"""


@pytest.mark.parametrize("expression, value", [
    ("(attribute_text(e.attributes_json, 'division') COLLATE \"C\")", "D3"),
    ("attribute_number(e.attributes_json, 'age')", 7.0),
    ("attribute_truth(e.attributes_json, 'arrest')", True),
])  # fmt: skip
def test_an_index_answers_for_its_dataset_alone(database, stops, expression, value):
    with psycopg.connect(database.url, autocommit=True) as connection:
        # The table is so small that reading all of it would do.
        connection.execute("SET enable_seqscan = off")
        connection.execute("SET enable_bitmapscan = off")
        connection.execute("SET enable_sort = off")
        plans = {
            slug: "\n".join(row[0] for row in connection.execute(EXPLAIN.format(expression), [slug, value]))
            for slug in ["stops", "plain"]}
    assert "idx_queryable_" in plans["stops"] and "Sort" not in plans["stops"], plans["stops"]
    assert "idx_queryable_" not in plans["plain"], plans["plain"]


def indexes(database, slug):
    return database.rows(
        "SELECT q.key, i.indisvalid FROM datasets d CROSS JOIN jsonb_each_text(d.queryables) q"
        " LEFT JOIN pg_class c ON c.relname = queryable_index(d.slug, q.key, q.value)"
        " LEFT JOIN pg_index i ON i.indexrelid = c.oid WHERE d.slug = %s ORDER BY 1", [slug])


def test_the_command_that_names_attributes_builds_their_indexes(hextant, database, folder, stops):
    assert indexes(database, stops) == [(name, True) for name in sorted(QUERYABLES)]
    shown = hextant.json("datasets", "show", stops)["description"]
    assert shown["queryables"] == QUERYABLES
    (folder / "shown.yaml").write_text(hextant("datasets", "show", stops).out)
    assert hextant.json("datasets", "put", folder / "shown.yaml") == {"dataset": stops, "added": False}


def test_over_http_a_worker_builds_them(server, hextant, key, database, folder):
    slug = hextant.put_dataset(folder, "patched")
    url = f"{server.url}/v1/datasets/{slug}"

    def patch(queryables):
        return requests.patch(url, json={"queryables": queryables}, headers=bearer(key), timeout=60)

    answer = patch({"a": "text", "b": "number"})
    assert answer.status_code == 200 and answer.json()["queryables"] == {"a": "text", "b": "number"}
    wait_until(lambda: indexes(database, slug) == [("a", True), ("b", True)], "the indexes to be built")
    [name] = database.rows("SELECT queryable_index(%s, 'b', 'number')", [slug])[0]
    assert patch({"a": "text"}).json()["queryables"] == {"a": "text"}
    count = "SELECT count(*) FROM pg_class WHERE relname LIKE %s"
    wait_until(lambda: database.value(count, [f"%{name}"]) == 0, "the index to be dropped")

    for queryables, field in [
        ({"event_type": "text"}, "queryables.event_type"), ({"a": "colour"}, "queryables.a"),
        ({f"a{number}": "text" for number in range(9)}, "queryables"), ({"": "text"}, "queryables."),
        ({"x" * 64: "text"}, f"queryables.{'x' * 63}"), ({"a": 1}, "queryables.a"), (["a"], "queryables"),
    ]:  # fmt: skip
        answer = patch(queryables)
        assert answer.status_code == 400 and answer.json()["errors"][0]["field"] == field, answer.text
    assert requests.delete(f"{url}?confirm={slug}", headers=bearer(key), timeout=60).status_code == 200
    [left] = database.rows("SELECT queryable_index(%s, 'a', 'text')", [slug])[0]
    wait_until(lambda: database.value(count, [f"%{left}"]) == 0, "the index of the deleted dataset to be dropped")


def test_a_description_with_a_faulty_attribute_is_refused_by_its_line(hextant, folder):
    file = folder / "faulty.yaml"
    file.write_text(
        "slug: faulty\ntitle: a\nlicence: b\nattribution: c\nresolutions: [7]\nqueryables:\n  limit: text\n")
    done = hextant("datasets", "put", file)
    assert done.code != 0 and f"{file}:7: queryables.limit" in done.err, done.err
