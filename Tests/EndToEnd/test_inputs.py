"""Bad input of operators and senders: unusable numbers, time zones of one machine, and texts that a browser or a
spreadsheet would run."""

import csv
import io
import json
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
import requests
from accounts import add_key, bearer
from canonical import HEADER
from command import assert_one_plain_line
from map_page import MapPage
from serving import serving

HOSTILE = [
    "<script>window.pwned = 1</script>",
    '"><img src=x onerror="window.pwned = 1">',
    "<svg/onload=window.pwned=1>",
    "'-window.pwned=1-'</title><iframe srcdoc='<script>parent.pwned=1</script>'>",
    "<a href=javascript:window.pwned=1>here</a>&lt;b&gt;{{7*7}}${window.pwned=1}",
]
BAD = [
    ("weights", {"count": 1e308, "growth": 1, "average": 1}),
    ("weights", {"count": 1, "growth": 1e308, "average": 1}),
    ("weights", {"count": -0.5, "growth": 1, "average": 1}),
    ("weights", {"count": 0, "growth": 0, "average": 0}),
    ("weights", {"count": 1e-300, "growth": 0, "average": 0}),
    ("levels", {"medium": 25, "high": 50, "critical": 1e308}),
    ("flag_z", 1e308),
    ("flag_z", -1),
    *[("time_zone", zone) for zone in [
        "localtime", "posixrules", "Factory", "posix/America/Toronto", "right/America/Toronto", "EDT", "GMT+3",
        "America/../localtime", ":America/Toronto", "<+03>-3"]],
    *[("licence_url", address) for address in [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", " https://example.org",
        "data:text/html,x",
        "//example.org", "https://example.org/\r\nX: y", "https://example.org/\"onclick=\"x", "ftp://example.org/x",
        "https://user@example.org/", "https://example.org/" + "a" * 2000]],
    ("title", "\x1b[2J"),
    ("attribution", "a\u009bb"),
    ("licence", "a\r\nb"),
    ("title", "a" * 2001),
]  # fmt: skip


def description(**members):
    return {
        "title": "T",
        "licence": "CC0-1.0",
        "attribution": "A",
        "visibility": "public",
        "resolutions": [7],
    } | members


@pytest.mark.parametrize(("field", "value"), BAD)
def test_what_cannot_be_used_is_refused_on_every_way_in(hextant, server, key, folder, field, value):
    slug = hextant.put_dataset(folder, "described")
    file = folder / "bad.yaml"
    file.write_text(json.dumps(description(slug="bad", **{field: value})))  # JSON is YAML
    outcome = hextant("datasets", "put", file)
    assert outcome.code != 0 and field in outcome.err
    assert_one_plain_line(outcome.err)
    for method, path, body in [
        ("PUT", "/v1/datasets/bad", description(**{field: value})),
        ("PATCH", f"/v1/datasets/{slug}", {field: value}),
    ]:
        answer = requests.request(method, server.url + path, json=body, headers=bearer(key), timeout=60)
        assert answer.status_code == 400, answer.text
        assert [each["field"] for each in answer.json()["errors"]] == [field]
    assert requests.get(f"{server.url}/v1/datasets/bad", headers=bearer(key), timeout=60).status_code == 404


@pytest.mark.parametrize("number", [".nan", ".inf", "-.inf", "1e999"])
def test_what_is_no_number_is_refused_in_a_file(hextant, folder, number):
    for member in [f"weights: {{count: {number}, growth: 1, average: 1}}", f"flag_z: {number}",
                   f"levels: {{medium: {number}, high: 50, critical: 75}}"]:
        file = folder / "number.yaml"
        file.write_text(f"slug: bad\ntitle: T\nlicence: L\nattribution: A\nresolutions: [7]\n{member}\n")
        outcome = hextant("datasets", "put", file)
        assert outcome.code != 0 and member.split(":")[0] in outcome.err
        assert_one_plain_line(outcome.err)


@pytest.mark.parametrize("zone", ["localtime", "posixrules", "Factory", "right/America/Toronto", "posix/UTC"])
def test_zones_of_one_host_are_refused_in_mappings_and_schedules(hextant, server, folder, tmp_path, zone):
    slug = hextant.put_dataset(folder, "zoned")
    mapping = tmp_path / "zoned.yaml"
    mapping.write_text(
        f"event_type: {{constant: a}}\ntime: {{column: t, zone: {zone}}}\ncoordinates: {{longitude: x, latitude: y}}\n")
    events = tmp_path / "events.csv"
    events.write_text("t,x,y\n2021-01-01,1,1\n")
    outcome = hextant("ingest", events, "--dataset", slug, "--mapping", mapping)
    assert outcome.code != 0 and "time.zone" in outcome.err
    assert_one_plain_line(outcome.err)
    schedules = tmp_path / "schedules.yaml"
    schedules.write_text(f"- {{name: x, cron: '* * * * *', time_zone: {zone}, job: refresh}}\n")
    outcome = hextant("serve", "--port", "0", "--schedules", schedules)
    assert outcome.code == 78 and zone in outcome.err
    assert_one_plain_line(outcome.err)


@pytest.mark.parametrize("setting", ["basemap", "public-url"])
@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "//example.org/style.json", "https://a b", "data:x", "https://"]
)
def test_addresses_for_browsers_are_of_the_web(hextant, setting, address):
    outcome = hextant("serve", "--port", "0", f"--{setting}", address)
    assert outcome.code == 78 and setting.replace("-", "_") in outcome.err
    assert_one_plain_line(outcome.err)


def test_scores_are_finite_at_the_ends_of_the_weights(database, hextant, folder, tmp_path):
    for number, weights in enumerate([(1000, 1000, 1000), (0, 0, 0.001), (0, 1000, 0)]):
        slug = hextant.put_dataset(
            folder, f"ends-{number}", weights=dict(zip(["count", "growth", "average"], weights)))
        file = tmp_path / "events.csv"
        file.write_text(HEADER + "".join(
            f"theft,2021-05-{1 + day:02}T10:00:00Z,{-79.4 + 0.05 * place},43.7,\n"
            for day in range(20) for place in range(4) for _ in range(1 + day * place)))
        hextant.json("ingest", file, "--dataset", slug)
        hextant.json("score", "--dataset", slug)
        hextant.json("refresh")
        [(rows, finite, critical)] = database.rows(
            """SELECT count(*), count(*) FILTER (WHERE risk_score BETWEEN 0 AND 100 AND risk < 'Infinity'
                AND abs(z_score) < 1e6 AND growth_rate < 'Infinity'), count(*) FILTER (WHERE risk_level = 'critical')
            FROM mv_daily_risk WHERE dataset = %s""", [slug])
        assert 0 < rows == finite and critical < rows


@pytest.fixture(scope="module")
def hostile(database, hextant, folder, server):
    """A public dataset whose texts are all attacks, with events of such types, scored and served."""
    texts = dict(title=" ".join(HOSTILE), licence=HOSTILE[1], attribution=" ".join(HOSTILE))
    slug = hextant.put_dataset(
        folder, "hostile", licence_url="https://example.org/%22%3E%3Cscript%3Ealert(1)%3C/script%3E", **texts)
    file = folder / "hostile.csv"
    rows = io.StringIO()
    writer = csv.writer(rows, lineterminator="\n")
    for number in range(40):
        text = HOSTILE[number % len(HOSTILE)]
        attributes = json.dumps({text: text, "link": "javascript:window.pwned=1"})
        writer.writerow(
            [text, f"2021-05-{1 + number % 10:02}T10:00:00Z", -79.4 + 0.002 * (number % 4), 43.7, attributes]
        )
    file.write_text(HEADER + rows.getvalue())
    hextant.json("ingest", file, "--dataset", slug)
    hextant.json("score", "--dataset", slug)
    hextant.json("refresh")
    return SimpleNamespace(slug=slug, key=add_key(hextant, "analyst"), **texts)


@pytest.fixture
def page_of(browser, server, hostile):
    """Opens pages without their policy, so that only the escaping keeps a script from running."""
    contexts = []

    def make(**options):
        context = browser.new_context(bypass_csp=True, reduced_motion="reduce", **options)
        contexts.append(context)
        page = MapPage(context, server.url)
        page.page.on("dialog", lambda dialog: page.errors.append(dialog.message))
        return page

    yield make
    for context in contexts:
        context.close()


def assert_nothing_ran(page):
    page.page.wait_for_timeout(300)  # a missing image takes a moment to fail
    assert page.page.evaluate("() => window.pwned") is None
    assert (
        page.page.evaluate("() => document.querySelectorAll('img, iframe, svg[onload], [onerror], [onload]').length")
        == 0
    )
    links = page.page.evaluate(
        "() => [...document.querySelectorAll('[href], [src]')].map((each) => each.href || each.src)"
    )
    assert not [link for link in map(str, links) if link.lower().startswith("javascript:")]
    # No URL in a text was requested.
    assert not [url for url in page.requests if url.endswith("/x") or "example.org" in url]


def test_the_map_page_and_its_popup_show_hostile_texts_as_text(page_of, server, hostile):
    page = page_of()
    page.open(f"#dataset={hostile.slug}")
    assert page.page.locator("#title").inner_text() == hostile.title
    assert page.page.title() == f"{hostile.title} · Hextant"
    line = page.page.locator("#attribution")
    assert hostile.attribution in line.inner_text() and hostile.licence in line.inner_text()
    assert line.locator("a").get_attribute("href").startswith("https://example.org/")
    cell = next(iter(page.rendered()))
    page.page.locator(".hotspot").first.click()
    page.page.locator(".figures").wait_for()
    assert cell
    assert_nothing_ran(page)


def test_a_map_of_others_shows_the_attribution_as_text(page_of, server, hostile):
    """MapLibre treats the attribution in a TileJSON as HTML."""
    told = server.json("/v1/tiles.json", dataset=hostile.slug)
    assert "<" not in told["attribution"] and told["hextant"]["attribution"] == hostile.attribution
    page = page_of()
    page.open(f"#dataset={hostile.slug}")
    shown = page.page.evaluate(
        """async (url) => {
            const container = document.createElement("div");
            container.style.cssText = "position:fixed;inset:0;width:600px;height:400px";
            document.body.append(container);
            const map = new maplibregl.Map({
                container, attributionControl: { compact: false }, center: [-79.4, 43.7], zoom: 10,
                style: { version: 8, sources: { risk: { type: "vector", url } },
                    layers: [{ id: "risk", type: "fill", source: "risk", "source-layer": "risk" }] } });
            await map.once("idle");
            return container.querySelector(".maplibregl-ctrl-attrib-inner").textContent;
        }""",
        f"{server.url}/v1/tiles.json?dataset={hostile.slug}",
    )
    assert hostile.attribution in shown
    assert_nothing_ran(page)


def test_the_pages_of_the_ogc_api_show_hostile_texts_as_text(page_of, hostile):
    page = page_of(extra_http_headers=bearer(hostile.key))
    for path in ["", "/collections", f"/collections/{hostile.slug}.risk", f"/collections/{hostile.slug}.events",
                 f"/collections/{hostile.slug}.risk/queryables", f"/collections/{hostile.slug}.risk/tiles",
                 f"/collections/{hostile.slug}.events/items", f"/collections/{hostile.slug}.hotspots/items"]:
        answer = page.page.goto(f"{page.url}/ogc{path}?f=html&limit=1000" if path.endswith("items") else
                                f"{page.url}/ogc{path}?f=html")
        assert answer.status == 200, path
        assert_nothing_ran(page)
    page.page.goto(f"{page.url}/ogc/collections/{hostile.slug}.events/items?f=html&limit=1000")
    text = page.page.locator("body").inner_text()
    assert all(kind in text for kind in HOSTILE) and "javascript:window.pwned=1" in text
    page.page.goto(f"{page.url}/ogc/collections/{hostile.slug}.risk?f=html")
    assert hostile.attribution in page.page.locator("body").inner_text()


def test_the_page_of_the_api_shows_hostile_answers_as_text(page_of, server, hostile):
    page = page_of()
    page.page.goto(f"{server.url}/docs#events")
    page.page.get_by_label("Token or API key").fill(hostile.key)
    block = page.page.locator("#events .attempt")
    block.locator("input").first.fill(hostile.slug)
    block.get_by_role("button").first.click()
    output = block.locator(".output")
    output.locator("pre").last.wait_for()
    assert HOSTILE[0] in output.inner_text()
    assert_nothing_ran(page)


def test_a_link_that_was_stored_by_other_means_is_not_told(database, hextant, folder, server, key):
    slug = hextant.put_dataset(folder, "linked", licence_url="https://example.org/x")
    analyst = server.asking_as(key)
    assert analyst.json(f"/v1/datasets/{slug}")["licence_url"] == "https://example.org/x"
    database.rows("UPDATE datasets SET licence_url = 'javascript:alert(1)' WHERE slug = %s", [slug])
    for path in [f"/v1/datasets/{slug}", f"/v1/tiles.json?dataset={slug}", "/v1/datasets?limit=1000",
                 f"/ogc/collections/{slug}.risk"]:
        # The server notices the change.
        for _ in range(100):
            if "example.org/x" not in analyst.get(path).text:
                break
        assert "javascript:alert" not in analyst.get(path).text
    assert urlsplit(analyst.json(f"/v1/tiles.json?dataset={slug}")["tiles"][0]).scheme == "http"


def test_texts_for_spreadsheets_are_shown_and_come_back(server, key, ingest, dataset):
    kinds = [
        "\n=1+1",
        "\u00a0=1",
        "\ufeff+1",
        "\u200b@x",
        "\uff1d1+1",
        "\uff0b1",
        "\uff0d1",
        "\uff20x",
        "'=1",
        "'quoted'",
        "a=b",
    ]
    rows = io.StringIO()
    writer = csv.writer(rows, lineterminator="\n")
    for number, kind in enumerate(kinds):
        attributes = json.dumps({"n": number})
        writer.writerow([f"x{kind}"[1:], f"2021-01-01T00:00:{number:02}Z", -79.5, 43.5, attributes])
    ingest(HEADER + rows.getvalue())
    analyst = server.asking_as(key)
    stored = [item["event_type"] for item in analyst.json("/v1/events", dataset=dataset)["items"]]
    text = analyst.get("/v1/events", dataset=dataset, f="csv").content.decode()
    told = [row["event_type"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert all(kind.startswith("'") or kind == "a=b" for kind in told)
    assert [kind.removeprefix("'") for kind in told] == stored
