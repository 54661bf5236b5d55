#!/usr/bin/env python3
"""Measures the map page in Chromium over all of Toronto: how soon the first cells are drawn with an empty cache and a
processor slowed to a quarter, compared with the least page that draws the same tiles by the same library, and the
longest task of the page's thread while days are played.

Chromium draws in software here and shares the processor with the server. Prints a table and writes
bench-results/page.json.
"""

import argparse
import contextlib
import json
import os
import pathlib
import shutil
import statistics
import sys
import tempfile
import urllib.parse

from playwright.sync_api import sync_playwright

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(REPOSITORY / "Benchmarks/ingest"), str(REPOSITORY / "Tests/EndToEnd")]
import report  # noqa: E402
from database import Database  # noqa: E402
from map_page import launch  # noqa: E402
from server import Hextant, fill_toronto  # noqa: E402

SLOWER = 4  # times
LOADS = 7
PLAYED = 20_000  # ms
LONG_TASKS = """
    window.longest = 0;
    new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
    }).observe({ type: "longtask" });
"""


def first_map(browser, url):
    """The times in milliseconds from the navigation to the first cells, and to the map that is framed and has its
    controls, in a context without anything kept."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(url)
    page.wait_for_function("() => window.hextant !== undefined")
    framed = page.evaluate("() => window.hextant.ready.then(() => performance.now())")
    first = page.evaluate("() => performance.getEntriesByName('first-cells')[0].startTime")
    assert page.evaluate("() => window.hextant.cells().length") > 0
    context.close()
    return first, framed


def least_map(browser, url, content):
    """The time in milliseconds from the navigation to the same cells in `least/least.html`."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(f"{url}least.html#{urllib.parse.quote(json.dumps(content))}")
    milliseconds, cells = page.evaluate("() => window.drawn")
    assert cells > 0
    context.close()
    return milliseconds


def content_of(browser, url):
    """What the page draws first: a source of tiles, their layer, and the view of them."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(url)
    page.wait_for_function("() => window.hextant?.map?.getLayer('cells-a-fill')")
    content = page.evaluate("""() => {
        const { map } = window.hextant;
        const { sources, layers } = map.getStyle();
        const { "source-layer": layer } = layers.find(({ id }) => id === "cells-a-fill");
        return { source: sources["cells-a"], layer, view: { center: map.getCenter(), zoom: map.getZoom() } };
    }""")
    page.close()
    return content


@contextlib.contextmanager
def with_least_page():
    """Serves the least page beside the page: the program's files in a folder that has both."""
    with tempfile.TemporaryDirectory() as folder:
        home = pathlib.Path(folder)
        for each in ["sql", "migrations", "mappings", "deploy"]:
            (home / each).symlink_to(REPOSITORY / each)
        shutil.copytree(REPOSITORY / "static", home / "static")
        shutil.copytree(pathlib.Path(__file__).parent / "least", home / "static", dirs_exist_ok=True)
        os.environ["HEXTANT_HOME"] = folder
        yield


def longest_task(browser, url):
    """The longest task in milliseconds while days are played; 0 when none took longer than 50."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{url}#layer=risk&date=2021-06-01")
    page.wait_for_function("() => window.hextant !== undefined")
    page.evaluate("() => window.hextant.ready")
    page.evaluate(f"() => {{ {LONG_TASKS} }}")
    first = page.locator("#date").input_value()
    page.locator("#play").click()
    page.wait_for_timeout(PLAYED)
    assert page.locator("#date").input_value() != first, "nothing was played"
    longest = page.evaluate("() => window.longest")
    context.close()
    return longest


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", help="URL of a database with Toronto, scored and refreshed, that is used as it is")
    options = parser.parse_args()
    results = report.Report("page")
    server = os.environ["HEXTANT_DATABASE_URL"]
    with (
        Database(server, "bench_page") as database, tempfile.TemporaryDirectory() as folder, with_least_page()
    ):
        if options.keep:
            database.url = options.keep
        hextant = Hextant(database.url)
        if not options.keep:
            fill_toronto(hextant, database.url)
        with hextant.serving(pathlib.Path(folder), "--workers", "0") as connection, sync_playwright() as playwright:
            url = f"http://127.0.0.1:{connection.port}/"
            browser = launch(playwright)
            content = content_of(browser, url)  # fills the server's caches, too
            times, least = [], []
            for _ in range(LOADS):
                times.append(first_map(browser, url))
                least.append(least_map(browser, url, content))
            first, framed, floor = (statistics.median(each) for each in (*zip(*times), least))
            for name, median in (("first cells", first), ("the same framed", framed)):
                results.limit(f"{name}, empty cache, {SLOWER}x slower, median", median, "ms", 1500, 1000)
            results.against("first cells, the same", first, "ms", "least page", floor, None, None)
            results.limit("longest task while days are played", longest_task(browser, url), "ms", 200, 100)
            browser.close()
    results.write(REPOSITORY / "bench-results")


if __name__ == "__main__":
    main()
