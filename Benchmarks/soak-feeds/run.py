#!/usr/bin/env python3
"""Reads feeds for some minutes from sites whose bad habits come and go at random, and compares the events with the rows
of the sites. It is the end-to-end test of that, for longer; HEXTANT_SEED repeats a run."""

import argparse
import os
import pathlib
import subprocess
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]

options = argparse.ArgumentParser(description=__doc__)
options.add_argument("--minutes", type=float, default=10)
options = options.parse_args()
environment = os.environ | {
    "HEXTANT_BIN": os.environ.get("HEXTANT_BIN", str(REPOSITORY / ".build/release/hextant")),
    "HEXTANT_FEED_SOAK": str(options.minutes * 60),
}
command = [sys.executable, "-m", "pytest", "-s", "-p", "no:cacheprovider", "test_feeds.py", "-k", "mixture"]
sys.exit(subprocess.run(command, cwd=REPOSITORY / "Tests/EndToEnd", env=environment).returncode)
