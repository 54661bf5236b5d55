"""Files at addresses: /files/all_week.geojson, /files/firms/{key}.csv, /files/NAME"""

import gzip
import hashlib
import io
import json
import zipfile


class Files:
    """Earthquakes, fires and whatever a test puts there, each with its ETag."""

    def __init__(self, random, habits):
        self.random, self.habits = random, habits
        self.contents = {}
        self.quakes = {}
        self.fires = []
        self.key = "standin-key"

    def put(self, name, text, packed=None):
        """Puts a file there, plain or packed as `gzip` or `zip`."""
        body = text.encode()
        if packed == "gzip":
            body = gzip.compress(body, mtime=0)
        if packed == "zip":
            archive = io.BytesIO()
            with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writer:
                writer.writestr(name.rsplit(".", 1)[0] + ".csv", body)
            body = archive.getvalue()
        self.contents[name] = body

    def add_quakes(self, count=100):
        """Makes up earthquakes of a week."""
        for _ in range(count):
            name = f"ak{len(self.quakes):08}"
            self.quakes[name] = [self._quake(name, 1)]

    def correct_quake(self, name):
        """Issues an earthquake once more with another place, magnitude and even time, beside the old one."""
        self.quakes[name].append(self._quake(name, len(self.quakes[name]) + 1))

    def _quake(self, name, version):
        random = self.random
        time = 1_780_000_000_000 + random.randrange(600_000_000)
        return {
            "type": "Feature",
            "properties": {"mag": round(random.uniform(0.5, 6), 2), "place": "somewhere", "time": time,
                           "updated": 1_790_000_000_000 + version, "tz": None, "status": "automatic",
                           "type": "earthquake", "magType": "ml", "code": name[2:]},
            "geometry": {"type": "Point", "coordinates": [round(random.uniform(-180, 180), 4),
                                                           round(random.uniform(-80, 80), 4), 10.0]},
            "id": name,
        }  # fmt: skip

    def add_fires(self, count=100):
        """Makes up fires of a day."""
        for _ in range(count):
            random = self.random
            self.fires.append(
                f"{random.uniform(-60, 70):.5f},{random.uniform(-180, 180):.5f},{random.uniform(300, 400):.2f},0.4,0.4,"
                f"2026-05-01,{random.randrange(24):02}{random.randrange(60):02},N,{random.choice('lnh')},2.0NRT,290.1,"
                f"{random.uniform(1, 50):.2f},{random.choice('DN')}")

    def answer(self, method, path, query, headers):
        body, kind = self._body(path)
        if body is None:
            return 404, {"Content-Type": "text/html"}, b"<html>not here</html>"
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if headers.get("If-None-Match") == tag:
            return 304, {"ETag": tag}, b""
        return 200, {"ETag": tag, "Content-Type": kind}, body

    def _body(self, path):
        if path == "/all_week.geojson":
            features = [version for versions in self.quakes.values() for version in versions]
            document = {"type": "FeatureCollection", "metadata": {"status": 200, "count": len(features)},
                        "features": features, "bbox": [-180, -90, 0, 180, 90, 700]}  # fmt: skip
            return json.dumps(document).encode(), "application/json; charset=utf-8"
        if path.startswith("/firms/"):
            if path != f"/firms/{self.key}.csv":
                return b"Invalid MAP_KEY.", "text/html"
            header = ("latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,"
                      "bright_ti5,frp,daynight")  # fmt: skip
            return "\n".join([header, *self.fires, ""]).encode(), "text/plain; charset=utf-8"
        return self.contents.get(path.lstrip("/")), "application/octet-stream"
