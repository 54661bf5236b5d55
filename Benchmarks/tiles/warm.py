"""Cached tiles: our server from memory and from Redis, compared with nginx and the same gzip bytes on disk."""

import contextlib
import http.client
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse

import common
import data

ROUNDS = int(os.environ.get("HEXTANT_BENCH_ROUNDS", "3"))
SECONDS = int(os.environ.get("HEXTANT_BENCH_SECONDS", "5"))
MEMORY = ["--tile-memory", "512", "--tile-ttl", "86400"]
REDIS = ["--tile-memory", "0", "--tile-ttl", "86400", "--redis-url"]
# Mean number of milliseconds between two requests of a client at half the rate.
PAUSE = 20


def measure(database, hextant, report, folder):
    redis = os.environ.get("HEXTANT_REDIS_URL") or sys.exit('HEXTANT_REDIS_URL is not set: eval "$(scripts/services env)"')
    tiles = common.sequence(20_000)
    paths = [common.path(tile, data.DENSE) for tile in tiles]
    with hextant.serving(folder, *MEMORY) as memory, hextant.serving(folder, *REDIS, redis) as cached:
        fetch(cached, set(paths))
        with nginx(folder, fetch(memory, set(paths))) as peer:
            runs = {}

            def run(name, server, **options):
                runs.setdefault(name, []).append(common.wrk(server, paths, SECONDS, database, folder, **options))
                report.ran(name, runs[name][-1])

            for _ in range(ROUNDS):
                run("warm, from memory", memory)
                run("warm, nginx from disk", peer)
                run("warm, from Redis", cached, others=[redis_process(redis)])
            best = {name: common.median(outcomes) for name, outcomes in runs.items()}
            clients = max(common.CLIENTS, round(best["warm, from memory"].rate / 2 * PAUSE / 1000))
            for _ in range(ROUNDS):
                run("warm, from memory, half the rate", memory, clients=clients, pause=PAUSE)
                run("warm, nginx, that rate", peer, clients=clients, pause=PAUSE)
        errors = sum(outcome.errors for outcomes in runs.values() for outcome in outcomes)
        assert errors == 0, f"{errors} answers were errors"
    ours, theirs, stored = (best[f"warm, {name}"] for name in ["from memory", "nginx from disk", "from Redis"])
    half = common.median(runs["warm, from memory, half the rate"])
    report.less("warm from memory, CPU a request", 1000 * ours.cpu, "us", "nginx", 1000 * theirs.cpu, 2.5, 1.2)
    report.more("warm from memory", ours.rate, "tiles/s", "nginx", theirs.rate, 0.5, 0.8)
    report.more("warm from Redis", stored.rate, "tiles/s", "warm from memory", ours.rate, 0.4, 0.7)
    report.below(f"warm from memory, p99 at {round(half.rate)}/s", half.p99, "ms", 5, 2)


def fetch(server, paths):
    """The gzip of every tile by its path; afterwards all caches have it."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    bodies = {}
    for _ in range(2):  # the first request makes a tile, the second caches the meaning of its path
        for path in paths:
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            assert answer.status in (200, 204), answer.status
            bodies[urllib.parse.urlsplit(path).path] = answer.read()
    connection.close()
    return bodies


def redis_process(url):
    """The process that listens on the port of the URL."""
    port = urllib.parse.urlsplit(url).port or 6379
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            title = (folder / "cmdline").read_bytes().decode().rstrip("\0 ")
            if re.fullmatch(rf"\S*(valkey|redis)-server \S*:{port}", title):
                return int(folder.name)
    sys.exit(f"the process of Redis on port {port} is not to be found here")


@contextlib.contextmanager
def nginx(folder, bodies):
    """Debian's nginx with as many workers as cores and one file per tile; it ignores the query."""
    home = folder / "nginx"
    shutil.rmtree(home, ignore_errors=True)
    for path, body in bodies.items():
        file = home / "files" / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    for each in [home, *home.rglob("*")]:
        each.chmod(0o755)
    port = common.free_port()
    (home / "nginx.conf").write_text(f"""
        daemon off; worker_processes auto; pid {home}/pid; error_log {home}/error.log;
        events {{ worker_connections 4096; }}
        http {{
            access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
            default_type application/vnd.mapbox-vector-tile;
            client_body_temp_path {home}/b; proxy_temp_path {home}/p; fastcgi_temp_path {home}/f;
            uwsgi_temp_path {home}/u; scgi_temp_path {home}/s;
            server {{
                listen 127.0.0.1:{port}; root {home}/files;
                add_header Content-Encoding gzip; add_header Vary Accept-Encoding;
                add_header Cache-Control "public, max-age=300, stale-while-revalidate=60";
            }}
        }}""")
    binary = shutil.which("nginx") or "/usr/sbin/nginx"
    process = subprocess.Popen([binary, "-p", str(home), "-c", str(home / "nginx.conf"), "-g", "user root;"])
    try:
        first = next(path for path, body in bodies.items() if body)
        common.wait_for(f"http://127.0.0.1:{port}{first}", process)
        time.sleep(0.2)
        yield common.Server(port, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
