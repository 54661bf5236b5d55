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
    """points.txt: latitude, longitude and the cell at each of the resolutions 0 to 15."""
    points = [random_point() for _ in range(100)]
    points += [(90.0, 0.0), (-90.0, 0.0), (90.0, 77.25), (-90.0, -140.5), (89.9999999, 12.0), (-89.99999, 30.0)]
    points += [(latitude, side) for latitude in (-71.3, -16.8, 0.0, 52.4, 67.9) for side in (180.0, -180.0, 179.9999999)]
    points += [(0.0, 0.0), (-0.0, -0.0), (0.0, 90.0), (40.7, 286.0), (100.5, 20.0), (-95.25, 10.0), (33.0, -540.0), (5.0, 1e6)]
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
    """cells.txt: cell, base cell, P for a pentagon or H, the centre, then the vertices; degrees."""
    lines = []
    for cell in cells():
        numbers = [*h3.cell_to_latlng(cell), *(part for vertex in h3.cell_to_boundary(cell) for part in vertex)]
        kind = "P" if h3.is_pentagon(cell) else "H"
        lines.append(" ".join([cell, str(h3.get_base_cell_number(cell)), kind] + [f"{number:.12f}" for number in numbers]))
    write("cells.txt", lines)


def write_parents():
    """parents.txt: cell, then its parents at resolutions 0 to its own."""
    lines = []
    for resolution in range(16):
        for cell in h3.get_pentagons(resolution)[:2] + [h3.latlng_to_cell(*random_point(), resolution) for _ in range(6)]:
            lines.append(" ".join([cell] + [h3.cell_to_parent(cell, r) for r in range(resolution + 1)]))
    write("parents.txt", lines)


def write_validity():
    """validity.txt: any 64 bits in hexadecimal, then 1 where they are a valid cell or 0."""
    values = [0, 1, 2**63, 2**64 - 1, 2**63 - 1, 0x08001FFFFFFFFFFF, 0x080F3FFFFFFFFFFF, 0x080F5FFFFFFFFFFF]
    for resolution in range(16):
        pentagons = [int(cell, 16) for cell in h3.get_pentagons(resolution)]
        for _ in range(30):
            cell = int(h3.latlng_to_cell(*random_point(), resolution), 16)
            values += [cell, cell ^ 1 << random.randrange(64)]
        # Every digit at a random place under a pentagon, the deleted one among them.
        for _ in range(8 if resolution else 0):
            place = 3 * (15 - random.randint(1, resolution))
            values.append(random.choice(pentagons) & ~(7 << place) | random.randrange(8) << place)
    write("validity.txt", (f"{value:x} {int(h3.is_valid_cell(f'{value:x}'))}" for value in values))


write_points()
write_cells()
write_parents()
write_validity()
