"""Datasets that hold expenditures, and what is computed of them by others."""

import json
import math
import random
import re
import unicodedata
from datetime import date, timedelta

FORMS = set(
    "inc incorporated corp corporation co company llc llp lp lllp pllc pc ltd limited plc cic cio gmbh ag kg sa sas"
    " sarl srl spa bv nv ab as oy pty".split()
)
LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "þ": "th"}


def vendor_key(name):
    """The name under which the spellings of a vendor are one, by the rule of docs/spending.md; None without one."""
    plain = unicodedata.normalize("NFKD", name or "").lower()
    plain = "".join(LETTERS.get(each, each) for each in plain if not unicodedata.combining(each))
    plain = re.sub(r"[.'’‘`´]", "", re.sub(r"[&+]", " and ", plain))
    words = "".join(each if each.isalnum() else " " for each in plain).split()
    if len(words) > 1 and words[0] == "the":
        del words[0]
    while len(words) > 1 and (words[-1] in FORMS or words[-1] == "and"):
        words.pop()
    return " ".join(words) or None


def spending_dataset(hextant, database, folder, slug, payments):
    """Puts a dataset of payments `(day, fiscal year, vendor, department, account, amount)`; returns the slug."""
    hextant.put_dataset(folder, slug)
    database.rows("UPDATE datasets SET holds = 'expenditures' WHERE slug = %s RETURNING 1", [slug])
    add_payments(database, slug, payments)
    return slug


def add_payments(database, slug, payments, prefix=""):
    rows = [
        {"n": f"{prefix}{number}", "d": str(day), "y": year, "v": vendor, "t": department, "a": account, "m": amount}
        for number, (day, year, vendor, department, account, amount) in enumerate(payments)
    ]
    database.rows(
        "INSERT INTO expenditures (dataset, source_id, entered, fiscal_year, vendor, vendor_key, department,"
        " account_description, amount) SELECT %s, n, d, y, v, lower(v), t, a, m"
        " FROM jsonb_to_recordset(%s::jsonb) AS x (n text, d date, y integer, v text, t text, a text, m numeric)"
        " RETURNING 1", [slug, json.dumps(rows)])  # fmt: skip


def made_up(count, seed, first=date(2019, 1, 1), days=1000):
    """Payments whose amounts depend on vendor and department, in the order of their days."""
    draw = random.Random(seed)
    payments = []
    for number in range(count):
        day = first + timedelta(days=number * days // count)
        place = draw.randrange(12)
        vendor = draw.randrange(40)
        size = 3 + 0.15 * (vendor % 13) + (1.2 if place < 4 else 0) + draw.gauss(0, 0.8)
        amount = round(math.exp(size), 2) * (-1 if draw.random() < 0.02 else 1)
        payments.append((day, day.year, f"Vendor {vendor}", f"Department {place}", f"Account {vendor % 5}", amount))
    return payments
