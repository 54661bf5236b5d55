"""PMTiles files for tests, written by the package `pmtiles`."""

import gzip

import mapbox_vector_tile
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from shapely.affinity import scale
from shapely.geometry import LineString, Point, box

LAYERS = [{"id": "water", "fields": {"kind": "String"}, "minzoom": 0, "maxzoom": 8, "description": "Water"}]


def write(path, tiles, compression=Compression.GZIP, kind=TileType.MVT, metadata=None, bounds=(-80, 43, -79, 44)):
    """Writes a file with tiles by (z, x, y). `bounds` are west, south, east and north in degrees."""
    west, south, east, north = (round(each * 1e7) for each in bounds)
    with open(path, "wb") as file:
        writer = Writer(file)
        for address in sorted(tiles, key=lambda address: zxy_to_tileid(*address)):
            writer.write_tile(zxy_to_tileid(*address), tiles[address])
        header = {
            "tile_type": kind, "tile_compression": compression, "min_lon_e7": west, "min_lat_e7": south,
            "max_lon_e7": east, "max_lat_e7": north, "center_zoom": 3, "center_lon_e7": (west + east) // 2,
            "center_lat_e7": (south + north) // 2,
        }
        writer.finalize(header, metadata or {"name": "Made up", "attribution": "© nobody", "vector_layers": LAYERS})
    return path


def write_country(path):
    """A whole earth at zoom 0: land, a lake, two roads, and a town whose name is drawn. One tile serves all zooms."""
    features = {
        "earth": [(box(0, 0, 4096, 4096), {"kind": "earth"})],
        # Around Toronto, which is at (1143.6, 1494.2) of 4096 at zoom 0: 32 units are three degrees.
        "water": [(box(1143, 1494.8, 1146, 1496), {"kind": "lake"})],
        "roads": [
            (LineString([(1140, 1494.3), (1147, 1494.3)]), {"kind": "highway"}),
            (LineString([(1143.7, 1490), (1143.7, 1498)]), {"kind": "minor_road"}),
        ],
        "places": [(Point(1144, 1494), {"name": "Torontó", "name:fr": "Toronto la Ville", "kind": "locality"})],
    }
    # Sixteen times as fine as usual, so that a city is more than one step of the grid.
    fine = 16
    layers = [
        {
            "name": name,
            "features": [
                {"geometry": scaled(shape, fine), "properties": properties} for shape, properties in shapes
            ],
        }
        for name, shapes in features.items()
    ]
    tile = mapbox_vector_tile.encode(layers, default_options={"extents": 4096 * fine, "y_coord_down": True})
    metadata = {
        "name": "Made up",
        "attribution": '<a href="https://example.org/who">© Somebody</a> <img src=x onerror=alert(1)>',
        "vector_layers": [{"id": name, "fields": {}} for name in features],
    }
    return write(path, {(0, 0, 0): gzip.compress(tile)}, metadata=metadata, bounds=(-180, -85, 180, 85))


def scaled(shape, factor):
    """A shape in a grid that is `factor` times as fine."""
    return scale(shape, factor, factor, origin=(0, 0))
