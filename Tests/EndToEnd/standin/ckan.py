"""A CKAN site: /ckan/api/3/action/..."""

import json

HELP = "https://localhost/api/3/action/help_show?name=datastore_search"


class Resource:
    """Rows whose `_id` is their place, from 1."""

    def __init__(self, fields, rows, modified="2024-05-01T08:00:00.000000"):
        self.fields, self.rows, self.modified = fields, rows, modified


class CKAN:
    """Resources of a datastore that lowers limits without saying so."""

    most = 32_000

    def __init__(self, random, habits):
        self.random, self.habits = random, habits
        self.resources = {}

    def add_requests(self, name="9d7c2214-4709-478a-a2e8-fb2020a5bb94", count=100):
        """Makes up service requests in Boston."""
        rows = [self._request(number) for number in range(count)]
        self.resources[name] = Resource(list(rows[0]) if rows else ["case_enquiry_id"], rows)
        return self.resources[name]

    def add_checkbook(self, name, year, count=100):
        """Makes up a year of Boston's checkbook in the schema of that year: there are three."""
        rows = []
        for number in range(count):
            amount = self.random.choice([-1, 1, 1, 1]) * self.random.randrange(1, 10_000_000) / 100
            text = f"{amount:,.2f}"
            values = ["Vendor of the city", "Public Works", f"{year}-03-01", year]
            if year >= 2024:
                names = ["Vendor Name", "Dept Name", "Entered", "Fiscal Year", "Monetary Amount"]
                rows.append(dict(zip(names, [*values, amount])))
            elif year >= 2021:
                names = ["Vendor_Name", "Dept_Name", "Entered", "Fiscal_Year", "Monetary_Amount"]
                rows.append(dict(zip(names, [*values, text])))
            else:
                names = ["vendor_name", "dept_name", "entered", "fiscal_year", "monetary_amount"]
                rows.append(dict(zip(names, [*values, text])))
        self.resources[name] = Resource(list(rows[0]), rows, f"{year}-12-01T00:00:00")
        return self.resources[name]

    def _request(self, number):
        random = self.random
        return {
            "case_enquiry_id": str(101_000_000_000 + number),
            "open_dt": f"2024-{1 + number % 12:02}-{1 + number % 28:02} {random.randrange(24):02}:15:00",
            "case_status": random.choice(["Open", "Closed"]),
            "case_title": "Parking Enforcement",
            "subject": "Transportation - Traffic Division",
            "reason": random.choice(["Enforcement & Abandoned Vehicles", "Street Cleaning", "Sanitation"]),
            "neighborhood": random.choice(["Dorchester", "Roxbury", "Back Bay"]),
            "source": random.choice(["Citizens Connect App", "Constituent Call"]),
            "latitude": f"{42.28 + random.random() / 12:.6f}",
            "longitude": f"{-71.12 + random.random() / 12:.6f}",
        }

    def answer(self, method, path, query, headers):
        if self.habits.meets("ckan-bare-string", path):
            return 400, {}, "Bad request - Action name not known: datastore_serch"
        if self.habits.meets("ckan-localised", path):
            return self._failure(404, "Not Found Error", message="לא נמצא: Resource was not found.")
        if self.habits.meets("ckan-200-failure", path):
            return self._failure(200, "Internal Error", message="the datastore is not there")
        if self.habits.meets("ckan-old-validation", path):
            return self._failure(409, "Validation Error", filters="Cannot parse JSON")
        match path.removeprefix("/api/3/action/").rstrip("/"):
            case "resource_show":
                return self._show(query)
            case "datastore_search":
                return self._search(query)
        return 400, {}, f"Bad request - Action name not known: {path.rsplit('/', 1)[-1]}"

    @staticmethod
    def _failure(status, kind, **error):
        return status, {}, {"help": HELP, "success": False, "error": {"__type": kind} | error}

    def _show(self, query):
        resource = self.resources.get(query.get("id"))
        if resource is None:
            return self._failure(404, "Not Found Error", message="Not found: Resource was not found.")
        result = {"id": query["id"], "datastore_active": True, "last_modified": resource.modified, "format": "CSV"}
        return 200, {}, {"help": HELP, "success": True, "result": result}

    def _search(self, query):
        if "resource_id" not in query:
            return self._failure(409, "Validation Error", resource_id=["Missing value"])
        resource = self.resources.get(query["resource_id"])
        if resource is None:
            return self._failure(404, "Not Found Error", message="Not found: Resource was not found.")
        try:
            limit, offset = int(query.get("limit", 100)), int(query.get("offset", 0))
        except ValueError:
            return self._failure(409, "Validation Error", limit=["Invalid integer"])
        if offset > 0 and self.habits.meets("ckan-renumbered", query["resource_id"]):
            self.random.shuffle(resource.rows)
            resource.modified += "1"
        rows = list(enumerate(resource.rows, 1))
        try:
            filters = json.loads(query.get("filters", "{}"))
        except ValueError:
            return self._failure(409, "Validation Error", filters=["Cannot parse JSON"])
        for column, values in filters.items():
            values = values if isinstance(values, list) else [values]
            rows = [row for row in rows if row[1].get(column) in values]
        limit = min(limit, self.most)
        page = [{"_id": number} | row for number, row in rows[offset : offset + limit]]
        if "sort" not in query:
            self.random.shuffle(page)
        # A relative link without the version of the API, also behind the last page.
        link = f"/api/action/datastore_search?resource_id={query['resource_id']}"
        return 200, {}, {"help": HELP, "success": True, "result": {
            "include_total": True, "limit": limit, "offset": offset, "records_format": "objects",
            "resource_id": query["resource_id"], "records": page,
            "fields": [{"id": "_id", "type": "int"}] + [{"id": name, "type": "text"} for name in resource.fields],
            "_links": {"start": link, "next": f"{link}&offset={offset + 100}"},
            "total": len(rows), "total_was_estimated": False,
        }}  # fmt: skip
