"""Compares scoring with the same work in SQL, on one machine and in one run.

The baseline has every event's cell in a column already: it groups by cell and day, computes the figures with window
functions and builds the view. Hextant starts from the points. Prints a table and writes bench-results/score.json.

Usage: bench.py HEXTANT [--events FILE.csv.gz | --toronto FILE.csv] [--jitter N]; the server is that of
HEXTANT_DATABASE_URL, on which a database is created and dropped again.
"""

import argparse
import csv
import gzip
import io
import json
import os
import pathlib
import platform
import random
import subprocess
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATABASE = "hextant_bench_score"
RESOLUTION = 8
FIVE = [5, 6, 7, 8, 9]
REPEATS = 3
YEAR = 365

DATASET = """slug: {slug}
title: Benchmark
licence: none
attribution: none
time_zone: {zone}
resolutions: [5, 6, 7, 8, 9]
"""

# The formulas of docs/scoring.md for a run over every day.
FLOOR_SCORES = """
DROP TABLE IF EXISTS floor_rows;
CREATE UNLOGGED TABLE floor_rows AS
WITH counts AS (
    SELECT cell, day, count(*)::float8 AS c FROM floor_points GROUP BY cell, day
), span AS (
    SELECT (max(day) - min(day) + 1)::float8 AS n FROM counts
), windows AS (
    SELECT
        cell, day, c,
        sum(c) OVER (PARTITION BY cell ORDER BY day RANGE BETWEEN INTERVAL '6 days' PRECEDING AND CURRENT ROW) / 7
            AS average,
        coalesce(sum(c) OVER (
            PARTITION BY cell ORDER BY day RANGE BETWEEN INTERVAL '7 days' PRECEDING AND INTERVAL '1 day' PRECEDING
        ), 0) / 7 AS previous,
        sum(c) OVER (PARTITION BY cell) AS sum_c,
        sum(c * c) OVER (PARTITION BY cell) AS sum_c2
    FROM counts
), risks AS (
    SELECT *, (c - previous) / greatest(previous, 1.0::float8 / 7) AS growth, 0.5 * c
        + 0.3 * (c - previous) / greatest(previous, 1.0::float8 / 7) + 0.2 * average AS risk
    FROM windows
), scores AS (
    SELECT
        cell, day, c, average, growth, risk, sum_c, n * sum_c2 - sum_c * sum_c AS spread, n,
        100 * (risk - min(risk) OVER ()) / nullif(max(risk) OVER () - min(risk) OVER (), 0) AS score
    FROM risks CROSS JOIN span
)
SELECT
    cell AS h3_index, day, c::integer AS event_count, average, growth, risk, coalesce(score, 0) AS score,
    CASE WHEN score <= 25 THEN 'low' WHEN score <= 50 THEN 'medium' WHEN score <= 75 THEN 'high' ELSE 'critical' END
        ::risk_level AS level,
    CASE WHEN spread > 0 THEN (n * c - sum_c) / sqrt(spread) ELSE 0 END AS z
FROM scores;
"""

FLOOR_VIEW = """
DROP MATERIALIZED VIEW IF EXISTS floor_view;
CREATE MATERIALIZED VIEW floor_view AS
SELECT risk_slice(1, 8, f.day) AS slice, 'bench'::text AS dataset, 8::smallint AS resolution, f.*,
    f.z >= 2 AS anomaly, c.geom, c.geom_3857
FROM floor_rows f JOIN h3_cells c USING (h3_index) ORDER BY slice, h3_index;
CREATE INDEX ON floor_view USING gist (slice, geom_3857);
CREATE UNIQUE INDEX ON floor_view (dataset, resolution, day, h3_index);
CREATE INDEX ON floor_view (dataset, resolution, h3_index, day);
CREATE INDEX ON floor_view (dataset, resolution, day) WHERE level >= 'high' OR anomaly;
ANALYZE floor_view;
"""


class Bench:
    def __init__(self, hextant, server):
        self.hextant = hextant
        parts = urllib.parse.urlsplit(server)
        self.server = server
        self.address = urllib.parse.urlunsplit(parts._replace(path=f"/{DATABASE}"))
        self.rows = []

    def psql(self, script, address=None, stdin=None):
        command = ["psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", address or self.address]
        if stdin is None:
            return subprocess.run(command, input=script, text=True, check=True, stdout=subprocess.PIPE).stdout.strip()
        subprocess.run(command + ["-c", script], stdin=stdin, check=True)
        return ""

    def run(self, *arguments):
        environment = {**os.environ, "HEXTANT_DATABASE_URL": self.address}
        done = subprocess.run(
            [self.hextant, *arguments, "--json"], env=environment, check=True, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        return json.loads(done.stdout)

    def timed(self, *works):
        began = time.perf_counter()
        for work in works:
            work()
        return time.perf_counter() - began

    def best(self, *works, before=lambda: None):
        times = []
        for _ in range(REPEATS):
            before()
            times.append(self.timed(*works))
        return min(times)

    def row(self, name, value, reference, reference_value, bar=None, goal=None, unit="s"):
        """A ratio of times: lower is better. Without a bar it is only printed."""
        ratio = value / reference_value
        self.rows.append({
            "name": name, "value": round(value, 4), "unit": unit, "reference": reference,
            "reference_value": round(reference_value, 4), "ratio": round(ratio, 4), "bar": bar, "goal": goal,
            "ok": bar is None or ratio <= bar})

    def score(self, slug, resolutions):
        return self.run("score", "--dataset", slug, "--resolution", *map(str, resolutions))

    def forget(self):
        """Deletes all scores, as if nothing had been scored yet."""
        self.psql("TRUNCATE daily_counts, daily_aggregates, daily_scores; VACUUM ANALYZE events")

    def prepare(self, source):
        self.psql(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)", self.server)
        self.psql(f"CREATE DATABASE {DATABASE}", self.server)
        self.run("migrate", "up")
        for slug in ("bench", "year"):
            with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
                file.write(DATASET.format(slug=slug, zone=source.zone))
                file.flush()
                self.run("datasets", "put", file.name)
        self.psql("CREATE UNLOGGED TABLE points (t timestamptz, x float8, y float8)")
        with tempfile.TemporaryFile("w+") as file:
            source.write(file)
            file.seek(0)
            self.psql("COPY points FROM STDIN (FORMAT csv)", stdin=file)
        # Not in order of time, as in most files.
        self.psql("""
            INSERT INTO events (dataset, event_type, event_timestamp, geom, batch, row_number)
            SELECT 'bench', 'x', t, ST_SetSRID(ST_MakePoint(x, y), 4326), 0, row_number() OVER () FROM points;
            SELECT mark_all_event_days('bench');
            ANALYZE""")
        return int(self.psql("SELECT count(*) FROM points"))

    def all_of_one(self):
        self.score("bench", [RESOLUTION])
        self.psql(f"""
            CREATE UNLOGGED TABLE floor_points AS
            SELECT u.cell, d.day FROM daily_counts d
            CROSS JOIN LATERAL unnest(d.cells, d.counts) AS u(cell, n) CROSS JOIN LATERAL generate_series(1, u.n)
            WHERE d.dataset = 'bench' AND d.resolution = {RESOLUTION};
            ANALYZE floor_points""")
        settings = "SET work_mem = '256MB'; SET maintenance_work_mem = '512MB'; SET jit = off;"
        floor_score = self.best(lambda: self.psql(settings + FLOOR_SCORES))
        floor_view = self.best(lambda: self.psql(settings + FLOOR_VIEW))
        score = self.best(lambda: self.score("bench", [RESOLUTION]), before=self.forget)
        refresh = self.best(lambda: self.run("refresh"))
        ours, theirs = self.psql("SELECT (SELECT count(*) FROM mv_daily_risk), (SELECT count(*) FROM floor_view)").split("|")
        assert ours == theirs, f"{ours} rows of ours, {theirs} of the floor"
        floor = "GROUP BY of a stored cell, windows and view in SQL"
        self.row("score and serve one resolution", score + refresh, floor, floor_score + floor_view, 1.5, 1.0)
        self.row("of it, scoring", score, "of it, GROUP BY and windows", floor_score, 1.5, 1.0)
        return score, refresh

    def five(self, score, refresh):
        five = self.best(lambda: self.score("bench", FIVE), before=self.forget)
        self.row("score five resolutions", five, "score one resolution", score, 3, 2)
        with_view = five + self.best(lambda: self.run("refresh"))
        self.row("score and serve five resolutions", with_view, "score and serve one", score + refresh, 3, 2)

    def new_day(self):
        self.psql("DELETE FROM daily_counts; DELETE FROM daily_aggregates; DELETE FROM daily_scores")
        last = self.psql(f"""
            SELECT day FROM (SELECT e.day, count(*) OVER (ORDER BY e.day DESC) AS place FROM event_days e
            WHERE dataset = 'bench') d WHERE place = {REPEATS + 1}""")
        day = "(event_timestamp AT TIME ZONE (SELECT time_zone FROM datasets WHERE slug = 'bench'))::date"
        copy = f"""
            INSERT INTO events (dataset, event_type, event_timestamp, geom, batch, row_number)
            SELECT 'year', event_type, event_timestamp, geom, 0, row_number FROM events
            WHERE dataset = 'bench' AND {day}"""
        self.psql(f"{copy} BETWEEN date '{last}' - {YEAR - 1} AND '{last}'; SELECT mark_all_event_days('year')")
        full = self.best(lambda: self.score("year", [RESOLUTION]), before=self.forget)
        times = []
        for number in range(1, REPEATS + 1):
            self.psql(f"""
                BEGIN;
                {copy} = date '{last}' + {number};
                SELECT mark_event_days('year', array_agg(event_timestamp)) FROM events
                WHERE dataset = 'year' AND {day} = date '{last}' + {number};
                COMMIT""")
            times.append(self.timed(lambda: self.score("year", [RESOLUTION])))
        refresh = self.best(lambda: self.run("refresh"))
        self.row("score one new day", min(times), "score its year", full, 1 / 20, 1 / 100)
        # Every z-score of the year changes, so the refresh is that of the whole year.
        self.row("score and serve one new day", min(times) + refresh, "score and serve its year", full + refresh)


class Outages:
    """Public outage points, with one line for every ten minutes of an outage."""

    zone = "America/Los_Angeles"

    def __init__(self, path):
        self.path = path

    def write(self, file):
        with gzip.open(self.path, "rt", newline="") as lines:
            out = csv.writer(file)
            for line in csv.DictReader(lines):
                if line["longitude"] and line["latitude"]:
                    out.writerow([line["snapshot_time"], line["longitude"], line["latitude"]])


class Toronto:
    """The demo's crimes, each several times at nearby places and hours."""

    zone = "America/Toronto"

    def __init__(self, path, copies):
        self.path = path
        self.copies = copies

    def write(self, file):
        draw = random.Random(1)
        out = csv.writer(file)
        with open(self.path, newline="") as lines:
            for line in csv.DictReader(lines):
                for _ in range(self.copies):
                    x = float(line["Long"]) + draw.gauss(0, 0.003)
                    y = float(line["Lat"]) + draw.gauss(0, 0.003)
                    stamp = line["occurrencedate"].replace("/", "-")
                    hour, minute = draw.randrange(24), draw.randrange(60)
                    out.writerow([f"{stamp[:10]} {hour:02}:{minute:02}:00-05", f"{x:.6f}", f"{y:.6f}"])


def limit(ratio):
    return f"{'':6}" if ratio is None else f"{ratio:6.3g}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("hextant")
    parser.add_argument("--events", help="outages as .csv.gz")
    parser.add_argument("--toronto", help="the demo's CSV")
    parser.add_argument("--jitter", type=int, default=10, help="copies of each crime")
    chosen = parser.parse_args()
    bench = Bench(chosen.hextant, os.environ["HEXTANT_DATABASE_URL"])
    source = Outages(chosen.events) if chosen.events else Toronto(chosen.toronto, chosen.jitter)
    try:
        count = bench.prepare(source)
        score, refresh = bench.all_of_one()
        bench.five(score, refresh)
        bench.new_day()
    finally:
        bench.psql(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)", bench.server)
    version = bench.psql("SELECT version()", bench.server)
    report = {
        "events": count, "rows": bench.rows,
        "machine": {
            "processor": platform.processor() or platform.machine(), "cores": os.cpu_count(),
            "system": platform.platform(), "postgresql": version}}
    folder = ROOT / "bench-results"
    folder.mkdir(exist_ok=True)
    (folder / "score.json").write_text(json.dumps(report, indent=2) + "\n")
    print(f"{count} events")
    table = io.StringIO()
    print(f"{'':34} {'s':>9} {'reference':>9} {'ratio':>7} {'bar':>6} {'goal':>6}", file=table)
    for row in bench.rows:
        verdict = "" if row["ok"] else "  missed"
        print(
            f"{row['name']:34} {row['value']:9.3f} {row['reference_value']:9.3f} {row['ratio']:7.3f} "
            f"{limit(row['bar'])} {limit(row['goal'])}{verdict}", file=table)
    print(table.getvalue(), end="")


if __name__ == "__main__":
    main()
