"""Rules for every answer over HTTP: health, metrics, descriptions, refusals, headers, the files of the page."""

import gzip
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from command import REPOSITORY
from prometheus_client.parser import text_string_to_metric_families
from serving import serving
from vector_tile import features
from waiting import wait_until

QUERIED = ["/v1/risk/2021-10-01", "/v1/hotspots", "/v1/stats"]
LISTS = [*QUERIED, "/v1/cells/882b9bc46dfffff", "/v1/datasets", "/v1/tiles.json"]
TILES = ["/v1/tiles/0/0/0.mvt", "/tiles/0/0/0.mvt"]
PLACES = [*LISTS, *TILES, "/v1/health/live", "/v1/health/ready", "/metrics", "/", "/js/page/main.js"]
PAGE = REPOSITORY / "static"


def test_tiles_json_describes_the_dataset_and_leads_to_its_tiles(toronto_server, toronto):
    told = toronto_server.json("/v1/tiles.json", dataset="toronto", date="2021-10-01", resolution=7, level="low,high")
    assert (told["tilejson"], told["scheme"], told["minzoom"]) == ("3.0.0", "xyz", 0)
    [west, south, east, north] = toronto.database.rows(
        """
        SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)
        FROM (SELECT ST_Extent(c.geom) AS box FROM mv_daily_risk JOIN h3_cells c USING (h3_index))
        """
    )[0]
    assert told["bounds"] == pytest.approx([west, south, east, north], abs=1e-9)
    longitude, latitude, zoom = told["center"]
    assert west < longitude < east and south < latitude < north and told["minzoom"] <= zoom <= told["maxzoom"]
    [layer, meta] = told["vector_layers"]
    assert (layer["id"], meta["id"]) == ("risk", "meta") and meta["fields"].keys() == {"total", "shown", "reason"}
    hextant = told["hextant"]
    assert (hextant["dataset"], hextant["time_zone"], hextant["resolutions"]) == (
        "toronto",
        "America/Toronto",
        [5, 6, 7, 8, 9],
    )
    assert (hextant["first_day"], hextant["last_day"]) == ("2014-01-01", "2021-12-31")
    assert "Open Government Licence" in hextant["licence"] and told["attribution"] == hextant["attribution"]

    [template] = told["tiles"]
    assert parse_qs(urlsplit(template).query) == {
        "dataset": ["toronto"],
        "date": ["2021-10-01"],
        "resolution": ["7"],
        "level": ["low,high"],
    }
    answer = requests.get(template.format(z=0, x=0, y=0), timeout=30)
    found = features(answer.content).values()
    assert found and {name for row in found for name in row} == layer["fields"].keys()


def test_dataset_that_nothing_is_served_of_is_described(hextant, server, folder, key):
    hextant.put_dataset(folder, "young", resolutions=[4])
    told = server.json("/v1/tiles.json", dataset="young")
    assert told["hextant"]["first_day"] is None and len(told["bounds"]) == 4
    assert server.get("/v1/tiles/0/0/0.mvt", dataset="young").status_code == 204
    assert server.json("/v1/risk/2021-01-01", dataset="young") == {"items": [], "next": None}
    assert server.json("/v1/hotspots", dataset="young")["features"] == []
    assert server.json("/v1/stats", dataset="young") == {"items": [], "next": None}
    assert server.json("/v1/cells/842b9bdffffffff", dataset="young") == {"items": [], "next": None}
    assert server.asking_as(key).json("/v1/events", dataset="young") == {"items": [], "next": None}


def test_private_dataset_is_as_one_that_does_not_exist(hextant, server, folder):
    hextant.put_dataset(folder, "open", visibility="public")
    hextant.put_dataset(folder, "secret", visibility="private")

    def listed():
        return {dataset["dataset"] for dataset in server.json("/v1/datasets")["items"]}

    wait_until(lambda: "open" in listed(), "the server to hear of the new datasets")
    assert "secret" not in listed()
    for path in {"/v1/tiles/0/0/0.mvt", *LISTS} - {"/v1/datasets"}:
        answers = [server.get(path, dataset=slug) for slug in ["secret", "absent"]]
        assert [answer.status_code for answer in answers] == [404, 404], path
        assert answers[0].text.replace("secret", "absent") == answers[1].text
        assert answers[0].headers["Content-Type"] == "application/problem+json"


def test_health_names_its_parts(toronto_server):
    assert toronto_server.json("/v1/health/live") == {"status": "live"}
    ready = toronto_server.json("/v1/health/ready")
    assert ready["status"] == "ready"
    wells = {part["part"]: part["well"] for part in ready["parts"]}
    assert wells == {"postgresql": True, "schema": True, "view": True, "redis": True, "rights": True}


def test_metrics_are_read_by_prometheus_own_parser(toronto_server):
    before = requests_counted(toronto_server)
    toronto_server.get("/v1/hotspots")
    toronto_server.get("/v1/hotspots", limit=0)
    answer = toronto_server.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain")
    families = {family.name: family for family in text_string_to_metric_families(answer.text)}
    assert families["http_requests"].type == "counter" and families["http_request_seconds"].type == "histogram"
    after = requests_counted(toronto_server)
    assert {status: after[status] - before[status] for status in after} == {"200": 1, "400": 1}
    buckets = [
        (float(sample.labels["le"]), sample.value)
        for sample in families["http_request_seconds"].samples
        if sample.name.endswith("_bucket") and sample.labels["route"] == "/v1/hotspots"
    ]
    counts = [count for _, count in sorted(buckets)]
    assert len(counts) > 3 and counts == sorted(counts) and buckets[-1][0] == float("inf")
    assert counts[-1] == sum(after.values())


def requests_counted(server):
    return {
        status: server.metric("http_requests_total", route="/v1/hotspots", method="GET", status=status)
        for status in ["200", "400"]
    }


UNKNOWN = ["/v1", "/v1/nothing", "/nothing", "/v1/tiles/0/0/0.png", "/v1/tiles/0/0", "/js/"]
OUTSIDE = ["/.git/config", "/../Package.swift", "/%2e%2e/Package.swift", "/js/..%2f..%2fPackage.swift"]


@pytest.mark.parametrize("path", [*UNKNOWN, *OUTSIDE])
def test_unknown_address_is_not_found(toronto_server, path):
    session = requests.Session()
    request = requests.Request("GET", toronto_server.url).prepare()
    request.url = toronto_server.url + path  # unchanged, without the client's normalization
    answer = session.send(request, timeout=30)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json" and answer.json()["status"] == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", PLACES)
def test_other_methods_are_refused_with_those_allowed(toronto_server, path, method):
    answer = toronto_server.get(path, method=method)
    if path in QUERIED and method == "POST":
        assert answer.status_code == 415  # there is no drawn polygon
        return
    assert (answer.status_code, answer.headers["Allow"]) == (
        405, "GET, HEAD, POST, OPTIONS" if path in QUERIED else "GET, HEAD, OPTIONS")
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", PLACES)
def test_head_is_get_without_the_body(toronto_server, path):
    head, got = (toronto_server.get(path, method=method) for method in ["HEAD", "GET"])
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["Content-Type"] == got.headers["Content-Type"]
    assert "nosniff" == head.headers["X-Content-Type-Options"] == got.headers["X-Content-Type-Options"]


@pytest.mark.parametrize("path", ["/v1/health/live", "/v1/health/ready", *LISTS])
def test_unknown_parameter_is_refused(toronto_server, path):
    answer = toronto_server.get(path, colour="red")
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["colour"]


@pytest.mark.parametrize(
    "path, field",
    [
        ("/v1/risk/2021-02-29", "date"),
        ("/v1/risk/today", "date"),
        ("/v1/risk/2021-10-01?limit=0", "limit"),
        ("/v1/risk/2021-10-01?limit=1001", "limit"),
        ("/v1/risk/2021-10-01?after=8f", "after"),
        ("/v1/risk/2021-10-01?cell=nonsense", "cell"),
        ("/v1/risk/2021-10-01?cell=882b9bc007fffff&resolution=7", "cell"),
        ("/v1/risk/2021-10-01?f=xml", "f"),
        ("/v1/risk/2021-10-01?bbox=1,2,3", "bbox"),
        ("/v1/risk/2021-10-01?bbox=1,2,3,nan", "bbox"),
        ("/v1/risk/2021-10-01?bbox=0,50,1,40", "bbox"),
        ("/v1/hotspots?start_date=2021-02-01&end_date=2021-01-01", "end_date"),
        ("/v1/hotspots?start_date=2019-01-01&end_date=2021-01-01", "start_date"),
        ("/v1/hotspots?end_date=soon", "end_date"),
        ("/v1/hotspots?resolution=12", "resolution"),
        ("/v1/events?from=2021-01-02&to=2021-01-01", "to"),
        ("/v1/events?from=2021-01-01T10:00:00", "from"),  # a time needs an offset
        ("/v1/events?event_type=", "event_type"),
        ("/v1/events?after=here", "after"),
        ("/v1/events?fields=event_type,colour", "fields"),
        ("/v1/events?f=csv&limit=0", "limit"),
        ("/v1/stats?from=2021-01-02&to=2021-01-01", "to"),
        ("/v1/stats?f=geojson", "f"),
        ("/v1/stats?after=2021-01-02", "after"),
        ("/v1/cells/882b9bc46dffff", "h3"),
        ("/v1/cells/8a2b9bc46d97fff", "h3"),
        ("/v1/hotspots?after=1_2", "after"),
    ],
)
def test_fault_of_a_list_is_named(analyst_server, path, field):
    answer = analyst_server.get(path)
    assert answer.status_code == 400, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_long_answers_are_compressed_for_who_takes_it(toronto_server):
    plain, packed = (toronto_server.raw("/v1/hotspots", encoding) for encoding in ["identity", "gzip"])
    assert "Content-Encoding" not in plain.headers and packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body


def test_page_is_sent_with_its_policy_and_tag(toronto_server):
    page = toronto_server.raw("/", "gzip")
    assert gzip.decompress(page.body) == (PAGE / "index.html").read_bytes()
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    policy = dict(part.split(" ", 1) for part in page.headers["Content-Security-Policy"].split("; "))
    assert (policy["default-src"], policy["script-src"], policy["frame-ancestors"]) == ("'self'", "'self'", "'none'")
    known = toronto_server.raw("/", "gzip", headers={"If-None-Match": page.headers["ETag"]})
    assert (known.status_code, known.body) == (304, b"")
    assert toronto_server.raw("/index.html").body == gzip.decompress(page.body)


@pytest.mark.parametrize("file", sorted(PAGE.rglob("*.*")), ids=lambda path: path.name)
def test_every_file_of_the_page_is_served_as_what_it_is(toronto_server, file):
    answer = toronto_server.raw(f"/{file.relative_to(PAGE)}")
    assert answer.body == file.read_bytes()
    kinds = {
        ".js": "text/javascript",
        ".css": "text/css",
        ".html": "text/html",
        ".svg": "image/svg+xml",
        ".ico": "image/x-icon",
        ".pbf": "application/x-protobuf",
        ".json": "application/json",
    }
    assert answer.headers["Content-Type"].split(";")[0] == kinds[file.suffix]


def test_links_lead_to_the_public_address(toronto, tmp_path):
    public = "https://risk.example/maps"
    with serving(toronto.hextant, tmp_path / "server.log", "--public-url", public) as server:
        [template] = server.json("/v1/tiles.json")["tiles"]
        assert template.startswith(f"{public}/v1/tiles/{{z}}/{{x}}/{{y}}.mvt?")
        following = server.json("/v1/risk/2021-10-01", limit=1)["next"]
        assert following.startswith(f"{public}/v1/risk/2021-10-01?")


def test_basemap_may_be_loaded_from_its_origin_only(toronto, tmp_path):
    style = "https://maps.example:8443/style.json"
    with serving(toronto.hextant, tmp_path / "server.log", "--basemap", style) as server:
        policy = server.get("/").headers["Content-Security-Policy"]
        assert "connect-src 'self' https://maps.example:8443;" in policy and "script-src 'self';" in policy
        assert server.json("/v1/tiles.json")["hextant"]["basemap"] == style
