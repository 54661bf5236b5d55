"""Whether everybody can read and use the map page: names, roles, contrast, colours, languages, screens."""

import importlib.resources
import json
import re
from itertools import combinations

import pytest
from colour_vision import VISIONS, difference
from command import REPOSITORY
from map_page import LEVELS
from playwright.sync_api import expect

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
ON_ITS_SIDE = {"viewport": {"width": 740, "height": 360}, "has_touch": True, "is_mobile": True}
AXE = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()
TEXTS = REPOSITORY / "static/js/lib/texts"


@pytest.fixture
def link(demo_server):
    return f"#dataset={demo_server.dataset}&layer=risk&date={demo_server.day}&res={demo_server.resolution}"


def violations(page):
    """Findings of axe against WCAG and good practice, as (rule, what it was found at)."""
    page.page.evaluate(AXE)
    found = page.page.evaluate("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations")
    return [(each["id"], [node["target"] for node in each["nodes"]]) for each in found]


def open_cell(page):
    page.page.locator(".hotspot").first.click()
    page.page.locator("#drawer .figures").wait_for()


def open_sheet(page):
    page.page.locator("#handle").tap()
    expect(page.page.locator("#handle")).to_have_attribute("aria-expanded", "true")


def press(selector):
    return lambda page: page.page.locator(selector).click()


@pytest.mark.parametrize(
    ("options", "act"),
    [
        ({"color_scheme": "light"}, open_cell),
        ({"color_scheme": "dark"}, open_cell),
        ({"forced_colors": "active"}, open_cell),
        ({"color_scheme": "light"}, press("#open-help")),
        ({"color_scheme": "dark"}, press("#choose-dataset")),
        ({"color_scheme": "light"}, press("#histogram-table")),
        (PHONE, open_sheet),
        (ON_ITS_SIDE, open_cell),
    ],
    ids=["cell", "cell-dark", "forced-colours", "help", "datasets-dark", "table", "phone-sheet", "phone-on-its-side"],
)
def test_axe_finds_nothing(new_page, link, options, act, request):
    page = new_page(**options).open(link)
    page.page.locator(".hotspot").first.wait_for(state="attached")
    assert violations(page) == []
    act(page)
    page.page.wait_for_timeout(300)
    page.keep(f"reading-{request.node.callspec.id}")
    assert violations(page) == []


def test_in_the_systems_own_colours_the_map_keeps_its_colours(new_page, link):
    page = new_page(forced_colors="active").open(link)
    with_cells = page.picture()
    page.levels([])
    empty = page.picture()
    stage = page.page.locator(".stage").bounding_box()
    corner = (int(stage["x"] + 60), int(stage["y"] + 60))
    assert sum(empty.getpixel(corner)) > 600  # light, as the page is
    assert with_cells.getcolors(1_000_000) != empty.getcolors(1_000_000)
    swatches = page.page.locator(".swatch")
    fill = "(all) => [...new Set(all.map((each) => getComputedStyle(each).backgroundColor))]"
    assert len(swatches.evaluate_all(fill)) == 1  # all are switched off, and look so
    page.levels(LEVELS)
    assert len(swatches.evaluate_all(fill)) == len(LEVELS)


def colours(names, scheme):
    """The colours of tokens.css in one scheme as red, green and blue."""
    text = (REPOSITORY / "static/css/tokens.css").read_text()
    found = {}
    for name in names:
        light, dark = re.search(rf"--{name}: light-dark\(#(\w{{6}}), #(\w{{6}})\)", text).groups()
        found[name] = [int((light if scheme == "light" else dark)[at : at + 2], 16) for at in (0, 2, 4)]
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("vision", VISIONS)
def test_classes_trends_and_steps_are_told_apart_by_every_eye(scheme, vision):
    groups = [
        ([f"class-{each}" for each in ["new", "growing", "steady", "fading", "cold"]], 20),
        ([f"trend-{each}" for each in ["rising", "falling", "steady"]], 20),
        ([f"difference-{each}" for each in ["up", "more", "same", "fewer", "down"]], 20),
        # A scale from few to many, in which neighbours are alike: it is read as an order.
        ([f"step-{each}" for each in range(1, 6)], 14),
    ]
    for names, least in groups:
        found = colours(names, scheme)
        for first, second in combinations(names, 2):
            assert difference(found[first], found[second], vision) > least, (first, second)


def tables():
    """The texts of each language: key and text, or key and forms."""
    found = {}
    for language in ["en", "fr"]:
        source = (TEXTS / f"{language}.js").read_text()
        body = source[source.index("= {") + 2 : source.rindex("}") + 1]
        body = re.sub(r'"\s*\+\s*"', "", body)
        body = re.sub(r"([{,]\s*)(one|other):\s", r'\1"\2": ', body)
        found[language] = json.loads(re.sub(r",(\s*\})", r"\1", body))
    return found


def places(entry):
    """The places that a text fills in, in any of its forms."""
    forms = entry.values() if isinstance(entry, dict) else [entry]
    return set(re.findall(r"\{(\w+)\}", " ".join(forms)))


def test_both_languages_say_everything():
    english, french = tables()["en"], tables()["fr"]
    assert english.keys() == french.keys() and len(english) > 200
    for key, entry in english.items():
        assert places(entry) == places(french[key]), key
        assert isinstance(entry, dict) == isinstance(french[key], dict), key


def test_every_text_is_used_and_every_used_text_is_there():
    known = tables()["en"].keys()
    source = "".join((REPOSITORY / f"static/{page}.html").read_text() for page in ["index", "spending"])
    for file in (REPOSITORY / "static/js").rglob("*.js"):
        if "texts" not in file.parts:
            source += file.read_text()
    named = set(re.findall(r'\btext\(\s*"([^"]+)"', source)) | set(re.findall(r'data-t(?:-\w+)?="([^"]+)"', source))
    assert named - known == set()
    made = [re.sub(r"\\\$\\\{.*?\\\}", "[^ ]+", re.escape(each)) for each in re.findall(r"\btext\(`([^`]+)`", source)]
    unused = {
        key for key in known if f'"{key}"' not in source and not any(re.fullmatch(pattern, key) for pattern in made)
    }
    assert unused == set()


@pytest.mark.parametrize("by", ["link", "browser", "choice"])
def test_a_reader_of_french_gets_french(new_page, demo_server, link, by):
    page = new_page(locale="fr-FR" if by == "browser" else "en-US")
    page.open(link + ("&lang=fr" if by == "link" else ""))
    if by == "choice":
        page.page.locator("#open-help").click()
        page.page.locator("#language").select_option("fr")
        page.page.wait_for_function("() => document.documentElement.lang.startsWith('fr')")
        page.wait_for("ready")
        page.page.reload()  # the choice is kept
        page.wait_for("ready")
    expect(page.page.locator("#summary p").nth(1)).to_be_visible()
    open_cell(page)
    expect(page.page.locator("#legend-title")).to_have_text("Niveau de risque")
    # Numbers and days are written as there: a comma before decimals, and the month's French name.
    assert re.search(r"\d,\d", page.page.locator("#drawer-size").inner_text())
    assert re.search(r"oct(obre|\.)", page.page.locator("#day-label").inner_text())
    # No English word is left over in what is seen or read aloud.
    english, french = tables()["en"], tables()["fr"]
    alike = {key for key in english if english[key] == french[key]}
    seen = page.page.evaluate("() => document.body.innerText")
    labels = page.page.evaluate("() => [...document.querySelectorAll('[aria-label]')].map((each) => each.ariaLabel)")
    for key, entry in english.items():
        if key in alike or not isinstance(entry, str) or "{" in entry or len(entry) < 8:
            continue
        assert entry not in seen and entry not in labels, key
    page.keep(f"reading-french-by-{by}")


def test_a_phone_on_its_side_shows_the_map_and_reaches_everything(new_page, link):
    page = new_page(**ON_ITS_SIDE).open(link)
    stage = page.page.locator(".stage").bounding_box()
    assert stage["height"] == 360 and stage["width"] > 400
    # Nothing lies over the map but its buttons, and the controls do not cover each other.
    timeline, title = page.page.locator("#timeline").bounding_box(), page.page.locator(".masthead").bounding_box()
    assert timeline["x"] + timeline["width"] <= stage["x"] and title["y"] + title["height"] <= timeline["y"]
    for selector in ["#date", "#layer", "#take-csv", "#attribution", ".hotspot >> nth=19"]:
        control = page.page.locator(selector)
        control.scroll_into_view_if_needed()
        box = control.bounding_box()
        assert 0 <= box["y"] and box["y"] + box["height"] <= 360.5, selector
        assert box["x"] >= 0 and box["x"] + box["width"] <= stage["x"], selector
    day, date = page.page.locator("#day-label"), page.page.locator("#date")
    day.scroll_into_view_if_needed()
    first, second = day.bounding_box(), date.bounding_box()
    assert first["y"] + first["height"] <= second["y"]


def test_help_explains_with_the_datasets_own_numbers_and_by_a_key(new_page, link):
    page = new_page().open(link)
    page.page.locator(".maplibregl-canvas").focus()
    page.page.keyboard.press("?")
    dialog = page.page.get_by_role("dialog", name="What the words mean")
    expect(dialog).to_contain_text("medium above 25, high above 50, critical above 75")
    expect(dialog).to_contain_text("2 standard deviations")
    assert dialog.locator("kbd").count() >= 6
    page.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.page.locator(".maplibregl-canvas")).to_be_focused()


def test_keys_on_the_map_step_days_and_type_nothing_elsewhere(new_page, link, demo_server):
    page = new_page().open(link)
    page.page.locator(".maplibregl-canvas").focus()
    page.page.keyboard.press(".")
    page.page.keyboard.press(",")
    page.page.keyboard.press(",")
    before = page.page.locator("#date").input_value()
    assert before < demo_server.day
    page.page.locator("#choose-dataset").click()
    page.page.get_by_role("searchbox").press_sequentially(",.? ")
    assert page.page.locator("#date").input_value() == before
    expect(page.page.get_by_role("searchbox")).to_have_value(",.? ")


def test_playing_days_asks_for_tiles_alone(new_page, link):
    """Lists and figures that change twice a second cannot be read, and would keep the map from moving smoothly."""
    page = new_page().open(link)
    page.page.locator(".hotspot").first.wait_for()
    page.requests.clear()
    started = page.page.locator("#date").input_value()
    page.page.locator("#play").click()
    page.page.wait_for_function("(day) => document.getElementById('date').value > day", arg=started, timeout=60_000)
    asked = [url for url in page.requests if "/v1/" in url]
    page.page.locator("#play").click()
    assert asked != [] and [url for url in asked if ".mvt?" not in url] == []


STATIC = (REPOSITORY / "static").resolve()


def scripts(page):
    """The modules that a page names in its scripts, and all that it names at all."""
    text = page.read_text()
    named = re.findall(r'<(?:link rel="modulepreload" href|script type="module" src)="([^"]+)"', text)
    files = [(page.parent / each).resolve() for each in re.findall(r'<script type="module" src="([^"]+)"', text)]
    return files, [(page.parent / each).resolve() for each in named]


def imported(modules, pattern=r'^(?:import|export)\b[^;]*?"(\.[^"]+\.js)"'):
    """These modules and all that they import, directly or not."""
    found, waiting = set(), list(modules)
    while waiting:
        module = waiting.pop()
        if module in found:
            continue
        found.add(module)
        names = re.findall(pattern, module.read_text(), re.MULTILINE)
        waiting += [(module.parent / name).resolve() for name in names]
    return found


@pytest.mark.parametrize("name", ["index", "spending"])
def test_a_page_names_all_of_its_modules_so_that_they_come_at_once(name):
    own, named = scripts(STATIC / f"{name}.html")
    first = imported(own)
    # What the map does not need is in a template, which the page puts into its head when the map is drawn.
    later = imported([STATIC / "js/page/controls.js"]) - first if name == "index" else set()
    text = (STATIC / f"{name}.html").read_text()
    template = text[text.find('<template id="later">') : text.find("</template>")] if later else ""
    assert all((f'href="{each.relative_to(STATIC)}"' in template) == (each in later) for each in first | later)
    assert sorted(named) == sorted(first | later)


def test_every_module_is_of_some_page():
    pages = [page for page in STATIC.rglob("*.html") if "vendor" not in page.parts]
    # Also modules that are asked for when they are needed.
    pattern = r'(?:^(?:import|export)\b[^;]*?|\bimport\()"(\.[^"]+\.js)"'
    used = imported((script for page in pages for script in scripts(page)[0]), pattern)
    assert used == set((STATIC / "js").rglob("*.js"))
