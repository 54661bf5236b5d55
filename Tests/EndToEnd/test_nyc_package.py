"""NYCOpenData as a separate library: what it drags in, what other packages do with it, and its documentation."""

import json
import re
import textwrap

import pytest
from certificates import certificate_files, new_issuer
from command import REPOSITORY
from outside import built, published, ran
from standin import StandIn
from standin.socrata import bbl

FOLDER = REPOSITORY / ".build-test" / "outside-nyc"
LIBRARY = REPOSITORY / "Sources" / "NYCOpenData"
EXAMPLES = REPOSITORY / "Tests" / "OutsidePackage" / "Sources" / "properties" / "Examples.swift"


def test_it_drags_in_what_requests_need_and_nothing_of_the_server():
    package = json.loads(ran("swift", "package", "dump-package", cwd=REPOSITORY))
    targets = {target["name"]: target for target in package["targets"]}
    needed, packages, waiting = set(), set(), ["NYCOpenData"]
    while waiting:
        name = waiting.pop()
        if name in needed:
            continue
        needed.add(name)
        for dependency in targets[name]["dependencies"]:
            if "byName" in dependency:
                waiting.append(dependency["byName"][0])
            else:
                packages.add(dependency["product"][1])
    assert {name for name in needed if targets[name]["type"] == "system"} == {"CHiredis"}
    assert not needed & {"Server", "Web", "Commands", "Work", "Storage", "Postgres", "Feeds", "Connectors", "Binning"}
    assert packages <= {
        "async-http-client", "swift-log", "swift-metrics", "swift-nio", "swift-nio-extras", "swift-nio-ssl",
    }  # fmt: skip


@pytest.mark.alone
def test_another_package_asks_the_city(tmp_path):
    program = built(FOLDER, published(FOLDER), "debug", HEXTANT_PRODUCT="NYCOpenData") / "properties"
    files = certificate_files(new_issuer(), tmp_path)
    with StandIn(files.certificate, files.key, seed=5) as city:
        city.socrata.add_requests(count=400)
        city.socrata.add_violations(count=400)
        city.socrata.add_dob_violations(count=600)
        city.socrata.add_permits(count=200)
        lines = ran(str(program), f"{city.url}/socrata", str(files.authority), bbl(1), bbl(2)).splitlines()
    assert lines == [f"{bbl(1)} 3 2 2 1", f"{bbl(2)} 3 2 2 1", "healthy"]


def blocks():
    """The examples of the documentation, each with its place: without imports and blank lines."""
    texts = {path: path.read_text() for path in [REPOSITORY / "docs" / "nyc.md", *LIBRARY.rglob("*.md")]}
    for path in LIBRARY.rglob("*.swift"):
        lines = [re.sub(r"^ ?", "", line.strip().removeprefix("///")) if "///" in line else ""
                 for line in path.read_text().splitlines()]  # fmt: skip
        texts[path] = "\n".join(lines)
    for path, text in texts.items():
        for block in re.findall(r"^```swift\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
            lines = textwrap.dedent(block).splitlines()
            yield path.name, [line for line in lines if line.strip() and not line.startswith("import ")]


def test_every_example_compiles():
    compiled = [line.strip() for line in EXAMPLES.read_text().splitlines() if line.strip()]
    found = list(blocks())
    assert len(found) >= 20
    for name, block in found:
        lines = [line.strip() for line in block]
        places = range(len(compiled) - len(lines) + 1)
        assert any(compiled[place : place + len(lines)] == lines for place in places), (name, block)


def test_every_public_symbol_is_documented():
    undocumented, count = [], 0
    for path in sorted(LIBRARY.rglob("*.swift")):
        lines = path.read_text().splitlines()
        for place, line in enumerate(lines):
            declared = re.match(r"\s*(public|case) ", line)
            if not declared or re.match(r"\s*public import ", line) or re.match(r"\s*case (\.|let |is |nil)", line):
                continue
            if declared[1] == "case" and not is_public_case(lines, place):
                continue
            count += 1
            if not lines[place - 1].strip().startswith("///"):
                undocumented.append(f"{path.name}:{place + 1}: {line.strip()}")
    assert count > 100
    assert undocumented == []


def is_public_case(lines, place):
    """Whether a case belongs to a public enumeration: the nearest line with less indentation tells."""
    depth = len(lines[place]) - len(lines[place].lstrip())
    for line in reversed(lines[:place]):
        if line.strip() and len(line) - len(line.lstrip()) < depth:
            return line.strip().startswith("public enum")
    return False


def test_every_public_type_is_in_the_catalog():
    names = {
        name for path in LIBRARY.rglob("*.swift")
        for name in re.findall(r"^public (?:final )?(?:struct|class|enum) (\w+)", path.read_text(), re.MULTILINE)
    }  # fmt: skip
    catalog = (LIBRARY / "NYCOpenData.docc" / "NYCOpenData.md").read_text()
    assert names == set(re.findall(r"^- ``(\w+)``$", catalog, re.MULTILINE))
