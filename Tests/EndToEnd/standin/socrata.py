"""A Socrata site: /socrata/resource/{4x4}.json, SODA 2.1."""

import json
from datetime import datetime, timedelta

from standin.soql import Malformed, UnknownColumn, condition

BOROUGHS = ["MANHATTAN", "BRONX", "BROOKLYN", "QUEENS", "STATEN ISLAND"]
SYSTEM = [":id", ":created_at", ":updated_at", ":version"]


def tax_lot(number):
    """Borough (1 to 5), block and lot of one of 200 properties, which all datasets of New York share."""
    index = number % 200
    return 1 + index % 5, 100 + index, 1 + index % 50


def bbl(number):
    """The ten digits of such a property."""
    borough, block, lot = tax_lot(number)
    return f"{borough}{block:05}{lot:04}"


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
        columns = ["violationid", "class", "inspectiondate", "violationstatus", "currentstatus", "novdescription",
                   "latitude", "longitude", "bin", "boro", "block", "lot", "bbl"]  # fmt: skip
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
                "boro": BOROUGHS[tax_lot(number)[0] - 1],
                "block": str(tax_lot(number)[1]),
                "lot": str(tax_lot(number)[2]),
                "bbl": bbl(number),
            })
        return dataset

    def add_dob_violations(self, name="3h2n-5cm9", count=100):
        """Makes up violations of the building code: without coordinates, with days that do not exist and padded texts.
        """
        columns = ["isn_dob_bis_viol", "boro", "bin", "block", "lot", "issue_date", "violation_type_code",
                   "violation_number", "house_number", "street", "disposition_date", "device_number", "description",
                   "number", "violation_category", "violation_type"]  # fmt: skip
        dataset = self.datasets.setdefault(name, Dataset(columns))
        for _ in range(count):
            number = len(dataset.rows)
            borough, block, lot = tax_lot(number)
            day = f"20{10 + number % 14:02}{1 + number % 12:02}{1 + number % 28:02}"
            row = {
                "isn_dob_bis_viol": str(400_000 + number),
                "boro": str(borough),
                "bin": f"{borough}{number % 200:06}",
                "block": f"{block:05}",
                # Some loads did not pad the numbers of lots.
                "lot": str(lot) if number % 6 == 5 else f"{lot:05}",
                "issue_date": {7: "000000", 8: "Y9990120"}.get(number % 50, day),
                "violation_type_code": "LL6291",
                "violation_number": f"{number:06}   ",
                "house_number": f"  {number}",
                "street": "WEST   14 STREET            ",
                "number": f"V{day}LL6291{number:06}",
                "violation_type": "LL6291-LOCAL LAW 62/91 - BOILERS",
            }
            if number % 3:
                row["violation_category"] = "V-DOB VIOLATION - ACTIVE"
            else:
                row |= {"violation_category": "V*-DOB VIOLATION - Resolved", "disposition_date": "20240301"}
            if number == 0:
                row["description"] = "TEST RECORD"
            dataset.put(row)
        return dataset

    def add_permits(self, name="rbx6-tga4", count=100):
        """Makes up permits of DOB NOW."""
        columns = ["work_permit", "job_filing_number", "filing_reason", "work_type", "permit_status", "issued_date",
                   "expired_date", "job_description", "bin", "bbl", "borough", "block", "lot", "latitude", "longitude"]
        dataset = self.datasets.setdefault(name, Dataset(columns))
        for _ in range(count):
            number = len(dataset.rows)
            borough, block, lot = tax_lot(number)
            dataset.put({
                "work_permit": f"M{number:08}-I1-GC",
                "job_filing_number": f"M{number:08}-I1",
                "filing_reason": "Initial Permit",
                "work_type": self.random.choice(["General Construction", "Plumbing", "Sidewalk Shed"]),
                "permit_status": "Permit Issued",
                "issued_date": f"2024-{1 + number % 12:02}-{1 + number % 28:02}T00:00:00.000",
                "expired_date": "2025-06-30T00:00:00.000",
                "bin": f"{borough}{number % 200:06}",
                "bbl": bbl(number),
                "borough": BOROUGHS[borough - 1],
                "block": str(block),
                "lot": str(lot),
                "latitude": f"{40.6 + self.random.random() / 5:.6f}",
                "longitude": f"{-74.0 + self.random.random() / 5:.6f}",
            })
        return dataset

    def add_older_permits(self, name="ipu4-2q9a", count=100):
        """Makes up permits of BIS: mangled names, and two ways to write a day in one column."""
        columns = ["borough", "bin__", "job__", "job_type", "block", "lot", "permit_status", "permit_type",
                   "permit_sequence__", "permit_si_no", "work_type", "issuance_date", "expiration_date",
                   "gis_latitude", "gis_longitude"]  # fmt: skip
        dataset = self.datasets.setdefault(name, Dataset(columns))
        for _ in range(count):
            number = len(dataset.rows)
            borough, block, lot = tax_lot(number)
            month, day = 1 + number % 12, 1 + number % 28
            dataset.put({
                "borough": BOROUGHS[borough - 1],
                "bin__": f"{borough}{number % 200:06}",
                "job__": str(100_000_000 + number),
                "job_type": "A2",
                "block": f"{block:05}",
                "lot": f"{lot:05}",
                "permit_status": "ISSUED",
                "permit_type": "EW",
                "permit_sequence__": "01",
                "issuance_date": f"{month:02}/{day:02}/2007" if number % 2 else f"2020-{month:02}-{day:02}",
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
        # One on a street between two houses belongs to no property.
        if number % 10:
            row["bbl"] = bbl(number)
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
