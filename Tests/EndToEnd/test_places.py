"""Areas as places: events placed by area, approximate layers derived from events, and names of cells."""

import csv
import io
import json
from collections import Counter

import h3
import pytest
import shapely
from canonical import counts, dead_letters
from playwright.sync_api import expect
from redis_database import free_redis_database
from serving import serving
from shapely.geometry import Point, Polygon, mapping, shape

# Squares of 0.1 degrees side by side, from west to east; an L whose middle is outside of it; two of one name.
SQUARES = {
    f"00{number}": (f"Square {number}", Polygon([(x, 43.6), (x + 0.1, 43.6), (x + 0.1, 43.7), (x, 43.7)]))
    for number, x in [(1, -79.5), (2, -79.4), (3, -79.3)]
}
AREAS = SQUARES | {
    "L": ("Ell", Polygon([(-79, 43), (-78, 43), (-78, 43.1), (-78.9, 43.1), (-78.9, 44), (-79, 44)])),
    "t1": ("Twin", Polygon([(10, 10), (11, 10), (11, 11)])), "t2": ("twin.", Polygon([(20, 10), (21, 10), (21, 11)])),
}
MAPPING = """
event_type: {column: kind}
time: {column: when, zone: UTC}
coordinates: {area: {layer: units, column: place%s}%s}
count: {column: n, suppressed: [S, "..C"]}
attributes: {columns: [place]}
"""


def layer(path, areas):
    features = [
        {"type": "Feature", "properties": {"code": code, "title": name}, "geometry": mapping(place)}
        for code, (name, place) in areas.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


@pytest.fixture(scope="module")
def units(hextant, folder):
    file = layer(folder / "units.geojson", AREAS)
    told = hextant.json("areas", "import", file, "--layer", "units", "--id", "code", "--name", "title")
    assert told["areas"] == len(AREAS)


def put(path, text):
    path.write_text(text)
    return path


def test_events_are_placed_inside_their_area_and_say_so(hextant, database, dataset, units, tmp_path):
    rows = [
        ("theft", "1", "2"), ("theft", "002", "1"), ("fire", "l", "1"), ("fire", "X9", "4"), ("fire", "003", "S"),
        ("fire", "003", "..c"), ("fire", "003", "0"), ("fire", "", "1"), ("fire", "3", "lots"),
    ]
    text = "kind,when,place,n\n" + "".join(f"{kind},2021-03-04,{place},{n}\n" for kind, place, n in rows)
    file = tmp_path / "events.csv"
    file.write_bytes(text.encode("utf-16"))
    told = hextant.json("ingest", file, "--dataset", dataset, "--mapping", put(tmp_path / "a.yaml", MAPPING % ("", "")))
    assert counts(told) == (9, 4, 0, 5) and told["filtered"] == 1
    assert told["rejected_by_reason"] == {
        "unknown_place": 1, "suppressed_count": 2, "missing_value": 1, "bad_count": 1}
    assert dict(dead_letters(database, told["batch"])) == {
        5: "unknown_place", 6: "suppressed_count", 7: "suppressed_count", 9: "missing_value", 10: "bad_count"}
    [detail] = database.rows("SELECT detail FROM dead_letters WHERE batch = %s AND line_number = 5", [told["batch"]])
    assert '"X9"' in detail[0] and "units" in detail[0]
    stored = database.rows(
        "SELECT attributes_json, ST_X(geom), ST_Y(geom) FROM events WHERE dataset = %s ORDER BY row_number", [dataset])
    assert [attributes for attributes, *_ in stored] == [
        {"place": place, "placement": "area:units"} for place in ["1", "1", "002", "l"]]
    for (_, x, y), code in zip(stored, ["001", "001", "002", "L"]):
        assert AREAS[code][1].contains(Point(x, y))


def test_names_place_events_and_a_name_of_several_areas_does_not(hextant, database, dataset, units, tmp_path):
    text = "kind,when,place,n\na,2021-03-04,square 1.,1\na,2021-03-04,TWIN,1\na,2021-03-04,001,1\n"
    by_name = put(tmp_path / "b.yaml", MAPPING % (", by: name", ""))
    told = hextant.json("ingest", put(tmp_path / "e.csv", text), "--dataset", dataset, "--mapping", by_name)
    assert counts(told) == (3, 1, 0, 2)
    assert dead_letters(database, told["batch"]) == [(3, "unknown_place"), (4, "unknown_place")]


def test_a_layer_that_is_missing_is_asked_for_and_may_come_later(hextant, database, dataset, tmp_path):
    text = "kind,when,place,n\na,2021-03-04,7,1\na,2021-03-05,8,2\n"
    file = put(tmp_path / "e.csv", text)
    needed = put(tmp_path / "needed.yaml", (MAPPING % ("", "")).replace("units", "later"))
    refused = hextant("ingest", file, "--dataset", dataset, "--mapping", needed)
    assert refused.code == 65 and "hextant areas import FILE --layer later" in refused.err
    dry = hextant("ingest", file, "--dry-run", "--mapping", needed)
    assert dry.code == 65 and "hextant areas import FILE --layer later" in dry.err
    optional = put(tmp_path / "optional.yaml", (MAPPING % ("", ", optional: true")).replace("units", "later"))
    told = hextant.json("ingest", file, "--dataset", dataset, "--mapping", optional, "--allow-empty")
    assert counts(told) == (2, 0, 0, 2)
    areas = layer(tmp_path / "later.geojson", {"7": ("Seven", SQUARES["001"][1]), "8": ("Eight", SQUARES["002"][1])})
    hextant.json("areas", "import", areas, "--layer", "later", "--id", "code", "--name", "title")
    assert hextant.json("ingest", file, "--dry-run", "--mapping", needed)["accepted"] == 3
    again = hextant.json("dead-letters", "remediate", "--batch", told["batch"], "--mapping", needed)
    assert (again["examined"], again["remediated"], again["accepted"]) == (2, 2, 3)
    # The same events, read with the layer from the start, are known.
    assert counts(hextant.json("ingest", file, "--dataset", dataset, "--mapping", needed)) == (3, 0, 3, 0)


# Derived layers and names of cells

DAY = "2021-06-01"
NEXT_DAY = "2021-06-02"


@pytest.fixture(scope="module")
def town(hextant, folder):
    """Events on a grid of places, each of which names the square that it lies in; a few name another, or none."""
    hextant.put_dataset(folder, "town", resolutions=[5, 8])
    lines = ["event_type,event_timestamp,longitude,latitude,attributes_json\n"]
    for column in range(60):
        for row in range(20):
            x, y = -79.4975 + column * 0.005, 43.6025 + row * 0.005
            name = f"Square {1 + column // 20}"
            number = column * 20 + row
            if number % 97 == 0:
                name = "Elsewhere"
            attributes = {"ward": name} if number % 31 else {}
            text = json.dumps(attributes).replace('"', '""')
            lines.append(f'theft,{DAY}T12:00:00Z,{x:.4f},{y:.4f},"{text}"\n' * 2)
    # A day with one event, so that the other cells have none on it.
    lines.append(f'theft,{NEXT_DAY}T12:00:00Z,-79.4975,43.6025,"{{""ward"":""Square 1""}}"\n')
    file = put(folder / "town.csv", "".join(lines))
    hextant.json("ingest", file, "--dataset", "town")
    hextant.json("score", "--dataset", "town")
    hextant.json("refresh")
    return "town"


def majority(database, dataset, resolution):
    """The name of most events in each cell, by Python's h3."""
    names = {}
    for x, y, name, number in database.rows(
        """
        SELECT ST_X(geom), ST_Y(geom), attributes_json ->> 'ward', count(*) FROM events
        WHERE dataset = %s AND attributes_json ? 'ward' GROUP BY 1, 2, 3
        """,
        [dataset],
    ):
        if name != "Elsewhere":
            names.setdefault(h3.latlng_to_cell(y, x, resolution), Counter())[name] += number
    return names


def test_a_derived_layer_is_the_cells_of_the_most_frequent_names(hextant, database, town):
    told = hextant.json(
        "areas", "derive", "--dataset", town, "--attribute", "ward", "--layer", "wards", "--resolution", 8,
        "--except", "Elsewhere", "Nowhere")
    assert (told["areas"], told["approximate"], told["names_without_cell"]) == (3, True, 0)
    counted = majority(database, town, 8)
    assert told["events"] == sum(sum(names.values()) for names in counted.values())
    totals = sum(counted.values(), Counter())
    owners = {
        cell: min(names, key=lambda name: (-names[name], -totals[name], name)) for cell, names in counted.items()}
    while True:
        around = {}
        for cell, owner in owners.items():
            for other in h3.grid_ring(cell, 1):
                if other not in owners:
                    around.setdefault(other, Counter())[owner] += 1
        filled = {
            cell: min(names, key=lambda name: (-names[name], -totals[name], name))
            for cell, names in around.items() if sum(names.values()) >= 4
        }
        if not filled:
            break
        owners |= filled
    stored = {
        id: shapely.from_wkb(bytes(wkb))
        for id, wkb in database.rows(
            """
            SELECT a.id, ST_AsBinary(a.geom) FROM areas a JOIN area_layers l ON l.id = a.layer_id
            WHERE l.slug = 'wards' AND l.approximate
            """)
    }
    assert set(stored) == {"Square 1", "Square 2", "Square 3"}
    for name, place in stored.items():
        cells = [cell for cell, owner in owners.items() if owner == name]
        outline = shape(h3.cells_to_geo(cells))
        assert place.symmetric_difference(outline).area < 1e-6 * outline.area


def test_a_layer_cannot_be_derived_from_what_is_not_there(hextant, town):
    unknown = hextant("areas", "derive", "--dataset", town, "--attribute", "Ward", "--layer", "none")
    assert unknown.code == 65 and '"Ward"' in unknown.err and '"ward"' in unknown.err
    assert hextant("areas", "derive", "--dataset", "nowhere", "--attribute", "a", "--layer", "none").code == 65
    fine = hextant("areas", "derive", "--dataset", town, "--attribute", "ward", "--layer", "none", "--resolution", 16)
    assert fine.code == 64


@pytest.fixture(scope="module")
def server(hextant, folder, town):
    with free_redis_database() as redis:
        with serving(hextant, folder / "places.log", "--redis-url", redis.url) as server:
            yield server


def expected_name(cell, areas):
    """The name of a cell, by shapely: the area with the largest part of it, and the number of the others."""
    outline = Polygon([(x, y) for y, x in h3.cell_to_boundary(cell)])
    shares = sorted(
        ((-outline.intersection(place).area / outline.area, name) for name, place in areas.values()
         if outline.intersection(place).area >= 0.001 * outline.area))
    names = [name for _, name in shares]
    if not names or -shares[0][0] >= 0.5 or len(names) == 1:
        return names[0] if names else None
    if len(names) == 2:
        return f"{names[0]} and {names[1]}"
    rest = len(names) - 2
    return f"{names[0]}, {names[1]} and {rest} {'other' if rest == 1 else 'others'}"


def test_lists_say_the_place_of_a_cell(hextant, folder, server, town):
    path = f"/v1/risk/{DAY}"
    before = server.json(path, dataset=town, resolution=8, limit=500)["items"]
    assert len(before) > 100 and {row["area"] for row in before} == {None}
    file = layer(folder / "squares.geojson", SQUARES)
    hextant.json("areas", "import", file, "--layer", "squares", "--id", "code", "--name", "title")
    hextant.put_dataset(folder, town, resolutions=[5, 8], areas="squares")
    for resolution in (8, 5):
        rows = server.json(path, dataset=town, resolution=resolution, limit=500)["items"]
        assert rows and [row["area"] for row in rows] == [expected_name(row["h3_index"], SQUARES) for row in rows]
    assert any(row["area"] and row["area"].endswith("other") for row in rows)
    cell = before[0]["h3_index"]
    [row] = server.json(f"/v1/cells/{cell}", dataset=town)["items"]
    assert row["area"] == expected_name(cell, SQUARES)
    spots = server.json("/v1/hotspots", dataset=town, resolution=8, limit=500)["features"]
    assert all(
        spot["properties"]["area"] == expected_name(spot["id"], SQUARES) for spot in spots)
    table = csv.DictReader(io.StringIO(server.get(path, dataset=town, resolution=8, limit=500, f="csv").text))
    assert {line["h3_index"]: line["area"] or None for line in table} == {
        row["h3_index"]: expected_name(row["h3_index"], SQUARES) for row in before}
    [feature] = server.json(f"/ogc/collections/{town}.risk/items", resolution=8, limit=1)["features"]
    assert feature["properties"]["area"] == expected_name(feature["properties"]["h3_index"], SQUARES)
    assert server.json("/v1/tiles.json", dataset=town)["hextant"]["areas"] == "squares"


def test_the_page_names_a_cell_on_a_day_without_events(hextant, folder, pages, server, town):
    file = layer(folder / "squares.geojson", SQUARES)
    hextant.json("areas", "import", file, "--layer", "squares", "--id", "code", "--name", "title")
    hextant.put_dataset(folder, town, resolutions=[5, 8], areas="squares")
    cell = h3.latlng_to_cell(43.6525, -79.2475, 8)
    page = pages(server.url).open(f"#dataset={town}&layer=risk&date={NEXT_DAY}&cell={cell}")
    expect(page.page.locator("#drawer-title")).to_have_text("Square 3")


def test_names_of_a_derived_layer_are_marked_and_change_with_the_layer(hextant, folder, server, town):
    hextant.json("areas", "derive", "--dataset", town, "--attribute", "ward", "--layer", "drawn", "--resolution", 8)
    hextant.put_dataset(folder, town, resolutions=[5, 8], areas="drawn")
    path = f"/v1/risk/{DAY}"
    rows = server.json(path, dataset=town, resolution=8, limit=500)["items"]
    names = {row["area"] for row in rows}
    assert "Square 1 (approximate)" in names
    assert all(name is None or name.endswith(" (approximate)") for name in names)
    renamed = {code: (name.replace("Square", "Block"), place) for code, (name, place) in SQUARES.items()}
    file = layer(folder / "blocks.geojson", renamed)
    hextant.json("areas", "import", file, "--layer", "drawn", "--id", "code", "--name", "title")
    rows = server.json(path, dataset=town, resolution=8, limit=500)["items"]
    assert [row["area"] for row in rows] == [expected_name(row["h3_index"], renamed) for row in rows]
    # Without a layer there are no names, and a refresh brings none.
    hextant.put_dataset(folder, town, resolutions=[5, 8], areas="")
    hextant.json("refresh")
    assert {row["area"] for row in server.json(path, dataset=town, resolution=8, limit=500)["items"]} == {None}
