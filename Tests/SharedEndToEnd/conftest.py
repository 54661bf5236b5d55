"""Fixtures of the suites over the reference data: those of the end-to-end suites, and the folder of files."""

import os
import sys
from functools import cache
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "EndToEnd"))

from command import Hextant  # noqa: E402
from databases import fresh_database  # noqa: E402
from event_files import read  # noqa: E402


@pytest.fixture(scope="session")
def events_folder():
    return Path(os.environ["HEXTANT_SHARED"]) / "data" / "events"


@pytest.fixture(scope="session")
def python_reads(events_folder):
    """Python's reading of each file, done once."""
    return cache(lambda file: read(file, events_folder))


@pytest.fixture(scope="module")
def database():
    with fresh_database() as database:
        Hextant(database.url).json("migrate", "up")
        yield database


@pytest.fixture(scope="module")
def hextant(database):
    return Hextant(database.url)
