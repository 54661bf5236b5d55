"""The page of spending in a browser: what its tests have in common."""

import csv
import importlib.resources
import re
from decimal import ROUND_HALF_UP, Decimal

from playwright.sync_api import expect

AXE = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
COLUMNS = [
    "source_id", "fiscal_year", "entered", "vendor", "department", "account", "account_description", "organisation",
    "amount",
]  # fmt: skip


def put_payments(hextant, folder, slug, rows, **description):
    """Puts a dataset with the payments `rows`, lists of the columns after the first."""
    file = folder / f"{slug}.csv"
    with open(file, "w", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([COLUMNS, *([number, *row] for number, row in enumerate(rows))])
    hextant.put_dataset(folder, slug, holds="expenditures", **description)
    told = hextant.json("ingest", file, "--dataset", slug, "--mapping", "hextant-expenditures")
    assert told["accepted"] == len(rows)


def money(value):
    return f"{Decimal(value).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def settle(page):
    """Waits until nothing is on its way."""
    expect(page.page.locator("#trend")).to_have_attribute("data-phase", re.compile("ready|failed"))
    expect(page.page.locator("main [data-phase=loading]")).to_have_count(0)


def behind(page, section):
    """The rows of the table behind the first chart of a section."""
    details = page.page.locator(f"{section} details").first
    details.locator("summary").click()
    expect(details.locator("tbody tr").first).to_be_visible()
    rows = details.locator("tbody tr").all()
    return [row.locator("th, td").all_inner_texts() for row in rows]


def violations(page):
    page.page.evaluate(AXE)
    found = page.page.evaluate("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations")
    return [(each["id"], [node["target"] for node in each["nodes"]]) for each in found]
