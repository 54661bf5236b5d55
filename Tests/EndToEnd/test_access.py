"""Every route, asked by everybody, of a public and of a private dataset."""

import itertools
import re

import h3
import pytest
import requests
from accounts import SECRET, add_key, add_user, bearer, tokens
from command import REPOSITORY
from redis_database import free_redis_database
from serving import serving
from waiting import wait_until

HEADER = "event_type,event_timestamp,longitude,latitude,attributes_json\n"
EVENTS = HEADER + "".join(f"theft,2021-05-{day:02}T10:00:00Z,-79.4,43.7,{{}}\n" for day in range(1, 11))
LETTER = "theft,yesterday,-79.4,43.7,{}\n"
# Longitude -79.4, latitude 43.7 at zoom 12, by the formula of the OGC's Two Dimensional Tile Matrix Set.
TILE = "12/1144/1494"
CELL = h3.latlng_to_cell(43.7, -79.4, 7)
AREA = {"type": "Polygon", "coordinates": [[[-80, 43], [-79, 43], [-79, 44], [-80, 43]]]}
# Those that a POST only asks.
QUERIED = ("/v1/hotspots?", "/v1/risk/", "/v1/events?", "/v1/stats?")

# What each request comes to for who may send it; everything else follows from the rule: `reader` is for all who see the
# dataset, `analyst` for analysts and administrators who see it, `open` for everybody.
ROUTES = [
    ("GET", "/v1/tiles/{z}/{x}/{y}.mvt", f"/v1/tiles/{TILE}.mvt?dataset={{dataset}}", "reader", 200),
    ("GET", "/tiles/{z}/{x}/{y}.mvt", f"/tiles/{TILE}.mvt?dataset={{dataset}}", "reader", 200),
    ("GET", "/v1/tiles.json", "/v1/tiles.json?dataset={dataset}", "reader", 200),
    ("GET", "/v1/datasets/{slug}", "/v1/datasets/{dataset}", "reader", 200),
    ("GET", "/v1/hotspots", "/v1/hotspots?dataset={dataset}", "reader", 200),
    ("GET", "/v1/risk/{date}", "/v1/risk/2021-05-10?dataset={dataset}", "reader", 200),
    ("POST", "/v1/hotspots", "/v1/hotspots?dataset={dataset}", "reader", 200),
    ("POST", "/v1/risk/{date}", "/v1/risk/2021-05-10?dataset={dataset}", "reader", 200),
    ("GET", "/v1/cells/{h3}", f"/v1/cells/{CELL}?dataset={{dataset}}", "reader", 200),
    ("GET", "/v1/events", "/v1/events?dataset={dataset}", "analyst", 200),
    ("POST", "/v1/events", "/v1/events?dataset={dataset}", "analyst", 200),
    ("GET", "/v1/stats", "/v1/stats?dataset={dataset}", "reader", 200),
    ("POST", "/v1/stats", "/v1/stats?dataset={dataset}", "reader", 200),
    ("GET", "/ogc", "/ogc", "open", 200),
    ("GET", "/ogc/api", "/ogc/api", "open", 200),
    ("GET", "/ogc/conformance", "/ogc/conformance", "open", 200),
    ("GET", "/ogc/tileMatrixSets", "/ogc/tileMatrixSets", "open", 200),
    ("GET", "/ogc/tileMatrixSets/WebMercatorQuad", "/ogc/tileMatrixSets/WebMercatorQuad", "open", 200),
    ("GET", "/ogc/collections/{collection}", "/ogc/collections/{dataset}.risk", "reader", 200),
    ("GET", "/ogc/collections/{collection}", "/ogc/collections/{dataset}.events", "analyst", 200),
    ("GET", "/ogc/collections/{collection}/queryables", "/ogc/collections/{dataset}.risk/queryables", "reader", 200),
    ("GET", "/ogc/collections/{collection}/items", "/ogc/collections/{dataset}.risk/items", "reader", 200),
    ("GET", "/ogc/collections/{collection}/items", "/ogc/collections/{dataset}.hotspots/items", "reader", 200),
    ("GET", "/ogc/collections/{collection}/items", "/ogc/collections/{dataset}.events/items", "analyst", 200),
    ("GET", "/ogc/collections/{collection}/items/{id}",
     f"/ogc/collections/{{dataset}}.risk/items/2021-05-10_{CELL}", "reader", 200),
    ("GET", "/ogc/collections/{collection}/tiles", "/ogc/collections/{dataset}.risk/tiles", "reader", 200),
    ("GET", "/ogc/collections/{collection}/tiles/WebMercatorQuad",
     "/ogc/collections/{dataset}.risk/tiles/WebMercatorQuad", "reader", 200),
    ("POST", "/v1/events/upload", "/v1/events/upload?dataset={dataset}", "analyst", 201),
    ("GET", "/v1/ingest/batches", "/v1/ingest/batches?dataset={dataset}", "analyst", 200),
    ("GET", "/v1/ingest/batches/{id}", "/v1/ingest/batches/{batch}", "analyst", 200),
    ("GET", "/v1/ingest/dead-letters", "/v1/ingest/dead-letters?dataset={dataset}", "analyst", 200),
    ("POST", "/v1/ingest/dead-letters/remediate",
     "/v1/ingest/dead-letters/remediate?batch={batch}&mapping=canonical", "analyst", 200),
    ("POST", "/v1/analytics/run", "/v1/analytics/run?dataset={dataset}", "analyst", 202),
    ("GET", "/v1/analytics/runs", "/v1/analytics/runs?dataset={dataset}", "reader", 200),
    ("GET", "/v1/analytics/runs/{id}", "/v1/analytics/runs/{run}", "reader", 200),
    ("DELETE", "/v1/analytics/runs/{id}", "/v1/analytics/runs/{run}", "analyst", 409),  # it is over
    ("POST", "/v1/auth/token", "/v1/auth/token", "open", 415),  # there is no form
    ("POST", "/v1/auth/revoke", "/v1/auth/revoke", "open", 415),
    ("GET", "/v1/health/live", "/v1/health/live", "open", 200),
    ("GET", "/v1/health/ready", "/v1/health/ready", "open", 200),
    ("GET", "/metrics", "/metrics", "open", 200),
    ("GET", "/", "/", "open", 200),
    ("GET", "/**", "/no-such-file", "open", 404),
]
# What names no dataset, or is for administrators, has tests of its own.
OWN_TEST = [("GET", "/v1/datasets"), ("GET", "/ogc/collections")]
FOR_ADMINISTRATORS = [
    ("PUT", "/v1/datasets/{slug}", "/v1/datasets/{dataset}"),
    ("PATCH", "/v1/datasets/{slug}", "/v1/datasets/{dataset}"),
    ("DELETE", "/v1/datasets/{slug}", "/v1/datasets/{dataset}"),
    ("POST", "/v1/views/refresh", "/v1/views/refresh"),
    ("DELETE", "/v1/cache", "/v1/cache?dataset={dataset}"),
]

# Who asks: role, and whether the public and the private dataset are seen.
PEOPLE = {
    "nobody": (None, True, False),
    "user": ("public", True, False),
    "user with a grant": ("public", True, True),
    "analyst": ("analyst", True, False),
    "analyst with a grant": ("analyst", True, True),
    "administrator": ("admin", True, True),
    "key of a machine": ("public", True, False),
    "key for the private dataset": ("analyst", False, True),
    "key for the public dataset": ("analyst", True, False),
    "administrator's key for the public dataset": ("admin", True, False),
}


@pytest.fixture(scope="module")
def data(hextant, database, folder):
    """What there is of each dataset: its slug, a batch and a run that is over."""
    found = {}
    for visibility in ["public", "private"]:
        slug = hextant.put_dataset(folder, f"{visibility}-one", visibility=visibility)
        file = folder / f"{slug}.csv"
        file.write_text(EVENTS + LETTER)
        hextant.json("ingest", file, "--dataset", slug)
        hextant.json("score", "--dataset", slug)
        batch = database.value("SELECT id FROM ingest_batches WHERE dataset = %s", [slug])
        run = database.value("SELECT id FROM analytics_runs WHERE dataset = %s", [slug])
        found[visibility] = {"dataset": slug, "batch": batch, "run": run}
    hextant.json("refresh")
    return found


@pytest.fixture(scope="module")
def server(hextant, folder, data):
    with free_redis_database() as redis:
        with serving(
            hextant, folder / "access.log", "--redis-url", redis.url, "--workers", "0", HEXTANT_TOKEN_SECRET=SECRET
        ) as server:
            yield server


@pytest.fixture(scope="module")
def credentials(server, hextant, folder, data):
    private, public = data["private"]["dataset"], data["public"]["dataset"]
    found = {"nobody": None}
    for name in ["user", "user with a grant", "analyst", "analyst with a grant", "administrator"]:
        user = add_user(hextant, folder, role=PEOPLE[name][0])
        if "grant" in name:
            hextant.json("datasets", "grant", private, user)
        found[name] = tokens(server, user)["access_token"]
    found["key of a machine"] = add_key(hextant, "public")
    found["key for the private dataset"] = add_key(hextant, "analyst", [private])
    found["key for the public dataset"] = add_key(hextant, "analyst", [public])
    found["administrator's key for the public dataset"] = add_key(hextant, "admin", [public])
    assert found.keys() == PEOPLE.keys()
    return found


def expected(rule, success, who, visibility):
    role, sees_public, sees_private = PEOPLE[who]
    if rule == "open":
        return success
    if rule == "analyst" and role is None:
        return 401
    if rule == "analyst" and role == "public":
        return 403
    return success if (sees_public if visibility == "public" else sees_private) else 404


def ask(server, method, path, token, **options):
    body = {"data": HEADER} if path.startswith("/v1/events/upload") else {}
    if method == "POST" and path.startswith(QUERIED):
        body = {"json": AREA}
    return requests.request(method, server.url + path, headers=bearer(token), timeout=60, **body, **options)


# Twice: what the first of two asks fills a cache with must not be given to the next.
@pytest.mark.parametrize("order", ["those with rights first", "those without first"])
@pytest.mark.parametrize("method, route, path, rule, success", ROUTES, ids=lambda value: str(value))
def test_the_rule_of_a_route_holds_for_everybody(server, credentials, data, method, route, path, rule, success, order):
    people = list(PEOPLE) if order == "those without first" else list(PEOPLE)[::-1]
    for visibility, who in itertools.product(["private", "public"], people):
        answer = ask(server, method, path.format(**data[visibility], z=0, x=0, y=0, date="", id="", h3=""), credentials[who])
        wanted = expected(rule, success, who, visibility)
        assert answer.status_code == wanted, f"{who}, {visibility}: {answer.text}"
        if wanted >= 400:
            assert answer.headers["Content-Type"] == "application/problem+json"
        if rule == "reader" and visibility == "private" and wanted == 200:
            assert "private" in answer.headers["Cache-Control"]


def test_every_route_is_walked():
    source = (REPOSITORY / "Sources/Server/Access/AccessRules.swift").read_text()
    table = source[source.index("static let all"):source.index("]\n\n")]
    served = {
        (method.upper(), path)
        for path, rules in re.findall(r'"(/[^"]*)": \[(.*)\]', table)
        for method in re.findall(r"\.(get|post|put|patch|delete): ", rules)
    }
    walked = {(method, route) for method, route, *_ in ROUTES + FOR_ADMINISTRATORS}
    assert served == walked | set(OWN_TEST)


@pytest.mark.parametrize("method, route, path", FOR_ADMINISTRATORS, ids=lambda value: str(value))
def test_operations_are_for_administrators(server, credentials, data, method, route, path):
    address = path.format(dataset=data["public"]["dataset"])
    for who, (role, *_) in PEOPLE.items():
        answer = ask(server, method, address, credentials[who])
        if role == "admin":
            # They may, and what they sent has no body where one is needed, or does not say that it is meant.
            assert answer.status_code == {"PUT": 415, "PATCH": 415, "POST": 202}.get(method) or answer.status_code in (
                200, 400), answer.text
        else:
            assert answer.status_code == (401 if role is None else 403), who
            assert answer.headers["Content-Type"] == "application/problem+json"
    assert requests.get(f"{server.url}/v1/tiles.json?dataset={data['public']['dataset']}", timeout=60).status_code == 200


def test_a_private_dataset_is_not_told_from_none(server, credentials, data):
    private = data["private"]["dataset"]
    for who in ["nobody", "user", "analyst"]:
        for method, _, path, rule, _ in ROUTES:
            if "{dataset}" not in path or (rule == "analyst" and who != "analyst"):
                continue
            hidden = ask(server, method, path.format(dataset=private), credentials[who])
            none = ask(server, method, path.format(dataset="no-such-one"), credentials[who])
            assert (hidden.status_code, none.status_code) == (404, 404)
            assert hidden.text.replace(private, "no-such-one") == none.text
            assert hidden.headers.keys() == none.headers.keys()
        for path in ["/v1/analytics/runs/{}"] + ["/v1/ingest/batches/{}"] * (who == "analyst"):
            known = data["private"]["run" if "runs" in path else "batch"]
            hidden, none = (ask(server, "GET", path.format(number), credentials[who]) for number in [known, 999999])
            assert hidden.status_code == none.status_code == 404
            assert hidden.text.replace(str(known), "999999") == none.text


@pytest.mark.parametrize("who", PEOPLE)
def test_lists_hold_what_somebody_sees_and_no_more(server, credentials, data, who):
    _, *sees = PEOPLE[who]
    slugs = sorted(data[visibility]["dataset"] for visibility, seen in zip(["public", "private"], sees) if seen)
    answer = ask(server, "GET", "/v1/datasets", credentials[who])
    assert sorted(item["dataset"] for item in answer.json()["items"]) == slugs
    collections = ask(server, "GET", "/ogc/collections", credentials[who]).json()["collections"]
    kinds = ["risk", "hotspots"] + ["events"] * (PEOPLE[who][0] in ("analyst", "admin"))
    assert [each["id"] for each in collections] == [f"{slug}.{kind}" for slug in slugs for kind in kinds]
    runs = ask(server, "GET", "/v1/analytics/runs?limit=1000", credentials[who]).json()["items"]
    assert {run["dataset"] for run in runs} - {None} == set(slugs)


def test_a_credential_that_is_not_good_is_refused_where_rights_count(server, data):
    for method, _, path, rule, success in ROUTES:
        answer = ask(server, method, path.format(**data["public"]), "hxk_" + "A" * 43)
        assert answer.status_code == (success if rule == "open" else 401), path


def test_a_cached_tile_is_not_given_to_who_lost_the_right(server, credentials, data, hextant, folder):
    slug = hextant.put_dataset(folder, "turned", visibility="public")
    file = folder / "turned.csv"
    file.write_text(EVENTS)
    hextant.json("ingest", file, "--dataset", slug)
    hextant.json("score", "--dataset", slug)
    hextant.json("refresh")
    path = f"/v1/tiles/{TILE}.mvt?dataset={slug}"
    wait_until(lambda: ask(server, "GET", path, None).status_code == 200, "the tile")
    warm = ask(server, "GET", path, None)
    assert warm.headers["Cache-Control"].startswith("public")
    hextant.put_dataset(folder, slug, visibility="private")
    wait_until(lambda: ask(server, "GET", path, None).status_code == 404, "the tile to be gone", 5)
    for _ in range(20):
        assert ask(server, "GET", path, None).status_code == 404
        again = requests.get(
            server.url + path, headers={"If-None-Match": warm.headers["ETag"], "Accept-Encoding": "gzip"}, timeout=60)
        assert again.status_code == 404
    kept = ask(server, "GET", path, credentials["administrator"])
    assert kept.status_code == 200 and kept.content == warm.content
    assert kept.headers["Cache-Control"] == "private, no-cache"
    assert ask(server, "GET", path, None).status_code == 404


def test_a_tile_needs_its_right_by_its_tag_too(server, credentials, data):
    path = f"/v1/tiles/{TILE}.mvt?dataset={data['private']['dataset']}"
    tag = ask(server, "GET", path, credentials["administrator"]).headers["ETag"]

    def code(token):
        return requests.get(
            server.url + path, headers=bearer(token) | {"If-None-Match": tag}, timeout=60).status_code

    assert code(credentials["administrator"]) == 304
    assert code(None) == code(credentials["user"]) == 404
