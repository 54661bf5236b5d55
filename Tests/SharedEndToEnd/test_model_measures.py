"""The classifier beside scikit-learn's forest on the real payments of a town: the same days, the same features."""

import csv
import gzip
import os
import re
import unicodedata
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy
import pytest
from payments import spending_dataset, vendor_key
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score


@pytest.fixture(scope="module")
def payments():
    file = Path(os.environ["HEXTANT_SHARED"]) / "data/spending/hyndburn_combined.csv.gz"
    found = []
    with gzip.open(file, "rt", encoding="latin-1", newline="") as lines:
        for row in csv.DictReader(lines):
            day, amount = row["payment_date"], (row["amount"] or "").replace(",", "")
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day or "") or not re.fullmatch(r"-?\d+(\.\d+)?", amount):
                continue
            day = date.fromisoformat(day)
            year = day.year + (day.month >= 4)
            texts = [row[name] or None for name in ["payee", "department", "account_or_service"]]
            found.append((day, year, *texts, str(Decimal(amount).quantize(Decimal("0.01")))))
    return found


def key(text):
    """Letters and digits without accents and case, and single spaces."""
    plain = unicodedata.normalize("NFD", (text or "").casefold())
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    return " ".join("".join(each if each.isalnum() else " " for each in plain).split())


def rates(keys, high, rows, share):
    """Smoothed rate and logarithm of the number, for each key, by some rows."""
    counts = {}
    for row in rows:
        tally = counts.setdefault(keys[row], [0, 0])
        tally[0] += high[row]
        tally[1] += 1
    counts.pop("", None)
    return lambda text: (
        (counts.get(text, (0, 0))[0] + 10 * share) / (counts.get(text, (0, 0))[1] + 10),
        numpy.log1p(counts.get(text, (0, 0))[1]),
    )


def test_its_forest_ranks_as_well_as_that_of_scikit_learn(hextant, database, tmp_path, payments):
    slug = spending_dataset(hextant, database, tmp_path, "town", payments)
    model = hextant.json("models", "train", "classification", "--dataset", slug)
    threshold = Decimal(model["parameters"]["threshold"])
    high = numpy.array([Decimal(each[5]) >= threshold for each in payments])
    days = [str(each[0]) for each in payments]
    training = [row for row, day in enumerate(days) if day <= model["to"]]
    test = [row for row, day in enumerate(days) if day >= model["test_from"]]
    assert model["to"] < model["test_from"]
    if model["parameters"]["hold_out"] == "time":
        assert [len(training), len(test)] == [model["payments"], model["metrics"]["payments"]]
    columns = [[vendor_key(each[2]) or "" for each in payments]]
    columns += [[key(each[column]) for each in payments] for column in [3, 4]]
    share = high[training].mean()
    matrix = numpy.zeros((len(payments), 7))
    matrix[:, 6] = [each[0].month for each in payments]
    parts = numpy.random.default_rng(1).integers(0, 5, len(payments))
    for place, keys in enumerate(columns):
        whole = rates(keys, high, training, share)
        for row in test:
            matrix[row, 2 * place : 2 * place + 2] = whole(keys[row])
        for part in range(5):
            others = [row for row in training if parts[row] != part]
            without = rates(keys, high, others, high[others].mean())
            for row in training:
                if parts[row] == part:
                    matrix[row, 2 * place : 2 * place + 2] = without(keys[row])
    theirs = RandomForestClassifier(100, random_state=1).fit(matrix[training], high[training])
    area = roc_auc_score(high[test], theirs.predict_proba(matrix[test])[:, 1])
    assert model["metrics"]["roc_auc"] >= area - 0.01, (model["metrics"]["roc_auc"], area)
    assert model["metrics"]["brier"] < model["metrics"]["majority_brier"]
    assert abs(model["metrics"]["share"] - high[test].mean()) < 1e-12
