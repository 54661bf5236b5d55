"""Layers of the shared files with their populations and the events that match: every figure of every area, on lists and
tiles."""

import random
from datetime import datetime
from zoneinfo import ZoneInfo

import geopandas
import numpy
import pandas
import pytest
import shapely
from area_oracle import assert_figures, joined, voronoi
from area_requests import assert_drawn, counted, listed
from event_files import FILES
from serving import serving
from toronto import records, write_days
from waiting import wait_until

HEADER = "event_id,event_type,event_timestamp,longitude,latitude,attributes_json\n"


@pytest.fixture(scope="module")
def areas_folder(events_folder):
    return events_folder.parent / "areas"


@pytest.fixture(scope="module")
def server(hextant, tmp_path_factory):
    with serving(hextant, tmp_path_factory.mktemp("server") / "server.log", "--workers", 0) as server:
        yield server


@pytest.fixture
def imports(hextant, server):
    """Imports a layer, waits until the server has it, and deletes it at the end."""
    made = []

    def imports(file, layer, *options):
        told = hextant.json("areas", "import", file, "--layer", layer, *options)
        made.append(layer)
        wait_until(lambda: server.get(f"/v1/areas/{layer}").status_code == 200, "the layer")
        return told

    yield imports
    for layer in made:
        hextant.json("areas", "delete", layer, "--confirm", layer)


def valid(frame):
    shapes = frame.geometry.make_valid(method="structure", keep_collapsed=False).to_crs(4326)
    return frame.set_geometry(shapes)


def count(hextant, dataset, layer):
    [told] = hextant.json("areas", "count", "--dataset", dataset, "--layer", layer)["layers"]
    return told


def test_wards_of_london_have_the_rates_of_their_residents(
    hextant, server, imports, areas_folder, events_folder, tmp_path
):
    """Five months of the City of London, and made-up events all over London for two years before and with them."""
    table = areas_folder / "london_ward_pop.csv.gz"
    people = pandas.read_csv(table).query("Year == 2014")
    told = imports(
        areas_folder / "london_wards_2014.zip", "london", "--id", "GSS_CODE", "--name", "NAME", "--population", table,
        "--population-where", "Year=2014")
    wards = valid(geopandas.read_file(areas_folder / "london_wards_2014.zip")).set_index("GSS_CODE")
    wards["population"] = people.groupby("Code").Population.sum().reindex(wards.index)
    # The wards of the City and those that were new in 2014 are not in the table, and wards that were replaced are.
    assert (told["areas"], told["population"], told["without_population"]) == (
        654, wards.population.sum(), int(wards.population.isna().sum()))
    assert told["without_population"] == 84

    dataset = hextant.put_dataset(tmp_path, "london", time_zone="Europe/London")
    frames = []
    for month in ["2018-10", "2018-11", "2018-12", "2019-01", "2019-02"]:
        file = events_folder / f"{month}-city-of-london-street.csv"
        hextant.json("ingest", file, "--dataset", dataset, "--mapping", "uk-street")
        frame = pandas.read_csv(file).dropna(subset=["Longitude", "Latitude"])
        frames.append(pandas.DataFrame({
            "day": frame.Month + "-01", "kind": frame["Crime type"], "longitude": frame.Longitude,
            "latitude": frame.Latitude}))
    chance = random.Random(2014)
    west, south, east, north = map(float, wards.total_bounds)
    days = [f"{day:%Y-%m-%d}" for day in pandas.date_range("2017-03-01", "2019-02-28")]
    made = [(chance.choice(days), "theft", chance.uniform(west, east), chance.uniform(south, north))
            for _ in range(20_000)]
    # So that the last month is full.
    made.append(("2019-02-28", "theft", west, south))
    file = tmp_path / "made.csv"
    file.write_text(HEADER + "".join(
        f"m{number},{kind},{day}T12:00:00Z,{x!r},{y!r},{{}}\n" for number, (day, kind, x, y) in enumerate(made)))
    hextant.json("ingest", file, "--dataset", dataset)
    events = pandas.concat([*frames, pandas.DataFrame(made, columns=["day", "kind", "longitude", "latitude"])])

    own = joined(wards, events)
    told = count(hextant, dataset, "london")
    assert (told["events"], told["outside"]) == (len(events), len(events) - len(own))
    counted(server, "london", dataset, told)
    rows = listed(server, "london", dataset)
    assert {(row["from"], row["to"]) for row in rows} == {("2018-03-01", "2019-02-28")}
    assert_figures(rows, wards, own, "2018-03-01", "2019-02-28", ("2017-03-01", "2018-03-01", "2019-03-01"))
    only = joined(wards, events[events.kind == "Burglary"])
    rows = listed(server, "london", dataset, "2018-10-01", "2018-12-31", event_type="Burglary")
    found = {row["id"]: row["events"] for row in rows if row["events"]}
    assert found == only[only.day < "2019-01-01"].groupby("area").size().to_dict() and len(found) > 5


def test_wards_of_northumbria_have_the_rates_of_their_residents(
    hextant, server, imports, areas_folder, events_folder, tmp_path
):
    table = areas_folder / "northumbria_ward_pop.xlsx"
    people = pandas.read_excel(table)
    told = imports(
        areas_folder / "northumbria_wards.gpkg", "northumbria", "--id", "ward_code", "--name", "ward_name",
        "--population", table)
    wards = valid(geopandas.read_file(areas_folder / "northumbria_wards.gpkg")).set_index("ward_code")
    wards["population"] = people.groupby("gss_code").population.sum().reindex(wards.index)
    assert told["population"] == wards.population.sum() and told["areas"] == 177
    assert told["without_population"] == int(wards.population.isna().sum())

    dataset = hextant.put_dataset(tmp_path, "northumbria", time_zone="Europe/London")
    file = events_folder / "northumbria_asb.tab"
    hextant.json("ingest", file, "--dataset", dataset, "--mapping", "northumbria-asb")
    events = pandas.read_csv(file, sep="\t").rename(columns={"month": "day"}).assign(kind="anti-social behaviour")
    own = joined(wards, events)
    told = count(hextant, dataset, "northumbria")
    assert (told["events"], told["outside"]) == (len(events), len(events) - len(own))
    counted(server, "northumbria", dataset, told, first="2022-01-01", last="2022-11-30")
    rows = listed(server, "northumbria", dataset, "2022-01-01", "2022-11-30")
    assert_figures(rows, wards, own, "2022-01-01", "2022-11-30")
    period = {"from": "2022-01-01", "to": "2022-11-30"}
    assert_drawn(server, "northumbria", dataset, rows, [7, 9, 11], figure="eb_rate", **period)


def test_districts_of_the_police_of_chicago_come_from_kml(
    hextant, server, imports, areas_folder, events_folder, tmp_path
):
    file = areas_folder / "chicago_police_districts.kml"
    refused = hextant("areas", "import", file, "--layer", "districts", "--id", "name", "--name", "description")
    # The 31st district has three placemarks.
    assert refused.code == 65 and "records 3 and 8 have the same id, 31" in refused.err
    told = imports(file, "districts", "--id", "name", "--name", "description", "--merge")
    districts = valid(geopandas.read_file(file)).dissolve("Name")
    assert (told["areas"], told.get("population")) == (23, None) and len(districts) == 23
    assert {row["id"]: row["name"] for row in server.json("/v1/areas/districts")["items"]} == {
        id: f"District {id}" for id in districts.index}

    dataset = hextant.put_dataset(tmp_path, "assaults", time_zone="America/Chicago")
    file = events_folder / "chicago_aggravated_assaults.csv.gz"
    hextant.json("ingest", file, "--dataset", dataset, "--mapping", "chicago-assaults")
    events = pandas.read_csv(file, dtype={"district": str}).assign(kind="aggravated assault")
    events["day"] = events.date.str[:10]
    own = joined(districts, events)
    told = count(hextant, dataset, "districts")
    assert (told["events"], told["outside"]) == (len(events), len(events) - len(own))
    counted(server, "districts", dataset, told)
    rows = listed(server, "districts", dataset)
    assert {(row["from"], row["to"]) for row in rows} == {("2019-01-01", "2019-12-31")}
    # Without residents the base of empirical Bayes is the surface.
    base = pandas.Series({row["id"]: row["km2"] for row in rows})
    period = own[own.day >= "2019-01-01"].groupby("area").size().reindex(base.index, fill_value=0)
    assert [row["rate"] for row in rows] == [None] * 23
    bare = [row | {"rate": 1000 * row["events"] / row["km2"] * 365.25 / 365} for row in rows]
    assert_figures(
        bare, districts.assign(population=base), own, "2019-01-01", "2019-12-31",
        ("2018-01-01", "2019-01-01", "2020-01-01"))
    assert period.sum() > 10_000
    # The police's own word for where an event was agrees, but for borders and what was recorded elsewhere.
    stated = own[own.district.notna()]
    assert (stated.district.str.lstrip("0") == stated.area.str.lstrip("0")).mean() > 0.97
    ours = {row["id"]: row["events"] for row in rows}
    words = events[events.day >= "2019-01-01"].groupby(events.district.str.lstrip("0")).size()
    for id, events_of in ours.items():
        if id in words.index and words[id] > 100:
            assert events_of == pytest.approx(words[id], rel=0.1)
    assert_drawn(server, "districts", dataset, rows, [9, 11, 13], figure="density")


def test_burglaries_of_auckland_are_in_their_meshblocks(
    hextant, server, imports, areas_folder, events_folder, tmp_path
):
    """The census gives the middles of meshblocks, and not their borders: each has what is nearest to its middle."""
    census = pandas.read_csv(
        areas_folder / "nz_meshblocks_2013_population_auckland_canterbury.csv", dtype={"MB": str}
    ).query("REGC2014_N == 'Auckland Region'")
    middles = census[["WGS84Longitude", "WGS84Latitude"]].to_numpy()
    blocks = geopandas.GeoDataFrame(
        {"population": census.ResidentPop2013.to_numpy(float), "code": census.MB, "unit": census.AU2014_NAM},
        geometry=voronoi(middles), crs=4326)
    assert numpy.isclose(shapely.coverage_union_all(blocks.geometry).area, shapely.area(blocks.geometry).sum())
    file = tmp_path / "meshblocks.gpkg"
    blocks.to_file(file, layer="meshblocks", engine="pyogrio")
    blocks = blocks.set_index("code")
    told = imports(file, "meshblocks", "--id", "code", "--name", "unit", "--population", "population")
    assert (told["areas"], told["population"]) == (11_541, blocks.population.sum())
    assert (told["faults"]["gaps"], told["faults"]["overlaps"]) == (0, 0)

    dataset = hextant.put_dataset(tmp_path, "burglaries", time_zone="Pacific/Auckland")
    file = events_folder / "nz_auckland_burglary_by_meshblock2013.csv"
    records = pandas.read_csv(file, dtype={"Meshblock": str})
    records["code"] = records.Meshblock.str.zfill(7)
    placed = records[records.code.isin(blocks.index)]
    told = hextant.json("ingest", file, "--dataset", dataset, "--mapping", "nz-burglary-meshblock-layer")
    # A record stands for as many burglaries as it says; one of a meshblock that the census lacks is rejected.
    assert (told["accepted"], told["rejected_by_reason"]) == (
        placed.Records.sum(), {"unknown_place": len(records) - len(placed)})
    assert len(records) - len(placed) == 12

    told = count(hextant, dataset, "meshblocks")
    assert (told["events"], told["outside"]) == (placed.Records.sum(), 0)
    first, last = "2014-07-01", "2015-06-30"
    counted(server, "meshblocks", dataset, told, first=first, last=last)
    own = pandas.DataFrame({
        "day": first, "area": placed.code.repeat(placed.Records)}).reset_index(drop=True)
    rows = listed(server, "meshblocks", dataset, first, last)
    assert_figures(rows, blocks, own, first, last)
    one = placed.loc[placed.Records.idxmax()]
    found = server.json(f"/v1/meshblocks/{one.code}", dataset=dataset, **{"from": first, "to": last})
    assert (found["name"], found["population"]) == (one["Area.Unit"], blocks.population[one.code])
    assert found["figures"]["events"] == one.Records == max(row["events"] for row in rows)
    assert found["kinds"] == [{"event_type": one["Anzsoc.Group"], "events": one.Records}]
    # Without a word for areas, the points of the file itself are counted as geopandas joins them.
    other = hextant.put_dataset(tmp_path, "burglary-points", time_zone="Pacific/Auckland")
    hextant.json("ingest", file, "--dataset", other, "--mapping", "nz-burglary-meshblock")
    points = joined(blocks, records.loc[records.index.repeat(records.Records)].assign(day=first))
    told = count(hextant, other, "meshblocks")
    assert (told["events"], told["outside"]) == (records.Records.sum(), records.Records.sum() - len(points))
    counted(server, "meshblocks", other, told, first=first, last=last)
    rows = listed(server, "meshblocks", other, first, last)
    assert_figures(rows, blocks, points, first, last)


def test_neighbourhoods_of_toronto_have_the_rates_of_their_residents(hextant, server, imports, areas_folder, tmp_path):
    file = areas_folder / "toronto_neighbourhoods_140.geojson"
    table = areas_folder / "toronto_neighbourhood_population.csv"
    imports(
        file, "toronto", "--id", "AREA_SHORT_CODE", "--name", "AREA_NAME", "--population", table,
        "--population-id", "Neighbourhood Id")
    areas = valid(geopandas.read_file(file))
    areas["id"] = areas.AREA_SHORT_CODE.astype(int).astype(str)
    areas = areas.set_index("id")
    people = pandas.read_csv(table).set_index("Neighbourhood Id")["Total Population"]
    areas["population"] = people.reindex(areas.index.astype(float)).to_numpy()
    assert areas.population.sum() == 2_731_571

    # Two years, of which the last is the period without any words.
    dataset = hextant.put_dataset(tmp_path, "toronto", time_zone="America/Toronto")
    write_days(tmp_path / "days.csv", "2020-01-01", "2021-12-31")
    hextant.json("ingest", tmp_path / "days.csv", "--dataset", dataset, "--mapping", "toronto")
    events = pandas.DataFrame(
        [(str(day), kind, longitude, latitude) for day, _, latitude, longitude, kind in records()
         if "2020-01-01" <= str(day) <= "2021-12-31"],
        columns=["day", "kind", "longitude", "latitude"])
    own = joined(areas, events)
    told = count(hextant, dataset, "toronto")
    assert (told["events"], told["outside"]) == (len(events), len(events) - len(own)) and len(events) > 50_000
    counted(server, "toronto", dataset, told)
    rows = listed(server, "toronto", dataset)
    assert {(row["from"], row["to"]) for row in rows} == {("2021-01-01", "2021-12-31")}
    assert_figures(rows, areas, own, "2021-01-01", "2021-12-31", ("2020-01-01", "2021-01-01", "2022-01-01"))


def test_districts_of_medellin_have_the_densities_of_their_homicides(
    hextant, server, imports, areas_folder, events_folder, python_reads, tmp_path
):
    file = areas_folder / "medellin_comunas.gpkg"
    imports(file, "medellin", "--id", "OBJECTID", "--name", "NOMBRE")
    areas = valid(geopandas.read_file(file))
    areas["id"] = [str(int(code)) for code in areas.OBJECTID]
    areas = areas.set_index("id")
    dataset = hextant.put_dataset(tmp_path, "medellin", time_zone="America/Bogota")
    [described] = [each for each in FILES if each.mapping == "medellin-homicides"]
    hextant.json("ingest", events_folder / described.name, "--dataset", dataset, "--mapping", described.mapping)
    zone = ZoneInfo("America/Bogota")
    events = pandas.DataFrame(
        [(f"{datetime.fromtimestamp(seconds, zone):%Y-%m-%d}", "homicide", longitude, latitude)
         for _, seconds, longitude, latitude in python_reads(described).events],
        columns=["day", "kind", "longitude", "latitude"])
    own = joined(areas, events)
    told = count(hextant, dataset, "medellin")
    assert (told["events"], told["outside"]) == (len(events), len(events) - len(own))
    counted(server, "medellin", dataset, told)
    rows = listed(server, "medellin", dataset)
    assert {(row["from"], row["to"]) for row in rows} == {("2019-01-01", "2019-12-31")}
    base = pandas.Series({row["id"]: row["km2"] for row in rows})
    bare = [row | {"rate": 1000 * row["events"] / row["km2"] * 365.25 / 365} for row in rows]
    assert_figures(
        bare, areas.assign(population=base), own, "2019-01-01", "2019-12-31",
        ("2018-01-01", "2019-01-01", "2020-01-01"))
