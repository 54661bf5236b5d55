"""Measures H3, h3o and the C library on the same million random points, one thread each; see Benchmarks/bench-h3."""

import json
import os
import pathlib
import platform
import subprocess
import sys
import time

import numpy as np
from h3ronpy.vector import cells_to_coordinates, coordinates_to_cells

COUNT = 1_000_000
SEED = 20260101
RESOLUTIONS = (7, 9, 15)
H3O = "h3o"
C = "libh3"
# function: the library and function it is compared with, bar and goal (times as fast as the reference)
ROWS = {
    "latLngToCells portable": (H3O, "coordinates_to_cells", 5, 8),
    "latLngToCells AVX2": (H3O, "coordinates_to_cells", 9, 15),
    "latLngToCell": (H3O, "coordinates_to_cells", 2.5, 4),
    "cellsToLatLngs": (H3O, "cells_to_coordinates", 4, 10),
    "cellToBoundary": (C, None, 4, 8),
    "gridDisk k=1": (C, None, 2, 3),
    "gridDisk k=2": (C, None, 2, 3),
    "polygonToCells": (C, None, 8, 20),
}
# Bar and goal of hierarchy and validity; the modes that the other library calls experimental have none.
PLAIN = (1, 2)
EXPERIMENTAL = (None, None)


def fastest(run):
    """Nanoseconds of CPU time per point in the fastest of seven runs, and the last answer."""
    best, answer = float("inf"), None
    for _ in range(7):
        start = time.thread_time_ns()
        answer = run()
        best = min(best, time.thread_time_ns() - start)
    return best / COUNT, answer


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def city(random):
    """The 200 vertices, latitude and longitude, of an outline about 20 km across."""
    angles = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    radii = 0.09 * (1 + 0.15 * np.sin(5 * angles) + random.uniform(-0.03, 0.03, 200))
    latitude = 43.65
    longitudes = -79.38 + radii * np.cos(angles) / np.cos(np.radians(latitude))
    return np.column_stack([latitude + radii * np.sin(angles), longitudes])


def lines(*command):
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [json.loads(line) for line in output.splitlines()]


def measure(ours, libh3, folder, latitudes, longitudes, resolution):
    """Our results, those of libh3 by function, those of h3o, the version of libh3, and the number of cells unlike
    h3o's."""
    nanoseconds, cells = fastest(lambda: coordinates_to_cells(latitudes, longitudes, resolution))
    cells = np.asarray(cells)
    h3o = {
        "coordinates_to_cells": {"ns": nanoseconds},
        "cells_to_coordinates": {"ns": fastest(lambda: cells_to_coordinates(cells))[0]},
    }
    mine = lines(ours, folder, str(resolution))
    version, *theirs = lines(libh3, folder, str(resolution))
    differing = int((cells != np.fromfile(folder / f"cells-{resolution}.u64", dtype=np.uint64)).sum())
    return mine, {line["function"]: line for line in theirs}, h3o, version, differing


def main(ours, libh3, folder):
    folder = pathlib.Path(folder)
    random = np.random.default_rng(SEED)
    latitudes = np.degrees(np.arcsin(random.uniform(-1, 1, COUNT)))
    longitudes = random.uniform(-180, 180, COUNT)
    latitudes.tofile(folder / "latitudes.f64")
    longitudes.tofile(folder / "longitudes.f64")
    city(random).tofile(folder / "city.f64")

    rows, differing, unequal = [], {}, []
    print(f"{'function':44} res      ns against      ns   ratio    bar   goal")
    for resolution in RESOLUTIONS:
        mine, theirs, h3o, version, differing[resolution] = measure(
            ours, libh3, folder, latitudes, longitudes, resolution
        )
        for line in mine:
            function = line["function"]
            default = EXPERIMENTAL if "Experimental" in function else PLAIN
            library, name, bar, goal = ROWS.get(function, (C, None, *default))
            against = h3o[name] if library == H3O else theirs[function]
            ratio = against["ns"] / line["ns"]
            rows.append({
                "name": f"{function} res {resolution}", "value": round(line["ns"], 2), "unit": "ns",
                "reference": f"{library} {name or function}", "reference_value": round(against["ns"], 2),
                "ratio": round(ratio, 2), "bar": bar, "goal": goal, "ok": bar is None or ratio >= bar,
            })
            if against.get("sum", line["sum"]) != line["sum"]:
                unequal.append(f"{function} at resolution {resolution}")
            limits = f"{bar:5}x {goal:5}x" if bar else " " * 13
            verdict = "" if not bar else "goal" if ratio >= goal else "bar" if ratio >= bar else "MISSED"
            print(
                f"{function:44} {resolution:>3} {line['ns']:7.1f} {library:7} {against['ns']:7.1f} "
                f"{ratio:6.2f}x {limits}  {verdict}".rstrip(),
                flush=True,
            )
    for resolution, number in differing.items():
        print(f"cells that differ from h3o at resolution {resolution}: {number} of {COUNT}")
    for name in unequal:
        print(f"the sum of the results is another than that of libh3 {version['version']}: {name}")

    results = pathlib.Path("bench-results")
    results.mkdir(exist_ok=True)
    machine = {
        "processor": processor(), "cores": os.cpu_count(), "system": platform.platform(),
        "load": round(os.getloadavg()[0], 2),
    }
    document = {
        "machine": machine, "libh3": version, "points": COUNT, "seed": SEED, "differing": differing,
        "unequal": unequal, "rows": rows,
    }
    (results / "h3.json").write_text(json.dumps(document, indent=2) + "\n")
    print(f"against h3o of h3ronpy 0.22.0 and libh3 {version['version']} ({version['compiler']}); bench-results/h3.json")
    return 1 if any(differing.values()) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
