"""Compares hot spots and forecasts with the packages that an analyst would use for them, on made-up counts.

Usage: bench.py BENCH_OUTLOOK. Prints a table and writes bench-results/outlook.json. All times are of one thread, without
reading or writing, after a first call that lets the packages compile what they compile.
"""

import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
import time
import warnings

for threads in ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[threads] = "1"
warnings.simplefilter("ignore")

import esda  # noqa: E402
import h3  # noqa: E402
import libpysal  # noqa: E402
import numpy  # noqa: E402
import pymannkendall  # noqa: E402
from statsforecast.models import CrostonSBA  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
CELLS, STEPS = 5_000, 52
SERIES, DAYS, HORIZON = 100_000, 365, 7


def disk(count):
    """Whole rings of cells around Toronto, at least `count`, ascending."""
    middle, size = h3.latlng_to_cell(43.7, -79.4, 9), 0
    while 3 * size * (size + 1) + 1 < count:
        size += 1
    return sorted(h3.grid_disk(middle, size))


def made_up(cells, steps, mean):
    draw = numpy.random.default_rng(1)
    rates = draw.gamma(0.4, mean / 0.4, len(cells))
    return draw.poisson(rates, (steps, len(cells))).astype(numpy.int32)


def ours(program, command, cells, counts, *arguments):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        numpy.array([int(cell, 16) for cell in cells], numpy.uint64).tofile(folder / "cells.u64")
        counts.tofile(folder / "counts.i32")
        done = subprocess.run(
            [program, command, folder, *arguments], check=True, stdout=subprocess.PIPE, text=True)
        results = {file.stem: numpy.fromfile(file) for file in folder.glob("*.f64")}
    return json.loads(done.stdout), results


def timed(work):
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


class Table:
    def __init__(self):
        self.rows = []

    def row(self, name, value, reference, reference_value, bar=None, goal=None):
        """`bar` and `goal`: how many times as long the reference has to take."""
        times = reference_value / value
        self.rows.append({
            "name": name, "value": round(value, 5), "unit": "s", "reference": reference,
            "reference_value": round(reference_value, 5), "ratio": round(value / reference_value, 6),
            "bar": bar and 1 / bar, "goal": goal and 1 / goal, "ok": bar is None or times >= bar})
        print(f"{name:44} {value:9.4f} s  {reference:40} {reference_value:9.3f} s  {times:7.0f}x  bar {bar}", flush=True)


def hot_spots(program, table):
    cells = disk(CELLS)
    counts = made_up(cells, STEPS, 0.5)
    mine, results = ours(program, "hotspots", cells, counts)
    known = set(cells)
    ring = {cell: [other for other in h3.grid_ring(cell, 1) if other in known] for cell in cells}
    weights = libpysal.weights.W(ring, id_order=cells, silence_warnings=True)

    def theirs():
        scores = numpy.array([
            esda.G_Local(step.astype(float), weights, transform="B", star=True, permutations=0).Zs
            for step in counts])
        return scores, [pymannkendall.original_test(series).p for series in scores.T]

    esda.G_Local(counts[0].astype(float), weights, transform="B", star=True, permutations=0)
    seconds, (scores, p) = timed(theirs)
    scores_apart = abs(results["scores"].reshape(scores.shape) - scores).max()
    p_apart = abs(results["p"] - numpy.array(p)).max()
    print(f"{len(cells)} cells x {STEPS} steps: z-scores differ by {scores_apart:.1e}, p of trends by {p_apart:.1e}")
    assert scores_apart < 1e-9
    table.row("hot spots: Gi*, Mann-Kendall, FDR, classes", mine["seconds"], "esda and pymannkendall", seconds, 20, 200)
    table.row("one more step, classes anew", mine["newest"], "all steps anew", mine["seconds"])


def forecast(program, table):
    cells = disk(SERIES)[:SERIES]
    counts = made_up(cells, DAYS, 0.02)
    mine, results = ours(program, "forecast", cells, counts, str(HORIZON))
    series = numpy.ascontiguousarray(counts.T, dtype=float)
    CrostonSBA().forecast(series[0], HORIZON)

    def theirs():
        model = CrostonSBA()
        return [model.forecast(values, HORIZON)["mean"].sum() for values in series]

    seconds, means = timed(theirs)
    outcome = counts.sum() / DAYS * HORIZON
    print(
        f"{len(cells)} cells x {DAYS} days: {results['means'].sum():.0f} events expected, {numpy.nansum(means):.0f} by "
        f"CrostonSBA, {outcome:.0f} in a usual week")
    reference = "CrostonSBA, called for each series"
    table.row("forecast: all days added, intervals", mine["seconds"], reference, seconds, 20, 100)
    table.row("the same with weights fitted", mine["fitted"], reference, seconds)
    table.row("one day added", mine["day"], "all days and the forecast", mine["seconds"])


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    table = Table()
    hot_spots(sys.argv[1], table)
    forecast(sys.argv[1], table)
    report = {
        "rows": table.rows,
        "machine": {
            "processor": platform.processor() or platform.machine(), "cores": os.cpu_count(),
            "system": platform.platform()}}
    target = ROOT / "bench-results" / "outlook.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(report, indent=2) + "\n")
    if not all(row["ok"] for row in table.rows):
        sys.exit("a bar is missed")


if __name__ == "__main__":
    main()
