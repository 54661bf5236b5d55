#!/usr/bin/env python3
"""Measures live days: an event from its upload to its tile and to a page in Chromium, beside other requests; what history
costs; and refreshes.

Makes datasets of several sizes in databases of its own. Prints a table and writes bench-results/live.json. With
HEXTANT_REFERENCE_BIN, an earlier version of the program, the refresh of everything is compared with that version's.
"""

import argparse
import datetime
import http.client
import itertools
import json
import os
import pathlib
import random
import statistics
import sys
import tempfile
import threading
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path += [str(REPOSITORY / "Benchmarks/ingest"), str(REPOSITORY / "Tests/EndToEnd")]
import report  # noqa: E402
from database import Database, psql  # noqa: E402
from map_page import launch  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402
from server import Hextant as Program  # noqa: E402

WEST, SOUTH, EAST, NORTH = -79.6, 43.6, -79.1, 43.85
LAST = datetime.date(2021, 12, 30)
HEADER = "event_id,event_type,event_timestamp,longitude,latitude,attributes_json\n"
TILE = "/v1/tiles/12/1144/1494.mvt?dataset={}&date={}&resolution=9"
PLACE = "-79.4,43.7"
# The events of the cell in the middle of the map, as it is drawn.
DRAWN = f"""() => {{
    const {{ map }} = window.hextant;
    const drawn = map.queryRenderedFeatures(map.project([{PLACE}])).find((each) => each.properties.h3_index);
    return drawn?.properties.event_count ?? 0;
}}"""


class Hextant(Program):
    def dataset(self, folder, slug, events, days, resolutions=(7, 9)):
        """Stores random events of the days up to the last, and scores them."""
        description = {
            "slug": slug, "title": slug, "licence": "none", "attribution": "none", "visibility": "public",
            "time_zone": "America/Toronto", "resolutions": list(resolutions)}
        (folder / "dataset.yaml").write_text(json.dumps(description))
        self("datasets", "put", folder / "dataset.yaml")
        chance = random.Random(f"{slug} {events}")
        with open(folder / "events.csv", "w") as lines:
            lines.write(HEADER)
            for _ in range(events):
                day = LAST - datetime.timedelta(days=chance.randrange(days))
                # Most places have few events, as in a city.
                x = chance.triangular(WEST, EAST, -79.4)
                y = chance.triangular(SOUTH, NORTH, 43.7)
                moment = f"{day}T{chance.randrange(24):02}:00:00Z"
                lines.write(f",kind {chance.randrange(8)},{moment},{x:.5f},{y:.5f},{{}}\n")
        self("ingest", folder / "events.csv", "--dataset", slug)
        self("score", "--dataset", slug)


def request(connection, method, path, body=None, headers=None):
    connection.request(method, path, body=body, headers=headers or {})
    answer = connection.getresponse()
    return answer.status, answer.getheader("ETag"), answer.read()


class Clients:
    """Other clients, who ask for tiles of many days at a steady rate."""

    def __init__(self, port, slug, rate, days, threads=4):
        self.stopped = threading.Event()
        self.times = []
        self.threads = [
            threading.Thread(target=self.ask, args=(port, slug, threads / rate, days, seed)) for seed in range(threads)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def ask(self, port, slug, pause, days, seed):
        chance = random.Random(seed)
        connection = http.client.HTTPConnection("127.0.0.1", port)
        due = time.monotonic()
        while not self.stopped.wait(max(0, due - time.monotonic())):
            due += pause
            day = LAST - datetime.timedelta(days=chance.randrange(days))
            began = time.monotonic()
            status, *_ = request(connection, "GET", TILE.format(slug, day))
            assert status in (200, 204), status
            self.times.append(time.monotonic() - began)


_numbers = itertools.count()


def post(connection, slug, key):
    """Uploads one more event of the last day."""
    number = next(_numbers)
    text = f"{HEADER}live-{number},kind 1,{LAST}T12:{number // 60 % 60:02}:{number % 60:02}Z,{PLACE},{{}}\n"
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "text/csv"}
    status, _, body = request(connection, "POST", f"/v1/events/upload?dataset={slug}", text, headers)
    assert status in (200, 201), (status, body)


def lags(port, slug, key, count):
    """The seconds from the upload of an event to a tile that shows it."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    path = TILE.format(slug, LAST)
    times = []
    for _ in range(count):
        before = request(connection, "GET", path)[1]
        began = time.monotonic()
        post(connection, slug, key)
        while request(connection, "GET", path)[1] == before:
            time.sleep(0.005)
        times.append(time.monotonic() - began)
        time.sleep(0.05)
    return times


def page_lags(browser, port, slug, key, count):
    """The seconds from the upload of an event to its cell on the map of a page that is not loaded again."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    page = browser.new_page()
    lng, lat = PLACE.split(",")
    page.goto(f"http://127.0.0.1:{port}/#dataset={slug}&layer=risk&date={LAST}&res=9&map=13/{lat}/{lng}")
    page.wait_for_function("() => window.hextant !== undefined")
    page.evaluate("() => window.hextant.ready")
    times = []
    for _ in range(count):
        before = page.evaluate(DRAWN)
        began = time.monotonic()
        post(connection, slug, key)
        page.wait_for_function(f"(before) => ({DRAWN})() > before", arg=before, timeout=60_000)
        times.append(time.monotonic() - began)
        page.wait_for_timeout(500)
    page.close()
    return times


def percentile(times, share):
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def add_key(hextant):
    hextant("keys", "add", "bench", "--role", "analyst", "--json")
    return json.loads(hextant.out)["key"]


def measure_live(results, server, folder, options):
    """Ten years beside one year, with as many events a day."""
    medians = {}
    for years in [10, 1]:
        with Database(server, "bench_live") as database:
            hextant = Hextant(database.url)
            hextant("migrate", "up")
            hextant.dataset(folder, "live", options.events * years // 10, 365 * years)
            hextant("refresh")
            psql(database.url, "VACUUM ANALYZE events")
            key = add_key(hextant)
            with hextant.serving(folder) as connection:
                port = connection.port
                lags(port, "live", key, 3)
                with Clients(port, "live", options.rate, 60):
                    times = lags(port, "live", key, options.count)
                    if years == 10:
                        with sync_playwright() as playwright:
                            seen = page_lags(launch(playwright), port, "live", key, options.count // 5)
            medians[years] = statistics.median(times)
            if years == 10:
                beside = f"{options.events} events, {options.rate} tiles/s beside"
                results.limit(f"event to tile, p99, {beside}", 1000 * percentile(times, 0.99), "ms", 1000, 300)
                results.limit(f"event to page, median, {beside}", 1000 * statistics.median(seen), "ms", 1000, 600)
    results.against("event to tile, 10 years", medians[10], "s", "1 year", medians[1], 1.3, 1.1)


def measure_refresh(results, server, folder, options):
    with Database(server, "bench_live") as database:
        hextant = Hextant(database.url)
        hextant("migrate", "up")
        hextant.dataset(folder, "tiny", 200, 30)
        hextant.dataset(folder, "small", 4_000, 60)
        hextant.dataset(folder, "beside", 8_000, 60)
        hextant("refresh")
        alone = min(run_of(hextant, folder) for _ in range(options.rounds))
        hextant.dataset(folder, "large", options.large, 365, resolutions=(5, 6, 7, 8, 9))
        whole = min(hextant("refresh") for _ in range(options.rounds))
        beside = min(run_of(hextant, folder) for _ in range(options.rounds))
        results.against("refresh of a small dataset beside a large one", beside, "s", "without it", alone, 1.5, 1.1)
        print(f"a refresh of everything takes {whole:.2f} s")
    if reference := os.environ.get("HEXTANT_REFERENCE_BIN"):
        times = []
        for binary in [None, reference]:
            with Database(server, "bench_live") as database:
                hextant = Hextant(database.url, binary)
                hextant("migrate", "up")
                hextant.dataset(folder, "large", options.large, 365, resolutions=(5, 6, 7, 8, 9))
                times.append(min(hextant("refresh") for _ in range(options.rounds)))
        results.against("refresh of everything, five resolutions", times[0], "s", "before", times[1], 0.7, 0.4)


def run_of(hextant, folder):
    """The seconds that a run of the small dataset takes until it is served, without those of its scoring."""
    scoring = hextant("score", "--dataset", "small")
    with hextant.serving(folder, "--live", "0") as connection:
        headers = {"Authorization": f"Bearer {add_key_once(hextant)}", "Content-Type": "application/json"}
        began = time.monotonic()
        status, _, body = request(connection, "POST", "/v1/analytics/run?dataset=small", headers=headers)
        assert status == 202, (status, body)
        run = json.loads(body)["id"]
        while True:
            _, _, body = request(connection, "GET", f"/v1/analytics/runs/{run}")
            if json.loads(body)["state"] in ("finished", "failed"):
                assert json.loads(body)["state"] == "finished", body
                return max(0.001, time.monotonic() - began - scoring)
            time.sleep(0.005)


def add_key_once(hextant, known={}):
    url = hextant.environment["HEXTANT_DATABASE_URL"]
    if url not in known:
        known[url] = add_key(hextant)
    return known[url]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=5_800_000)
    parser.add_argument("--large", type=int, default=240_000)
    parser.add_argument("--rate", type=int, default=200, help="tiles a second beside")
    parser.add_argument("--count", type=int, default=200, help="events that are posted")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    results = report.Report("live")
    server = os.environ["HEXTANT_DATABASE_URL"]
    with tempfile.TemporaryDirectory() as folder:
        measure_live(results, server, pathlib.Path(folder), options)
        measure_refresh(results, server, pathlib.Path(folder), options)
    results.write(REPOSITORY / "bench-results")


if __name__ == "__main__":
    main()
