#!/usr/bin/env python3
"""Measures how long reports take over HTTP, over all of Toronto, in a database of its own.

Each report is asked for once (cold: read, drawn and sent) and then again (kept), after some that load the fonts. The
95th of a hundred times counts. Prints a table and writes bench-results/reports.json.
"""

import argparse
import itertools
import json
import os
import pathlib
import sys
import tempfile

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(REPOSITORY / "Benchmarks/ingest"))
import report  # noqa: E402
from database import Database, psql  # noqa: E402
from server import LAYER, Hextant, fill_toronto, get  # noqa: E402

BAR = 150  # ms, for the 95th of a hundred
GOAL = 60


def percentile(times, share):
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def ask(connection, paths):
    """The times in milliseconds of the paths, each asked for once."""
    times = []
    for path in paths:
        status, seconds, _ = get(connection, path, **{"Accept-Encoding": "gzip"})
        assert status == 200, (path, status)
        times.append(1000 * seconds)
    return times


def paths(database, form):
    """Reports that differ, by subject."""
    cells = psql(
        database.url,
        "SELECT to_hex(h3_index) FROM mv_cell_outlook WHERE dataset = 'toronto' AND kind = 'all' AND resolution = 8"
        " ORDER BY expected DESC LIMIT 100").split()
    areas = psql(
        database.url,
        f"SELECT a.id FROM areas a JOIN area_layers l ON l.id = a.layer_id WHERE l.slug = '{LAYER}'"
        " AND a.id ~ '^[A-Za-z0-9]+$' ORDER BY a.id LIMIT 100").split()
    choices = itertools.product([7, 28, 90, 365], ["en", "fr"], ["a4", "letter"], [5, 6, 7, 8, 9])
    begin = "/v1/reports/toronto"
    yield "dataset", [
        f"{begin}/dataset.{form}?period={period}&lang={lang}&paper={paper}&resolution={resolution}"
        for period, lang, paper, resolution in choices]
    yield "cell", [f"{begin}/cell/{cell}.{form}" for cell in cells]
    if areas:
        yield "area", [f"{begin}/area/{LAYER}/{area}.{form}" for area in areas]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", help="URL of a database with Toronto, scored and refreshed, that is used as it is")
    options = parser.parse_args()
    results = report.Report("reports")
    server = os.environ["HEXTANT_DATABASE_URL"]
    with Database(server, "bench_reports") as database, tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        if options.keep:
            database.url = options.keep
        hextant = Hextant(database.url)
        if not options.keep:
            fill_toronto(hextant, database.url)
        for form in ["pdf", "svg", "png"]:
            # A server of its own for each form, so that none has the answers of another.
            with hextant.serving(folder, "--workers", "0") as connection:
                for _ in range(3):
                    for name, all_paths in paths(database, form):
                        ask(connection, [all_paths[0]])
                for name, all_paths in paths(database, form):
                    cold = ask(connection, all_paths[1:])
                    warm = ask(connection, all_paths[1:])
                    results.limit(f"report of a {name} as {form}, cold, p95", percentile(cold, 0.95), "ms", BAR, GOAL)
                    results.limit(f"report of a {name} as {form}, kept, p95", percentile(warm, 0.95), "ms", 10, 3)
    results.write(REPOSITORY / "bench-results")
    print(json.dumps([row for row in results.rows if not row["ok"]]))


if __name__ == "__main__":
    main()
