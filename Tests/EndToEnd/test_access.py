"""Every operation of the API, requested by every kind of client, for a public and for a private dataset."""

import itertools
import json
import re

import h3
import pytest
import requests
from accounts import SECRET, add_key, add_user, bearer, tokens
from openapi import DESCRIPTION
from redis_database import free_redis_database
from serving import serving
from waiting import wait_until

HEADER = "event_type,event_timestamp,longitude,latitude,attributes_json\n"
EVENTS = HEADER + "".join(f"theft,2021-05-{day:02}T10:00:00Z,-79.4,43.7,{{}}\n" for day in range(1, 11))
LETTER = "theft,yesterday,-79.4,43.7,{}\n"
# Longitude -79.4, latitude 43.7 at zoom 13, by the formula of the OGC's Two Dimensional Tile Matrix Set.
TILE = (2289, 2988)
TILE_PATH = f"/v1/tiles/13/{TILE[0]}/{TILE[1]}.mvt"
CELL = h3.latlng_to_cell(43.7, -79.4, 7)
# These requests lack something required, so nothing is looked up for clients with the right.
FAULTS = {
    "POST /v1/auth/token": 415,
    "POST /v1/auth/revoke": 415,
    "PUT /v1/datasets/{slug}": 415,
    "PATCH /v1/datasets/{slug}": 415,
    "POST /v1/datasets/{slug}/events": 415,
    "DELETE /v1/datasets/{slug}": 400,  # the confirmation is missing
    "POST /v1/ml/predict/expenditure-type": 415,
    "GET /v1/ml/models/{id}": 404,  # no model was trained
    "POST /v1/ml/models/{id}/activate": 404,
}
# The status for clients with the right, where it is not a success.
OUTCOMES = {
    ("DELETE /v1/analytics/runs/{id}", None): 409,  # it is over
    ("POST /v1/events/upload", None): 201,  # no idempotency key was given, so it was not sent before
    ("GET /v1/tiles/spending/{z}/{x}/{y}.mvt", None): 204,  # nothing has a place
    ("POST /v1/expenditures", None): 415,
    ("PUT /v1/expenditures/{id}", None): 428,
    ("POST /v1/data/upload/csv", None): 201,
    ("POST /v1/data/refresh/full", None): 404,  # no feed brings payments
    ("POST /v1/data/refresh/incremental", None): 404,
    ("GET /v1/events/{id}", None): 404,  # these events have no ids of their source
    # No file of tiles is configured.
    ("GET /basemap/tiles.json", None): 404,
    ("GET /basemap/{z}/{x}/{y}", None): 404,
    # Risk has tiles and events have none, and event ids have another form than cell ids.
    ("GET /ogc/collections/{collection}/tiles", "events"): 404,
    ("GET /ogc/collections/{collection}/tiles/WebMercatorQuad", "events"): 404,
    ("GET /ogc/collections/{collection}/items/{id}", "events"): 404,
}
RANKS = ["public", "analyst", "admin"]
# Parameters that name a dataset, directly or through something that belongs to it.
NAMES = {
    "dataset", "expenditureDataset", "expenditureId", "orderedDataset", "slug", "collection", "runId", "batchId",
    "orderedBatch", "feed",
}  # fmt: skip


class Route:
    """An operation of the description with its access rule; `events` requests the variant that needs more rights."""

    def __init__(self, operation, variant=None):
        self.operation = operation
        self.variant = variant
        self.rule = operation.access
        values = self.values("{dataset}")
        for parameter, pattern, access in operation.conditions:
            [key] = [key for key, each in operation.parameters.items() if each["name"] == parameter]
            if re.search(pattern, values.get(key, "")):
                self.rule = access

    def __str__(self):
        return f"{self.operation}{' of events' if self.variant else ''}"

    def values(self, slug, batch="", run="", payment=""):
        kind = self.variant or "risk"
        return {
            "dataset": slug,
            "expenditureDataset": f"{slug}-spending",
            "expenditureId": payment or 999_999,
            "orderedDataset": slug,
            "slug": slug,
            "collection": f"{slug}.{kind}",
            "confirm": "another",
            "z": 13,
            "x": TILE[0],
            "y": TILE[1],
            "h3": CELL,
            "day": "2021-05-10",
            "feature": f"2021-05-10_{CELL}",
            "batchId": batch,
            "orderedBatch": batch,
            "runId": run,
            "feed": slug,  # each dataset has a feed of its name
            **({"layers": "risk,events"} if self.variant else {}),
        }

    @property
    def names_dataset(self):
        return not NAMES.isdisjoint(self.operation.parameters)

    def expected(self, who, visibility):
        role, sees_public, sees_private = PEOPLE[who]
        if self.rule not in ("open", "reader"):
            if role is None:
                return 401
            if RANKS.index(role) < RANKS.index(self.rule):
                return 403
        if str(self.operation) == "DELETE /v1/cache/clear" and who == "administrator's key for the public dataset":
            return 403  # the caches of other datasets are not its own
        if str(self.operation) in FAULTS:
            return FAULTS[str(self.operation)]
        if self.names_dataset and not (sees_public if visibility == "public" else sees_private):
            return 404
        return OUTCOMES.get((str(self.operation), self.variant), self.operation.success)

    def ask(self, server, token, **values):
        """The answer, which must be one that the description contains."""
        address = server.url + self.operation.address(**self.values(**values))
        content = self.operation.stated.get("requestBody", {}).get("content", {})
        body = {}
        if self.operation.path == "/v1/events/upload":
            body = {"data": HEADER}
        elif self.operation.path == "/v1/data/upload/csv":
            body = {"data": content["text/csv"]["example"]}
        elif "example" in content.get("application/geo+json", {}):
            body = {"json": content["application/geo+json"]["example"]}
        answer = requests.request(self.operation.method, address, headers=bearer(token), timeout=60, **body)
        self.operation.check(answer)
        return answer


ROUTES = [
    Route(operation, variant)
    for operation in DESCRIPTION.operations
    for variant in [None, *(["events"] if operation.conditions else [])]
]

# The clients: role, and whether they see the public and the private dataset.
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
def ingest_all(hextant, folder):
    """Ingests the file of a dataset and returns the batch."""

    def ingest_all(slug):
        file = folder / f"{slug}.csv"
        file.write_text(EVENTS + LETTER)
        return hextant.json("ingest", file, "--dataset", slug)["batch"]

    return ingest_all


@pytest.fixture(scope="module")
def pay(hextant, database, folder):
    """Stores a payment in the dataset that belongs to another, and returns its id."""

    def pay(slug):
        file = folder / f"{slug}-payments.csv"
        columns = "source_id,fiscal_year,entered,vendor,department,account,account_description,organisation,amount"
        file.write_text(f"{columns}\npaid,2024,2024-03-01,Acme,Parks,,,,5\n")
        hextant.json("ingest", file, "--dataset", f"{slug}-spending", "--mapping", "hextant-expenditures")
        return database.value(
            "SELECT id FROM expenditures WHERE dataset = %s AND source_id = 'paid'", [f"{slug}-spending"])

    return pay


@pytest.fixture(scope="module")
def data(hextant, database, folder, ingest_all, pay):
    """The data of each dataset: its slug, a batch, a finished run, and a payment of the dataset that belongs to it."""
    found = {}
    for visibility in ["public", "private"]:
        slug = hextant.put_dataset(folder, f"{visibility}-one", visibility=visibility)
        # What holds expenditures is another dataset, which the same people see.
        hextant.put_dataset(folder, f"{slug}-spending", visibility=visibility, holds="expenditures")
        batch = ingest_all(slug)
        hextant.json("score", "--dataset", slug)
        run = database.value("SELECT id FROM analytics_runs WHERE dataset = %s", [slug])
        found[visibility] = {"slug": slug, "batch": batch, "run": run, "payment": pay(slug)}
    hextant.json("refresh")
    # Around all events, in the layers and with the id that the description has as examples.
    around = {"type": "Polygon", "coordinates": [[[-80, 43], [-79, 43], [-79, 44], [-80, 44], [-80, 43]]]}
    area = {"type": "Feature", "geometry": around, "properties": {"id": "E05000026", "name": "Around"}}
    file = folder / "around.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [area]}))
    for layer in ["wards", "suburbs", "meshblocks"]:
        hextant.json("areas", "import", file, "--layer", layer, "--id", "id", "--name", "name")
    for each in found.values():
        hextant.json("areas", "count", "--dataset", each["slug"])
    return found


@pytest.fixture(scope="module")
def server(hextant, folder, data):
    feeds = folder / "feeds"
    feeds.mkdir()
    for each in data.values():
        feed = {"feed": each["slug"], "source": "csv", "url": "https://localhost/a.csv", "dataset": each["slug"],
                "mapping": "canonical"}  # fmt: skip
        (feeds / f"{each['slug']}.yaml").write_text(json.dumps(feed))  # JSON is YAML
    with free_redis_database() as redis:
        with serving(
            hextant, folder / "access.log", "--redis-url", redis.url, "--workers", "0", "--feeds", feeds,
            HEXTANT_TOKEN_SECRET=SECRET,
        ) as server:
            yield server


@pytest.fixture(scope="module")
def credentials(server, hextant, folder, data):
    private, public = data["private"]["slug"], data["public"]["slug"]
    found = {"nobody": None}
    for name in ["user", "user with a grant", "analyst", "analyst with a grant", "administrator"]:
        user = add_user(hextant, folder, role=PEOPLE[name][0])
        if "grant" in name:
            hextant.json("datasets", "grant", private, user)
            hextant.json("datasets", "grant", f"{private}-spending", user)
        found[name] = tokens(server, user)["access_token"]
    found["key of a machine"] = add_key(hextant, "public")
    found["key for the private dataset"] = add_key(hextant, "analyst", [private, f"{private}-spending"])
    found["key for the public dataset"] = add_key(hextant, "analyst", [public, f"{public}-spending"])
    found["administrator's key for the public dataset"] = add_key(hextant, "admin", [public, f"{public}-spending"])
    assert found.keys() == PEOPLE.keys()
    return found


def get(server, path, token):
    return requests.get(server.url + path, headers=bearer(token), timeout=60)


# Twice: an answer cached for the first of two clients must not be given to the second.
@pytest.mark.parametrize("order", ["those with rights first", "those without first"])
@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_the_rule_of_a_route_holds_for_everybody(server, credentials, data, ingest_all, pay, route, order):
    people = list(PEOPLE) if order == "those without first" else list(PEOPLE)[::-1]
    for visibility, who in itertools.product(["private", "public"], people):
        answer = route.ask(server, credentials[who], **data[visibility])
        wanted = route.expected(who, visibility)
        assert answer.status_code == wanted, f"{who}, {visibility}: {answer.text}"
        if wanted >= 400:
            assert answer.headers["Content-Type"] == "application/problem+json"
        if str(route) == "DELETE /v1/ingest/batches/{id}" and wanted == 200:
            data[visibility]["batch"] = ingest_all(data[visibility]["slug"])
        if str(route) == "DELETE /v1/expenditures/{id}" and wanted == 204:
            data[visibility]["payment"] = pay(data[visibility]["slug"])
        if route.rule == "reader" and route.names_dataset and visibility == "private" and wanted == 200:
            assert "private" in answer.headers["Cache-Control"]


def test_a_private_dataset_is_not_told_from_none(server, credentials, data):
    private = data["private"]["slug"]
    for who in ["nobody", "user", "analyst"]:
        for route in ROUTES:
            if not {"batchId", "orderedBatch", "runId"}.isdisjoint(route.operation.parameters):
                continue
            if route.expected(who, "private") != 404 or not route.names_dataset:
                continue
            hidden = route.ask(server, credentials[who], slug=private)
            none = route.ask(server, credentials[who], slug="no-such-one")
            assert (hidden.status_code, none.status_code) == (404, 404)
            assert hidden.text.replace(private, "no-such-one") == none.text
            assert hidden.headers.keys() == none.headers.keys()
        for path in ["/v1/analytics/runs/{}"] + ["/v1/ingest/batches/{}"] * (who == "analyst"):
            known = data["private"]["run" if "runs" in path else "batch"]
            hidden, none = (get(server, path.format(number), credentials[who]) for number in [known, 999999])
            assert hidden.status_code == none.status_code == 404
            assert hidden.text.replace(str(known), "999999") == none.text


@pytest.mark.parametrize("who", PEOPLE)
def test_lists_hold_what_somebody_sees_and_no_more(server, credentials, data, who):
    _, *sees = PEOPLE[who]
    slugs = sorted(data[visibility]["slug"] for visibility, seen in zip(["public", "private"], sees) if seen)
    answer = get(server, "/v1/datasets", credentials[who])
    listed = sorted(item["dataset"] for item in answer.json()["items"])
    assert [slug for slug in listed if not slug.endswith("-spending")] == slugs
    collections = get(server, "/ogc/collections", credentials[who]).json()["collections"]
    kinds = ["risk", "hotspots", "outlook"] + ["events"] * (PEOPLE[who][0] in ("analyst", "admin"))
    areas = [f"{layer}.areas" for layer in ["meshblocks", "suburbs", "wards"]]
    assert [each["id"] for each in collections if each["id"] not in areas] == [
        f"{slug}.{kind}" for slug in slugs for kind in kinds]
    assert {each["id"] for each in collections} >= set(areas)
    runs = get(server, "/v1/analytics/runs?limit=1000", credentials[who]).json()["items"]
    assert {run["dataset"].removesuffix("-spending") for run in runs if run["dataset"]} == set(slugs)


def test_a_credential_that_is_not_good_is_refused_where_rights_count(server, data):
    for route in ROUTES:
        answer = route.ask(server, "hxk_" + "A" * 43, **data["public"])
        assert answer.status_code == (route.expected("nobody", "public") if route.rule == "open" else 401), route


def test_a_cached_tile_is_not_given_to_who_lost_the_right(server, credentials, data, hextant, folder):
    slug = hextant.put_dataset(folder, "turned", visibility="public")
    file = folder / "turned.csv"
    file.write_text(EVENTS)
    hextant.json("ingest", file, "--dataset", slug)
    hextant.json("score", "--dataset", slug)
    hextant.json("refresh")
    path = f"{TILE_PATH}?dataset={slug}"
    wait_until(lambda: get(server, path, None).status_code == 200, "the tile")
    warm = get(server, path, None)
    assert warm.headers["Cache-Control"].startswith("public")
    hextant.put_dataset(folder, slug, visibility="private")
    wait_until(lambda: get(server, path, None).status_code == 404, "the tile to be gone", 5)
    for _ in range(20):
        assert get(server, path, None).status_code == 404
        again = requests.get(
            server.url + path, headers={"If-None-Match": warm.headers["ETag"], "Accept-Encoding": "gzip"}, timeout=60)
        assert again.status_code == 404
    kept = get(server, path, credentials["administrator"])
    assert kept.status_code == 200 and kept.content == warm.content
    assert kept.headers["Cache-Control"] == "private, no-cache"
    assert get(server, path, None).status_code == 404


def test_a_tile_needs_its_right_by_its_tag_too(server, credentials, data):
    path = f"{TILE_PATH}?dataset={data['private']['slug']}"
    tag = get(server, path, credentials["administrator"]).headers["ETag"]

    def code(token):
        return requests.get(
            server.url + path, headers=bearer(token) | {"If-None-Match": tag}, timeout=60).status_code

    assert code(credentials["administrator"]) == 304
    assert code(None) == code(credentials["user"]) == 404
