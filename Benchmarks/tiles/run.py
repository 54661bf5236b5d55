#!/usr/bin/env python3
"""Measures the tile path, on one machine and in one run: see docs/performance.md.

Prints a table and writes bench-results/tiles.json; the server is that of HEXTANT_DATABASE_URL, on which a database is
made and dropped again. The release binary must have been built.
"""

import argparse
import importlib
import os
import pathlib
import sys

import common
import data

PARTS = ["cold", "warm"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", default=PARTS, help="which parts to run: " + ", ".join(PARTS))
    chosen = parser.parse_args()
    server = os.environ.get("HEXTANT_DATABASE_URL") or sys.exit(
        'HEXTANT_DATABASE_URL is not set: eval "$(scripts/services env)"')
    folder = pathlib.Path(os.environ.get("HEXTANT_STATE", common.REPOSITORY / ".state")) / "bench-tiles"
    folder.mkdir(parents=True, exist_ok=True)
    report = common.Report("tiles")
    with common.Database(server) as database:
        hextant = common.Hextant(database)
        data.fill(hextant, data.toronto(folder.parent))
        for part in chosen.parts:
            importlib.import_module(part).measure(database, hextant, report, folder)
    report.write(common.REPOSITORY / "bench-results")


if __name__ == "__main__":
    main()
