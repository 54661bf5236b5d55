"""The figures of all payments of two cities are those of pandas, scipy and numpy, to the cent and to 1e-9."""

import os
from pathlib import Path

import pytest
import spending_files
from serving import serving
from spending_oracle import check_departments, check_outliers, check_trends, check_vendors, payments, whole

CITIES = ["oxford-spending", "hyndburn-spending"]
DIVISIONS = ["month", "quarter", "fiscal_year", "department", "account"]
CHECKS = [
    ("departments/insights", check_departments), ("vendors/concentration", check_vendors),
    ("outliers/spending", check_outliers),
]


@pytest.fixture(scope="module")
def cities(hextant, database, tmp_path_factory):
    """The payments of each city, as they are stored."""
    folder = tmp_path_factory.mktemp("figures")
    for city in CITIES:
        hextant.put_dataset(folder, city, holds="expenditures", time_zone="Europe/London")
    for name, content, city in spending_files.files(Path(os.environ["HEXTANT_SHARED"]) / "data" / "spending"):
        file = folder / name
        file.write_bytes(content)
        hextant.json("ingest", file, "--dataset", city, "--mapping", city, "--allow-empty")
    return {city: payments(database, city) for city in CITIES}


@pytest.fixture(scope="module")
def server(hextant, cities, tmp_path_factory):
    with serving(hextant, tmp_path_factory.mktemp("served") / "log", "--workers", "0", "--rate-limit", "0") as server:
        yield server


def selections(rows):
    """Nothing chosen; the middle fiscal year with the one before; the largest vendor; the largest department."""
    years = sorted(rows.fiscal_year.dropna().unique())
    year = int(years[len(years) // 2])
    vendor = rows.groupby("vendor_key").cents.sum().idxmax()
    department = rows.groupby("department").cents.sum().idxmax()
    return [
        ({}, rows.id > 0), ({"fiscal_year": f"{year - 1},{year}"}, rows.fiscal_year.isin([year - 1, year])),
        ({"vendor": vendor}, rows.vendor_key == vendor), ({"department": department}, rows.department == department),
        ({"from": "2015-06-15", "to": "2017-01-14"}, rows.entered.between("2015-06-15", "2017-01-14")),
    ]


def asked(server, path, **query):
    answer = server.get(f"/v1/analytics/{path}", limit=500, **query)
    return whole(server, answer.request.url)


@pytest.mark.parametrize("by", DIVISIONS)
@pytest.mark.parametrize("city", CITIES)
def test_trends(server, cities, city, by):
    rows = cities[city]
    assert len(rows) > 30_000
    for query, chosen in selections(rows):
        check_trends(asked(server, "trends/spending", dataset=city, by=by, **query), rows[chosen], by)


@pytest.mark.parametrize("path, check", CHECKS)
@pytest.mark.parametrize("city", CITIES)
def test_figures(server, cities, city, path, check):
    rows = cities[city]
    for query, chosen in selections(rows):
        check(asked(server, path, dataset=city, **query), rows[chosen])
