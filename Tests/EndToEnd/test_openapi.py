"""The description of the API is right: it is valid OpenAPI, describes what is served, and lists every answer."""

import json
import os
import re
import subprocess
import sys

import h3
import pytest
import requests
from accounts import SECRET, add_key, bearer
from openapi import DESCRIPTION, FILE
from redis_database import free_redis_database
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR
from serving import serving

# The examples of the description use a dataset of that name.
SLUG = "toronto"
HEADER = "event_id,event_type,event_timestamp,longitude,latitude,attributes_json\n"
ROLES = ["nobody", "analyst", "admin"]
# Every run sends the same generated requests.
SEED = 20211231


@pytest.fixture(scope="module")
def data(hextant, folder):
    """A scored dataset with some of everything: events around Toronto, and an unreadable record."""
    hextant.put_dataset(folder, SLUG, time_zone="America/Toronto")
    cells = sorted(h3.grid_disk(h3.latlng_to_cell(43.65, -79.38, 8), 2))
    places = [h3.cell_to_latlng(cell) for cell in cells]
    lines = [
        f"{day}-{index},{['theft', 'assault'][index % 2]},2021-12-{day:02}T18:00:00Z,{longitude},{latitude},{{}}\n"
        for day in range(10, 32)
        for index, (latitude, longitude) in enumerate(places[: day - 8])
    ]
    file = folder / "events.csv"
    file.write_text(HEADER + "".join(lines) + "x,theft,yesterday,-79.4,43.7,{}\n")
    hextant.json("ingest", file, "--dataset", SLUG)
    hextant.json("score", "--dataset", SLUG)
    hextant.json("refresh")


@pytest.fixture(scope="module")
def server(hextant, folder, data):
    """Runs without workers, so that requested runs wait, and without limits, because thousands of requests are sent."""
    with free_redis_database() as redis:
        with serving(
            hextant, folder / "openapi.log", "--redis-url", redis.url, "--workers", "0", "--rate-limit", "0",
            "--account-rate-limit", "0", HEXTANT_TOKEN_SECRET=SECRET,
        ) as server:
            yield server


@pytest.fixture(scope="module")
def keys(hextant):
    return {"nobody": None} | {role: add_key(hextant, role) for role in ROLES[1:]}


def test_it_is_served_as_it_lies_in_the_repository_and_is_openapi(server):
    answer = requests.get(f"{server.url}/openapi.json", timeout=60)
    assert answer.headers["Content-Type"] == "application/json" and answer.text == FILE.read_text()
    assert [error.message for error in OPENAPI_31_VALIDATOR.iter_errors(answer.json())] == []
    document = DESCRIPTION.document
    identifiers = [operation.stated["operationId"] for operation in DESCRIPTION.operations]
    assert len(set(identifiers)) == len(identifiers)
    tags = {tag["name"] for tag in document["tags"]}
    for operation in DESCRIPTION.operations:
        assert set(operation.stated["tags"]) <= tags and operation.stated["summary"], operation
        in_path = {each["name"] for each in operation.parameters.values() if each["in"] == "path"}
        assert in_path == set(re.findall(r"{(\w+)}", operation.path)), operation
    named = set(re.findall(r'"#/components/(\w+)/([\w-]+)"', answer.text))
    there = {(kind, name) for kind, parts in document["components"].items() for name in parts}
    assert named <= there and there - named == {("securitySchemes", "token"), ("securitySchemes", "key")}


def test_what_it_asks_for_rights_is_what_it_says_of_security():
    named = [{"token": []}, {"key": []}]
    security = {"open": [], "reader": [{}, *named], "analyst": named, "admin": named}
    for operation in DESCRIPTION.operations:
        assert operation.stated["security"] == security[operation.access], operation
        responses = operation.stated["responses"].keys()
        assert operation.access == "open" or "401" in responses, operation
        more = operation.access in ("analyst", "admin") or operation.conditions
        assert not more or {"401", "403"} <= responses, operation


def examples():
    components = DESCRIPTION.document["components"]
    for name, schema in components["schemas"].items():
        if "example" in schema:
            yield pytest.param(schema["example"], {"$ref": f"#/components/schemas/{name}"}, id=f"schema {name}")
    for name, parameter in components["parameters"].items():
        if "example" in parameter:
            yield pytest.param(parameter["example"], parameter["schema"], id=f"parameter {name}")
    for operation in DESCRIPTION.operations:
        for type, content in operation.stated.get("requestBody", {}).get("content", {}).items():
            if "example" in content:
                yield pytest.param(content["example"], content["schema"], id=f"{operation} {type}")


@pytest.mark.parametrize("value, schema", list(examples()))
def test_every_example_is_valid(value, schema):
    assert DESCRIPTION.faults(value, schema) == []


@pytest.mark.parametrize("operation", DESCRIPTION.operations, ids=str)
def test_it_names_every_parameter_that_the_address_knows(server, keys, operation):
    """A parameter that is unknown to a path is refused with the list of its parameters."""
    if operation.access == "open" and "400" not in operation.stated["responses"]:
        return  # pages, which read no query
    address = operation.address()
    address += ("&" if "?" in address else "?") + "no-such-parameter=1"
    content = operation.stated.get("requestBody", {}).get("content", {})
    type = next(iter(content), None)
    headers = bearer(keys["admin"])
    body = None
    if type:
        headers["Content-Type"] = type
        example = content[type].get("example", {})
        body = example if isinstance(example, str) else json.dumps(example)
    answer = requests.request(operation.method, server.url + address, headers=headers, data=body, timeout=60)
    operation.check(answer)
    assert answer.status_code == 400, answer.text
    [message] = [each["message"] for each in answer.json()["errors"] if each["field"] == "no-such-parameter"]
    stated = {each["name"] for each in operation.parameters.values() if each["in"] == "query"}
    if not stated:
        assert message == "is not a parameter of this path, which has none"
        return
    known = re.fullmatch(r"is not a parameter of this path; its parameters are: (.+)", message)[1]
    assert set(known.split(", ")) == stated


def test_the_description_for_ogc_clients_says_the_same(server):
    """OGC API Features requires an OpenAPI 3.0 description of its own resources, at its own paths."""
    told = requests.get(f"{server.url}/ogc/api", timeout=60).json()
    described = {
        operation.path: {each["name"] for each in operation.parameters.values() if each["in"] == "query"}
        for operation in DESCRIPTION.operations
        if operation.path.startswith("/ogc")
    }
    for path, methods in told["paths"].items():
        path = ("/ogc" + path.replace("{collectionId}", "{collection}").replace("{featureId}", "{id}")).rstrip("/")
        references = [each["$ref"].rsplit("/", 1)[1] for each in methods["get"]["parameters"]]
        parameters = [told["components"]["parameters"][name] for name in references]
        assert {each["name"] for each in parameters if each["in"] == "query"} == described.pop(path), path
    assert described == {}


def first_to_call(operation):
    """The roles with which requests of an operation are answered in another way than with fewer rights."""
    least = {"open": "nobody", "reader": "nobody"}
    return {least.get(access, access) for access in [operation.access, *(each[2] for each in operation.conditions)]}


@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_answered_that_is_not_described(server, keys, role, tmp_path):
    """schemathesis sends requests of all kinds that the description allows and that it does not allow, with the least
    rights that they need, and the examples with all others."""
    # Another spelling of a path is redirected to the right one, so it does not count as an accepted request.
    refused = [308, 400, 401, 403, 404, 405, 406, 409, 415, 422, 428, 429, "5xx"]
    (tmp_path / "schemathesis.toml").write_text(f"[checks.negative_data_rejection]\nexpected-statuses = {refused}\n")
    checks = [
        "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
        "response_schema_conformance", "negative_data_rejection", "missing_required_header", "unsupported_method",
        "allow_header_conformance", "ignored_auth",
    ]
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", f"{server.url}/openapi.json", "--url", server.url,
        "--checks", ",".join(checks), "--max-examples", "12", "--seed", str(SEED), "--continue-on-failure",
        "--warnings", "off", "--request-timeout", "30",
    ]
    for name, value in bearer(keys[role]).items():
        command += ["--header", f"{name}: {value}"]
    mine = {each.stated["operationId"] for each in DESCRIPTION.operations if role in first_to_call(each)}
    others = {each.stated["operationId"] for each in DESCRIPTION.operations} - mine
    everything = "examples,coverage,fuzzing"
    # An administrator who sends its example would delete what all other requests need, so it comes last.
    last = {"deleteDataset"}
    for phases, operations in [
        (everything, mine - last), ("examples", others - last), (everything, mine & last), ("examples", others & last),
    ]:
        if not operations:
            continue
        chosen = [part for each in sorted(operations) for part in ("--include-operation-id", each)]
        told = subprocess.run(
            [*command, "--phases", phases, *chosen], cwd=tmp_path, env=os.environ | {"NO_COLOR": "1"},
            capture_output=True, text=True, timeout=600)
        assert told.returncode == 0, told.stdout[-20000:] + told.stderr[-2000:]
