"""Ten things that people come to the map page for, each done in Chromium from its first look to what they take away.

What the page tells is compared with the file of events itself, read and counted here."""

import datetime
import io
import json
import re
import subprocess
from collections import Counter
from math import comb

import h3
import pytest
from map_page import LEVELS
from PIL import Image
from playwright.sync_api import expect
from toronto import records

LAST = datetime.date(2021, 12, 31)
CELL = "882b9bc469fffff"  # downtown, with events on most days


def days(first, last):
    """The records of the local days from `first` to `last`, both ISO texts, included."""
    first, last = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    return [record for record in records() if first <= record[0] <= last]


def inside(found, cell=CELL):
    return [each for each in found if h3.latlng_to_cell(each[2], each[3], h3.get_resolution(cell)) == cell]


def summary(page):
    """The sentences of the summary, once they are there and up to date."""
    box = page.page.locator("#summary")
    expect(box.locator("p").nth(1)).to_be_visible()
    expect(box).not_to_have_attribute("aria-busy", "true")
    return box.locator("p").all_inner_texts()


def two_sided(now, before):
    """The p of the exact test that both counts have one rate: the smaller tail of n tosses of a coin, twice."""
    n = now + before
    return min(1, 2 * sum(comb(n, k) for k in range(min(now, before) + 1)) / 2**n)


def test_the_first_look_says_how_many_and_whether_that_is_more_than_before(new_page):
    page = new_page().open("")
    told = summary(page)[0]
    now = len(days("2021-12-04", "2021-12-31"))
    before = len(days("2021-11-06", "2021-12-03"))
    assert two_sided(now, before) < 0.05 and now < before
    assert f"{now:,} events" in told and f"({before:,}, " in told
    assert f"down {round(100 * (1 - now / before))}%" in told
    assert "Dec 4" in told and "31, 2021" in told
    # The link says at once what is shown, so that it shows the same tomorrow.
    link = page.link()
    assert (link["dataset"], link["date"]) == ("toronto", str(LAST)) and "layer" in link
    # The cells fill the view: the box of all days and sizes of cells would leave much of it empty.
    middles = page.project([h3.cell_to_latlng(cell) for cell in page.rendered()])
    stage = page.page.locator(".stage").bounding_box()
    assert max(x for x, _ in middles) - min(x for x, _ in middles) > 0.7 * stage["width"]
    page.keep("task-first-look")


def test_this_quarter_is_compared_with_that_of_the_year_before(new_page):
    page = new_page().open("#dataset=toronto&layer=risk&date=2021-12-31")
    page.choose(period="90", compare="year")
    expect(page.page.locator("#summary")).to_contain_text("a year before")
    now = len(days("2021-10-03", "2021-12-31"))
    before = len(days("2020-10-03", "2020-12-31"))
    assert two_sided(now, before) < 0.05 and now > before
    told = summary(page)[0]
    assert f"{now:,} events, up {round(100 * (now / before - 1))}%" in told and f"({before:,}, " in told
    assert page.link()["period"] == "90" and page.link()["compare"] == "year"
    # Both periods are marked over the histogram: a year apart, and equally long.
    brush, compared = (page.page.locator(f"#{name}").bounding_box() for name in ["brush", "compared"])
    whole = page.page.locator("#histogram").bounding_box()["width"]
    assert brush["x"] - compared["x"] == pytest.approx(whole * 365 / 2922, abs=2)
    page.keep("task-quarter")


def test_a_difference_that_chance_explains_is_not_called_a_trend(new_page):
    # A week in which the counts of both are near each other.
    for back in range(200):
        end = LAST - datetime.timedelta(days=back)
        bounds = [str(end - datetime.timedelta(days=number)) for number in [6, 0, 13, 7]]
        now, before = len(days(bounds[0], bounds[1])), len(days(bounds[2], bounds[3]))
        if now != before and two_sided(now, before) > 0.2:
            break
    page = new_page().open(f"#dataset=toronto&layer=risk&date={end}&period=7")
    told = summary(page)[0]
    assert f"{now:,} events. No clear change" in told and f"{before:,} (" in told


def test_one_kind_of_event_is_counted_alone(new_page):
    page = new_page().open(f"#dataset=toronto&layer=risk&date={LAST}&cell={CELL}")
    page.page.locator("#kinds").select_option(label="Robbery")
    robberies = [each for each in days("2021-12-04", "2021-12-31") if each[4] == "Robbery"]
    expect(page.page.locator("#summary")).to_contain_text(f"{len(robberies):,} events (Robbery)")
    expect(page.page.locator("#drawer .cell-count")).to_contain_text(str(len(inside(robberies))))
    assert page.link()["kinds"] == "Robbery"
    # What the map cannot show by kind is said.
    expect(page.page.locator("#show-hint")).to_contain_text("Scores count all kinds")
    page.page.locator("#histogram-table").click()
    rows = page.page.locator("#figures tbody tr").all_inner_texts()
    december = [each for each in days("2021-12-01", "2021-12-31") if each[4] == "Robbery"]
    assert rows[0].split("\t") == ["Dec 2021", str(len(december))]
    assert len(rows) == 8 * 12


def test_a_place_is_looked_into(new_page, service):
    page = new_page().open(f"#dataset=toronto&layer=risk&date={LAST}&res=8&cell={CELL}")
    drawer = page.page.get_by_role("dialog", name=f"Cell {CELL}")
    now = inside(days("2021-12-04", "2021-12-31"))
    expect(drawer.locator(".cell-count")).to_have_text(f"{len(now)} events")
    kinds = Counter(each[4] for each in now)
    rows = [row.split("\t") for row in drawer.locator(".shares tr").all_inner_texts()]
    assert {row[0]: int(row[2]) for row in rows} == kinds
    # A year by week: its table has the counts of the file.
    history = drawer.locator(".chart", has=page.page.locator(".history"))
    history.get_by_text("Figures as a table").click()
    expect(history.locator("tbody tr")).to_have_count(52)
    weeks = [int(row.split("\t")[1]) for row in history.locator("tbody tr").all_inner_texts()]
    ends = [LAST - datetime.timedelta(days=7 * number) for number in range(52)]
    expected = [len(inside(days(str(end - datetime.timedelta(days=6)), str(end)))) for end in ends]
    assert weeks == expected
    # The highest day of the period, by the API's scores, is one click away.
    rows = service.get(f"/v1/cells/{CELL}", **{"from": "2021-12-04", "to": "2021-12-31"})["items"]
    peak = max(rows, key=lambda row: row["risk_score"])
    drawer.get_by_role("button", name="Highest of the period").click()
    expect(page.page.locator("#date")).to_have_value(peak["day"])
    expect(drawer.locator("data[data-figure=risk_score]")).to_have_text(f"{peak['risk_score']:.1f}")
    # Why: the parts add up to the risk.
    drawer.get_by_text("Why this score?").click()
    parts = [float(line.split(" = ")[1]) for line in drawer.locator(".why li").all_inner_texts()]
    weighted = 0.5 * peak["event_count"] + 0.3 * peak["growth_rate"] + 0.2 * peak["rolling_7d_avg"]
    assert sum(parts) == pytest.approx(weighted, abs=0.016)
    page.keep("task-place")


def test_the_data_shown_are_taken_away_with_their_terms(new_page, service, demo_server):
    page = new_page(accept_downloads=True)
    page.open(f"#dataset=toronto&layer=risk&date={demo_server.day}&res=8&levels=medium,high,critical")
    rows = service.day(demo_server.day, 8)
    wanted = {cell for cell, row in rows.items() if row["risk_level"] != "low"}
    with page.page.expect_download() as download:
        page.page.locator("#take-csv").click()
    assert download.value.suggested_filename == f"toronto-risk-{demo_server.day}.csv"
    lines = download.value.path().read_text().splitlines()
    column = lines[0].split(",").index("h3_index")
    assert {line.split(",")[column] for line in lines[1:]} == wanted
    with page.page.expect_download() as download:
        page.page.locator("#take-geojson").click()
    told = json.loads(download.value.path().read_text())
    assert {feature["properties"]["h3_index"] for feature in told["features"]} == wanted
    dataset = service.get("/v1/tiles.json")["hextant"]
    assert told["about"]["licence"] == dataset["licence"] and told["about"]["attribution"] == dataset["attribution"]
    assert f"/v1/risk/{demo_server.day}?" in told["about"]["source"]
    expect(page.page.locator("#take-status")).to_contain_text(f"toronto-risk-{demo_server.day}.geojson")


def test_a_report_is_taken_to_a_meeting(new_page):
    page = new_page(accept_downloads=True)
    page.open(f"#dataset=toronto&date=2021-12-31&period=90&cell={CELL}")
    with page.page.expect_download() as download:
        page.page.locator("#take-report").click()
    assert download.value.suggested_filename == "toronto-report.pdf"
    with page.page.expect_download() as other:
        page.page.locator("#drawer").get_by_role("button", name="Report (PDF)").click()
    assert other.value.suggested_filename == f"toronto-{CELL}.pdf"
    for each, words in [(download, "Cells that are hot spots"), (other, CELL)]:
        told = subprocess.run(["pdftotext", "-layout", each.value.path(), "-"], capture_output=True, check=True)
        assert "3 October 2021" in told.stdout.decode() and words in told.stdout.decode()
    expect(page.page.locator("#take-status")).to_contain_text("toronto-report.pdf")


def test_a_picture_for_a_slide_has_map_legend_and_source(new_page, demo_server):
    page = new_page(accept_downloads=True)
    page.open(f"#dataset=toronto&layer=risk&date={demo_server.day}&res=6")
    with page.page.expect_download() as download:
        page.page.locator("#take-picture").click()
    picture = Image.open(io.BytesIO(download.value.path().read_bytes())).convert("RGB")
    stage = page.page.locator(".stage").bounding_box()
    # The map as wide as it is on the page, with room for texts above and below.
    assert picture.width == stage["width"] and picture.height > stage["height"] + 100
    swatches = page.page.locator(".swatch").evaluate_all(
        "(all) => all.map((each) => getComputedStyle(each).backgroundColor.match(/\\d+/g).map(Number))"
    )
    foot = picture.crop((0, int(picture.height - 110), picture.width, picture.height))
    colours = {pixel for _, pixel in foot.getcolors(maxcolors=1_000_000)}
    assert {tuple(swatch) for swatch in swatches} <= colours
    # The cells are there: the middle of the picture has more than the ground's few colours.
    middle = picture.crop((picture.width // 4, 150, 3 * picture.width // 4, int(stage["height"])))
    assert len(middle.getcolors(maxcolors=1_000_000)) > 20
    picture.save(page.kept("task-picture"))


def test_a_sheet_for_a_meeting_is_printed_with_its_colours(new_page, link_of_day):
    page = new_page().open(link_of_day)
    expect(page.page.locator(".hotspot")).to_have_count(20)
    page.page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    page.page.emulate_media(media="print")
    page.page.set_viewport_size({"width": 718, "height": 1000})  # A4 with margins
    for control in ["#play", "#layer", "#take-csv", "#theme", "#map"]:
        expect(page.page.locator(control)).to_be_hidden()
    picture = page.page.locator(".paper-map")
    expect(picture).to_be_visible()
    assert picture.evaluate("(image) => image.naturalWidth") > 500
    # The whole list, none of it cut off by something that scrolls.
    height = page.page.evaluate("() => document.documentElement.scrollHeight")
    for entry in page.page.locator(".hotspot").all():
        box = entry.bounding_box()
        assert box["height"] > 0 and box["y"] + box["height"] <= height
    styles = page.page.locator(".hotspot .badge").evaluate_all(
        "(all) => all.map((each) => [getComputedStyle(each).printColorAdjust, getComputedStyle(each).backgroundColor])"
    )
    assert {adjust for adjust, _ in styles} == {"exact"} and "rgba(0, 0, 0, 0)" not in {fill for _, fill in styles}
    expect(page.page.locator("#paper-link")).to_contain_text("#dataset=toronto")
    expect(page.page.locator("#paper-headline")).to_contain_text("Risk of a day")
    page.page.screenshot(path=page.kept("task-paper"), full_page=True)
    # The printed page is one that a printer takes.
    assert page.page.pdf().startswith(b"%PDF")


@pytest.fixture
def link_of_day(demo_server):
    return f"#dataset=toronto&layer=risk&date={demo_server.day}&res=8"


def test_a_link_shows_a_colleague_the_same(new_page, link_of_day):
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    page.open(f"{link_of_day}&map=11/43.66/-79.38")
    page.levels(["medium", "high", "critical"])
    page.choose(period="90", compare="year")
    page.page.locator("#anomalies").check(force=True)
    page.page.locator(".hotspot").first.click()
    expect(page.page.locator("#drawer .figures")).to_be_visible()
    cell = page.page.locator("#drawer-code").inner_text()
    page.link()
    page.page.locator("#take-link").click()
    expect(page.page.locator("#take-status")).to_have_text("Copied.")
    copied = page.page.evaluate("() => navigator.clipboard.readText()")
    other = new_page()
    other.page.goto(copied)
    other.wait_for("ready")
    expect(other.page.locator("#drawer-code")).to_have_text(cell)
    expect(other.page.locator("#period")).to_have_value("90")
    expect(other.page.locator("#compare")).to_have_value("year")
    expect(other.page.locator("#anomalies")).to_be_checked()
    checked = other.page.locator(".level input:checked").evaluate_all("(all) => all.map((each) => each.value)")
    assert checked == LEVELS[1:]
    assert other.view() == pytest.approx(page.view(), abs=0.01)
    assert set(other.rendered()) == set(page.rendered())


def test_a_period_is_drawn_over_the_histogram(new_page, link_of_day):
    page = new_page().open(link_of_day)
    summary(page)
    box = page.page.locator("#histogram").bounding_box()
    start, end = box["x"] + box["width"] * 0.5, box["x"] + box["width"] * 0.532
    page.page.mouse.move(start, box["y"] + 20)
    page.page.mouse.down()
    page.page.mouse.move((start + end) / 2, box["y"] + 20)
    page.page.mouse.move(end, box["y"] + 20)
    page.page.mouse.up()
    # 3.2 % of 2,922 days are 93; periods are 7, 28, 90 or 365 days.
    expect(page.page.locator("#period")).to_have_value("90")
    day = datetime.date.fromisoformat(page.page.locator("#date").input_value())
    expected = datetime.date(2014, 1, 1) + datetime.timedelta(days=int(2922 * 0.532))
    assert abs((day - expected).days) <= 3
    first = day - datetime.timedelta(days=89)
    number = len(days(str(first), str(day)))
    expect(page.page.locator("#summary")).to_contain_text(f"{number:,} events")
    brush = page.page.locator("#brush").bounding_box()
    assert brush["width"] == pytest.approx(box["width"] * 90 / 2922, abs=2)


def test_what_a_link_names_and_is_not_there_is_told(new_page):
    page = new_page().open("#dataset=toronto&date=2030-01-01&levels=foo&kinds=Arson&colour=red&layer=risk")
    notice = page.page.locator("#notice")
    for word in ["2030-01-01", "Dec 31, 2021", "levels=foo", "kinds=Arson", "colour=red"]:
        expect(notice).to_contain_text(word)
    # It is passed over: the levels are all on, and the link no longer says what is not shown.
    assert len(page.rendered()) > 0
    assert page.link().keys() <= {"dataset", "layer", "date", "map"} and page.link()["date"] == str(LAST)
    page.page.locator("#notice-action").click()
    expect(notice).to_be_hidden()


def test_the_api_spelling_of_a_dataset_is_understood(new_page):
    page = new_page()
    page.page.goto(f"{page.url}/?dataset=toronto&date=2021-07-01")
    page.wait_for("ready")
    expect(page.page.locator("#date")).to_have_value("2021-07-01")
    assert "?" not in page.page.url and page.link()["dataset"] == "toronto"


def test_playing_at_the_last_day_plays_the_last_thirty(new_page):
    page = new_page().open(f"#dataset=toronto&layer=risk&date={LAST}&res=8")
    page.page.locator(".maplibregl-canvas").press("Space")
    expect(page.page.locator("#notice")).to_contain_text("the 30 days before it are played")
    expect(page.page.get_by_role("button", name="Pause")).to_be_visible()
    assert page.page.locator("#date").input_value() >= "2021-12-01"
    page.page.locator(".maplibregl-canvas").press("Space")
    expect(page.page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_a_mouse_over_a_cell_tells_of_it(new_page, service, demo_server, link_of_day):
    page = new_page().open(link_of_day)
    rows = service.day(demo_server.day, 8)
    cell = max(page.rendered().values(), key=lambda feature: feature["event_count"])["h3_index"]
    [(x, y)] = page.project([h3.cell_to_latlng(cell)])
    page.page.mouse.move(x, y)
    tip = page.page.locator(".tip")
    expect(tip).to_contain_text(f"{rows[cell]['event_count']} events")
    expect(tip).to_contain_text(rows[cell]["risk_level"].capitalize())


def test_list_and_map_are_of_one_size_and_filter(new_page, service, demo_server, link_of_day):
    page = new_page().open(link_of_day)
    expect(page.page.locator(".hotspot")).to_have_count(20)
    page.choose(resolution="7")
    expect(page.page.locator("#hotspots-status")).to_contain_text("resolution 7")
    expect(page.page.locator(".hotspot").first).to_have_attribute("data-cell", h3_of(7))
    for level in ["low", "critical"]:
        page.levels([level])
        period = {"from": day_before(demo_server.day, 27), "to": demo_server.day}
        answer = service.get("/v1/hotspots", resolution=7, level=level, limit=20, **period)
        ranked = [feature["properties"]["h3_index"] for feature in answer["features"]]
        expect(page.page.locator(".hotspot")).to_have_count(len(ranked))
        shown = page.page.locator(".hotspot").evaluate_all("(all) => all.map((each) => each.dataset.cell)")
        assert shown == ranked
        assert set(page.page.locator(".hotspot .badge").all_inner_texts()) <= {level.capitalize()}
    # Nothing is called unusual that had fewer than three events.
    page.levels(LEVELS)
    page.choose(resolution="9")
    page.page.locator("#anomalies").check(force=True)
    page.settle()
    outlined = page.page.evaluate(
        """() => hextant.map.queryRenderedFeatures(undefined, {
            layers: hextant.map.getLayersOrder().filter((each) => each.endsWith("-unusual")),
        }).map((each) => each.properties.event_count)"""
    )
    assert all(count >= 3 for count in outlined)


def day_before(day, count):
    return str(datetime.date.fromisoformat(day) - datetime.timedelta(days=count))


def h3_of(resolution):
    """A pattern of the indexes of this resolution."""
    return re.compile(f"^8{resolution:x}")
