"""The page that shows the description of the API, in real Chromium against the real server."""

from urllib.parse import urlsplit

import pytest
from accounts import add_key
from map_page import MapPage
from openapi import DESCRIPTION
from playwright.sync_api import expect

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def open_page(browser, server):
    """Opens the page. By the end it may have logged only expected errors, and requested nothing from another origin."""
    opened = []

    def open_page(fragment="", errors=(), viewport=WIDE, **options):
        context = browser.new_context(viewport=viewport, **options)
        page = MapPage(context, server.url)
        opened.append((page, context, errors))
        page.page.goto(f"{server.url}/docs{fragment}")
        expect(page.page.locator("body")).not_to_have_attribute("aria-busy", "true")
        return page

    yield open_page
    for page, context, errors in opened:
        context.close()
        assert {urlsplit(url).netloc for url in page.requests} == {urlsplit(server.url).netloc}
        assert len(page.errors) == len(errors), page.errors
        for error, wanted in zip(page.errors, errors):
            assert wanted in error


def attempt(page, operation):
    """Sends the form of an operation; returns the status that is shown and the form's output."""
    form = page.page.locator(f"#{operation} .attempt")
    form.get_by_role("button", name="Send").click()
    expect(form.locator(".output .status")).to_be_visible()
    return form.locator(".output .status").inner_text(), form.locator(".output")


def test_every_operation_is_shown_with_its_parameters_and_answers(open_page):
    page = open_page()
    page.keep("docs-light")
    shown = page.page.evaluate(
        """() => [...document.querySelectorAll(".operation")].map((operation) => {
            operation.open = true;
            const texts = (selector) => [...operation.querySelectorAll(selector)].map((each) => each.textContent);
            return {
                group: operation.closest(".group").querySelector("h2").textContent,
                line: ["method", "path", "summary", "access"].map((name) => texts(`summary .${name}`)[0]),
                sections: texts("section > h3"),
                parameters: texts("section:first-of-type > .fields > dt > code"),
                statuses: texts(".answer > summary > .status"),
                types: texts(".answer .media code"),
            };
        })"""
    )
    by_line = {tuple(each["line"][:2]): each for each in shown}
    assert len(by_line) == len(shown) == len(DESCRIPTION.operations)
    for operation in DESCRIPTION.operations:
        found = by_line[(operation.method, operation.path)]
        assert found["line"][2:] == [operation.stated["summary"], operation.access]
        assert found["group"] == operation.stated["tags"][0]
        if operation.parameters:
            assert found["parameters"] == [each["name"] for each in operation.parameters.values()]
        assert ("Body" in found["sections"]) == ("requestBody" in operation.stated)
        assert found["statuses"] == list(operation.stated["responses"])
        answers = [DESCRIPTION.resolved(each) for each in operation.stated["responses"].values()]
        assert sorted(found["types"]) == sorted(type for each in answers for type in each.get("content", {}))


def test_a_request_is_tried_and_its_answer_shown(open_page, server, hextant, folder):
    slug = hextant.put_dataset(folder, "tried", title="<b>Tried & true</b>")
    page = open_page("#dataset")
    expect(page.page.locator("#dataset")).to_have_attribute("open", "")
    page.page.locator("#dataset .attempt input").first.fill(slug)
    status, output = attempt(page, "dataset")
    assert status == "200 OK"
    assert page.page.evaluate("(text) => JSON.parse(text)", output.locator("pre").last.inner_text()) == server.json(
        f"/v1/datasets/{slug}")
    assert f"{server.url}/v1/datasets/{slug}" in output.locator(".sent").inner_text()


def test_a_request_is_tried_with_a_key(open_page, server, hextant):
    page = open_page("#runs", errors=["401"])
    page.page.goto(f"{server.url}/docs#batches")
    status, output = attempt(page, "batches")
    assert status.startswith("401") and "application/problem+json" in output.inner_text()
    page.page.get_by_label("Token or API key").fill(add_key(hextant))
    status, output = attempt(page, "batches")
    expect(page.page.locator("#batches .attempt .output .status")).to_have_text("200 OK")


def test_what_is_searched_for_is_found(open_page):
    page = open_page()
    wanted = [each for each in DESCRIPTION.operations if each.method == "DELETE"]
    page.page.get_by_label("Find").fill("delete ")
    expect(page.page.locator("#found")).to_have_text(f"{len(wanted)} of {len(DESCRIPTION.operations)} operations")
    paths = page.page.locator(".operation:visible .path").all_inner_texts()
    assert sorted(paths) == sorted(each.path for each in wanted)
    page.page.get_by_label("Find").fill("no such thing")
    assert page.page.locator(".group:visible").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone(open_page, scheme):
    page = open_page("#hotspots", viewport=PHONE, color_scheme=scheme)
    page.keep(f"docs-phone-{scheme}")
    ground = page.page.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = sum(int(part) for part in ground.removeprefix("rgb(").removesuffix(")").split(",")) / 3
    assert (brightness > 200) == (scheme == "light") and (brightness < 50) == (scheme == "dark")
    page.page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
    assert page.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_without_its_description_the_page_says_so(browser, server):
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    page.route("**/openapi.json", lambda route: route.fulfill(status=503, json={"detail": "Busy; try again."}))
    page.goto(f"{server.url}/docs")
    expect(page.get_by_role("alert")).to_contain_text("Busy; try again.")
    context.close()
