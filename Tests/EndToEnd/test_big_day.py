"""A day on which very many cells have events: scoring, refresh, tiles and lists keep their limits."""

import os
import time

import pytest
from canonical import HEADER
from serving import serving

pytestmark = pytest.mark.alone
# By hand with a million: HEXTANT_BIG_DAY=1000000.
CELLS = int(os.environ.get("HEXTANT_BIG_DAY", "30000"))
RESOLUTION = 11  # cells of about 50 m
STEP = 0.0012  # degrees, further apart than cells are wide
ACROSS = 1000


def resident(process, name="VmHWM"):
    """Resident memory of a process in MiB: the peak, or another of the kernel's figures."""
    lines = open(f"/proc/{process.pid}/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


@pytest.fixture(scope="module")
def day(hextant, folder):
    slug = hextant.put_dataset(folder, "big", resolutions=[RESOLUTION])
    file = folder / "big.csv"
    with open(file, "w") as lines:
        lines.write(HEADER)
        for number in range(CELLS):
            row, column = divmod(number, ACROSS)
            lines.write(f"theft,2021-05-01T10:00:00Z,{-79.9 + STEP * column:.4f},{43 + STEP * row:.4f},\n")
        # The next day has one cell, so that the scale of the run comes from the big day.
        lines.write("theft,2021-05-02T10:00:00Z,-79.9,43,\n")
    times = {}

    def timed(name, *arguments):
        start = time.monotonic()
        told, memory = hextant.measured_json(*arguments)
        times[name] = (round(time.monotonic() - start, 1), round(memory))
        return told

    timed("ingest", "ingest", file, "--dataset", slug)
    timed("score", "score", "--dataset", slug)
    timed("refresh", "refresh")
    print(f"{CELLS} cells: seconds and MiB of each command: {times}")
    return slug, times


def test_a_day_of_many_cells_stays_within_its_bounds(database, hextant, day, tmp_path):
    slug, times = day
    cells = database.value("SELECT count(*) FROM mv_daily_risk WHERE dataset = %s AND day = '2021-05-01'", [slug])
    assert cells == CELLS
    # A run takes about 400 bytes per cell: 482 MiB were measured for a million cells.
    assert times["score"][1] < 150 + CELLS / 2000 and times["refresh"][1] < 100
    with serving(hextant, tmp_path / "server.log") as server:
        before = resident(server.process)
        start = time.monotonic()
        # A tile over all cells has no more of them than a tile may have.
        for zoom, x, y in [(0, 0, 0), (5, 8, 11), (8, 71, 93), (9, 142, 187)]:
            answer = server.raw(f"/v1/tiles/{zoom}/{x}/{y}.mvt", encoding="gzip", dataset=slug, date="2021-05-01")
            assert answer.status_code in (200, 204) and len(answer.body) < 1 << 20
        tiles = time.monotonic() - start
        assert server.metric("tiles_cut_total") > 0
        start = time.monotonic()
        page = server.json("/v1/risk/2021-05-01", dataset=slug, resolution=RESOLUTION, limit=1000)
        first = time.monotonic() - start
        assert len(page["items"]) == 1000 and page["next"]
        assert len({row["h3_index"] for row in page["items"]}) == 1000
        assert len(server.json("/v1/hotspots", dataset=slug, resolution=RESOLUTION, limit=1000)["features"]) <= 1000
        start = time.monotonic()
        answer = server.session.get(
            f"{server.url}/v1/risk/2021-05-01", params={"dataset": slug, "resolution": RESOLUTION, "f": "csv"},
            stream=True, timeout=600)
        lines = sum(piece.count(b"\n") for piece in answer.iter_content(1 << 16))
        assert lines == CELLS + 1
        whole = time.monotonic() - start
        grown = resident(server.process) - before
        assert grown < 100
        print(f"{CELLS} cells: tiles {tiles:.2f} s, page {first:.2f} s, list {whole:.2f} s, {grown:.0f} MiB more")
