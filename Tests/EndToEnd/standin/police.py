"""data.police.uk as the feeds see it: /police/api/..."""

import json

from standin.shapes import contains

STREETS = ["On or near High Street", "On or near Park Lane", "On or near Station Road", "On or near Church Street"]
TYPES = ["Person search", "Vehicle search", "Person and Vehicle search"]
OBJECTS = ["Controlled drugs", "Offensive weapons", "Stolen goods", "Article for use in theft", None]
OUTCOMES = ["A no further action disposal", "Arrest", "Summons / charged by post", None]
CATEGORIES = ["burglary", "anti-social-behaviour", "violent-crime", "other-theft"]


class Police:
    """Months of stops by force, and crimes at points that many of them share."""

    # More crimes in a ring than this are refused.
    most = 10_000
    longest_get = 4094

    def __init__(self, random, habits):
        self.random, self.habits = random, habits
        self.updated = "2026-05-01"
        # Stops by (force, month), and the months in which a force has any.
        self.stops = {}
        # Crimes by month.
        self.crimes = {}
        self.dropped = set()

    def add_month(self, month, forces, stops=40, crimes=0, box=(-0.2, 51.4, 0.1, 51.6)):
        """Makes up a month: stops of each force, one in five of them twice, and crimes in a box."""
        for force in forces:
            made = [self._stop(month, box) for _ in range(stops)]
            self.stops[(force, month)] = made + [dict(stop) for stop in made[: stops // 5]]
        points = [self._point(box) for _ in range(max(1, crimes // 4))]
        self.crimes.setdefault(month, []).extend(self._crime(month, points) for _ in range(crimes))

    def answer(self, method, path, query, headers):
        if not path.startswith("/api/"):
            return 404, {}, b""
        if method == "GET" and len(path) + sum(len(k) + len(v) + 2 for k, v in query.items()) > self.longest_get:
            return 400, {}, b""
        month = query.get("date", max((m for _, m in self.stops), default=""))
        match path.removeprefix("/api/").split("/"):
            case ["crime-last-updated"]:
                return 200, {}, {"date": self.updated}
            case ["crimes-street-dates"]:
                return 200, {}, self._dates()
            case ["forces"]:
                return 200, {}, [{"id": force, "name": force.title()} for force in sorted({f for f, _ in self.stops})]
            case ["stops-force"]:
                return self._stops(query.get("force", ""), month, lambda stop: True)
            case ["stops-no-location"]:
                return self._stops(query.get("force", ""), month, lambda stop: stop["location"] is None)
            case ["crimes-street", category]:
                return self._street(category, query, month)
            case ["crimes-no-location"]:
                return 200, {}, []
        return 404, {}, b""

    def _dates(self):
        months = sorted({month for _, month in self.stops} | set(self.crimes), reverse=True)
        return [
            {"date": month, "stop-and-search": sorted(force for force, m in self.stops if m == month)}
            for month in months
            if month not in self.dropped
        ]

    def _stops(self, force, month, wanted):
        if month in self.dropped or self.habits.meets("police-month-dropped", force):
            self.dropped.add(month)
            return 500, {}, b""
        if (force, month) not in self.stops:
            return 404, {}, b""
        if self.habits.meets("police-empty-month", force):
            return 200, {}, []
        stops = [dict(stop) for stop in self.stops[(force, month)] if wanted(stop)]
        if self.habits.meets("police-no-location", force):
            stops = [stop | {"location": None} for stop in stops]
        if self.habits.meets("police-outcome-forms", force):
            for stop in stops:
                if not stop["outcome"]:
                    stop["outcome"] = self.random.choice([False, "", None])
                    stop["outcome_object"] = self.random.choice([{"id": "", "name": ""}, None])
        if self.habits.meets("police-fields-reordered", force):
            self.random.shuffle(stops)
            stops = [dict(self.random.sample(list(stop.items()), len(stop))) for stop in stops]
        return 200, {}, self._escaped(stops)

    def _street(self, category, query, month):
        if month in self.dropped:
            return 500, {}, b""
        crimes = [c for c in self.crimes.get(month, []) if category in ("all-crime", c["category"])]
        if "poly" in query:
            ring = [tuple(map(float, corner.split(","))) for corner in query["poly"].split(":")]
            places = [(float(c["location"]["latitude"]), float(c["location"]["longitude"])) for c in crimes]
            crimes = [crime for crime, place in zip(crimes, places) if contains(ring, *place)]
        if len(crimes) > self.most:
            return 503, {}, b""
        return 200, {}, self._escaped(crimes)

    @staticmethod
    def _escaped(rows):
        """JSON as PHP writes it, with escaped slashes."""
        return json.dumps(rows).replace("/", "\\/").encode()

    def _point(self, box):
        west, south, east, north = box
        return f"{self.random.uniform(south, north):.6f}", f"{self.random.uniform(west, east):.6f}"

    def _location(self, point):
        number = self.random.randrange(900_000, 2_000_000)
        street = {"id": number, "name": self.random.choice(STREETS)}
        return {"latitude": point[0], "longitude": point[1], "street": street}

    def _stop(self, month, box):
        random = self.random
        outcome = random.choice(OUTCOMES)
        minute = random.choice(["00:00", f"{random.randrange(24):02}:{random.randrange(60):02}"])
        return {
            "type": random.choice(TYPES),
            "involved_person": True,
            "datetime": f"{month}-{random.randrange(1, 29):02}T{minute}:00+00:00",
            "operation": random.choice([False, None]),
            "operation_name": None,
            "location": self._location(self._point(box)) if random.random() < 0.9 else None,
            "gender": random.choice(["Male", "Female", None]),
            "age_range": random.choice(["10-17", "18-24", "over 34", None]),
            "self_defined_ethnicity": None,
            "officer_defined_ethnicity": None,
            "legislation": "Misuse of Drugs Act 1971 (section 23)",
            "object_of_search": random.choice(OBJECTS),
            "outcome": outcome or False,
            "outcome_object": {"id": "bu", "name": outcome} if outcome else {"id": "", "name": ""},
            "outcome_linked_to_object_of_search": random.choice([True, False, None]),
            "removal_of_more_than_outer_clothing": None,
        }

    def _crime(self, month, points):
        random = self.random
        category = random.choice(CATEGORIES)
        number = sum(map(len, self.crimes.values())) + random.randrange(10**9)
        return {
            "category": category,
            "location_type": "Force",
            "location": self._location(random.choice(points)),
            "context": "",
            "outcome_status": random.choice([None, {"category": "Under investigation", "date": month}]),
            "persistent_id": "" if category == "anti-social-behaviour" else f"{random.getrandbits(256):064x}",
            "id": number * 7 + 1,
            "location_subtype": "",
            "month": month,
        }
