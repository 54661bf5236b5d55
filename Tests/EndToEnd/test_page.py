"""The map page in real Chromium against the real server. `new_page` and `demo_server` come from conftest.py."""

import datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

import h3
import pytest
from colour_vision import VISIONS, difference
from map_page import LEVELS
from PIL import ImageChops
from playwright.sync_api import expect

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def link(demo_server):
    return f"#dataset={demo_server.dataset}&layer=risk&date={demo_server.day}&res={demo_server.resolution}"


def day_before(day, count=1):
    return str(datetime.date.fromisoformat(day) - datetime.timedelta(days=count))


def free_cells(page, cells):
    """The pixels of the middles of those `cells` that lie on the visible map, away from controls."""
    pixels = page.project([h3.cell_to_latlng(cell) for cell in cells])
    return {cell: (x, y) for cell, (x, y) in zip(cells, pixels) if page.is_map(x, y)}


def assert_shows(page, rows):
    """The cells drawn are the API's rows: every row on the visible map, and no other cell."""
    drawn = page.rendered()
    assert set(drawn) <= set(rows)
    assert set(free_cells(page, list(rows))) <= set(drawn)
    for cell, feature in drawn.items():
        assert feature["event_count"] == rows[cell]["event_count"]
        assert feature["risk_level"] == rows[cell]["risk_level"]


def written(value, places):
    """A number rounded as on paper, with a comma between thousands."""
    return f"{Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"


def assert_figures(figures, row):
    """The drawer's numbers are those of the row, to the two decimals of a tile, and are formatted correctly."""
    for name, (value, _) in figures.items():
        assert value == pytest.approx(row[name], abs=0.00501), name
    shown = {name: value for name, (value, _) in figures.items()}
    assert figures["event_count"][1] == str(row["event_count"])
    assert figures["risk_score"][1] == written(shown["risk_score"], 1)
    assert figures["rolling_7d_avg"][1] == written(shown["rolling_7d_avg"], 2)
    assert figures["z_score"][1] == written(shown["z_score"], 2)
    percent = Decimal(shown["growth_rate"]) * 100
    assert figures["growth_rate"][1] == ("+" if percent >= Decimal("0.5") else "") + written(percent, 0) + "%"


def test_every_cell_of_the_day_is_drawn_on_the_map(new_page, service, demo_server, link):
    page = new_page().open(link)
    rows = service.day(demo_server.day, demo_server.resolution)
    assert_shows(page, rows)
    page.keep("map-light")
    middles = free_cells(page, list(rows))
    with_cells = page.picture()
    page.levels([])
    empty = page.picture()
    assert len(middles) > 10
    for cell, pixel in middles.items():
        assert with_cells.getpixel(pixel) != empty.getpixel(pixel), cell
    expect(page.page.get_by_text("All risk levels are switched off.")).to_be_visible()


@pytest.mark.parametrize("wanted", [["low"], ["medium", "high", "critical"], ["critical"]], ids="+".join)
def test_level_switches_choose_the_cells_drawn(new_page, service, demo_server, link, wanted):
    page = new_page().open(link)
    page.levels(wanted)
    rows = service.day(demo_server.day, demo_server.resolution)
    assert_shows(page, {cell: row for cell, row in rows.items() if row["risk_level"] in wanted})
    assert page.link()["levels"] == ",".join(wanted)


def test_slider_changes_the_day_of_the_tiles_asked_for(new_page, service, demo_server, link):
    page = new_page().open(link)
    assert {query["date"] for query in page.tile_queries()} == {demo_server.day}
    page.requests.clear()
    page.page.locator("#slider").press("ArrowLeft")
    page.settle()
    before = day_before(demo_server.day)
    assert {query["date"] for query in page.tile_queries()} == {before}
    assert {query["dataset"] for query in page.tile_queries()} == {demo_server.dataset}
    assert_shows(page, service.day(before, demo_server.resolution))


def test_last_of_many_quick_changes_is_the_day_drawn(new_page, service, demo_server, link):
    page = new_page().open(link)
    for _ in range(15):
        page.page.locator("#slider").press("ArrowLeft", no_wait_after=True)
    page.settle()
    assert_shows(page, service.day(day_before(demo_server.day, 15), demo_server.resolution))


def test_day_changed_while_tiles_are_on_their_way_is_drawn_in_the_end(new_page, service, demo_server, link):
    page = new_page().open(link)
    held, holding = [], True
    page.page.route("**/*.mvt?*", lambda route: held.append(route) if holding else route.continue_())
    with page.page.expect_request("**/*.mvt?*"):
        page.page.get_by_role("button", name="Zoom in").click()
    # The tiles of this day are asked for when those that are held have come.
    page.page.locator("#previous").click()
    assert len(held) > 0
    holding = False
    for route in held:
        route.continue_()
    page.settle()
    assert_shows(page, service.day(day_before(demo_server.day), demo_server.resolution))


def test_cells_stay_on_the_screen_until_the_next_day_has_come(new_page, service, demo_server, link):
    page = new_page().open(link)
    held = []
    page.page.route("**/*.mvt?*", lambda route: held.append(route))
    with page.page.expect_request("**/*.mvt?*"):
        page.page.locator("#previous").click()
    page.page.wait_for_timeout(500)
    assert len(held) > 0
    rows = service.day(demo_server.day, demo_server.resolution)
    assert_shows(page, rows)
    middles = free_cells(page, list(rows))
    waiting = page.picture()
    for route in held:
        route.continue_()
    page.settle()
    page.levels([])
    empty = page.picture()
    assert [cell for cell, pixel in middles.items() if waiting.getpixel(pixel) == empty.getpixel(pixel)] == []


def test_drawer_tells_the_figures_of_the_cell_clicked(new_page, service, demo_server, link):
    page = new_page().open(link)
    busiest = max(page.rendered().values(), key=lambda feature: feature["event_count"])["h3_index"]
    [(x, y)] = free_cells(page, [busiest]).values()
    page.page.mouse.click(x, y)
    row = service.cell(demo_server.day, busiest)
    assert_figures(page.figures(), row)
    expect(page.page.locator(".figures .badge")).to_have_text(row["risk_level"].capitalize())
    expect(page.page.locator("#drawer-code")).to_have_text(busiest)
    assert page.link()["cell"] == busiest
    page.keep("cell")


def test_drawer_follows_the_day(new_page, service, demo_server, link):
    page = new_page().open(link)
    before = day_before(demo_server.day)
    both = set(service.day(before, demo_server.resolution)) & set(free_cells(page, list(page.rendered())))
    cell = sorted(both)[0]
    page.page.mouse.click(*free_cells(page, [cell])[cell])
    page.page.locator("#previous").click()
    expect(page.page.locator(".figures-day")).to_contain_text(f" {int(before[8:])},")
    assert_figures(page.figures(), service.cell(before, cell))


def test_hotspot_list_is_the_apis_and_flies_to_the_cell(new_page, service, demo_server, link):
    page = new_page().open(link)
    start = day_before(demo_server.day, 27)
    answer = service.get(
        "/v1/hotspots", start_date=start, end_date=demo_server.day, resolution=demo_server.resolution, limit=20
    )
    ranked = [feature["properties"]["h3_index"] for feature in answer["features"]]
    entries = page.page.locator(".hotspot")
    expect(entries).to_have_count(len(ranked))
    assert entries.evaluate_all("(all) => all.map((each) => each.dataset.cell)") == ranked

    zoom = page.view()[0]
    entries.nth(1).click()
    expect(page.page.get_by_role("dialog", name=f"Cell {ranked[1]}")).to_be_visible()
    page.settle()
    assert page.view()[0] > zoom
    assert h3.grid_distance(h3.latlng_to_cell(*page.view()[1:], demo_server.resolution), ranked[1]) <= 1
    zoom, lat, lng = (float(part) for part in page.link()["map"].split("/"))
    assert [zoom, lat, lng] == pytest.approx(page.view(), abs=0.01)


def test_top_cell_without_events_today_offers_the_day_before_it_with_events(new_page, service, demo_server, link):
    page = new_page().open(link)
    page.page.locator(".hotspot").first.wait_for()
    today = service.day(demo_server.day, demo_server.resolution)
    cells = page.page.locator(".hotspot").evaluate_all("(all) => all.map((each) => each.dataset.cell)")
    quiet = next(cell for cell in cells if cell not in today)
    page.page.locator(f".hotspot[data-cell='{quiet}']").click()
    expect(page.page.get_by_text("No event in this cell on this day")).to_be_visible()
    page.page.get_by_role("button", name="the day with events before it").click()
    page.page.locator(".figures data").first.wait_for()
    day = page.page.locator("#date").input_value()
    assert_figures(page.figures(), service.cell(day, quiet))
    # No later day up to the one that was chosen has events.
    history = service.get(f"/v1/cells/{quiet}", **{"from": day, "to": demo_server.day})["items"]
    assert [row["day"] for row in history] == [day]


def test_deep_link_restores_day_place_levels_and_cell_size(new_page, demo_server):
    page = new_page()
    lat, lng = 43.66, -79.39
    page.open(
        f"#dataset={demo_server.dataset}&layer=risk&date={day_before(demo_server.day, 40)}&map=12.5/{lat}/{lng}"
        "&levels=high,critical&res=7&span=90&unusual=1"
    )

    def assert_restored(shown):
        assert shown.page.locator("#date").input_value() == day_before(demo_server.day, 40)
        assert shown.view() == pytest.approx([12.5, lat, lng], abs=1e-4)
        checked = shown.page.locator(".level input:checked").evaluate_all("(all) => all.map((each) => each.value)")
        assert checked == ["high", "critical"]
        assert shown.page.locator("#resolution").input_value() == "7"
        assert shown.page.locator("#period").input_value() == "90"
        assert shown.page.locator("#anomalies").is_checked()
        tiles = {(query["date"], query["resolution"]) for query in shown.tile_queries()}
        assert tiles == {(day_before(demo_server.day, 40), "7")}

    assert_restored(page)
    # The link after a change and back again leads to the same state.
    page.page.locator("#next").click()
    page.page.locator("#previous").click()
    assert_restored(new_page().open(f"#{page.fragment()}"))


def test_editing_the_address_changes_the_map(new_page, demo_server, link):
    page = new_page().open(link)
    before = day_before(demo_server.day, 3)
    page.page.evaluate("(hash) => { location.hash = hash; }", link.replace(demo_server.day, before) + "&levels=low")
    expect(page.page.locator("#date")).to_have_value(before)
    page.settle()
    assert {feature["risk_level"] for feature in page.rendered().values()} <= {"low"}
    assert page.tile_queries()[-1]["date"] == before
    # A day that is not there is told, and the address says what is shown.
    page.page.evaluate("() => { location.hash = '#dataset=toronto&date=2030-01-01'; }")
    expect(page.page.locator("#notice")).to_contain_text("2030-01-01")
    expect(page.page.locator("#date")).to_have_value("2021-12-31")
    assert page.link()["date"] == "2021-12-31"


@pytest.mark.parametrize("broken", ["#date=2021-02-31", "#map=99/x/y&levels=purple&res=42&span=-1", "#date=1850-01-01"])
def test_link_that_makes_no_sense_still_shows_the_map(new_page, broken):
    page = new_page().open(broken)
    expect(page.page.locator("#title")).not_to_have_text("Risk map")
    date = page.page.locator("#date")
    assert date.get_attribute("min") <= date.input_value() <= date.get_attribute("max")


def test_every_control_is_reached_by_tab_and_shows_its_focus(new_page, demo_server, link):
    page = new_page().open(link)
    page.page.locator(".hotspot").first.wait_for()
    expected = ["skip", "choose-dataset", "open-help", "theme", "slider", "play", "previous", "next", "date", "speed"]
    expected += ["histogram-table", "layer", "period", "compare", "kinds", "resolution", *LEVELS, "anomalies"]
    expected += ["map", "zoom in", "zoom out", "show the whole dataset", "hotspot", "attribution"]
    expected += [f"take-{each}" for each in ["link", "picture", "geojson", "csv", "report", "print", "source"]]
    describe = """() => {
        const element = document.activeElement;
        if (element.matches(".maplibregl-canvas")) return "map";
        if (element.matches(".hotspot")) return "hotspot";
        if (element.matches(".level input")) return element.value;
        if (element.closest("#attribution")) return "attribution";
        return element.id || (element.ariaLabel ?? element.title).toLowerCase();
    }"""
    blur = "() => { window.wasFocused = document.activeElement; document.activeElement.blur(); }"
    seen = {}
    for _ in range(80):
        page.page.keyboard.press("Tab")
        name = page.page.evaluate(describe)
        if name in seen or name == "":
            continue
        focused = page.picture()
        page.page.evaluate(blur)
        changed = ImageChops.difference(focused, page.picture()).getbbox() is not None
        page.page.evaluate("() => window.wasFocused.focus()")
        seen[name] = changed
        if set(expected) <= set(seen):
            break
    assert set(expected) - set(seen) == set()
    assert [name for name, changed in seen.items() if not changed] == []


def test_slider_obeys_arrows_pages_home_and_end(new_page, demo_server, link):
    page = new_page().open(link)
    slider, date = page.page.locator("#slider"), page.page.locator("#date")
    for key, expected in [
        ("ArrowLeft", day_before(demo_server.day, 1)),
        ("PageDown", day_before(demo_server.day, 31)),
        ("PageUp", day_before(demo_server.day, 1)),
        ("ArrowRight", demo_server.day),
        ("Home", date.get_attribute("min")),
        ("End", date.get_attribute("max")),
    ]:
        slider.press(key)
        assert date.input_value() == expected, key
    year = date.get_attribute("max")[:4]
    assert year in slider.get_attribute("aria-valuetext")
    page.settle()
    expect(page.page.locator("#announcer")).to_contain_text(year)


def test_enter_opens_the_cell_in_the_middle_and_escape_closes_it(new_page, service, demo_server, link):
    rows = service.day(demo_server.day, demo_server.resolution)
    cell = max(rows, key=lambda each: rows[each]["event_count"])
    lat, lng = h3.cell_to_latlng(cell)
    page = new_page().open(f"{link}&map=13/{lat}/{lng}")
    page.page.locator(".maplibregl-canvas").focus()
    page.page.keyboard.press("Enter")
    assert_figures(page.figures(), rows[cell])
    page.page.keyboard.press("Escape")
    expect(page.page.locator("#drawer")).to_be_hidden()
    assert "cell" not in page.link()
    assert page.page.evaluate("() => document.activeElement === hextant.map.getCanvas()")


def test_escape_returns_to_the_top_cell_that_opened_the_drawer(new_page, link):
    page = new_page().open(link)
    page.page.locator(".hotspot").nth(2).press("Enter")
    expect(page.page.locator("#drawer-title")).to_be_focused()
    page.page.keyboard.press("Escape")
    expect(page.page.locator(".hotspot").nth(2)).to_be_focused()


def test_playback_shows_every_day_out_of_one_set_of_tiles_and_stops(new_page, service, demo_server, link):
    first = day_before(demo_server.day, 20)
    page = new_page().open(link.replace(demo_server.day, first))
    # Slow enough for a busy machine to show each day.
    page.page.locator("#speed").select_option("1")
    page.requests.clear()
    page.page.locator("#play").press("Space")
    expect(page.page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.page.locator("#date")).to_have_value(day_before(demo_server.day, 17), timeout=60_000)
    # The cells drawn during playback, and their day, at one moment: a busy machine may be about to draw the next day.
    day, cells = page.page.evaluate(
        """async (first) => {
            for (;;) {
                const day = document.getElementById("date").value;
                await hextant.settled();
                const column = `s${(new Date(day) - new Date(first)) / 86400000}`;
                const cells = hextant.cells();
                // The next day may have come meanwhile.
                const isShown = document.getElementById("date").value === day && cells.length > 0;
                if (isShown && cells.every((cell) => column in cell)) return [day, cells];
                await new Promise((resume) => setTimeout(resume, 20));
            }
        }""",
        first,
    )
    asked = page.tile_queries()
    page.keep("playback")
    page.page.get_by_role("button", name="Pause").click()
    page.settle()
    stopped = page.page.locator("#date").input_value()

    assert {(query["from"], query["to"]) for query in asked} == {(first, day_before(demo_server.day, -10))}
    assert [query for query in asked if "date" in query] == []
    number = (datetime.date.fromisoformat(day) - datetime.date.fromisoformat(first)).days
    rows = service.day(day, demo_server.resolution)
    drawn = {feature["h3_index"]: feature[f"s{number}"] for feature in cells}
    assert set(drawn) <= set(rows) and set(free_cells(page, list(rows))) <= set(drawn)
    assert all(0 <= score - rows[cell]["risk_score"] < 0.011 for cell, score in drawn.items())

    assert {query["date"] for query in page.tile_queries()[len(asked) :] if "date" in query} == {stopped}
    assert_shows(page, service.day(stopped, demo_server.resolution))
    page.page.wait_for_timeout(1500)
    assert page.page.locator("#date").input_value() == stopped


def test_playback_ends_with_the_last_day(new_page, link, demo_server):
    page = new_page().open(link)
    last = page.page.locator("#date").get_attribute("max")
    page.page.locator("#slider").press("End")
    page.page.locator("#previous").click()
    page.page.locator("#play").click()
    # The tiles of the next days come first.
    expect(page.page.locator("#date")).to_have_value(last, timeout=30_000)
    expect(page.page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_phone_shows_all_controls_without_sideways_scrolling(new_page, link):
    page = new_page(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2).open(link)
    page.keep("phone")
    assert page.page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
    controls = [
        "#choose-dataset",
        "#open-help",
        "#theme",
        "#handle",
        "#play",
        "#previous",
        "#next",
        "#slider",
        *(f".level[data-level={each}]" for each in LEVELS),
    ]
    for selector in controls:
        box = page.page.locator(selector).first.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"], selector
        assert box["y"] >= 0 and box["y"] + box["height"] <= PHONE["height"], selector
        assert min(box["width"], box["height"]) >= 24, selector  # WCAG 2.2, target size (minimum)
    expect(page.page.locator("#attribution")).to_be_visible()
    assert len(free_cells(page, list(page.rendered()))) > 0


def test_phone_sheet_opens_and_a_hotspot_is_seen_above_it(new_page, link):
    page = new_page(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2).open(link)
    hotspot, handle = page.page.locator(".hotspot").first, page.page.locator("#handle")
    expect(hotspot).to_be_hidden()
    handle.tap()
    expect(handle).to_have_attribute("aria-expanded", "true")
    expect(page.page.locator("#speed")).to_be_visible()
    hotspot.tap()
    expect(handle).to_have_attribute("aria-expanded", "false")
    drawer = page.page.locator("#drawer")
    page.page.locator("#drawer .figures").wait_for()
    page.settle()
    page.keep("phone-cell")
    box, masthead = drawer.bounding_box(), page.page.locator(".masthead").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
    assert box["y"] + box["height"] <= PHONE["height"]
    # The cell itself is seen between the head of the page and the drawer.
    cell = page.page.locator("#drawer-code").inner_text()
    [(_, y)] = free_cells(page, [cell]).values()
    assert masthead["y"] + masthead["height"] < y < box["y"]


def ground(page):
    """Brightness 0..255 of the map's corner, outside the dataset's bounds."""
    stage = page.page.locator(".stage").bounding_box()
    return sum(page.picture().getpixel((stage["x"] + 8, stage["y"] + 8))) / 3


def test_colours_follow_the_system_and_the_readers_choice_is_remembered(new_page, link):
    page = new_page(color_scheme="dark").open(link)
    page.keep("map-dark")
    assert ground(page) < 60
    page.page.get_by_role("button", name="Dark colours", pressed=True).click()
    page.settle()
    assert ground(page) > 200
    page.page.reload()
    page.wait_for("ready")
    assert ground(page) > 200
    assert page.page.evaluate("() => getComputedStyle(document.body).colorScheme") == "light"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("vision", VISIONS)
def test_levels_are_told_apart_by_every_eye(new_page, link, scheme, vision):
    page = new_page(color_scheme=scheme).open(link)
    swatches = page.page.locator(".swatch").evaluate_all(
        "(all) => all.map((each) => getComputedStyle(each).backgroundColor.match(/\\d+/g).map(Number))"
    )
    for first, second in combinations(range(len(LEVELS)), 2):
        assert difference(swatches[first], swatches[second], vision) > 20, (LEVELS[first], LEVELS[second])


def test_place_without_events_says_so(new_page, link):
    page = new_page().open(f"{link}&map=6/-30/-140")
    expect(page.page.get_by_text("No events here on")).to_be_visible()
    assert page.rendered() == {}


def test_unknown_dataset_is_told_and_those_there_are_are_offered(new_page, service, demo_server):
    page = new_page(expect_errors=True)
    page.page.goto(f"{page.url}/#dataset=no-such-place")
    expect(page.page.locator("#notice")).to_contain_text("no-such-place")
    dialog = page.page.get_by_role("dialog", name="Datasets")
    expect(dialog).to_contain_text("no-such-place")
    offered = dialog.locator("[data-slug]")
    expect(offered).to_have_count(len(service.datasets()))
    dialog.get_by_role("searchbox").fill("no such words")
    expect(offered).to_have_count(0)
    dialog.get_by_role("searchbox").fill("major toronto")
    offered.first.click()
    page.wait_for("ready")
    assert page.link()["dataset"] == demo_server.dataset
    expect(dialog).to_be_hidden()


def test_tiles_that_fail_are_told_and_tried_again(new_page, service, demo_server, link):
    page = new_page(expect_errors=True)
    page.page.route("**/*.mvt?*", lambda route: route.abort())
    page.open(link)
    expect(page.page.locator("#notice")).to_contain_text("could not be loaded")
    page.page.unroute("**/*.mvt?*")
    page.page.get_by_role("button", name="Try again").click()
    expect(page.page.locator("#notice")).to_be_hidden()
    page.settle()
    assert_shows(page, service.day(demo_server.day, demo_server.resolution))


@pytest.mark.parametrize("addresses", ["**/v1/**", "**/js/page/controls.js"])
def test_server_out_of_reach_is_told_and_tried_again(new_page, demo_server, addresses):
    page = new_page(expect_errors=True)
    page.page.route(addresses, lambda route: route.abort())
    page.page.goto(page.url)
    expect(page.page.locator("#notice")).to_contain_text("The server cannot be reached.")
    page.page.unroute(addresses)
    page.page.get_by_role("button", name="Try again").click()
    page.wait_for("ready")
    assert len(page.rendered()) > 0


def test_without_sign_in_on_the_server_there_is_no_button_for_it(new_page, link):
    page = new_page().open(link)
    expect(page.page.locator("#open-help")).to_be_visible()
    expect(page.page.locator("#account")).to_be_hidden()


def test_a_server_that_stops_to_sign_users_in_loses_the_button(new_page, link):
    page = new_page(expect_errors=True)

    def set_up(route):
        answer = route.fetch()
        told = answer.json()
        told["hextant"]["sign_in"] = True
        route.fulfill(response=answer, json=told)

    page.page.route("**/v1/tiles.json*", set_up)
    page.open(link)
    refusal = {"detail": "Sign-in is not set up on this server."}
    page.page.route("**/v1/auth/token", lambda route: route.fulfill(status=403, json=refusal))
    page.page.get_by_role("button", name="Sign in").click()
    page.page.locator("#sign-in [name=username]").fill("ada")
    page.page.locator("#sign-in [name=password]").fill("any password at all")
    page.page.locator("#sign-in .submit").click()
    expect(page.page.locator("#sign-in-fault")).to_have_text(refusal["detail"])
    page.page.locator("#sign-in-cancel").click()
    expect(page.page.locator("#account")).to_be_hidden()


def test_dataset_is_credited_once(new_page, service, link):
    page = new_page().open(link)
    dataset = service.get("/v1/tiles.json")["hextant"]
    expect(page.page.locator("#title")).to_have_text(dataset["title"])
    expect(page.page.locator("#attribution")).to_contain_text(dataset["attribution"])
    line = page.page.locator("#attribution")
    assert line.inner_text().count(dataset["licence"]) == 1
    assert line.get_by_role("link").get_attribute("href") == dataset["licence_url"]
