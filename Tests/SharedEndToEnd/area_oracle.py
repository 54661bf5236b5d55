"""Figures of areas by geopandas, PySAL and scipy, to compare a server's with."""

import math

import esda.smoothing
import geopandas
import numpy
import pandas
import pytest
import shapely
from scipy.stats import binomtest


def joined(areas, events):
    """The area that each event is in, the first by the bytes of the ids where several have it; without those in none.

    `areas` has ids as its index and shapes in WGS 84, `events` the columns `day`, `kind`, `longitude`, `latitude`.
    """
    # Events of one place are joined once.
    places = events[["longitude", "latitude"]].drop_duplicates(ignore_index=True)
    points = geopandas.GeoDataFrame(
        places, geometry=geopandas.points_from_xy(places.longitude, places.latitude), crs=4326)
    order = sorted(areas.index, key=str.encode)
    shapes = geopandas.GeoDataFrame(
        {"number": range(len(order)), "area": order}, geometry=areas.geometry.loc[order].values, crs=4326)
    found = points.sjoin(shapes, predicate="intersects").sort_values("number", kind="stable")
    found = found[~found.index.duplicated()]
    return events.merge(found[["longitude", "latitude", "area"]], on=["longitude", "latitude"])


def empirical_bayes(events, base):
    return esda.smoothing.Empirical_Bayes(
        numpy.asarray(events, float).reshape(-1, 1), numpy.asarray(base, float).reshape(-1, 1)).r.flatten()


def assert_figures(rows, areas, own, first, last, whole=None):
    """Compares the rows of a list of areas with what their events and populations give.

    `own` are the events with their areas. `whole` are the first days of the last 12 full months and of the 12 before
    and the day after them, where the dataset has 24 full months.
    """
    rows = pandas.DataFrame(rows).set_index("id")
    assert set(rows.index) == set(areas.index) and len(rows) == len(areas)
    areas = areas.loc[rows.index]
    period = own[(own.day >= first) & (own.day <= last)]
    days = (pandas.Timestamp(last) - pandas.Timestamp(first)).days + 1
    events = period.groupby("area").size().reindex(rows.index, fill_value=0)
    pandas.testing.assert_series_equal(rows.events.astype("int64"), events.astype("int64"), check_names=False)
    yearly = 365.25 / days
    near(rows.density, events / rows.km2 * yearly)
    known = areas.population > 0
    near(rows.rate.astype(float)[known], (1000 * events / areas.population * yearly)[known])
    assert rows.rate[~known].isna().all() and rows.eb_rate[~known].isna().all()
    rates = empirical_bayes(events[known], areas.population[known])
    near(rows.eb_rate.astype(float)[known], pandas.Series(rates, rows.index[known]))
    # All weights are 1, so the score follows from the same rates.
    higher = (rates[None, :] > rates[:, None]).sum(1)
    equal = (rates[None, :] == rates[:, None]).sum(1) - 1
    scores = 100 * (higher + equal / 2) / (len(rates) - 1)
    assert rows.safety_score.astype(float)[known].to_numpy() == pytest.approx(scores, abs=1e-6)
    if whole is None:
        assert rows.trend.isna().all()
        return
    before, after, end = whole
    last_year = own[(own.day >= after) & (own.day < end)].groupby("area").size().reindex(rows.index, fill_value=0)
    year_before = own[(own.day >= before) & (own.day < after)].groupby("area").size().reindex(rows.index, fill_value=0)
    assert rows.trend_last.astype(int).tolist() == last_year.tolist()
    assert rows.trend_before.astype(int).tolist() == year_before.tolist()
    for row, n, m in zip(rows.itertuples(), last_year, year_before):
        p = binomtest(int(n), int(n + m), 0.5).pvalue if n + m else 1
        assert row.trend_p == pytest.approx(p, rel=1e-9)
        rising = "rising" if n > m else "falling"
        assert row.trend == ("few" if n + m < 10 else rising if p < 0.05 else "steady")


def near(ours, theirs):
    assert ours.to_numpy(float) == pytest.approx(theirs.to_numpy(float), rel=1e-9, abs=1e-12)


def voronoi(points, margin=0.05):
    """One area around each of the points, without gap or overlap, in the order of the points."""
    around = shapely.MultiPoint(points)
    cells = shapely.voronoi_polygons(around, extend_to=around.envelope.buffer(margin), ordered=True)
    return list(cells.geoms)


def tiles_over(west, south, east, north, zoom):
    """The columns and rows of the tiles of a zoom that a box touches."""
    n = 2**zoom

    def place(longitude, latitude):
        y = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2
        return int((longitude + 180) / 360 * n), int(y * n)

    (first, top), (last, bottom) = place(west, north), place(east, south)
    return [(column, row) for column in range(first, last + 1) for row in range(top, bottom + 1)]
