"""Choropleths in Chromium at three zooms: every pixel has the colour of the area that geopandas has there, so that
there is no sliver between areas and no seam between tiles."""

import io
import json
import math

import geopandas
import numpy
import pytest
import shapely
from area_requests import counted, listed
from map_page import launch
from PIL import Image
from playwright.sync_api import sync_playwright
from serving import serving

SIZE = (640, 480)
# Pixels beside a border, where simplified corners and the rounding of tiles may show.
NEAR = 2.5
BEHIND = (255, 0, 255)
UNKNOWN = (187, 187, 187)
COLOURS = [(255, 255, 204), (161, 218, 180), (65, 182, 196), (44, 127, 184), (37, 52, 148)]

CASES = {
    "northumbria": dict(
        file="northumbria_wards.gpkg", options=["--id", "ward_code", "--name", "ward_name"], id="ward_code",
        events="northumbria_asb.tab", mapping="northumbria-asb", zone="Europe/London",
        period=("2022-01-01", "2022-11-30"),
        # The whole, Newcastle with its river, and a part of it.
        views=[(-2.0, 55.2, 7.4), (-1.6, 54.97, 10), (-1.61, 54.975, 13.2)]),
    "chicago": dict(
        file="chicago77_without_prj_state_plane_feet.zip", crs="EPSG:3435",
        options=["--id", "AREANO", "--name", "COMMUNITY", "--crs", "EPSG:3435"], id="AREANO",
        events="chicago_aggravated_assaults.csv.gz", mapping="chicago-assaults", zone="America/Chicago",
        period=("2019-01-01", "2019-12-31"),
        views=[(-87.7, 41.84, 8.8), (-87.65, 41.85, 11.3), (-87.625, 41.88, 14.5)]),
    "area-units": dict(
        file="nz_area-unit-2017-generalised_canterbury.zip", options=["--id", "AU2017", "--name", "AU2017_NAM"],
        id="AU2017", events="nz_christchurch_victimisations_by_area_unit.csv", mapping="nz-victimisations-area-unit",
        zone="Pacific/Auckland", period=("2019-03-01", "2023-02-28"),
        views=[(172.4, -43.4, 6.6), (172.63, -43.53, 10.4), (172.64, -43.53, 13.1)]),
}

PAGE = """<!doctype html><link rel="stylesheet" href="/vendor/maplibre-gl.css">
<style>html, body, #map {{ margin: 0; width: 100%; height: 100% }}</style><div id="map"></div>
<script src="/vendor/maplibre-gl.js"></script>
<script>
const map = new maplibregl.Map({{
  container: "map", attributionControl: false, fadeDuration: 0, center: {centre}, zoom: {zoom},
  style: {{ version: 8, sources: {{ areas: {{ type: "vector", tiles: [location.origin + {tiles}], maxzoom: 14 }} }},
    layers: [
      {{ id: "behind", type: "background", paint: {{ "background-color": "rgb(255, 0, 255)" }} }},
      {{ id: "areas", type: "fill", source: "areas", "source-layer": "areas",
        paint: {{ "fill-color": {colour}, "fill-antialias": false }} }} ] }} }});
window.drawn = new Promise((done) => map.once("idle", done));
</script>"""


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def server(hextant, tmp_path_factory):
    with serving(hextant, tmp_path_factory.mktemp("server") / "server.log", "--workers", 0) as server:
        yield server


def pixels(shape, centre, zoom):
    """A shape in the pixels of a map in Web Mercator, from its upper left corner."""
    width = 512 * 2**zoom

    def place(longitude, latitude):
        y = (1 - numpy.arcsinh(numpy.tan(numpy.radians(latitude))) / math.pi) / 2
        return (longitude + 180) / 360 * width, y * width

    middle = place(*centre)

    def moved(points):
        x, y = place(points[:, 0], points[:, 1])
        return numpy.column_stack([x - middle[0] + SIZE[0] / 2, y - middle[1] + SIZE[1] / 2])

    return shapely.transform(shape, moved)


def picture(browser, server, url, centre, zoom, colour):
    """The layer as Chromium draws it, as rows of pixels."""
    context = browser.new_context(viewport={"width": SIZE[0], "height": SIZE[1]})
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    html = PAGE.format(
        centre=json.dumps(centre), zoom=zoom, tiles=json.dumps(url), colour=json.dumps(colour))
    page.route(f"{server.url}/choropleth", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(f"{server.url}/choropleth")
    drawn = page.evaluate(
        "() => Promise.race([window.drawn.then(() => true), new Promise((end) => setTimeout(end, 60000))])")
    assert errors == [] and drawn, errors
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    context.close()
    assert errors == []
    return numpy.asarray(image)


@pytest.mark.parametrize("layer", CASES)
def test_a_choropleth_has_the_colour_of_each_area_and_nothing_between(
    hextant, server, browser, events_folder, tmp_path, layer
):
    case = CASES[layer]
    file = events_folder.parent / "areas" / case["file"]
    hextant.json("areas", "import", file, "--layer", layer, *case["options"])
    dataset = hextant.put_dataset(tmp_path, f"of-{layer}", time_zone=case["zone"])
    hextant.json("ingest", events_folder / case["events"], "--dataset", dataset, "--mapping", case["mapping"])
    [told] = hextant.json("areas", "count", "--dataset", dataset, "--layer", layer)["layers"]
    first, last = case["period"]
    counted(server, layer, dataset, told, first=first, last=last)
    values = {row["id"]: row["density"] for row in listed(server, layer, dataset, first, last)}
    # A fifth of the values in each step, and none at the edge of one.
    ordered = sorted(set(values.values()))
    steps = [
        (ordered[len(ordered) * n // 5] + ordered[len(ordered) * n // 5 - 1]) / 2 for n in range(1, 5)]
    colour = ["case", ["==", ["typeof", ["get", "value"]], "number"],
              ["step", ["get", "value"], css(COLOURS[0]),
               *(part for step, shade in zip(steps, COLOURS[1:]) for part in (step, css(shade)))], css(UNKNOWN)]
    frame = geopandas.read_file(file)
    if "crs" in case:
        frame = frame.set_crs(case["crs"])
    shapes = frame.geometry.make_valid(method="structure", keep_collapsed=False).to_crs(4326)
    ids = [str(int(code)) if isinstance(code, float) else str(code) for code in frame[case["id"]]]
    assert set(ids) == set(values)
    x, y = numpy.meshgrid(numpy.arange(SIZE[0]) + 0.5, numpy.arange(SIZE[1]) + 0.5)
    url = f"/v1/tiles/areas/{layer}/{{z}}/{{x}}/{{y}}.mvt?dataset={dataset}&from={first}&to={last}&figure=density"
    window = shapely.box(0, 0, *SIZE).buffer(50)
    for longitude, latitude, zoom in case["views"]:
        centre = [longitude, latitude]
        found = picture(browser, server, url, centre, zoom, colour)
        places = [shape.intersection(window) for shape in pixels(shapes.to_numpy(), centre, zoom)]
        judged = 0
        for id, place in zip(ids, places):
            inner = place.buffer(-NEAR)
            if inner.is_empty:
                continue
            inside = within(inner, x, y)
            shade = COLOURS[sum(values[id] >= step for step in steps)]
            assert (found[inside] == shade).all(), (id, zoom)
            judged += inside.sum()
        # Borders between areas show one or the other, and never what is behind, also where tiles meet.
        whole = shapely.union_all(places, grid_size=0.01)
        covered = within(whole.buffer(-NEAR), x, y)
        assert not (found[covered] == BEHIND).all(-1).any(), zoom
        outside = ~within(whole.buffer(NEAR), x, y)
        assert (found[outside] == BEHIND).all(), zoom
        assert judged > x.size / 20 and covered.sum() >= judged


def css(shade):
    return f"rgb({shade[0]}, {shade[1]}, {shade[2]})"


def within(shape, x, y):
    """The pixels whose middles are in a shape."""
    shapely.prepare(shape)
    found = numpy.zeros(x.shape, bool)
    if shape.is_empty:
        return found
    west, north, east, south = (int(side) for side in shape.bounds)
    part = (slice(max(north - 1, 0), max(south + 2, 0)), slice(max(west - 1, 0), max(east + 2, 0)))
    found[part] = shapely.contains_xy(shape, x[part], y[part])
    return found
