"""Small parts of the page that calculate or read, run in Chromium and compared with Python."""

import csv
import datetime
import io
import random
from math import comb

import pytest


@pytest.fixture
def call(new_page):
    """Calls an exported function of a module of the page with every list of arguments."""
    page = new_page()
    page.page.goto(f"{page.url}/docs")  # any page of the server, with modules

    def call(module, name, *calls):
        return page.page.evaluate(
            """async ([module, name, calls]) => {
                const exported = (await import(module))[name];
                return calls.map((each) => exported(...each));
            }""",
            [f"/js/{module}.js", name, [list(each) for each in calls]],
        )

    return call


def test_chances_of_two_counts_are_those_of_the_exact_test(call):
    draw = random.Random(7)
    pairs = [(0, 1), (0, 10), (3, 3), (5, 9), (700, 800), (9_000, 8_700), (0, 2_000)]
    pairs += [(draw.randrange(60), 1 + draw.randrange(60)) for _ in range(200)]
    told = call("lib/trend", "twoSided", *[(now, now + before) for now, before in pairs])
    for (now, before), p in zip(pairs, told):
        n, least = now + before, min(now, before)
        exact = min(1, 2 * sum(comb(n, k) for k in range(least + 1)) / 2**n) if n <= 1000 else None
        if exact is None:
            # Too large for a ratio of whole numbers in floating point: in whole numbers.
            exact = min(1, (2 * 10**30 * sum(comb(n, k) for k in range(least + 1)) // 2**n) / 10**30)
        assert p == pytest.approx(exact, rel=1e-9, abs=1e-25), (now, before)
    words = call("lib/trend", "trend", (4, 5), (0, 9), (0, 10), (10, 0), (30, 28), (90, 50))
    assert words == ["few", "few", "down", "up", "steady", "up"]


def test_rows_of_csv_are_read_as_they_were_written(call):
    draw = random.Random(11)
    letters = 'ab,"\n;é '
    rows = [["".join(draw.choice(letters) for _ in range(draw.randrange(5))) for _ in range(3)] for _ in range(300)]
    rows = [row if any(row) else ["x", "", ""] for row in rows]
    for ending in ["\n", "\r\n"]:
        text = io.StringIO()
        csv.writer(text, lineterminator=ending).writerows(rows)
        assert call("lib/api", "parseCSV", [text.getvalue()]) == [rows]
        assert call("lib/api", "parseCSV", [text.getvalue().removesuffix(ending)]) == [rows]


def test_days_are_counted_as_in_the_calendar(call):
    draw = random.Random(13)
    first = datetime.date(1969, 12, 1)
    starts = [first + datetime.timedelta(days=draw.randrange(40_000)) for _ in range(200)]
    steps = [draw.randrange(-800, 800) for _ in starts]
    ends = [str(start + datetime.timedelta(days=step)) for start, step in zip(starts, steps)]
    assert call("lib/days", "addDays", *[(str(start), step) for start, step in zip(starts, steps)]) == ends
    assert call("lib/days", "daysBetween", *[(str(start), end) for start, end in zip(starts, ends)]) == steps
    assert call("lib/days", "weekday", *[(str(start),) for start in starts]) == [start.weekday() for start in starts]
    assert call("lib/days", "addYears", ("2020-02-29", -1), ("2021-12-31", -1), ("2020-02-29", 4)) == [
        "2019-02-28", "2020-12-31", "2024-02-29"]
    assert call("lib/days", "isDay", ("2021-02-29",), ("2020-02-29",), ("2020-2-29",), ("",)) == [
        False, True, False, False]


def test_links_are_read_as_they_were_written(call):
    states = [
        {
            "dataset": "toronto", "layer": "events", "date": "2021-07-01", "period": 90, "compare": "year",
            "kinds": ["Break and Enter", "A, b & c=d#%"], "levels": ["high"], "classes": ["new", "cold"],
            "resolution": 8, "anomalies": True, "cell": "882b9bc469fffff", "area": None,
            "view": {"zoom": 11.5, "lat": 43.65, "lng": -79.38},
        },
        {
            "dataset": "a_b-c", "layer": "risk", "date": "2020-02-29", "period": 28, "compare": "before", "kinds": [],
            "levels": ["low", "medium", "high", "critical"], "classes": ["new", "growing", "steady", "fading", "cold"],
            "resolution": "zoom", "anomalies": False, "cell": None, "area": None, "view": None,
        },
        {
            "dataset": "toronto", "layer": "areas", "measure": "rate", "date": "2021-07-01", "period": 365,
            "compare": "before", "kinds": ["theft"], "levels": ["low", "medium", "high", "critical"],
            "classes": ["new", "growing", "steady", "fading", "cold"], "resolution": None, "anomalies": False,
            "cell": None, "area": "A 1/b&c=ü", "view": None,
        },
    ]  # fmt: skip
    for state, link in zip(states, call("lib/link", "writeLink", *[(state,) for state in states])):
        [read] = call("lib/link", "readLink", [{"hash": link}])
        assert read["unknown"] == []
        usual = {"period": 28, "compare": "before", "kinds": [], "anomalies": False, "cell": None, "area": None,
                 "view": None}
        usual |= {"levels": states[1]["levels"], "classes": states[1]["classes"], "resolution": None}
        assert usual | read["values"] == state
    broken = "#levels=&map=1/2&res=1.5&period=30&date=2021-13-01&cell=xyz&layer=none&compare=never&span=7"
    [read] = call("lib/link", "readLink", [{"hash": broken}])
    assert read["values"] == {"levels": [], "period": 7}
    assert {each["name"] for each in read["unknown"]} == {"map", "res", "period", "date", "cell", "layer", "compare"}
