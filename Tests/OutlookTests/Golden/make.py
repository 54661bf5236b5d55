"""Makes the expected values of this suite by other implementations: python3 make.py [TORONTO.csv]

Made with esda 2.9.0, libpysal 4.14.1, pymannkendall 1.4.3, scipy 1.17.1, numpy 2.4.6, h3 4.5.0 (all from PyPI):
Gi* by esda, Mann-Kendall by pymannkendall, false discoveries, distributions and the binomial test by scipy; study areas
and forecasts by Tests/EndToEnd/outlook_oracle.py, which shares nothing with the Swift code. The real counts are those
of a district of the demo's Toronto events, over 52 weeks of 2019 at resolution 8.
"""

import csv
import datetime
import json
import pathlib
import sys
import warnings

import esda
import h3
import libpysal
import numpy
import pymannkendall
import scipy.stats

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent / "EndToEnd"))
import outlook_oracle as oracle  # noqa: E402

warnings.simplefilter("ignore")
DRAW = numpy.random.default_rng(16)


def write(name, value):
    def rounded(item):
        if isinstance(item, dict):
            return {key: rounded(entry) for key, entry in item.items()}
        if isinstance(item, (list, tuple, numpy.ndarray)):
            return [rounded(entry) for entry in item]
        if isinstance(item, (float, numpy.floating)):
            return float(f"{item:.15g}")
        return int(item) if isinstance(item, numpy.integer) else item

    (HERE / f"{name}.json").write_text(json.dumps(rounded(value), separators=(",", ":")) + "\n")


def weights(cells):
    ring = oracle.neighbours(cells)
    return libpysal.weights.W(ring, id_order=list(cells), silence_warnings=True)


def hot_spot_case(name, cells, counts):
    """counts[step][cell]"""
    cells = sorted(cells)
    w = weights(cells)
    scores = [
        esda.G_Local(numpy.array(step, float), w, transform="B", star=True, permutations=0).Zs for step in counts]
    # Sums in another order differ in the last digits. Scores that are equal by the definition have to be equal here.
    series = numpy.round(numpy.array(scores), 11).T
    tests = [pymannkendall.original_test(values) for values in series]
    p = 2 * scipy.stats.norm.sf(abs(numpy.array(scores)))
    adjusted = scipy.stats.false_discovery_control(p.ravel(), method="bh")
    threshold = float(p.ravel()[adjusted <= 0.05].max()) if (adjusted <= 0.05).any() else None
    steps = [dict(zip(cells, map(int, step))) for step in counts]
    classes = oracle.hot_spots(steps)
    return {
        "name": name, "cells": cells, "counts": [[int(c) for c in step] for step in counts], "scores": scores,
        "s": [int(test.s) for test in tests], "variance": [test.var_s for test in tests],
        "p": [test.p for test in tests], "threshold": threshold, "classes": [classes[cell] for cell in cells]}


def drawn(cells, steps, means, trend=None):
    means = numpy.asarray(means, float)
    return [
        DRAW.poisson(means * (1 + (trend if trend is not None else 0) * step / steps)) for step in range(steps)]


def toronto(path):
    middle = h3.latlng_to_cell(43.66, -79.39, 8)
    cells = sorted(h3.grid_disk(middle, 3))
    known = {cell: index for index, cell in enumerate(cells)}
    counts = numpy.zeros((52, len(cells)), int)
    for row in csv.DictReader(open(path, newline="")):
        day = datetime.date(*map(int, row["occurrencedate"][:10].split("/")))
        week = (day - datetime.date(2019, 1, 1)).days // 7
        cell = h3.latlng_to_cell(float(row["Lat"]), float(row["Long"]), 8)
        if 0 <= week < 52 and cell in known:
            counts[week, known[cell]] += 1
    return cells, counts


def hot_spots():
    cases = []
    if len(sys.argv) > 1:
        cases.append(hot_spot_case("Toronto, real weeks", *toronto(sys.argv[1])))
    disk = sorted(h3.grid_disk(h3.latlng_to_cell(52.5, 13.4, 7), 4))
    middle = h3.latlng_to_cell(52.5, 13.4, 7)
    near = numpy.array([h3.grid_distance(middle, cell) for cell in disk])
    cases.append(hot_spot_case("grows in the middle", disk, drawn(disk, 20, 0.3 + 6 * (near < 2), 3 * (near < 2))))
    cases.append(hot_spot_case("many ties", disk, drawn(disk, 12, numpy.full(len(disk), 0.05))))
    pentagon = [cell for cell in h3.get_pentagons(6)][4]
    around = sorted(h3.grid_disk(pentagon, 3))
    far = numpy.array([cell == pentagon or pentagon in h3.grid_disk(cell, 1) for cell in around])
    cases.append(hot_spot_case("around a pentagon", around, drawn(around, 15, 0.5 + 5 * far)))
    line = sorted(h3.grid_disk(h3.latlng_to_cell(-17.0, 179.999, 5), 3))
    cases.append(hot_spot_case("over the antimeridian", line, drawn(line, 10, DRAW.uniform(0.1, 4, len(line)))))
    islands = sorted(
        set(h3.grid_disk(middle, 1)) | {h3.latlng_to_cell(52.5 + k, 13.4, 7) for k in (1, 2, 3)})
    cases.append(hot_spot_case("with islands", islands, drawn(islands, 11, DRAW.uniform(0, 3, len(islands)))))
    write("hot_spots", cases)


def areas():
    cases = []
    for name, resolution, places in [
        ("over the antimeridian", 3, [(-10, 170), (-25, -175), (-20, 178), (-8, -172)]),
        ("around the north pole", 3, [(75, 0), (75, 120), (75, -120), (80, 60)]),
        ("around a pentagon", 4, [h3.cell_to_latlng(c) for c in h3.grid_ring(h3.get_pentagons(4)[2], 5)]),
        ("a thin triangle", 4, [(45, 5), (45.1, 20), (44.5, 12)]),
        ("half a continent", 2, [(60, -10), (60, 40), (36, -6), (38, 30), (50, 10)]),
    ]:
        events = sorted({h3.latlng_to_cell(*place, resolution) for place in places})
        everything = [
            cell for base in h3.get_res0_cells() for cell in h3.cell_to_children(base, resolution)]
        area = oracle.study_area(events, everything)
        cases.append({"name": name, "events": events, "area": area})
    write("areas", cases)


def distributions():
    cases = []
    for mean, size, counts in [
        (0.003, 0.05, [0, 1, 3]), (0.3, 1.5, [0, 1, 2, 9]), (2.5, 40, [0, 2, 11]), (37.0, 6.0, [0, 30, 150]),
        (400.0, 3000.0, [250, 400, 500]), (1.7, None, [0, 1, 8]), (900.0, None, [800, 900, 1040]),
    ]:
        d = scipy.stats.poisson(mean) if size is None else oracle.negative_binomial(mean, size)
        cases.append({
            "mean": mean, "size": size, "quantiles": [int(q) for q in d.ppf([0.05, 0.25, 0.5, 0.75, 0.95, 0.999])],
            "any": float(d.sf(0)), "counts": counts, "log": d.logpmf(counts), "below": d.cdf(numpy.array(counts) - 1),
            "atLeast": d.sf(numpy.array(counts) - 1), "crps": [float(oracle.crps(d, k)) for k in counts]})
    pairs = [(12, 3), (3, 12), (5, 5), (0, 8), (140, 181), (9, 8)]
    changes = [[a, b, scipy.stats.binomtest(a, a + b).pvalue] for a, b in pairs]
    write("distributions", {"cases": cases, "changes": changes})


def forecasts():
    middle = h3.latlng_to_cell(43.66, -79.39, 8)
    cells = sorted(h3.grid_disk(middle, 3))
    base = DRAW.gamma(0.6, 0.5, len(cells))
    first = datetime.date(2020, 2, 20)
    days = []
    for index in range(800):
        day = first + datetime.timedelta(days=index)
        factor = (1.6 if day.weekday() > 4 else 0.9) * (1 + 0.4 * numpy.sin(day.timetuple().tm_yday / 58))
        days.append(DRAW.poisson(base * factor * (1 + (index > 700))))
    cases = []
    for length, horizon in [(1, 7), (40, 1), (366, 7), (800, 28), (800, 1)]:
        known = [{cell: int(n) for cell, n in zip(cells, day) if n} for day in days[:length]]
        means = oracle.forecast(known, cells, first, horizon)
        intervals = [
            [int(q) for q in oracle.negative_binomial(*means[cell]).ppf([0.05, 0.25, 0.75, 0.95])] for cell in cells]
        cases.append({
            "days": length, "horizon": horizon, "means": [means[cell][0] for cell in cells],
            "sizes": [means[cell][1] for cell in cells], "intervals": intervals,
            "area": oracle.area_expectation([int(day.sum()) for day in days[:length]], first, horizon)})
    write("forecasts", {
        "cells": cells, "from": str(first), "counts": [[int(n) for n in day] for day in days], "cases": cases})


hot_spots()
areas()
distributions()
forecasts()
