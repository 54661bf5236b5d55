"""Areas on the map page: their map, legend, list, sentences, drawer, files and search, compared with the events."""

import csv
import io
import json
import re
import shutil
from datetime import date
from types import SimpleNamespace

import area_city as city
import h3
import pytest
from map_page import Service
from playwright.sync_api import expect
from test_page_reading import ON_ITS_SIDE, PHONE, violations

LINK = f"#dataset={city.SLUG}&layer=areas&date=2021-12-31&period=365"
RESOLUTION = 7


@pytest.fixture(scope="module")
def town(hextant, folder, server):
    """The server with the city of squares, counted by area."""
    hextant.put_dataset(folder, city.SLUG, resolutions=[RESOLUTION], areas=city.LAYER)
    hextant.json("ingest", city.events_file(folder / "squareville.csv"), "--dataset", city.SLUG)
    hextant.json(
        "areas", "import", city.layer_file(folder / "wards.geojson"), "--layer", city.LAYER, "--id", "code",
        "--name", "label", "--population", "people")
    hextant.json("score", "--dataset", city.SLUG)
    hextant.json("areas", "count", "--dataset", city.SLUG)
    hextant.json("refresh")
    server.wait_until_ready()
    return SimpleNamespace(url=server.url, dataset=city.SLUG)


@pytest.fixture
def open_page(pages, town):
    return lambda link=LINK, **options: pages(town.url, **options).open(link)


def drawn(page):
    """The areas drawn on the canvas, each with the attributes of its tile feature."""
    page.settle()
    return {feature["id"]: feature for feature in page.page.evaluate("() => window.hextant.cells()")}


def sentences(page):
    box = page.page.locator("#summary")
    expect(box.locator("p").nth(1)).to_be_visible()
    expect(box).not_to_have_attribute("aria-busy", "true")
    return box.locator("p").all_inner_texts()


def fifths(values):
    """The least values of the steps from the second on: the values at 20, 40, 60 and 80 % of those above zero."""
    ordered = sorted(value for value in values if value)
    return sorted({ordered[int(share * len(ordered))] for share in (0.2, 0.4, 0.6, 0.8)} - {1})


def open_drawer(page, code):
    x, y = page.project([city.middle(code)[::-1]])[0]
    page.page.mouse.click(x, y)
    expect(page.page.locator("#drawer-title")).to_have_text(city.name(code))
    page.page.locator("#drawer [data-figure=eb_rate]").wait_for()
    return page.page.locator("#drawer")


def linked(page, part):
    """The parts of the link, once it has this one: each move of the map delays it."""
    page.page.wait_for_function("(part) => location.hash.includes(part)", arg=part)
    return page.link()


def find(page, text):
    field = page.page.locator("#find-text")
    field.fill(text)
    return page.page.locator("#find-list").get_by_role("option")


@pytest.mark.parametrize("measure, expected", [
    ("events", city.counts), ("rate", city.rates), ("eb_rate", city.smoothed), ("safety_score", city.safety)])
def test_each_measure_has_its_map_and_list(open_page, measure, expected):
    page = open_page(f"{LINK}&measure={measure}")
    page.keep(f"areas-{measure}")
    values = expected()
    features = drawn(page)
    assert set(features) == set(city.codes())
    factor = 1000 * 365.25 / 365 if measure == "eb_rate" else 1
    for code, feature in features.items():
        assert feature["events"] == city.counts()[code]
        told = feature.get("value")
        assert told is None if values[code] is None else told * factor == pytest.approx(values[code], rel=1e-6), code
    known = [code for code in city.codes() if values[code] is not None]
    order = sorted(known, key=lambda code: values[code], reverse=measure != "safety_score")
    rows = page.page.locator(".hotspot")
    expect(rows).to_have_count(20)
    listed = rows.evaluate_all("(all) => all.map((each) => each.dataset.area)")
    assert [values[code] for code in listed] == pytest.approx([values[code] for code in order[:20]])
    assert rows.first.locator(".hotspot-place").inner_text() == city.name(listed[0])
    assert page.link()["measure"] == measure


def test_classes_are_fifths_and_have_their_colours_on_the_map(open_page):
    page = open_page(f"{LINK}&measure=events")
    values = city.counts()
    breaks = fifths(values.values())
    starts = [1, *breaks]
    names = [
        f"{low}–{high - 1}" if high - 1 > low else str(low) for low, high in zip(starts, breaks)
    ] + [f"{starts[-1]} or more"]
    assert page.page.locator("#levels .level-name").all_inner_texts() == names
    codes = [code for code in city.codes() if page.is_map(*page.project([city.middle(code)[::-1]])[0])]
    assert len(codes) > 20
    picture = page.picture()
    colours = {}
    for code in codes:
        step = sum(values[code] >= start for start in starts)
        x, y = page.project([city.middle(code)[::-1]])[0]
        colours.setdefault(step, set()).add(picture.getpixel((round(x) + 9, round(y) + 9)))
    assert set(colours) == set(range(len(starts) + 1))  # step 0 are areas without events
    assert all(len(each) == 1 for each in colours.values())
    assert len(set.union(*colours.values())) == len(colours)


def test_areas_without_residents_have_no_figure_and_say_so(open_page):
    page = open_page(f"{LINK}&measure=rate")
    assert "value" not in drawn(page)[city.NOBODY]
    none = page.page.locator("#levels [data-level=none]")
    expect(none).to_contain_text("No figure (1)")
    expect(none).to_contain_text("no residents on record")
    assert any(each.startswith("1 area has no figure and is hatched.") for each in sentences(page))
    # It is drawn with lines: two colours, and none of them that of a class.
    x, y = page.project([city.middle(city.NOBODY)[::-1]])[0]
    spot = page.picture({"x": x - 12, "y": y - 12, "width": 24, "height": 24})
    assert len(spot.getcolors()) > 1
    page.page.mouse.move(x, y)
    expect(page.page.locator(".tip")).to_contain_text("no residents on record")
    other = page.project([city.middle(city.RISING)[::-1]])[0]
    page.page.mouse.move(*other)
    tip = page.page.locator(".tip")
    expect(tip).to_contain_text(city.name(city.RISING))
    expect(tip).to_contain_text("for 1,000 residents a year")
    # A number of events needs no residents.
    page.choose(measure="events")
    expect(none).to_have_count(0)


def test_trends_are_those_that_chance_does_not_explain(open_page):
    page = open_page(f"{LINK}&measure=trend_change")
    page.keep("areas-trend")
    words = city.trends()
    assert words[city.RISING] == "rising" and words[city.FALLING] == "falling" and "few" in words.values()
    assert {code: feature["trend"] for code, feature in drawn(page).items()} == words
    assert page.page.locator("#levels .level-name").all_inner_texts() == ["Rising", "Falling", "No clear change"]
    rising = sum(word == "rising" for word in words.values())
    falling = sum(word == "falling" for word in words.values())
    told = " ".join(sentences(page))
    assert f"{rising} rise and {falling} fall more than chance explains" in told
    expect(page.page.locator("#show-hint")).to_contain_text("last 12 full months")
    first = page.page.locator(".hotspot").first
    assert words[first.get_attribute("data-area")] == "rising"
    expect(first.locator(".badge")).to_have_text("Rising")


def test_sentences_name_the_first_area_its_period_its_source_and_what_is_left_out(open_page):
    page = open_page(f"{LINK}&measure=events")
    told = sentences(page)
    inside = sum(city.counts().values())
    assert f"{inside + city.OUTSIDE:,} events" in told[0]
    first = max(city.codes(), key=lambda code: city.counts()[code])
    assert told[1] == f"Most events: {city.name(first)}, {city.counts()[first]} events."
    assert "30 areas" in told[2] and "2021" in told[2] and city.LAYER in told[2] and "wards.geojson" in told[2]
    assert told[3] == f"{city.OUTSIDE} events of the period lie in no area."
    page.page.locator("#summary button").click()
    expect(page.page.locator("#drawer-title")).to_have_text(city.name(first))


def test_kinds_and_periods_change_the_areas(open_page):
    page = open_page(f"{LINK}&measure=events&kinds=assault")
    expected = city.counts(kinds=["assault"])
    assert {code: feature["events"] for code, feature in drawn(page).items()} == expected
    page.choose(period="90", kinds="")
    expected = city.counts(first=date(2021, 10, 3))
    assert {code: feature["events"] for code, feature in drawn(page).items()} == expected
    # Cells come back, and go again.
    page.choose(layer="risk")
    assert all("h3_index" in each for each in page.page.evaluate("() => window.hextant.cells()"))
    expect(page.page.locator("#measure")).to_be_hidden()
    expect(page.page.locator("#resolution")).to_be_visible()
    page.choose(layer="areas")
    assert {code: feature["events"] for code, feature in drawn(page).items()} == expected
    expect(page.page.locator("#resolution")).to_be_hidden()


def test_the_drawer_tells_of_an_area(open_page):
    page = open_page(f"{LINK}&measure=eb_rate&compare=year")
    code = city.RISING
    drawer = open_drawer(page, code)
    page.keep("areas-drawer")
    now, before = city.counts()[code], city.counts(date(2020, 1, 1), date(2020, 12, 31))[code]
    expect(drawer).to_contain_text(f"{now} events")
    expect(drawer).to_contain_text(f"Up (+{round(100 * (now / before - 1))}%): {before} in")
    figures = {
        each.get_attribute("data-figure"): (each.get_attribute("value"), each.inner_text())
        for each in drawer.locator("data").all()
    }
    assert float(figures["rate"][0]) == pytest.approx(city.rates()[code], rel=1e-9)
    assert float(figures["safety_score"][0]) == pytest.approx(city.safety()[code], abs=1e-9)
    assert figures["population"][1] == str(city.people(code))
    smoothed = city.smoothed()
    assert figures["eb_rate"][1].startswith(f"{round(smoothed[code]):,}")
    known = [rate for rate in smoothed.values() if rate is not None]
    rank = 1 + sum(rate > smoothed[code] for rate in known)
    expect(drawer).to_contain_text(f"Smoothed rate: rank {rank} of {len(known)}, from the highest.")
    # The months have their figures as a table behind them.
    drawer.locator("summary").click()
    months = drawer.locator(".figures-table tbody tr")
    expect(months).to_have_count(36)
    december = city.counts(date(2021, 12, 1), date(2021, 12, 31))[code]
    assert months.first.inner_text().split("\t")[-1].strip() == str(december)
    # A peer can be chosen, and Escape closes the drawer.
    peer = drawer.locator(".peers button").first
    name = peer.inner_text()
    peer.click()
    expect(page.page.locator("#drawer-title")).to_have_text(name)
    page.page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    assert "area" not in page.link()


def test_list_and_map_are_used_by_keyboard_alone(open_page):
    page = open_page(f"{LINK}&measure=events")
    entry = page.page.locator(".hotspot").nth(2)
    entry.press("Enter")
    expect(page.page.locator("#drawer-title")).to_be_focused()
    page.page.locator("#drawer [data-figure=eb_rate]").wait_for()
    page.settle()
    code = entry.get_attribute("data-area")
    # The map went there: the area is in the middle of what is free.
    x, y = page.project([city.middle(code)[::-1]])[0]
    assert page.is_map(x, y)
    page.page.keyboard.press("Escape")
    expect(entry).to_be_focused()
    page.page.locator(".maplibregl-canvas").focus()
    page.page.keyboard.press("Enter")
    expect(page.page.locator("#drawer-code")).to_have_text(code)


def test_a_link_shows_the_same(open_page):
    page = open_page(f"{LINK}&measure=safety_score")
    open_drawer(page, city.FALLING)
    link = linked(page, "area=")
    assert (link["layer"], link["measure"], link["area"]) == ("areas", "safety_score", city.FALLING)
    other = open_page("#" + page.page.url.split("#")[1])
    expect(other.page.locator("#drawer-title")).to_have_text(city.name(city.FALLING))
    expect(other.page.locator("#measure")).to_have_value("safety_score")
    assert {code: each.get("value") for code, each in drawn(other).items()} == {
        code: each.get("value") for code, each in drawn(page).items()}
    # A cell takes the drawer from the area.
    other.choose(layer="risk")
    other.page.locator(".hotspot").first.click()
    other.page.locator("#drawer .figures-day").wait_for()
    assert "area" not in linked(other, "cell=")


def test_what_is_not_there_is_told(open_page):
    page = open_page(f"{LINK}&measure=happiness")
    expect(page.page.locator("#notice-text")).to_contain_text("measure=happiness")
    expect(page.page.locator("#measure")).to_have_value("eb_rate")
    page = open_page(f"{LINK}&area=nowhere", expect_errors=True)
    expect(page.page.locator("#drawer-content")).to_contain_text("The area could not be loaded.")


def test_tiles_that_fail_are_told_and_tried_again(pages, town):
    page = pages(town.url, expect_errors=True)
    page.page.route("**/v1/tiles/areas/**", lambda route: route.fulfill(status=503))
    page.open(LINK)
    expect(page.page.locator("#notice-text")).to_contain_text("Some areas could not be loaded")
    page.page.unroute("**/v1/tiles/areas/**")
    page.page.locator("#notice-action").click()
    expect(page.page.locator("#notice")).to_be_hidden()
    page.page.wait_for_function("() => window.hextant.cells().length >= 30")


def test_a_dataset_without_a_layer_has_no_areas_to_choose(hextant, folder, pages, town):
    slug = hextant.put_dataset(folder, "plainville", resolutions=[RESOLUTION])
    hextant.json("ingest", folder / "squareville.csv", "--dataset", slug)
    hextant.json("score", "--dataset", slug)
    hextant.json("refresh")
    page = pages(town.url).open(f"#dataset={slug}&layer=areas&area=w00")
    expect(page.page.locator("#notice-text")).to_contain_text("layer=areas")
    assert "areas" not in page.page.locator("#layer option").evaluate_all("(all) => all.map((each) => each.value)")
    expect(page.page.locator("#drawer")).to_be_hidden()
    # Coordinates are understood all the same.
    expect(find(page, "43.62, -79.42")).to_have_count(1)
    find(page, "Ward")
    expect(page.page.locator("#find-status")).to_contain_text("no areas with names")


def test_what_is_shown_is_taken_away(open_page, tmp_path):
    page = open_page(f"{LINK}&measure=rate", accept_downloads=True)
    page.page.locator(".hotspot").first.wait_for()
    found = {}
    for button in ["take-csv", "take-geojson", "take-picture"]:
        with page.page.expect_download() as download:
            page.page.locator(f"#{button}").click()
        found[button] = tmp_path / download.value.suggested_filename
        download.value.save_as(found[button])
    assert found["take-csv"].name == f"{city.SLUG}-areas-rate-2021-01-01_2021-12-31.csv"
    rows = list(csv.DictReader(io.StringIO(found["take-csv"].read_text())))
    rates = city.rates()
    assert {row["id"]: row["rate"] == "" for row in rows} == {code: rates[code] is None for code in city.codes()}
    assert [float(row["rate"]) for row in rows[:-1]] == pytest.approx(
        sorted((rate for rate in rates.values() if rate is not None), reverse=True), rel=1e-9)
    collection = json.loads(found["take-geojson"].read_text())
    assert len(collection["features"]) == len(city.codes())
    assert "Rate for 1,000 residents" in collection["about"]["shown"]
    assert found["take-picture"].read_bytes().startswith(b"\x89PNG")
    shutil.copyfile(found["take-picture"], page.kept("areas-picture"))
    drawer = open_drawer(page, city.RISING)
    with page.page.expect_download() as download:
        drawer.locator("[data-action=report]").click()
    download.value.save_as(tmp_path / "area.pdf")
    assert (tmp_path / "area.pdf").read_bytes().startswith(b"%PDF")


def test_playing_shows_the_risk_of_days_and_says_so(open_page):
    page = open_page(LINK.replace("2021-12-31", "2021-06-01"))
    page.page.locator("#play").click()
    expect(page.page.locator("#notice-text")).to_contain_text("Days are played as the risk of each day.")
    page.page.locator("#play").click()
    expect(page.page.locator("#layer")).to_have_value("risk")


def test_an_area_is_found_by_its_name_with_or_without_accents(open_page):
    page = open_page(f"#dataset={city.SLUG}&layer=risk&date=2021-12-31")
    for typed in ["ile-d’or el", "ÎLE-D’OR ÉL", "elysee"]:
        options = find(page, typed)
        expect(options).to_have_text([city.ACCENTED])
    page.keep("areas-find")
    field = page.page.locator("#find-text")
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "find-0")
    field.press("Enter")
    expect(page.page.locator("#drawer-title")).to_have_text(city.ACCENTED)
    page.page.locator("#drawer [data-figure=eb_rate]").wait_for()
    page.settle()
    x, y = page.project([city.middle("w23")[::-1]])[0]
    assert page.is_map(x, y) and linked(page, "area=")["area"] == "w23"
    # Those that begin with the words come first; too many are cut.
    expect(find(page, "ward")).to_have_count(8)
    find(page, "Atlantis")
    expect(page.page.locator("#find-status")).to_have_text("No area has this in its name.")
    field.press("Escape")


@pytest.mark.parametrize("typed", ["{lat}, {lng}", "{lat} {lng}", "{lat}° N, {west}° W", "{commas}"])
def test_coordinates_are_found(open_page, typed):
    lng, lat = city.middle("w31")
    text = typed.format(lat=lat, lng=lng, west=-lng, commas=f"{lat}; {lng}".replace(".", ","))
    page = open_page()
    expect(find(page, text)).to_have_count(1)
    page.page.locator("#find-text").press("Enter")
    expect(page.page.locator("#drawer-title")).to_have_text(city.name("w31"))
    assert page.view()[1:] == pytest.approx([lat, lng], abs=0.02)


def test_a_cell_is_found_by_its_index_and_nonsense_is_told(open_page):
    code, _, _, lng, lat = city.events()[0]
    cell = h3.latlng_to_cell(round(lat, 7), round(lng, 7), RESOLUTION)
    page = open_page(f"#dataset={city.SLUG}&layer=risk&date=2021-12-31")
    expect(find(page, f" {cell.upper()} ")).to_have_text([f"Cell {cell}"])
    page.page.locator("#find-text").press("Enter")
    expect(page.page.locator("#drawer-code")).to_have_text(cell)
    assert linked(page, "cell=")["cell"] == cell
    page.page.keyboard.press("Escape")
    notice = page.page.locator("#notice-text")
    for index, said in [
        (h3.latlng_to_cell(0, 0, RESOLUTION), "No event was ever recorded"),
        (h3.latlng_to_cell(lat, lng, 9), "no cells of this size"),
    ]:
        find(page, index)
        page.page.locator("#find-text").press("Enter")
        expect(notice).to_contain_text(said)
    find(page, "95, 10")
    expect(page.page.locator("#find-status")).to_contain_text("A latitude is at most 90")


def test_approximate_areas_are_marked_everywhere(hextant, folder, pages, town):
    slug = hextant.put_dataset(folder, "roughville", resolutions=[RESOLUTION], areas="rough")
    hextant.json("ingest", folder / "squareville.csv", "--dataset", slug)
    hextant.json(
        "areas", "derive", "--dataset", slug, "--attribute", "ward", "--layer", "rough", "--resolution", "9")
    hextant.json("score", "--dataset", slug)
    hextant.json("areas", "count", "--dataset", slug)
    hextant.json("refresh")
    page = pages(town.url).open(f"#dataset={slug}&layer=areas&date=2021-12-31&period=365")
    page.keep("areas-approximate")
    assert len(drawn(page)) > 20
    expect(page.page.locator("#legend-hint")).to_contain_text("Borders are approximate")
    # Nobody lives there as far as is known, so the rate is by square kilometre.
    expect(page.page.locator("#legend-title")).to_contain_text("for each km² a year")
    expect(page.page.locator("#measure option[value=rate]")).to_be_disabled()
    assert any("Borders are approximate" in each for each in sentences(page))
    page.page.locator(".hotspot").first.click()
    expect(page.page.locator("#drawer-place")).to_contain_text("approximate borders")
    page.page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    expect(page.page.locator("#paper-headline")).to_contain_text("approximate borders")


def test_who_may_not_know_small_counts_sees_areas_without_figures(hextant, folder, pages, town, server):
    slug = hextant.put_dataset(folder, "shyville", resolutions=[4], areas=city.LAYER, minimum_count=2)
    hextant.json("ingest", folder / "squareville.csv", "--dataset", slug)
    hextant.json("score", "--dataset", slug)
    hextant.json("areas", "count", "--dataset", slug)
    hextant.json("refresh")
    page = pages(town.url).open(f"#dataset={slug}&layer=areas&period=365&measure=events")
    page.keep("areas-hidden")
    features = drawn(page)
    assert set(features) == set(city.codes())
    assert all("value" not in each and "events" not in each for each in features.values())
    expect(page.page.locator("#levels .level-name")).to_have_text(["No figure (30)"])
    assert any("hides small counts" in each for each in sentences(page))
    x, y = page.project([city.middle("w31")[::-1]])[0]
    page.page.mouse.click(x, y)
    drawer = page.page.locator("#drawer")
    expect(drawer).to_contain_text("hides small counts")
    assert drawer.locator("data").count() == 0 and drawer.locator("[data-action=report]").count() == 0
    # A tile with a figure stays closed to the public.
    path = f"/v1/tiles/areas/{city.LAYER}/9/142/187.mvt"
    assert server.get(path, dataset=slug, figure="events").status_code == 403
    assert server.get(path, dataset=slug, figure="none").status_code in (200, 204)


@pytest.mark.parametrize("options", [
    {"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}, PHONE, ON_ITS_SIDE,
], ids=["light", "dark", "forced-colours", "phone", "phone-on-its-side"])
def test_axe_finds_nothing(open_page, options, request):
    page = open_page(f"{LINK}&measure=rate", **options)
    page.page.locator(".hotspot").first.wait_for(state="attached")
    page.keep(f"areas-{request.node.callspec.id}")
    assert violations(page) == []
    if options is PHONE:
        page.page.locator("#handle").tap()
        page.page.wait_for_timeout(300)
    find(page, "ward").first.wait_for()
    assert violations(page) == []
    page.page.locator("#find-text").press("Escape")
    page.page.locator(".hotspot").first.click()
    page.page.locator("#drawer [data-figure=eb_rate]").wait_for()
    page.page.wait_for_timeout(300)
    page.keep(f"areas-{request.node.callspec.id}-drawer")
    assert violations(page) == []


def test_a_reader_of_french_gets_french(open_page):
    page = open_page(f"{LINK}&measure=rate&lang=fr")
    expect(page.page.locator("#legend-title")).to_have_text("Événements pour 1 000 habitants par an")
    expect(page.page.locator("#levels [data-level=none]")).to_contain_text("Sans chiffre (1)")
    told = " ".join(sentences(page))
    assert "Taux le plus élevé" in told and "dans aucune zone" in told
    page.page.locator(".hotspot").first.click()
    drawer = page.page.locator("#drawer")
    expect(drawer).to_contain_text("Comparée aux autres zones")
    english = re.findall(r"\b(residents|smoothed|events|rank|area)\b", page.page.locator("body").inner_text())
    assert english == []


def test_a_widget_shows_areas(pages, town):
    service = Service(town)
    told = service.get("/v1/embed", widget="map", layer="areas", measure="rate", period=365)
    page = pages(town.url)
    page.page.goto(told["url"])
    page.page.evaluate("() => window.hextant.ready")
    shown = page.page.evaluate("() => window.hextant.cells()")
    assert {each["id"] for each in shown} == set(city.codes())
    expect(page.page.locator("#legend-title")).to_contain_text("Rate for 1,000 residents")
    page.keep("areas-widget")
    page.page.goto(service.get("/v1/embed", widget="top", layer="areas", measure="events", period=365)["url"])
    page.page.evaluate("() => window.hextant.ready")
    first = max(city.codes(), key=lambda code: city.counts()[code])
    expect(page.page.locator(".hotspot-place").first).to_have_text(city.name(first))
