"""Messages of `scripts/services` when nothing runs in the end: a clear sentence, and an exit code that is not 0."""

import os
import socket
import subprocess

import pytest
from own_services import SERVICES, free_port

NOBODY = {
    "HEXTANT_DATABASE_URL": "postgresql://hextant:secret@127.0.0.1:{}/hextant?sslmode=disable",
    "HEXTANT_REDIS_URL": "redis://:secret@127.0.0.1:{}/0",
}


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    state = tmp_path_factory.mktemp("named")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HEXTANT_")}
    ours = {
        "HEXTANT_STATE": str(state), "HEXTANT_POSTGRES_PORT": str(free_port()), "HEXTANT_REDIS_PORT": str(free_port())}

    def services(command, **environment):
        return subprocess.run(
            [SERVICES, command], env=kept | ours | environment, capture_output=True, text=True, timeout=300)

    services.state = state
    services.ports = ours
    yield services
    services("forget")


def assert_plain(done):
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr.splitlines()[-1].startswith("services: "), done.stderr
    assert "secret" not in done.stderr


@pytest.mark.parametrize("variable", sorted(NOBODY))
def test_a_server_that_is_named_and_does_not_run_is_missed(services, variable):
    """The state after `eval "$(scripts/services env)"` when those servers have ended."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        somebody = listening.getsockname()[1]
        named = {name: url.format(somebody) for name, url in NOBODY.items()}
        assert services("up", **named).returncode == 0
        named[variable] = NOBODY[variable].format(free_port())
        for command in ["up", "env"]:
            done = services(command, **named)
            assert_plain(done)
            assert variable in done.stderr
        done = services("status", **named)
        assert done.returncode == 1 and f"no server answers at {variable}" in done.stdout


def test_a_port_in_use_is_told(services):
    for variable in ["HEXTANT_POSTGRES_PORT", "HEXTANT_REDIS_PORT"]:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            done = services("up", **{variable: str(taken.getsockname()[1])})
            assert_plain(done)
            assert variable in done.stderr


def test_a_server_that_ends_at_once_is_told(services):
    """A data folder that cannot be used, and a port in use on which nobody answers."""
    assert services("up").returncode == 0
    assert services("status").returncode == 0
    assert services("down").returncode == 0
    done = services("env")
    assert_plain(done)
    version = services.state / "services/postgres/PG_VERSION"
    kept = version.read_bytes()
    version.unlink()
    assert_plain(services("up"))
    assert services("status").returncode == 1
    version.write_bytes(kept)
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", int(services.ports["HEXTANT_REDIS_PORT"])))
        assert_plain(services("up"))
    assert services("up").returncode == 0
