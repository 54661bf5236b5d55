"""The page of spending in Chromium: what it tells is what the file of payments says, counted here with decimals."""

import csv
import io
import math
import random
import re
from collections import defaultdict
from decimal import Decimal
from types import SimpleNamespace

import pytest
import requests
from accounts import PASSWORD, SECRET, add_user, bearer
from playwright.sync_api import expect
from redis_database import free_redis_database
from serving import serving
from spending_page import PHONE, behind, money, put_payments, settle, violations
from waiting import wait_until

SLUG = "payments"
DEPARTMENTS = ["Fire", "Libraries", "Parks & Trees", "Police", "Roads", "Schools", "Streets", "Water"]


def payments():
    """Two years of payments, one that is far too large, and a month in which more was taken back than paid."""
    draw = random.Random(15)
    rows = []
    for month in range(24):
        year, number = 2022 + (month + 6) // 12, (month + 6) % 12 + 1
        for index, department in enumerate(DEPARTMENTS):
            for _ in range(5):
                amount = Decimal(math.exp(draw.gauss(7 + index / 4, 0.6))).quantize(Decimal("0.01"))
                vendor = f"Vendor {draw.choice('ABCDEFGHIJKL')}"
                rows.append([year + (number > 6), f"{year}-{number:02}-{draw.randrange(1, 29):02}", vendor, department,
                             f"5{index}00", f"Supplies of {department}", amount])  # fmt: skip
    rows.append([2024, "2023-09-15", "Mega Works", "Roads", "5400", "Supplies of Roads", Decimal("5000000.00")])
    rows.append([2023, "2023-02-10", "Vendor A", "Fire", "5000", "Supplies of Fire", Decimal("-900000.25")])
    return [SimpleNamespace(year=row[0], entered=row[1], vendor=row[2], department=row[3], account=row[4],
                            description=row[5], amount=row[6]) for row in rows]  # fmt: skip


ROWS = payments()


def sums(rows, name):
    found = defaultdict(Decimal)
    for row in rows:
        found[name(row)] += row.amount
    return found


@pytest.fixture(scope="module")
def server(hextant, folder):
    rows = [[row.year, row.entered, row.vendor, row.department, row.account, row.description, "", row.amount]
            for row in ROWS]  # fmt: skip
    put_payments(hextant, folder, SLUG, rows)
    with free_redis_database() as redis:
        flags = ["--redis-url", redis.url, "--rate-limit", 0, "--account-rate-limit", 0]
        with serving(hextant, folder / "spending.log", *flags, HEXTANT_TOKEN_SECRET=SECRET) as server:
            yield server


@pytest.fixture
def open_page(pages, server):
    """Opens the page at a link and waits until nothing is on its way."""

    def open_page(link="", expect_errors=False, **options):
        page = pages(server.url, expect_errors=expect_errors, **options)
        page.page.goto(f"{page.url}/spending{link}")
        settle(page)
        return page

    return open_page


def ranked(page, section):
    """The rows of the table of a section, all of them, as lists of texts."""
    more = page.page.locator(f"{section} .section-content > .text-button")
    if more.count():
        more.click()
    return [
        [row.locator("th").inner_text(), *row.locator("td .amount").all_inner_texts()]
        for row in page.page.locator(f"{section} .ranked tbody tr").all()
    ]


def test_totals_departments_and_months_are_those_of_the_file_to_the_cent(open_page):
    page = open_page()
    total = sum(row.amount for row in ROWS)
    expect(page.page.locator("#summary")).to_contain_text(f"All payments: {money(total)} in {len(ROWS)} payments.")
    departments = sums(ROWS, lambda row: row.department)
    shown = ranked(page, "#departments")
    assert [row[:2] for row in shown] == [
        [name, money(amount)] for name, amount in sorted(departments.items(), key=lambda each: -each[1])
    ]
    months = sums(ROWS, lambda row: row.entered[:7])
    rows = behind(page, "#trend")
    assert [row[1] for row in reversed(rows)] == [money(months[month]) for month in sorted(months)]
    assert months["2023-02"] < 0
    assert page.page.locator("#trend .column.negative").count() == sum(amount < 0 for amount in months.values())
    page.keep("spending")


def test_concentration_is_told_in_words_and_figures(open_page):
    page = open_page()
    vendors = [amount for amount in sums(ROWS, lambda row: row.vendor).values() if amount > 0]
    shares = sorted((float(100 * amount / sum(vendors)) for amount in vendors), reverse=True)
    hhi = sum(share**2 for share in shares)
    word = "high" if hhi > 1800 else "moderate" if hhi >= 1000 else "low"
    section = page.page.locator("#vendors")
    expect(section).to_contain_text(f"Concentration is {word} (HHI {hhi:,.0f})")
    expect(section).to_contain_text(f"The four largest vendors have {sum(shares[:4]):.0f}%")
    expect(page.page.locator("#summary")).to_contain_text("concentrated" if word != "low" else "spread over many")
    left_out = len(sums(ROWS, lambda row: row.vendor)) - len(vendors)
    assert left_out == 1
    expect(section).to_contain_text("1 vendor whose total is not above zero has no share.")
    assert behind(page, "#vendors")[-1] == ["100%", "100%"]


def test_an_unusual_payment_says_why(open_page):
    page = open_page("#department=Roads")
    first = page.page.locator(".outliers li").first
    expect(first).to_contain_text("Mega Works")
    expect(first).to_contain_text("5,000,000.00")
    amounts = sorted(float(row.amount) for row in ROWS if row.department == "Roads")
    middle = [math.log(amount) for amount in (amounts[(len(amounts) - 1) // 2], amounts[len(amounts) // 2])]
    usual = math.exp(sum(middle) / 2)
    expect(first).to_contain_text(f"times the usual amount here ({money(Decimal(usual))}, {len(amounts)} payments)")
    expect(page.page.locator("#outliers")).to_contain_text("First digits")


def test_everything_that_is_chosen_is_in_the_link_and_back_takes_it_back(open_page):
    page = open_page()
    page.page.locator("#departments").get_by_role("button", name="Parks & Trees").click()
    page.page.locator("#year").select_option("2023")
    page.page.locator("#by").select_option("quarter")
    page.page.locator("#from").fill("2022-10-01")
    settle(page)
    link = {"dataset": SLUG, "department": "Parks & Trees", "year": "2023", "by": "quarter", "from": "2022-10-01"}
    assert page.link() == link
    chosen = [row for row in ROWS if row.department == "Parks & Trees" and row.year == 2023
              and row.entered >= "2022-10-01"]  # fmt: skip
    expected = f"{money(sum(row.amount for row in chosen))} in {len(chosen)} payments."
    expect(page.page.locator("#summary")).to_contain_text(expected)
    other = open_page(page.page.url.partition("/spending")[2])
    expect(other.page.locator("#summary")).to_contain_text(expected)
    assert other.link() == link and other.page.locator("#department").input_value() == "Parks & Trees"
    other.page.get_by_role("button", name="Show everything").click()
    settle(other)
    assert other.link() == {"dataset": SLUG, "by": "quarter"}
    other.page.go_back()
    settle(other)
    expect(other.page.locator("#summary")).to_contain_text(expected)
    assert other.link() == link


@pytest.mark.parametrize("name", ["trend", "departments", "vendors", "outliers"])
def test_the_csv_of_a_part_is_all_that_it_shows(open_page, name):
    page = open_page("#year=2024&by=quarter")
    with page.page.expect_download() as download:
        page.page.locator(f"#{name}").get_by_role("button", name="CSV").click()
    assert download.value.suggested_filename == f"{SLUG}-{name}-2024.csv"
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text())))
    chosen = [row for row in ROWS if row.year == 2024]
    if name == "outliers":
        assert "5000000.00" in [row["amount"] for row in rows]
    else:
        assert sum(Decimal(row["total"]) for row in rows) == sum(row.amount for row in chosen)
        assert sum(int(row["count"]) for row in rows) == len(chosen)
    expect(page.page.locator(f"#{name} [role=status]")).to_contain_text("Saved as")


def test_empty_unknown_and_missing_are_told(open_page):
    page = open_page("#vendor=nobody&colour=blue&year=23")
    expect(page.page.locator("#page-notice")).to_contain_text("colour=blue, year=23")
    expect(page.page.locator("#summary")).to_contain_text("nobody: there are no payments.")
    for name in ["trend", "departments", "vendors"]:
        expect(page.page.locator(f"#{name}")).to_contain_text("There are no payments with these choices.")
    expect(page.page.locator("#outliers")).to_contain_text("No payment is that far")
    missing = open_page("#dataset=nosuch")
    expect(missing.page.locator("#page-notice")).to_contain_text("“nosuch”")
    assert missing.link() == {"dataset": SLUG}


def test_a_part_that_fails_says_why_and_is_tried_again_alone(open_page):
    page = open_page(expect_errors=True)
    faults = [503]

    def answer(route):
        if faults:
            route.fulfill(status=faults.pop(), json={"title": "Service Unavailable", "detail": "The database is away."})
        else:
            route.continue_()

    page.page.route("**/v1/analytics/vendors/concentration?**", answer)
    page.page.locator("#year").select_option("2023")
    failed = page.page.locator("#vendors")
    expect(failed).to_contain_text("The database is away.")
    expect(page.page.locator("#departments")).to_have_attribute("data-phase", "ready")
    page.requests.clear()
    failed.get_by_role("button", name="Try again").click()
    expect(failed).to_have_attribute("data-phase", "ready")
    assert len([url for url in page.requests if "/v1/" in url]) == 1


def test_where_the_data_come_from_is_for_those_who_may_see_it(open_page, server, hextant, folder):
    user = add_user(hextant, folder, role="analyst")
    page = open_page()
    section = page.page.locator("#ingestion")
    expect(section).to_contain_text("those who sign in")
    assert not any("status/ingestion" in url for url in page.requests)
    section.get_by_role("button", name="Sign in").click()
    page.page.locator("[name=username]").fill(user)
    page.page.locator("[name=password]").fill(PASSWORD)
    page.page.get_by_role("dialog").get_by_role("button", name="Sign in").click()
    expect(section).to_have_attribute("data-phase", "ready")
    expect(section).to_contain_text("payments.csv")
    expect(section).to_contain_text(money(sum(row.amount for row in ROWS)))
    page.page.locator("#account").click()
    expect(section).to_contain_text("those who sign in")


def test_clusters_and_cards_of_models_are_those_of_the_server(open_page, server, key):
    page = open_page()
    expect(page.page.locator("#clusters")).to_contain_text("There is no active model")
    expect(page.page.locator("#models")).to_contain_text("There is no active model")
    for kind in ["clustering", "classification"]:
        queued = requests.post(f"{server.url}/v1/ml/{kind}/train?dataset={SLUG}&activate=true", headers=bearer(key),
                               timeout=60)  # fmt: skip
        assert queued.status_code == 202, queued.text
        run = queued.headers["Location"]
        ended = wait_until(
            lambda run=run: (state := requests.get(run, headers=bearer(key), timeout=60).json())["state"]
            not in ("queued", "running") and state, "the training to end")
        assert ended["state"] == "finished", ended
    models = {each["kind"]: each["active"] for each in server.json("/v1/ml/models/status", dataset=SLUG)["kinds"]}
    page = open_page()
    groups = page.page.locator(".clusters > li")
    members = defaultdict(set)
    clustering = server.json(f"/v1/ml/models/{models['clustering']['id']}")
    for member in clustering["metrics"]["members"]:
        members[member["cluster"]].add(member["department"])
    assert [set(group.locator(".members button").all_inner_texts()) for group in groups.all()] == [
        members[number] for number in sorted(members)
    ]
    card = page.page.locator(".model-card").first
    metrics = models["classification"]["metrics"]
    rows = {row.locator("th").inner_text(): row.locator("td").all_inner_texts()
            for row in card.locator(".wide-table tbody tr").all()}  # fmt: skip
    assert rows["Accuracy"] == [f"{metrics['accuracy']:.0%}", f"{metrics['majority_accuracy']:.0%}"]
    assert rows["Brier score (0 perfect)"] == [f"{metrics['brier']:.2f}", f"{metrics['majority_brier']:.2f}"]
    expect(card).to_contain_text(money(models["classification"]["parameters"]["threshold"]))
    expect(card.get_by_role("heading", name="What it cannot tell")).to_be_visible()
    assert violations(page) == []
    page.keep("spending-models")


@pytest.mark.parametrize(
    "options",
    [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}, PHONE],
    ids=["light", "dark", "forced-colours", "phone"],
)
def test_axe_finds_nothing_and_it_fits(open_page, options, request):
    page = open_page("#department=Fire", **options)
    page.keep(f"spending-{request.node.callspec.id}")
    assert violations(page) == []
    width = page.page.viewport_size["width"]
    assert page.page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_reader_of_french_gets_french(open_page):
    page = open_page("#lang=fr")
    expect(page.page.locator("#departments-title")).to_have_text("Services")
    total = sum(row.amount for row in ROWS)
    shown = page.page.locator("#summary p").first.inner_text()
    assert money(total).replace(",", " ").replace(".", ",") in re.sub("[\u00a0\u202f]", " ", shown)
    assert page.link()["lang"] == "fr"


def test_without_places_there_is_no_map_and_how_to_add_them_is_told(open_page):
    page = open_page()
    expect(page.page.locator("#places")).to_be_hidden()
    hint = page.page.locator("#no-places")
    expect(hint).to_contain_text("no department or vendor of this dataset has a place")
    expect(hint).to_contain_text(f"hextant expenditures places places.csv --of department --dataset {SLUG}")
    assert not any("maplibre" in url or "places/spending" in url for url in page.requests)
    hint.get_by_role("link").click()
    expect(page.page.locator("#spendingPlaces")).to_be_visible()


def test_keys_alone_reach_and_press_a_department(open_page):
    page = open_page()
    page.page.keyboard.press("Tab")
    expect(page.page.locator("#skip")).to_be_focused()
    page.page.keyboard.press("Enter")
    expect(page.page.locator("#trend")).to_be_focused()
    name = page.page.locator("#departments .name-button").first
    for _ in range(20):
        page.page.keyboard.press("Tab")
        if name.evaluate("(each) => each === document.activeElement"):
            break
    chosen = name.inner_text()
    page.page.keyboard.press("Enter")
    settle(page)
    assert page.link()["department"] == chosen
    expect(page.page.locator("#departments .name-button[aria-pressed=true]")).to_be_focused()


def test_the_maps_list_of_datasets_leads_here(pages, server):
    page = pages(server.url, expect_errors=True)  # the only dataset has no map
    page.page.goto(server.url)
    page.page.locator("#choose-dataset").click()
    page.page.locator(f'[data-slug="{SLUG}"]').click()
    expect(page.page).to_have_url(re.compile(rf"/spending#dataset={SLUG}"))
    settle(page)
