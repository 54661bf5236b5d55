"""A table for people and a file for machines."""

import json
import os
import platform


class Report:
    def __init__(self, name):
        self.name = name
        self.rows = []

    def rate(self, name, rows, ours, theirs, bar, goal, reference="psql \\copy"):
        """A multiple of the rate of the reference; higher is better."""
        ratio = theirs / ours
        self._add(name, round(rows / ours), "rows/s", reference, round(rows / theirs), ratio, bar, goal, ratio >= bar)

    def against(self, name, ours, unit, reference, theirs, bar, goal):
        """A time as a multiple of another; lower is better."""
        ratio = ours / theirs
        self._add(
            name, round(ours, 3), unit, reference, round(theirs, 3), ratio, bar, goal, bar is None or ratio <= bar)

    def limit(self, name, value, unit, bar, goal):
        """A value that must stay below the bar."""
        self._add(name, round(value), unit, "limit", bar, value / bar, bar, goal, value <= bar)

    def _add(self, name, value, unit, reference, reference_value, ratio, bar, goal, ok):
        self.rows.append({
            "name": name, "value": value, "unit": unit, "reference": reference, "reference_value": reference_value,
            "ratio": round(ratio, 2), "bar": bar, "goal": goal, "ok": ok})
        print(f"{name:48} {value:>9} {unit:7} {reference:10} {reference_value:>9}  ratio {ratio:5.2f}  "
              f"bar {bar}  goal {goal}  {'ok' if ok else 'MISSED'}", flush=True)

    def write(self, folder):
        folder.mkdir(exist_ok=True)
        machine = {"processor": processor(), "cores": os.cpu_count(), "system": platform.platform()}
        text = json.dumps({"machine": machine, "rows": self.rows}, indent=2)
        (folder / f"{self.name}.json").write_text(text + "\n")


def processor():
    with open("/proc/cpuinfo") as lines:
        return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")
