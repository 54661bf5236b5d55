"""Every shared file of areas through `hextant convert`, compared with GDAL's and PROJ's reading of it."""

import os
from pathlib import Path

import pytest
import shapely
from areas import assert_right_handed, assert_same_shape, in_degrees, read, written
from command import Hextant

FOLDER = Path(os.environ["HEXTANT_SHARED"]) / "data" / "areas"
TABLES = {".csv", ".gz", ".tsv", ".xlsx"}
# The layer and reference system of files that do not say them (SOURCE.tsv).
STATED = {
    "chicago77_without_prj_state_plane_feet.zip": [(None, "EPSG:3435")],
    "gisdata_points_without_prj.zip": [
        ("points_epsg2249_no_prj", "EPSG:2249"), ("points_wgs84_no_prj", "EPSG:4326"),
    ],
    "latin1_dbf_without_cpg.zip": [(None, "EPSG:4326")],
    "san_francisco_blockgroups_pop1990.zip": [(None, "EPSG:4326")],
}
CASES = [
    (path.name, layer, crs)
    for path in sorted(FOLDER.iterdir())
    if path.suffix not in TABLES
    for layer, crs in STATED.get(path.name, [(None, None)])
]
# Records that GEOS finds invalid, which conversion does not repair.
INVALID = {"boston_neighborhoods.geojson": 1, "london_wards_2014.zip": 2}


@pytest.fixture(scope="module")
def command():
    return Hextant(None)


@pytest.fixture
def convert(command, tmp_path):
    def convert(name, layer, crs, *options, target="out.geojson"):
        target = tmp_path / target
        stated = ["--layer", layer] if layer else []
        stated += ["--crs", crs] if crs else []
        return target, command.json("convert", FOLDER / name, target, *stated, *options)

    return convert


@pytest.mark.parametrize("name, layer, crs", CASES, ids=lambda value: value and str(value))
def test_a_file_is_what_gdal_and_proj_read(convert, name, layer, crs):
    target, told = convert(name, layer, crs)
    found = written(target)
    source = f"/vsizip/{FOLDER / name}" if name.endswith(".zip") else FOLDER / name
    expected = read(source, layer=layer, crs=crs)
    shapes = in_degrees(expected)
    assert told["records"] == len(shapes) == len(found.shapes)
    for ours, theirs in zip(found.shapes, shapes):
        assert_right_handed(ours)
        assert_same_shape(ours, theirs)
    assert sum(not shape.is_valid for shape in found.shapes) == INVALID.get(name, 0)
    if name.endswith(".kml"):
        assert [row["name"] for row in found.properties] == [row["Name"] for row in expected.properties]
        return
    for ours, theirs in zip(found.properties, expected.properties):
        assert list(ours) == list(theirs)
        for column, value in theirs.items():
            assert ours[column] == value or str(ours[column]) == str(value), column


@pytest.mark.parametrize("name, layer, crs", CASES, ids=lambda value: value and str(value))
def test_gdal_reads_the_same_from_flatgeobuf(convert, name, layer, crs):
    geojson, _ = convert(name, layer, crs)
    flat, told = convert(name, layer, crs, target="out.fgb")
    found, expected = read(flat), written(geojson)
    assert told["records"] == len(found.shapes)
    for ours, theirs in zip(found.shapes, expected.shapes):
        if theirs.geom_type == "Polygon":
            theirs = shapely.MultiPolygon([theirs])
        assert_same_shape(ours, theirs)


@pytest.mark.parametrize("name", sorted(STATED))
def test_a_missing_reference_is_asked_for(command, tmp_path, name):
    layer = STATED[name][0][0]
    target = tmp_path / "out.geojson"
    outcome = command("convert", FOLDER / name, target, *(["--layer", layer] if layer else []))
    assert outcome.code == 65 and "state it with --crs" in outcome.err and not target.exists()


@pytest.mark.parametrize(
    "name",
    ["london_wards_2014.zip", "toronto_neighbourhoods_140.geojson", "nz_area-unit-2017-generalised_canterbury.zip",
     "lsoa2011_kensington.geojson", "northumbria_wards.gpkg", "nyc_boroughs_nybb_16a.zip"],
)
def test_simplified_areas_neither_overlap_nor_part(convert, name):
    before = written(convert(name, None, None)[0]).shapes
    target, told = convert(name, None, None, "--simplify", "--tolerance", "0.001")
    after = written(target).shapes
    assert told["vertices"] < told["vertices_before"] / 2
    valid = [index for index, shape in enumerate(before) if shape.is_valid]
    assert all(after[index].is_valid for index in valid)
    before, after = ([shapes[index] for index in valid] for shapes in [before, after])
    # What overlaps or is apart was so before: where borders were exactly shared, nothing is added.
    if shapely.coverage_is_valid(before):
        assert shapely.coverage_is_valid(after)
    whole = shapely.union_all(after)
    overlap = sum(shape.area for shape in after) - whole.area
    overlap_before = sum(shape.area for shape in before) - shapely.union_all(before).area
    assert overlap <= overlap_before * 1.5 + whole.area * 1e-9
    # Surfaces stay: the vertices that are left out have triangles on both sides.
    assert whole.area == pytest.approx(shapely.union_all(before).area, rel=2e-3)
