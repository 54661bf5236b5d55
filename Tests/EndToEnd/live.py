"""Datasets with live days, and clients that hear of them."""

import json
import threading

import requests

HEADER = "event_type,event_timestamp,longitude,latitude,attributes_json\n"
TILE = "/v1/tiles/12/1144/1494.mvt"
QUIET = "20"


def events(count, day, longitude=-79.4):
    return HEADER + "".join(f"theft,{day}T{n % 24:02}:{n // 24:02}:00Z,{longitude},43.7,{{}}\n" for n in range(count))


def ingest(hextant, folder, slug, text):
    file = folder / f"{slug}-{abs(hash(text))}.csv"
    file.write_text(text)
    hextant.json("ingest", file, "--dataset", slug)


def fill(hextant, folder, slug, **description):
    hextant.put_dataset(folder, slug, **description)
    ingest(hextant, folder, slug, events(5, "2021-05-01") + events(3, "2021-05-20")[len(HEADER):])
    hextant.json("score", "--dataset", slug)
    hextant.json("refresh")
    return slug


def tile(server, slug, day):
    return requests.get(server.url + TILE, params={"dataset": slug, "date": day, "resolution": 9}, timeout=60)


def count(database, slug, day, resolution=9):
    return database.value(
        "SELECT sum(event_count)::int FROM mv_daily_risk WHERE dataset = %s AND day = %s AND resolution = %s",
        [slug, day, resolution])


class Listener:
    """A client of `/v1/changes` that keeps what it hears."""

    def __init__(self, server, headers=None, **parameters):
        self.heard = []
        self.answer = requests.get(
            server.url + "/v1/changes", params=parameters, stream=True, timeout=60,
            headers={"Accept": "text/event-stream"} | (headers or {}))
        assert self.answer.status_code == 200, self.answer.text
        assert self.answer.headers["Content-Type"] == "text/event-stream"
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        event = {}
        try:
            for line in self.answer.iter_lines():
                name, _, value = line.decode().partition(": ")
                if name:
                    event[name] = value
                elif "event" in event:
                    self.heard.append((event["event"], int(event["id"]), json.loads(event["data"])))
                    event = {}
        except (requests.RequestException, AttributeError):
            pass  # closed by the test or by the server

    def days(self, slug):
        return {day for _, _, data in self.heard if data.get("dataset") == slug for day in data["days"] or []}

    def close(self):
        self.answer.close()
