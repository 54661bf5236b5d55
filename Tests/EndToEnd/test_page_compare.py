"""Two periods on the map page: their difference, and both beside each other, compared with the file of events."""

import csv
import io
import json
from collections import Counter

import h3
import pytest
from playwright.sync_api import expect
from test_page_tasks import days, summary, two_sided

YEAR = ("2021-10-03", "2021-12-31"), ("2020-10-03", "2020-12-31")  # 90 days, and the same of the year before
LINK = "#dataset=toronto&layer=difference&compare=year&period=90&date=2021-12-31"
RESOLUTION = 8


def counted(first, last):
    """The events of each cell in a period."""
    return Counter(h3.latlng_to_cell(each[2], each[3], RESOLUTION) for each in days(first, last))


def word(now, before):
    """How the page calls a difference."""
    if now + before >= 10 and two_sided(now, before) < 0.05:
        return "up" if now > before else "down"
    return "more" if now > before else "fewer" if now < before else "same"


@pytest.fixture(scope="module")
def expected():
    now, before = (counted(*period) for period in YEAR)
    return {cell: (now[cell], before[cell]) for cell in now.keys() | before.keys()}


def test_the_route_counts_both_periods_as_the_file_does(service, expected):
    (first, last), (other_first, other_last) = YEAR
    query = {
        "from": first, "to": last, "other_from": other_first, "other_to": other_last, "resolution": RESOLUTION,
    }
    page = service.get("/v1/comparison", limit=500, **query)
    rows = page["items"]
    while page["next"]:
        page = service._read(page["next"])
        rows += page["items"]
    assert {row["h3_index"]: (row["events"], row["events_before"]) for row in rows} == expected
    assert [row["h3_index"] for row in rows] == sorted(expected)
    for row in rows:
        now, before = expected[row["h3_index"]]
        change = 100 * (now / before - 1) if before else None
        assert row["change_percent"] == (pytest.approx(change, abs=1e-9) if before else None)
    whole = service.get("/v1/comparison", f="geojson", **query)
    assert len(whole["features"]) == len(expected)
    assert (whole["other_from"], whole["other_to"]) == (other_first, other_last)


def test_the_difference_to_the_year_before_is_drawn_and_listed(new_page, expected):
    page = new_page().open(LINK)
    page.keep("task-difference")
    drawn = page.rendered()
    inside = {cell: figures for cell, figures in expected.items() if cell in drawn}
    assert len(inside) > 0.9 * len(expected)  # a few lonely cells may be behind the controls
    for cell, feature in drawn.items():
        now, before = expected[cell]
        assert (feature["events"], feature["before"], feature["word"]) == (now, before, word(now, before)), cell
    # The list begins with the clear differences, the largest first.
    clear = sorted(
        (abs(now - before) for now, before in expected.values() if word(now, before) in ("up", "down")), reverse=True)
    scores = page.page.locator(".hotspot-score")
    expect(scores).to_have_count(20)
    told = [abs(int(text.replace("−", "-").replace("+", ""))) for text in scores.all_inner_texts()]
    assert told == clear[:20]
    assert "on a year before" in summary(page)[0]
    names = page.page.locator("#levels .level-name").all_inner_texts()
    assert names == ["Clearly more", "More", "As many", "Fewer", "Clearly fewer"]


def test_another_comparison_is_another_map(new_page):
    page = new_page().open(LINK)
    one = {cell: each["before"] for cell, each in page.rendered().items()}
    page.choose(compare="before")
    before = counted("2021-07-05", "2021-10-02")
    other = {cell: each["before"] for cell, each in page.rendered().items()}
    assert other != one and all(count == before[cell] for cell, count in other.items())
    page.choose(layer="risk")
    assert all("risk_score" in each for each in page.rendered().values())
    page.choose(layer="difference")
    assert {cell: each["before"] for cell, each in page.rendered().items()} == other


def test_both_periods_stand_beside_each_other_and_move_together(new_page, expected):
    page = new_page().open(LINK)
    page.page.locator("#side-row").click()
    page.settle()
    page.keep("task-beside")
    names = page.page.locator(".beside-name").all_inner_texts()
    assert "2020" in names[0] and "2021" in names[1]
    shown = page.page.evaluate("() => window.hextant.beside()")
    assert len(shown) > 100 and all(each["before"] == expected[each["h3_index"]][1] for each in shown)
    assert page.link()["side"] == "1"
    boxes = [page.page.locator(each).bounding_box() for each in ("#map-beside", "#map")]
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"] + 1 and abs(boxes[0]["width"] - boxes[1]["width"]) < 2
    # A look into the one is a look into the other.
    before = page.view()
    page.page.mouse.move(boxes[0]["x"] + 150, boxes[0]["y"] + 300)
    page.page.mouse.wheel(0, -400)
    page.page.wait_for_function("(zoom) => hextant.map.getZoom() > zoom + 0.2", arg=before[0])
    page.page.locator("#side-row").click()
    expect(page.page.locator("#map-beside")).to_have_count(0)
    page.settle()
    assert "side" not in page.link() and page.rendered() != {}


def test_a_period_that_is_not_on_record_is_told(new_page):
    page = new_page().open("#dataset=toronto&layer=difference&compare=year&date=2014-03-01")
    expect(page.page.locator("#notice-text")).to_contain_text("not all on record")
    assert page.rendered() == {}


def test_the_difference_is_taken_away(new_page, expected, tmp_path):
    page = new_page(accept_downloads=True).open(LINK)
    found = {}
    for button in ["take-csv", "take-geojson", "take-picture"]:
        with page.page.expect_download() as download:
            page.page.locator(f"#{button}").click()
        found[button] = tmp_path / download.value.suggested_filename
        download.value.save_as(found[button])
    rows = list(csv.DictReader(io.StringIO(found["take-csv"].read_text())))
    assert {row["h3_index"]: (int(row["events"]), int(row["events_before"])) for row in rows} == expected
    collection = json.loads(found["take-geojson"].read_text())
    assert len(collection["features"]) == len(expected) and "compared with" in collection["about"]["shown"]
    assert found["take-picture"].read_bytes().startswith(b"\x89PNG")
