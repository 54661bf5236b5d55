"""The sites that feeds are tested against do what they are said to do."""

import http.client
import json
import socket
import ssl
from urllib.parse import urlencode

import pytest
import requests
from certificates import certificate_files, new_issuer
from standin import StandIn
from standin.habits import COMMON, NAMES, OF_ONE_SITE
from standin.server import AFTER, BEFORE
from standin.soql import Malformed, UnknownColumn, condition

RESOURCE = "9d7c2214-4709-478a-a2e8-fb2020a5bb94"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return certificate_files(new_issuer(), tmp_path_factory.mktemp("standin"))


@pytest.fixture
def world(files):
    with StandIn(files.certificate, files.key, seed=3) as world:
        world.slow = 0.05
        yield world


@pytest.fixture
def get(world, files):
    """Asks without following redirects."""

    def get(path, **query):
        return requests.get(
            f"{world.url}{path}", params=query, verify=str(files.authority), allow_redirects=False, timeout=30)

    return get


def whole(world, path):
    """The bytes of an answer as they come, read until the connection ends."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with context.wrap_socket(socket.create_connection(("127.0.0.1", world.port), timeout=30)) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        received = b""
        try:
            while piece := connection.recv(65536):
                received += piece
        except OSError:
            pass
        return received


def test_every_habit_that_any_request_may_meet_is_played():
    assert set(BEFORE) | set(AFTER) | {"rate-limit"} == set(COMMON)
    assert not set(COMMON) & set(OF_ONE_SITE)


def test_a_habit_that_does_not_exist_is_an_error(world):
    with pytest.raises(AssertionError):
        world.habits.on("politeness")


def test_a_habit_is_met_as_often_as_was_said(world, get):
    world.police.add_month("2024-01", ["essex"])
    world.habits.on("500", times=2, only="crime-last-updated")
    answers = [get("/police/api/crime-last-updated").status_code for _ in range(4)]
    assert answers == [500, 500, 200, 200]
    assert get("/police/api/crimes-street-dates").status_code == 200
    assert world.habits.met == {"500": 2}


def test_a_share_of_requests_is_the_same_for_the_same_seed(files):
    seen = []
    for _ in range(2):
        with StandIn(files.certificate, files.key, seed=9) as world:
            world.habits.on("500", share=0.3)
            seen.append([world.habits.meets("500", "/") for _ in range(200)])
    assert seen[0] == seen[1]
    assert 30 <= sum(seen[0]) <= 90


@pytest.mark.parametrize(
    ("habit", "status"),
    [("429", 429), ("429-retry-after", 429), ("503-html", 503), ("200-html", 200), ("500", 500), ("504-late", 504),
     ("redirect-inside", 302), ("redirect-round", 302)])  # fmt: skip
def test_habits_in_place_of_an_answer(world, get, habit, status):
    world.habits.on(habit, times=1)
    answer = get("/police/api/crime-last-updated")
    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) == (habit == "429-retry-after")
    assert ("html" in answer.headers.get("Content-Type", "")) == (habit in ("503-html", "200-html", "504-late"))


def test_the_rate_limit_is_a_bucket_of_thirty(world, get):
    world.habits.on("rate-limit")
    answers = [world.bucket.take() for _ in range(40)]
    assert 30 <= sum(answers) <= 33
    answer = get("/police/api/crime-last-updated")
    assert answer.status_code in (200, 429)
    assert "Retry-After" not in answer.headers


@pytest.mark.parametrize("habit", ["cut", "length-too-long", "cut-chunks", "stall", "cut-json", "reset"])
def test_habits_that_break_off(world, habit):
    world.ckan.add_requests(count=20)
    path = f"/ckan/api/3/action/datastore_search?resource_id={RESOURCE}&sort=_id"
    good = whole(world, path).partition(b"\r\n\r\n")[2]
    assert len(json.loads(good)["result"]["records"]) == 20
    world.habits.on(habit, times=1)
    head, _, body = whole(world, path).partition(b"\r\n\r\n")
    if habit == "reset":
        assert not head
    elif habit == "length-too-long":
        assert body == good
        assert f"Content-Length: {len(good) + 1000}".encode() in head
    elif habit == "cut-chunks":
        assert b"Transfer-Encoding: chunked" in head
        assert not body.endswith(b"0\r\n\r\n")
    elif habit == "cut-json":
        assert body == good[:-2]
        assert f"Content-Length: {len(body)}".encode() in head
    else:
        assert body == good[: len(good) // 2]
        assert f"Content-Length: {len(good)}".encode() in head
    # The next request is not concerned.
    assert whole(world, path).endswith(good)


def test_a_packed_body_is_what_it_was(world, get):
    world.police.add_month("2024-01", ["essex"])
    plain = get("/police/api/stops-force", force="essex", date="2024-01").json()
    world.habits.on("gzip")
    packed = get("/police/api/stops-force", force="essex", date="2024-01")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.json() == plain


def test_the_police_have_months_by_force(world, get):
    world.police.add_month("2024-01", ["essex", "kent"], stops=50)
    world.police.add_month("2024-02", ["kent"], stops=50)
    assert get("/police/api/crimes-street-dates").json() == [
        {"date": "2024-02", "stop-and-search": ["kent"]},
        {"date": "2024-01", "stop-and-search": ["essex", "kent"]},
    ]
    answer = get("/police/api/stops-force", force="essex", date="2024-01")
    stops = answer.json()
    assert len(stops) == 60
    assert "\\/" in answer.text
    assert any(stop["location"] is None for stop in stops)
    assert len({json.dumps(stop) for stop in stops}) < 60
    assert get("/police/api/stops-force", force="essex", date="2024-02").status_code == 404


def test_the_police_say_nothing_in_many_ways(world, get):
    world.police.add_month("2024-01", ["essex"], stops=50)
    first = get("/police/api/stops-force", force="essex", date="2024-01").json()
    for habit in ["police-outcome-forms", "police-fields-reordered"]:
        world.habits.on(habit)
    second = get("/police/api/stops-force", force="essex", date="2024-01").json()
    assert [list(stop) for stop in first] != [list(stop) for stop in second]
    assert {json.dumps(stop["outcome"]) for stop in second} >= {"false", '""', "null"}
    world.habits.on("police-no-location")
    third = get("/police/api/stops-force", force="essex", date="2024-01").json()
    assert all(stop["location"] is None for stop in third)
    world.habits.on("police-empty-month", times=1)
    assert get("/police/api/stops-force", force="essex", date="2024-01").json() == []
    world.habits.on("police-month-dropped", times=1)
    assert get("/police/api/stops-force", force="essex", date="2024-01").status_code == 500
    assert get("/police/api/crimes-street-dates").json() == []


def test_the_police_refuse_large_areas_and_long_requests(world, get):
    world.police.add_month("2024-01", [], crimes=300)
    world.police.most = 200
    box = "51.3,-0.3:51.3,0.2:51.7,0.2:51.7,-0.3"
    assert get("/police/api/crimes-street/all-crime", date="2024-01", poly=box).status_code == 503
    halves = ["51.3,-0.3:51.3,-0.05:51.7,-0.05:51.7,-0.3", "51.3,-0.05:51.3,0.2:51.7,0.2:51.7,-0.05"]
    found = [get("/police/api/crimes-street/all-crime", date="2024-01", poly=half).json() for half in halves]
    assert {crime["id"] for half in found for crime in half} == {c["id"] for c in world.police.crimes["2024-01"]}
    assert get("/police/api/crimes-street/all-crime", date="2024-01", poly=":".join([box] * 120)).status_code == 400


def test_a_form_is_read_like_a_query(world, files):
    world.police.add_month("2024-01", [], crimes=5)
    form = urlencode({"date": "2024-01", "poly": "51.3,-0.3:51.3,0.2:51.7,0.2:51.7,-0.3"})
    context = ssl.create_default_context(cafile=str(files.authority))
    connection = http.client.HTTPSConnection("localhost", world.port, context=context, timeout=30)
    connection.request("POST", "/police/api/crimes-street/all-crime", form)
    assert len(json.loads(connection.getresponse().read())) == 5
    connection.close()


def test_socrata_has_no_order_unless_it_is_asked_for(world, get):
    world.socrata.add_requests(count=200)
    path = "/socrata/resource/erm2-nwe9.json"
    orders = [[row["unique_key"] for row in get(path).json()] for _ in range(2)]
    assert orders[0] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1])
    rows = get(path, **{"$order": ":updated_at, :id", "$select": ":*, *", "$limit": 50}).json()
    assert len(rows) == 50
    assert [row[":updated_at"] for row in rows] == sorted(row[":updated_at"] for row in rows)
    time, name = rows[-1][":updated_at"], rows[-1][":id"]
    after = f"(:updated_at > '{time}' OR (:updated_at = '{time}' AND :id > '{name}'))"
    rest = get(path, **{"$where": after, "$limit": 1000}).json()
    assert len(rest) == 150
    assert all(isinstance(value, (str, dict)) for row in rest for value in row.values())
    assert any("latitude" not in row for row in rest)
    assert get(path, **{"$select": "count(*)"}).json() == [{"count": "200"}]
    assert get(path, **{"$where": "nope > 'a'"}).json()["data"] == {"column": "nope", "dataset": "alpha.90"}
    assert get(path, **{"$where": "(:id > 'a'"}).json()["errorCode"] == "query.compiler.malformed"


def test_socrata_works_on_an_answer_and_changes_under_it(world, get):
    world.socrata.add_requests(count=10)
    path = "/socrata/resource/erm2-nwe9.json"
    world.habits.on("socrata-202", times=1)
    assert [get(path).status_code for _ in range(2)] == [202, 200]
    world.habits.on("socrata-insert", times=1)
    world.habits.on("socrata-touch", times=1)
    assert len(get(path, **{"$where": ":id > ''"}).json()) == 11
    assert sum(row["status"] == "Touched" for row in get(path).json()) == 1
    world.habits.on("socrata-nested-error", times=1)
    assert get(path).json()["data"]["data"]["column"] == "ncategory"
    assert get("/socrata/resource/aaaa-bbbb.json").status_code == 404


@pytest.mark.parametrize(
    ("text", "holds"),
    [("a = '1'", True), ("a > '1'", False), ("a >= '1' AND b < 'c'", True), ("a = '2' OR (b = 'b' AND a != '2')", True),
     ("b between 'a' and 'c'", True), ("c = '1'", False), ("a in ('2', '1') AND b = 'b'", True), ("a in ('2')", False),
     ("c in ('1')", False)])  # fmt: skip
def test_conditions_are_read(text, holds):
    assert condition(text, ["a", "b", "c"])({"a": "1", "b": "b"}) == holds


@pytest.mark.parametrize(("text", "error"), [
    ("a", Malformed), ("a ~ 1", Malformed), ("a in '1'", Malformed), ("a in ('1' '2')", Malformed),
    ("x = '1'", UnknownColumn)])  # fmt: skip
def test_other_conditions_are_refused(text, error):
    with pytest.raises(error):
        condition(text, ["a"])


def test_new_york_has_the_same_properties_in_every_dataset(world, get):
    world.socrata.add_requests(count=400)
    world.socrata.add_violations(count=400)
    world.socrata.add_dob_violations(count=400)
    world.socrata.add_permits(count=400)
    world.socrata.add_older_permits(count=400)
    number = "2001010002"  # the second of 200: the Bronx, block 101, lot 2

    def count(dataset, condition):
        return len(get(f"/socrata/resource/{dataset}.json", **{"$where": condition}).json())

    assert [count(dataset, f"bbl = '{number}'") for dataset in ["erm2-nwe9", "wvxf-dwi5", "rbx6-tga4"]] == [2, 2, 2]
    assert count("3h2n-5cm9", "boro = '2' AND block in ('00101', '101') AND lot in ('00002', '2')") == 2
    assert count("ipu4-2q9a", "borough = 'BRONX' AND block = '00101'") == 2
    violations = get("/socrata/resource/3h2n-5cm9.json").json()
    assert not any("latitude" in row for row in violations)
    assert {row["issue_date"] for row in violations} >= {"000000", "Y9990120"}
    assert any(row["street"].endswith("   ") for row in violations)
    days = {len(row["issuance_date"].split("/")) for row in get("/socrata/resource/ipu4-2q9a.json").json()}
    assert days == {1, 3}


def test_ckan_lowers_limits_and_links_without_end(world, get):
    world.ckan.add_requests(count=50)
    world.ckan.most = 20
    path = "/ckan/api/3/action/datastore_search"
    result = get(path, resource_id=RESOURCE, limit=1000, sort="_id asc").json()["result"]
    assert (result["limit"], len(result["records"]), result["total"]) == (20, 20, 50)
    assert [row["_id"] for row in result["records"]] == list(range(1, 21))
    beyond = get(path, resource_id=RESOURCE, offset=50).json()["result"]
    assert beyond["records"] == []
    assert "offset=150" in beyond["_links"]["next"]


@pytest.mark.parametrize(
    ("habit", "status", "text"),
    [("ckan-200-failure", 200, "Internal Error"), ("ckan-bare-string", 400, "Bad request"),
     ("ckan-localised", 404, "Not Found Error"), ("ckan-old-validation", 409, "Cannot parse JSON")])  # fmt: skip
def test_ckan_fails_in_many_forms(world, get, habit, status, text):
    world.habits.on(habit, times=1)
    answer = get("/ckan/api/3/action/datastore_search", resource_id=RESOURCE)
    assert answer.status_code == status
    assert text in json.dumps(answer.json())


def test_ckan_has_three_schemas_of_a_checkbook_and_numbers_rows_anew(world, get):
    path = "/ckan/api/3/action/datastore_search"
    for name, year in [("a", 2019), ("b", 2022), ("c", 2025)]:
        world.ckan.add_checkbook(name, year, count=30)
    rows = [get(path, resource_id=name, sort="_id").json()["result"]["records"] for name in "abc"]
    assert ["vendor_name" in rows[0][0], "Vendor_Name" in rows[1][0], "Vendor Name" in rows[2][0]] == [True] * 3
    assert isinstance(rows[2][0]["Monetary Amount"], float)
    assert any("," in row["Monetary_Amount"] for row in rows[1])
    world.habits.on("ckan-renumbered", times=1)
    again = get(path, resource_id="a", sort="_id", offset=1).json()["result"]["records"]
    assert again != rows[0][1:]


def test_arcgis_cuts_pages_and_fails_with_200(world, get):
    world.arcgis.add_layer(count=30, most=10)
    path = "/arcgis/rest/services/Requests/FeatureServer/0"
    assert get(path, f="json").json()["maxRecordCount"] == 10
    page = get(f"{path}/query", where="1=1", f="geojson").json()
    assert (len(page["features"]), page["properties"]) == (10, {"exceededTransferLimit": True})
    last = page["features"][-1]["id"]
    page = get(f"{path}/query", where=f"(1=1) AND OBJECTID > {last}", f="json").json()
    assert all(feature["attributes"]["OBJECTID"] > last for feature in page["features"])
    assert page["exceededTransferLimit"]
    world.habits.on("arcgis-error", times=1)
    answer = get(f"{path}/query", f="json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (200, 400)


def test_opendatasoft_reaches_as_far_as_ten_thousand(world, get):
    world.opendatasoft.add_dataset(count=150)
    path = "/ods/api/explore/v2.1/catalog/datasets/parking"
    assert get(path).json()["metas"]["default"]["records_count"] == 150
    assert len(get(f"{path}/records", limit=100, offset=100).json()["results"]) == 50
    assert get(f"{path}/records", limit=101).status_code == 400
    assert len(get(f"{path}/exports/json").json()) == 150


def test_files_have_tags(world, get, files):
    world.files.add_quakes(5)
    world.files.correct_quake("ak00000002")
    world.files.add_fires(3)
    world.files.put("a.csv.gz", "a,b\n1,2\n", packed="gzip")
    quakes = get("/files/all_week.geojson")
    assert [feature["id"] for feature in quakes.json()["features"]].count("ak00000002") == 2
    again = requests.get(
        f"{world.url}/files/all_week.geojson", verify=str(files.authority), timeout=30,
        headers={"If-None-Match": quakes.headers["ETag"]})  # fmt: skip
    assert (again.status_code, again.content) == (304, b"")
    assert get("/files/firms/standin-key.csv").text.count("\n") == 4
    assert get("/files/firms/wrong.csv").text == "Invalid MAP_KEY."
    assert get("/files/a.csv.gz").content[:2] == b"\x1f\x8b"


def test_the_log_tells_what_was_asked(world, get):
    get("/police/api/crime-last-updated")
    get("/files/none")
    assert world.requests() == [("GET", "/police/api/crime-last-updated", 200), ("GET", "/files/none", 404)]
    assert world.requests("police") == [("GET", "/police/api/crime-last-updated", 200)]
    world.forget()
    assert world.requests() == []
    assert set(NAMES) == set(COMMON) | set(OF_ONE_SITE)
