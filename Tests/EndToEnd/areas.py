"""GDAL's and PROJ's reading of files of areas, by pyogrio and pyproj, to compare conversions with."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy
import pyogrio.raw
import pyproj
import shapely
from shapely.geometry import polygon as polygons

GLOBE = pyproj.Geod(ellps="WGS84")
# Metres of a degree of latitude, at most.
DEGREE = 111_700


@dataclass
class Layer:
    shapes: list
    properties: list
    crs: str | None


def read(source, layer=None, crs=None, **options):
    """The records of a layer as GDAL reads them, in its own reference system."""
    meta, _, blobs, columns = pyogrio.raw.read(source, layer=layer, force_2d=True, **options)
    shapes = [None if blob is None else shapely.from_wkb(blob) for blob in blobs]
    shapes = [None if shape is None or shape.is_empty else shape for shape in shapes]
    names = list(meta["fields"])
    properties = [
        {name: _plain(column[row]) for name, column in zip(names, columns)} for row in range(len(shapes))
    ]
    return Layer(shapes, properties, crs or meta["crs"])


def _plain(value):
    """A value of numpy as one of JSON."""
    if value is None or (isinstance(value, float | numpy.floating) and numpy.isnan(value)):
        return None
    if isinstance(value, numpy.datetime64):
        return None if numpy.isnat(value) else str(value)
    return value.item() if isinstance(value, numpy.generic) else value


def in_degrees(layer):
    """The shapes of a layer in WGS 84, as PROJ has them."""
    transformer = pyproj.Transformer.from_crs(layer.crs, "EPSG:4326", always_xy=True)

    def moved(points):
        return numpy.column_stack(transformer.transform(points[:, 0], points[:, 1], errcheck=True))

    return [None if shape is None else shapely.transform(shape, moved) for shape in layer.shapes]


def written(path):
    """The records of a GeoJSON file of ours, read by Python's own parser."""
    collection = json.loads(Path(path).read_text())
    assert set(collection) == {"type", "features"} and collection["type"] == "FeatureCollection"
    features = collection["features"]
    shapes = [
        None if feature["geometry"] is None else shapely.from_geojson(json.dumps(feature["geometry"]))
        for feature in features
    ]
    return Layer(shapes, [feature["properties"] for feature in features], "EPSG:4326")


def surface(shape):
    """The surface on the spheroid in square metres."""
    return sum(abs(GLOBE.geometry_area_perimeter(polygons.orient(part))[0]) for part in _parts(shape))


def _parts(shape):
    return [part for member in getattr(shape, "geoms", [shape]) for part in getattr(member, "geoms", [member])]


def assert_right_handed(shape):
    for part in _parts(shape):
        if part.geom_type == "Polygon":
            assert part.exterior.is_ccw and not any(hole.is_ccw for hole in part.interiors)


def assert_same_shape(found, expected):
    """Two shapes in degrees have the same type and topology, the same positions to 1 cm, the same surface to 1e-6."""
    if expected is None:
        assert found is None
        return
    assert found.geom_type == expected.geom_type
    ours, theirs = _ordered(found), _ordered(expected)
    assert [len(part) for part in ours] == [len(part) for part in theirs]
    for our, their in zip(ours, theirs):
        assert [len(ring) for ring in our] == [len(ring) for ring in their]
        for one, other in zip(our, their):
            offset = numpy.asarray(one) - numpy.asarray(other)
            offset[:, 0] *= numpy.cos(numpy.radians(numpy.asarray(other)[:, 1]))
            assert numpy.hypot(offset[:, 0], offset[:, 1]).max() * DEGREE < 0.01
    if "Polygon" in expected.geom_type:
        assert abs(surface(found) / surface(expected) - 1) < 1e-6


def _ordered(shape):
    """The rings of each part, in an order and direction that do not depend on who wrote them."""
    parts = []
    for part in _parts(shape):
        if part.geom_type == "Polygon":
            part = polygons.orient(part)
            holes = sorted((hole.coords[:] for hole in part.interiors), key=_place)
            parts.append([part.exterior.coords[:], *holes])
        else:
            parts.append([part.coords[:]])
    return sorted(parts, key=lambda part: _place(part[0]))


def _place(ring):
    """The middle of a ring's box, in tenths of a metre: the same for readers that differ by less."""
    points = numpy.asarray(ring)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    return len(points), *numpy.round(middle, 6)
