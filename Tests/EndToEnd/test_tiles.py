"""Tiles over HTTP, decoded by other people's code, compared with the rows of the view and the outlines of PyPI's H3."""

import datetime
from collections import defaultdict

import gdal
import h3
import mapbox_vector_tile
import pytest
from serving import serving
from vector_tile import EXTENT, MARGIN, Tile, features, rings, shared_area, signed_area, tiles_around

ATTRIBUTES = [
    "event_count",
    "rolling_7d_avg",
    "growth_rate",
    "risk_score",
    "risk_level",
    "z_score",
    "anomaly",
    "unusual",
]
ROUNDED = ["rolling_7d_avg", "growth_rate", "risk_score", "z_score"]  # to two decimals
# The result of ST_AsMVTGeom for the same view: the usual way to make a tile.
USUAL = """
    WITH cells AS (
        SELECT ST_AsMVTGeom(m.geom_3857, ST_TileEnvelope(%(z)s, %(x)s, %(y)s), 4096, 64, true) AS geom,
            to_hex(m.h3_index) AS h3_index
        FROM mv_daily_risk m
        WHERE m.day = %(day)s AND m.resolution = %(resolution)s
            AND m.geom_3857 && ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => 64.0 / 4096)
    ) SELECT ST_AsMVT(cells, 'risk', 4096, 'geom') FROM cells WHERE geom IS NOT NULL
"""
# Zoom and resolution, from the whole world down to a cell that fills the tile.
VIEWS = [(0, 9), (0, 5), (5, 5), (5, 8), (8, 7), (10, 7), (10, 9), (14, 9), (14, 6)]


@pytest.fixture(scope="module")
def day(demo_server):
    return demo_server.day


@pytest.fixture(scope="module")
def view(toronto, day):
    """The rows of the view of that day by cell, for each resolution, with the values in tiles."""
    rows = defaultdict(dict)
    for resolution, cell, *values in toronto.database.rows(
        f"SELECT resolution, h3_index, {', '.join(ATTRIBUTES)} FROM mv_daily_risk WHERE day = %s", [day]
    ):
        name = h3.int_to_str(cell)
        rows[resolution][name] = {"h3_index": name} | dict(zip(ATTRIBUTES, values))
        for figure in ROUNDED:
            rows[resolution][name][figure] = round(rows[resolution][name][figure] * 100) / 100
    return rows


@pytest.fixture(scope="module")
def fetch(toronto_server, day):
    """The uncompressed bytes of a tile of the day, none for 204; each is requested once."""
    kept = {}

    def fetch(tile, resolution):
        if (tile, resolution) not in kept:
            answer = toronto_server.raw(f"/v1/tiles/{tile}.mvt", date=day, resolution=resolution)
            assert answer.status_code in (200, 204) and (answer.body == b"") == (answer.status_code == 204)
            kept[tile, resolution] = answer.body
        return kept[tile, resolution]

    return fetch


@pytest.fixture(scope="module")
def fetch_all(fetch, view):
    """The tiles of a zoom that are not empty, with their bytes."""

    def fetch_all(z, resolution):
        tiles = {tile: fetch(tile, resolution) for tile in tiles_around(view[resolution], z)}
        return {tile: data for tile, data in tiles.items() if data}

    return fetch_all


def is_inside(point, margin=MARGIN):
    return all(-margin <= value <= EXTENT + margin for value in point)


@pytest.mark.parametrize("z, resolution", VIEWS)
def test_tiles_of_a_zoom_hold_exactly_the_cells_of_the_view(fetch_all, view, z, resolution):
    found = {}
    for data in fetch_all(z, resolution).values():
        for cell, attributes in features(data).items():
            assert found.setdefault(cell, attributes) == attributes, cell  # neighbours agree on a shared cell
    assert len(found) > 3
    assert found == view[resolution]


@pytest.mark.parametrize("z, resolution", VIEWS)
def test_a_cell_is_in_every_tile_it_reaches_into(fetch, view, z, resolution):
    for tile in tiles_around(view[resolution], z):
        data = fetch(tile, resolution)
        held = set(features(data)) if data else set()
        # A cell within a unit of the edge may be rounded to either side of it.
        expected = {cell for cell in view[resolution] if shared_area(tile, cell) > EXTENT}
        assert expected <= held, tile
        for cell in held:
            xs, ys = zip(*tile.outline(cell))
            assert min(xs) <= EXTENT + MARGIN + 1 and max(xs) >= -MARGIN - 1, (tile, cell)
            assert min(ys) <= EXTENT + MARGIN + 1 and max(ys) >= -MARGIN - 1, (tile, cell)


@pytest.mark.parametrize("z, resolution", [(8, 7), (10, 7), (10, 9), (14, 9)])
def test_hexagons_are_those_of_h3_to_a_unit(fetch_all, z, resolution):
    compared = 0
    for tile, data in fetch_all(z, resolution).items():
        for cell, [ring] in rings(data).items():
            outline = tile.outline(cell)
            if not all(map(is_inside, outline)):
                continue
            assert {nearest(vertex, ring) <= 1 for vertex in outline} == {True}, (tile, cell)
            assert {nearest(vertex, outline) <= 1 for vertex in ring} == {True}, (tile, cell)
            compared += 1
    assert compared > 50


def nearest(vertex, others):
    """Distance in units to the nearest of others, along the axis on which it is greater."""
    return min(max(abs(a - b) for a, b in zip(vertex, other)) for other in others)


@pytest.mark.parametrize("z, resolution", [(0, 5), (0, 9), (5, 9)])
def test_cell_too_small_for_the_grid_is_a_square_at_its_place(fetch_all, z, resolution):
    for tile, data in fetch_all(z, resolution).items():
        for cell, [ring] in rings(data).items():
            center = tile.units(*h3.cell_to_latlng(cell))
            assert nearest(center, ring) <= 2, (tile, cell)
            assert signed_area(ring) >= 1


@pytest.mark.parametrize("z, resolution", VIEWS)
def test_every_ring_is_an_exterior_one_that_clients_can_read(fetch_all, z, resolution):
    for tile, data in fetch_all(z, resolution).items():
        for cell, found in rings(data).items():
            [ring] = found  # a convex cell stays in one part, whole or cut by a box
            assert signed_area(ring) > 0, (tile, cell)
            assert all(is_inside(point, margin=EXTENT) for point in ring), (tile, cell)


@pytest.mark.parametrize("z, resolution", [(8, 7), (10, 7), (10, 9), (12, 9), (14, 9), (14, 6)])
def test_tile_is_that_of_ST_AsMVTGeom_to_a_unit(fetch_all, toronto, day, z, resolution):
    compared = 0
    for tile, data in fetch_all(z, resolution).items():
        place = {"z": tile.z, "x": tile.x, "y": tile.y, "day": day, "resolution": resolution}
        [(usual,)] = toronto.database.rows(USUAL, place)
        ours, theirs = rings(data), rings(bytes(usual))
        # The usual way drops cells of which only the bounding box touches the margin.
        assert set(theirs) <= set(ours)
        assert all(shared_area(tile, cell) == 0 for cell in set(ours) - set(theirs)), tile
        for cell, [ring] in theirs.items():
            [own] = ours[cell]
            assert signed_area(own) > 0 and signed_area(ring) > 0
            if all(map(is_inside, own)) and all(map(is_inside, tile.outline(cell))):
                assert {nearest(point, ring) <= 1 for point in own} == {True}, (tile, cell)
                assert {nearest(point, own) <= 1 for point in ring} == {True}, (tile, cell)
            compared += 1
    assert compared > 20


def test_gdal_reads_a_tile(fetch_all, view, tmp_path):
    tile, data = max(fetch_all(10, 9).items(), key=lambda each: len(each[1]))
    file = tmp_path / f"{tile.y}.mvt"
    file.write_bytes(data)
    told = gdal.summary(file)
    assert "Layer name: risk" in told and f"Feature Count: {len(features(data))}" in told
    place = [word for axis in "xyz" for word in ("-oo", f"{axis.upper()}={getattr(tile, axis)}")]
    read = gdal.features(file, *place, "-oo", "CLIP=NO", "-t_srs", "EPSG:4326")
    assert {feature["properties"]["h3_index"] for feature in read} == set(features(data))
    for feature in read:
        row = view[9][feature["properties"]["h3_index"]]
        assert {name: feature["properties"][name] for name in row} == row


def test_usual_resolution_suits_the_zoom(toronto_server, day):
    """The resolutions by zoom are those of the table in docs/http.md."""
    table = {0: 5, 7: 5, 8: 6, 9: 6, 10: 7, 11: 8, 12: 8, 13: 9, 14: 9}
    center = h3.latlng_to_cell(43.6532, -79.3832, 9)
    for z, resolution in table.items():
        column, row = (int(value // EXTENT) for value in Tile(z, 0, 0).units(*h3.cell_to_latlng(center)))
        answer = toronto_server.raw(f"/v1/tiles/{z}/{column}/{row}.mvt", date=day)
        assert {h3.get_resolution(cell) for cell in features(answer.body)} == {resolution}, z


@pytest.mark.parametrize("levels", [["low"], ["medium", "high"], ["critical", "low"]], ids="+".join)
def test_level_chooses_the_cells(toronto_server, day, view, levels):
    answer = toronto_server.raw("/v1/tiles/0/0/0.mvt", date=day, resolution=8, level=",".join(levels))
    expected = {cell: row for cell, row in view[8].items() if row["risk_level"] in levels}
    assert (features(answer.body) if answer.status_code == 200 else {}) == expected


def test_tile_of_days_tells_every_score_once(toronto, toronto_server, day):
    first = datetime.date.fromisoformat(day) - datetime.timedelta(days=61)
    rows = toronto.database.rows(
        "SELECT h3_index, day, risk_score FROM mv_daily_risk WHERE resolution = 7 AND day BETWEEN %s AND %s",
        [first, day],
    )
    expected = defaultdict(dict)
    for cell, at, score in rows:
        expected[h3.int_to_str(cell)][f"s{(at - first).days}"] = score
    answer = toronto_server.raw("/v1/tiles/8/71/93.mvt", **{"from": first, "to": day, "resolution": 7})
    found = features(answer.body)
    assert found.keys() == expected.keys() and len(found) > 100
    assert {tuple(ring) for cell in rings(answer.body).values() for ring in cell}
    for cell, scores in found.items():
        assert scores.pop("h3_index") == cell
        assert scores.keys() == expected[cell].keys()
        for name, score in scores.items():
            assert expected[cell][name] - 1e-9 <= score < expected[cell][name] + 0.01 + 1e-9


def test_crowded_tile_has_the_highest_cells_and_says_so(toronto, folder, day):
    with serving(toronto.hextant, folder / "crowded.log", "--tile-cells", "100") as server:
        answer = server.raw("/v1/tiles/8/71/93.mvt", date="2021-08-20", resolution=9)
    layers = mapbox_vector_tile.decode(answer.body)
    rows = toronto.database.rows(
        "SELECT h3_index, risk_score FROM mv_daily_risk WHERE resolution = 9 AND day = '2021-08-20'"
        " ORDER BY risk_score DESC, h3_index"
    )
    if len(rows) > 100:
        [meta] = layers["meta"]["features"]
        assert meta["properties"] == {"total": len(rows), "shown": 100, "reason": "too many cells"}
    else:
        assert "meta" not in layers
    expected = {h3.int_to_str(cell) for cell, _ in rows[:100]}
    assert {feature["properties"]["h3_index"] for feature in layers["risk"]["features"]} == expected
