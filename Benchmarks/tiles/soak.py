"""The memory that ten million answers from the cache leave behind in the server."""

import os
import pathlib

import common
import data
import warm

REQUESTS = int(os.environ.get("HEXTANT_BENCH_REQUESTS", "10000000"))
# Seconds of load between two measurements of the memory.
PART = 30
# More clients than elsewhere, since connections leave memory behind as well: each part has new ones.
CLIENTS = 64


def measure(database, hextant, report, folder):
    paths = [common.path(tile, data.DENSE) for tile in common.sequence(20_000)]
    with hextant.serving(folder, *warm.MEMORY) as server:
        warm.fetch(server, set(paths))
        done, errors, seen = 0, 0, []
        while done < REQUESTS:
            outcome = common.wrk(server, paths, PART, database, folder, clients=CLIENTS)
            done += round(outcome.rate * PART)
            errors += outcome.errors
            seen.append((done, resident(server)))
            report.ran(f"warm, from memory, {done / 1e6:.1f} million, {seen[-1][1]:.0f} MB", outcome)
        assert errors == 0, f"{errors} answers were errors"
    early = next(memory for count, memory in seen if count >= REQUESTS / 10)
    report.below(f"memory after {done / 1e6:.1f} million requests", seen[-1][1], "MB", 300, 100)
    report.less("the same", seen[-1][1], "MB", "after a tenth", early, 1.1, 1.02)


def resident(server):
    """Resident memory of the server's process in MB."""
    pages = int(pathlib.Path(f"/proc/{server.process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
