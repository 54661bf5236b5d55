"""The ground under the cells: the operator's own tiles, the coasts of the world, or a style of somebody else."""

import json
from pathlib import Path

import geopandas
import pyogrio
import pytest
import shapely
from basemap_file import write_country
from command import REPOSITORY
from playwright.sync_api import expect
from serving import serving

LINK = "#dataset=toronto&layer=risk&date=2021-07-01&res=7"


@pytest.fixture(scope="module")
def country(toronto, tmp_path_factory):
    """A server with a file of tiles: land, a lake, roads, and the name of a town."""
    folder = tmp_path_factory.mktemp("country")
    file = write_country(folder / "country.pmtiles")
    with serving(toronto.hextant, folder / "server.log", "--workers", "0", "--basemap-file", file) as server:
        yield server


def drawn(page, prefix):
    """The features of the basemap that are seen, by layer."""
    return page.page.evaluate(
        """(prefix) => {
            const layers = hextant.map.getLayersOrder().filter((each) => each.startsWith(prefix));
            const found = layers.length ? hextant.map.queryRenderedFeatures({ layers }) : [];
            return found.map((each) => [each.layer.id, each.properties]);
        }""",
        prefix,
    )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_operators_tiles_are_drawn_with_names(pages, country, language):
    page = pages(country.url).open(f"{LINK}&lang={language}")
    page.page.wait_for_function("() => hextant.map.areTilesLoaded()")
    page.keep(f"basemap-{language}")
    found = drawn(page, "basemap-")
    layers = {layer for layer, _ in found}
    assert {"basemap-land-earth", "basemap-water-water", "basemap-road-roads", "basemap-labels"} <= layers
    [name] = {each["name:fr" if language == "fr" else "name"] for layer, each in found if layer == "basemap-labels"}
    assert name == ("Toronto la Ville" if language == "fr" else "Torontó")
    asked = [url for url in page.requests if "/basemap/" in url or "/glyphs/" in url]
    assert any("/basemap/0/0/0?v=" in url for url in asked)
    assert any(url.endswith("/vendor/glyphs/NotoSans-Regular/0-255.pbf") for url in asked)
    # Names stand above the cells, everything else below them.
    order = page.page.evaluate("() => hextant.map.getLayersOrder()")
    cells = max(order.index(each) for each in order if each.startswith("cells-"))
    assert order.index("basemap-labels") > cells > order.index("basemap-road-roads")
    assert page.rendered() != {}
    # Whose tiles they are is said with its link, and nothing else of the file's HTML is in the page.
    line = page.page.locator("#basemap-attribution")
    expect(line).to_contain_text("© Somebody")
    assert line.locator("a").get_attribute("href") == "https://example.org/who"
    assert line.locator("img").count() == 0
    assert "world" not in " ".join(order)


def test_the_basemap_has_the_colours_of_the_theme(pages, country):
    page = pages(country.url, color_scheme="light").open(LINK)
    colour = "() => hextant.map.getPaintProperty('basemap-water-water', 'fill-color')"
    light = page.page.evaluate(colour)
    page.page.locator("#theme").click()
    page.page.wait_for_function(f"(light) => ({colour})() !== light", arg=light)


def test_letters_without_glyphs_break_nothing(pages, country):
    """Glyphs of Cyrillic are not served: the letters are left out, and no request fails."""
    page = pages(country.url).open(LINK)
    page.page.evaluate(
        """() => {
            hextant.map.setLayoutProperty("basemap-labels", "text-field", "Торонто Toronto");
            return new Promise((resolve) => hextant.map.once("idle", resolve));
        }"""
    )
    assert page.errors == []


def test_without_a_basemap_the_coasts_are_drawn_from_afar_alone(pages, toronto_server):
    page = pages(toronto_server.url).open(LINK)
    assert not any("world.json" in url for url in page.requests)
    page.page.evaluate("() => hextant.map.jumpTo({ center: [-79.4, 43.7], zoom: 3 })")
    page.page.wait_for_function("() => hextant.map.isSourceLoaded('world') && hextant.map.areTilesLoaded()")
    page.page.wait_for_timeout(300)
    page.keep("world")
    assert {layer for layer, _ in drawn(page, "world-")} == {"world-land", "world-coast", "world-border"}
    assert sum("world.json" in url for url in page.requests) == 1


def test_the_world_is_that_of_natural_earth():
    """Made of the countries of Natural Earth, which the package pyogrio brings along for its own tests."""
    [file] = (Path(pyogrio.__file__).parent / "tests/fixtures/naturalearth_lowres").glob("*.shp")
    land = shapely.make_valid(geopandas.read_file(file).geometry.union_all())
    features = json.loads((REPOSITORY / "static/world.json").read_text())["features"]
    shapes = {each["properties"]["kind"]: shapely.geometry.shape(each["geometry"]) for each in features}
    assert shapes["land"].is_valid and shapes.keys() == {"land", "border"}
    # Rounding to a hundredth of a degree moves borders by at most half of that along their length.
    moved = shapes["land"].symmetric_difference(land).area
    assert moved < 0.01 * land.length and moved < 0.002 * land.area
    assert land.buffer(0.02).covers(shapes["border"])
    assert shapes["border"].intersection(land.boundary.buffer(0.01)).length < 0.02 * shapes["border"].length


def test_a_style_of_somebody_else_is_asked_for_where_it_was_named(browser, toronto, tmp_path):
    style = "https://maps.example/style.json"
    served = {
        style: {
            "version": 8,
            "sources": {"sea": {"type": "vector", "tiles": ["https://tiles.example/{z}/{x}/{y}.pbf"], "maxzoom": 0}},
            "layers": [
                {"id": "back", "type": "background", "paint": {"background-color": "#123456"}},
                {"id": "sea", "type": "fill", "source": "sea", "source-layer": "sea"},
            ],
        }
    }
    options = ["--basemap", style, "--basemap-origins", "https://tiles.example"]
    with serving(toronto.hextant, tmp_path / "server.log", "--workers", "0", *options) as server:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        asked, errors = [], []
        cross = {"Access-Control-Allow-Origin": "*"}
        page.route("https://maps.example/**", lambda route: route.fulfill(json=served[style], headers=cross))
        page.route("https://tiles.example/**", lambda route: route.fulfill(status=204, headers=cross))
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(f"{server.url}/{LINK}")
        page.evaluate("() => window.hextant.ready")
        assert errors == [] and any(url.startswith("https://tiles.example/0/") for url in asked)
        assert page.evaluate("() => hextant.map.getLayersOrder()[0]").startswith(("back", "cells-"))
        context.close()
