"""Fixtures of the suites over the reference data: those of the end-to-end suites, and the folder of files."""

import os
import sys
from functools import cache
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "EndToEnd"))

from command import Hextant  # noqa: E402
from databases import drop_templates, filled_template, fresh_database  # noqa: E402
from event_files import read  # noqa: E402


def pytest_sessionfinish(session):
    if not hasattr(session.config, "workerinput"):
        drop_templates()


@pytest.fixture(scope="session")
def events_folder():
    return Path(os.environ["HEXTANT_SHARED"]) / "data" / "events"


@pytest.fixture(scope="session")
def python_reads(events_folder):
    """Python's reading of each file, done once."""
    return cache(lambda file: read(file, events_folder))


@pytest.fixture(scope="module")
def database():
    schema = filled_template("schema", lambda database: Hextant(database.url).json("migrate", "up"))
    with fresh_database(template=schema) as database:
        yield database


@pytest.fixture(scope="module")
def hextant(database):
    return Hextant(database.url)
