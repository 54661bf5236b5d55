"""The map page beside a server that changes: newer data, a dataset's own thresholds, no Redis, no server at all."""

import csv
import datetime

import pytest
import requests
from live import QUIET, events, fill, ingest
from playwright.sync_api import expect
from redis_database import free_redis_database
from serving import serving
from waiting import wait_until

HEADER = "event_type,event_timestamp,longitude,latitude,attributes_json\n"
FIRST = datetime.date(2021, 5, 1)


def write(path, days, start=0):
    """Writes events of these days after the first of May: more and more of them, over a row of places."""
    with open(path, "w", newline="") as file:
        file.write(HEADER)
        writer = csv.writer(file, lineterminator="\n")
        for number in range(start, start + days):
            day = FIRST + datetime.timedelta(days=number)
            for place in range(12):
                for event in range(1 + (number + place) % 4):
                    writer.writerow(
                        ["theft", f"{day}T10:{event:02}:00Z", f"{-79.4 + 0.02 * place:.3f}", "43.7", "{}"])
    return path


@pytest.fixture
def grow(hextant, folder):
    """Makes a dataset of ten days, with other members of its description if wanted; returns what adds days to it."""

    def make(slug, **members):
        hextant.put_dataset(folder, slug, **members)

        def add(days, start=0):
            hextant.json("ingest", write(folder / f"{slug}.csv", days, start), "--dataset", slug)
            hextant.json("score", "--dataset", slug)
            hextant.json("refresh")

        add(10)
        return add

    return make


def test_newer_data_come_to_the_open_page(pages, grow, server):
    add = grow("growing")
    page = pages(server.url).open("#dataset=growing&layer=risk")
    date = page.page.locator("#date")
    assert date.input_value() == "2021-05-10"
    told = page.page.locator("#summary p").first
    expect(told).to_contain_text("events")
    before = told.inner_text()
    # Nothing has changed: nothing is asked again but the description.
    page.requests.clear()
    page.look()
    page.page.wait_for_timeout(500)
    assert [url for url in page.requests if "/v1/tiles.json" not in url] == []
    add(2, start=10)
    page.look()
    # Who looks at the last day goes on to the new one.
    expect(date).to_have_value("2021-05-12")
    expect(date).to_have_attribute("max", "2021-05-12")
    expect(page.page.locator("#notice")).to_contain_text("Newer data")
    expect(told).not_to_have_text(before)
    page.settle()
    rows = server.json("/v1/risk/2021-05-12", dataset="growing", resolution=int(next(iter(page.rendered()))[1], 16))
    counts = {row["h3_index"]: row["event_count"] for row in rows["items"]}
    assert {cell: each["event_count"] for cell, each in page.rendered().items()}.items() <= counts.items()
    # Who looks at another day stays there.
    page.page.locator("#previous").click()
    add(1, start=12)
    page.look()
    expect(date).to_have_attribute("max", "2021-05-13")
    expect(date).to_have_value("2021-05-11")


def test_legend_and_hints_tell_the_datasets_own_thresholds(pages, grow, server):
    grow("strict", levels={"medium": 10, "high": 20, "critical": 30}, flag_z=6)
    page = pages(server.url).open("#dataset=strict&layer=risk")
    ranges = page.page.locator(".level-range").all_inner_texts()
    assert ranges == ["0–10", "10–20", "20–30", "30–100"]
    expect(page.page.locator("#anomalies-hint")).to_contain_text("6 standard deviations or more")
    page.page.locator("#open-help").click()
    expect(page.page.locator("#help-terms")).to_contain_text("medium above 10, high above 20, critical above 30")
    page.page.locator("#help-close").click()
    page.page.locator(".hotspot").first.click()
    page.page.locator(".why summary").click()
    expect(page.page.locator(".why")).to_contain_text("Above 10 is medium, above 20 high, above 30 critical")
    # The colours on the map are those of the legend.
    for cell in page.rendered().values():
        expected = ["low", "medium", "high", "critical"][sum(cell["risk_score"] > each for each in (10, 20, 30))]
        assert cell["risk_level"] == expected


def test_a_dataset_without_an_outlook_shows_the_risk_of_a_day(pages, grow, server):
    grow("today")
    page = pages(server.url).open("#dataset=today&layer=class")
    assert page.page.locator("#layer option").evaluate_all("(all) => all.map((each) => each.value)") == [
        "difference", "risk"]
    expect(page.page.locator("#notice")).to_contain_text("layer=class")
    assert {query.get("layers") for query in page.tile_queries()} == {None}
    expect(page.page.locator("#summary")).to_contain_text("Highest score of the period")
    assert page.link()["layer"] == "risk"


def test_the_page_works_without_redis(pages, grow, hextant, folder):
    grow("alone")
    with serving(hextant, folder / "without.log") as server:
        page = pages(server.url).open("#dataset=alone&layer=risk")
        assert len(page.rendered()) > 0
        page.page.locator(".hotspot").first.click()
        expect(page.page.locator("#drawer .figures")).to_be_visible()
        page.page.close()  # before the server ends


def test_the_page_says_when_the_server_is_away_and_when_it_is_back(pages, grow, server):
    grow("away")
    page = pages(server.url, expect_errors=True).open("#dataset=away&layer=risk")
    notice = page.page.locator("#notice")
    page.page.route("**/v1/tiles.json*", lambda route: route.abort())
    page.look()
    expect(notice).to_be_hidden()  # one lost answer is nothing to be told
    page.look()
    expect(notice).to_contain_text("The server is away")
    assert len(page.rendered()) > 0  # what was there stays
    page.page.unroute("**/v1/tiles.json*")
    page.page.locator("#notice-action").click()
    expect(notice).to_be_hidden()


@pytest.mark.parametrize("link", ["", "#dataset=unscored"])
def test_a_click_that_comes_before_its_button_works_is_answered(pages, grow, hextant, folder, server, link):
    grow("scored")
    hextant.put_dataset(folder, "unscored")
    page = pages(server.url)
    held = []
    modules = {"controls.js", "around.js"}
    page.page.route(lambda url: url.rsplit("/", 1)[1] in modules, lambda route: held.append(route))
    page.page.goto(f"{page.url}/{link}")
    wait_until(lambda: page.page.evaluate("() => true") and held, "the rest of the page to be asked for")
    page.page.locator("#choose-dataset").click()
    expect(page.page.locator("#datasets")).to_be_hidden()
    for route in held:
        route.continue_()
    expect(page.page.locator("[data-slug=scored]")).to_be_visible()


def test_a_dataset_without_scores_says_so_and_offers_others(pages, grow, hextant, folder, server):
    grow("scored")
    hextant.put_dataset(folder, "unscored")
    page = pages(server.url)
    page.page.goto(f"{page.url}/#dataset=unscored")
    expect(page.page.locator("#notice")).to_contain_text("no scored days yet")
    page.page.get_by_role("button", name="Choose a dataset").last.click()
    entry = page.page.locator("[data-slug=unscored]")
    expect(entry).to_contain_text("not scored yet")
    page.page.locator("[data-slug=scored]").click()
    page.wait_for("ready")
    assert page.link()["dataset"] == "scored"


def test_a_wrong_address_in_a_browser_leads_back_to_the_map(pages, grow, server):
    grow("lost")
    page = pages(server.url, expect_errors=True)  # a browser logs a page that is not found
    for path in ["/no/such/page", "/DOCS"]:
        assert page.page.goto(f"{page.url}{path}").status == 404
        expect(page.page.get_by_role("heading")).to_have_text("There is nothing at this URL")
    page.page.get_by_role("link", name="The map").click()
    page.wait_for("ready")
    # A program gets problem details.
    answer = requests.get(f"{page.url}/no/such/page", timeout=60)
    assert answer.status_code == 404 and answer.headers["Content-Type"] == "application/problem+json"
    assert requests.get(f"{page.url}/favicon.ico", timeout=60).headers["Content-Type"] == "image/x-icon"


def test_below_a_base_path_the_page_asks_for_nothing_outside_it(pages, grow, hextant, folder):
    """A base path in front of the page: every URL that it asks for is below it."""
    grow("below")
    with free_redis_database() as redis:
        flags = ["--redis-url", redis.url, "--base-path", "/maps"]
        with serving(hextant, folder / "below.log", *flags) as server:
            page = pages(f"{server.url}/maps").open("#dataset=below&layer=risk")
            page.page.locator(".hotspot").first.click()
            expect(page.page.locator("#drawer .figures")).to_be_visible()
            asked = [url for url in page.requests if url.startswith("http")]
            assert [url for url in asked if not url.startswith(f"{server.url}/maps/")] == []
            page.page.close()  # before the server ends


def test_an_event_comes_into_the_page_by_itself(pages, hextant, folder):
    """Nobody scores, refreshes or looks: a batch that is stored is heard of and shown."""
    slug = fill(hextant, folder, "felt")
    with free_redis_database() as redis, serving(
        hextant, folder / "felt.log", "--redis-url", redis.url, HEXTANT_LIVE=QUIET
    ) as server:
        page = pages(server.url).open(f"#dataset={slug}&layer=risk")
        date = page.page.locator("#date")
        assert date.input_value() == "2021-05-20"
        ingest(hextant, folder, slug, events(4, "2021-05-23"))
        # Long before the page would ask by itself, which is every thirty seconds.
        expect(date).to_have_value("2021-05-23", timeout=20_000)
        expect(page.page.locator("#notice-text")).to_have_text("Newer data have come and are shown.")
        page.settle()

        def drawn():
            return sum(cell["event_count"] for cell in page.rendered().values())

        assert drawn() == 4
        # An event of the day that is shown changes tiles that the browser keeps.
        ingest(hextant, folder, slug, events(1, "2021-05-23", longitude=-79.41))
        wait_until(lambda: drawn() == 5, "the event")
        page.page.close()  # before the server ends
