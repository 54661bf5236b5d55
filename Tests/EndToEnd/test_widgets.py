"""Widgets: small pages that pages of other origins show in a frame, if the operator names them."""

import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from map_page import SCREENSHOTS
from playwright.sync_api import expect
from serving import serving
from test_page_tasks import days
from waiting import wait_until

WIDGETS = ["trend", "map", "top"]
PERIOD = ("2021-12-04", "2021-12-31")


@contextmanager
def other_site(content):
    """A site of somebody else, which is another origin: a page with some HTML."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            body = f"<!doctype html><title>News</title><h1>News</h1>{content()}".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    site = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{site.server_port}"
    finally:
        site.shutdown()
        site.server_close()


@pytest.fixture(scope="module")
def embedding(toronto, tmp_path_factory):
    """A server whose widgets one other site may show, and that site, which shows what `frames` holds."""
    frames = []
    with other_site(lambda: "".join(frames)) as site:
        log = tmp_path_factory.mktemp("widgets") / "server.log"
        with serving(toronto.hextant, log, "--workers", "0", "--embed-origins", site) as server:
            yield server, site, frames


@pytest.fixture
def visit(browser, embedding):
    """Opens the other site with frames; returns the page and its frames, once they are filled."""
    _, site, frames = embedding
    contexts = []

    def visit(*codes, **options):
        frames[:] = codes
        context = browser.new_context(viewport={"width": 1100, "height": 1000}, **options)
        contexts.append(context)
        page = context.new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(site)
        inner = [frame for frame in page.frames if frame != page.main_frame]
        for frame in inner:
            frame.wait_for_function("() => window.hextant")
            frame.evaluate("() => window.hextant.ready")
        return page, inner, errors

    yield visit
    for context in contexts:
        context.close()


def code(server, **query):
    return server.json("/v1/embed", dataset="toronto", **query)


def test_a_page_of_another_origin_shows_every_widget(embedding, visit):
    server, site, _ = embedding
    told = [code(server, widget=widget) for widget in WIDGETS]
    assert all(each["parents"] == [site] and each["public"] for each in told)
    page, frames, errors = visit(*(each["html"] for each in told))
    assert errors == [] and len(frames) == len(WIDGETS)
    for frame, each in zip(frames, told):
        assert frame.url == each["url"]
        box = frame.frame_element().bounding_box()
        assert (box["width"], box["height"]) == (each["width"], each["height"])
        assert frame.locator("h1").inner_text() == each["title"]
        assert "Toronto Police Service" in frame.locator("#widget-source").inner_text()
        link = frame.locator("#widget-open")
        assert link.get_attribute("target") == "_blank"
        assert urlsplit(link.get_attribute("href")).netloc == urlsplit(server.url).netloc
    trend, shown, top = frames
    count = len(days(*PERIOD))
    assert f"{count:,} events" in trend.locator(".widget-lead").inner_text()
    assert trend.locator("svg.bars").count() == 1
    assert shown.evaluate("() => window.hextant.cells().length") > 100
    rows = server.json("/v1/outlook/hotspots", dataset="toronto", resolution=8, limit=5, **{"class": "hot"})["features"]
    first = top.locator(".hotspot").first
    assert str(rows[0]["properties"]["events"]) in first.locator(".hotspot-score").inner_text()
    assert top.locator(".hotspot").count() == 5
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / "widgets.png")


def test_size_colours_and_language_are_those_asked_for(embedding, visit):
    server, *_ = embedding
    told = code(server, widget="trend", theme="dark", lang="fr", width=300, height=260, compare="year", period=90)
    _, [frame], errors = visit(told["html"], color_scheme="light", locale="en-GB")
    assert errors == []
    box = frame.frame_element().bounding_box()
    assert (box["width"], box["height"]) == (300, 260)
    assert frame.evaluate("() => document.documentElement.scrollWidth") == 300
    ground = frame.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert sum(int(part) for part in ground.removeprefix("rgb(").removesuffix(")").split(",")) < 200
    assert "événements" in frame.locator(".widget-lead").inner_text()
    assert "sur un an" in frame.locator(".widget-lead").inner_text()


def test_no_other_page_shows_a_widget_and_none_shows_the_map_page(embedding, browser):
    server, site, _ = embedding
    policy = server.get("/widgets/trend").headers["Content-Security-Policy"]
    assert policy.endswith(f"frame-ancestors 'self' {site}")
    for path in ["/", "/docs", "/404"]:
        assert server.get(path).headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    frame = code(server, widget="trend")["html"]
    page_code = f'<iframe src="{server.url}/" width="400" height="300"></iframe>'
    with other_site(lambda: frame + page_code) as stranger:
        context = browser.new_context()
        page = context.new_page()
        errors = []
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(stranger)
        # Playwright hears the console only while it waits.
        def refused():
            page.wait_for_timeout(100)
            return sum("frame-ancestors" in error for error in errors)

        wait_until(lambda: refused() >= 2, "both frames to be refused")
        assert refused() == 2, errors
        context.close()


def test_without_the_setting_nobody_shows_them(toronto_server, hextant):
    told = toronto_server.json("/v1/embed", dataset="toronto", widget="map")
    assert told["parents"] == []
    policy = toronto_server.get("/widgets/map").headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'none'")
    for wrong in ["news.example", "https://news.example/", "https://NEWS.example"]:
        refused = hextant("serve", "--port", "0", "--embed-origins", wrong)
        assert refused.code == 78 and "embed_origins" in refused.err


def test_the_code_says_what_is_asked_for_and_no_more(toronto_server):
    told = toronto_server.json(
        "/v1/embed", dataset="toronto", widget="map", layer="difference", compare="year", date="2021-06-30",
        map="10.5/43.7/-79.4", res="7", theme="light", lang="en", width="500", height="400")
    url = urlsplit(told["url"])
    assert url.path == "/widgets/map"
    query = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert query == {
        "dataset": "toronto", "layer": "difference", "compare": "year", "date": "2021-06-30",
        "map": "10.5/43.7/-79.4", "res": "7", "theme": "light", "lang": "en",
    }
    assert f'src="{told["url"].replace("&", "&amp;")}"' in told["html"]
    assert 'width="500" height="400"' in told["html"]
    # Texts cannot leave the attribute that they are in.
    hostile = toronto_server.json("/v1/embed", dataset="toronto", widget="trend", kinds='"><script>alert(1)</script>')
    assert "<script" not in hostile["html"] and hostile["html"].count('"') == told["html"].count('"')


@pytest.mark.parametrize(
    "query, field",
    [
        ({}, "widget"), ({"widget": "clock"}, "widget"), ({"widget": "trend", "layer": "risk"}, "layer"),
        ({"widget": "map", "width": "100"}, "width"), ({"widget": "map", "height": "2001"}, "height"),
        ({"widget": "map", "map": "99/0/0"}, "map"), ({"widget": "map", "map": "9/91/0"}, "map"),
        ({"widget": "top", "count": "21"}, "count"), ({"widget": "trend", "theme": "pink"}, "theme"),
        ({"widget": "trend", "cell": "882b9bc469ffff"}, "cell"), ({"widget": "map", "date": "2021-02-30"}, "date"),
        ({"widget": "area", "area": "1"}, "areas"), ({"widget": "top", "res": "16"}, "res"),
        ({"widget": "map", "period": "30"}, "period"), ({"widget": "trend", "lang": "de"}, "lang"),
        ({"widget": "map", "measure": "happiness"}, "measure"), ({"widget": "trend", "measure": "rate"}, "measure"),
    ],
)
def test_what_no_widget_can_show_is_refused_by_name(toronto_server, query, field):
    answer = toronto_server.get("/v1/embed", dataset="toronto", **query)
    assert answer.status_code == 400 and [each["field"] for each in answer.json()["errors"]] == [field]


def test_a_dataset_that_is_not_there_is_told_in_the_frame(embedding, visit):
    server, *_ = embedding
    assert server.get("/v1/embed", dataset="nosuch", widget="trend").status_code == 404
    told = code(server, widget="trend")
    _, [frame], errors = visit(told["html"].replace("dataset=toronto", "dataset=nosuch"))
    expect(frame.locator(".fault")).to_contain_text("nosuch")
    assert all("404" in error for error in errors)


def test_an_area_that_is_not_there_is_told_in_the_frame(embedding, visit):
    server, *_ = embedding
    refused = server.get("/v1/embed", dataset="toronto", widget="area", areas="no-such-layer", area="7")
    assert refused.status_code == 200  # the code does not depend on what is there
    _, [frame], _ = visit(refused.json()["html"])
    expect(frame.locator(".fault")).to_be_visible()


@pytest.mark.parametrize("widget", WIDGETS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_widget(pages, toronto_server, widget, scheme):
    page = pages(toronto_server.url, color_scheme=scheme)
    page.page.goto(f"{toronto_server.url}/widgets/{widget}?dataset=toronto")
    page.page.evaluate("() => window.hextant.ready")
    found = Axe().run(page.page).response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []


def test_the_page_gives_the_code_of_what_it_shows(pages, toronto_server):
    page = pages(toronto_server.url, permissions=["clipboard-read", "clipboard-write"])
    page.open("#dataset=toronto&layer=events&period=90&date=2021-11-30")
    page.page.locator("#take-embed").click()
    page.page.locator("#embed-widget").select_option("map")
    expect(page.page.locator("#embed-code")).to_have_value(text_with("layer=events"))
    text = page.page.locator("#embed-code").input_value()
    assert "period=90" in text and "date=" not in text and 'width="640"' in text
    page.page.locator("#embed-fixed").check()
    expect(page.page.locator("#embed-code")).to_have_value(text_with("date=2021-11-30"))
    expect(page.page.locator("#embed-warning")).to_contain_text("embed_origins")
    page.page.locator("#embed-copy").click()
    expect(page.page.locator("#embed-status")).to_have_text("Copied.")
    assert page.page.evaluate("() => navigator.clipboard.readText()").startswith("<iframe ")
    page.page.locator("#embed-close").click()
    expect(page.page.locator("#embed")).not_to_be_visible()


def text_with(words):
    """A pattern of any text with these words."""
    return re.compile(f".*{re.escape(words)}.*", re.S)


def test_a_private_dataset_is_told_to_be_seen_by_nobody(hextant, folder, server, key):
    slug = hextant.put_dataset(folder, "hidden-widget", visibility="private")
    told = server.asking_as(key).json("/v1/embed", dataset=slug, widget="trend")
    assert told["public"] is False
    assert requests.get(f"{server.url}/v1/embed?dataset={slug}&widget=trend", timeout=30).status_code == 404
