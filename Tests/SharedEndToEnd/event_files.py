"""Python's own reading of the shared event files: csv, json, gzip, zipfile, datetime and zoneinfo, without Hextant.

Each entry describes its file as in SOURCE.tsv. A line counts as rejected for the first of these reasons: no field
filled, no time, an impossible or unbelievable time, no coordinate.
"""

import csv
import gzip
import io
import json
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Callable
from zoneinfo import ZoneInfo


def local(form, zone):
    """Converts local times of a zone; of one that occurs twice, the first is taken."""
    return lambda row, name: datetime.strptime(row[name], form).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def clock(zone):
    """Converts times written with Z or an offset that are local times of the zone."""
    return lambda row, name: (
        datetime.fromisoformat(row[name]).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC))


def instant(row, name):
    return datetime.fromisoformat(row[name]).astimezone(UTC)


def epoch(row, name):
    time = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(row[name]))
    if not 2017 <= time.year <= 2030:
        raise OverflowError(time)
    return time


def fires(row, name):
    return datetime.strptime(row[name] + row["acq_time"].zfill(4), "%Y-%m-%d%H%M").replace(tzinfo=UTC)


def new_york(row, name):
    return local("%m/%d/%Y %I:%M:%S %p", "America/New_York")(row, name)


@dataclass(frozen=True)
class EventFile:
    name: str
    mapping: str
    time: str
    read_time: Callable
    longitude: str = "longitude"
    latitude: str = "latitude"
    delimiter: str = ","
    count: str | None = None
    id: str | None = None


STREET = ("uk-street", "Month", local("%Y-%m", "Europe/London"), "Longitude", "Latitude")
STOPS = ("uk-stop-and-search", "Date", instant, "Longitude", "Latitude")

FILES = [
    EventFile("2018-07-west-yorkshire-street.csv", *STREET),
    EventFile("2018-10-city-of-london-street.csv", *STREET),
    EventFile("2018-10-kent-street.csv", *STREET),
    EventFile("2018-11-city-of-london-street.csv", *STREET),
    EventFile("2018-12-city-of-london-street.csv", *STREET),
    EventFile("2019-01-city-of-london-street.csv", *STREET),
    EventFile("2019-02-city-of-london-street.csv", *STREET),
    EventFile("2019-12-city-of-london-stop-and-search.csv", *STOPS),
    EventFile("2020-01-city-of-london-stop-and-search.csv", *STOPS),
    EventFile("2020-01-leicestershire-stop-and-search.csv", *STOPS),
    EventFile("2020-01-merseyside-stop-and-search.csv", *STOPS),
    EventFile(
        "chicago_aggravated_assaults.csv.gz", "chicago-assaults", "date", local("%Y-%m-%d %H:%M", "America/Chicago")),
    EventFile("cincinnati_burglary.csv.gz", "cincinnati-burglary", "offense_date", clock("America/New_York")),
    EventFile("firms_MODIS_C6_1_Global_2023-08-01.csv", "firms", "acq_date", fires),
    EventFile(
        "medellin_homicides.csv", "medellin-homicides", "fecha_hecho", clock("America/Bogota"), "longitud", "latitud",
        ";"),
    EventFile(
        "northumbria_asb.tab", "northumbria-asb", "month", local("%Y-%m-%d", "Europe/London"), delimiter="\t"),
    EventFile(
        "nyc_311_2013-12-25.csv", "nyc-311", "Created Date", new_york, "Longitude", "Latitude", id="Unique Key"),
    EventFile(
        "nz_auckland_burglary_by_meshblock2013.csv", "nz-burglary-meshblock", "",
        lambda *_: datetime(2014, 7, 1, tzinfo=ZoneInfo("Pacific/Auckland")), count="Records"),
    EventFile(
        "nz_christchurch_victimisations_by_area_unit.csv", "nz-victimisations-area-unit", "",
        lambda *_: datetime(2019, 3, 1, tzinfo=ZoneInfo("Pacific/Auckland")), count="victimisations"),
    EventFile(
        "nz_police_demographics_export.zip", "nz-demographics", "Year Month", local("%b-%y", "Pacific/Auckland"),
        count="Victimisations"),
    EventFile("pge_outages_2021-12_2022-01.csv", "pge-outages", "outageStartTime", epoch),
    EventFile("pge_snapshot_2022-04-21.json", "pge-snapshot", "outageStartTime", epoch),
    EventFile(
        "san_francisco_robbery.csv", "san-francisco-robbery", "date_time", clock("America/Los_Angeles"), id="uid"),
    EventFile(
        "tempe_opioid_calls.csv", "tempe-opioid-calls", "incident_date", local("%Y-%m-%d", "America/Phoenix")),
    EventFile("usgs_all_week_2021-05-19.csv", "usgs", "time", instant, id="id"),
    EventFile("usgs_all_week_2021-05-22.csv", "usgs", "time", instant, id="id"),
]


def opened(path):
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    if path.suffix == ".zip":
        archive = zipfile.ZipFile(path)
        [name] = archive.namelist()
        return io.TextIOWrapper(archive.open(name), encoding="utf-8-sig", newline="")
    return open(path, encoding="utf-8-sig", newline="")


def rows(file, folder):
    with opened(folder / file.name) as text:
        if file.name.endswith(".json"):
            yield from json.load(text)
        else:
            yield from csv.DictReader(text, delimiter=file.delimiter)


@dataclass
class Reading:
    """The events as (id, seconds since 1970, longitude, latitude), and the number of rejected lines by reason."""

    events: list = field(default_factory=list)
    rejected: Counter = field(default_factory=Counter)


def read(file, folder, places=None):
    """Reads a file; `places` gives the points of names if the file has no coordinates."""
    reading = Reading()
    for row in rows(file, folder):
        if not any(row.values()):
            reading.rejected["empty_row"] += 1
            continue
        try:
            seconds = file.read_time(row, file.time).timestamp()
        except OverflowError:
            reading.rejected["year_out_of_window"] += 1
            continue
        if places is not None:
            point = places[row["area_unit"]]
        elif file.mapping == "nz-victimisations-area-unit":
            reading.rejected["unknown_place"] += 1
            continue
        else:
            words = [row.get(file.longitude), row.get(file.latitude)]
            if any(word in ("", "NA", None) for word in words):
                reading.rejected["missing_value"] += 1
                continue
            point = [float(word.replace(",", ".")) for word in words]
        for _ in range(int(row[file.count]) if file.count else 1):
            reading.events.append((row[file.id] if file.id else None, seconds, *point))
    return reading
