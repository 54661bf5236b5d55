"""`hextant h3 call` over the shared vectors: uber/h3's own command-line cases, and answers to nonsensical arguments."""

import gzip
import json
import math
import os
import re
import subprocess
from pathlib import Path

import pytest

BINARY = os.environ["HEXTANT_BIN"]
VECTORS = Path(os.environ["HEXTANT_SHARED"]) / "h3" / "vectors"


def text(path):
    return gzip.decompress((VECTORS / path).read_bytes()).decode()


def records(path):
    return [json.loads(line) for line in text(path).splitlines()]


def answers(requests):
    lines = "".join(json.dumps({"f": f, "args": arguments}) + "\n" for f, arguments in requests)
    done = subprocess.run([BINARY, "h3", "call"], input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


# Arguments of the reference's command line.


def cells(words):
    return re.findall("[0-9a-f]{15}", words)


def polygon(words):
    """A line, a polygon or a multipolygon of one polygon, with [lat, lng]."""
    shape = json.loads(words)
    depth = re.match(r"[\[\s]*", words)[0].count("[")
    rings = {2: [shape], 3: shape, 4: shape[0]}[depth]
    return [[[longitude, latitude] for latitude, longitude in ring] for ring in rings]


def digits(words):
    return [int(digit) if digit else -1 for digit in words.split(",")]


# The options of each function that are its arguments, in the order of C, and the way to read them.
OPTIONS = {
    "areNeighborCells": [("-o", str), ("-d", str)],
    "cellAreaKm2": [("-c", str)],
    "cellAreaM2": [("-c", str)],
    "cellAreaRads2": [("-c", str)],
    "cellToBoundary": [("-c", str)],
    "cellToCenterChild": [("-c", str), ("--resolution", int)],
    "cellToChildPos": [("-c", str), ("-r", int)],
    "cellToChildren": [("-c", str), ("-r", int)],
    "cellToChildrenSize": [("-c", str), ("-r", int)],
    "cellToLatLng": [("-c", str)],
    "cellToLocalIj": [("-o", str), ("-c", str)],
    "cellToParent": [("-c", str), ("--resolution", int)],
    "cellToVertex": [("-c", str), ("-v", int)],
    "cellToVertexes": [("-c", str)],
    "cellsToDirectedEdge": [("-o", str), ("-d", str)],
    "cellsToLinkedMultiPolygon": [("input", cells)],
    "childPosToCell": [("-p", int), ("-c", str), ("-r", int)],
    "compactCells": [("input", cells)],
    "degsToRads": [("-d", float)],
    "describeH3Error": [("-e", int)],
    "directedEdgeToBoundary": [("-c", str)],
    "directedEdgeToCells": [("-c", str)],
    "edgeLengthKm": [("-c", str)],
    "edgeLengthM": [("-c", str)],
    "edgeLengthRads": [("-c", str)],
    "getBaseCellNumber": [("-c", str)],
    "getDirectedEdgeDestination": [("-c", str)],
    "getDirectedEdgeOrigin": [("-c", str)],
    "getHexagonAreaAvgKm2": [("-r", int)],
    "getHexagonAreaAvgM2": [("-r", int)],
    "getHexagonEdgeLengthAvgKm": [("-r", int)],
    "getHexagonEdgeLengthAvgM": [("-r", int)],
    "getIcosahedronFaces": [("-c", str)],
    "getIndexDigit": [("-c", str), ("-r", int)],
    "getNumCells": [("-r", int)],
    "getPentagons": [("-r", int)],
    "getRes0Cells": [],
    "getResolution": [("-c", str)],
    "gridDisk": [("-c", str), ("-k", int)],
    "gridDiskDistances": [("-c", str), ("-k", int)],
    "gridDistance": [("-o", str), ("-d", str)],
    "gridPathCells": [("-o", str), ("-d", str)],
    "gridRing": [("-c", str), ("-k", int)],
    "h3ToString": [("-c", lambda number: f"{int(number):x}")],
    "isPentagon": [("-c", str)],
    "isResClassIII": [("-c", str)],
    "isValidCell": [("-c", str)],
    "isValidDirectedEdge": [("-c", str)],
    "isValidVertex": [("-c", str)],
    "latLngToCell": [("--lat", float), ("--lng", float), ("-r", int)],
    "localIjToCell": [("-o", str), ("-i", int), ("-j", int)],
    "maxPolygonToCellsSize": [("input", polygon), ("-r", int)],
    "originToDirectedEdges": [("-c", str)],
    "pentagonCount": [],
    "polygonToCells": [("input", polygon), ("-r", int)],
    "radsToDegs": [("-r", float)],
    "stringToH3": [("-c", str)],
    "uncompactCells": [("input", cells), ("-r", int)],
    "vertexToLatLng": [("-c", str)],
}

# Names that only the command line has.
NAMES = {"cellsToMultiPolygon": "cellsToLinkedMultiPolygon", "intToString": "h3ToString", "stringToInt": "stringToH3"}


def request(case):
    words = case["args"].split(" | ")[0].replace("2>&1", "")
    name, _, rest = words.partition(" ")
    options = dict(re.findall(r"(--?[a-z]+)\s+('[^']*'|\S+)", rest))
    file = re.search(r"inputfiles/(\w+)\.txt", case["args"])
    if file:
        options["input"] = text(f"upstream/{file[1]}.txt.gz")
    name = NAMES.get(name, name)
    if name.startswith("greatCircleDistance"):
        return name, json.loads(options.get("input") or options["-c"].strip("'"))
    if name == "constructCell":
        own = digits(options["-d"]) if "-d" in options else []
        return name, [int(options.get("-r", len(own))), int(options["-b"]), own]
    arguments = [read(options[option]) for option, read in OPTIONS[name]]
    return name, [arguments[0], arguments[1:]] if name == "localIjToCell" else arguments


# The output of the command line.


def printed(output):
    if re.match("POINT|LINESTRING|POLYGON", output):
        points = [
            [float(latitude), float(longitude)] for longitude, latitude in re.findall(r"(-?[\d.]+) (-?[\d.]+)", output)
        ]
        return points[0] if output.startswith("POINT") else points[:-1] if output.startswith("POLYGON") else points
    try:
        return json.loads(output)
    except json.JSONDecodeError:
        return output.rstrip(",").split(",") if "," in output else output


def is_close(value, wanted):
    if isinstance(wanted, float):
        return math.isclose(value, wanted, rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(wanted, list):
        return len(value) == len(wanted) and all(map(is_close, value, wanted))
    return value == wanted


def is_same_ring(ring, wanted):
    """Whether a closed line of [lng, lat] equals an open one of [lat, lng] with six decimals, from any vertex on."""
    points = [(latitude, longitude) for longitude, latitude in ring[:-1]]
    return len(points) == len(wanted) and any(
        all(
            math.dist(point, other) < 1e-6
            for point, other in zip(points[start:] + points[:start], wanted)
        )
        for start in range(len(points))
    )


def is_same_multi_polygon(polygons, wanted):
    return len(polygons) == len(wanted) and all(
        any(
            len(own) == len(other)
            and all(any(is_same_ring(ring, each) for ring in own) for each in other)
            for own in polygons
        )
        for other in wanted
    )


# Cases with an invalid cell that C does not detect.
NO_CELL = {"testCliAreNotNeighborCells", "testCliCellsNotToDirectedEdge"}


def agrees(case, name, answer):
    if case["name"] in NO_CELL:
        return answer.get("err") == "E_CELL_INVALID"
    wanted = printed(case["out"])
    if isinstance(wanted, str) and wanted.startswith("Error "):
        return answer.get("err") and answer["detail"] == wanted.partition(": ")[2]
    if isinstance(wanted, str) and wanted.endswith("should be provided."):
        return answer.get("err") == "E_FAILED"
    if "ok" not in answer:
        return False
    value = answer["ok"]
    if "wc -l" in case["args"]:
        return len(value) == wanted
    match name:
        case "polygonToCells" | "compactCells" | "getIcosahedronFaces":
            return len(value) == len(wanted) and set(value) == set(wanted)
        case "cellsToLinkedMultiPolygon":
            return is_same_multi_polygon(value, wanted)
        case "maxPolygonToCellsSize":
            # A number other than C's estimate; below it is checked as a bound.
            return isinstance(value, int)
        case "stringToH3":
            return int(value, 16) == wanted
        case _:
            return is_close(value, wanted)


def test_the_command_line_cases_of_the_reference():
    cases = records("upstream/cli_cases.jsonl.gz")
    assert len(cases) == 172
    requests = [request(case) for case in cases]
    wrong = [
        (case["name"], case["out"][:80], answer)
        for case, (name, _), answer in zip(cases, requests, answers(requests), strict=True)
        if not agrees(case, name, answer)
    ]
    assert wrong == []


def test_the_size_of_a_polygon_of_the_reference_is_a_bound():
    shapes = [polygon(text(f"upstream/polygon_test{number}.txt.gz")) for number in (1, 2, 3)]
    for resolution in range(8):
        requests = [
            (name, [shape, resolution]) for shape in shapes for name in ("maxPolygonToCellsSize", "polygonToCells")
        ]
        results = [answer["ok"] for answer in answers(requests)]
        assert all(size >= len(found) for size, found in zip(results[::2], results[1::2]))


# Functions called with a possibly invalid index: C's name, the place of the index, and the other arguments.
GOOD = "85283473fffffff"
CALLS = {
    "areNeighborCells_good": ("areNeighborCells", lambda index: [index, GOOD]),
    "cellToCenterChild_res7": ("cellToCenterChild", lambda index: [index, 7]),
    "cellToChildPos_res2": ("cellToChildPos", lambda index: [index, 2]),
    "cellToChildren_res6": ("cellToChildren", lambda index: [index, 6]),
    "cellToLocalIj_from_good": ("cellToLocalIj", lambda index: [GOOD, index]),
    "cellToParent_res3": ("cellToParent", lambda index: [index, 3]),
    "cellToVertex_0": ("cellToVertex", lambda index: [index, 0]),
    "cellsToDirectedEdge_good": ("cellsToDirectedEdge", lambda index: [GOOD, index]),
    "gridDiskUnsafe_k1": ("gridDiskUnsafe", lambda index: [index, 1]),
    "gridDisk_k1": ("gridDisk", lambda index: [index, 1]),
    "gridDistance_from_good": ("gridDistance", lambda index: [GOOD, index]),
    "gridDistance_to_good": ("gridDistance", lambda index: [index, GOOD]),
    "gridRing_k1": ("gridRing", lambda index: [index, 1]),
    "uncompactCells_res6": ("uncompactCells", lambda index: [[index], 6]),
}

# Text whose beginning C reads as a number; docs/h3.md says that it is refused here.
LENIENT = {"10000000000000000", "-1", " 8928308280fffff", "8928308280fffff zzz"}


def kind(function):
    """The error for an index of the wrong kind for a function, and the place of its flag in `valid`."""
    if function in ("getDirectedEdgeOrigin", "getDirectedEdgeDestination", "directedEdgeToBoundary", "edgeLengthRads",
                    "reverseDirectedEdge"):
        return "E_DIR_EDGE_INVALID", 1
    return ("E_VERTEX_INVALID", 2) if function == "vertexToLatLng" else ("E_CELL_INVALID", 0)


def wanted(record, function):
    if "valid" in record and not record["valid"][kind(function)[1]]:
        # The null index marks an unused element of a list.
        return "E_SUCCESS" if function == "uncompactCells" and record["h"] == "0" else kind(function)[0]
    if function == "stringToH3" and record["args"][0] in LENIENT:
        return "E_FAILED"
    return record["err"]


def test_arguments_that_make_no_sense():
    listed = [record for record in records("oracle/invalid.jsonl.gz") if "+" not in record["f"]]
    assert len(listed) == 540
    requests = []
    for record in listed:
        function, arguments = CALLS.get(record["f"], (record["f"], lambda index: [index]))
        values = record["args"] if "args" in record else arguments(record["h"])
        if function == "latLngToCell":
            values = [value if value in ("nan", "inf", "-inf") else float(value) for value in values[:2]] + values[2:]
        requests.append((function, values))
    wrong = [
        (record, answer)
        for record, (function, _), answer in zip(listed, requests, answers(requests), strict=True)
        if answer.get("err", "E_SUCCESS") != wanted(record, function)
        or "args" in record and record.get("h") and "ok" in answer and answer["ok"] != record["h"]
    ]
    assert wrong == []


def test_the_texts_of_errors_are_those_of_the_reference():
    (texts,) = [
        record["describeH3Error"] for record in records("oracle/constants.jsonl.gz") if "describeH3Error" in record
    ]
    assert [answer["ok"] for answer in answers([("describeH3Error", [code]) for code in range(len(texts))])] == texts


@pytest.mark.parametrize("k", [-1, -(2**63)])
def test_a_ring_of_negative_size_is_refused(k):
    (answer,) = answers([("gridRing", [GOOD, k])])
    assert answer["err"] == "E_DOMAIN"
