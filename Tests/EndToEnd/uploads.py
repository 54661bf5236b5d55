"""Shared by the suites of uploads and of dead letters: a server that accepts uploads, files, and their results."""

import pytest
import requests
from accounts import bearer
from serving import serving

HEADER = "event_type,event_timestamp,longitude,latitude,attributes_json\n"
GOOD = "".join(f'theft,2021-05-{day:02}T10:00:00Z,-79.4,43.7,"{{""a"": {day}}}"\n' for day in range(1, 11))
BAD = "theft,yesterday,-79.4,43.7,{}\ntheft,2021-05-01T10:00:00Z,east,43.7,{}\n"


@pytest.fixture(scope="module")
def server(hextant, folder):
    with serving(hextant, folder / "upload.log", "--maximum-upload", "1") as server:
        yield server


@pytest.fixture
def call(server, key):
    """Sends a request with an administrator's key."""

    def call(method, path, headers=None, **options):
        return requests.request(
            method, server.url + path, headers=bearer(key) | (headers or {}), timeout=60,
            **options)

    return call


def stored(database, dataset):
    return database.value("SELECT count(*) FROM events WHERE dataset = %s", [dataset])


def counts(batch):
    return batch["received"], batch["accepted"], batch["duplicate"], batch["rejected"]
