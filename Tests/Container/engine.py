"""Podman as the engine that Docker Compose speaks to, and the timer of its health checks."""

import json
import os
import subprocess
import threading
import time
from pathlib import Path
from types import SimpleNamespace

REPOSITORY = Path(__file__).resolve().parents[2]
SOCKET = "/run/engine.sock"
WORK = Path(os.environ["HEXTANT_CONTAINER_WORK"])


def podman(*arguments, check=True):
    """Runs a command of Podman and returns the finished process, with its output as text."""
    done = subprocess.run(["podman", *map(str, arguments)], text=True, capture_output=True)
    assert done.returncode == 0 or not check, (arguments, done.stdout, done.stderr)
    return done


def inspect(kind, name):
    """The description of an image, a container, a network or a volume."""
    [description] = json.loads(podman(kind, "inspect", name).stdout)
    return description


class Engine:
    """Answers Docker's interface on a socket, and runs the health checks of containers at their intervals.

    systemd runs these checks where it is the first process. Here a thread does, so Podman is told not to look for it.
    """

    def __enter__(self):
        self._log = open(WORK / "engine.log", "wb")
        os.environ["DISABLE_HC_SYSTEMD"] = "true"
        self._service = subprocess.Popen(
            ["podman", "system", "service", "--time=0", f"unix://{SOCKET}"], stdout=self._log, stderr=self._log)
        self._ended = threading.Event()
        self._timer = threading.Thread(target=self._check_health, daemon=True)
        self._timer.start()
        deadline = time.monotonic() + 30
        while not Path(SOCKET).exists():
            assert self._service.poll() is None and time.monotonic() < deadline, "Podman does not answer"
            time.sleep(0.1)
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._timer.join(timeout=60)
        self._service.terminate()
        self._service.wait(timeout=60)
        self._log.close()

    def _check_health(self):
        due = {}
        while not self._ended.wait(0.5):
            for container in podman("ps", "--quiet", "--no-trunc", check=False).stdout.split():
                if time.monotonic() >= due.get(container, 0):
                    due[container] = time.monotonic() + _interval(container)
                    podman("healthcheck", "run", container, check=False)


def _interval(container):
    """The seconds between two health checks of a container, or very many if it has none or is gone."""
    found = podman("container", "inspect", container, check=False)
    if found.returncode != 0:
        return 1e9
    check = json.loads(found.stdout)[0]["Config"].get("Healthcheck") or {}
    return check.get("Interval", 0) / 1e9 or 1e9


class Compose:
    """Docker Compose with the repository's file, and settings as in `.env.example` but for what `settings` replaces."""

    def __init__(self, folder, **settings):
        self.settings = dict(
            line.split("=", 1) for line in (REPOSITORY / ".env.example").read_text().splitlines()
            if line and not line.startswith("#")) | settings
        self._file = folder / "settings.env"
        self._file.write_text("".join(f"{name}={value}\n" for name, value in self.settings.items()))

    def __call__(self, *arguments, check=True):
        """Runs a command of Compose and returns the finished process, with its output as text."""
        done = subprocess.run(
            [WORK / "compose/usr/bin/docker-compose", "--project-name", "hextant", "--project-directory", REPOSITORY,
             "--file", REPOSITORY / "docker-compose.yml", "--env-file", self._file, *map(str, arguments)],
            # Variables of this shell would go before the file's.
            env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "DOCKER_HOST": f"unix://{SOCKET}"},
            stdin=subprocess.DEVNULL, text=True, capture_output=True)
        assert done.returncode == 0 or not check, (arguments, done.stdout, done.stderr)
        return done

    def hextant(self, *arguments, data=None):
        """Runs a command of Hextant in a container of its own, with a folder at /data, as the documents say.

        Returns its exit code, output and errors, taken from the container: with Podman, Compose always exits with 0.
        """
        volume = ["-v", f"{data}:/data:ro"] if data else []
        self("run", "-T", "--name", "command", *volume, "hextant", *arguments)
        told = podman("logs", "command")
        code = inspect("container", "command")["State"]["ExitCode"]
        podman("rm", "command")
        return SimpleNamespace(code=code, out=told.stdout, err=told.stderr)


def service(name):
    """The description of the container of a service of docker-compose.yml."""
    [identifier] = podman(
        "ps", "--all", "--quiet", "--filter", f"label=com.docker.compose.service={name}",
        "--filter", "label=com.docker.compose.oneoff=False").stdout.split()
    return inspect("container", identifier)


def health(name):
    """The outcome of the last health checks of a service: starting, healthy or unhealthy."""
    state = service(name)["State"]
    return (state.get("Health") or state["Healthcheck"])["Status"]


def wait_until(check, seconds, what):
    """Waits until a check is true, and fails with the logs of the containers if that takes too long."""
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, f"{what}\n{logs()}"
        time.sleep(0.5)


def logs():
    """The last lines of every container."""
    return "\n".join(
        f"--- {name}\n{told.stdout}{told.stderr}"
        for name in podman("ps", "--all", "--format", "{{.Names}}").stdout.split()
        for told in [podman("logs", "--tail", "30", name, check=False)])
