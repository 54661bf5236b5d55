"""`hextant h3` compared with the reference implementation (PyPI h3, the C library) on random points and cells.

The seed is in the header of the run; HEXTANT_H3_SEED repeats it, HEXTANT_H3_POINTS sets the number of points (100,000).
"""

import json
import math
import os
import random
import re
import subprocess
from pathlib import Path

import h3
import pytest

BINARY = os.environ["HEXTANT_BIN"]
POINTS = int(os.environ.get("HEXTANT_H3_POINTS", "100000"))
SEED = int(os.environ["HEXTANT_H3_SEED"])
DOCUMENT = Path(__file__).parents[2] / "docs" / "h3.md"


@pytest.fixture
def seeded():
    return random.Random(SEED)


def run(command, lines):
    """The answers to `lines`, one each."""
    text = "".join(line + "\n" for line in lines)
    done = subprocess.run([BINARY, "h3", command], input=text, capture_output=True, text=True, check=True)
    answers = done.stdout.splitlines()
    assert len(answers) == len(lines)
    return answers


def call(requests):
    """The results of calls, each a function and its arguments; errors by name."""
    answers = map(json.loads, run("call", [json.dumps({"f": f, "args": arguments}) for f, *arguments in requests]))
    return [answer["ok"] if "ok" in answer else answer["err"] for answer in answers]


def random_point(source):
    return math.degrees(math.asin(source.uniform(-1, 1))), source.uniform(-180, 180)


def random_cells(source, count):
    """Cells at every resolution; a third of them within three steps of a pentagon."""
    for number in range(count):
        resolution = number % 16
        if number % 3:
            yield h3.latlng_to_cell(*random_point(source), resolution)
        else:
            pentagon = source.choice(h3.get_pentagons(resolution))
            yield source.choice(h3.grid_disk(pentagon, 3))


def test_every_random_point_has_the_cell_of_the_reference(seeded):
    points = [(*random_point(seeded), number % 16) for number in range(POINTS)]
    answers = run("cell", [f"{latitude!r} {longitude!r} {resolution}" for latitude, longitude, resolution in points])
    wrong = [
        (point, answer) for point, answer in zip(points, answers)
        if answer != h3.latlng_to_cell(*point)]
    assert wrong == []


@pytest.mark.parametrize("line, answer", [
    ("43.65 -79.38 9", h3.latlng_to_cell(43.65, -79.38, 9)),
    ("  43.65\t-79.38   0 \r", h3.latlng_to_cell(43.65, -79.38, 0)),
    ("", "ERR expected latitude, longitude and resolution"),
    ("1 2", "ERR expected latitude, longitude and resolution"),
    ("1 2 3 4", "ERR expected latitude, longitude and resolution"),
    ("north 2 3", "ERR the latitude is not a number"),
    ("1 2,5 3", "ERR the longitude is not a number"),
    ("1 2 3.5", "ERR the resolution is not a whole number"),
    ("1 2 16", "ERR the resolution is outside 0...15"),
    ("nan 2 3", "ERR the latitude or longitude is not a finite number"),
])
def test_a_bad_line_is_answered_in_its_place(line, answer):
    assert run("cell", ["0 0 1", line, "0 0 1"]) == ["81757ffffffffff", answer, "81757ffffffffff"]


def test_each_line_is_answered_as_it_comes():
    with subprocess.Popen([BINARY, "h3", "cell"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        for resolution in range(4):
            process.stdin.write(f"10 20 {resolution}\n")
            process.stdin.flush()
            assert process.stdout.readline().strip() == h3.latlng_to_cell(10, 20, resolution)
        process.stdin.write("10 20 5")
        process.stdin.close()
        assert process.stdout.readline().strip() == h3.latlng_to_cell(10, 20, 5)


def sets(function):
    return lambda *arguments: set(function(*arguments))


def reference(function, *arguments):
    try:
        return function(*arguments)
    except h3.H3BaseException as error:
        return error


def test_every_function_answers_as_the_reference(seeded):
    requests, expected = [], []

    def add(function, arguments, name):
        requests.append((name, *arguments))
        expected.append(function)

    for cell in random_cells(seeded, 1500):
        resolution = h3.get_resolution(cell)
        coarser, finer = seeded.randint(0, resolution), min(15, resolution + 1)
        other = seeded.choice(h3.grid_disk(cell, 5))
        neighbor = seeded.choice(h3.grid_ring(cell, 1))
        edge = h3.cells_to_directed_edge(cell, neighbor)
        add(h3.cell_to_parent(cell, coarser), [cell, coarser], "cellToParent")
        add(h3.cell_to_children(cell, finer), [cell, finer], "cellToChildren")
        add(h3.cell_to_child_pos(cell, coarser), [cell, coarser], "cellToChildPos")
        add(set(h3.grid_disk(cell, 3)), [cell, 3], "gridDisk")
        add(set(h3.grid_ring(cell, 4)), [cell, 4], "gridRing")
        add(h3.are_neighbor_cells(cell, other), [cell, other], "areNeighborCells")
        add(reference(h3.grid_distance, cell, other), [cell, other], "gridDistance")
        add(reference(h3.grid_path_cells, cell, other), [cell, other], "gridPathCells")
        add(reference(lambda *pair: list(h3.cell_to_local_ij(*pair)), cell, other), [cell, other], "cellToLocalIj")
        add(edge, [cell, neighbor], "cellsToDirectedEdge")
        add(list(h3.directed_edge_to_cells(edge)), [edge], "directedEdgeToCells")
        add(h3.cell_to_vertexes(cell), [cell], "cellToVertexes")
        add(sorted(h3.get_icosahedron_faces(cell)), [cell], "getIcosahedronFaces")
        add(set(h3.compact_cells(h3.grid_disk(cell, 6))), [h3.grid_disk(cell, 6)], "compactCells")
    for request, answer, wanted in zip(requests, call(requests), expected):
        if isinstance(wanted, h3.H3BaseException):
            assert isinstance(answer, str) and answer.startswith("E_"), request
        elif isinstance(wanted, set):
            assert set(answer) == wanted and len(answer) == len(wanted), request
        else:
            assert answer == wanted, request


def test_polygons_have_the_cells_of_the_reference(seeded):
    requests, expected = [], []
    for _ in range(60):
        latitude, longitude = seeded.uniform(-65, 65), seeded.uniform(-180, 180)
        resolution = seeded.randint(2, 9)
        radius = seeded.uniform(0.5, 6) * 40 / math.sqrt(7) ** resolution
        corners = seeded.randint(3, 40)
        ring = []
        for corner in range(corners):
            angle, reach = 2 * math.pi * corner / corners, radius * seeded.uniform(0.3, 1)
            east = longitude + reach * math.cos(angle) / math.cos(math.radians(latitude))
            ring.append([(east + 180) % 360 - 180, max(-89, min(89, latitude + reach * math.sin(angle)))])
        shape = h3.LatLngPoly([(lat, lng) for lng, lat in ring])
        modes = {"center": "center", "full": "full", "overlapping": "overlap", "overlapping_bbox": "bbox_overlap"}
        for mode, contain in modes.items():
            requests.append(("polygonToCellsExperimental", [ring], resolution, mode))
            expected.append(set(h3.h3shape_to_cells_experimental(shape, resolution, contain=contain)))
    for request, answer, wanted in zip(requests, call(requests), expected):
        assert set(answer) == wanted, request


@pytest.mark.parametrize("line", [
    "", "{}", "[]", "nonsense", '{"f":1}', '{"f":"gridDisk"}', '{"f":"gridDisk","args":["85283473fffffff"]}',
    '{"f":"gridDisk","args":["85283473fffffff",1,2]}', '{"f":"gridDisk","args":[1,"85283473fffffff"]}',
    '{"f":"gridDisk","args":{"k":1}}', '{"f":"noFunction","args":[]}',
])
def test_a_call_that_makes_no_sense_is_an_error_in_its_place(line):
    answers = [json.loads(answer) for answer in run("call", ['{"f":"pentagonCount","args":[]}', line])]
    assert answers[0] == {"ok": 12}
    assert answers[1]["err"] == "E_FAILED" and answers[1]["detail"]


@pytest.mark.parametrize("request_, error", [
    (("cellToLatLng", "115283473fffffff"), "E_CELL_INVALID"),
    (("cellToLatLng", "north"), "E_CELL_INVALID"),
    (("compactCells", ["0", "85283473fffffff", "1"]), "E_CELL_INVALID"),
    (("getDirectedEdgeOrigin", "85283473fffffff"), "E_DIR_EDGE_INVALID"),
    (("vertexToLatLng", "85283473fffffff"), "E_VERTEX_INVALID"),
    (("getResolution", "5"), "E_INDEX_INVALID"),
    (("gridRing", "85283473fffffff", -1), "E_DOMAIN"),
    (("cellToParent", "85283473fffffff", 9), "E_RES_MISMATCH"),
    (("latLngToCell", "nan", 0, 5), "E_LATLNG_DOMAIN"),
    (("latLngToCell", 0, 0, 99), "E_RES_DOMAIN"),
    (("polygonToCellsExperimental", [[[0, 0], [1, 0], [0, 1]]], 5, "sideways"), "E_OPTION_INVALID"),
    (("gridDiskUnsafe", "8009fffffffffff", 1), "E_PENTAGON"),
])
def test_errors_have_the_names_of_the_c_interface(request_, error):
    assert call([request_]) == [error]


def close(answer, wanted):
    """Whether two results are equal except for the last digits, which depend on the system's arithmetic."""
    if isinstance(wanted, float):
        return math.isclose(answer, wanted, rel_tol=1e-9)
    if isinstance(wanted, list):
        return len(answer) == len(wanted) and all(map(close, answer, wanted))
    return answer == wanted


def test_the_document_shows_every_function_with_its_true_answer():
    pairs = re.findall(r"^(\{\"f\":.*\})\n(\{.*\})$", DOCUMENT.read_text(), re.MULTILINE)
    assert len({json.loads(request)["f"] for request, _ in pairs}) == 79
    for (request, wanted), answer in zip(pairs, run("call", [request for request, _ in pairs])):
        assert close(json.loads(answer)["ok"], json.loads(wanted)["ok"]), request
