"""A small city of squares whose events are known one by one, for tests of the page's areas."""

import json
import random
from collections import Counter
from datetime import date, timedelta

import esda.smoothing
import numpy
import shapely
from scipy.stats import binomtest

SLUG, LAYER = "squareville", "squareville-wards"
COLUMNS, ROWS, SIDE = 6, 5, 0.02
WEST, SOUTH = -79.46, 43.60
RISING, FALLING = "w00", "w50"
NOBODY = "w54"  # an area without residents
ACCENTED = "Île-d’Or Élysée"
YEAR = (date(2021, 1, 1), date(2021, 12, 31))
OUTSIDE = 7  # events of the last year in no area
HEADER = "event_id,event_type,event_timestamp,longitude,latitude,attributes_json\n"


def codes():
    return [f"w{column}{row}" for column in range(COLUMNS) for row in range(ROWS)]


def name(code):
    return ACCENTED if code == "w23" else f"Ward {code[1]}-{code[2]}"


def people(code):
    return None if code == NOBODY else 400 + 350 * int(code[1]) + 90 * int(code[2])


def square(code):
    west, south = WEST + int(code[1]) * SIDE, SOUTH + int(code[2]) * SIDE
    return shapely.box(west, south, west + SIDE, south + SIDE)


def middle(code):
    """Longitude and latitude."""
    return round(WEST + (int(code[1]) + 0.5) * SIDE, 4), round(SOUTH + (int(code[2]) + 0.5) * SIDE, 4)


def events():
    """Tuples of code, or None outside of all areas, event type, day, longitude and latitude; none near a border."""
    chance = random.Random(1721)
    made = []

    def add(code, kind, day):
        west, south = (WEST - 3 * SIDE, SOUTH) if code is None else square(code).bounds[:2]
        made.append((code, kind, day, west + SIDE * chance.uniform(0.1, 0.9), south + SIDE * chance.uniform(0.1, 0.9)))

    for code in codes():
        # Many in the west and few in the east; one area never had an event.
        for _ in range(0 if code == "w44" else 6 + (5 - int(code[1])) ** 2 * 6 + 7 * int(code[2])):
            kind = chance.choice(["theft", "theft", "assault"])
            add(code, kind, date(2019, 1, 1) + timedelta(days=chance.randrange(3 * 365)))
    for code, year in [(RISING, 2021), (FALLING, 2020)]:
        for _ in range(80):
            add(code, "theft", date(year, 1, 1) + timedelta(days=chance.randrange(365)))
    for _ in range(OUTSIDE):
        add(None, "theft", date(2021, 6, 1) + timedelta(days=chance.randrange(100)))
    # The first and the last day, so that all 36 months are full.
    add("w01", "theft", date(2019, 1, 1))
    add("w01", "theft", date(2021, 12, 31))
    return made


def layer_file(path):
    features = [
        {"type": "Feature", "geometry": shapely.geometry.mapping(square(code)),
         "properties": {"code": code, "label": name(code), "people": people(code)}}
        for code in codes()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def events_file(path):
    lines = [
        f'e{number},{kind},{day}T12:00:00Z,{x:.7f},{y:.7f},"{{""ward"": ""{name(code) if code else ""}""}}"\n'
        for number, (code, kind, day, x, y) in enumerate(events())
    ]
    path.write_text(HEADER + "".join(lines))
    return path


def counts(first=YEAR[0], last=YEAR[1], kinds=None):
    """The events of each area in a period."""
    found = Counter(
        code for code, kind, day, *_ in events() if code and first <= day <= last and (not kinds or kind in kinds))
    return {code: found[code] for code in codes()}


def rates(first=YEAR[0], last=YEAR[1]):
    """Events for 1,000 residents and a year; none where nobody lives."""
    year = 365.25 / ((last - first).days + 1)
    found = counts(first, last)
    return {code: 1000 * found[code] / people(code) * year if people(code) else None for code in codes()}


def smoothed(first=YEAR[0], last=YEAR[1]):
    """The same, drawn towards the mean by PySAL."""
    known = [code for code in codes() if people(code)]
    found = counts(first, last)
    numbers = numpy.array([[found[code]] for code in known], float)
    base = numpy.array([[people(code)] for code in known], float)
    year = 365.25 / ((last - first).days + 1)
    made = esda.smoothing.Empirical_Bayes(numbers, base).r.flatten() * 1000 * year
    return {code: None for code in codes()} | dict(zip(known, map(float, made)))


def safety(first=YEAR[0], last=YEAR[1]):
    """The share of the other areas with a higher smoothed rate; ties count half."""
    known = {code: rate for code, rate in smoothed(first, last).items() if rate is not None}
    scores = dict.fromkeys(codes())
    for code, rate in known.items():
        others = [other for each, other in known.items() if each != code]
        scores[code] = 100 * sum((other > rate) + (other == rate) / 2 for other in others) / len(others)
    return scores


def trends():
    """The word of each area for 2021 against 2020, by scipy's exact binomial test."""
    last, before = counts(), counts(date(2020, 1, 1), date(2020, 12, 31))
    words = {}
    for code in codes():
        n, m = last[code], before[code]
        if n + m < 10:
            words[code] = "few"
        elif binomtest(n, n + m, 0.5).pvalue >= 0.05:
            words[code] = "steady"
        else:
            words[code] = "rising" if n > m else "falling"
    return words
