#!/usr/bin/env python3
"""Measures the figures of payments against pandas on the same rows in memory, and their load against psql's \\copy.

The rows are the payments of a city in ../shared (HEXTANT_SHARED), repeated with amounts that vary, or made-up ones
where they are missing. Each route is asked --rounds times, each time with another limit, so that no answer is at hand;
pandas computes the same figures as often, its names as categories, and both figures are 95th percentiles. Then a model
is trained, and single payments are predicted at a steady rate (predict.py). Prints a table and writes
bench-results/spending.json.
"""

import argparse
import json
import os
import pathlib
import sys
import tempfile
import time

import numpy
import pandas

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(REPOSITORY / "Benchmarks/ingest"))
import report  # noqa: E402
from database import Database, psql  # noqa: E402
from predict import predicted  # noqa: E402
from server import Hextant, get  # noqa: E402

REAL = "data/spending/hyndburn_combined.csv.gz"
COLUMNS = ["source_id", "fiscal_year", "entered", "vendor", "department", "account", "amount"]


def payments(count):
    """The rows as pandas has them: amounts in cents, names as categories."""
    draw = numpy.random.default_rng(15)
    file = pathlib.Path(os.environ.get("HEXTANT_SHARED") or REPOSITORY.parent / "shared") / REAL
    if file.exists():
        real = pandas.read_csv(file, dtype=str).rename(
            columns={"account_or_service": "account", "payee": "vendor", "payment_date": "entered"})
        real["cents"] = (real.amount.str.replace(",", "").astype(float) * 100).round().astype("int64")
        rows = real.iloc[draw.integers(0, len(real), count)].reset_index(drop=True)
        rows["cents"] = (rows.cents * draw.uniform(0.8, 1.25, count)).round().astype("int64")
    else:
        rows = pandas.DataFrame({
            "cents": numpy.exp(draw.normal(11, 1.5, count)).astype("int64") - 500,
            "department": numpy.char.add("Department ", (draw.zipf(1.3, count) % 600).astype(str)),
            "account": numpy.char.add("Account ", (draw.zipf(1.3, count) % 600).astype(str)),
            "vendor": numpy.char.add("Vendor ", (draw.zipf(1.2, count) % 3000).astype(str)),
            "entered": (numpy.datetime64("2015-01-01") + draw.integers(0, 3650, count)).astype(str)})
    rows["entered"] = pandas.to_datetime(rows.entered)
    rows["fiscal_year"] = rows.entered.dt.year + (rows.entered.dt.month >= 4)
    rows["source_id"] = numpy.arange(count).astype(str)
    for name in ["department", "account", "vendor"]:
        rows[name] = rows[name].str.strip().astype("category")
    return rows


def trends(rows):
    sums = rows.groupby(rows.entered.dt.to_period("M")).cents.agg(["sum", "count"])
    sums = sums.reindex(pandas.period_range(sums.index.min(), sums.index.max(), freq="M"), fill_value=0)
    return sums, sums["sum"].rolling(12).mean(), sums["sum"].diff(12)


def departments(rows):
    figures = rows.groupby("department", observed=True).cents.agg(["sum", "count", "mean", "median"])
    vendors = rows.groupby(["department", "vendor"], observed=True).cents.sum()
    positive = vendors[vendors > 0]
    shares = 100 * positive / positive.groupby("department", observed=True).transform("sum")
    years = rows.groupby(["department", "fiscal_year"], observed=True).cents.sum()
    return figures, (shares**2).groupby("department", observed=True).sum(), years


def vendors(rows):
    totals = rows.groupby("vendor", observed=True).cents.agg(["sum", "count"]).sort_values("sum")
    ascending = totals["sum"][totals["sum"] > 0].to_numpy(float)
    shares = 100 * ascending / ascending.sum()
    places = numpy.arange(1, len(ascending) + 1)
    gini = 2 * (places @ ascending) / (len(ascending) * ascending.sum()) - (len(ascending) + 1) / len(ascending)
    return totals, shares @ shares, shares[-4:].sum(), gini, shares.cumsum()


def outliers(rows):
    positive = rows[rows.cents > 0]
    logarithms = numpy.log(positive.cents)
    groups = [positive.department, positive.account]
    grouped = logarithms.groupby(groups, observed=True)
    distances = logarithms - grouped.transform("median")
    spread = distances.abs().groupby(groups, observed=True).transform("median")
    score = 0.6745 * distances / spread
    found = positive[(grouped.transform("size") >= 20) & (spread > 0) & (score.abs() > 3.5)]
    digits = numpy.floor(positive.cents / 10 ** numpy.floor(numpy.log10(positive.cents)))
    return found, digits.value_counts()


ROUTES = [
    ("trends/spending", trends), ("departments/insights", departments), ("vendors/concentration", vendors),
    ("outliers/spending", outliers),
]


def latest(times):
    """The 95th percentile in milliseconds."""
    return 1000 * float(numpy.percentile(times, 95))


def loaded(hextant, url, folder, rows, results):
    """Loads the rows by an ingest and by \\copy into a table with the same columns and indexes, both empty before."""
    file, copied = folder / "payments.csv", folder / "copied.csv"
    written = rows[COLUMNS[:-1]].assign(amount=(rows.cents / 100).map("{:.2f}".format))
    written["entered"] = rows.entered.dt.strftime("%Y-%m-%d")
    written[COLUMNS].to_csv(file, index=False)
    columns = [*COLUMNS, "dataset", "vendor_key"]
    written.assign(dataset="copied", vendor_key=rows.vendor.astype(str).str.lower())[columns].to_csv(
        copied, index=False, header=False)
    psql(url, "CHECKPOINT")
    ours = hextant("ingest", file, "--dataset", "bench", "--mapping", "hextant-expenditures")
    psql(url, "CREATE TABLE copied (LIKE expenditures INCLUDING ALL)", "CHECKPOINT")
    began = time.monotonic()
    psql(url, f"\\copy copied ({', '.join(columns)}) from '{copied}' csv")
    theirs = time.monotonic() - began
    sums = [psql(url, f"SELECT count(*), sum(amount) FROM {table}") for table in ["expenditures", "copied"]]
    assert sums[0] == sums[1], sums
    psql(url, "DROP TABLE copied", "VACUUM ANALYZE expenditures")
    results.rate(f"load of {len(rows)} payments", len(rows), ours, theirs, 1.0, 1.0)


def asked(connection, rows, results, rounds):
    """Asks each route and computes the same by pandas, in turn."""
    name = f"/v1/analytics/{ROUTES[0][0]}?dataset=bench"
    status, seconds, _ = get(connection, name)
    assert status == 200, status
    status, again, _ = get(connection, name + "&limit=500")
    assert status == 200, status
    results.against("first answer, which reads all payments", seconds, "s", "the second", again, None, None)
    year = int(rows.fiscal_year.mode()[0])
    selections = [("", "", rows.index == rows.index), (f"&fiscal_year={year}", f" of {year}", rows.fiscal_year == year)]
    for path, compute in ROUTES:
        for query, words, selected in selections:
            ours, theirs = [], []
            for number in range(1, rounds + 1):
                status, seconds, body = get(
                    connection, f"/v1/analytics/{path}?dataset=bench{query}&limit={number}")
                assert status == 200, (path, status, body[:300])
                ours.append(seconds)
                began = time.perf_counter()
                compute(rows[selected] if query else rows)
                theirs.append(time.perf_counter() - began)
            assert json.loads(body)["count"] == int(selected.sum()), path
            results.against(f"{path}{words}, p95", latest(ours), "ms", "pandas", latest(theirs), 1.0, 0.2)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--seconds", type=int, default=30, help="how long predictions are asked for")
    options = parser.parse_args()
    results = report.Report("spending")
    server = os.environ["HEXTANT_DATABASE_URL"]
    rows = payments(options.rows)
    with Database(server, "bench_spending") as database, tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        hextant = Hextant(database.url)
        description = {
            "slug": "bench", "title": "Benchmark", "licence": "none", "attribution": "none", "visibility": "public",
            "time_zone": "UTC", "holds": "expenditures"}
        (folder / "dataset.yaml").write_text(json.dumps(description))
        hextant("migrate", "up")
        hextant("datasets", "put", folder / "dataset.yaml")
        loaded(hextant, database.url, folder, rows, results)
        with hextant.serving(folder, "--workers", "0", "--request-timeout", "120") as connection:
            asked(connection, rows, results, options.rounds)
            predicted(hextant, connection.port, rows, results, options.seconds)
    results.write(REPOSITORY / "bench-results")


if __name__ == "__main__":
    main()
