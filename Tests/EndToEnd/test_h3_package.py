"""H3 as a separate library: what other packages can import, how it allocates, and its documentation."""

import json

import pytest
from command import REPOSITORY
from outside import built, published, ran

FOLDER = REPOSITORY / ".build-test" / "outside"


@pytest.fixture(scope="module")
def repository():
    return published(FOLDER)


def test_another_package_uses_it_and_its_calls_allocate_nothing(repository):
    program = built(FOLDER, repository, "release") / "outside"
    lines = ran(str(program)).splitlines()
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
