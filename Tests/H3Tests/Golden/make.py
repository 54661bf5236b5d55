"""Writes the golden values of the H3 tests with the reference implementation: python3 make.py (needs h3==4.5.0)."""

import math
import random
from pathlib import Path

import h3

assert h3.versions()["c"] == "4.5.0"
FOLDER = Path(__file__).parent
random.seed(20260117)


def random_point():
    """A point distributed evenly over the sphere."""
    return math.degrees(math.asin(random.uniform(-1, 1))), random.uniform(-180, 180)


def write(name, lines):
    (FOLDER / name).write_text("".join(line + "\n" for line in lines))


def write_points():
    """Writes points.txt: latitude, longitude and the cell at each of the resolutions 0 to 15."""
    points = [random_point() for _ in range(100)]
    points += [(90.0, 0.0), (-90.0, 0.0), (90.0, 77.25), (-90.0, -140.5), (89.9999999, 12.0), (-89.99999, 30.0)]
    points += [
        (latitude, side) for latitude in (-71.3, -16.8, 0.0, 52.4, 67.9) for side in (180.0, -180.0, 179.9999999)
    ]
    points += [
        (0.0, 0.0),
        (-0.0, -0.0),
        (0.0, 90.0),
        (40.7, 286.0),
        (100.5, 20.0),
        (-95.25, 10.0),
        (33.0, -540.0),
        (5.0, 1e6),
    ]
    for resolution in range(16):
        for pentagon in h3.get_pentagons(resolution)[resolution % 2::2]:
            latitude, longitude = h3.cell_to_latlng(pentagon)
            reach = 40 / 7 ** (resolution / 2)
            points.append((latitude + random.uniform(-reach, reach), longitude + random.uniform(-reach, reach)))
    write("points.txt", (
        " ".join([repr(latitude), repr(longitude)] + [h3.latlng_to_cell(latitude, longitude, r) for r in range(16)])
        for latitude, longitude in points))


def cells():
    for resolution in range(16):
        yield from h3.get_pentagons(resolution)
        random_cells = (h3.latlng_to_cell(*random_point(), resolution) for _ in range(20))
        yield from random_cells
        # Next to the pentagons the grid is most distorted.
        for pentagon in h3.get_pentagons(resolution)[:4]:
            yield random.choice([cell for cell in h3.grid_disk(pentagon, 2) if cell != pentagon])
    # Class III cells with one, two and more vertices on edges of the icosahedron.
    for resolution in (1, 3, 5, 7):
        found = 0
        while found < 12:
            cell = h3.latlng_to_cell(*random_point(), resolution)
            if len(h3.cell_to_boundary(cell)) > 6:
                found += 1
                yield cell


def write_cells():
    """Writes cells.txt: cell, base cell, P for a pentagon or H, the centre, then the vertices; degrees."""
    lines = []
    for cell in cells():
        numbers = [*h3.cell_to_latlng(cell), *(part for vertex in h3.cell_to_boundary(cell) for part in vertex)]
        kind = "P" if h3.is_pentagon(cell) else "H"
        lines.append(
            " ".join([cell, str(h3.get_base_cell_number(cell)), kind] + [f"{number:.12f}" for number in numbers])
        )
    write("cells.txt", lines)


def write_parents():
    """Writes parents.txt: cell, then its parents at resolutions from 0 to its own."""
    lines = []
    for resolution in range(16):
        for cell in h3.get_pentagons(resolution)[:2] + [
            h3.latlng_to_cell(*random_point(), resolution) for _ in range(6)
        ]:
            lines.append(" ".join([cell] + [h3.cell_to_parent(cell, r) for r in range(resolution + 1)]))
    write("parents.txt", lines)


def write_validity():
    """Writes validity.txt: any 64 bits in hexadecimal, then 1 if they are a valid cell, else 0."""
    values = [0, 1, 2**63, 2**64 - 1, 2**63 - 1, 0x08001FFFFFFFFFFF, 0x080F3FFFFFFFFFFF, 0x080F5FFFFFFFFFFF]
    for resolution in range(16):
        pentagons = [int(cell, 16) for cell in h3.get_pentagons(resolution)]
        for _ in range(30):
            cell = int(h3.latlng_to_cell(*random_point(), resolution), 16)
            values += [cell, cell ^ 1 << random.randrange(64)]
        # Every digit at a random place under a pentagon, including the deleted one.
        for _ in range(8 if resolution else 0):
            place = 3 * (15 - random.randint(1, resolution))
            values.append(random.choice(pentagons) & ~(7 << place) | random.randrange(8) << place)
    write("validity.txt", (f"{value:x} {int(h3.is_valid_cell(f'{value:x}'))}" for value in values))


def sample(resolutions, each):
    """Pentagons, cells next to them and random ones."""
    for resolution in resolutions:
        pentagon = random.choice(h3.get_pentagons(resolution))
        yield pentagon
        yield random.choice(h3.grid_ring(pentagon, 2))
        yield from (h3.latlng_to_cell(*random_point(), resolution) for _ in range(each))


def write_families():
    """Writes families.txt: cell, a finer resolution, position, the descendant there, then all children's children."""
    lines = []
    for cell in sample(range(14), 2):
        resolution = h3.get_resolution(cell)
        finer = random.randint(resolution, 15)
        position = random.randrange(h3.cell_to_children_size(cell, finer))
        child = h3.child_pos_to_cell(cell, finer, position)
        lines.append(" ".join([cell, str(finer), str(position), child] + h3.cell_to_children(cell, resolution + 2)))
    write("families.txt", lines)


def write_disks():
    """Writes disks.txt: cell, k, then the cells at exactly that distance."""
    write("disks.txt", (
        " ".join([cell, str(k)] + sorted(h3.grid_ring(cell, k))) for cell in sample(range(16), 3) for k in (1, 2, 4)))


def write_pairs():
    """Writes pairs.txt: two cells, their distance, local i and j and the path between them; E if there is none."""
    lines = []
    for cell in sample(range(16), 3):
        for other in random.sample(h3.grid_disk(cell, 6), 6):
            try:
                place = h3.cell_to_local_ij(cell, other)
                path = h3.grid_path_cells(cell, other)
                lines.append(" ".join([cell, other, str(h3.grid_distance(cell, other)), *map(str, place), *path]))
            except h3.H3BaseException:
                lines.append(f"{cell} {other} E")
    write("pairs.txt", lines)


def write_edges():
    """Writes edges.txt: cell, area in radians^2, then its faces, directed edges and vertexes, each a field with commas.
    """
    lines = []
    for cell in sample(range(16), 5):
        edges = sorted(h3.origin_to_directed_edges(cell))
        fields = [
            cell, repr(h3.cell_area(cell, "rads^2")), ",".join(map(str, sorted(h3.get_icosahedron_faces(cell)))),
            ",".join(edges), ",".join(h3.get_directed_edge_destination(edge) for edge in edges),
            ",".join(repr(h3.edge_length(edge, "rads")) for edge in edges), ",".join(h3.cell_to_vertexes(cell)),
            ",".join(repr(part) for vertex in h3.cell_to_vertexes(cell) for part in h3.vertex_to_latlng(vertex))]
        lines.append(" ".join(fields))
    write("edges.txt", lines)


def star(latitude, longitude, radius, corners):
    points = []
    for corner in range(corners):
        angle = 2 * math.pi * corner / corners
        reach = radius * random.uniform(0.4, 1)
        points.append((
            round(latitude + reach * math.sin(angle), 6),
            round((longitude + reach * math.cos(angle) / math.cos(math.radians(latitude)) + 180) % 360 - 180, 6)))
    return points


def write_polygons():
    """Writes polygons.txt: resolution, mode, rings with commas (outer ring first, lat and lng), then the compact cells.
    """
    shapes = [
        (7, [star(43.7, -79.4, 0.15, 40)]), (6, [star(51.5, -0.1, 0.4, 25), star(51.5, -0.1, 0.1, 9)]),
        (4, [star(-17.0, 179.9, 3, 20), star(-17.0, 180.0, 0.8, 6)]), (3, [star(80.0, 60.0, 4, 12)]),
        (5, [star(23.717925, -67.132326, 1.2, 16)]), (2, [star(5.0, 20.0, 25, 30)]), (9, [star(10.0, 10.0, 0.0005, 5)])]
    lines = []
    for resolution, rings in shapes:
        for mode in ("center", "full", "overlap", "bbox_overlap"):
            cells = h3.h3shape_to_cells_experimental(h3.LatLngPoly(*rings), resolution, contain=mode)
            lines.append(
                " ".join(
                    [str(resolution), mode, str(len(rings))]
                    + [",".join(repr(part) for point in ring for part in point) for ring in rings]
                    + h3.compact_cells(cells)
                )
            )
    write("polygons.txt", lines)


def write_outlines():
    """Writes outlines.txt: number of cells, the cells, then the numbers of vertices of the rings of each polygon."""
    lines = []
    for cell in sample((1, 4, 5, 8), 2):
        disk = h3.grid_disk(cell, 3)
        cells = [other for other in disk if random.random() < 0.75]
        polygons = sorted(",".join(str(len(ring) - 1) for ring in polygon) for polygon in (
            h3.cells_to_geo(cells)["coordinates"] if h3.cells_to_geo(cells)["type"] == "MultiPolygon"
            else [h3.cells_to_geo(cells)["coordinates"]]))
        lines.append(" ".join([str(len(cells))] + cells + polygons))
    write("outlines.txt", lines)


write_points()
write_cells()
write_parents()
write_validity()
write_families()
write_disks()
write_pairs()
write_edges()
write_polygons()
write_outlines()
