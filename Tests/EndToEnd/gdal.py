"""GDAL's command line tools, as an analyst runs them."""

import json
import os
import subprocess


def _run(*words):
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    done = subprocess.run([str(word) for word in words], env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and "ERROR" not in done.stderr, done.stderr
    return done.stdout


def summary(source, *options):
    """What `ogrinfo -so` tells of every layer, as lines."""
    return _run("ogrinfo", "-ro", "-al", "-so", *options, source).splitlines()


def features(source, *options):
    """The features of a source, read by GDAL's driver for it and written as GeoJSON in its own coordinates."""
    text = _run("ogr2ogr", "-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=15", *options, "/vsistdout/", source)
    return json.loads(text)["features"]


def convert(source, target, *options):
    _run("ogr2ogr", *options, target, source)
