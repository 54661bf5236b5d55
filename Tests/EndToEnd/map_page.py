"""Drives the map page in a real browser: what a user sees and does, and what the page requests from the server."""

import io
import json
import shutil
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit
from urllib.request import urlopen

from PIL import Image

SCREENSHOTS = Path(__file__).resolve().parents[2] / "screenshots"
LEVELS = ["low", "medium", "high", "critical"]


def launch(playwright):
    """Chromium with WebGL in software, so that the map is drawn on a machine without a graphics card."""
    chromium = shutil.which("chromium")
    assert chromium, "chromium is not installed: apt-get install chromium"
    arguments = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    return playwright.chromium.launch(executable_path=chromium, args=arguments)


class Service:
    """The server's API, asked directly: the reference for what the page shows."""

    def __init__(self, server):
        self.url = server.url.rstrip("/")
        self.dataset = server.dataset

    def get(self, path, **query):
        return self._read(f"{path}?{urlencode({'dataset': self.dataset, **query})}")

    def _read(self, address):
        with urlopen(urljoin(self.url, address), timeout=30) as answer:
            return json.load(answer)

    def datasets(self):
        """The datasets that everybody may see."""
        return self._read("/v1/datasets")["items"]

    def day(self, date, resolution):
        """Every risk row of a day by cell, from all pages of the list."""
        page = self.get(f"/v1/risk/{date}", resolution=resolution, limit=1000)
        rows = page["items"]
        while page["next"]:
            page = self._read(page["next"])
            rows += page["items"]
        return {row["h3_index"]: row for row in rows}

    def cell(self, date, cell):
        """The risk row of one cell on one day."""
        [row] = self.get(f"/v1/risk/{date}", resolution=int(cell[1], 16), cell=cell)["items"]
        return row


class MapPage:
    """One open page. Records its requests and errors from the start."""

    def __init__(self, context, url):
        self.page = context.new_page()
        self.url = url.rstrip("/")
        self.requests = []
        self.errors = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._log)

    def _log(self, message):
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")

    def open(self, link=""):
        """Opens the page at a deep link and waits until its first day is drawn."""
        self.page.goto(f"{self.url}/{link}")
        self.wait_for("ready")
        return self

    def settle(self):
        """Waits until the map shows the state of the controls."""
        self.wait_for("settled()")

    def wait_for(self, promise):
        """Waits for a promise of the page's `hextant` object; fails the test if it never resolves."""
        self.page.wait_for_function("() => window.hextant !== undefined")
        self.page.evaluate(
            f"""() => Promise.race([
                window.hextant.{promise}.then(() => true),
                new Promise((_, refuse) => setTimeout(refuse, 30000, new Error("{promise} was not kept in 30 s"))),
            ])"""
        )

    def rendered(self):
        """The cells drawn on the canvas, each with the attributes of its tile feature."""
        return {feature["h3_index"]: feature for feature in self.page.evaluate("() => window.hextant.cells()")}

    def project(self, points):
        """The pixels of (latitude, longitude) pairs in the page."""
        return self.page.evaluate(
            """(points) => {
                const { left, top } = hextant.map.getContainer().getBoundingClientRect();
                return points.map(([lat, lng]) => {
                    const { x, y } = hextant.map.project([lng, lat]);
                    return [x + left, y + top];
                });
            }""",
            [list(point) for point in points],
        )

    def is_map(self, x, y):
        """Whether a pixel is inside the window and not covered by a control over the map."""
        return self.page.evaluate(
            "([x, y]) => document.elementFromPoint(x, y) === hextant.map.getCanvas()", [x, y]
        )

    def view(self):
        """Zoom, latitude and longitude of the map's middle."""
        return self.page.evaluate(
            "() => [hextant.map.getZoom(), hextant.map.getCenter().lat, hextant.map.getCenter().lng]"
        )

    def tile_queries(self):
        """The query of every tile of cells requested so far, in order."""
        return [
            {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
            for url in self.requests
            if urlsplit(url).path.endswith(".mvt") and "/tiles/areas/" not in url
        ]

    def link(self):
        """The parts of the deep link in the page's URL, once it matches the current state."""
        return {name: values[0] for name, values in parse_qs(self.fragment()).items()}

    def fragment(self):
        """The fragment of the page's URL, once it matches the current state."""
        # The page writes it by a timer of 250 ms after the last change. A later timer of the page ends after that.
        return self.page.evaluate("() => new Promise((done) => setTimeout(() => done(location.hash.slice(1)), 300))")

    def levels(self, wanted):
        """Switches the levels so that exactly `wanted` are on, and waits for the map."""
        for level in LEVELS:
            self.page.locator(f"input[value={level}]").set_checked(level in wanted)
        self.settle()

    def figures(self):
        """The figures of the day in the drawer by attribute: (number as served, text as read)."""
        self.page.locator(".figures data").first.wait_for()
        values = self.page.locator(".figures data").evaluate_all(
            "(all) => all.map((each) => [each.dataset.figure, Number(each.value), each.textContent])"
        )
        return {name: (value, text) for name, value, text in values}

    def picture(self, clip=None):
        return Image.open(io.BytesIO(self.page.screenshot(clip=clip))).convert("RGB")

    def choose(self, **wanted):
        """Chooses in the selects with these ids, and waits for the map."""
        for name, value in wanted.items():
            self.page.locator(f"#{name}").select_option(value)
        self.settle()

    def look(self):
        """Has the page ask for news at once, which it does twice a minute."""
        self.page.evaluate("() => window.hextant.look()")

    def keep(self, name):
        """Saves a screenshot for people to look at."""
        self.page.screenshot(path=self.kept(name))

    def kept(self, name):
        """The file of a picture for people to look at."""
        SCREENSHOTS.mkdir(exist_ok=True)
        return SCREENSHOTS / f"{name}.png"
