"""Bad habits of data sites, each with a name by which a test switches it on."""

import random
import threading
import time
from dataclasses import dataclass

# Habits that any request may meet, whatever it asks for.
COMMON = {
    "rate-limit": "429 beyond 15 requests a second and 30 at once, without Retry-After",
    "429": "429 without Retry-After",
    "429-retry-after": "429 with Retry-After: 1",
    "503-html": "503 with a page for people",
    "200-html": "200 with a page for people",
    "500": "500",
    "504-late": "504 after a delay",
    "cut": "the body ends in its middle, and the connection with it",
    "length-too-long": "Content-Length is greater than the body",
    "cut-chunks": "a chunked body without its last chunk",
    "cut-json": "a whole answer whose JSON is not",
    "stall": "the head and half of the body, and then nothing for a while",
    "reset": "no answer: the connection ends",
    "redirect-inside": "a redirect to an address of this machine that no feed names",
    "redirect-round": "a redirect to itself",
    "gzip": "the body is packed",
}

# Habits that one kind of site has.
OF_ONE_SITE = {
    "police-empty-month": "[] in place of a month",
    "police-fields-reordered": "fields and records in another order each time",
    "police-month-dropped": "500 for a month that is still listed when a run begins",
    "police-no-location": "a month in which no stop has a location",
    "police-outcome-forms": "false, an empty text or null where there is no outcome, changing each time",
    "ckan-200-failure": "200 with success: false",
    "ckan-bare-string": "400 with a bare JSON string",
    "ckan-localised": "404 with a message in another language",
    "ckan-old-validation": "409 with one text in place of a list",
    "ckan-renumbered": "the resource is loaded again: new _ids",
    "socrata-202": "202 first, the answer when it is asked for again",
    "socrata-insert": "a row comes in between two pages",
    "socrata-nested-error": "400 whose data are nested once more",
    "socrata-touch": "a row changes between two pages",
    "arcgis-error": "200 with an error in it",
}

NAMES = COMMON | OF_ONE_SITE


@dataclass
class Habit:
    """A habit that is on: the next `times` requests after the first `after`, or a share of all."""

    times: int | None
    share: float
    only: str
    after: int


class Habits:
    """Decides, for each request, which habit it meets."""

    def __init__(self, seed):
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._on = {}
        self.met = {}

    def on(self, name, times=None, share=1.0, only="", after=0):
        """Switches a habit on, for requests whose path has `only`: it passes over the first of them, as many as `after`
        says, and then lasts for so many requests or until it is switched off.
        """
        assert name in NAMES, f"there is no habit {name}; there are {', '.join(NAMES)}"
        with self._lock:
            self._on[name] = Habit(times, share, only, after)

    def off(self, *names):
        """Switches habits off; all without names."""
        with self._lock:
            for name in names or list(self._on):
                self._on.pop(name, None)

    def meets(self, name, path):
        """Whether this request meets the habit. Counts it if so."""
        with self._lock:
            habit = self._on.get(name)
            if habit is None or habit.only not in path or habit.times == 0:
                return False
            if habit.after > 0:
                habit.after -= 1
                return False
            if habit.share < 1 and self._random.random() >= habit.share:
                return False
            if habit.times is not None:
                habit.times -= 1
            self.met[name] = self.met.get(name, 0) + 1
            return True

    def common(self, path):
        """The first of the common habits that this request meets; None if there is none."""
        return next((name for name in COMMON if name != "rate-limit" and self.meets(name, path)), None)


class Bucket:
    """A token bucket like that of data.police.uk."""

    def __init__(self, rate=15.0, burst=30.0):
        self.rate, self.burst = rate, burst
        self._tokens, self._time = burst, time.monotonic()
        self._lock = threading.Lock()

    def take(self):
        with self._lock:
            now = time.monotonic()
            self._tokens = min(self.burst, self._tokens + (now - self._time) * self.rate)
            self._time = now
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True
