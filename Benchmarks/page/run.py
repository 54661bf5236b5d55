#!/usr/bin/env python3
"""Measures the map page in Chromium over all of Toronto: how soon the first cells are drawn with an empty cache and a
processor slowed to a quarter, and the longest task of the page's thread while days are played.

Chromium draws in software here and shares the processor with the server. Prints a table and writes
bench-results/page.json.
"""

import argparse
import os
import pathlib
import statistics
import sys
import tempfile

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
    with Database(server, "bench_page") as database, tempfile.TemporaryDirectory() as folder:
        if options.keep:
            database.url = options.keep
        hextant = Hextant(database.url)
        if not options.keep:
            fill_toronto(hextant, database.url)
        with hextant.serving(pathlib.Path(folder), "--workers", "0") as connection, sync_playwright() as playwright:
            url = f"http://127.0.0.1:{connection.port}/"
            browser = launch(playwright)
            first_map(browser, url)  # the server's caches
            times = [first_map(browser, url) for _ in range(LOADS)]
            for place, name in enumerate(["first cells", "the same framed"]):
                median = statistics.median(each[place] for each in times)
                results.limit(f"{name}, empty cache, {SLOWER}x slower, median", median, "ms", 1500, 1000)
            results.limit("longest task while days are played", longest_task(browser, url), "ms", 200, 100)
            browser.close()
    results.write(REPOSITORY / "bench-results")


if __name__ == "__main__":
    main()
