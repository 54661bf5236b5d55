#!/usr/bin/env python3
"""Measures the tile path, on one machine and in one run: see docs/performance.md.

Prints a table and writes bench-results/tiles.json (tiles-PARTS.json if not all parts are selected). The server is that
of HEXTANT_DATABASE_URL, on which a database is created and dropped again. The release binary must have been built.
"""

import argparse
import importlib
import os
import pathlib
import sys

import common
import data

PARTS = ["cold", "warm", "soak"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", default=PARTS, help="which parts to run: " + ", ".join(PARTS))
    parser.add_argument("--keep", action="store_true", help="leave the data for the next run, and take what one has left")
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    server = os.environ.get("HEXTANT_DATABASE_URL") or sys.exit(
        'HEXTANT_DATABASE_URL is not set: eval "$(scripts/services env)"')
    folder = pathlib.Path(os.environ.get("HEXTANT_STATE", common.REPOSITORY / ".state")) / "bench-tiles"
    folder.mkdir(parents=True, exist_ok=True)
    report = common.Report("tiles" if chosen.parts == PARTS else f"tiles-{'-'.join(chosen.parts)}")
    with common.Database(server, chosen.keep) as database:
        hextant = common.Hextant(database)
        if not database.is_filled():
            data.fill(hextant, data.toronto(folder.parent))
            database.mark_filled()
        for part in chosen.parts:
            importlib.import_module(part).measure(database, hextant, report, folder)
    report.write(common.REPOSITORY / "bench-results")


if __name__ == "__main__":
    main()
