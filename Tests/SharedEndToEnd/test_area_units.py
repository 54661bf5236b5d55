"""Christchurch by area units, from the shapefile and the police's totals to the rates and tiles of each area."""

import csv
from collections import Counter

import geopandas
import pandas
from area_oracle import assert_figures
from area_requests import assert_drawn, counted, listed
from serving import serving


def test_the_victims_of_each_area_unit_are_its_events(hextant, database, events_folder, tmp_path):
    boundaries = events_folder.parent / "areas" / "nz_area-unit-2017-generalised_canterbury.zip"
    table = events_folder.parent / "areas" / "nz_area_units_2013_population.csv"
    layer = hextant.json(
        "areas", "import", boundaries, "--layer", "area-units", "--id", "AU2017", "--name", "AU2017_NAM",
        "--population", table, "--population-column", "ResidentPop2013")
    census = pandas.read_csv(table, dtype={"AU2014": str}).set_index("AU2014").ResidentPop2013
    dataset = hextant.put_dataset(tmp_path, "christchurch-units", time_zone="Pacific/Auckland")
    file = events_folder / "nz_christchurch_victimisations_by_area_unit.csv"
    told = hextant.json("ingest", file, "--dataset", dataset, "--mapping", "nz-victimisations-area-unit")
    with open(file, encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    assert (told["accepted"], told["rejected"]) == (sum(int(row["victimisations"]) for row in rows), 0)

    # Each event is inside its own area, as GEOS and PROJ see it.
    frame = geopandas.read_file(boundaries).to_crs("EPSG:4326")
    units = frame.set_index("AU2017_NAM").geometry
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
    [sums] = hextant.json("areas", "count", "--dataset", dataset, "--layer", "area-units")["layers"]
    assert (sums["events"], sums["outside"]) == (told["accepted"], 0)
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

    # The rates, the empirical Bayes rates and the scores are those of the census and PySAL, and the tiles show them.
    frame["population"] = census.reindex(frame.AU2017).to_numpy(float)
    areas = frame.set_index("AU2017")
    assert (layer["areas"], layer["population"]) == (228, areas.population.sum()) and not areas.population.isna().any()
    first, last = "2019-03-01", "2023-02-28"
    codes = dict(zip(frame.AU2017_NAM, frame.AU2017))
    own = pandas.DataFrame({
        "day": first, "area": [codes[row["area_unit"]] for row in rows for _ in range(int(row["victimisations"]))]})
    with serving(hextant, tmp_path / "server.log", "--workers", 0) as server:
        counted(server, "area-units", dataset, sums, first=first, last=last)
        listed_rows = listed(server, "area-units", dataset, first, last)
        assert_figures(listed_rows, areas, own, first, last)
        for figure in ["rate", "safety_score"]:
            assert_drawn(
                server, "area-units", dataset, listed_rows, [8, 10], figure=figure, **{"from": first, "to": last})
