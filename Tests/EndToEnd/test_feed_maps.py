"""The map of each feed of the repository in Chromium, after it was read from the stand-in and scored."""

import h3
import pytest
from feed_world import FEEDS, SECRETS, expected, feed_file, feed_world, flags
from map_page import Service
from serving import serving


@pytest.fixture(scope="module")
def world(folder):
    with feed_world(folder / "tls") as world:
        yield world


@pytest.fixture(scope="module")
def maps(hextant, folder, world):
    """A server over the datasets of all feeds. Outlooks, which take longer than the rest, are left out."""
    names = [feed_file(folder / "feeds", name, world) for name in FEEDS]
    outcome = hextant("feeds", "run", *names, "--no-publish", *flags(folder / "feeds", world), **SECRETS)
    assert outcome.code == 0, outcome.out + outcome.err
    for name in names:
        hextant.json("score", "--dataset", name)
    hextant.json("refresh")
    with serving(hextant, folder / "maps.log", "--workers", 0) as server:
        yield server


@pytest.mark.parametrize("name", FEEDS)
def test_the_map_shows_the_newest_day_of_the_feed(maps, pages, world, database, name):
    page = pages(maps.url).open(f"#dataset={name}&layer=risk")
    page.settle()
    page.keep(f"feed-{name}")
    drawn = page.rendered()
    maps.dataset = name
    link = page.link()
    [resolution] = {h3.get_resolution(cell) for cell in drawn}
    rows = Service(maps).day(link["date"], resolution)
    # The whole world does not fit into the window, and a map in Web Mercator has no poles.
    assert drawn and set(drawn) <= set(rows)
    assert name in ["earthquakes", "fires"] or set(drawn) == set(rows)
    for cell, properties in drawn.items():
        assert properties["event_count"] == rows[cell]["event_count"]
        assert properties["risk_level"] == rows[cell]["risk_level"]
    # The day is the last one with events, as the rows of the site say.
    zone = database.value("SELECT time_zone FROM datasets WHERE slug = %s", [name])
    newest = max(event[2] for event in expected(world, name)) / 1000
    assert link["date"] == database.value(
        "SELECT ((to_timestamp(%s) AT TIME ZONE %s)::date)::text", [newest, zone])
    # People see whose data it is, and where they come from.
    description = next(each for each in maps.json("/v1/datasets")["items"] if each["dataset"] == name)
    text = page.page.inner_text("body")
    assert description["title"] in text and description["attribution"] in text
