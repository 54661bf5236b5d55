"""The map of the page of spending in Chromium: places and areas with sums that are counted here with decimals."""

import csv
import io
import json
from collections import defaultdict
from decimal import Decimal

import pytest
from basemap_file import write_country
from playwright.sync_api import expect
from redis_database import free_redis_database
from serving import serving
from shapely.geometry import box, mapping
from spending_page import PHONE, behind, money, put_payments, settle, violations

SLUG = "placed"
# Amounts of departments: a large one with cents, one in which more was taken back than paid, one without a place.
AMOUNTS = {
    "Fire": ["1234567.89", "0.11"],
    "Libraries": ["0.10", "0.20"],
    "Parks & Trees": ["99999.99", "-0.01"],
    "Police": ["5000.05"],
    "Roads": ["750.00"],
    "Water": ["100.00", "-30100.25"],
}
PLACES = {
    "Fire": (0.10, 51.10), "Libraries": (0.15, 51.15), "Parks & Trees": (0.32, 51.12), "Roads": (0.9, 51.1),
    "Water": (0.4, 51.05), "Never": (0.2, 51.18),
}  # fmt: skip
VENDORS = {"ACME, INC.": (0.12, 51.12), "Bolt": (0.35, 51.1)}
# West, south, name and population of squares of a quarter of a degree.
WARDS = [(0, 51, "West", 1000), (0.25, 51, "East", 400), (0, 51.25, "North", 50)]
ROWS = [
    [2023 + number, f"{2023 + number}-03-{1 + place:02}", ["Acme Inc", "Bolt"][number], department, "1", "", "", amount]
    for place, (department, amounts) in enumerate(AMOUNTS.items())
    for number, amount in enumerate(amounts)
]  # fmt: skip


def sums(select=lambda row: True):
    """Sums and numbers of payments by department."""
    found = defaultdict(lambda: [Decimal(0), 0])
    for row in ROWS:
        if select(row):
            found[row[3]][0] += Decimal(row[7])
            found[row[3]][1] += 1
    return found


def put_places(hextant, folder, kind, places):
    file = folder / f"{kind}.csv"
    with open(file, "w", newline="") as out:
        csv.writer(out).writerows(
            [["name", "longitude", "latitude"], *([name, *place] for name, place in places.items())])
    hextant.json("expenditures", "places", file, "--dataset", SLUG, "--of", kind)


@pytest.fixture(scope="module")
def server(hextant, folder):
    features = [
        {"type": "Feature", "geometry": mapping(box(west, south, west + 0.25, south + 0.25)),
         "properties": {"id": name.lower(), "name": name, "people": people}}
        for west, south, name, people in WARDS
    ]  # fmt: skip
    file = folder / "wards.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    columns = ["--id", "id", "--name", "name", "--population", "people"]
    hextant.json("areas", "import", file, "--layer", "wards", *columns)
    put_payments(hextant, folder, SLUG, ROWS, areas="wards")
    put_places(hextant, folder, "department", PLACES)
    put_places(hextant, folder, "vendor", VENDORS)
    country = write_country(folder / "country.pmtiles")
    with free_redis_database() as redis:
        flags = ["--redis-url", redis.url, "--rate-limit", 0, "--workers", 0, "--basemap-file", country]
        with serving(hextant, folder / "map.log", *flags) as server:
            yield server


@pytest.fixture
def open_page(pages, server):
    """Opens the page at a link and waits until its map is drawn."""

    def open_page(link="", expect_errors=False, **options):
        page = pages(server.url, expect_errors=expect_errors, **options)
        page.page.goto(f"{page.url}/spending{link}")
        settle(page)
        page.wait_for("settled()")
        return page

    return open_page


def drawn(page, what="points"):
    """The attributes of what is drawn, by key or id."""
    page.wait_for("settled()")
    return {each.get("key", each.get("id")): each for each in page.page.evaluate(f"() => window.hextant.{what}()")}


def told(page):
    return page.page.locator("#places .sentences").inner_text()


def test_places_are_points_with_exact_sums_behind_them(open_page):
    page = open_page()
    expected = {name: each for name, each in sums().items() if name in PLACES}
    assert {key: each["count"] for key, each in drawn(page).items()} == {
        name: count for name, (_, count) in expected.items()}  # fmt: skip
    rows = behind(page, "#places")
    assert rows == [
        [name, money(total), str(count)]
        for name, (total, count) in sorted(expected.items(), key=lambda each: -each[1][0])
    ]
    total = sum(each for each, _ in sums().values())
    assert "5 of the 6 departments with a place have payments here." in told(page)
    assert f"Of {money(total)}, 5,000.05 (1 payment) is of departments without a place" in told(page)
    assert "1 total is below zero" in told(page)
    expect(page.page.locator("#map-legend")).to_contain_text("below zero")
    # The operator's own tiles lie below.
    assert any("/basemap/" in url for url in page.requests)
    expect(page.page.locator("#basemap-attribution")).to_contain_text("© Somebody")
    page.keep("spending-map")


def test_the_size_of_a_point_is_in_proportion_to_its_amount(open_page):
    page = open_page()
    most = float(max(abs(total) for total, _ in sums().values()))
    page.page.locator("#stage").scroll_into_view_if_needed()
    image = page.picture()
    ratio = {}
    for name in ["Fire", "Parks & Trees"]:
        x, y = page.project([PLACES[name][::-1]])[0]
        colour, reach = image.getpixel((round(x), round(y))), 0
        while image.getpixel((round(x) + reach, round(y))) == colour:
            reach += 1
        ratio[name] = reach
    expected = (float(sums()["Parks & Trees"][0]) / most) ** 0.5
    assert abs(ratio["Parks & Trees"] / ratio["Fire"] - expected) < 0.1


def test_filters_hold_for_the_map_too(open_page):
    page = open_page("#year=2023")
    chosen = sums(lambda row: row[0] == 2023)
    assert drawn(page).keys() == {name for name in chosen if name in PLACES}
    assert dict(row[:2] for row in behind(page, "#places"))["Water"] == "100.00"
    page.page.locator("#year").select_option("2024")
    settle(page)
    assert drawn(page).keys() == {"Fire", "Libraries", "Parks & Trees", "Water"}


def test_vendors_with_a_place_in_any_spelling(open_page):
    page = open_page()
    page.page.locator("#of").select_option("vendor")
    settle(page)
    assert drawn(page).keys() == {"acme", "bolt"}
    acme = sum(Decimal(row[7]) for row in ROWS if row[2] == "Acme Inc")
    assert ["ACME, INC.", money(acme), "6"] in behind(page, "#places")
    assert page.link() == {"dataset": SLUG, "of": "vendor"}


def test_areas_have_what_was_spent_at_the_places_in_them(open_page):
    page = open_page("#shape=total")
    found, all_sums = {"West": ["Fire", "Libraries"], "East": ["Parks & Trees", "Water"]}, sums()
    totals = {ward: sum(all_sums[each][0] for each in names) for ward, names in found.items()}
    rows = {row[0]: row[1:] for row in behind(page, "#places")}
    assert {ward: row[0] for ward, row in rows.items()} == {ward: money(total) for ward, total in totals.items()}
    assert rows["West"][2] == money(totals["West"] / 1000) and rows["East"][2] == money(totals["East"] / 400)
    assert drawn(page, "areas").keys() >= {"west", "east"}
    assert "750.00 (1 payment) is at places outside all areas." in told(page)
    page.page.locator("#shape").select_option("head")
    settle(page)
    assert page.link() == {"dataset": SLUG, "shape": "head"}
    expect(page.page.locator("#map-legend .key")).not_to_have_count(0)
    page.keep("spending-map-areas")
    other = open_page("#shape=head&year=2024")
    assert "is below zero" in told(other)  # in the east of that year


@pytest.mark.parametrize("shape", ["points", "km2"])
def test_the_csv_is_all_that_the_map_shows(open_page, shape):
    page = open_page(f"#shape={shape}")
    with page.page.expect_download() as download:
        page.page.locator("#places").get_by_role("button", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text())))
    name = "key" if shape == "points" else "id"
    assert {row[name] for row in rows} == (set(PLACES) if shape == "points" else {"west", "east", "north"})
    lost = ["Police"] if shape == "points" else ["Police", "Roads"]
    assert sum(Decimal(row["total"]) for row in rows) == sum(
        total for each, (total, _) in sums().items() if each not in lost)  # fmt: skip


@pytest.mark.parametrize("by", ["mouse", "keys"])
def test_a_place_tells_its_sum_and_limits_the_page_to_it(open_page, by):
    lat, lng = PLACES["Parks & Trees"][::-1]
    page = open_page(f"#map=12.00/{lat:.5f}/{lng:.5f}")
    assert [round(each, 4) for each in page.view()] == [12, lat, lng]
    if by == "mouse":
        # The map is centred on the place. The click waits until charts above no longer move the map.
        page.page.locator(".maplibregl-canvas").click()
    else:
        page.page.locator(".maplibregl-canvas").focus()
        page.page.keyboard.press("Enter")
    line = page.page.locator("#told")
    expect(line).to_contain_text("Parks & Trees: 99,999.98 in 2 payments")
    line.get_by_role("button", name="Show only this").click()
    settle(page)
    assert page.link()["department"] == "Parks & Trees"
    expect(page.page.locator("#clear button")).to_be_focused()
    assert drawn(page).keys() == {"Parks & Trees"}


def test_the_view_is_in_the_link_and_moving_is_no_step_of_the_history(open_page):
    page = open_page()
    assert "map" not in page.link()
    steps = page.page.evaluate("history.length")
    page.page.locator(".maplibregl-canvas").focus()
    page.page.keyboard.press("+")
    page.page.wait_for_function("() => location.hash.includes('map=')")
    assert page.page.evaluate("history.length") == steps
    seen = page.view()
    other = open_page(f"#{page.page.url.partition('#')[2]}")
    assert all(abs(a - b) < 0.01 for a, b in zip(other.view(), seen))
    other.page.locator(".reset-view").click()
    other.page.wait_for_function("() => !location.hash.includes('map=')")


def test_without_the_library_of_the_map_the_table_stays(pages, server):
    page = pages(server.url, expect_errors=True)
    page.page.route("**/vendor/maplibre-gl.js", lambda route: route.abort())
    page.page.goto(f"{page.url}/spending")
    settle(page)
    expect(page.page.locator("#told")).to_contain_text("could not draw the map. The table has the same figures.")
    expect(page.page.locator("#stage")).to_be_hidden()
    assert len(behind(page, "#places")) == 5


def test_on_paper_the_map_is_a_picture(open_page):
    page = open_page()
    page.page.emulate_media(media="print")
    page.page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    picture = page.page.locator(".paper-map")
    expect(picture).to_be_visible()
    assert picture.get_attribute("src").startswith("data:image/png")
    expect(page.page.locator("#map")).to_be_hidden()
    expect(page.page.locator("#map-legend")).to_be_visible()
    page.page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    expect(picture).to_have_count(0)


@pytest.mark.parametrize(
    "options",
    [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}, PHONE],
    ids=["light", "dark", "forced-colours", "phone"],
)
@pytest.mark.parametrize("shape", ["points", "km2"])
def test_axe_finds_nothing_and_it_fits(open_page, options, shape, request):
    page = open_page(f"#shape={shape}", **options)
    page.page.locator("#places").scroll_into_view_if_needed()
    page.keep(f"spending-map-{request.node.callspec.id}")
    assert violations(page) == []
    width = page.page.viewport_size["width"]
    assert page.page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_reader_of_french_gets_a_french_map(open_page):
    page = open_page("#lang=fr&shape=km2")
    expect(page.page.locator("#places-title")).to_have_text("Où")
    expect(page.page.locator("#shape option:checked")).to_have_text("zones selon le total par km²")
    assert "2 zones sur 3 ont des paiements" in told(page)
    assert page.page.locator(".maplibregl-canvas").get_attribute("aria-label").startswith("Carte des dépenses")
