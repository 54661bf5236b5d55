"""H3 as a separate library: what other packages can import, how it allocates, and its documentation."""

import json
import os
import shutil
import subprocess

import pytest
from command import REPOSITORY

FOLDER = REPOSITORY / ".build-test" / "outside"


def ran(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def repository():
    """The files of this clone as a repository with a version: SwiftPM allows some flags only for packages in a folder.
    """
    folder = FOLDER / "hextant"
    shutil.rmtree(folder, ignore_errors=True)
    names = ran("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=REPOSITORY).split("\0")
    for name in filter(None, names):
        if (REPOSITORY / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, folder / name, follow_symlinks=False)
    ran("git", "init", "--quiet", cwd=folder)
    ran("git", "add", "--all", cwd=folder)
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    ran("git", *identity, "commit", "--quiet", "--message", "All files", cwd=folder)
    ran("git", "tag", "1.0.0", cwd=folder)
    return folder


def test_another_package_uses_it_and_its_calls_allocate_nothing(repository):
    package = FOLDER / "package"
    shutil.rmtree(package, ignore_errors=True)
    shutil.copytree(REPOSITORY / "Tests" / "OutsidePackage", package)
    shutil.copy(REPOSITORY / "Package.resolved", package)
    environment = os.environ | {"HEXTANT_REPOSITORY": repository.as_uri()}
    build = ["swift", "build", "--configuration", "release", "--scratch-path", str(FOLDER / "build")]
    # The version has different files in every run.
    ran(*build, "--resolver-fingerprint-checking", "warn", cwd=package, env=environment)
    lines = ran(str(FOLDER / "build" / "release" / "outside")).splitlines()
    allocations = {name: int(count) for name, count in (line.split(": ") for line in lines)}
    assert allocations.pop("disk as an array") > 0
    assert len(allocations) > 25
    assert {name: count for name, count in allocations.items() if count} == {}


def test_every_public_symbol_is_documented(tmp_path):
    sources = map(str, (REPOSITORY / "Sources" / "H3").rglob("*.swift"))
    ran(
        "swiftc",
        "-swift-version",
        "6",
        "-emit-module",
        "-module-name",
        "H3",
        "-emit-module-path",
        f"{tmp_path}/H3.swiftmodule",
        "-enable-upcoming-feature",
        "ExistentialAny",
        "-enable-upcoming-feature",
        "InternalImportsByDefault",
        "-emit-symbol-graph",
        "-emit-symbol-graph-dir",
        str(tmp_path),
        "-symbol-graph-minimum-access-level",
        "public",
        "-symbol-graph-skip-synthesized-members",
        *sources,
    )
    symbols = json.loads((tmp_path / "H3.symbols.json").read_text())["symbols"]
    # Declarations made by the compiler have no place in a file.
    own = [symbol for symbol in symbols if "location" in symbol]
    assert len(own) > 100
    undocumented = [
        ".".join(symbol["pathComponents"]) for symbol in own if not symbol.get("docComment", {}).get("lines")
    ]
    assert undocumented == []
