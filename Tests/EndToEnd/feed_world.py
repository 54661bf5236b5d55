"""The sites of the stand-in with rows for every feed of the repository, and the events that these rows are, by our own
reading."""

import json
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import yaml
from certificates import certificate_files, new_issuer
from command import REPOSITORY
from standin import StandIn
from standin.ckan import Resource
from standin.socrata import Dataset

CHECKBOOK = "boston-checkbook"
# The feeds of events; test_expenditures.py reads the one of payments.
FEEDS = sorted(path.stem for path in (REPOSITORY / "feeds").glob("*.yaml") if path.stem != CHECKBOOK)
FORCES = ["metropolitan", "city-of-london", "leicestershire", "avon-and-somerset", "essex"]
MONTHS = ["2024-05", "2024-06", "2024-07"]
SECRETS = {"HEXTANT_SECRET_NYC_TOKEN": "standin-token", "HEXTANT_SECRET_FIRMS_KEY": "standin-key"}
REQUESTS_OF_BOSTON = "9d7c2214-4709-478a-a2e8-fb2020a5bb94"
CRIMES_OF_BOSTON = "b973d8cb-eeb2-4e7e-99da-c92938efc9c0"
NEW_YORK, LONDON = ZoneInfo("America/New_York"), ZoneInfo("Europe/London")
CLASSES = {"A": "non-hazardous", "B": "hazardous", "C": "immediately-hazardous", "I": "information"}
# Buildings by BIN, as an operator supplies them for the violations of the building code.
BUILDINGS = {str(1_000_000 + number): (-74 + number / 1000, 40.7) for number in range(40)}


@contextmanager
def feed_world(folder, seed=1):
    """The sites with rows for every feed, and `authority`, the file of the certificate to trust."""
    folder.mkdir(parents=True, exist_ok=True)
    files = certificate_files(new_issuer(), folder)
    with StandIn(files.certificate, files.key, seed=seed) as world:
        world.authority = files.authority
        world.slow = 0.3
        fill(world)
        yield world


def fill(world):
    for month in MONTHS:
        world.police.add_month(month, FORCES, stops=20, crimes=150, box=(-0.114, 51.506, -0.072, 51.524))
    world.police.most = 60
    world.socrata.token = SECRETS["HEXTANT_SECRET_NYC_TOKEN"]
    world.socrata.add_requests(count=400)
    world.socrata.add_violations(count=120)
    building = Dataset(["isn_dob_bis_viol", "issue_date", "violation_type_code", "bin", "violation_number"])
    for number in range(90):
        building.put({
            "isn_dob_bis_viol": str(number),
            "issue_date": ["20240503", "000000", "Y9990120"][number % 3]
            if number % 7 == 0 else f"202406{1 + number % 28:02}",
            "violation_type_code": "E",
            "bin": str(1_000_000 + number % 50),
            "violation_number": f"V{number:05}",
        })  # fmt: skip
    world.socrata.datasets["3h2n-5cm9"] = building
    permits = Dataset(["work_permit", "work_type", "issued_date", "latitude", "longitude", "permit_status"])
    for number in range(80):
        permits.put({
            "work_permit": f"B{number:08}-I1",
            "work_type": ["General Construction", "Plumbing"][number % 2],
            "issued_date": f"2024-0{1 + number % 9}-{1 + number % 28:02}T00:00:00.000"
            if number % 4 else f"0{1 + number % 9}/{1 + number % 28:02}/2024",
            "latitude": f"{40.6 + number / 1000:.6f}",
            "longitude": f"{-74.0 + number / 1000:.6f}",
            "permit_status": "Permit Issued",
        })  # fmt: skip
    world.socrata.datasets["rbx6-tga4"] = permits
    world.ckan.add_requests(REQUESTS_OF_BOSTON, count=360)
    rows = [{
        "INCIDENT_NUMBER": f"I{number // 2}",
        "OFFENSE_DESCRIPTION": ["LARCENY", "ASSAULT"][number % 2],
        "OCCURRED_ON_DATE": f"2024-{1 + number % 12:02}-{1 + number % 28:02} 14:30:00+00",
        "Lat": f"{42.3 + number / 10000:.6f}",
        "Long": f"{-71.08 - number / 10000:.6f}",
    } for number in range(150)]  # fmt: skip
    world.ckan.resources[CRIMES_OF_BOSTON] = Resource(list(rows[0]), rows)
    world.ckan.most = 70
    world.files.add_quakes(150)
    for number in range(0, 150, 6):
        world.files.correct_quake(f"ak{number:08}")
    put_fires(world)
    world.arcgis.add_layer(count=120, most=50)


def put_fires(world, count=40):
    """A file of fires for each of the days around today, so that midnight does not matter."""
    for day in days():
        world.files.fires = []
        world.files.add_fires(count)
        text = world.files._body("/firms/standin-key.csv")[0].decode().replace("2026-05-01", day)
        world.files.put(f"standin-key/{day}", text)


def days():
    today = datetime.now(UTC).date()
    return [str(today + timedelta(days=number)) for number in range(-4, 2)]


def feed_file(folder, name, world, **changes):
    """Writes a feed of the repository so that it reads the stand-in. `changes` are other keys; None removes one."""
    feed = yaml.safe_load((REPOSITORY / "feeds" / f"{name}.yaml").read_text())
    match feed["source"]:
        case "uk-police":
            feed["base"] = f"{world.url}/police/api"
        case "socrata" | "ckan":
            del feed["site"]
            feed["base"] = f"{world.url}/{feed['source']}"
        case "geojson":
            feed["url"] = f"{world.url}/files/all_week.geojson"
        case "csv":
            feed["url"] = world.url + "/files/${FIRMS_KEY}/{day}"
    feed |= {"allow_private": True, "limits": {"requests": 100_000, "idle_seconds": 1, "answer_seconds": 10}}
    if name == "nyc-dob-violations":
        lines = [f"{place},{longitude},{latitude}\n" for place, (longitude, latitude) in BUILDINGS.items()]
        (folder / "bins.csv").write_text("place,longitude,latitude\n" + "".join(lines))
        feed["places"] = "bins.csv"
    return write_feed(folder, feed | changes)


def write_feed(folder, feed):
    """Writes a feed without the keys that are None, and returns its name."""
    folder.mkdir(parents=True, exist_ok=True)
    if not feed.get("schedule"):
        feed = feed | {"time_zone": None}
    kept = {key: value for key, value in feed.items() if value is not None}
    (folder / f"{feed['feed']}.yaml").write_text(yaml.safe_dump(kept, sort_keys=False))
    return feed["feed"]


def flags(folder, world):
    return ["--feeds", folder, "--feed-authority", world.authority]


def seconds(text, zone=UTC):
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()


def event(identifier, kind, moment, longitude, latitude):
    return identifier, kind, round(moment * 1000), round(float(longitude), 9), round(float(latitude), 9)


def expected(world, name):
    """The events of a feed as (id, type, milliseconds, longitude, latitude), from the rows of the sites alone. The id
    is None where the source has none."""
    return Counter(_events(world, name))


def _events(world, name):
    match name:
        case "london-stops" | "uk-stops":
            forces = FORCES[:2] if name == "london-stops" else FORCES[2:]
            for (force, _), stops in world.police.stops.items():
                for stop in stops if force in forces else []:
                    if (place := stop["location"]) is not None:
                        yield event(
                            None, stop["type"], seconds(stop["datetime"]), place["longitude"], place["latitude"])
        case "london-crimes":
            for month, crimes in world.police.crimes.items():
                for crime in crimes:
                    place = crime["location"]
                    yield event(
                        str(crime["id"]), crime["category"], seconds(f"{month}-01", LONDON), place["longitude"],
                        place["latitude"])
        case "nyc-311":
            for row in world.socrata.datasets["erm2-nwe9"].rows:
                if "latitude" in row:
                    yield event(
                        row["unique_key"], row["complaint_type"], seconds(row["created_date"], NEW_YORK),
                        row["longitude"], row["latitude"])
        case "nyc-hpd-violations":
            for row in world.socrata.datasets["wvxf-dwi5"].rows:
                yield event(
                    row["violationid"], CLASSES[row["class"]], seconds(row["inspectiondate"], NEW_YORK),
                    row["longitude"], row["latitude"])
        case "nyc-dob-violations":
            for row in world.socrata.datasets["3h2n-5cm9"].rows:
                text = row["issue_date"]
                if row["bin"] in BUILDINGS and text.startswith("2024"):
                    moment = seconds(f"{text[:4]}-{text[4:6]}-{text[6:]}", NEW_YORK)
                    yield event(row["isn_dob_bis_viol"], row["violation_type_code"], moment, *BUILDINGS[row["bin"]])
        case "nyc-permits":
            for row in world.socrata.datasets["rbx6-tga4"].rows:
                text = row["issued_date"]
                if "/" in text:
                    month, day, year = text.split("/")
                    text = f"{year}-{month}-{day}"
                yield event(
                    row["work_permit"], row["work_type"], seconds(text, NEW_YORK), row["longitude"], row["latitude"])
        case "boston-311":
            for row in world.ckan.resources[REQUESTS_OF_BOSTON].rows:
                yield event(
                    row["case_enquiry_id"], row["reason"], seconds(row["open_dt"], NEW_YORK), row["longitude"],
                    row["latitude"])
        case "boston-crime":
            for number, row in enumerate(world.ckan.resources[CRIMES_OF_BOSTON].rows, 1):
                moment = seconds(row["OCCURRED_ON_DATE"].removesuffix("+00"), NEW_YORK)
                yield event(str(number), row["OFFENSE_DESCRIPTION"], moment, row["Long"], row["Lat"])
        case "earthquakes":
            for identifier, versions in world.files.quakes.items():
                newest = max(versions, key=lambda quake: quake["properties"]["updated"])
                longitude, latitude, _ = newest["geometry"]["coordinates"]
                yield event(
                    identifier, newest["properties"]["type"], newest["properties"]["time"] / 1000, longitude, latitude)
        case "fires":
            today = datetime.now(UTC).date()
            for day in [str(today - timedelta(days=number)) for number in range(3)]:
                for line in world.files.contents[f"standin-key/{day}"].decode().splitlines()[1:]:
                    latitude, longitude, *_ = line.split(",")
                    clock = line.split(",")[6]
                    yield event(None, "fire", seconds(f"{day}T{clock[:2]}:{clock[2:]}:00"), longitude, latitude)
        case _:
            raise AssertionError(f"there is no reading of {name}")


def stored(database, slug):
    """The events of a dataset as in `expected`; the ids that a connector makes are left out."""
    rows = database.rows(
        """
        SELECT event_id, event_type, round(extract(epoch FROM event_timestamp) * 1000)::bigint,
            round(ST_X(geom)::numeric, 9)::float8, round(ST_Y(geom)::numeric, 9)::float8
        FROM events WHERE dataset = %s
        """, [slug])  # fmt: skip
    made = "stops" in slug
    return Counter((None if made else identifier, *rest) for identifier, *rest in rows)


def digest(database, slug):
    """The number of events of a dataset and a digest of all that a source says of them."""
    return database.rows(
        """
        SELECT count(*), md5(string_agg(
            concat_ws('|', event_id, event_type, event_timestamp, ST_AsText(geom), attributes_json), E'\n'
            ORDER BY event_id, event_type, event_timestamp, ST_AsText(geom), attributes_json::text))
        FROM events WHERE dataset = %s
        """, [slug])  # fmt: skip


def told(outcome):
    """The JSON of a command that may have failed in part."""
    return json.loads(outcome.out)
