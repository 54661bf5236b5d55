"""Datasets that hold a city's payments: files, single payments over HTTP, and a feed that is refreshed whole."""

import csv
import io
import itertools
import json
import random
import threading
from collections import Counter
from decimal import Decimal

import pytest
import requests
from accounts import add_key, bearer
from command import assert_one_plain_line
from feed_world import CHECKBOOK, feed_file, feed_world, flags, told
from serving import serving
from standin.ckan import Resource
from waiting import wait_until

HEADER = "source_id,fiscal_year,entered,vendor,department,account,account_description,organisation,amount\n"
LINES = (
    '1,2024,2024-03-01,"ACME, INC.",Parks,52907,Tools,City,"1,234.50"\n'
    "2,2024,2024-03-02,Acme Inc,Parks,52907,Tools,City,-12.5\n"
    "3,FY25,2024-07-01,Bolt Ltd,Roads,52908,Sand,City,$0.29\n"
    ",2025,,,,,,,7\n"
    ",2025,,,,,,,7.00\n"
)
BAD = "4,2024,2024-03-01,A,B,,,,1.005\n5,2024,2024-02-30,A,B,,,,1\n6,2024,2024-03-01,A,B,,,,\n7,then,,A,B,,,,1\n"
# The three schemas of Boston: since 2024, 2021 to 2023, and before.
SCHEMAS = [
    (2024, ["Vendor Name", "Dept Name", "Account Descr", "Entered", "Fiscal Year", "Voucher", "Monetary Amount"]),
    (2021, ["Vendor_Name", "Dept_Name", "Account_Descr", "Entered", "Fiscal_Year", "Voucher", "Monetary_Amount"]),
    (0, ["vendor_name", "dept_name", "account_descr", "entered", "fiscal_year", "voucher", "monetary_amount"]),
]
RESOURCES = {f"{year:08}-0000-4000-8000-000000000000": year for year in [2025, 2022, 2019]}
_numbers = itertools.count(1)


@pytest.fixture
def dataset(hextant, folder):
    return hextant.put_dataset(folder, f"payments-{next(_numbers)}", holds="expenditures")


@pytest.fixture(scope="module")
def server(hextant, folder):
    with serving(hextant, folder / "expenditures.log", "--workers", "0") as server:
        yield server


@pytest.fixture(scope="module")
def key(hextant):
    return add_key(hextant, "analyst")


@pytest.fixture
def call(server, key):
    def call(method, path, headers=None, by=key, **options):
        return requests.request(method, server.url + path, headers=bearer(by) | (headers or {}), timeout=60, **options)

    return call


@pytest.fixture
def ingest(hextant, tmp_path, dataset):
    def ingest(content, mapping="hextant-expenditures", into=dataset):
        file = tmp_path / "payments.csv"
        file.write_text(content)
        return hextant.json("ingest", file, "--dataset", into, "--mapping", mapping)

    return ingest


def counts(batch):
    return batch["received"], batch["accepted"], batch["duplicate"], batch["rejected"]


def amounts(database, dataset):
    return [row[0] for row in database.rows(
        "SELECT amount FROM expenditures WHERE dataset = %s ORDER BY id", [dataset])]  # fmt: skip


# Files


def test_each_line_of_a_file_is_a_payment_or_a_dead_letter(hextant, database, dataset, ingest):
    batch = ingest(HEADER + LINES + BAD)
    assert counts(batch) == (9, 5, 0, 4)
    assert batch["rejected_by_reason"] == {
        "bad_amount": 1, "impossible_date": 1, "missing_value": 1, "bad_number": 1}  # fmt: skip
    assert amounts(database, dataset) == [Decimal(text) for text in ["1234.50", "-12.50", "0.29", "7.00", "7.00"]]
    rows = database.rows(
        """
        SELECT source_id, fiscal_year, entered::text, vendor, vendor_key, department, version, batch_id
        FROM expenditures WHERE dataset = %s ORDER BY id
        """, [dataset])  # fmt: skip
    number = batch["batch"]
    assert rows[:3] == [
        ("1", 2024, "2024-03-01", "ACME, INC.", "acme", "Parks", 1, number),
        ("2", 2024, "2024-03-02", "Acme Inc", "acme", "Parks", 1, number),
        ("3", 2025, "2024-07-01", "Bolt Ltd", "bolt", "Roads", 1, number),
    ]
    # The equal rows without an id are two payments.
    first, second = rows[3][0], rows[4][0]
    assert len(first) == 33 and first.startswith("~") and second == first + "#2"
    letters = hextant.json("dead-letters", "list", "--batch", number)["dead_letters"]
    assert [letter["line_number"] for letter in letters] == [7, 8, 9, 10]
    told = hextant.json("expenditures", "status", dataset)
    assert (told["expenditures"], told["total"], told["dead_letters_open"]) == (5, "1236.29", 4)
    assert told["version"] == 1


def test_what_is_there_is_a_duplicate_and_what_differs_changes_it(database, dataset, ingest):
    ingest(HEADER + LINES)
    assert counts(ingest(HEADER + LINES)) == (5, 0, 5, 0)
    # A third equal row is new, another amount under an id changes the row, and the last of an id counts.
    more = "".join(LINES.splitlines(True)[3:]) + ",2025,,,,,,,7\n2,2024,,X,,,,,1\n2,2024,,Y,,,,,-99.99\n"
    assert counts(ingest(HEADER + more)) == (5, 2, 3, 0)
    assert amounts(database, dataset) == [Decimal(text) for text in ["1234.50", "-99.99", "0.29", "7", "7", "7"]]
    assert database.rows(
        "SELECT vendor, version FROM expenditures WHERE dataset = %s AND source_id = '2'", [dataset]) == [("Y", 2)]


def test_an_id_that_comes_twice_in_the_first_file_counts_once(database, dataset, ingest):
    assert counts(ingest(HEADER + "9,2024,,A,,,,,1\n9,2024,,A,,,,,2\n9,2024,,A,,,,,2\n")) == (3, 1, 2, 0)
    assert amounts(database, dataset) == [Decimal(2)]


def test_dead_letters_are_read_again_by_a_better_mapping(hextant, database, dataset, tmp_path):
    file = tmp_path / "payments.csv"
    file.write_text(HEADER + "1,2024,03.02.2024,A,B,,,,5\n")
    batch = hextant.json(
        "ingest", file, "--dataset", dataset, "--mapping", "hextant-expenditures", "--allow-empty")
    assert counts(batch) == (1, 0, 0, 1)
    mapping = tmp_path / "better.yaml"
    mapping.write_text(json.dumps({
        "expenditure": {"amount": "amount", "vendor": "vendor"}, "event_id": {"column": "source_id"},
        "time": {"column": "entered", "patterns": ["dd.MM.yyyy"]},
    }))  # fmt: skip
    done = hextant.json("dead-letters", "remediate", "--batch", batch["batch"], "--mapping", mapping)
    assert (done["remediated"], done["accepted"]) == (1, 1)
    assert database.value("SELECT entered::text FROM expenditures WHERE dataset = %s", [dataset]) == "2024-02-03"


def test_a_batch_is_taken_back(hextant, database, dataset, ingest):
    batch = ingest(HEADER + LINES)["batch"]
    hextant.json("batches", "delete", batch, "--confirm", batch)
    assert amounts(database, dataset) == []
    assert counts(ingest(HEADER + LINES)) == (5, 5, 0, 0)


def test_events_and_payments_do_not_mix(hextant, folder, dataset, ingest, tmp_path):
    events = hextant.put_dataset(folder, f"events-{next(_numbers)}")
    file = tmp_path / "payments.csv"
    file.write_text(HEADER + LINES)
    outcome = hextant("ingest", file, "--dataset", events, "--mapping", "hextant-expenditures")
    assert outcome.code == 65 and "holds events, and the mapping hextant-expenditures makes expenditures" in outcome.err
    assert_one_plain_line(outcome.err)
    ingest(HEADER + LINES)
    for command in [["score"], ["outlook"], ["evaluate"]]:
        outcome = hextant(*command, "--dataset", dataset)
        assert outcome.code == 65 and "holds expenditures" in outcome.err
    # What a dataset holds cannot change once it has records.
    outcome = hextant("datasets", "put", _description(folder, dataset, "events"))
    assert outcome.code == 65 and "holds: cannot change" in outcome.err


def _description(folder, slug, holds):
    file = folder / f"{slug}-again.yaml"
    described = {"slug": slug, "holds": holds, "title": "T", "licence": "L", "attribution": "A", "resolutions": [7]}
    file.write_text(json.dumps(described))
    return file


def test_a_dry_run_shows_payments(hextant, tmp_path):
    file = tmp_path / "payments.csv"
    file.write_text(HEADER + LINES + BAD)
    told = hextant.json("ingest", file, "--dry-run", "--mapping", "hextant-expenditures")
    assert (told["accepted"], told["rejected"]) == (5, 4)
    assert [payment["amount"] for payment in told["payments"]] == ["1234.50", "-12.50", "0.29", "7.00", "7.00"]


def rows_by_table(database, dataset):
    """How many rows each table has that names the dataset."""
    tables = database.rows(
        """
        SELECT c.table_name FROM information_schema.columns c
        JOIN information_schema.tables t USING (table_schema, table_name)
        WHERE c.table_schema = 'public' AND c.column_name = 'dataset' AND t.table_type = 'BASE TABLE'
        """
    )  # fmt: skip
    counts = {name: database.value(f'SELECT count(*) FROM "{name}" WHERE dataset = %s', [dataset]) for [name] in tables}
    return {name: count for name, count in counts.items() if count > 0}


@pytest.fixture
def everything(hextant, database, folder, tmp_path, ingest):
    """A function that fills a dataset with all that may be stored of one that holds expenditures."""

    def everything(dataset):
        lines = "".join(
            f"x{place}-{number},2024,2024-{1 + number % 12:02}-01,Vendor {number % 7},Department {place},1,,,"
            f"{number * 10**place}\n"
            for place in range(4)
            for number in range(1, 15)
        )
        ingest(HEADER + LINES + BAD + lines, into=dataset)
        for kind in ["department", "vendor"]:
            file = tmp_path / f"{kind}.csv"
            file.write_text("name,longitude,latitude\nDepartment 1,2,3\nVendor 1,4,5\n")
            hextant.json("expenditures", "places", file, "--dataset", dataset, "--of", kind)
        hextant.json("models", "train", "clustering", "--dataset", dataset, "--activate")
        # What a full refresh leaves that was killed.
        database.rows(
            "INSERT INTO expenditures_next (dataset, source_id, amount) VALUES (%s, 'a', 1) RETURNING 1", [dataset])
        return rows_by_table(database, dataset)

    return everything


ALL = {"dead_letters", "expenditure_places", "expenditures", "expenditures_next", "ingest_batches", "models"}


def test_a_deleted_dataset_leaves_nothing_of_its_payments(hextant, database, folder, dataset, everything):
    other = hextant.put_dataset(folder, f"kept-{dataset}", holds="expenditures")
    kept, stored = everything(other), everything(dataset)
    assert ALL - set(stored) <= {"dead_letters"}  # which are known by their batch
    hextant.json("datasets", "delete", dataset, "--confirm", dataset)
    assert rows_by_table(database, dataset) == {}
    assert rows_by_table(database, other) == kept
    # A later dataset with the slug begins with nothing.
    hextant.put_dataset(folder, dataset, holds="expenditures")
    assert hextant.json("expenditures", "status", dataset)["expenditures"] == 0


@pytest.mark.parametrize("table", ["expenditures", "expenditures_next", "expenditure_places", "models"])
def test_a_deletion_that_fails_leaves_all(hextant, database, dataset, everything, table):
    stored = everything(dataset)
    database.rows(
        f"""
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not now'; END $$;
        CREATE TRIGGER refused BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse();
        """
    )
    try:
        assert hextant("datasets", "delete", dataset, "--confirm", dataset).code != 0
        assert rows_by_table(database, dataset) == stored
    finally:
        database.rows(f"DROP TRIGGER refused ON {table}; DROP FUNCTION refuse();")
    hextant.json("datasets", "delete", dataset, "--confirm", dataset)
    assert rows_by_table(database, dataset) == {}


# Over HTTP


def test_payments_are_listed_and_filtered(call, dataset, ingest):
    ingest(HEADER + LINES)

    def listed(**query):
        answer = call("GET", "/v1/expenditures", params={"dataset": dataset} | query)
        assert answer.status_code == 200, answer.text
        return [item["amount"] for item in json.loads(answer.text, parse_float=Decimal)["items"]]

    everything = [Decimal(text) for text in ["1234.50", "-12.50", "0.29", "7.00", "7.00"]]
    assert listed() == everything
    assert listed(vendor="acme, incorporated") == everything[:2]
    assert listed(fiscal_year=2025) == everything[2:]
    assert listed(department="Roads") == [Decimal("0.29")]
    assert listed(max_amount="-0.01") == [Decimal("-12.50")]
    assert listed(min_amount=7, max_amount="7.00") == everything[3:]
    assert listed(**{"from": "2024-03-02", "to": "2024-07-01"}) == everything[1:3]
    assert "-12.50" in call("GET", f"/v1/expenditures?dataset={dataset}").text
    first = call("GET", f"/v1/expenditures?dataset={dataset}&limit=2").json()
    assert len(first["items"]) == 2 and first["next"]
    rest = requests.get(first["next"], timeout=60)  # everybody sees a public dataset
    assert [item["amount"] for item in rest.json()["items"]] == [0.29, 7]


def test_what_is_exported_can_be_read_again(hextant, folder, database, call, dataset, ingest):
    ingest(HEADER + LINES + "8,2024,,=cmd,-Parks,,,,-1\n")
    answer = call("GET", f"/v1/expenditures?dataset={dataset}&f=csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["amount"] for row in rows] == ["1234.50", "-12.50", "0.29", "7.00", "7.00", "-1.00"]
    assert rows[-1]["vendor"] == "'=cmd"  # no formula for a spreadsheet
    again = hextant.put_dataset(folder, f"again-{next(_numbers)}", holds="expenditures")
    sent = call("POST", f"/v1/data/upload/csv?dataset={again}", data=answer.content)
    assert (sent.status_code, counts(sent.json())) == (201, (6, 6, 0, 0))
    columns = "source_id, fiscal_year, entered, vendor, vendor_key, department, account, amount"
    both = [
        database.rows(f"SELECT {columns} FROM expenditures WHERE dataset = %s ORDER BY source_id", [slug])
        for slug in (dataset, again)
    ]
    assert both[0] == both[1]


def test_an_upload_is_accounted_for_and_sent_once(call, dataset):
    path = f"/v1/data/upload/csv?dataset={dataset}"
    first = call("POST", path, {"Idempotency-Key": "one"}, data=HEADER + LINES + BAD)
    again = call("POST", path, {"Idempotency-Key": "one"}, data=HEADER + LINES + BAD)
    assert (first.status_code, again.status_code) == (201, 200) and first.json() == again.json()
    assert counts(first.json()) == (9, 5, 0, 4)
    letters = call("GET", f"/v1/ingest/dead-letters?batch={first.json()['id']}").json()["items"]
    assert {letter["reason"] for letter in letters} == {
        "bad_amount", "impossible_date", "missing_value", "bad_number"}  # fmt: skip
    status = call("GET", f"/v1/data/status/ingestion?dataset={dataset}").json()
    assert (status["expenditures"], status["batches"]["rejected"], status["batches"]["dead_letters_open"]) == (5, 4, 4)
    assert call("POST", path + "&mapping=canonical", data=HEADER + LINES).status_code == 422


def test_a_payment_is_added_replaced_and_deleted_by_its_version(call, database, dataset):
    body = {"fiscal_year": 2024, "entered": "2024-03-01", "vendor": "ACME, INC.", "amount": "0.29"}
    added = call("POST", f"/v1/expenditures?dataset={dataset}", json=body)
    assert added.status_code == 201, added.text
    path = f"/v1/expenditures/{added.json()['id']}"
    assert added.headers["Location"].endswith(path)
    read = call("GET", path)
    assert read.json() == added.json() and read.json()["vendor_key"] == "acme" and read.json()["batch"] is None
    tag = read.headers["ETag"]
    assert call("GET", path, {"If-None-Match": tag}).status_code == 304

    change = body | {"amount": -1234.5}
    assert call("PUT", path, json=change).status_code == 428
    assert call("PUT", path, {"If-Match": '"v7"'}, json=change).status_code == 412
    assert call("PUT", path, {"If-Match": f"W/{tag}"}, json=change).status_code == 412
    changed = call("PUT", path, {"If-Match": f'"other", {tag}'}, json=change)
    assert (changed.status_code, changed.json()["amount"], changed.json()["version"]) == (200, -1234.5, 2)
    assert changed.json()["department"] is None
    assert call("PUT", path, {"If-Match": tag}, json=change).status_code == 412
    assert call("DELETE", path, {"If-Match": tag}).status_code == 412
    assert call("DELETE", path, {"If-Match": changed.headers["ETag"]}).status_code == 204
    assert call("GET", path).status_code == 404 and call("DELETE", path).status_code == 404
    assert database.value("SELECT expenditures_version FROM datasets WHERE slug = %s", [dataset]) == 3


def test_of_writers_with_the_same_version_one_wins(call, dataset):
    added = call("POST", f"/v1/expenditures?dataset={dataset}", json={"amount": 1, "source_id": "a"})
    path = f"/v1/expenditures/{added.json()['id']}"
    statuses = []

    def write(number):
        statuses.append(call("PUT", path, {"If-Match": added.headers["ETag"]}, json={"amount": number}).status_code)

    threads = [threading.Thread(target=write, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(statuses) == {200: 1, 412: 7}
    again = call("POST", f"/v1/expenditures?dataset={dataset}", json={"amount": 1, "source_id": "a"})
    assert again.status_code == 409


def test_writers_of_many_payments_do_not_hinder_each_other(call, database, dataset):
    statuses = []

    def write(writer):
        for number in range(10):
            added = call("POST", f"/v1/expenditures?dataset={dataset}", json={"amount": number})
            path = f"/v1/expenditures/{added.json()['id']}"
            changed = call("PUT", path, {"If-Match": added.headers["ETag"]}, json={"amount": writer})
            statuses.extend([added.status_code, changed.status_code])

    threads = [threading.Thread(target=write, args=[writer]) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(statuses) == {201: 80, 200: 80}
    assert database.value("SELECT expenditures_version FROM datasets WHERE slug = %s", [dataset]) == 160


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_payment_written_while_its_dataset_is_deleted_is_not_left_behind(call, database, dataset, hextant, method):
    admin = add_key(hextant)  # may use any dataset, also one that is not there
    added = call("POST", f"/v1/expenditures?dataset={dataset}", json={"amount": 1}, by=admin).json()
    path = "/v1/expenditures" if method == "POST" else f"/v1/expenditures/{added['id']}"
    path += f"?dataset={dataset}" if method == "POST" else ""
    body = None if method == "DELETE" else {"amount": 2}
    answers = []

    def write():
        answers.append(call(method, path, {"If-Match": "*"}, by=admin, json=body))

    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    writer = threading.Thread(target=write)
    with database.connect() as deletion:
        # The statements of a deletion in their order; the payment is written after the first of them.
        deletion.execute("DELETE FROM datasets WHERE slug = %s", [dataset])
        writer.start()
        wait_until(lambda: database.value(waiting) > 0, "the writer to wait for the deletion")
        deletion.execute("DELETE FROM expenditures WHERE dataset = %s", [dataset])
        deletion.commit()
    writer.join()
    assert answers[0].status_code == 404, answers[0].text
    assert rows_by_table(database, dataset) == {}


@pytest.mark.parametrize("body, fields", [
    ({}, ["amount"]),
    ({"amount": "1.005"}, ["amount"]),
    ({"amount": 1000000000000}, ["amount"]),
    ({"amount": 1, "colour": "red", "fiscal_year": "2024"}, ["colour", "fiscal_year"]),
    ({"amount": 1, "entered": "2024-02-30", "vendor": "a\u0000b"}, ["vendor", "entered"]),
    ({"amount": 1, "fiscal_year": 24}, ["fiscal_year"]),
])  # fmt: skip
def test_a_body_at_fault_is_told_by_its_members(call, dataset, body, fields):
    answer = call("POST", f"/v1/expenditures?dataset={dataset}", json=body)
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == fields


def test_only_analysts_write_and_private_payments_are_hidden(hextant, folder, call, ingest):
    private = hextant.put_dataset(folder, f"private-{next(_numbers)}", holds="expenditures", visibility="private")
    ingest(HEADER + LINES, into=private)
    other = add_key(hextant, "analyst", [hextant.put_dataset(folder, f"other-{next(_numbers)}", holds="expenditures")])
    public = hextant.put_dataset(folder, f"public-{next(_numbers)}", holds="expenditures")
    ingest(HEADER + LINES, into=public)
    number = call("GET", f"/v1/expenditures?dataset={private}", by=add_key(hextant)).json()["items"][0]["id"]
    for by in [None, other]:
        assert call("GET", f"/v1/expenditures?dataset={private}", by=by).status_code == 404
        assert call("GET", f"/v1/expenditures/{number}", by=by).status_code == 404
    assert call("GET", f"/v1/expenditures?dataset={public}", by=None).status_code == 200
    row = call("GET", f"/v1/expenditures?dataset={public}").json()["items"][0]["id"]
    for method, path in [
        ("POST", f"/v1/expenditures?dataset={public}"), ("PUT", f"/v1/expenditures/{row}"),
        ("DELETE", f"/v1/expenditures/{row}"), ("POST", f"/v1/data/upload/csv?dataset={public}"),
        ("GET", f"/v1/data/status/ingestion?dataset={public}"),
    ]:  # fmt: skip
        assert call(method, path, by=None).status_code == 401
    assert call("PUT", f"/v1/expenditures/{number}", {"If-Match": "*"}, by=other, json={"amount": 1}).status_code == 404
    # A key that sees one dataset of payments need not name it.
    assert call("GET", "/v1/expenditures", by=other).json()["items"] == []
    assert call("GET", "/v1/expenditures").status_code == 400


def test_a_dataset_of_events_has_no_payments(hextant, folder, call):
    events = hextant.put_dataset(folder, f"events-{next(_numbers)}")
    answer = call("GET", f"/v1/expenditures?dataset={events}")
    assert answer.status_code == 400 and "holds events" in answer.json()["errors"][0]["message"]
    payments = hextant.put_dataset(folder, f"unscored-{next(_numbers)}", holds="expenditures")
    assert call("POST", f"/v1/analytics/run?dataset={payments}").status_code == 400
    listed = {item["dataset"]: item["holds"] for item in call("GET", "/v1/datasets?limit=1000").json()["items"]}
    assert (listed[events], listed[payments]) == ("events", "expenditures")


# The feed of Boston's checkbook, from a stand-in with its three schemas


@pytest.fixture
def world(tmp_path):
    with feed_world(tmp_path / "tls") as world:
        world.ckan.most = 37
        for number, year in RESOURCES.items():
            put_year(world, number, year, 100)
        yield world


def put_year(world, number, year, count, seed=1, modified="2026-01-01T00:00:00"):
    """Makes up a year of payments, some of them reversals, some of them equal."""
    chance = random.Random(f"{year} {seed}")
    names = next(names for first, names in SCHEMAS if year >= first)
    rows = []
    for place in range(count):
        cents = chance.choice([-1, 1, 1, 1]) * chance.randrange(1, 500_000_000)
        amount = cents / 100 if year >= 2024 else f"{Decimal(cents) / 100:,.2f}"
        entered = f"{year - (place % 2)}-{[3, 9][place % 2]:02}-{1 + place % 28:02}"
        department = ["Parks", "Roads"][place % 2]
        values = [f"Vendor {place % 7}, Inc.", department, "Tools", entered, year, f"V{place}", amount]
        rows.append(dict(zip(names, values)))
    rows += rows[:3]
    world.ckan.resources[number] = Resource(names, rows, modified)


def wanted(world):
    """The payments of the stand-in by our own reading."""
    found = Counter()
    for number, year in RESOURCES.items():
        for row in world.ckan.resources[number].rows:
            vendor, department, description, entered, _, _, amount = row.values()
            exact = Decimal(str(amount).replace(",", "")).quantize(Decimal("0.01"))
            found[year, entered, vendor, department, description, exact] += 1
    return found


def stored(database, slug):
    return Counter(database.rows(
        """
        SELECT fiscal_year, entered::text, vendor, department, account_description, amount
        FROM expenditures WHERE dataset = %s
        """, [slug]))  # fmt: skip


@pytest.fixture
def checkbook(hextant, world, tmp_path):
    """Runs the repository's feed of Boston with the resources of the test; its slug is that of its dataset."""
    folder = tmp_path / "feeds"
    folder.mkdir()
    slug = f"checkbook-{next(_numbers)}"
    feed_file(folder, CHECKBOOK, world, feed=slug, dataset=slug, resource=list(RESOURCES), expect=None)

    def run(*options, code=0):
        outcome = hextant("feeds", "run", slug, *options, *flags(folder, world), "--json")
        assert outcome.code == code, outcome.out + outcome.err
        return told(outcome)["runs"][0] if outcome.out.strip() and told(outcome)["runs"] else outcome

    run.slug, run.folder = slug, folder
    return run


def test_a_checkbook_is_read_in_all_its_schemas_and_then_nothing_is_new(database, world, checkbook):
    first = checkbook()
    assert stored(database, checkbook.slug) == wanted(world)
    assert (first["accepted"], first["rejected"], first["read"], first["failures"]) == (309, 0, 3, [])
    again = checkbook()
    assert (again["accepted"], again["read"]) == (0, 0)
    # A year that was renewed replaces what it brought; rows that stay keep their ids.
    ids = dict(database.rows("SELECT source_id, id FROM expenditures WHERE dataset = %s", [checkbook.slug]))
    number = list(RESOURCES)[0]
    resource = world.ckan.resources[number]
    del resource.rows[10:20]
    resource.rows[0] = resource.rows[0] | {"Monetary Amount": 1.15}
    resource.modified = "2026-02-01T00:00:00"
    renewed = checkbook()
    assert renewed["read"] == 1 and renewed["removed"] > 0
    assert stored(database, checkbook.slug) == wanted(world)
    kept = dict(database.rows("SELECT source_id, id FROM expenditures WHERE dataset = %s", [checkbook.slug]))
    assert all(ids[source] == kept[source] for source in ids.keys() & kept.keys())


def test_a_full_refresh_that_fails_leaves_everything_as_it_was(database, world, checkbook):
    checkbook()
    before = database.rows("SELECT * FROM expenditures WHERE dataset = %s ORDER BY id", [checkbook.slug])
    for number, year in RESOURCES.items():
        put_year(world, number, year, 80, seed=2)
    gone = world.ckan.resources.pop(list(RESOURCES)[1])
    checkbook("--full", code=1)
    assert database.rows("SELECT * FROM expenditures WHERE dataset = %s ORDER BY id", [checkbook.slug]) == before
    assert database.value("SELECT count(*) FROM expenditures_next WHERE dataset = %s", [checkbook.slug]) == 0
    assert database.value(
        "SELECT count(*) FROM ingest_batches WHERE dataset = %s AND state = 'failed'", [checkbook.slug]) == 2
    # The next one swaps all of it in.
    world.ckan.resources[list(RESOURCES)[1]] = gone
    done = checkbook("--full")
    assert stored(database, checkbook.slug) == wanted(world)
    assert done["removed"] > 0 and done["accepted"] == sum(wanted(world).values())
    # What is held is known, so nothing is read again.
    assert checkbook()["read"] == 0


def test_no_reader_sees_a_mixture_during_a_full_refresh(database, world, checkbook):
    checkbook()
    sums = [sum(key[-1] * count for key, count in wanted(world).items())]
    for number, year in RESOURCES.items():
        put_year(world, number, year, 120, seed=3)
    sums.append(sum(key[-1] * count for key, count in wanted(world).items()))
    seen, ended = set(), threading.Event()

    def read():
        with database.connect(autocommit=True) as session:
            while not ended.is_set():
                seen.add(session.execute(
                    "SELECT sum(amount) FROM expenditures WHERE dataset = %s", [checkbook.slug]).fetchone()[0])

    reader = threading.Thread(target=read)
    reader.start()
    try:
        checkbook("--full")
    finally:
        ended.set()
        reader.join()
    assert seen <= set(sums) and sums[0] in seen
    assert stored(database, checkbook.slug) == wanted(world)


def test_rows_that_are_not_the_feeds_stay(database, hextant, world, checkbook, tmp_path):
    checkbook()
    file = tmp_path / "own.csv"
    file.write_text(HEADER + "own-1,2024,,A,B,,,,5\n")
    hextant.json("ingest", file, "--dataset", checkbook.slug, "--mapping", "hextant-expenditures")
    checkbook("--full")
    assert database.value(
        "SELECT count(*) FROM expenditures WHERE dataset = %s AND source_id = 'own-1'", [checkbook.slug]) == 1


def test_refreshes_are_jobs_of_the_server(hextant, folder, database, world, checkbook, key):
    checkbook()
    for number, year in RESOURCES.items():
        put_year(world, number, year, 60, seed=4, modified="2026-03-01T00:00:00")
    options = flags(checkbook.folder, world)
    with serving(hextant, folder / "refreshes.log", "--workers", "2", *options) as server:
        for kind in ["incremental", "full"]:
            answer = requests.post(
                f"{server.url}/v1/data/refresh/{kind}?dataset={checkbook.slug}", headers=bearer(key), timeout=60)
            assert answer.status_code == 202, answer.text
            run = answer.headers["Location"]

            def is_over():
                state = requests.get(run, headers=bearer(key), timeout=60).json()
                assert state["state"] != "failed", state
                return state["state"] == "finished"

            wait_until(is_over, f"the {kind} refresh")
            assert stored(database, checkbook.slug) == wanted(world)
        status = requests.get(
            f"{server.url}/v1/data/status/ingestion?dataset={checkbook.slug}", headers=bearer(key), timeout=60).json()
        assert status["expenditures"] == 189
        [feed] = status["feeds"]
        assert (feed["name"], feed["last_run"]["state"], feed["parts"]) == (checkbook.slug, "finished", 3)
        assert requests.post(
            f"{server.url}/v1/data/refresh/full?dataset={checkbook.slug}&feed=none", headers=bearer(key), timeout=60
        ).status_code == 404


def test_a_feed_leads_to_models_that_predict(hextant, folder, world, checkbook, key):
    for year, resource in enumerate(world.ckan.resources.values()):
        # Enough departments to be divided; what each pays is known by its number.
        department, amount = resource.fields[1], resource.fields[-1]
        for place, row in enumerate(resource.rows):
            row[department] = f"Department {place % 12}"
            row[amount] = 1000 * (1 + place % 12) + place + year
    assert checkbook()["accepted"] == 309
    trained = [
        hextant.json("models", "train", kind, "--dataset", checkbook.slug, "--activate")
        for kind in ["classification", "clustering"]]
    assert [each["state"] for each in trained] == ["active"] * 2
    with serving(hextant, folder / "predicting.log") as server:
        asked = [
            {"vendor": "vendor 3 INC", "department": f"Department {number}", "account_description": "Tools",
             "entered": "2025-09-01"} for number in [0, 11]]
        answer = requests.post(
            f"{server.url}/v1/ml/predict/expenditure-type?dataset={checkbook.slug}", json={"rows": asked},
            headers=bearer(key), timeout=60).json()
        assert answer["model"] == trained[0]["id"]
        low, high = [each["probability"] for each in answer["predictions"]]
        # A quarter of all payments are high.
        assert low < 0.25 < high
        found = requests.get(f"{server.url}/v1/ml/models/{trained[1]['id']}", headers=bearer(key), timeout=60).json()
        assert {each["department"] for each in found["metrics"]["members"]} == {f"Department {n}" for n in range(12)}
