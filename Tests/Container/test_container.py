"""The Dockerfile and docker-compose.yml: an empty machine gets a map, and the containers have no rights to lose.

`make test-container` builds the image and runs this in a network of its own. Podman stands in for Docker's engine, and
Tests/Container/images for the published images of PostgreSQL and Redis.
"""

import datetime
import json
import os
import re
import shutil
import urllib.request
from collections import Counter
from pathlib import Path

import h3
import mapbox_vector_tile
import psycopg
import pytest
import yaml
from engine import REPOSITORY, Compose, Engine, health, inspect, podman, service, wait_until
from toronto import records, write_days

USER = 10001
PASSWORD = "abc123"
# Docker's default, which Compose leaves to the engine; Podman would take 0 seconds and kill at once.
PATIENCE = ["--timeout", "10"]
DAY = datetime.date(2021, 12, 15)
FIRST, LAST = DAY - datetime.timedelta(days=14), DAY
RESOLUTION = 8
# The tile that the whole city lies in.
TILE = "8/71/93"


@pytest.fixture(scope="module")
def compose(tmp_path_factory):
    with Engine():
        compose = Compose(tmp_path_factory.mktemp("compose"), POSTGRES_PASSWORD=PASSWORD)
        yield compose
        compose("down", "--volumes", "--remove-orphans", check=False)


@pytest.fixture(scope="module")
def stack(compose):
    """The services, started by the documented command; docker-compose waits for the conditions in `depends_on`."""
    compose("up", "--detach", "--no-build")
    wait_until(lambda: health("hextant") == "healthy", 120, "the health check of the Dockerfile does not pass")
    return compose


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A folder with the demo's description of its dataset and two weeks of its events."""
    folder = tmp_path_factory.mktemp("data")
    # The user of the container is another one.
    folder.chmod(0o755)
    shutil.copy(REPOSITORY / "deploy/demo/toronto.yaml", folder)
    write_days(folder / "events.csv", str(FIRST), str(LAST))
    return folder


@pytest.fixture(scope="module")
def loaded(stack, data):
    """The services with two weeks of Toronto, loaded by the documented commands."""
    commands = [
        ["datasets", "put", "/data/toronto.yaml"],
        ["ingest", "/data/events.csv", "--dataset", "toronto", "--mapping", "toronto", "--json"],
        ["score", "--dataset", "toronto", "--from", FIRST, "--to", LAST],
        ["refresh"],
    ]
    told = [stack.hextant(*command, data=data) for command in commands]
    assert [done.code for done in told] == [0, 0, 0, 0], told
    assert json.loads(told[1].out)["accepted"] == expected_events()
    return stack


def expected_events():
    """The number of events in the file, counted by Python."""
    return sum(FIRST <= day <= LAST for day, *_ in records())


def expected_cells():
    """The events by cell on the day that is looked at, by PyPI's H3."""
    return Counter(
        h3.latlng_to_cell(latitude, longitude, RESOLUTION)
        for day, _, latitude, longitude, _ in records() if day == DAY)


def ask(compose, path, data=None, **headers):
    """The body of an answer of the published port."""
    request = urllib.request.Request(f"http://127.0.0.1:{compose.settings['PORT']}{path}", data, headers)
    return urllib.request.urlopen(request, timeout=60).read()


def cells_of_tile(compose):
    """The events by cell in the tile."""
    body = ask(compose, f"/v1/tiles/{TILE}.mvt?dataset=toronto&date={DAY}&resolution={RESOLUTION}")
    found = mapbox_vector_tile.decode(body)["risk"]["features"]
    return {feature["properties"]["h3_index"]: feature["properties"]["event_count"] for feature in found}


def inside(name, *command):
    """Runs a command in the container of a service, as the user that the service has."""
    return podman("exec", service(name)["Id"], *command, check=False)


def test_compose_refuses_to_start_without_a_password(tmp_path):
    told = Compose(tmp_path, POSTGRES_PASSWORD="")("config", check=False)
    assert told.returncode != 0 and "copy .env.example to .env and set it" in told.stderr


def test_compose_builds_what_was_built_here(tmp_path):
    services = yaml.safe_load(Compose(tmp_path)("config").stdout)["services"]
    for name in ["hextant", "migrate"]:
        build = services[name]["build"]
        assert Path(build if isinstance(build, str) else build["context"]) == REPOSITORY
        assert isinstance(build, str) or build.get("dockerfile", "Dockerfile") == "Dockerfile"


def test_the_image_has_a_user_without_rights_and_only_what_it_needs(compose):
    assert inspect("image", "hextant")["Config"]["User"] == str(USER)
    look = ["run", "--rm", "--network=none", "--user=0", "--entrypoint=/bin/bash", "hextant", "-c"]
    found = podman(*look, "command -v hextant swift gcc python3 pip curl", check=False).stdout.split()
    assert found == ["/usr/local/bin/hextant"]
    # Neither the program nor its files belong to the user that runs it.
    assert podman(*look, f"find / -xdev -user {USER}").stdout == ""


def test_migrate_ends_well_before_the_server_starts(stack):
    migrate, server = service("migrate")["State"], service("hextant")["State"]
    assert migrate["Status"] == "exited" and migrate["ExitCode"] == 0
    assert migrate["FinishedAt"] <= server["StartedAt"]
    migrations = [file.name.removesuffix(".up.sql") for file in sorted(REPOSITORY.glob("migrations/*.up.sql"))]
    status = stack.hextant("migrate", "status").out.splitlines()
    assert [line.split() for line in status] == [["applied", name] for name in migrations]


def test_the_server_has_no_rights(stack):
    status = Path(f"/proc/{service('hextant')['State']['Pid']}/status").read_text()
    told = dict(re.findall(r"^(\w+):\s+(.*)$", status, re.MULTILINE))
    assert told["Name"] == "hextant"
    assert set(told["Uid"].split()) == {str(USER)} and "0" not in told["Gid"].split() + told["Groups"].split()
    for kind in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]:
        assert int(told[kind], 16) == 0, kind
    assert told["NoNewPrivs"] == "1"


def test_its_file_system_is_read_only(stack):
    mounts = Path(f"/proc/{service('hextant')['State']['Pid']}/mounts").read_text().splitlines()
    options = {fields[1]: (fields[2], fields[3].split(",")) for fields in map(str.split, mounts)}
    assert "ro" in options["/"][1]
    assert options["/tmp"][0] == "tmpfs" and "rw" in options["/tmp"][1]
    # Podman gives every read-only container /tmp and /var/tmp, but Docker only what the file names. So nothing of ours
    # may need /var/tmp.
    assert yaml.safe_load(stack("config").stdout)["services"]["hextant"]["tmpfs"] == ["/tmp"]
    writable = inside("hextant", "find", "/", "-type", "d", "-writable", "-not", "-path", "/tmp/*").stdout.split()
    assert {folder for folder in writable if not folder.startswith(("/dev", "/proc"))} == {"/tmp", "/var/tmp"}
    assert inside("hextant", "find", "/var/tmp", "-mindepth", "1").stdout == ""
    assert inside("hextant", "sh", "-c", "echo kept >/tmp/file && cat /tmp/file").stdout == "kept\n"


def test_ports_are_open_on_the_loopback_interface_only(stack):
    open_ports = {
        (binding["HostIp"], int(binding["HostPort"]))
        for name in ["postgres", "redis", "hextant"]
        for bindings in service(name)["NetworkSettings"]["Ports"].values() for binding in bindings or []}
    assert open_ports == {("127.0.0.1", port) for port in [54329, 63799, 8080]}


def test_programs_of_this_machine_reach_the_database_and_the_cache(stack):
    """docs/setup.md gives these addresses for a build on the host."""
    url = f"postgresql://hextant:{PASSWORD}@127.0.0.1:{stack.settings['HEXTANT_POSTGRES_PORT']}/hextant"
    with psycopg.connect(url) as connection:
        extensions = {name for (name,) in connection.execute("SELECT extname FROM pg_extension")}
        assert {"timescaledb", "postgis"} <= extensions
        settings = dict(connection.execute("SELECT name, setting FROM pg_settings").fetchall())
    assert settings["shared_preload_libraries"] == "timescaledb,pg_stat_statements"
    assert (settings["jit"], settings["max_locks_per_transaction"], settings["max_wal_size"]) == ("off", "256", "4096")
    assert int(inside("postgres", "df", "--output=size", "--block-size=1", "/dev/shm").stdout.split()[1]) == 2**30
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.replace(PASSWORD, "wrong"))
    assert inside("redis", "redis-cli", "config", "get", "maxmemory-policy").stdout.split()[1] == "allkeys-lru"
    assert inside("redis", "redis-cli", "config", "get", "save").stdout.splitlines() == ["save", ""]


def test_the_map_and_its_library_are_served(stack):
    assert b"maplibre-gl" in ask(stack, "/")
    assert len(ask(stack, "/vendor/maplibre-gl.js")) > 500_000
    assert json.loads(ask(stack, "/v1/health/ready"))["status"] == "ready"


def test_a_tile_shows_the_ingested_events_and_redis_keeps_it(loaded):
    assert cells_of_tile(loaded) == expected_cells()
    assert int(inside("redis", "redis-cli", "dbsize").stdout) > 0


def test_an_upload_finds_room_in_tmp(loaded, data):
    created = loaded.hextant("keys", "add", "uploads", "--role", "admin", "--json")
    told = json.loads(ask(
        loaded, "/v1/events/upload?dataset=toronto&mapping=toronto", (data / "events.csv").read_bytes(),
        **{"Authorization": f"Bearer {json.loads(created.out)['key']}", "Content-Type": "text/csv"}))
    assert told["accepted"] == 0 and told["duplicate"] == expected_events()


def test_the_health_check_of_the_image_notices_a_server_that_hangs(loaded):
    container = service("hextant")["Id"]
    assert podman("healthcheck", "run", container).returncode == 0
    podman("kill", "--signal=STOP", container)
    try:
        wait_until(lambda: health("hextant") == "unhealthy", 90, "a stopped server counts as healthy")
    finally:
        podman("kill", "--signal=CONT", container)
    wait_until(lambda: health("hextant") == "healthy", 90, "it does not recover")


def test_a_killed_server_is_started_again(loaded):
    before = service("hextant")["State"]["Pid"]
    os.kill(before, 9)
    wait_until(lambda: service("hextant")["State"]["Pid"] not in (0, before), 60, "nothing starts it again")
    wait_until(lambda: health("hextant") == "healthy", 60, "it does not become healthy")
    assert cells_of_tile(loaded) == expected_cells()


def test_it_ends_well_when_it_is_stopped(loaded):
    loaded("stop", *PATIENCE, "hextant")
    state = service("hextant")["State"]
    assert (state["Status"], state["ExitCode"]) == ("exited", 0)
    loaded("start", "hextant")


def test_the_data_outlive_the_containers(loaded):
    loaded("restart", *PATIENCE)
    wait_until(lambda: health("hextant") == "healthy", 120, "it does not come back after a restart")
    assert cells_of_tile(loaded) == expected_cells()
    loaded("down", *PATIENCE)
    assert podman("ps", "--all", "--quiet").stdout == ""
    loaded("up", "--detach", "--no-build")
    wait_until(lambda: health("hextant") == "healthy", 120, "it does not come back with new containers")
    assert cells_of_tile(loaded) == expected_cells()
