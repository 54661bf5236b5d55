"""`hextant convert` on small files that pyshp, GDAL and the test itself write, against GDAL, PROJ and GEOS."""

import json
import sqlite3
import struct
import zipfile

import numpy
import pyogrio.raw
import pyproj
import pytest
import shapefile
import shapely
from areas import assert_right_handed, assert_same_shape, in_degrees, read, surface, written
from command import Hextant, assert_one_plain_line
from shapely.geometry import MultiPolygon, Point, Polygon, box, mapping

BRITISH = "EPSG:27700"
LEWISHAM = (537000, 174000)


@pytest.fixture(scope="module")
def command():
    return Hextant(None)


@pytest.fixture
def convert(command, tmp_path):
    """Converts a file and returns what GeoJSON has come out."""

    def convert(source, *options):
        target = tmp_path / "converted.geojson"
        told = command.json("convert", source, target, *options)
        layer = written(target)
        assert told["records"] == len(layer.shapes) and told["bytes"] == target.stat().st_size
        for shape in layer.shapes:
            if shape is not None:
                assert_right_handed(shape)
        return layer

    return convert


@pytest.fixture
def refused(command, tmp_path):
    """Returns the one line on standard error of a conversion that must fail, and leave nothing."""

    def refused(source, *options):
        target = tmp_path / "refused.geojson"
        outcome = command("convert", source, target, *options)
        assert outcome.code == 65, outcome.err
        assert_one_plain_line(outcome.err)
        assert not list(tmp_path.glob("refused*"))
        return outcome.err

    return refused


def moved(shape, by=LEWISHAM):
    return shapely.transform(shape, lambda points: points + by)


LAKE = Polygon(box(0, 0, 900, 900).exterior, [box(100, 100, 300, 300).exterior, box(500, 500, 600, 800).exterior])
SHAPES = [
    moved(LAKE),
    None,
    moved(MultiPolygon([LAKE, box(1000, 0, 1100, 50), box(200, 200, 250, 250)])),
    moved(Polygon([(0, 2000), (0.5, 3000), (1000, 2500)])),
]
NAMES = ["Café", "Null", "Two parts", "Ĝ"]


def write_shapefile(stem, shapes=SHAPES, names=NAMES, crs=BRITISH, kind=shapefile.POLYGON, encoding="utf-8"):
    with shapefile.Writer(stem, shapeType=kind, encoding=encoding) as writer:
        writer.field("NAME", "C", size=40)
        writer.field("POP", "N", size=9)
        writer.field("KM2", "N", size=12, decimal=4)
        writer.field("OPEN", "L")
        writer.field("SINCE", "D")
        for number, (shape, name) in enumerate(zip(shapes, names)):
            if shape is None:
                writer.null()
            else:
                write = {shapefile.POLYGONZ: writer.polyz, shapefile.POLYGONM: writer.polym}.get(kind, writer.poly)
                write(_rings(shape, extra={shapefile.POLYGONZ: 2, shapefile.POLYGONM: 1}.get(kind, 0)))
            writer.record(name, number or None, number / 8, number % 2 == 0, "20140301" if number else None)
    if crs:
        stem.with_suffix(".prj").write_text(pyproj.CRS(crs).to_wkt("WKT1_ESRI"))
    if encoding == "utf-8":
        stem.with_suffix(".cpg").write_text("UTF-8")
    return stem.with_suffix(".shp")


def _rings(shape, extra):
    rings = []
    for part in getattr(shape, "geoms", [shape]):
        part = shapely.geometry.polygon.orient(part, -1)
        rings += [[(*point, *[7.0] * extra) for point in ring.coords] for ring in [part.exterior, *part.interiors]]
    return rings


def assert_same(found, expected):
    assert found.properties == expected.properties
    for one, other in zip(found.shapes, in_degrees(expected), strict=True):
        assert_same_shape(one, other)


@pytest.mark.parametrize("kind", [shapefile.POLYGON, shapefile.POLYGONZ, shapefile.POLYGONM])
def test_a_shapefile_is_what_gdal_reads(convert, tmp_path, kind):
    source = write_shapefile(tmp_path / "wards", kind=kind)
    found = convert(source)
    assert_same(found, read(source))
    assert [properties["NAME"] for properties in found.properties] == NAMES
    assert found.properties[1]["OPEN"] is False and found.properties[0]["SINCE"] is None


@pytest.mark.parametrize("crs", ["EPSG:2263", "EPSG:2222", "EPSG:2193", "EPSG:4258", "EPSG:3857", "EPSG:6318"])
def test_planes_of_all_units_and_orders_of_axes_are_right(convert, tmp_path, crs):
    area = pyproj.CRS(crs).area_of_use
    middle = ((area.west + area.east) / 2, (area.south + area.north) / 2)
    x, y = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(*middle)
    size = 0.01 if pyproj.CRS(crs).is_geographic else 3000
    shape = Polygon([(x, y), (x + size, y), (x + size, y + size / 3), (x, y + size)])
    source = write_shapefile(tmp_path / "plane", [shape], ["one"], crs=crs)
    [found] = convert(source).shapes
    assert_same_shape(found, in_degrees(read(source))[0])
    assert found.distance(Point(middle)) < 0.01


def test_a_shapefile_without_a_reference_is_asked_for_it(convert, refused, tmp_path):
    source = write_shapefile(tmp_path / "wards", crs=None)
    assert "state it with --crs" in refused(source)
    assert_same(convert(source, "--crs", BRITISH), read(source, crs=BRITISH))


def test_a_stated_reference_goes_before_the_one_in_the_file(convert, tmp_path):
    source = write_shapefile(tmp_path / "wards", crs="EPSG:32630")
    assert_same(convert(source, "--crs", BRITISH), read(source, crs=BRITISH))


def test_latin_1_names_without_any_encoding_are_read(convert, tmp_path):
    source = write_shapefile(tmp_path / "wards", SHAPES[:1], ["Café ÿ"], encoding="latin1")
    assert convert(source).properties[0]["NAME"] == "Café ÿ"


def test_deleted_records_are_left_out(convert, tmp_path):
    source = write_shapefile(tmp_path / "wards")
    with source.with_suffix(".dbf").open("r+b") as table:
        header, row = struct.unpack("<8xHH", table.read(12))
        table.seek(header + 2 * row)
        table.write(b"*")
    found = convert(source)
    assert [properties["NAME"] for properties in found.properties] == [NAMES[0], NAMES[1], NAMES[3]]
    assert_same(found, read(source))


def test_archives_hold_one_layer_or_several(convert, refused, tmp_path):
    write_shapefile(tmp_path / "wards")
    write_shapefile(tmp_path / "other", SHAPES[:1], NAMES[:1])
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    for archive, stems in [(one, ["wards"]), (two, ["wards", "other"])]:
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("__MACOSX/._wards.shp", b"no shapefile")
            file.writestr("read me.txt", b"...")
            for stem in stems:
                for part in ["shp", "shx", "dbf", "prj", "cpg"]:
                    file.write(tmp_path / f"{stem}.{part}", f"in a folder/{stem}.{part.upper()}")
    expected = read(tmp_path / "wards.shp")
    assert_same(convert(one), expected)
    assert "has 2 layers; choose one with --layer: other, wards" in refused(two)
    assert "has no layer nope; there are: other, wards" in refused(two, "--layer", "nope")
    assert_same(convert(two, "--layer", "wards"), expected)


@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_an_archive_that_is_cut_short_is_refused(refused, tmp_path, share):
    write_shapefile(tmp_path / "wards")
    archive = tmp_path / "wards.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for part in ["shp", "shx", "dbf"]:
            file.write(tmp_path / f"wards.{part}", f"wards.{part}")
    archive.write_bytes(archive.read_bytes()[: int(archive.stat().st_size * share)])
    assert "zip archive" in refused(archive)


def test_an_archive_that_unpacks_to_a_thousand_times_its_size_is_refused(refused, tmp_path):
    archive = tmp_path / "bomb.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.shp", bytes(50_000_000))
    assert "times its size" in refused(archive)


def test_a_damaged_member_is_refused(refused, tmp_path):
    archive = tmp_path / "wards.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.write(write_shapefile(tmp_path / "wards"), "wards.shp")
    content = bytearray(archive.read_bytes())
    content[300] ^= 1
    archive.write_bytes(content)
    assert "damaged zip archive" in refused(archive)


# GeoPackage


def write_package(path, shapes=SHAPES, crs=BRITISH, layer="wards", append=False):
    count = len(shapes)
    pyogrio.raw.write(
        path, geometry=numpy.array([shapely.to_wkb(shape) for shape in shapes], dtype=object), driver="GPKG",
        layer=layer, append=append, crs=crs, geometry_type="Unknown", fields=["name", "population", "share", "open"],
        field_data=[
            numpy.array(NAMES[:count], dtype=object), numpy.arange(count) * 1_000_000_007, numpy.arange(count) / 7,
            numpy.arange(count) % 2 == 0,
        ])
    return path


def test_a_geopackage_is_what_gdal_reads(convert, tmp_path):
    source = write_package(tmp_path / "wards.gpkg", [*SHAPES[:3], Polygon()])
    found = convert(source)
    expected = read(source)
    assert found.shapes[1] is None and found.shapes[3] is None
    assert_same(found, expected)
    assert found.properties[1]["open"] is False


def test_a_layer_of_a_geopackage_is_chosen(convert, refused, tmp_path):
    source = write_package(tmp_path / "two.gpkg")
    write_package(source, [Point(1, 2)], crs="EPSG:4326", layer='a "quoted" one')
    assert "has 2 layers" in refused(source)
    found = convert(source, "--layer", 'a "quoted" one')
    assert [shape.coords[:] for shape in found.shapes] == [[(1, 2)]]


def test_heights_of_a_geopackage_are_left_out(convert, tmp_path):
    shape = shapely.force_3d(SHAPES[2], 12.5)
    source = write_package(tmp_path / "high.gpkg", [shape])
    assert_same_shape(convert(source).shapes[0], in_degrees(read(source))[0])


@pytest.mark.parametrize(
    "statement, problem",
    [
        ("UPDATE gpkg_geometry_columns SET srs_id = -1", "state it with --crs"),
        ("UPDATE wards SET geom = x'4750' WHERE rowid = 3", "record 3: has a geometry that does not begin with GP"),
        ("UPDATE wards SET geom = substr(geom, 1, length(geom) - 5) WHERE rowid = 4", "record 4: its geometry ends"),
        ("UPDATE gpkg_geometry_columns SET column_name = 'nope'", "has no column nope"),
        ("DELETE FROM gpkg_contents", "has no layer with features"),
        ("DROP TABLE gpkg_contents", "is not a GeoPackage"),
        (
            "ALTER TABLE wards RENAME TO kept; CREATE VIEW wards AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
            "SELECT i + 1 FROM n) SELECT i AS fid, NULL AS geom FROM n WHERE i < 0",
            "one of its views does not end",
        ),
    ],
)
def test_a_damaged_geopackage_is_refused(refused, tmp_path, statement, problem):
    source = write_package(tmp_path / "wards.gpkg")
    with sqlite3.connect(source) as database:
        database.create_function("ST_IsEmpty", 1, lambda blob: 0)
        for name in ["ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"]:
            database.create_function(name, 1, lambda blob: 0)
        database.executescript(statement)
    database.close()
    assert problem in refused(source)


def test_a_truncated_geopackage_is_refused(refused, tmp_path):
    source = write_package(tmp_path / "wards.gpkg")
    content = source.read_bytes()
    source.write_bytes(content[: len(content) // 2])
    assert refused(source)


def test_geopackages_with_damaged_bytes_are_read_or_refused(command, tmp_path):
    whole = write_package(tmp_path / "wards.gpkg").read_bytes()
    random = numpy.random.default_rng(5)
    source, target = tmp_path / "damaged.gpkg", tmp_path / "out.geojson"
    codes = set()
    for _ in range(60):
        content = numpy.frombuffer(whole, dtype=numpy.uint8).copy()
        places = random.integers(100, len(content), 200)
        content[places] = random.integers(0, 256, len(places))
        source.write_bytes(content.tobytes())
        outcome = command("convert", source, target)
        codes.add(outcome.code)
        assert outcome.code == 0 or outcome.code == 65, outcome.err
    assert 65 in codes


# KML and GeoJSON


def test_kml_is_what_gdal_reads(convert, tmp_path):
    source = tmp_path / "wards.kml"
    shapes = in_degrees(read(write_package(tmp_path / "wards.gpkg", [SHAPES[0], SHAPES[2], SHAPES[3]])))
    pyogrio.raw.write(
        source, geometry=numpy.array([shapely.to_wkb(shape) for shape in shapes], dtype=object), driver="KML",
        crs="EPSG:4326", geometry_type="Unknown", fields=["Name"],
        field_data=[numpy.array(["a & b", "<c>", "d"], dtype=object)])
    found = convert(source)
    expected = read(source)
    for one, other in zip(found.shapes, expected.shapes, strict=True):
        assert_same_shape(one, other)
    assert [properties["name"] for properties in found.properties] == ["a & b", "<c>", "d"]
    archive = tmp_path / "wards.kmz"
    with zipfile.ZipFile(archive, "w") as file:
        file.write(source, "doc.kml")
    assert convert(archive).shapes == found.shapes


def test_the_legacy_reference_of_geojson_is_obeyed(convert, tmp_path):
    source = tmp_path / "wards.geojson"
    collection = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {"name": "ä"}, "geometry": mapping(SHAPES[2])}],
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}},
    }
    source.write_text(json.dumps(collection))
    assert_same(convert(source), read(source, crs=BRITISH))


def test_its_own_output_comes_out_unchanged(command, tmp_path):
    first, second = tmp_path / "first.geojson", tmp_path / "second.geojson"
    command.json("convert", write_shapefile(tmp_path / "wards"), first)
    command.json("convert", first, second)
    assert first.read_bytes() == second.read_bytes()


# Outputs


def test_all_formats_say_the_same_to_gdal(command, convert, tmp_path):
    source = write_package(tmp_path / "wards.gpkg")
    expected = convert(source)
    for ending in ["geojsons", "geojsonl", "fgb"]:
        target = tmp_path / f"out.{ending}"
        command.json("convert", source, target)
        found = read(target)
        assert found.properties == expected.properties
        assert pyproj.CRS(found.crs) == pyproj.CRS("EPSG:4326")
        for one, other in zip(found.shapes, expected.shapes, strict=True):
            if ending == "fgb" and other is not None and other.geom_type == "Polygon":
                other = MultiPolygon([other])
            assert_same_shape(one, other)


def test_flatgeobuf_has_columns_of_features_that_differ(command, tmp_path):
    source, target = tmp_path / "mixed.geojson", tmp_path / "mixed.fgb"
    shapes = [Point(1, 2), box(0, 0, 1, 1), None]
    rows = [{"a": 1, "b": "x"}, {"a": 2.5, "c": True}, {"b": {"k": [1]}, "d": None}]
    source.write_text(
        json.dumps({
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": row, "geometry": shape and mapping(shape)}
                for row, shape in zip(rows, shapes)
            ],
        }))
    command.json("convert", source, target)
    found = read(target)
    assert found.shapes == shapes
    assert found.properties == [
        {"a": 1.0, "b": "x", "c": None, "d": None},
        {"a": 2.5, "b": None, "c": True, "d": None},
        {"a": None, "b": '{"k":[1]}', "c": None, "d": None},
    ]


def test_properties_are_chosen_and_ordered(convert, refused, tmp_path):
    source = write_shapefile(tmp_path / "wards")
    found = convert(source, "--properties", "POP, NAME")
    assert [list(properties) for properties in found.properties] == [["POP", "NAME"]] * 4
    assert "has no property SIZE; there are: NAME, POP" in refused(source, "--properties", "SIZE")


def test_centroids_are_those_of_geos(convert, tmp_path):
    source = write_shapefile(tmp_path / "wards")
    for point, shape in zip(convert(source, "--centroids").shapes, in_degrees(read(source)), strict=True):
        if shape is not None:
            # Nine digits are written.
            assert point.distance(shape.centroid) < 1e-8


# Simplification


def wavy_coverage(size=5, steps=40):
    """A grid of areas with wavy borders, around a hole that is filled by an enclave of its own."""
    random = numpy.random.default_rng(11)
    lines = {}

    def line(start, end):
        if (start, end) not in lines:
            along = numpy.linspace(0, 1, steps + 1)[:, None]
            points = numpy.array(start) + along * (numpy.array(end) - start)
            across = 0 if start[0] == end[0] else 1
            points[1:-1, across] += random.uniform(-0.02, 0.02, steps - 1)
            lines[start, end] = points
        return lines[start, end]

    areas = []
    for x in range(size):
        for y in range(size):
            corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)]
            sides = [
                line(corners[0], corners[1]), line(corners[1], corners[2]), line(corners[3], corners[2])[::-1],
                line(corners[0], corners[3])[::-1],
            ]
            areas.append(Polygon(numpy.concatenate([side[:-1] for side in sides])))
    enclave = Point(2.5, 2.5).buffer(0.3, quad_segs=50)
    areas[12] = areas[12].difference(enclave)
    return [*areas, enclave]


def test_borders_stay_shared_and_enclaves_stay_filled(convert, tmp_path):
    areas = wavy_coverage()
    assert all(area.is_valid for area in areas) and shapely.coverage_is_valid(areas)
    source = tmp_path / "grid.geojson"
    source.write_text("\n".join(json.dumps(mapping(area)) for area in areas))
    found = convert(source, "--simplify", "--tolerance", "0.1").shapes
    assert all(area.is_valid for area in found)
    assert shapely.coverage_is_valid(found)
    whole = shapely.union_all(found)
    assert whole.geom_type == "Polygon" and not whole.interiors
    assert sum(area.area for area in found) == pytest.approx(whole.area, rel=1e-12)
    # GEOS leaves about as many vertices at the same tolerance.
    ours, theirs, before = (
        sum(shapely.get_num_coordinates(area) for area in shapes)
        for shapes in [found, shapely.coverage_simplify(areas, 0.1), areas]
    )
    assert ours < before / 3
    assert ours == pytest.approx(theirs, rel=0.1)


# The antimeridian and the poles


@pytest.mark.parametrize(
    "crs, shape, parts",
    [
        ("EPSG:3832", Polygon([(2.9e6, -2e6), (3.9e6, -2e6), (3.6e6, -1.2e6), (3.0e6, -1.4e6)]), 2),
        ("EPSG:3031", Point(0, 0).buffer(2e6), 1),
        ("EPSG:3031", Point(0, -2e6).buffer(5e5), 2),
        ("EPSG:3995", Point(0, 0).buffer(2e6).difference(Point(0, 0).buffer(1e6)), 1),
    ],
)
def test_shapes_over_the_antimeridian_are_cut(convert, tmp_path, crs, shape, parts):
    source = write_shapefile(tmp_path / "far", [shape], ["far"], crs=crs)
    [found] = convert(source).shapes
    assert found.is_valid and len(getattr(found, "geoms", [found])) == parts
    assert all(abs(x) <= 180 and abs(y) <= 90 for x, y in shapely.get_coordinates(found))
    # Each position of the source is on the border of what was written.
    for x, y in shapely.get_coordinates(in_degrees(read(source))[0]):
        assert found.boundary.distance(Point(x, y)) < 1e-8
    # Along meridians and parallels instead of geodesics, the surfaces are compared in an equal-area plane.
    plane = pyproj.Transformer.from_crs("EPSG:4326", "ESRI:54034", always_xy=True)
    flat = shapely.transform(
        shapely.segmentize(found, 0.05), lambda points: numpy.column_stack(plane.transform(*points.T)))
    local = pyproj.Transformer.from_crs(
        crs, {"proj": "laea", "lat_0": in_degrees(read(source))[0].centroid.y if crs == "EPSG:3832" else
              (-90 if crs == "EPSG:3031" else 90), "lon_0": 180}, always_xy=True)
    expected = shapely.transform(
        shapely.segmentize(shape, 2000), lambda points: numpy.column_stack(local.transform(*points.T))).area
    assert flat.area == pytest.approx(expected, rel=5e-3)


# Refusals, memory, progress


def test_files_of_other_kinds_are_named_for_what_they_are(refused, tmp_path):
    for name, content, problem in [
        ("a.shp", b"%PDF-1.7", "is a PDF document"),
        ("a.geojson", b"", "is empty"),
        ("a.csv", b"a,b\n1,2\n", "is neither a shapefile nor"),
        ("a.dbf", b"\x03abc", "give the .shp file instead"),
        ("a.geojson.gz", b"\x1f\x8b\x08", "gunzip"),
    ]:
        file = tmp_path / name
        file.write_bytes(content)
        assert problem in refused(file)
    assert "there is no such file" in refused(tmp_path / "missing.shp")


def test_wrong_use_is_told(command, tmp_path):
    for options in [["--tolerance", "1"], ["--simplify", "--tolerance", "0"], ["--properties", ","]]:
        assert command("convert", tmp_path / "a.shp", tmp_path / "b.geojson", *options).code == 64
    outcome = command("convert", tmp_path / "a.shp", tmp_path / "b.xyz")
    assert outcome.code == 65 and ".geojson, .json" in outcome.err


def test_a_long_file_takes_little_memory_and_shows_its_progress(command, tmp_path):
    ring = numpy.column_stack([numpy.cos(turn := numpy.linspace(0, 2 * numpy.pi, 200)), numpy.sin(turn)]) * 400
    ring[-1] = ring[0]
    blob = shapely.to_wkb(moved(Polygon(ring)))
    count = 40_000
    source = tmp_path / "long.gpkg"
    pyogrio.raw.write(
        source, geometry=numpy.array([blob] * count, dtype=object), driver="GPKG", layer="long", crs=BRITISH,
        geometry_type="Polygon", fields=["n"], field_data=[numpy.arange(count)], layer_options={"SPATIAL_INDEX": "NO"})
    assert source.stat().st_size > 120_000_000
    target = tmp_path / "long.geojsonl"
    told, megabytes = command.measured_json("convert", source, target)
    assert told["records"] == count and told["vertices"] == 200 * count
    assert megabytes < 120
    outcome = command("convert", source, target)
    assert outcome.code == 0 and "records/s" in outcome.err
    shapes = in_degrees(read(source, max_features=1))
    first = shapely.from_geojson(json.dumps(json.loads(target.open().readline())["geometry"]))
    assert_same_shape(first, shapes[0])
    assert surface(first) == pytest.approx(numpy.pi * 400**2, rel=0.01)
