"""Two hundred HTTP/2 attackers and eight honest clients: the eight are served, and memory stays small.

The figures are meaningful with a release binary in HEXTANT_BIN and `-s`.
"""

import multiprocessing
import os
import ssl
import threading
import time
from types import SimpleNamespace

import httpx
import pytest
from bare_http2 import DATA, Attacker, frame
from certificates import certificate_files, new_issuer, tls_flags
from http2_floods import FLOODS, MOST_MEMORY, STREAM_FLOODS, resident
from serving import serving
from toronto import write_days

pytestmark = pytest.mark.alone
SECONDS = 10
WORLD = "/v1/tiles/0/0/0.mvt"
FAULT = frame(DATA, 0, 0, b"x") + b"\xaa" * 65_536


@pytest.fixture(scope="module")
def small(hextant, folder):
    """A day of Toronto."""
    hextant.put_dataset(folder, "small", time_zone="America/Toronto", resolutions=[7])
    write_days(folder / "day.csv", "2019-06-01", "2019-06-01")
    hextant.json("ingest", folder / "day.csv", "--dataset", "small", "--mapping", "toronto")
    hextant.json("score", "--dataset", "small")
    hextant.json("refresh")
    return hextant


@pytest.fixture(scope="module")
def files(folder):
    return certificate_files(new_issuer(), folder)


def attack(url, authority, seconds, first):
    """A hundred attackers in threads, all of different kinds, who come back half a second after they were cut off."""
    # The attackers share the cores of the server. At the lowest priority they take what the others leave, so that the
    # figures tell what they make the server do, and not how busy they are themselves.
    os.nice(19)
    server = SimpleNamespace(url=url)
    end = time.monotonic() + seconds
    kinds = [(flood, None) for flood in FLOODS.values()] + [(None, make) for make in STREAM_FLOODS.values()]
    kinds.append((FAULT, None))

    def run(kind):
        flood, make = kind
        while time.monotonic() < end:
            try:
                attacker = Attacker(server, authority)
                if make:
                    attacker.request(1, "/v1/auth/token", "POST", ends=False)
                attacker.flood(flood or make(attacker), end - time.monotonic())
                attacker.close()
            except (OSError, ssl.SSLError):
                pass
            time.sleep(0.5)

    threads = [threading.Thread(target=run, args=(kinds[(first + number) % len(kinds)],)) for number in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def ask(url, authority, seconds, results):
    """Eight honest clients, half with each protocol, send twenty requests a second each; returns the durations."""
    times, failures = [], []
    trusted = ssl.create_default_context(cafile=authority)

    def run(http2):
        with httpx.Client(http2=http2, verify=trusted, base_url=url, timeout=30) as client:
            client.get(WORLD)
            end = time.monotonic() + seconds
            while (began := time.monotonic()) < end:
                try:
                    answer = client.get(WORLD)
                    times.append(time.monotonic() - began)
                    if answer.status_code != 200:
                        failures.append(answer.status_code)
                except httpx.HTTPError as error:
                    failures.append(repr(error))
                time.sleep(max(0, 0.05 - (time.monotonic() - began)))

    threads = [threading.Thread(target=run, args=(number % 2 == 0,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put((sorted(times), failures))


def measured(server, files, attackers):
    """The 99th percentile of the honest clients, and the peak of memory meanwhile."""
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    arguments = (server.url, str(files.authority))
    parts = [
        context.Process(target=attack, args=(*arguments, SECONDS + 2, first)) for first in range(0, attackers, 100)
    ]
    honest = context.Process(target=ask, args=(*arguments, SECONDS, results))
    for part in parts:
        part.start()
    time.sleep(1)
    honest.start()
    most = 0
    while results.empty() and honest.is_alive():
        most = max(most, resident(server))
        time.sleep(0.05)
    times, failures = results.get()
    for part in [honest, *parts]:
        part.join()
    assert failures == [], failures[:5]
    return times[len(times) * 99 // 100], most


@pytest.mark.parametrize("limits", [[], ["--rate-limit", 0, "--account-rate-limit", 0]], ids=["limited", "unlimited"])
def test_eight_honest_clients_among_two_hundred_attackers(small, files, folder, limits):
    with serving(small, folder / "load.log", *tls_flags(files), *limits, authority=files.authority) as server:
        quiet, _ = measured(server, files, 0)
        attacked, most = measured(server, files, 200)
        print(f"\np99 quiet {quiet * 1e3:.1f} ms, attacked {attacked * 1e3:.1f} ms, memory {most / 1e6:.0f} MB")
        assert most < MOST_MEMORY
        # Far below the seconds that they waited when a flood had a core to itself.
        assert attacked < 2
