"""The map page over an outlook: where it is getting worse, and what is expected.

What the page shows is compared with `/v1/outlook`, whose own figures are tested elsewhere."""

import csv
import io

import h3
import pytest
from playwright.sync_api import expect

DAY = "2021-12-31"
RESOLUTION = 8
HOT = {
    "new": ["new_hot", "consecutive_hot"],
    "growing": ["intensifying_hot"],
    "steady": ["persistent_hot"],
    "fading": ["sporadic_hot", "oscillating_hot", "diminishing_hot", "historical_hot"],
}


@pytest.fixture
def outlook(toronto_server):
    """Rows of the outlook by cell, as the API tells them."""

    def rows(**query):
        asked = {"dataset": "toronto", "as_of": DAY, "period": 28, "resolution": RESOLUTION, "f": "csv", **query}
        text = toronto_server.get("/v1/outlook", **asked).text
        return {row["h3_index"]: row for row in csv.DictReader(io.StringIO(text))}

    return rows


def count(rows, *classes):
    return sum(row["class"] in classes for row in rows.values())


def sentences(page):
    box = page.page.locator("#summary")
    expect(box.locator("p")).to_have_count(3)
    expect(box).not_to_have_attribute("aria-busy", "true")
    return box.locator("p").all_inner_texts()


def test_the_first_look_is_the_outlook_of_the_last_28_days(new_page, outlook):
    page = new_page().open("")
    rows = outlook()
    _, spots, expected = sentences(page)
    groups = {name: count(rows, *classes) for name, classes in HOT.items()}
    new, growing, steady = groups["new"], groups["growing"], groups["steady"]
    verb = "place is a new hot spot" if new == 1 else "places are new hot spots"
    if sum(groups.values()) > 0:
        told = f"{new} {verb}, {growing} are growing and {steady} last; {sum(groups.values())} in all over 52 weeks."
        assert spots == told
    whole = sum(float(row["expected"]) for row in rows.values())
    assert f"Expected in the 7 days after Dec 31, 2021: about {round(whole)} events." == expected
    # The map has the whole study area at one size, whatever the zoom.
    assert {h3.get_resolution(cell) for cell in page.rendered()} == {RESOLUTION}
    assert set(page.rendered()) <= set(rows) and len(page.rendered()) > 0.9 * len(rows)
    for cell, drawn in page.rendered().items():
        assert drawn["class"] == rows[cell]["class"]
    query = page.tile_queries()[-1]
    assert (query["layers"], query["as_of"], query["period"], query["kind"]) == ("outlook", DAY, "28", "all")
    expect(page.page.locator("#layer")).to_have_value("class")
    page.keep("outlook-first-look")


def test_the_worst_new_hot_spot_is_the_first_of_the_list(new_page, service):
    page = new_page().open("")
    hot = ",".join(each for classes in HOT.values() for each in classes)
    query = {"as_of": DAY, "period": 28, "resolution": RESOLUTION, "sort": "class", "class": hot, "limit": 20}
    ranked = service.get("/v1/outlook", **query)
    entries = page.page.locator(".hotspot")
    expect(entries).to_have_count(len(ranked["items"]))
    cells = entries.evaluate_all("(all) => all.map((each) => each.dataset.cell)")
    assert cells == [row["h3_index"] for row in ranked["items"]]
    first = ranked["items"][0]
    entries.first.click()
    drawer = page.page.get_by_role("dialog", name=f"Cell {first['h3_index']}")
    expect(drawer.locator(".class-line")).to_contain_text("spot")
    expected = drawer.get_by_text("Expected in the 7 days after")
    expect(expected).to_contain_text(f"{first['expected']:.1f} events ({first['lower_90']} to {first['upper_90']} in")
    expect(drawer.locator(".cell-count")).to_contain_text(f"{first['events']} event")
    # The forecast is drawn after the past year.
    expect(drawer.locator(".history .band")).to_have_count(1)
    page.keep("outlook-cell")


@pytest.mark.parametrize("group", HOT)
def test_classes_are_switched_off_and_on(new_page, outlook, group):
    page = new_page().open(f"#dataset=toronto&classes={group}")
    rows = outlook()
    shown = {each["class"] for each in page.rendered().values()}
    assert shown <= {*HOT[group], "none"}
    assert (count(rows, *HOT[group]) > 0) == bool(shown - {"none"})
    boxes = page.page.locator(".level input")
    assert boxes.evaluate_all("(all) => all.filter((each) => each.checked).map((each) => each.value)") == [group]
    boxes.first.check(force=True)
    page.settle()
    assert {each["class"] for each in page.rendered().values()} <= {*HOT["new"], *HOT[group], "none"}


@pytest.mark.parametrize(
    ("layer", "sort", "query"),
    [("events", "events", {}), ("change", "change", {"trend": "rising"}), ("forecast", "expected", {})],
)
def test_every_layer_has_its_map_legend_and_list(new_page, service, outlook, layer, sort, query):
    page = new_page().open("")
    page.choose(layer=layer, period="90")
    answer = service.get(
        "/v1/outlook", as_of=DAY, period=90, resolution=RESOLUTION, sort=sort, limit=20, **query)
    ranked = [row["h3_index"] for row in answer["items"]]
    expect(page.page.locator(".hotspot")).to_have_count(len(ranked))
    expect(page.page.locator("#hotspots-status")).to_contain_text("Oct 3 – Dec 31, 2021")
    assert page.page.locator(".hotspot").evaluate_all("(all) => all.map((each) => each.dataset.cell)") == ranked
    rows = outlook(period=90)
    for cell, drawn in page.rendered().items():
        assert drawn["events"] == int(rows[cell]["events"]) and drawn["trend"] == rows[cell]["trend"]
    assert page.page.locator(".level").count() >= 3
    if layer == "events":
        # The steps of the legend have cells in each, and about half of those with events in the first.
        names = page.page.locator(".level-name").all_inner_texts()
        bounds = [int(name.split("–")[0].split(" ")[0]) for name in names] + [10**9]
        counts = [int(row["events"]) for row in rows.values() if int(row["events"]) > 0]
        shares = [sum(low <= each < high for each in counts) / len(counts) for low, high in zip(bounds, bounds[1:])]
        assert all(share > 0 for share in shares) and 0.3 < shares[0] < 0.7
    assert page.link()["layer"] == layer and page.link()["period"] == "90"
    page.keep(f"outlook-{layer}")


def test_a_group_of_kinds_is_shown_alone(new_page, outlook):
    page = new_page().open("")
    page.page.locator("#kinds").select_option(label="Violence")
    page.settle()
    assert page.tile_queries()[-1]["kind"] == "violence"
    rows = outlook(kind="violence")
    for cell, drawn in page.rendered().items():
        assert drawn["events"] == int(rows[cell]["events"])
    assert page.link()["kinds"] == "Assault,Robbery"
    _, _, expected = sentences(page)
    whole = sum(float(row["expected"]) for row in rows.values())
    assert f"about {round(whole)} events (Assault, Robbery)" in expected
    # A kind that is no group is counted in the figures, and the page says what the map counts.
    page.page.locator("#kinds").select_option(label="Theft Over")
    expect(page.page.locator("#show-hint")).to_contain_text("The map counts all kinds")
    page.settle()
    assert page.tile_queries()[-1]["kind"] == "all"


def test_a_day_after_the_outlook_and_playing_are_told(new_page):
    page = new_page().open("#dataset=toronto&layer=class&date=2021-12-20")
    expect(page.page.locator("#show-hint")).to_contain_text("the outlook of Dec 31, 2021")
    page.page.locator("#play").click()
    expect(page.page.locator("#notice")).to_contain_text("risk of each day")
    expect(page.page.locator("#layer")).to_have_value("risk")
    page.page.locator("#play").click()


def test_the_cells_of_the_outlook_are_taken_away(new_page, outlook):
    page = new_page(accept_downloads=True).open("#dataset=toronto&classes=new,growing&period=365")
    with page.page.expect_download() as download:
        page.page.locator("#take-csv").click()
    assert download.value.suggested_filename == f"toronto-class-2021-01-01_{DAY}.csv"
    taken = {row["h3_index"] for row in csv.DictReader(io.StringIO(download.value.path().read_text()))}
    rows = outlook(period=365)
    wanted = {*HOT["new"], *HOT["growing"], "none"}
    assert taken == {cell for cell, row in rows.items() if row["class"] in wanted}
