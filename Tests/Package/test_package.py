"""The Debian package: lintian accepts it; it is installed, upgraded, removed and purged in a root of its own.

`make test-package` builds two versions of the package and runs this. mmdebstrap makes the root, of the release of this
machine, and it is removed after the run. The program runs in it as the user that the package creates.
"""

import contextlib
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request

import pytest

PACKAGES = pathlib.Path(os.environ["HEXTANT_PACKAGES"])
OLD, NEW = os.environ["HEXTANT_PACKAGE_VERSIONS"].split()
DATABASE = os.environ["HEXTANT_DATABASE_URL"]
REDIS = os.environ["HEXTANT_REDIS_URL"]
ENVIRONMENT = "etc/hextant/environment"
UNITS = ["hextant.service", "hextant-worker.service"]


def package(version, name="hextant"):
    architecture = subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()
    return PACKAGES / f"{name}_{version}_{architecture}.deb"


class Root:
    """A Debian of its own, in which the package is installed."""

    def __init__(self, folder):
        self.folder = folder

    def __truediv__(self, path):
        return self.folder / path

    def run(self, *command, user="root", environment=(), check=True):
        """Runs a command in the root. `check` says whether it must succeed."""
        return subprocess.run(self.command(command, user, environment), check=check, text=True, capture_output=True)

    def start(self, *command, user, environment, log):
        return subprocess.Popen(self.command(command, user, environment), stdout=log, stderr=log)

    def command(self, command, user, environment):
        return ["chroot", f"--userspec={user}", self.folder, "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8", *environment, *command]

    def apt(self, *arguments):
        return self.run("apt-get", "--yes", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0", *arguments)

    def install(self, version):
        shutil.copy(package(version), self / "tmp/hextant.deb")
        return self.apt("install", "/tmp/hextant.deb")

    def status(self):
        """The status that dpkg gives the package: "install ok installed" and so on."""
        told = self.run("dpkg-query", "--show", "--showformat=${Status} ${Version}", "hextant", check=False)
        return told.stdout

    def mode(self, path):
        """The permissions, owner and group of a path."""
        return self.run("stat", "--format=%a %U:%G", f"/{path}").stdout.strip()


@pytest.fixture(scope="module")
def root():
    release = re.search(r"VERSION_CODENAME=(\w+)", pathlib.Path("/etc/os-release").read_text())[1]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="hextant-package-"))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        subprocess.run(["mmdebstrap", "--quiet", "--variant=apt", "--include=systemd", release, folder], check=True)
        shutil.copy("/etc/resolv.conf", folder / "etc/resolv.conf")
        # Nothing starts while packages are configured: there is no systemd in this root.
        (folder / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n")
        (folder / "usr/sbin/policy-rc.d").chmod(0o755)
        subprocess.run(["mount", "-t", "proc", "proc", folder / "proc"], check=True)
        stack.callback(subprocess.run, ["umount", folder / "proc"], check=True)
        root = Root(folder)
        root.apt("update")
        yield root


@pytest.fixture(scope="module")
def installed(root):
    root.install(OLD)
    return root


def test_lintian_finds_no_fault():
    found = subprocess.run(
        ["lintian", "--allow-root", "--fail-on", "error,warning", package(NEW), package(NEW, "hextant-dbgsym")],
        text=True, capture_output=True)
    assert found.returncode == 0, found.stdout + found.stderr


def test_it_depends_on_what_the_program_is_linked_with():
    depends = subprocess.check_output(["dpkg-deb", "--field", package(NEW), "Depends"], text=True)
    for library in [
        "libpq5", "libssl3", "libhiredis", "libdeflate0", "libproj", "libsqlite3-0", "libexpat1", "libxgboost0",
        "zlib1g", "libc6", "libcairo2", "libpangocairo-1.0-0", "fonts-dejavu-core",
        "librdkafka1", "libmosquitto1",
    ]:
        assert re.search(rf"\b{re.escape(library)}", depends), (library, depends)


def test_the_units_are_sound(installed, tmp_path):
    for unit in UNITS:
        path = installed / "lib/systemd/system" / unit
        command = re.search(r"^ExecStart=(\S+)", path.read_text(), re.MULTILINE)[1]
        assert command == "/usr/bin/hextant" and (installed / command[1:]).is_file()
    # With --root, systemd looks for the program and for the units that these need below it.
    told = subprocess.run(
        ["systemd-analyze", "verify", f"--root={installed.folder}", "--man=no", *UNITS], text=True, capture_output=True)
    faults = [line for line in told.stderr.splitlines() if "hextant" in line]
    assert faults == []


def test_it_creates_a_user_without_rights_and_hides_the_settings(installed):
    assert installed.status() == f"install ok installed {OLD}"
    name, _, uid, _, _, home, shell = installed.run("getent", "passwd", "hextant").stdout.strip().split(":")
    assert (name, home, shell) == ("hextant", "/var/lib/hextant", "/usr/sbin/nologin") and 100 <= int(uid) < 1000
    assert installed.mode(ENVIRONMENT) == "640 root:hextant"
    assert installed.mode("usr/bin/hextant") == "755 root:root"
    assert installed.run("cat", f"/{ENVIRONMENT}", user="nobody", check=False).returncode != 0
    # Services need a database first, so an installation enables none.
    assert not list((installed / "etc/systemd/system").rglob("hextant*"))


def test_man_page_and_completions_know_every_command(installed):
    told = installed.run("hextant", "--help").stdout.split("SUBCOMMANDS:")[1]
    commands = re.findall(r"^  ([a-z0-9-]+)\s", told, re.MULTILINE)
    assert len(commands) > 10
    page = subprocess.check_output(["zcat", installed / "usr/share/man/man1/hextant.1.gz"], text=True)
    # Hyphens are escaped. A command with subcommands has a section for each of these.
    sections = re.findall(r"^\.SS hextant (\S+)", page.replace("\\-", "-"), re.MULTILINE)
    assert set(commands) <= set(sections), "the man page lacks commands"
    for file in ["bash-completion/completions/hextant", "zsh/vendor-completions/_hextant",
                 "fish/vendor_completions.d/hextant.fish"]:
        text = (installed / "usr/share" / file).read_text()
        assert all(command in text for command in commands), file
    drawn = subprocess.run(
        ["man", "--warnings", "-l", installed / "usr/share/man/man1/hextant.1.gz"], text=True, capture_output=True)
    assert drawn.returncode == 0 and drawn.stderr == ""


def test_the_service_runs_as_its_user_and_serves_the_map(installed, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    environment = [f"HEXTANT_DATABASE_URL={DATABASE}", f"HEXTANT_REDIS_URL={REDIS}"]
    installed.run("hextant", "migrate", "up", user="hextant", environment=environment)
    with open(tmp_path / "log", "wb") as log:
        server = installed.start("hextant", "serve", "--workers", "0", "--port", str(port), user="hextant",
                                 environment=environment, log=log)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                page = urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read().decode()
                break
            except OSError:
                assert server.poll() is None and time.monotonic() < deadline, (tmp_path / "log").read_text()
                time.sleep(0.2)
        assert "maplibre-gl" in page
        library = urllib.request.urlopen(f"http://127.0.0.1:{port}/vendor/maplibre-gl.js", timeout=5).read()
        assert len(library) > 500_000
        assert pathlib.Path(f"/proc/{server.pid}").stat().st_uid == int(
            installed.run("id", "--user", "hextant").stdout)
    finally:
        server.terminate()
        assert server.wait(timeout=60) == 0


def test_an_upgrade_keeps_the_settings_and_a_purge_leaves_nothing(installed):
    settings = installed / ENVIRONMENT
    settings.write_text(settings.read_text() + "HEXTANT_PUBLIC_URL=https://example.org\n")
    installed.install(NEW)
    assert installed.status() == f"install ok installed {NEW}"
    assert "HEXTANT_PUBLIC_URL=https://example.org\n" in settings.read_text()
    assert installed.mode(ENVIRONMENT) == "640 root:hextant"
    installed.apt("remove", "hextant")
    assert settings.exists() and not (installed / "usr/bin/hextant").exists()
    assert installed.status().startswith("deinstall ok config-files")
    installed.apt("purge", "hextant")
    left = [str(path) for part in ["etc", "usr", "lib/systemd", "var/lib/hextant"]
            for path in (installed / part).rglob("*hextant*")]
    assert left == []
