"""Requests of real clients: forms, areas, times and filters as their programs write them."""

import json
import subprocess

import pytest
import requests
from accounts import add_key, bearer
from serving import serving

HEADER = "event_type,event_timestamp,longitude,latitude,attributes_json\n"
# One event a day around noon, and one in the last second of the year.
ROWS = [("theft", f"2021-12-{day:02}T12:00:00Z", -79.40, 43.70) for day in range(28, 32)]
ROWS += [("fire", "2021-12-31T23:59:59.5Z", -79.20, 43.80)]
EVENTS = HEADER + "".join(f"{kind},{time},{x},{y},{{}}\n" for kind, time, x, y in ROWS)
RING = [[-79.45, 43.65], [-79.35, 43.65], [-79.35, 43.75], [-79.45, 43.75], [-79.45, 43.65]]
POLYGON = {"type": "Polygon", "coordinates": [RING]}


@pytest.fixture(scope="module")
def slug(hextant, folder):
    slug = hextant.put_dataset(folder, "clients-of-ours", resolutions=[7, 8])
    file = folder / "clients.csv"
    file.write_text(EVENTS)
    hextant.json("ingest", file, "--dataset", slug)
    hextant.json("score", "--dataset", slug)
    hextant.json("refresh")
    return slug


@pytest.fixture(scope="module")
def key(hextant, slug):
    return add_key(hextant, "analyst")


@pytest.fixture(scope="module")
def server(hextant, folder, slug, key):
    with serving(hextant, folder / "clients.log") as server:
        yield server.asking_as(key)


# Forms


def curl(server, key, path, *words):
    """The status and the body of an upload by curl."""
    done = subprocess.run(
        ["curl", "-sS", "--noproxy", "*", "-w", "\n%{http_code}", "-H", f"Authorization: Bearer {key}", *words,
         server.url + path], capture_output=True, text=True, timeout=60)  # fmt: skip
    assert done.returncode == 0, done.stderr
    body, code = done.stdout.rsplit("\n", 1)
    return int(code), json.loads(body)


def test_a_field_may_be_named_like_a_file(server, key, dataset, tmp_path):
    """Uploaders send the name of the file as a field of its own, such as qqfilename."""
    file = tmp_path / "up.csv"
    file.write_text(EVENTS)
    upload = f"/v1/events/upload?dataset={dataset}"
    code, batch = curl(server, key, upload, "-F", "qqfilename=up.csv", "-F", f"qqfile=@{file}")
    assert code == 201 and (batch["accepted"], batch["rejected"]) == (5, 0), batch
    code, batch = curl(server, key, upload, "-F", f"qqfile=@{file};filename=a \"b\"; c.csv", "-F", "filename=x")
    assert code == 201 and (batch["accepted"], batch["duplicate"]) == (0, 5), batch
    code, problem = curl(server, key, upload, "-F", "qqfilename=up.csv")
    assert code == 400 and "no part with a file name" in problem["detail"]


def test_a_form_is_read_by_its_grammar(server, key, dataset):
    def send(kind, body):
        return requests.post(
            f"{server.url}/v1/events/upload?dataset={dataset}", data=body, timeout=60,
            headers=bearer(key) | {"Content-Type": kind})  # fmt: skip

    part = f'--a;b \r\ncontent-disposition: form-data;\r\n name=f; FILENAME="x.csv"\r\n\r\n{EVENTS}\r\n--a;b--\r\n'
    answer = send('Multipart/Form-Data; charset=utf-8; Boundary="a;b"', part)
    assert answer.status_code == 201 and answer.json()["accepted"] == 5, answer.text
    for kind in ['multipart/form-data; boundary="a;b', "multipart/mixed; boundary=x"]:
        assert send(kind, part).status_code == 400
    coded = part.replace("\r\n\r\n", "\r\nContent-Transfer-Encoding: base64\r\n\r\n", 1)
    answer = send('multipart/form-data; boundary="a;b"', coded)
    assert answer.status_code == 400 and "Content-Transfer-Encoding" in answer.json()["detail"]


@pytest.mark.parametrize("scheme", ["Bearer  ", "bearer   "])
def test_a_scheme_may_be_followed_by_several_blanks(server, slug, key, scheme):
    answer = requests.get(
        f"{server.url}/v1/events?dataset={slug}", headers={"Authorization": scheme + key}, timeout=60)
    assert answer.status_code == 200


# Areas


def feature(geometry):
    return {"type": "Feature", "properties": {"name": "centre"}, "geometry": geometry}


def collection(*features, **members):
    return {"type": "FeatureCollection", "features": [*features], **members}


def named(name):
    return {"type": "name", "properties": {"name": name}}


AREAS = {
    "a Feature": feature(POLYGON),
    "a collection as geojson.io saves it": collection(feature(POLYGON)),
    "a collection as QGIS and ogr2ogr write it": collection(
        feature({"type": "MultiPolygon", "coordinates": [[RING]]}), name="area",
        crs=named("urn:ogc:def:crs:OGC:1.3:CRS84")),
    "features that overlap, and one without a place": collection(feature(POLYGON), feature(None), feature(POLYGON)),
    "geometries that overlap": {"type": "GeometryCollection", "geometries": [POLYGON, POLYGON]},
}  # fmt: skip


@pytest.mark.parametrize("name", AREAS)
def test_an_area_is_read_as_programs_for_maps_write_it(server, slug, name):
    for path in ["risk/2021-12-31", "hotspots", "events", "stats"]:
        def ask(body, kind="application/json"):
            return server.session.post(
                f"{server.url}/v1/{path}?dataset={slug}", json=body, headers={"Content-Type": kind}, timeout=60)

        expected, found = ask(POLYGON), ask(AREAS[name], "application/geo+json")
        assert found.status_code == 200, found.text
        assert found.json() == expected.json()
        if path == "events":
            # A point where two shapes overlap is inside of both.
            assert [item["event_type"] for item in found.json()["items"]] == ["theft"] * 4
        assert ask({"polygon": AREAS[name]}).json() == expected.json()


@pytest.mark.parametrize("body, field", [
    (collection(feature(POLYGON), crs=named("urn:ogc:def:crs:EPSG::3857")), "crs"),
    ({**POLYGON, "crs": named("EPSG:3857")}, "crs"),
    ({"polygon": POLYGON, "crs": named("EPSG:2056")}, "crs"),
    (collection(feature({"type": "Point", "coordinates": [1, 2]})), "features[0].geometry.type"),
    (collection(), "polygon"),
])  # fmt: skip
def test_an_area_that_cannot_be_meant_is_refused(server, slug, body, field):
    answer = server.session.post(f"{server.url}/v1/risk/2021-12-31?dataset={slug}", json=body, timeout=60)
    assert answer.status_code == 400 and [each["field"] for each in answer.json()["errors"]] == [field]


# Times


@pytest.mark.parametrize("first, last, count", [
    ("2021-12-31T00:00:00Z", "2021-12-31T23:59:59.999999999Z", 2), ("2021-12-31t00:00:00z", "2021-12-31t23:59:59z", 1),
    ("2021-12-31T00:00:00.0Z", "2021-12-31T23:59:60Z", 2), ("2021-12-31T12:00:00-00:00", "2021-12-31T12:00:00.00Z", 1),
    ("2021-12-31T", "2021-12-31T", 2), ("2021-12-30T", "..", 3), ("", "2021-12-28t", 1),
])  # fmt: skip
def test_a_time_may_be_written_in_every_way_of_rfc_3339(server, slug, first, last, count):
    found = server.json(f"/ogc/collections/{slug}.events/items", datetime=f"{first}/{last}")
    assert found["numberReturned"] == count


@pytest.mark.parametrize("text, count", [
    ("event_timestamp <= TIMESTAMP('2021-12-31T23:59:59.999999999Z')", 5),
    ("event_timestamp > TIMESTAMP('2021-12-31t23:59:59z')", 1),
    ("event_timestamp >= TIMESTAMP('2021-12-31T23:59:60Z')", 0),
    ("S_INTERSECTS(geometry, BBOX(-79.3, 43, -10, -79, 44, 10))", 1),
    ("S_INTERSECTS(geometry, POINT Z (-79.2 43.8 12))", 1),
    ("S_INTERSECTS(geometry, POLYGON Z ((-79.5 43 1,-79.3 43 1,-79.3 44 1,-79.5 44 1,-79.5 43 1)))", 4),
    ("S_INTERSECTS(geometry, BBOX(179, -18, 0, -179, -16, 10))", 0),
])  # fmt: skip
def test_a_filter_may_have_heights_and_every_time(server, slug, text, count):
    assert server.json(f"/ogc/collections/{slug}.events/items", filter=text)["numberReturned"] == count


def test_escaped_letters_of_a_slug_are_the_letters(server, slug):
    escaped = slug.replace("-", "%2D")
    for path in ["/v1/datasets/{}", "/ogc/collections/{}.risk", "/ogc/collections/{}%2Erisk/items"]:
        found = server.get(path.format(escaped))
        assert found.status_code == 200, found.text
        plain = server.json(path.format(slug).replace("%2E", "."))
        assert {**found.json(), "timeStamp": None} == {**plain, "timeStamp": None}
