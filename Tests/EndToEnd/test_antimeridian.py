"""Extents of datasets on both sides of the antimeridian: in every description, and where the map begins."""

import h3
import pytest
from redis_database import free_redis_database
from serving import serving

HEADER = "event_type,event_timestamp,longitude,latitude,attributes_json\n"
RESOLUTIONS = [5, 7]
# By dataset: places, and whether the narrowest box around them crosses the antimeridian.
PLACES = {
    "fiji": [(179.95, -16.5), (-179.95, -17.5), (179.999, -16.8)],
    "pacific": [(172.6, -43.5), (-149.6, -17.5), (-171.7, -13.8), (178.4, -18.1)],
    # One cell alone lies over it.
    "taveuni": [(179.9999, -16.8)],
    "west-of-it": [(179.2, -17.0), (177.4, -17.7)],
    "both-sides-of-greenwich": [(-0.5, 51.5), (0.5, 51.4)],
    "far-apart": [(-100.0, 20.0), (100.0, 20.0)],
    "round-the-world": [(x, 10.0) for x in range(-180, 180, 4)],
}
CROSSING = {"fiji", "pacific", "taveuni", "far-apart"}


@pytest.fixture(scope="module")
def datasets(hextant, folder):
    for slug, places in PLACES.items():
        hextant.put_dataset(folder, slug, resolutions=RESOLUTIONS)
        file = folder / f"{slug}.csv"
        lines = [f"theft,2021-03-{day:02}T05:00:00Z,{x},{y},{{}}\n" for day in (1, 2) for x, y in places]
        file.write_text(HEADER + "".join(lines))
        hextant.json("ingest", file, "--dataset", slug)
        hextant.json("score", "--dataset", slug)
    hextant.json("refresh")


@pytest.fixture(scope="module")
def server(hextant, folder, datasets):
    with free_redis_database() as redis:
        with serving(hextant, folder / "antimeridian.log", "--redis-url", redis.url) as server:
            yield server


def box(slug):
    """The narrowest box around the cells, from their outlines by another implementation of H3."""
    cells = {h3.latlng_to_cell(y, x, each) for x, y in PLACES[slug] for each in RESOLUTIONS}
    latitudes = [y for cell in cells for y, _ in h3.cell_to_boundary(cell)]
    arcs = []
    for cell in cells:
        sides = [x for _, x in h3.cell_to_boundary(cell)]
        if max(sides) - min(sides) > 180:
            sides = [x % 360 for x in sides]
        arcs.append((min(sides) % 360, max(sides) - min(sides)))
    arcs.sort()
    # The widest gap on the circle, which may contain the meridian where the angles begin.
    (west, reached), *rest = [(start, start + width) for start, width in arcs]
    first, gaps = west, []
    for start, end in rest:
        gaps.append((start - reached, reached, start))
        reached = max(reached, end)
    gaps.append((first + 360 - reached, reached, first))
    _, east, west = max(gaps)
    return [(west + 180) % 360 - 180, min(latitudes), (east + 180) % 360 - 180, max(latitudes)]


@pytest.mark.parametrize("slug", sorted(PLACES.keys() - {"round-the-world"}))
def test_the_box_is_the_narrowest_everywhere(server, slug):
    expected = pytest.approx(box(slug), abs=1e-9)
    tiles = server.json("/v1/tiles.json", dataset=slug)
    [listed] = [each for each in server.json("/v1/datasets")["items"] if each["dataset"] == slug]
    collection = server.json(f"/ogc/collections/{slug}.risk")
    tileset = server.json(f"/ogc/collections/{slug}.risk/tiles/WebMercatorQuad")
    assert listed["bounds"] == expected
    assert tiles["hextant"]["bounds"] == expected
    assert collection["extent"]["spatial"]["bbox"] == [expected]
    assert tileset["boundingBox"]["lowerLeft"] + tileset["boundingBox"]["upperRight"] == expected
    west, south, east, north = listed["bounds"]
    assert (west > east) == (slug in CROSSING)
    # TileJSON: "Bounds MUST NOT wrap around the ante-meridian."
    assert tiles["bounds"] == ([-180, south, 180, north] if west > east else listed["bounds"])
    middle = (west + (east if west <= east else east + 360)) / 2
    assert (tiles["center"][0] - middle) % 360 == pytest.approx(0, abs=1e-6)
    # What the box chooses is everything.
    query = {"dataset": slug, "resolution": 7, "f": "csv"}
    whole = server.get("/v1/risk/2021-03-02", **query).text
    assert server.get("/v1/risk/2021-03-02", bbox=",".join(map(str, listed["bounds"])), **query).text == whole


def test_what_lies_all_around_the_world_has_the_world_as_its_box(server):
    bounds = server.json("/v1/tiles.json", dataset="round-the-world")["hextant"]["bounds"]
    # Cells every four degrees leave gaps of less than that; one of them is left out.
    width = bounds[2] - bounds[0] if bounds[0] < bounds[2] else bounds[2] + 360 - bounds[0]
    assert 356 < width <= 360


@pytest.mark.parametrize("slug", ["fiji", "taveuni", "west-of-it"])
def test_the_map_begins_where_the_cells_are(browser, server, slug):
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    said = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{server.url}/#dataset={slug}")
    page.wait_for_function("() => window.hextant?.map?.loaded()", timeout=60_000)
    page.evaluate("() => window.hextant.ready")
    drawn = {each["h3_index"] for each in page.evaluate("() => window.hextant.cells()")}
    resolution = h3.get_resolution(next(iter(drawn)))
    assert drawn == {h3.latlng_to_cell(y, x, resolution) for x, y in PLACES[slug]}
    longitude = page.evaluate("() => window.hextant.map.getCenter().wrap().lng")
    west, _, east, _ = box(slug)
    middle = (west + (east if west <= east else east + 360)) / 2
    # The panel covers a part of the map, so the middle of the box is not that of the whole window.
    assert abs((longitude - middle + 180) % 360 - 180) < 2
    link = page.evaluate("() => location.hash")
    assert said == [] and "NaN" not in link
