"""Lists, top cells, events, tiles.json and the rest over HTTP, compared with the database and PyPI's H3."""

from datetime import UTC, date, datetime

import gdal
import h3
import numpy as np
import pytest
from toronto import records

FIGURES = ["event_count", "rolling_7d_avg", "growth_rate", "risk_score", "risk_level", "z_score", "anomaly", "unusual"]
EVENT = ["event_type", "longitude", "latitude"]
INTERVAL = date(2021, 9, 1), date(2021, 9, 30)


@pytest.fixture(scope="module")
def day(demo_server):
    return demo_server.day


@pytest.fixture(scope="module")
def rows(toronto, day):
    """The rows of the view of that day at resolution 8, in the order of their cells."""
    found = toronto.database.rows(
        f"SELECT h3_index, {', '.join(FIGURES)} FROM mv_daily_risk WHERE day = %s AND resolution = 8 ORDER BY 1", [day]
    )
    return [
        {"h3_index": h3.int_to_str(cell), "day": day, "resolution": 8, "area": None} | dict(zip(FIGURES, values))
        for cell, *values in found
    ]


def assert_is_outline(geometry, cell):
    """A closed counter-clockwise ring (RFC 7946) of H3's vertices, in longitude and latitude."""
    assert geometry["type"] == "Polygon"
    [ring] = geometry["coordinates"]
    assert ring[0] == ring[-1]
    expected = [(longitude, latitude) for latitude, longitude in h3.cell_to_boundary(cell)]
    start = min(range(len(expected)), key=lambda index: np.hypot(*np.subtract(ring[index], expected[0])))
    turned = [*ring[start:-1], *ring[:start]]
    np.testing.assert_allclose(turned, expected, atol=1e-9)
    assert sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, ring[1:])) > 0


@pytest.mark.parametrize("limit", [1, 7, 50, 1000])
def test_pages_of_risk_are_the_rows_of_the_view(toronto_server, rows, day, limit):
    pages = list(toronto_server.pages(f"/v1/risk/{day}", resolution=8, limit=limit))
    assert [len(page["items"]) for page in pages[:-1]] == [limit] * (len(pages) - 1)
    assert [row for page in pages for row in page["items"]] == rows


def test_pages_of_risk_as_geojson_are_the_same_with_outlines(toronto_server, rows, day):
    pages = list(toronto_server.pages(f"/v1/risk/{day}", resolution=8, limit=40, f="geojson"))
    assert len(pages) > 2
    features = [feature for page in pages for feature in page["features"]]
    assert [feature["properties"] for feature in features] == rows
    for feature in features:
        assert feature["id"] == feature["properties"]["h3_index"]
        assert_is_outline(feature["geometry"], feature["id"])


def test_filters_of_risk_stay_on_every_page(toronto_server, rows, day):
    box = [-79.45, 43.62, -79.30, 43.72]
    pages = list(
        toronto_server.pages(f"/v1/risk/{day}", resolution=8, limit=5, level="low,medium", bbox=",".join(map(str, box)))
    )
    found = [row for page in pages for row in page["items"]]
    assert len(pages) > 2 and all(row in rows and row["risk_level"] in ("low", "medium") for row in found)
    inside = [
        row
        for row in rows
        if row["risk_level"] in ("low", "medium") and within(box, *reversed(h3.cell_to_latlng(row["h3_index"])))
    ]
    assert inside and all(row in found for row in inside)
    [row] = toronto_server.json(f"/v1/risk/{day}", cell=rows[3]["h3_index"])["items"]
    assert row == rows[3]


def within(box, longitude, latitude):
    return box[0] <= longitude <= box[2] and box[1] <= latitude <= box[3]


@pytest.fixture(scope="module")
def hotspots(toronto_server):
    return toronto_server.json("/v1/hotspots", start_date=INTERVAL[0], end_date=INTERVAL[1], resolution=8, limit=1000)


def expected_hotspots(database):
    """The top cells by their definition, from the rows of the view."""
    cells = {}
    for cell, *values in database.rows(
        f"""
        SELECT h3_index, day, {", ".join(FIGURES)} FROM mv_daily_risk
        WHERE resolution = 8 AND day BETWEEN %s AND %s ORDER BY day
        """,
        INTERVAL,
    ):
        cells.setdefault(h3.int_to_str(cell), []).append(dict(zip(["day", *FIGURES], values)))
    days = np.arange((INTERVAL[1] - INTERVAL[0]).days + 1)
    order = ["low", "medium", "high", "critical"]
    for cell, found in cells.items():
        flagged = sum(row["anomaly"] for row in found)
        hottest = max((row["risk_level"] for row in found), key=order.index)
        if not flagged and hottest not in ("high", "critical"):
            continue
        counts = np.zeros(len(days))
        for row in found:
            counts[(row["day"] - INTERVAL[0]).days] = row["event_count"]
        last = found[-1]
        yield {
            "h3_index": cell,
            "resolution": 8,
            "last_day": str(last["day"]),
            "last_score": last["risk_score"],
            "last_level": last["risk_level"],
            "max_score": max(row["risk_score"] for row in found),
            "max_level": hottest,
            "total_events": int(counts.sum()),
            "days_active": len(found),
            "days_flagged": flagged,
            "growth_rate": last["growth_rate"],
            "slope": pytest.approx(np.polyfit(days, counts, 1)[0], abs=1e-9),
            "area": None,
        }


def test_hotspots_are_the_cells_that_stood_out_with_their_figures(hotspots, toronto):
    found = [feature["properties"] for feature in hotspots["features"]]
    ranked = sorted(
        expected_hotspots(toronto.database),
        key=lambda row: (-row["max_score"], -row["days_flagged"], -row["total_events"], row["h3_index"]),
    )
    assert len(ranked) > 50
    assert found == [row | {"rank": rank} for rank, row in enumerate(ranked, start=1)]
    for feature in hotspots["features"]:
        assert_is_outline(feature["geometry"], feature["properties"]["h3_index"])


def test_hotspots_can_be_cut_by_number_and_place(toronto_server, hotspots):
    interval = {"start_date": INTERVAL[0], "end_date": INTERVAL[1], "resolution": 8}
    first = toronto_server.json("/v1/hotspots", **interval, limit=7)
    assert first["features"] == hotspots["features"][:7]
    assert toronto_server.json("/v1/hotspots", **interval)["features"] == hotspots["features"]
    box = [-79.42, 43.64, -79.36, 43.68]
    cut = toronto_server.json("/v1/hotspots", **interval, limit=1000, bbox=",".join(map(str, box)))
    cells = {feature["properties"]["h3_index"] for feature in cut["features"]}
    everywhere = {feature["properties"]["h3_index"] for feature in hotspots["features"]}
    middles = {cell for cell in everywhere if within(box, *reversed(h3.cell_to_latlng(cell)))}
    assert middles and middles <= cells < everywhere


def test_hotspots_of_no_interval_are_those_of_the_last_thirty_days(toronto_server):
    assert toronto_server.json("/v1/hotspots") == toronto_server.json(
        "/v1/hotspots", start_date="2021-12-02", end_date="2021-12-31"
    )


def test_ogr_reads_hotspots_from_the_address(toronto_server, hotspots):
    query = f"start_date={INTERVAL[0]}&end_date={INTERVAL[1]}&resolution=8&limit=1000"
    address = f"{toronto_server.url}/v1/hotspots?{query}"
    told = gdal.summary(address)
    assert f"Feature Count: {len(hotspots['features'])}" in told and "Geometry: Polygon" in told
    assert_reads_back(gdal.features(address), hotspots["features"])


def test_ogr_reads_risk_from_the_address(toronto_server, rows, day):
    found = gdal.features(f"{toronto_server.url}/v1/risk/{day}?resolution=8&limit=1000&f=geojson")
    assert_reads_back(found, [{"properties": row} for row in rows])


def assert_reads_back(found, expected):
    """All figures and outlines pass through GDAL's driver unchanged."""
    assert len(found) == len(expected)
    for feature, wanted in zip(found, expected):
        for name, value in wanted["properties"].items():
            assert feature["properties"][name] == value, name
        assert_is_outline(feature["geometry"], wanted["properties"]["h3_index"])


@pytest.fixture(scope="module")
def stored():
    """A UTC day and its events in the file, in order of time."""
    start, end = datetime(2019, 6, 1, 0, tzinfo=UTC), datetime(2019, 6, 2, 0, tzinfo=UTC)
    return (
        start,
        end,
        sorted(
            (instant.isoformat(), kind, longitude, latitude)
            for _, instant, latitude, longitude, kind in records()
            if start <= instant < end
        ),
    )


@pytest.mark.parametrize("limit", [3, 1000])
def test_pages_of_events_are_those_of_the_interval(analyst_server, stored, limit):
    start, end, expected = stored
    interval = {"from": start.strftime("%Y-%m-%dT%H:%M:%SZ"), "to": end.strftime("%Y-%m-%dT%H:%M:%SZ")}
    pages = list(analyst_server.pages("/v1/events", **interval, limit=limit))
    events = [event for page in pages for event in page["items"]]
    found = [
        (datetime.fromisoformat(event["event_timestamp"]).isoformat(), *(event[name] for name in EVENT))
        for event in events
    ]
    assert len(expected) > 50 and (len(pages) > 10) == (limit == 3)
    assert [event[0] for event in found] == [event[0] for event in expected]
    assert sorted(found) == expected
    assert all({"premises_type", "neighbourhood"} <= event["attributes"].keys() for event in events)


def test_events_are_chosen_by_type_and_place(analyst_server, stored):
    start, end, all_events = stored
    box = [-79.42, 43.63, -79.32, 43.70]
    interval = {"from": start.strftime("%Y-%m-%dT%H:%M:%SZ"), "to": end.strftime("%Y-%m-%dT%H:%M:%SZ")}
    query = {"event_type": "Assault", "bbox": ",".join(map(str, box)), "limit": 4, "f": "geojson"}
    pages = analyst_server.pages("/v1/events", **interval, **query)
    found = [feature["geometry"]["coordinates"] for page in pages for feature in page["features"]]
    expected = [[x, y] for _, kind, x, y in all_events if kind == "Assault" and within(box, x, y)]
    assert len(expected) > 4 and sorted(found) == sorted(expected)
