"""The threat model's list of dependencies has everything that is linked, in the right version."""

import re

from command import REPOSITORY

MANIFEST = (REPOSITORY / "Package.swift").read_text()
# Debian's name of a library, as `library` in the manifest has it, and how people call it.
NAMES = {"libpq-dev": "libpq", "libssl-dev": "OpenSSL (libcrypto)", "libhiredis-dev": "hiredis",
         "libdeflate-dev": "libdeflate", "zlib1g-dev": "zlib", "libproj-dev": "PROJ",
         "libsqlite3-dev": "SQLite", "libexpat1-dev": "expat", "libxgboost-dev": "XGBoost",
         "libpango1.0-dev": "Pango", "librdkafka-dev": "librdkafka",
         "libmosquitto-dev": "libmosquitto"}


def listed():
    """The versions by part, from the table."""
    text = (REPOSITORY / "docs/threat_model.md").read_text().split("## Dependencies")[1]
    return dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|", text, re.MULTILINE))


def test_every_package_is_listed_in_the_version_that_the_manifest_asks_for():
    packages = dict(re.findall(r'\.package\(\s*url: "[^"]*/([^/"]+)", from: "([^"]+)"', MANIFEST))
    assert len(packages) == MANIFEST.count(".package(")
    assert packages.items() <= listed().items()


def test_every_library_of_the_system_is_listed():
    libraries = re.findall(r'^\s+library\("\w+", "[^"]+", "([^"]+)"\)', MANIFEST, re.MULTILINE)
    assert libraries and {NAMES[library] for library in libraries} <= listed().keys()


def test_the_map_library_is_listed_in_the_version_that_is_fetched():
    version = re.search(r"MapLibre GL JS ([0-9.]+) ", (REPOSITORY / "scripts/vendor").read_text())[1]
    assert listed()["MapLibre GL JS"] == version
