"""Shared layers imported, counted with events that match, and drawn: against geopandas and PostGIS."""

import os
import random
import zipfile
from pathlib import Path

import geopandas
import numpy
import pyproj
import pytest
import shapely

FOLDER = Path(os.environ["HEXTANT_SHARED"]) / "data" / "areas"
HEADER = "event_id,event_type,event_timestamp,longitude,latitude,attributes_json\n"
# File, column of ids, column of names, further options, and how many areas there are.
LAYERS = {
    "london": ("london_wards_2014.zip", "GSS_CODE", "NAME", [], 654),
    "toronto": (
        "toronto_neighbourhoods_140.geojson", "AREA_SHORT_CODE", "AREA_NAME",
        ["--population", FOLDER / "toronto_neighbourhood_population.csv", "--population-id", "Neighbourhood Id"], 140),
    "northumbria": ("northumbria_wards.gpkg", "ward_code", "ward_name", [], 177),
    "medellin": ("medellin_comunas.gpkg", "OBJECTID", "NOMBRE", [], 21),
    "boston": ("boston_neighborhoods.geojson", "Neighborhood_ID", "Name", [], 26),
    "canterbury": (
        "nz_area-unit-2017-generalised_canterbury.zip", "AU2017", "AU2017_NAM",
        ["--population", FOLDER / "nz_area_units_2013_population.csv", "--population-column", "ResidentPop2013"], 228),
    "boroughs": ("nyc_boroughs_nybb_16a.zip", "BoroCode", "BoroName", [], 5),
    "chicago": (
        "chicago77_without_prj_state_plane_feet.zip", "AREANO", "COMMUNITY", ["--crs", "EPSG:3435"], 77),
    "kensington": ("lsoa2011_kensington.geojson", "LSOA11CD", "LSOA11NM", [], 103),
}


@pytest.fixture(scope="module", params=LAYERS)
def imported(request, hextant):
    file, id, name, options, count = LAYERS[request.param]
    told = hextant.json(
        "areas", "import", FOLDER / file, "--layer", request.param, "--id", id, "--name", name, *options)
    assert told["areas"] == count
    yield request.param, told
    hextant.json("areas", "delete", request.param, "--confirm", request.param)


def test_shapes_have_no_gap_and_no_overlap_at_any_zoom(imported, database):
    layer, _ = imported
    bands = database.rows(
        """
        SELECT band, count(*), count(fault), bool_and(ST_IsValid(geom_3857)) FROM (
            SELECT s.band, s.geom_3857, ST_CoverageInvalidEdges(s.geom_3857) OVER (PARTITION BY s.band) AS fault
            FROM area_shapes s JOIN area_layers l ON l.id = s.layer_id WHERE l.slug = %s) checked
        GROUP BY band ORDER BY band
        """, [layer])
    assert [band for band, *_ in bands] == list(range(7))
    assert all(faults == 0 and valid for _, _, faults, valid in bands)
    assert bands[-1][1] == LAYERS[layer][4]


def test_areas_are_those_of_geopandas(imported, database):
    layer, _ = imported
    file, id, _, options, _ = LAYERS[layer]
    expected = geopandas.read_file(FOLDER / file)
    if "--crs" in options:
        expected = expected.set_crs(options[options.index("--crs") + 1])
    # Sides between corners are geodesics here, as in PostGIS.
    ellipsoid = pyproj.Geod(ellps="WGS84")
    shapes = expected.geometry.make_valid(method="structure", keep_collapsed=False).to_crs(4326)
    surfaces = [ellipsoid.geometry_area_perimeter(shape)[0] / 1e6 for shape in shapely.orient_polygons(shapes)]
    ours = dict(database.rows(
        "SELECT a.id, a.km2 FROM areas a JOIN area_layers l ON l.id = a.layer_id WHERE l.slug = %s", [layer]))
    for code, surface in zip(expected[id], surfaces):
        key = str(int(code)) if isinstance(code, float | numpy.floating) else str(code).strip()
        assert ours[key] == pytest.approx(surface, rel=1e-5)
    inside = database.value(
        """
        SELECT bool_and(ST_Covers(a.geom, a.label)) FROM areas a JOIN area_layers l ON l.id = a.layer_id
        WHERE l.slug = %s
        """, [layer])
    assert inside


def test_points_are_counted_as_geopandas_joins_them(imported, hextant, tmp_path, database):
    layer, _ = imported
    rows = database.rows(
        """
        SELECT a.id, ST_AsBinary(a.geom) FROM areas a JOIN area_layers l ON l.id = a.layer_id
        WHERE l.slug = %s ORDER BY a.number
        """, [layer])
    shapes = [shapely.from_wkb(bytes(blob)) for _, blob in rows]
    west, south, east, north = shapely.total_bounds(shapes)
    chance = random.Random(layer)
    points = [(chance.uniform(west, east), chance.uniform(south, north)) for _ in range(3000)]
    # Corners, which several areas share.
    points += [tuple(chance.choice(shapely.get_coordinates(shape).tolist())) for shape in shapes]
    hextant.put_dataset(tmp_path, f"at-{layer}")
    file = tmp_path / f"{layer}.csv"
    file.write_text(HEADER + "".join(
        f"e{number},theft,2021-06-0{number % 9 + 1}T12:00:00Z,{float(x)!r},{float(y)!r},{{}}\n"
        for number, (x, y) in enumerate(points)))
    hextant.json("ingest", file, "--dataset", f"at-{layer}")
    [told] = hextant.json("areas", "count", "--dataset", f"at-{layer}", "--layer", layer)["layers"]
    frame = geopandas.GeoDataFrame(
        {"number": range(len(points))}, geometry=[shapely.Point(place) for place in points], crs=4326)
    areas = geopandas.GeoDataFrame({"place": range(len(rows))}, geometry=shapes, crs=4326)
    found = frame.sjoin(areas, predicate="intersects").groupby("number").place.min().value_counts()
    ours = database.rows(
        "SELECT area, sum(events)::int FROM area_day_counts WHERE dataset = %s GROUP BY 1", [f"at-{layer}"])
    assert dict(ours) == {rows[place][0]: n for place, n in found.items()}
    assert told["outside"] == len(points) - found.sum()
    hextant.json("datasets", "delete", f"at-{layer}", "--confirm", f"at-{layer}")


def test_what_is_wrong_with_files_is_told(hextant, tmp_path):
    file = FOLDER / "boston_neighborhoods.geojson"
    told = hextant.json("areas", "import", file, "--layer", "faulty", "--id", "Name", "--name", "Name")
    places = {place["kind"]: place for place in told["faults"]["places"]}
    assert told["faults"]["repaired"] == 1 and places["repaired"]["areas"] == ["Hyde Park"]
    hextant.json("areas", "delete", "faulty", "--confirm", "faulty")
    outcome = hextant("areas", "import", FOLDER / "chicago77_without_prj_state_plane_feet.zip", "--layer", "lost",
                      "--id", "AREANO", "--name", "COMMUNITY")
    assert outcome.code == 65 and "--crs" in outcome.err
    zipfile.ZipFile(FOLDER / "polygon_holes_multipart.zip").extractall(tmp_path)
    [shape] = tmp_path.glob("*.shp")
    told = hextant.json("areas", "import", shape, "--layer", "holes", "--id", "Name", "--name", "Name")
    assert told["areas"] == 3
    hextant.json("areas", "delete", "holes", "--confirm", "holes")
