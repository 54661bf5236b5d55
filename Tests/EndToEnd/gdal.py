"""GDAL's command line tools as an analyst uses them."""

import os
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

from shapely import wkb


def _run(*words):
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    done = subprocess.run([str(word) for word in words], env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and "ERROR" not in done.stderr, done.stderr
    return done.stdout


def summary(source, *options):
    """The output of `ogrinfo -so` for every layer, as lines."""
    return _run("ogrinfo", "-ro", "-al", "-so", *options, source).splitlines()


def convert(source, target, *options, layer=None):
    _run("ogr2ogr", *options, target, source, *([layer] if layer else []))


def features(source, *options, layer=None):
    """The features of a source in order, as GDAL's driver reads them; exact, because they pass through a GeoPackage."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "read.gpkg"
        convert(source, target, "-nln", "found", "-lco", "GEOMETRY_NAME=geom", *options, layer=layer)
        with closing(sqlite3.connect(target)) as package:
            cursor = package.execute("SELECT * FROM found ORDER BY fid")
            names = [column[0] for column in cursor.description]
            return [_feature(dict(zip(names, row))) for row in cursor]


def _feature(row):
    return {"geometry": _geometry(row.pop("geom")).__geo_interface__, "properties": row}


def _geometry(blob):
    """Decodes GeoPackage 1.3, section 2.1.3: a header, an envelope according to its flags, then WKB."""
    envelope = [0, 32, 48, 48, 64][blob[3] >> 1 & 7]
    return wkb.loads(blob[8 + envelope :])
