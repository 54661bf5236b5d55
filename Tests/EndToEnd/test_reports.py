"""Reports of a made-up city: what they tell against the events and the API, the three forms against each other, names
from right to left, equal bytes, rights, small counts, limits, and the command. Poppler reads and renders the PDF,
Pillow the pictures.
"""

import calendar
import datetime
import io
import json
import os
import random
import re
import subprocess
import xml.etree.ElementTree as ET
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import h3
import numpy
import pytest
import requests
from accounts import SECRET, add_key, bearer
from PIL import Image
from redis_database import free_redis_database
from scipy.stats import binomtest
from serving import serving

HEADER = "event_type,event_timestamp,longitude,latitude,attributes_json\n"
AS_OF = datetime.date(2021, 6, 27)
FIRST = AS_OF - datetime.timedelta(days=7 * 60 - 1)
RESOLUTION = 8
CENTRE = h3.latlng_to_cell(24.7, 46.7, RESOLUTION)
CELLS = sorted(h3.grid_disk(CENTRE, 4))
BUSY = CELLS[20]
AROUND = sorted(h3.grid_disk(BUSY, 1))
# Names from right to left in two scripts, and one with letters from left to right.
NAMES = {"a": "حي الملز", "b": "תל אביב", "c": "Old Town & Port"}
TYPES = ["theft", "assault", "arson"]
WEST, EAST, SOUTH, NORTH = 46.66, 46.75, 24.65, 24.75
FORMS = {"pdf": "application/pdf", "svg": "image/svg+xml", "png": "image/png"}


def made_up():
    """Events (day, type, cell), more of them in one cell and in the last four weeks."""
    chance = random.Random(24)
    found = []
    for offset in range((AS_OF - FIRST).days + 1):
        day = FIRST + datetime.timedelta(days=offset)
        number = 30 if (AS_OF - day).days < 28 else 20
        cells = chance.choices(CELLS, k=number) + [BUSY] * chance.randint(2, 6) + chance.choices(AROUND, k=12)
        found += [(day, chance.choices(TYPES, [6, 3, 1])[0], cell) for cell in cells]
    return found


EVENTS = made_up()


def days(count, before=0):
    last = AS_OF - datetime.timedelta(days=before)
    return last - datetime.timedelta(days=count - 1), last


def counted(count, before=0, cell=None):
    first, last = days(count, before)
    return sum(first <= day <= last and cell in (None, place) for day, _, place in EVENTS)


def words(day):
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


@pytest.fixture(scope="module")
def city(hextant, database, folder):
    """The same events as a public dataset, a private one, and one that hides small counts, counted in areas."""
    squares = []
    for number, (id, name) in enumerate(NAMES.items()):
        west = WEST + number * (EAST - WEST) / 3
        east = west + (EAST - WEST) / 3
        ring = [[west, SOUTH], [east, SOUTH], [east, NORTH], [west, NORTH], [west, SOUTH]]
        squares.append({"type": "Feature", "properties": {"id": id, "name": name, "people": 1000 * (number + 1)},
                        "geometry": {"type": "Polygon", "coordinates": [ring]}})
    file = folder / "districts.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": squares}))
    hextant.json("areas", "import", file, "--layer", "districts", "--id", "id", "--name", "name",
                 "--population", "people")
    events = folder / "city.csv"
    with open(events, "w") as lines:
        lines.write(HEADER)
        for day, kind, cell in EVENTS:
            latitude, longitude = h3.cell_to_latlng(cell)
            lines.write(f"{kind},{day}T09:00:00Z,{longitude},{latitude},{{}}\n")
    described = {"resolutions": [7, RESOLUTION], "areas": "districts", "title": "Riyadh, made up", "groups": {
        "violence": ["assault", "arson"]}}
    hextant.put_dataset(folder, "city", **described)
    hextant.put_dataset(folder, "secret-city", visibility="private", **described)
    hextant.put_dataset(folder, "shy-city", minimum_count=5, **described)
    for slug in ["city", "secret-city", "shy-city"]:
        hextant.json("ingest", events, "--dataset", slug)
        hextant.json("score", "--dataset", slug)
        hextant.json("outlook", "--dataset", slug)
        hextant.json("areas", "count", "--dataset", slug)
    hextant.json("refresh")


@pytest.fixture(scope="module")
def server(hextant, folder, city):
    with free_redis_database() as redis:
        with serving(
            hextant, folder / "reports.log", "--redis-url", redis.url, "--workers", "0", "--rate-limit", "0",
            "--account-rate-limit", "0", HEXTANT_TOKEN_SECRET=SECRET,
        ) as server:
            yield server


@pytest.fixture(scope="module")
def analyst(hextant, server):
    return server.asking_as(add_key(hextant, "analyst"))


def report(server, path, slug="city", **query):
    answer = server.get(f"/v1/reports/{slug}/{path}", **query)
    assert answer.status_code == 200, answer.text
    form = path.rsplit(".", 1)[1]
    assert answer.headers["Content-Type"] == FORMS[form]
    assert re.fullmatch(rf'inline; filename="[a-z0-9-]+\.{form}"', answer.headers["Content-Disposition"])
    return answer.content


def read(pdf):
    """The text of a PDF in one line, with names in the order in which they are read."""
    told = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    # Poppler marks text from right to left by characters of its own.
    plain = re.sub("[\u202a-\u202e\u2066-\u2069]", "", told.stdout.decode())
    return re.sub(r"\s+", " ", plain)


def about(pdf):
    told = subprocess.run(
        ["pdfinfo", "-"], input=pdf, capture_output=True, check=True, env=os.environ | {"TZ": "UTC"}).stdout.decode()
    return dict(re.findall(r"^([^:\n]+): *(.*)$", told, re.MULTILINE))


# What is told


def test_the_page_of_a_dataset_tells_what_events_and_lists_tell(server):
    text = read(report(server, "dataset.pdf", resolution=RESOLUTION))
    first, last = days(28)
    now, before = counted(28), counted(28, before=28)
    assert binomtest(now, now + before).pvalue < 0.05 and now > before
    assert (
        f"{now:,} events from {words(first)} to {words(last)}: up {round(100 * (now / before - 1))}% on the 28 days"
        f" before ({before:,})."
    ) in text
    rows = [row for page in server.pages("/v1/outlook", dataset="city", resolution=RESOLUTION, limit=500)
            for row in page["items"]]
    classes = Counter(row["class"] for row in rows)
    hot = sum(number for name, number in classes.items() if name.endswith("_hot"))
    assert hot and f"Cells that are hot spots of the last 52 weeks: {hot}." in text
    expected = sum(row["expected"] for row in rows)
    assert f"Expected in the 7 days after {words(last)}: about {expected:.0f} events" in text
    kinds = Counter(kind for day, kind, _ in EVENTS if first <= day <= last)
    for kind, number in kinds.items():
        assert re.search(rf"\b{kind} .*{number}\b", text)
    assert f"Cells on the map {len(rows)}" in text
    assert "Credit of city" in text and "CC0-1.0" in text and "never about persons" in text
    assert NAMES["a"] in text and NAMES["b"] in text and NAMES["c"] in text


def test_the_page_of_a_cell_tells_its_own_figures(server):
    path = f"cell/{BUSY}.pdf"
    text = read(report(server, path))
    first, last = days(28)
    assert f"{counted(28, cell=BUSY):,} events from {words(first)} to {words(last)}" in text
    rows = [row for page in server.pages("/v1/outlook", dataset="city", resolution=RESOLUTION, limit=500)
            for row in page["items"]]
    [own] = [row for row in rows if row["h3_index"] == BUSY]
    assert f"with a chance of 90% between {own['lower_90']} and {own['upper_90']}." in text
    # The busy cell is the first of all.
    assert f"Rank by events 1 of {len(rows)}" in text
    assert f"Cell {BUSY}" in text and own["area"] in text
    other = read(report(server, path, period=7, kind="violence"))
    assert "events of the group violence" in other and "theft" not in other
    violent = sum(day >= days(7)[0] and kind != "theft" and cell == BUSY for day, kind, cell in EVENTS)
    assert re.search(rf"Events of the period {violent}\b", other)


def test_the_page_of_an_area_tells_what_its_list_tells(server):
    first, last = days(365)
    for id, name in NAMES.items():
        text = read(report(server, f"area/districts/{id}.pdf"))
        told = server.json(f"/v1/areas/districts/{id}", dataset="city", **{"from": str(first), "to": str(last)})
        figures = told["figures"]
        assert name in text
        assert re.search(rf"Events of the period {figures['events']:,}\b", text)
        assert f"Rate a year {figures['rate']:,.1f} per 1,000 residents" in text
        assert f"Residents {told['population']:,.0f}" in text
        assert "Events by month" in text and "of 3 by rate" in text


def test_a_page_without_an_outlook_shows_cells_that_stood_out(server):
    day = AS_OF - datetime.timedelta(days=3)
    text = read(report(server, "dataset.pdf", as_of=str(day), resolution=RESOLUTION))
    assert "Cells that stood out" in text and "Expected in" not in text
    top = server.json("/v1/hotspots", dataset="city", resolution=RESOLUTION, to=str(day), f="json", limit=1, **{
        "from": str(day - datetime.timedelta(days=27))})["items"]
    assert not top or f"{top[0]['total_events']}" in text


def test_it_speaks_french_and_knows_letter_paper(server):
    pdf = report(server, "dataset.pdf", lang="fr", paper="letter")
    text = read(pdf)
    assert "Rapport" in text and "événements du 31 mai 2021 au 27 juin 2021" in text and "Points chauds" in text
    assert " events" not in text
    assert about(pdf)["Page size"].startswith("612 x 792")


# The forms


def picture(png):
    return numpy.asarray(Image.open(io.BytesIO(png)).convert("L"), dtype=float)


@pytest.mark.parametrize("path", ["dataset", f"cell/{BUSY}", "area/districts/b"])
def test_the_forms_are_one_drawing(server, path, tmp_path):
    pdf, svg, png = (report(server, f"{path}.{form}") for form in FORMS)
    known = about(pdf)
    assert known["Pages"] == "1" and known["CreationDate"].startswith("Sun Jun 27 00:00:00 2021")
    assert known["Page size"].startswith("595 x 842") and known["JavaScript"] == "no"
    drawn = Image.open(io.BytesIO(png))
    assert drawn.size == (1240, 1754)
    assert len(drawn.convert("RGB").getcolors(1 << 22)) > 200
    light = (picture(png) > 250).mean()
    assert 0.4 < light < 0.97
    (tmp_path / "page.pdf").write_bytes(pdf)
    subprocess.run(
        ["pdftoppm", "-png", "-scale-to-x", "1240", "-scale-to-y", "1754", tmp_path / "page.pdf", tmp_path / "page"],
        check=True)
    [rendered] = tmp_path.glob("page*.png")
    # Poppler and cairo differ at edges, and agree on what is where.
    assert abs(picture(rendered.read_bytes()) - picture(png)).mean() < 8
    root = ET.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg" and root.get("viewBox") == "0 0 595 842"
    assert root.findtext("{http://www.w3.org/2000/svg}title")
    assert not {each.tag.rsplit("}", 1)[1] for each in root.iter()} & {"script", "image", "foreignObject", "a"}


def test_fonts_are_in_the_file(server):
    pdf = report(server, "area/districts/a.pdf")
    told = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    fonts = [line.split() for line in told.splitlines()[2:]]
    assert fonts and all("DejaVuSans" in font[0] and font[-5] == "yes" for font in fonts), told


def test_the_same_data_give_the_same_bytes_on_every_server_and_by_the_command(server, hextant, tmp_path):
    paths = [f"{path}.{form}" for path in ["dataset", f"cell/{BUSY}", "area/districts/a"] for form in FORMS]
    first = [report(server, path) for path in paths]
    # In another order, by a process without a cache.
    with serving(hextant, tmp_path / "other.log", "--workers", "0", "--rate-limit", "0") as other:
        second = [report(other, path) for path in reversed(paths)][::-1]
    assert first == second
    for path, content in zip(paths, first):
        subject, form = path.split(".")
        options = {"d": [], "c": ["--cell", BUSY], "a": ["--area", "districts/a"]}[subject[0]]
        file = tmp_path / f"made.{form}"
        told = hextant.json("report", "--dataset", "city", "--output", file, *options)
        assert (told["format"], told["bytes"]) == (form, len(content))
        assert file.read_bytes() == content, path


def test_a_report_that_the_client_has_is_not_sent_again(server):
    for form in FORMS:
        answer = server.get(f"/v1/reports/city/dataset.{form}")
        again = server.get(f"/v1/reports/city/dataset.{form}", headers={"If-None-Match": answer.headers["ETag"]})
        assert (answer.status_code, again.status_code) == (200, 304)
        assert server.get(f"/v1/reports/city/dataset.{form}", method="HEAD").status_code == 200


# Rights and limits


def test_a_private_dataset_is_reported_to_those_who_see_it(hextant, server):
    for path in ["dataset.pdf", f"cell/{BUSY}.pdf", "area/districts/a.pdf"]:
        url = f"{server.url}/v1/reports/secret-city/{path}"
        assert requests.get(url, timeout=60).status_code == 404
        key = add_key(hextant, "public", ["secret-city"])
        answer = requests.get(url, headers=bearer(key), timeout=60)
        assert answer.status_code == 200 and "private" in answer.headers["Cache-Control"]
        # It is not kept for those without the right.
        assert requests.get(url, timeout=60).status_code == 404


def test_small_counts_are_hidden_in_reports(server, analyst):
    text = read(report(server, "dataset.pdf", "shy-city", resolution=RESOLUTION))
    exact = read(report(analyst, "dataset.pdf", "shy-city", resolution=RESOLUTION))
    assert "Counts below 5 are hidden" in text and "Counts below" not in exact
    first, last = days(28)
    shown = sum(row["event_count"] for page in server.pages(
        "/v1/stats", dataset="shy-city", limit=500, **{"from": str(first), "to": str(last)}) for row in page["items"])
    assert f"At least {shown:,} events from" in text and shown < counted(28)
    assert f"{counted(28):,} events from" in exact and "Expected in" in exact
    assert "Expected in" not in text and "on the 28 days" not in text
    cell = read(report(server, f"cell/{BUSY}.pdf", "shy-city"))
    rows = server.json(f"/v1/cells/{BUSY}", dataset="shy-city", limit=500, **{"from": str(first), "to": str(last)})
    assert f"At least {sum(row['event_count'] for row in rows['items']):,} events" in cell
    assert "are not told where small counts are hidden" in cell and "theft" not in cell
    refused = server.get("/v1/reports/shy-city/area/districts/a.pdf")
    assert refused.status_code == 403 and "role analyst" in refused.json()["detail"]
    assert analyst.get("/v1/reports/shy-city/area/districts/a.pdf").status_code == 200


@pytest.mark.parametrize(
    "path, field",
    [
        ("dataset.pdf?paper=a3", "paper"), ("dataset.pdf?lang=xx", "lang"), ("dataset.pdf?kind=fires", "kind"),
        ("dataset.pdf?kind=violence&as_of=2021-06-01", "kind"), ("dataset.pdf?resolution=9", "resolution"),
        ("dataset.pdf?as_of=0001-01-01", "as_of"), ("cell/872b9bc44ffffff.pdf?resolution=7", "resolution"),
        (f"cell/{h3.cell_to_parent(BUSY, 6)}.pdf", "h3"), ("cell/none.pdf", "h3"),
        ("area/districts/a.pdf?period=8", "period"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_told(server, path, field):
    answer = server.get(f"/v1/reports/city/{path}")
    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["errors"]] == [field]


def test_what_is_not_there_is_404(server):
    for path in ["area/districts/z.pdf", "area/wards/a.pdf", "dataset.gif", "cell.pdf"]:
        assert server.get(f"/v1/reports/city/{path}").status_code == 404


def test_a_place_without_events_has_a_page(server):
    far = h3.latlng_to_cell(-45.0, 170.0, RESOLUTION)
    text = read(report(server, f"cell/{far}.pdf"))
    assert f"Cell {far}" in text and "0 events from" in text and "No events in the period" in text


def test_many_at_once_are_drawn_or_sent_away(server):
    """No more than a few are drawn at a time, and nothing breaks when many ask."""
    others = [cell for cell in CELLS if cell != BUSY]
    with ThreadPoolExecutor(48) as pool:
        answers = list(pool.map(
            lambda cell: requests.get(f"{server.url}/v1/reports/city/cell/{cell}.svg?period=90", timeout=60), others))
    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) <= {200, 503} and statuses[200] >= 30
    assert all(ET.fromstring(answer.content) is not None for answer in answers if answer.status_code == 200)
    assert all("Retry-After" in answer.headers for answer in answers if answer.status_code == 503)
    assert report(server, f"cell/{BUSY}.pdf")


# The command


def test_the_command_tells_what_is_wrong_and_leaves_no_file(hextant, city, tmp_path):
    file = tmp_path / "report.pdf"
    wrong = [
        (64, ["--output", tmp_path / "report.gif"]), (64, ["--output", file, "--period", 30]),
        (64, ["--output", file, "--cell", "nothing"]), (64, ["--output", file, "--area", "districts"]),
        (64, ["--output", file, "--cell", BUSY, "--area", "districts/a"]),
        (64, ["--output", file, "--language", "de"]), (64, ["--output", file, "--as-of", "yesterday"]),
        (65, ["--output", file, "--area", "districts/z"]), (65, ["--output", file, "--kind", "fires"]),
        (65, ["--output", file, "--cell", h3.cell_to_parent(BUSY, 5)]), (65, ["--output", file, "--resolution", 3]),
    ]
    for code, options in wrong:
        outcome = hextant("report", "--dataset", "city", *options)
        assert outcome.code == code and outcome.err.strip(), (options, outcome)
    assert hextant("report", "--dataset", "none", "--output", file).code == 65
    assert list(tmp_path.iterdir()) == []
