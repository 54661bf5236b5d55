"""Every shared file of areas through `hextant convert`, compared with GDAL's and PROJ's reading of it."""

import os
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pyogrio
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


@contextmanager
def index_restored():
    """Lets GDAL read a shapefile without its index. Meanwhile it finds no layer in any archive."""
    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": "YES"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": None})


@pytest.mark.parametrize("name, layer, crs", CASES, ids=lambda value: value and str(value))
def test_a_file_is_what_gdal_and_proj_read(convert, tmp_path, name, layer, crs):
    target, told = convert(name, layer, crs)
    found = written(target)
    source = FOLDER / name
    if name.endswith(".zip"):
        zipfile.ZipFile(source).extractall(tmp_path)
        [source] = tmp_path.glob(f"{layer or '*'}.shp")
    with index_restored():
        expected = read(source, crs=crs)
    # Rings without any area are left out.
    shapes = [without_empty_rings(shape) for shape in in_degrees(expected)]
    assert told["records"] == len(shapes) == len(found.shapes)
    for ours, theirs in zip(found.shapes, shapes):
        assert_right_handed(ours)
        assert_same_shape(ours, theirs)
    # What is invalid, conversion does not repair.
    originals = [without_empty_rings(shape) for shape in expected.shapes]
    assert [shape.is_valid for shape in found.shapes] == [shape.is_valid for shape in originals]
    if name.endswith(".kml"):
        assert [row["name"] for row in found.properties] == [row["Name"] for row in expected.properties]
        return
    for ours, theirs in zip(found.properties, expected.properties):
        assert list(ours) == list(theirs)
        for column, value in theirs.items():
            assert ours[column] == value or str(ours[column]) == str(value), column


def without_empty_rings(shape):
    if "Polygon" not in shape.geom_type:
        return shape
    parts = [
        shapely.Polygon(part.exterior, [hole for hole in part.interiors if shapely.Polygon(hole).area > 0])
        for part in getattr(shape, "geoms", [shape])
        if part.area > 0
    ]
    return shapely.MultiPolygon(parts) if shape.geom_type == "MultiPolygon" else parts[0]


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
    assert told["vertices"] < told["vertices_before"]
    valid = [index for index, shape in enumerate(before) if shape.is_valid]
    assert all(after[index].is_valid for index in valid)
    before, after = ([shapes[index] for index in valid] for shapes in [before, after])
    # Corners that differ by less than a millimetre count as one, as with a grid of that size.
    exact = list(shapely.set_precision(before, 1e-8))
    if shapely.coverage_is_valid(exact):
        assert shapely.coverage_is_valid(after)
        # GEOS leaves about as many vertices at the same tolerance, and the same surface.
        theirs = shapely.coverage_simplify(exact, 0.001)
        counts = [shapely.get_num_coordinates(shapes).sum() for shapes in [after, theirs]]
        assert counts[0] == pytest.approx(counts[1], rel=0.05)
        assert sum(shape.area for shape in after) == pytest.approx(sum(shape.area for shape in theirs), rel=1e-3)
    # What overlapped or was apart before is not worse.
    whole, whole_before = shapely.union_all(after), shapely.union_all(before)
    overlap = sum(shape.area for shape in after) - whole.area
    overlap_before = sum(shape.area for shape in before) - whole_before.area
    assert overlap <= overlap_before * 1.5 + whole.area * 1e-9
    assert whole.area == pytest.approx(whole_before.area, rel=1e-2)
