"""Times H3 and h3o, one thread each, on the same million random points; see Benchmarks/bench-h3."""

import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
import time

import numpy as np
from h3ronpy.vector import cells_to_coordinates, coordinates_to_cells

COUNT = 1_000_000
SEED = 20260101
RESOLUTIONS = (7, 9, 15)
# function: reference function, bar, goal (times as fast as the reference)
ROWS = {
    "latLngToCells-portable": ("coordinates_to_cells", 5, 8),
    "latLngToCells-avx2": ("coordinates_to_cells", 9, 15),
    "latLngToCell": ("coordinates_to_cells", 2.5, 4),
    "cellsToLatLngs": ("cells_to_coordinates", 4, 10),
}


def fastest(run):
    """Nanoseconds of CPU time per point of the fastest of seven runs, and the last answer."""
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


def main(binary):
    random = np.random.default_rng(SEED)
    latitudes = np.degrees(np.arcsin(random.uniform(-1, 1, COUNT)))
    longitudes = random.uniform(-180, 180, COUNT)
    with tempfile.TemporaryDirectory() as folder:
        latitudes.tofile(os.path.join(folder, "latitudes.f64"))
        longitudes.tofile(os.path.join(folder, "longitudes.f64"))
        ours = subprocess.run([binary, folder], check=True, capture_output=True, text=True).stdout
        reference, differing = {}, {}
        for resolution in RESOLUTIONS:
            nanoseconds, cells = fastest(lambda: coordinates_to_cells(latitudes, longitudes, resolution))
            reference["coordinates_to_cells", resolution] = nanoseconds
            cells = np.asarray(cells)
            mine = np.fromfile(os.path.join(folder, f"cells-{resolution}.u64"), dtype=np.uint64)
            differing[resolution] = int((cells != mine).sum())
            reference["cells_to_coordinates", resolution] = fastest(lambda: cells_to_coordinates(cells))[0]

    rows = []
    print(f"{'function':24} res   ours ns    h3o ns   ratio    bar   goal")
    for line in ours.splitlines():
        function, resolution, value = line.split()
        name, bar, goal = ROWS[function]
        against = reference[name, int(resolution)]
        ratio = against / float(value)
        rows.append({
            "name": f"{function} res {resolution}", "value": round(float(value), 2), "unit": "ns",
            "reference": f"h3ronpy {name}", "reference_value": round(against, 2), "ratio": round(ratio, 2),
            "bar": bar, "goal": goal, "ok": ratio >= bar,
        })
        verdict = "goal" if ratio >= goal else "bar" if ratio >= bar else "MISSED"
        print(f"{function:24} {resolution:>3} {float(value):9.1f} {against:9.1f} {ratio:6.2f}x {bar:5}x {goal:5}x  {verdict}")
    for resolution, number in differing.items():
        print(f"cells that differ from h3o at resolution {resolution}: {number} of {COUNT}")

    results = pathlib.Path("bench-results")
    results.mkdir(exist_ok=True)
    machine = {"processor": processor(), "cores": os.cpu_count(), "system": platform.platform()}
    document = {"machine": machine, "points": COUNT, "seed": SEED, "differing": differing, "rows": rows}
    (results / "h3.json").write_text(json.dumps(document, indent=2) + "\n")
    return 0 if not any(differing.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
