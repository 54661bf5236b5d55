"""Honest clients, each kind with the answers that it may get."""

import gzip
import itertools
import random
import ssl
import time
import uuid

import httpx
from accounts import PASSWORD, bearer
from world import FIRST, LAST, PRIVATE, PUBLIC

# Seconds after which a client counts an answer as missing.
PATIENCE = 60
ADDRESSES = [f"203.0.113.{number}" for number in range(1, 255)]
TILES = [(z, x, y) for z, x, y, width, height in [(10, 285, 372, 3, 3), (12, 1142, 1492, 6, 5), (13, 2285, 2985, 11, 9)]
         for x in range(x, x + width) for y in range(y, y + height)]
FORMS = ["json", "geojson", "geojsonseq", "csv", "flatgeobuf"]
HEADER = "event_type,event_timestamp,longitude,latitude,attributes_json\n"


class Client:
    """Sends requests over kept connections, each from a different client address."""

    pause = 0.05
    http2 = False
    # Answers allowed besides success: a client that is refused for its rate, or because the server is full, tries
    # again.
    allowed = frozenset({200, 201, 202, 204, 304, 409, 429, 503})

    def __init__(self, place, note, chance):
        self.place, self.chance = place, chance
        self._note = note
        self._client = None

    def close(self):
        if self._client is not None:
            self._client.close()
            self._client = None

    @property
    def client(self):
        if self._client is None:
            context = ssl.create_default_context(cafile=self.place.authority)
            self._client = httpx.Client(
                base_url=self.place.url, verify=context, http2=self.http2, timeout=PATIENCE, trust_env=False)
        return self._client

    def ask(self, method, path, *, allowed=(), headers=None, timed=False, **options):
        headers = {"X-Forwarded-For": self.chance.choice(ADDRESSES), **(headers or {})}
        began = time.monotonic()
        answer = self.client.request(method, path, headers=headers, **options)
        taken = time.monotonic() - began
        self.note(answer.status_code, answer.status_code not in self.allowed | set(allowed), taken if timed else None)
        return answer

    def note(self, what, wrong=False, seconds=None):
        self._note(self, what, wrong, seconds)

    def day(self):
        month, day = self.chance.randint(1, 12), self.chance.randint(1, 28)
        return f"2019-{month:02}-{day:02}"


class Tiles(Client):
    pause = 0.02

    def step(self):
        z, x, y = self.chance.choice(TILES)
        query = {"date": self.day()} if self.chance.random() < 0.7 else {}
        self.ask("GET", f"/v1/tiles/{z}/{x}/{y}.mvt", params=query, timed=True)


class TilesOfHTTP2(Tiles):
    http2 = True


class Lists(Client):
    pause = 0.3

    def step(self):
        form = self.chance.choice(FORMS)
        path, query = self.chance.choice([
            ("/v1/hotspots", {"start_date": FIRST, "end_date": LAST}), (f"/v1/risk/{self.day()}", {}), ("/v1/stats", {}),
            ("/v1/datasets", {}), ("/v1/tiles.json", {}), ("/v1/analytics/runs", {})])
        if path in ("/v1/hotspots", "/v1/stats") or path.startswith("/v1/risk"):
            query = query | {"f": form, "dataset": PUBLIC}
        # Counts have no geometry, so the formats that need one are left out.
        self.ask("GET", path, params=query, allowed={400} if path == "/v1/stats" else ())


class OGC(Client):
    pause = 0.5
    http2 = True

    def step(self):
        self.ask("GET", "/ogc")
        found = self.ask("GET", "/ogc/collections")
        if found.status_code == 200:
            name = self.chance.choice(found.json()["collections"])["id"]
            items = self.ask("GET", f"/ogc/collections/{name}/items", params={"limit": 200}, allowed={401, 403, 404})
            following = [link["href"] for link in items.json().get("links", []) if link["rel"] == "next"]
            for address in following[:1]:
                self.ask("GET", httpx.URL(address).raw_path.decode(), allowed={401, 403, 404})


class Page(Client):
    pause = 1

    def step(self):
        for path in ["/", "/docs", "/openapi.json", "/v1/health/ready", "/metrics", "/nothing-here"]:
            self.ask("GET", path, headers={"Accept-Encoding": "gzip"}, allowed={404})


class SignIn(Client):
    pause = 2

    def step(self):
        user = self.chance.choice(self.place.users)
        right = self.chance.random() < 0.8
        opened = self.ask(
            "POST", "/v1/auth/token", allowed={400, 401},
            data={"grant_type": "password", "username": user, "password": PASSWORD if right else "wrong" * 4})
        if opened.status_code != 200:
            return
        tokens = opened.json()
        self.ask("GET", "/v1/datasets", headers=bearer(tokens["access_token"]), allowed={401})
        renewed = self.ask(
            "POST", "/v1/auth/token", allowed={400, 401},
            data={"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]})
        if renewed.status_code == 200:
            tokens = renewed.json()
        self.ask("POST", "/v1/auth/revoke", data={"token": tokens["refresh_token"]}, allowed={400, 401})
        after = self.ask("GET", "/v1/datasets", headers=bearer(tokens["access_token"]), allowed={401})
        if after.status_code == 200:
            self.note("a revoked token was good", wrong=True)


class Uploads(Client):
    pause = 1

    def step(self):
        rows = "".join(
            f"theft,{self.day()}T{self.chance.randrange(24):02}:00:00Z,{-79.4 + self.chance.gauss(0, 0.05):.6f},"
            f"{43.7 + self.chance.gauss(0, 0.03):.6f},{{}}\n" for _ in range(self.chance.randrange(1, 500)))
        if self.chance.random() < 0.3:
            rows += "theft,yesterday,east,43.7,{}\n" * self.chance.randrange(1, 20)
        body, headers = (HEADER + rows).encode(), bearer(self.place.key) | {"Content-Type": "text/csv"}
        if self.chance.random() < 0.3:
            body = gzip.compress(body)
            headers["Content-Encoding"] = "gzip"
        if self.chance.random() < 0.5:
            headers["Idempotency-Key"] = str(uuid.uuid4())
        self.ask("POST", "/v1/events/upload", params={"dataset": PRIVATE}, headers=headers, content=body,
                 allowed={400, 413, 415, 422})


class Exports(Client):
    """Whole lists, some of which are abandoned half-way."""

    pause = 1

    def step(self):
        form = self.chance.choice(["csv", "geojsonseq", "flatgeobuf"])
        headers = bearer(self.place.key) | {"X-Forwarded-For": self.chance.choice(ADDRESSES)}
        most = self.chance.choice([1, 10, 10_000])
        with self.client.stream("GET", "/v1/events", params={"dataset": PUBLIC, "f": form}, headers=headers) as answer:
            self.note(answer.status_code, answer.status_code not in self.allowed)
            for _ in itertools.islice(answer.iter_raw(), most):
                pass


class Jobs(Client):
    """Runs and refreshes, some of which are cancelled."""

    pause = 15

    def step(self):
        run = self.ask(
            "POST", "/v1/analytics/run", params={"dataset": PRIVATE, "refresh": "true"}, headers=bearer(self.place.key))
        if run.status_code in (200, 202) and self.chance.random() < 0.3:
            address = f"/v1/analytics/runs/{run.json()['id']}"
            self.ask("DELETE", address, headers=bearer(self.place.key), allowed={404, 409})
        if self.chance.random() < 0.3:
            self.ask("DELETE", "/v1/cache", headers=bearer(self.place.key))


class Operator(Client):
    """Grants a right, uses it, and revokes it; disables a user and enables it again."""

    pause = 8

    def step(self):
        user = self.place.users[0]
        hextant = self.place.hextant
        hextant("datasets", "grant", PRIVATE, user)
        hextant("datasets", "revoke", PRIVATE, user)
        hextant("users", "disable", user)
        hextant("users", "enable", user)
        self.note("rights changed")
