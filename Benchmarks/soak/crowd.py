"""All clients, working or resting together, and a count of their answers."""

import collections
import itertools
import random
import statistics
import threading
import time

import clients
import intruders


class Crowd:
    """All clients, each in its own thread, working or resting together."""

    def __init__(self, place):
        self._place = place
        self._counts = collections.Counter()
        self._wrong = collections.Counter()
        self._times = []
        self._lock = threading.Lock()
        self._is_working, self._has_left = threading.Event(), threading.Event()
        self._resting = threading.Semaphore(0)
        kinds = [
            (clients.Tiles, 4), (clients.TilesOfHTTP2, 2), (clients.Lists, 2), (clients.OGC, 1), (clients.Page, 1),
            (clients.SignIn, 1), (clients.Uploads, 2), (clients.Exports, 2), (clients.Jobs, 1), (clients.Operator, 1),
            (intruders.Leavers, 2), (intruders.Heads, 1), (intruders.Frames, 1)]
        everybody = itertools.chain.from_iterable([kind] * count for kind, count in kinds)
        people = [kind(place, self._note, random.Random(number)) for number, kind in enumerate(everybody)]
        self._threads = [threading.Thread(target=self._live, args=(person,), daemon=True) for person in people]
        for thread in self._threads:
            thread.start()

    def work(self, seconds):
        self._is_working.set()
        time.sleep(seconds)

    def rest(self):
        """Lets every client finish its work and close its connections."""
        self._is_working.clear()
        for _ in self._threads:
            assert self._resting.acquire(timeout=2 * clients.PATIENCE), "a client hangs"

    def leave(self):
        self._has_left.set()
        self._is_working.set()
        for thread in self._threads:
            thread.join(timeout=2 * clients.PATIENCE)

    def line(self):
        with self._lock:
            told = "".join(f"; {kind}: {what}: {count}" for (kind, what), count in self._wrong.most_common(3))
            return f"{sum(self._counts.values())} requests, {sum(self._wrong.values())} wrong{told}"

    def latencies(self, share):
        """99th percentiles of tile durations in ms, before and after a share of the run."""
        cut = int(len(self._times) * share)
        return [1000 * statistics.quantiles(part, n=100)[98] if len(part) > 1 else 0.0
                for part in (self._times[:cut], self._times[cut:])]

    def wrong(self):
        return sum(self._wrong.values())

    def wrongs(self):
        return [f"{kind}: {what}: {count}" for (kind, what), count in self._wrong.most_common(20)]

    def table(self):
        for (kind, what), count in sorted(self._counts.items()):
            print(f"{kind:20} {what:28} {count}")

    def _live(self, client):
        while True:
            self._is_working.wait()
            if self._has_left.is_set():
                return
            while self._is_working.is_set() and not self._has_left.is_set():
                try:
                    client.step()
                except Exception as error:  # one broken client must not end the run; it is reported
                    self._note(client, f"{type(error).__name__}: {error}"[:120], wrong=True)
                time.sleep(client.pause * client.chance.uniform(0.5, 1.5))
            client.close()
            self._resting.release()

    def _note(self, client, what, wrong=False, seconds=None):
        with self._lock:
            self._counts[type(client).__name__, str(what)] += 1
            if wrong:
                self._wrong[type(client).__name__, str(what)] += 1
            if seconds is not None:
                self._times.append(seconds)
