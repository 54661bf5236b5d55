"""Payments of two cities as Python reads their files: its csv module, Decimal and strptime, and none of our code."""

import csv
import gzip
import io
import re
import tarfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

# The columns of files of Hyndburn without a header.
PADDED = [
    "Department Area", "", "Service Area", "", "Description", "", "", "Line", "", "HBC Ref No.", "", "Name:", "", "",
    "Payment Date", "", "Amount Paid",
]  # fmt: skip
# For each field the names of its column in one file or another.
OXFORD = {
    "amount": ["amount"],
    "vendor": ["supplier name", "supplier_name"],
    "department": ["organisational unit", "organisational_unit", "organisatonal unit", "service area"],
    "account": ["expenditure code", "expenditure_code"],
    "account_description": [
        "expenditure category", "expenditure_category", "expenditure catergory", "expenditure unit"],
    "organisation": ["body name", "body_name", "organisation", "client"],
    "id": ["trans no", "trans_no"],
    "entered": ["paid date", "paid_date"],
}  # fmt: skip
HYNDBURN = {
    "amount": ["net amount(£)", "net amount (£)", "net amount(œ)", "net amount", "amount paid"],
    "vendor": ["name", "name:"],
    "department": ["service cost centre", "department area", "+"],
    "account_description": ["account detail", "service area"],
    "reference": ["hbc ref no", "hbc ref no."],
    "entered": ["payment date"],
}
DATES = ["%d/%m/%Y", "%d/%m/%y", "%d-%b-%y", "%d-%b-%Y", "%d %b %Y", "%d %B %Y"]


@dataclass
class Reading:
    """A file as Python reads it: payments in order, each as fields with its id, and the number of other records."""

    payments: list = field(default_factory=list)
    rejected: int = 0


def files(folder):
    """The 124 files with their contents and the name of their mapping, in the order of their names."""
    for path in sorted(Path(folder).glob("oxford_*.csv.gz")):
        yield path.name.removesuffix(".gz"), gzip.decompress(path.read_bytes()), "oxford-spending"
    with tarfile.open(Path(folder) / "hyndburn_spend_over_250_monthly.tar.gz") as archive:
        for member in sorted(archive.getmembers(), key=lambda member: member.name):
            if member.isfile():
                yield Path(member.name).name, archive.extractfile(member).read(), "hyndburn-spending"


def read(content, mapping):
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Python leaves five bytes of this code page undefined, and browsers do not.
        text = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in content)
    if mapping == "hyndburn-spending":
        # Python's csv module takes every line feed for an end; one alone is part of a text in these files.
        text = re.sub(r"(?<!\r)\n", "\u2028", text)
    rows = list(csv.reader(io.StringIO(text, newline="")))
    rows = [[cell.replace("\u2028", "\n") for cell in row] for row in rows]
    known = OXFORD if mapping == "oxford-spending" else HYNDBURN
    start, header = next(
        ((place + 1, row) for place, row in enumerate(rows[:100]) if _is_header(row, known)), (0, PADDED))
    names = [name.strip().lower() for name in header]
    places = {
        key: next((names.index(name) for name in all_names if name in names), None) for key, all_names in known.items()
    }
    needed = max(places[key] for key in ("amount", "entered", "id") if places.get(key) is not None)
    found = Reading()
    for row in rows[start:]:
        if not row:
            continue  # a line without a byte is no record
        row = [cell.strip(" \t\u00a0") for cell in row]
        payment = None
        if any(row) and len(row) > needed and not any(row[len(names):]):
            payment = _payment(row + [""] * (len(names) - len(row)), places)
        if payment is None:
            found.rejected += 1
        else:
            found.payments.append(payment)
    return found


def _is_header(row, known):
    names = {cell.strip().lower() for cell in row}
    return names & set(known["amount"]) and names & set(known["entered"])


def _payment(row, places):
    def text(key):
        place = places.get(key)
        return (row[place] or None) if place is not None else None

    amount = _amount(text("amount"))
    entered = _entered(text("entered"))
    if amount is None or entered == "bad":
        return None
    year = None if entered is None else entered.year + (entered.month >= 4)
    fields = (
        year, entered, text("vendor"), text("department"), text("account"), text("account_description"),
        text("organisation"), amount,
    )  # fmt: skip
    return text("id"), text("reference"), fields


def _amount(text):
    if not text:
        return None
    plain = text.replace("£", "").strip()
    if re.fullmatch(r"\(.*\)", plain):
        plain = "-" + plain[1:-1]
    if plain.endswith("-"):
        plain = "-" + plain[:-1]
    if not re.fullmatch(r"-?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?", plain) or not re.search(r"\d", plain):
        return None
    try:
        amount = Decimal(plain.replace(",", ""))
    except InvalidOperation:
        return None
    return amount.quantize(Decimal("0.01")) if amount == amount.quantize(Decimal("0.01")) else None


def _entered(text):
    """The date; None where there is none, "bad" where it cannot be read."""
    if not text or text == "00:00:00":
        return None
    for pattern in DATES:
        try:
            moment = datetime.strptime(text, pattern)
        except ValueError:
            continue
        return moment.date()
    return date(1899, 12, 30) + timedelta(int(text)) if re.fullmatch(r"\d{5}", text) else "bad"


def identities(payments):
    """The payments with what they are known by: their id, or what they say and their number among equal ones."""
    seen = Counter()
    for identifier, reference, fields in payments:
        if identifier is None:
            seen[reference, fields] += 1
            yield (reference, fields, seen[reference, fields]), fields
        else:
            yield identifier, fields
