"""Christchurch by area units, from the shapefile and the police's totals to the counts of each area."""

import csv
from collections import Counter

import geopandas


def test_the_victims_of_each_area_unit_are_its_events(hextant, database, events_folder, tmp_path):
    boundaries = events_folder.parent / "areas" / "nz_area-unit-2017-generalised_canterbury.zip"
    hextant.json("areas", "import", boundaries, "--layer", "area-units", "--id", "AU2017", "--name", "AU2017_NAM")
    dataset = hextant.put_dataset(tmp_path, "christchurch-units", time_zone="Pacific/Auckland")
    file = events_folder / "nz_christchurch_victimisations_by_area_unit.csv"
    told = hextant.json("ingest", file, "--dataset", dataset, "--mapping", "nz-victimisations-area-unit")
    with open(file, encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    assert (told["accepted"], told["rejected"]) == (sum(int(row["victimisations"]) for row in rows), 0)

    # Each event is inside its own area, as GEOS and PROJ see it.
    units = geopandas.read_file(boundaries).to_crs("EPSG:4326").set_index("AU2017_NAM").geometry
    points = database.rows(
        """
        SELECT DISTINCT attributes_json ->> 'area_unit', attributes_json ->> 'placement', ST_X(geom), ST_Y(geom)
        FROM events WHERE dataset = %s
        """,
        [dataset],
    )
    assert len(points) == len({row["area_unit"] for row in rows})
    for name, placement, x, y in points:
        assert placement == "area:area-units"
        assert units[name].contains(geopandas.points_from_xy([x], [y])[0]), name

    # The counts of areas are those of the file, by type.
    [counted] = hextant.json("areas", "count", "--dataset", dataset, "--layer", "area-units")["layers"]
    assert (counted["events"], counted["outside"]) == (told["accepted"], 0)
    found = database.rows(
        """
        SELECT a.name, c.event_type, sum(c.events)::int
        FROM area_day_counts c
        JOIN area_layers l ON l.slug = c.layer
        JOIN areas a ON (a.layer_id, a.id) = (l.id, c.area)
        WHERE c.dataset = %s AND c.layer = 'area-units' GROUP BY 1, 2
        """,
        [dataset],
    )
    expected = Counter()
    for row in rows:
        expected[row["area_unit"], row["anzsoc_group"]] += int(row["victimisations"])
    assert {(name, kind): count for name, kind, count in found} == {
        key: count for key, count in expected.items() if count > 0}
