"""Fixtures of the end-to-end suites: the built binary, separate databases, servers, and all of Toronto."""

import itertools
import os
import random
from contextlib import ExitStack
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from accounts import add_key
from command import Hextant
from databases import drop_templates, filled_template, fresh_database
from map_page import MapPage, Service, launch
from playwright.sync_api import sync_playwright
from redis_database import free_redis_database
from serving import serving
from toronto import fill_with_toronto

_numbers = itertools.count(1)

WIDE = {"width": 1280, "height": 800}


def pytest_report_header():
    return f"HEXTANT_H3_SEED={os.environ['HEXTANT_H3_SEED']}"


def pytest_configure(config):
    config.addinivalue_line("markers", "alone: measures, or needs the whole machine, so no other test runs beside it")
    os.environ.setdefault("HEXTANT_H3_SEED", str(random.SystemRandom().randrange(2**32)))
    missing = [
        name
        for name in ["HEXTANT_BIN", "HEXTANT_DATABASE_URL", "HEXTANT_REDIS_URL", "HEXTANT_STATE"]
        if not os.environ.get(name)
    ]
    if missing:
        raise pytest.UsageError(f"{', '.join(missing)} not set: run the tests by scripts/test")


def pytest_sessionfinish(session):
    if not hasattr(session.config, "workerinput"):
        drop_templates()


@pytest.fixture(scope="module")
def new_database():
    """Creates databases without a schema that live as long as the module."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(fresh_database())


@pytest.fixture(scope="module")
def database():
    """The module's database, with the schema."""
    schema = filled_template("schema", lambda database: Hextant(database.url).json("migrate", "up"))
    with fresh_database(template=schema) as database:
        yield database


@pytest.fixture(scope="module")
def hextant(database):
    """Runs the binary against the module's database."""
    return Hextant(database.url)


@pytest.fixture(scope="module")
def key(hextant):
    """An administrator's API key."""
    return add_key(hextant)


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("files")


@pytest.fixture
def dataset(hextant, folder):
    """A dataset without any data."""
    return hextant.put_dataset(folder, f"dataset-{next(_numbers)}", time_zone="America/Toronto")


@pytest.fixture
def ingest(hextant, tmp_path, dataset):
    """Writes a file, ingests it and returns the output of the command."""

    def ingest(content, name="events.csv"):
        file = tmp_path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        told = hextant.json("ingest", file, "--dataset", dataset, "--allow-empty")
        assert told["received"] == told["accepted"] + told["duplicate"] + told["rejected"]
        assert sum(told["rejected_by_reason"].values()) == told["rejected"]
        return told

    return ingest


@pytest.fixture(scope="module")
def server(hextant, folder):
    """A server with the module's database and its own Redis database."""
    with free_redis_database() as redis:
        with serving(hextant, folder / "server.log", "--redis-url", redis.url) as server:
            yield server


@pytest.fixture(scope="session")
def toronto():
    """All of Toronto: ingested, scored at resolutions 5 to 9 from 2014 to 2021, and refreshed."""
    with fresh_database(template=filled_template("toronto", fill_with_toronto)) as database:
        yield SimpleNamespace(database=database, hextant=Hextant(database.url))


@pytest.fixture(scope="session")
def toronto_server(toronto, tmp_path_factory):
    with free_redis_database() as redis:
        log = tmp_path_factory.mktemp("toronto") / "server.log"
        with serving(toronto.hextant, log, "--redis-url", redis.url) as server:
            yield server


@pytest.fixture(scope="session")
def analyst_server(toronto, toronto_server):
    """The server of Toronto with requests by an analyst."""
    return toronto_server.asking_as(add_key(toronto.hextant, "analyst"))


@pytest.fixture(scope="session")
def demo_server(toronto, toronto_server):
    """The server for tests of the page, on the day of 2021 with the most cells, away from the ends of the year."""
    resolution = 8
    [(day,)] = toronto.database.rows(
        """
        SELECT day::text FROM mv_daily_risk
        WHERE resolution = %s AND day BETWEEN '2021-03-01' AND '2021-10-31'
        GROUP BY day ORDER BY count(*) DESC, day LIMIT 1
        """,
        [resolution],
    )
    return SimpleNamespace(url=toronto_server.url, dataset="toronto", day=day, resolution=resolution)


@pytest.fixture
def service(demo_server):
    """The API behind the map page, asked directly."""
    return Service(demo_server)


@pytest.fixture
def pages(browser):
    """Opens pages of any server. In the end none may have logged an error or requested anything from another origin."""
    opened = []

    def make(url, expect_errors=False, viewport=WIDE, **options):
        context = browser.new_context(viewport=viewport, **{"reduced_motion": "reduce", **options})
        page = MapPage(context, url)
        opened.append((page, context, expect_errors))
        return page

    yield make
    for page, context, expect_errors in opened:
        context.close()
        origin = urlsplit(page.url).netloc
        foreign = [url for url in page.requests if url.startswith("http") and urlsplit(url).netloc != origin]
        assert foreign == []
        assert expect_errors or page.errors == []


@pytest.fixture
def new_page(pages, demo_server):
    """Opens pages of the server with all of Toronto."""
    return lambda **options: pages(demo_server.url, **options)
