"""Tiles without caches: Hextant compared with pgbench, with the usual SQL and with ours, and with tipg."""

import contextlib
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse
import venv

import common
import data
import z_order

ROUNDS = int(os.environ.get("HEXTANT_BENCH_ROUNDS", "3"))
SECONDS = int(os.environ.get("HEXTANT_BENCH_SECONDS", "5"))
TIPG = ["tipg==1.6.1", "uvicorn"]
SESSION = "-c plan_cache_mode=force_generic_plan -c jit=off"
# The flags that switch off all caches of our server.
COLD = ["--tile-memory", "0"]

# The usual SQL of tile servers: the same cells, figures and levels with ST_AsMVTGeom.
USUAL = """
WITH bounds AS (SELECT ST_TileEnvelope(:z::int, :x::int, :y::int) AS tile), cells AS (
    SELECT ST_AsMVTGeom(m.geom_3857, bounds.tile, 4096, 64, true) AS geom, to_hex(m.h3_index) AS h3_index,
        m.event_count, m.rolling_7d_avg, m.growth_rate, m.risk_score, m.risk_level::text AS risk_level, m.z_score,
        m.anomaly
    FROM usual_risk m, bounds
    WHERE m.slice = risk_slice((SELECT id FROM datasets WHERE slug = :dataset::text), :r::int, :day::date)
        AND m.geom_3857 && ST_TileEnvelope(:z::int, :x::int, :y::int, margin => 64.0 / 4096)
) SELECT ST_AsMVT(cells, 'risk', 4096, 'geom') FROM cells WHERE geom IS NOT NULL;
"""


def measure(database, hextant, report, folder):
    paths = {day: [common.path(tile, day) for tile in common.sequence(20_000)] for day in (data.DENSE, data.SPARSE)}
    prepare(database)
    usual, ours = script(folder, "usual", USUAL), script(folder, "ours", our_sql())
    with hextant.serving(folder, *COLD) as server, tipg(database, folder) as peer:
        runs = {}
        # New connections are slow at first: everything is loaded before anything is measured.
        for warmed, addresses in (server, paths[data.DENSE]), (server, paths[data.SPARSE]), (peer, tipg_paths(data.DENSE)):
            common.wrk(warmed, addresses, 2, database, folder)

        def run(name, work):
            runs.setdefault(name, []).append(work())
            report.ran(name, runs[name][-1])

        for _ in range(ROUNDS):
            run("dense, our server", lambda: common.wrk(server, paths[data.DENSE], SECONDS, database, folder))
            run("dense, pgbench, usual SQL", lambda: pgbench(database, usual, data.DENSE, folder))
            run("dense, pgbench, our SQL", lambda: pgbench(database, ours, data.DENSE, folder))
            run("dense, tipg", lambda: common.wrk(peer, tipg_paths(data.DENSE), SECONDS, database, folder))
            run("sparse, our server", lambda: common.wrk(server, paths[data.SPARSE], SECONDS, database, folder))
            run("sparse, pgbench, our SQL", lambda: pgbench(database, ours, data.SPARSE, folder))
        rate = {name: common.median(outcomes).rate for name, outcomes in runs.items()}
        errors = sum(outcome.errors for outcomes in runs.values() for outcome in outcomes)
        assert errors == 0, f"{errors} answers were errors"
    dense, sparse = rate["dense, our server"], rate["sparse, our server"]
    report.more("cold, dense day", dense, "tiles/s", "pgbench, usual SQL", rate["dense, pgbench, usual SQL"], 1.3, 2)
    report.more("cold, dense day", dense, "tiles/s", "pgbench, our SQL", rate["dense, pgbench, our SQL"], 0.85, 0.95)
    report.more("cold, sparse day", sparse, "tiles/s", "pgbench, our SQL", rate["sparse, pgbench, our SQL"], 0.7, 0.9)
    report.more("cold, dense day", dense, "tiles/s", "tipg, 2 workers", rate["dense, tipg"], 6, 9)


def prepare(database):
    """Gives the usual SQL and tipg the served rows with a GiST, and our SQL the numbers that a server computes."""
    near = []
    for zoom in common.zooms():
        for place in range(zoom.count):
            x, y = zoom.x + place % zoom.width, zoom.y + place // zoom.width
            ranges = z_order.ranges(zoom.z, x, y, common.RESOLUTIONS[zoom.z])
            first, last = ("{" + ",".join(map(str, ends)) + "}" for ends in zip(*ranges))
            near.append(f"({zoom.z}, {x}, {y}, '{first}', '{last}')")
    for statement in [
        "DROP TABLE IF EXISTS usual_risk, near_tiles",
        "CREATE TABLE usual_risk AS SELECT * FROM mv_daily_risk ORDER BY slice, h3_index",
        "CREATE INDEX ON usual_risk USING gist (slice, geom_3857)",
        "CREATE TABLE near_tiles (z int, x int, y int, first bigint[], last bigint[], PRIMARY KEY (z, x, y))",
        f"INSERT INTO near_tiles VALUES {', '.join(near)}",
        "ALTER TABLE near_tiles ADD drawn geometry, ADD wide geometry",
        """UPDATE near_tiles SET drawn = ST_TileEnvelope(z, x, y, margin => 64.0 / 4096),
            wide = ST_TileEnvelope(z, x, y, margin => 4000.0 / 4096)""",
        "VACUUM ANALYZE usual_risk",
        "VACUUM ANALYZE near_tiles",
    ]:
        database.psql(statement)


def our_sql():
    """`sql/tile.sql` with pgbench's variables as its parameters. What is near a tile comes from a table."""
    text = (common.REPOSITORY / "sql/tile.sql").read_text()
    text = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))
    names = [":dataset::text", ":r::int", ":day::date", ":levels::text[]", ":z::int", ":x::int", ":y::int"]
    tile = "FROM near_tiles WHERE (z, x, y) = (:z::int, :x::int, :y::int)"
    names += [f"(SELECT {column} {tile})" for column in ["first", "last", "drawn", "wide"]]
    names += [":scale::float8", ":west::float8", ":north::float8"]
    return re.sub(r"\$(\d+)", lambda found: f"({names[int(found[1]) - 1]})", text)


def script(folder, name, statement):
    """Draws a tile as `common.sequence` does and requests it."""
    zooms = common.zooms()
    total = sum(zoom.count for zoom in zooms)

    def choose(value):
        """The zoom whose range contains the place `:j`."""
        cases, end = "", 0
        for zoom in zooms:
            end += zoom.count
            cases += f" WHEN :j < {end} THEN {value(zoom, end - zoom.count)}"
        return f"CASE{cases} END"

    file = folder / f"{name}.sql"
    file.write_text("\n".join([
        f"\\set k random_zipfian(1, {total}, {common.EXPONENT})",
        f"\\set j (:k * {common.FACTOR} + {common.OFFSET}) % {total}",
        f"\\set i :j - {choose(lambda zoom, start: start)}",
        f"\\set w {choose(lambda zoom, _: zoom.width)}",
        f"\\set z {choose(lambda zoom, _: zoom.z)}",
        f"\\set x {choose(lambda zoom, _: zoom.x)} + :i % :w",
        f"\\set y {choose(lambda zoom, _: zoom.y)} + :i / :w",
        f"\\set r {choose(lambda zoom, _: common.RESOLUTIONS[zoom.z])}",
        "\\set tiles 1 << :z",
        "\\set scale 4096 * :tiles / 40075016.685578488",
        "\\set west 2048 * :tiles - 4096 * :x",
        "\\set north 2048 * :tiles - 4096 * :y",
        statement.strip(), ""]))
    return file


def pgbench(database, file, day, folder):
    """Prepared statements with a generic plan, like those of our server. The connections are new, so the first second
    does not count."""
    log = folder / "pgbench"
    for old in folder.glob("pgbench.*"):
        old.unlink()
    used, asked = common.cpu_seconds(database.postmaster), database.statements()
    told = subprocess.run(
        [*pgbench_program(), database.url, "--no-vacuum", "--protocol=prepared", f"--client={common.CLIENTS}", "--jobs=2",
         f"--time={SECONDS + 1}", "--random-seed=7", "--log", f"--log-prefix={log}", f"--define=dataset={data.SLUG}",
         f"--define=day={day}", "--define=levels={}", f"--file={file}"],
        env=os.environ | {"PGOPTIONS": SESSION}, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(1.2)
    used, asked = common.cpu_seconds(database.postmaster) - used, database.statements() - asked
    errors = int(re.search(r"number of failed transactions: (\d+)", told.stdout)[1])
    # client, number, time (us), script, seconds and microseconds of its end
    lines = [tuple(map(int, line.split())) for part in folder.glob("pgbench.*") for line in part.open()]
    ends = [line[4] + line[5] / 1e6 for line in lines]
    start = min(ends) + 1
    times = sorted(line[2] / 1000 for line, end in zip(lines, ends) if end > start)
    p50, p95, p99 = (times[int(len(times) * share)] for share in (0.5, 0.95, 0.99))
    return common.Outcome(
        len(times) / (max(ends) - start), p50, p95, p99, errors, 0, asked / len(lines), 1000 * used / len(lines))


def pgbench_program():
    """The installed pgbench, or that of scripts/services' private Debian, with its own loader and libraries."""
    if found := shutil.which("pgbench"):
        return [found]
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "hextant"
    for program in sorted(cache.glob("debian13-services-*/usr/lib/postgresql/*/bin/pgbench"), reverse=True):
        root = program.parents[5]
        [loader] = root.glob("lib64/ld-linux-*.so.*")
        libraries = ":".join(str(each) for each in root.glob("usr/lib/*-linux-gnu"))
        return [loader, "--library-path", libraries, program]
    sys.exit("pgbench is not installed")


@contextlib.contextmanager
def tipg(database, folder):
    """PyPI's tipg in its own environment, over the same view."""
    home = folder / "tipg"
    if not (home / "bin/tipg-ready").exists():
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([home / "bin/pip", "install", "--quiet", *TIPG], check=True)
        (home / "bin/tipg-ready").touch()
    port = common.free_port()
    environment = os.environ | {
        "DATABASE_URL": database.url, "TIPG_DB_SCHEMAS": '["public"]', "TIPG_DB_EXCLUDE_FUNCTIONS": '["*"]',
        # Otherwise it sums up the extents of all tables, which takes minutes.
        "TIPG_DB_TABLES": '["public.usual_risk"]',
        "TIPG_MAX_FEATURES_PER_TILE": "10000", "TIPG_CATALOG_TTL": "3600"}
    command = [home / "bin/uvicorn", "tipg.main:app", "--port", str(port), "--workers", "2", "--log-level", "error"]
    with (folder / "tipg.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        common.wait_for(f"http://127.0.0.1:{port}/healthz", process)
        yield common.Server(port, process)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def tipg_paths(day):
    columns = "h3_index,event_count,rolling_7d_avg,growth_rate,risk_score,risk_level,z_score,anomaly"
    paths = []
    for z, x, y in common.sequence(20_000):
        query = urllib.parse.urlencode({
            "geom-column": "geom_3857", "properties": columns, "dataset": data.SLUG, "day": day,
            "resolution": common.RESOLUTIONS[z]})
        paths.append(f"/collections/public.usual_risk/tiles/WebMercatorQuad/{z}/{x}/{y}?{query}")
    return paths
