"""Checks of the outlook's answers against the slow definitions of outlook_oracle.py, for tests of the command.

Each takes rows as a command or route answers them, and the events that were ingested as (day, cell) pairs.
"""

import collections
import datetime
import math

import h3
import numpy

import outlook_oracle as oracle


def everything_near(events):
    """Enough cells around the events to find their convex cover among."""
    cells = {cell for _, cell in events}
    middle = h3.latlng_to_cell(
        numpy.mean([h3.cell_to_latlng(cell)[0] for cell in cells]),
        numpy.mean([h3.cell_to_latlng(cell)[1] for cell in cells]), h3.get_resolution(next(iter(cells))))
    return h3.grid_disk(middle, 2 + max(h3.grid_distance(middle, cell) for cell in cells))


def by_day(events, cells, first, last):
    known = set(cells)
    counts = collections.defaultdict(collections.Counter)
    for day, cell in events:
        if cell in known:
            counts[day][cell] += 1
    return [dict(counts[first + datetime.timedelta(days=k)]) for k in range((last - first).days + 1)]


def check_hot_spots(rows, events, as_of, steps=52, step_days=7, alpha=0.05):
    """rows: cell -> class. Steps end with the day `as_of`."""
    past = [(day, cell) for day, cell in events if day <= as_of]
    cells = oracle.study_area([cell for _, cell in past], everything_near(past))
    counts = []
    for step in reversed(range(steps)):
        last = as_of - datetime.timedelta(days=step * step_days)
        first = last - datetime.timedelta(days=step_days - 1)
        found = collections.Counter(cell for day, cell in past if first <= day <= last)
        counts.append({cell: found[cell] for cell in cells})
    expected = oracle.hot_spots(counts, alpha)
    assert set(rows) == set(cells)
    wrong = {cell: (rows[cell], expected[cell]) for cell in cells if rows[cell] != expected[cell]}
    assert not wrong, f"{len(wrong)} of {len(cells)} cells differ: {list(wrong.items())[:5]}"


def check_forecast(rows, model, events, as_of, horizon):
    """rows: cell -> (expected, lower50, upper50, lower90, upper90); model: as outlook_oracle.USUAL."""
    past = [(day, cell) for day, cell in events if day <= as_of]
    first = min(day for day, _ in past)
    cells = oracle.study_area([cell for _, cell in past], everything_near(past))
    means = oracle.forecast(by_day(past, cells, first, as_of), cells, first, horizon, model)
    assert set(rows) == set(cells)
    for cell, (mean, size) in means.items():
        distribution = oracle.negative_binomial(mean, size)
        bounds = [int(distribution.ppf(share)) for share in (0.25, 0.75, 0.05, 0.95)]
        assert math.isclose(rows[cell][0], mean, rel_tol=1e-6, abs_tol=1e-9), cell
        assert list(rows[cell][1:]) == bounds, cell


def check_hits(report, events, cells, origins, horizon, window):
    """PAI and PEI of the rival that counts the last `window` days, by an independent count.

    report: share of area -> (PAI, PEI), pooled over the origins.
    """
    for share, (pai, pei) in report.items():
        hits = best = total = 0.0
        for origin in origins:
            before = origin - datetime.timedelta(days=window)
            after = origin + datetime.timedelta(days=horizon)
            past = collections.Counter(cell for day, cell in events if before <= day < origin)
            future = collections.Counter(cell for day, cell in events if origin <= day < after)
            counts = {cell: future[cell] for cell in cells}
            one, most, area = oracle.ranked({cell: past[cell] for cell in cells}, counts, share)
            hits, best, total = hits + one, best + most, total + sum(counts.values())
        assert math.isclose(pai, hits / total / area, rel_tol=1e-9)
        assert math.isclose(pei, hits / best, rel_tol=1e-9)
