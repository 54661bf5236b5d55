"""Figures of payments by their definitions (docs/spending-figures.md), computed with pandas, numpy and scipy."""

import json
from decimal import Decimal

import numpy
import pandas
from scipy import stats

COLUMNS = """
    SELECT id, fiscal_year, entered, vendor_key, department, account, (amount * 100)::bigint AS cents
    FROM expenditures WHERE dataset = %s ORDER BY id
"""
NOTHING = "\0nothing"


def payments(database, slug):
    """The payments that are stored, names that are missing as a text that no name is."""
    names = ["id", "fiscal_year", "entered", "vendor_key", "department", "account", "cents"]
    found = pandas.DataFrame(database.rows(COLUMNS, [slug]), columns=names)
    for name in ["vendor_key", "department", "account"]:
        found[name] = found[name].astype(object).where(found[name].notna(), NOTHING)
    found["entered"] = pandas.to_datetime(found.entered)
    found["cents"] = found.cents.astype("int64")
    return found


def whole(server, path):
    """An answer with the items of all its pages; numbers with decimals exactly as they are written."""
    answer, items, url = None, [], path
    while url:
        response = server.get(url)
        assert response.status_code == 200, response.text
        page = json.loads(response.text, parse_float=Decimal)
        items += page.pop("items")
        answer = answer or page
        url = page["next"]
    return answer | {"items": items}


def near(found, wanted):
    """Whether a number is another, to 1e-9 of it; None is not a number."""
    if found is None or pandas.isna(wanted):
        return found is None and pandas.isna(wanted)
    return abs(float(found) - float(wanted)) <= 1e-9 * max(1, abs(float(wanted)))


def cents(amount):
    """The cents of an exact amount, which must have two decimals."""
    assert isinstance(amount, Decimal) and amount.as_tuple().exponent == -2, amount
    return int(amount.scaleb(2))


def named(name):
    return NOTHING if name is None else name


def check_sum(found, rows):
    assert (cents(found["total"]), found["count"]) == (int(rows.cents.sum()), len(rows))


def check_trends(answer, rows, by):
    check_sum(answer, rows)
    if by in ("month", "quarter"):
        check_sum(answer["undated"], rows[rows.entered.isna()])
        return _check_periods(answer["items"], rows[rows.entered.notna()], by)
    check_sum(answer["undated"], rows[rows.fiscal_year.isna()])
    dated = rows[rows.fiscal_year.notna()].assign(fiscal_year=lambda each: each.fiscal_year.astype(int))
    keys = ["fiscal_year"] if by == "fiscal_year" else [by, "fiscal_year"]
    sums = dated.groupby(keys).cents.agg(["sum", "count"])
    wanted = {}
    for key, each in sums.iterrows():
        key = key if isinstance(key, tuple) else (key,)
        before = sums["sum"].get((*key[:-1], key[-1] - 1) if len(key) > 1 else key[0] - 1)
        wanted[key] = (each["sum"], each["count"], before)
    found = {}
    for item in answer["items"]:
        key = (int(item["period"]),) if by == "fiscal_year" else (named(item[by]), int(item["period"]))
        total, count, before = wanted[key]
        assert (cents(item["total"]), item["count"]) == (total, count)
        if before is None:
            assert item["change"] is None and item["change_percent"] is None
        else:
            assert cents(item["change"]) == total - before
            assert near(item["change_percent"], 100 * (total - before) / before if before > 0 else None)
        found[key] = item
    assert found.keys() == wanted.keys()


def _check_periods(items, rows, by):
    frequency, year = ("M", 12) if by == "month" else ("Q", 4)
    sums = rows.groupby(rows.entered.dt.to_period(frequency)).cents.agg(["sum", "count"])
    if len(sums):
        sums = sums.reindex(pandas.period_range(sums.index.min(), sums.index.max(), freq=frequency), fill_value=0)
    names = [str(each) if by == "month" else f"{each.year}-Q{each.quarter}" for each in sums.index]
    assert [item["period"] for item in items] == names
    before, means = sums["sum"].shift(year), sums["sum"].rolling(12).mean()
    for item, period in zip(items, sums.index):
        assert (cents(item["total"]), item["count"]) == tuple(sums.loc[period])
        if pandas.isna(before[period]):
            assert item["change"] is None
        else:
            change = sums["sum"][period] - before[period]
            assert cents(item["change"]) == change
            assert near(item["change_percent"], 100 * change / before[period] if before[period] > 0 else None)
        if by == "month":
            assert near(item["mean_12_months"], means[period] / 100)


def indices(totals):
    """HHI, CR4, CR10 and Gini of the positive totals; None without any."""
    positive = numpy.sort(totals[totals > 0].to_numpy(dtype=float))
    if not len(positive):
        return [None] * 4
    shares = 100 * positive / positive.sum()
    # Half the relative mean difference.
    places = numpy.arange(1, len(positive) + 1)
    gini = ((2 * places - len(positive) - 1) @ positive) / (len(positive) * positive.sum())
    return [shares @ shares, shares[-4:].sum(), shares[-10:].sum(), gini]


def check_departments(answer, rows):
    check_sum(answer, rows)
    sums = rows.groupby("department").cents.agg(["sum", "count", "mean", "median"])
    positive = sums["sum"][sums["sum"] > 0].sum()
    assert cents(answer["positive_total"]) == positive
    assert near(answer["hhi"], indices(sums["sum"])[0])
    last = rows.fiscal_year.max()
    assert answer["growth_of"] == (None if pandas.isna(last) else last)
    assert [cents(item["total"]) for item in answer["items"]] == sorted(sums["sum"], reverse=True)
    for item in answer["items"]:
        mine = rows[rows.department == named(item["department"])]
        wanted = sums.loc[named(item["department"])]
        assert (cents(item["total"]), item["count"]) == (wanted["sum"], wanted["count"])
        assert near(item["mean"], wanted["mean"] / 100) and near(item["median"], wanted["median"] / 100)
        assert near(item["share"], 100 * wanted["sum"] / positive if wanted["sum"] > 0 else None)
        years = mine.groupby("fiscal_year").cents.sum()
        if last in years and last - 1 in years:
            assert cents(item["growth"]) == years[last] - years[last - 1]
        else:
            assert item["growth"] is None and item["growth_percent"] is None
        vendors = mine[mine.vendor_key != NOTHING].groupby("vendor_key").cents.sum()
        hhi, cr4, *_ = indices(vendors)
        assert near(item["hhi"], hhi) and near(item["cr4"], cr4)
        assert item["vendors"] == (vendors > 0).sum()
        top = vendors[vendors > 0].sort_values(ascending=False).head(5)
        assert [cents(each["total"]) for each in item["top_vendors"]] == list(top)
        for each in item["top_vendors"]:
            assert vendors[each["vendor_key"]] == cents(each["total"])
            assert near(each["share"], 100 * vendors[each["vendor_key"]] / vendors[vendors > 0].sum())
    assert len(answer["items"]) == len(sums)


def check_vendors(answer, rows):
    check_sum(answer, rows)
    check_sum(answer["unnamed"], rows[rows.vendor_key == NOTHING])
    vendors = rows[rows.vendor_key != NOTHING].groupby("vendor_key").cents.agg(["sum", "count"])
    totals = vendors["sum"]
    positive = totals[totals > 0].sum()
    assert cents(answer["positive_total"]) == positive
    assert answer["vendors"] == (totals > 0).sum()
    assert answer["left_out"]["vendors"] == (totals <= 0).sum()
    assert cents(answer["left_out"]["total"]) == totals[totals <= 0].sum()
    for name, wanted in zip(["hhi", "cr4", "cr10", "gini"], indices(totals)):
        assert near(answer[name], wanted), name
    found = {item["vendor_key"]: (cents(item["total"]), item["count"]) for item in answer["items"]}
    assert found == {key: tuple(each) for key, each in vendors.iterrows()}
    assert [item["rank"] for item in answer["items"]] == list(range(1, len(vendors) + 1))
    so_far = 0
    for item in answer["items"]:
        total = cents(item["total"])
        so_far += max(0, total)
        assert near(item["share"], 100 * total / positive if total > 0 else None)
        assert near(item["cumulative_share"], 100 * so_far / positive if total > 0 else None)
    ascending = numpy.sort(totals[totals > 0].to_numpy(dtype=float))
    assert bool(answer["lorenz"]) == bool(len(ascending))
    for point in answer["lorenz"]:
        count = round(float(point["vendors"]) * len(ascending) / 100)
        assert near(point["vendors"], 100 * count / len(ascending))
        assert near(point["amount"], 100 * ascending[:count].sum() / ascending.sum())


def check_outliers(answer, rows):
    check_sum(answer, rows)
    check_sum(answer["not_positive"], rows[rows.cents <= 0])
    positive = rows[rows.cents > 0]
    logarithms = numpy.log(positive.cents.to_numpy(dtype=float))
    wanted, judged, groups, few, flat = {}, 0, 0, [0, 0], [0, 0]
    for places in positive.groupby(["department", "account"]).indices.values():
        values = logarithms[places]
        if len(values) < 20:
            few = [few[0] + 1, few[1] + len(values)]
            continue
        spread = stats.median_abs_deviation(values)
        # Rounding in the mean of two equal logarithms is no spread.
        if spread < 1e-12:
            flat = [flat[0] + 1, flat[1] + len(values)]
            continue
        groups, judged = groups + 1, judged + len(values)
        scores = 0.6745 * (values - numpy.median(values)) / spread
        for place in places[abs(scores) > 3.5]:
            wanted[int(positive.id.iloc[place])] = (
                0.6745 * (logarithms[place] - numpy.median(values)) / spread, numpy.exp(numpy.median(values)) / 100,
                len(values))
    assert (answer["groups"], answer["judged"]) == (groups, judged)
    assert list(answer["too_few"].values()) == few and list(answer["no_spread"].values()) == flat
    assert answer["outliers"] == len(answer["items"]) == len(wanted)
    assert {item["id"] for item in answer["items"]} == wanted.keys()
    amounts = dict(zip(rows.id, rows.cents))
    sizes = [abs(item["z"]) for item in answer["items"]]
    assert sizes == sorted(sizes, reverse=True)
    for item in answer["items"]:
        score, usual, compared = wanted[item["id"]]
        assert near(item["z"], score) and near(item["usual"], usual) and item["compared"] == compared
        assert item["direction"] == ("high" if score > 0 else "low")
        assert cents(item["amount"]) == amounts[item["id"]]
    _check_digits(answer["first_digits"], positive)


def _check_digits(found, positive):
    counts = [sum(str(each)[0] == str(digit) for each in positive.cents) for digit in range(1, 10)]
    assert [each["count"] for each in found["digits"]] == counts
    expected = numpy.log10(1 + 1 / numpy.arange(1, 10))
    if not sum(counts):
        assert found["chi_square"] is None and found["conformity"] is None
        return
    test = stats.chisquare(counts, expected * sum(counts) / expected.sum())
    assert near(found["chi_square"], test.statistic) and near(found["p"], test.pvalue)
    assert near(found["mean_deviation"], abs(numpy.array(counts) / sum(counts) - expected).mean())
