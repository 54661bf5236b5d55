"""A Socrata site: /socrata/resource/{4x4}.json, SODA 2.1."""

import json
from datetime import datetime, timedelta

from standin.soql import Malformed, UnknownColumn, condition

SYSTEM = [":id", ":created_at", ":updated_at", ":version"]


class Dataset:
    """Rows with system fields; what is null is left out, and everything else is a text."""

    def __init__(self, columns):
        self.columns = columns
        self.rows = []
        self.clock = datetime(2024, 1, 1)

    def put(self, row, key=None):
        """Adds a row, or replaces the one whose `key` column has the same value, as a write of this moment."""
        self.clock += timedelta(milliseconds=7)
        stamp = self.clock.strftime("%Y-%m-%dT%H:%M:%S.") + f"{self.clock.microsecond // 1000:03}Z"
        same = next((old for old in self.rows if key and old.get(key) == row[key]), None)
        if same is not None:
            same.update(row, **{":updated_at": stamp})
            return
        number = len(self.rows)
        # Ids are in no order of time.
        name = f"row-{(number * 7919) % 1_000_003:07}.{number}"
        self.rows.append({":id": name, ":created_at": stamp, ":updated_at": stamp, ":version": f"rv-{number}"} | row)


class Socrata:
    """Datasets by their ids, and what the site says when it is asked wrongly."""

    most = 50_000

    def __init__(self, random, habits):
        self.random, self.habits = random, habits
        self.datasets = {}
        self.token = None
        self._waited = set()

    def add_requests(self, name="erm2-nwe9", count=100):
        """Makes up service requests in New York, one in thirty without a place."""
        columns = ["unique_key", "created_date", "agency", "complaint_type", "descriptor", "borough", "status",
                   "incident_zip", "latitude", "longitude", "x_coordinate_state_plane", "y_coordinate_state_plane",
                   "location", "bbl"]  # fmt: skip
        dataset = self.datasets.setdefault(name, Dataset(columns))
        for _ in range(count):
            dataset.put(self._request(len(dataset.rows)))
        return dataset

    def add_violations(self, name="wvxf-dwi5", count=100):
        """Makes up violations of the housing code."""
        columns = ["violationid", "class", "inspectiondate", "violationstatus", "latitude", "longitude", "bin"]
        dataset = self.datasets.setdefault(name, Dataset(columns))
        for _ in range(count):
            number = len(dataset.rows)
            dataset.put({
                "violationid": str(10_000_000 + number),
                "class": self.random.choice("ABCI"),
                "inspectiondate": f"2024-0{1 + number % 9}-{1 + number % 28:02}T00:00:00.000",
                "violationstatus": self.random.choice(["Open", "Close"]),
                "latitude": f"{40.6 + self.random.random() / 5:.6f}",
                "longitude": f"{-74.0 + self.random.random() / 5:.6f}",
                "bin": str(1_000_000 + number),
            })
        return dataset

    def _request(self, number):
        random = self.random
        hour, minute = random.choice([(0, 0), (random.randrange(24), random.randrange(60))])
        row = {
            "unique_key": str(60_000_000 + number),
            "created_date": f"2024-{1 + number % 12:02}-{1 + number % 28:02}T{hour:02}:{minute:02}:00.000",
            "agency": random.choice(["NYPD", "HPD", "DOT"]),
            "complaint_type": random.choice(["Noise - Residential", "HEAT/HOT WATER", "Illegal Parking"]),
            "borough": random.choice(["BRONX", "BROOKLYN", "QUEENS"]),
            "status": random.choice(["Open", "Closed"]),
        }
        if random.random() < 0.7:
            row["descriptor"] = 'Loud "Music"/Party, früh'
        if random.random() < 29 / 30:
            latitude, longitude = 40.6 + random.random() / 5, -74.0 + random.random() / 5
            address = json.dumps({"address": "", "city": "", "state": "", "zip": ""})
            row |= {
                "latitude": f"{latitude:.9f}",
                "longitude": f"{longitude:.9f}",
                "location": {"latitude": f"{latitude:.9f}", "longitude": f"{longitude:.9f}", "human_address": address},
            }
        return row

    def answer(self, method, path, query, headers):
        name = path.removeprefix("/resource/").removesuffix(".json")
        dataset = self.datasets.get(name)
        if dataset is None:
            return 404, {}, {"code": "dataset.missing", "error": True, "message": "Not found"}
        if self.token and headers.get("X-App-Token") not in (None, self.token):
            return 403, {}, {"code": "permission_denied", "error": True, "message": "Invalid app_token specified"}
        if self.habits.meets("socrata-nested-error", path):
            return 400, {}, {
                "message": "query.soql.no-such-column",
                "errorCode": "query.soql.no-such-column",
                "data": {"data": {"column": "ncategory", "dataset": "alpha.90"}},
            }
        asked = path + json.dumps(query, sort_keys=True)
        if asked not in self._waited and self.habits.meets("socrata-202", path):
            self._waited.add(asked)
            return 202, {}, b""
        try:
            return self._rows(dataset, query, path)
        except UnknownColumn as error:
            return 400, {}, {
                "message": f"Query coordinator error: query.soql.no-such-column; No such column: {error}",
                "errorCode": "query.soql.no-such-column",
                "data": {"column": str(error), "dataset": "alpha.90"},
            }
        except Malformed as error:
            return 400, {}, {"message": f"Could not parse SoQL query: {error}", "errorCode": "query.compiler.malformed",
                             "data": {}}  # fmt: skip

    def _rows(self, dataset, query, path):
        if "$offset" in query or "$where" in query:
            if self.habits.meets("socrata-insert", path):
                dataset.put(self._request(len(dataset.rows)))
            if dataset.rows and self.habits.meets("socrata-touch", path):
                row = self.random.choice(dataset.rows)
                dataset.put({"unique_key": row.get("unique_key"), "status": "Touched"}, key="unique_key")
        columns = SYSTEM + dataset.columns
        rows = dataset.rows
        if "$where" in query:
            holds = condition(query["$where"], columns)
            rows = [row for row in rows if holds(row)]
        select = query.get("$select", "*")
        if "count(*)" in select:
            answer = {}
            for part in select.split(","):
                expression, _, alias = part.strip().partition(" as ")
                if expression == "count(*)":
                    answer[alias or "count"] = str(len(rows))
                elif rows:
                    column = expression.removeprefix("max(").removesuffix(")")
                    answer[alias or expression] = max(row[column] for row in rows)
            return 200, {}, [answer]
        if "$order" in query:
            for column in reversed([part.strip() for part in query["$order"].split(",")]):
                if column not in columns:
                    raise UnknownColumn(column)
                rows = sorted(rows, key=lambda row: str(row.get(column, "")))
        else:
            rows = self.random.sample(rows, len(rows))
        offset, limit = int(query.get("$offset", 0)), min(self.most, int(query.get("$limit", 1000)))
        shown = columns if ":*" in select else dataset.columns
        page = [
            {name: row[name] for name in shown if row.get(name) is not None} for row in rows[offset : offset + limit]
        ]
        stamp = dataset.clock.strftime("%a, %d %b %Y %H:%M:%S GMT")
        return 200, {
            "X-SODA2-Fields": json.dumps(shown),
            "X-SODA2-Truth-Last-Modified": stamp,
            "Last-Modified": stamp,
            "ETag": f'W/"{len(dataset.rows)}-{dataset.clock.timestamp()}"',
            "Access-Control-Allow-Origin": "*",
        }, page
