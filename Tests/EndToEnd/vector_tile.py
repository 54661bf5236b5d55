"""Vector tiles: the places of cells in them by H3's own outlines, and the contents of their bytes."""

import math
from dataclasses import dataclass

import h3
import mapbox_vector_tile
from mapbox_vector_tile.Mapbox import vector_tile_pb2
from shapely.geometry import Polygon

EXTENT = 4096
MARGIN = 64  # units beyond the tile that are drawn


@dataclass(frozen=True)
class Tile:
    z: int
    x: int
    y: int

    def __str__(self):
        return f"{self.z}/{self.x}/{self.y}"

    def units(self, latitude, longitude):
        """Web Mercator in units of this tile, y pointing down."""
        world = EXTENT * 2**self.z
        x = (longitude / 360 + 0.5) * world
        y = (0.5 - math.asinh(math.tan(math.radians(latitude))) / (2 * math.pi)) * world
        return x - self.x * EXTENT, y - self.y * EXTENT

    def outline(self, cell):
        """The vertices of a cell in units of this tile, from H3."""
        return [self.units(*vertex) for vertex in h3.cell_to_boundary(cell)]


def tiles_around(cells, z):
    """Every tile of a zoom that the cells' bounds touch, and one more on every side."""
    corners = [Tile(z, 0, 0).units(*vertex) for cell in cells for vertex in h3.cell_to_boundary(cell)]
    columns, rows = ([int(value // EXTENT) for value in axis] for axis in zip(*corners))
    last = 2**z - 1
    return [
        Tile(z, x, y)
        for x in range(max(0, min(columns) - 1), min(last, max(columns) + 1) + 1)
        for y in range(max(0, min(rows) - 1), min(last, max(rows) + 1) + 1)
    ]


def features(data, name="risk"):
    """The attributes by cell of the only layer; a cell may be in a tile only once."""
    layers = mapbox_vector_tile.decode(data, default_options={"y_coord_down": True})
    assert list(layers) == [name] and layers[name]["extent"] == EXTENT
    found = {feature["properties"]["h3_index"]: feature["properties"] for feature in layers[name]["features"]}
    assert len(found) == len(layers[name]["features"])
    return found


def rings(data):
    """The rings by cell as stored in the bytes: closed, in tile units, y pointing down (MVT 2.1, section 4.3)."""
    tile = vector_tile_pb2.tile()
    tile.ParseFromString(data)
    [layer] = tile.layers
    assert layer.version == 2
    found = {}
    for feature in layer.features:
        assert feature.type == 3  # a polygon
        tags = dict(zip(feature.tags[::2], feature.tags[1::2]))
        cell = layer.values[tags[list(layer.keys).index("h3_index")]].string_value
        found[cell] = list(_rings(feature.geometry))
    return found


def _rings(commands):
    x = y = position = 0
    ring = []
    while position < len(commands):
        command, count = commands[position] & 7, commands[position] >> 3
        position += 1
        if command == 7:
            yield [*ring, ring[0]]
            ring = []
            continue
        for _ in range(count):
            x += _signed(commands[position])
            y += _signed(commands[position + 1])
            position += 2
            ring.append((x, y))
    assert ring == [], "a ring that is not closed"


def _signed(value):
    return (value >> 1) ^ -(value & 1)


def signed_area(ring):
    """The signed area by the surveyor's formula in the tile's axes: positive for an exterior ring (MVT 2.1, 4.3.3.3).
    """
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, ring[1:])) / 2


def shared_area(tile, cell):
    """The part of the tile itself that a cell covers, in square units."""
    square = Polygon([(0, 0), (EXTENT, 0), (EXTENT, EXTENT), (0, EXTENT)])
    return square.intersection(Polygon(tile.outline(cell))).area
