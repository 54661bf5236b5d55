"""Every file of payments of two cities loads, and Python's reading of the same files agrees, line by line and to the
cent."""

import os
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
import spending_files

MAPPINGS = ["oxford-spending", "hyndburn-spending"]


@pytest.fixture(scope="module")
def loaded(hextant, tmp_path_factory):
    """All files, each in the dataset of its city: what the command told of each, beside Python's reading."""
    folder = tmp_path_factory.mktemp("spending")
    for slug in MAPPINGS:
        hextant.put_dataset(folder, slug, holds="expenditures", time_zone="Europe/London")
    told = []
    for name, content, mapping in spending_files.files(Path(os.environ["HEXTANT_SHARED"]) / "data" / "spending"):
        file = folder / name
        file.write_bytes(content)
        outcome = hextant.json("ingest", file, "--dataset", mapping, "--mapping", mapping, "--allow-empty")
        told.append((name, mapping, outcome, spending_files.read(content, mapping)))
    return told


def test_there_are_124_files_and_none_is_left_out(loaded):
    assert Counter(mapping for _, mapping, _, _ in loaded) == {"oxford-spending": 17, "hyndburn-spending": 107}


def test_each_line_is_a_payment_a_duplicate_or_a_dead_letter(loaded):
    known = {mapping: {} for mapping in MAPPINGS}
    for name, mapping, told, reading in loaded:
        new = 0
        for identity, fields in spending_files.identities(reading.payments):
            new += known[mapping].get(identity) != fields
            known[mapping][identity] = fields
        assert told["received"] == len(reading.payments) + reading.rejected, name
        assert (told["accepted"], told["rejected"]) == (new, reading.rejected), (name, told["rejected_by_reason"])
        assert told["duplicate"] == len(reading.payments) - new, name


@pytest.mark.parametrize("mapping", MAPPINGS)
def test_what_is_stored_is_what_python_reads_to_the_cent(database, loaded, mapping):
    known = {}
    for _, of, _, reading in loaded:
        if of == mapping:
            known |= dict(spending_files.identities(reading.payments))
    stored = Counter(database.rows(
        """
        SELECT fiscal_year, entered, vendor, department, account, account_description, organisation, amount
        FROM expenditures WHERE dataset = %s
        """, [mapping]))  # fmt: skip
    wanted = Counter(known.values())
    assert stored - wanted == wanted - stored == Counter()
    total = sum((fields[-1] for fields in known.values()), Decimal(0))
    assert database.value("SELECT sum(amount) FROM expenditures WHERE dataset = %s", [mapping]) == total
    assert sum(fields[-1] < 0 for fields in known.values()) > 80


def test_the_same_files_again_bring_nothing(hextant, database, loaded, tmp_path):
    folder = Path(os.environ["HEXTANT_SHARED"]) / "data" / "spending"
    before = database.rows("SELECT count(*), sum(amount), max(version) FROM expenditures")
    for name, content, mapping in list(spending_files.files(folder))[::25]:
        file = tmp_path / name
        file.write_bytes(content)
        told = hextant.json("ingest", file, "--dataset", mapping, "--mapping", mapping, "--allow-empty")
        assert told["accepted"] == 0, name
    assert database.rows("SELECT count(*), sum(amount), max(version) FROM expenditures") == before
