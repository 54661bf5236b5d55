"""`hextant nyc` against a stand-in of the city's site, over TLS and with its bad habits."""

import json
import os
import subprocess
import threading
import time
from datetime import date, timedelta

import pytest
from certificates import certificate_files, new_issuer
from command import PATIENCE, Hextant, assert_one_plain_line
from redis_database import free_redis_database
from standin import StandIn
from standin.socrata import bbl, tax_lot

DATASETS = {
    "dob-violations": ("3h2n-5cm9", "isn_dob_bis_viol"),
    "hpd-violations": ("wvxf-dwi5", "violationid"),
    "311-complaints": ("erm2-nwe9", "unique_key"),
    "permits": ("rbx6-tga4", "work_permit"),
    "older-permits": ("ipu4-2q9a", "job__"),
}
STANDARD = [name for name in DATASETS if name != "older-permits"]
TOKEN = "t0ken-of-the-city"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return certificate_files(new_issuer(), tmp_path_factory.mktemp("city"))


@pytest.fixture
def city(files):
    with StandIn(files.certificate, files.key, seed=11) as world:
        world.slow = 0.05
        world.socrata.add_requests(count=1200)
        world.socrata.add_violations(count=900)
        world.socrata.add_dob_violations(count=700)
        world.socrata.add_permits(count=500)
        world.socrata.add_older_permits(count=400)
        yield world


@pytest.fixture
def nyc(city, files):
    """Runs `hextant nyc` against the stand-in, with standard input if there is one."""
    command = Hextant(None)

    def nyc(*arguments, stdin=None, **environment):
        options = ["--site", f"{city.url}/socrata", "--allow-private", "--certificates", files.authority]
        return subprocess.run(
            [command.binary, "nyc", *map(str, [*arguments, *options])], env=command.environment | environment,
            input=stdin or "", capture_output=True, text=True, timeout=PATIENCE)  # fmt: skip

    return nyc


@pytest.fixture
def found(nyc):
    """Runs it with `--json`, and returns its document; it must succeed."""

    def found(*arguments, **options):
        done = nyc(*arguments, "--json", **options)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return found


def held(city, name, number):
    """The rows that a dataset of the stand-in has of a property, by their ids."""
    dataset, key = DATASETS[name]
    borough, block, lot = tax_lot(number)
    rows = city.socrata.datasets[dataset].rows
    if name in ("hpd-violations", "311-complaints", "permits"):
        mine = [row for row in rows if row.get("bbl") == bbl(number)]
    else:
        names = {"boro": str(borough)} if name == "dob-violations" else {}
        mine = [
            row for row in rows
            if int(row["block"]) == block and int(row["lot"]) == lot
            and all(row[column] == value for column, value in names.items())
        ]  # fmt: skip
    return {row[key]: row for row in mine}


def texts(row):
    """The fields of a row as the command shows them: without those of the site, without blanks around them."""
    fields = {}
    for name, value in row.items():
        if isinstance(value, dict):
            fields |= {f"{name}.{inner}": text for inner, text in value.items()}
        elif not name.startswith(":"):
            fields[name] = value.strip()
    return {name: value for name, value in fields.items() if value}


ALWAYS = ["--days", 36500, "--as-of", "2025-01-01"]


def test_a_property_has_the_rows_of_every_dataset(city, found):
    told = found(bbl(1), bbl(42), "--sources", ",".join(DATASETS), *ALWAYS)
    assert [each["bbl"] for each in told["properties"]] == [bbl(1), bbl(42)]
    for number, each in zip([1, 42], told["properties"]):
        assert (each["block"], each["lot"]) == tax_lot(number)[1:]
        for name, (_, key) in DATASETS.items():
            part = each["sources"][name]
            wanted = {id: texts(row) for id, row in held(city, name, number).items()}
            assert {row["fields"][key]: row["fields"] for row in part["rows"]} == wanted
            assert part["count"] == len(part["rows"]) > 0
            assert (part["origin"], part["stale"]) == ("source", False)
    dob = told["properties"][0]["sources"]["dob-violations"]
    assert dob["open"] == sum(row["category"].endswith("ACTIVE") for row in dob["rows"])
    # The newest first; days that do not exist are none, and at the end.
    days = [row.get("issued") or "" for row in dob["rows"]]
    assert days == sorted(days, reverse=True)
    assert dob["newest"] == days[0]


def test_days_that_do_not_exist_are_none(found):
    # Numbers 7 and 8 of 50 have the days 000000 and Y9990120.
    for number in [7, 8]:
        rows = found(bbl(number), "--sources", "dob-violations")["properties"][0]["sources"]["dob-violations"]["rows"]
        assert any("issued" not in row for row in rows)
        assert all(row["fields"]["issue_date"] for row in rows)


def test_complaints_are_those_of_the_stated_days(city, found):
    # Of the six of this property, one was made on the first of these days and one on the last.
    last, days = date(2024, 8, 12), 119
    first = last - timedelta(days=days - 1)
    told = found(bbl(3), "--sources", "311-complaints", "--days", days, "--as-of", last)
    assert (told["as_of"], told["days"]) == (str(last), days)
    rows = told["properties"][0]["sources"]["311-complaints"]["rows"]
    wanted = {
        key for key, row in held(city, "311-complaints", 3).items()
        if first <= date.fromisoformat(row["created_date"][:10]) <= last
    }  # fmt: skip
    assert {row["id"] for row in rows} == wanted
    assert (len(wanted), len(held(city, "311-complaints", 3))) == (2, 6)


def test_the_table_counts_them(city, nyc):
    done = nyc(bbl(1), bbl(2), *ALWAYS)
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert lines[0] == ["BBL", "DATASET", "ROWS", "OPEN", "NEWEST", "NOTE"]
    counts = {(line[0], line[1]): int(line[2]) for line in lines[1:]}
    assert counts == {
        (bbl(number), name): len(held(city, name, number)) for number in [1, 2] for name in STANDARD
    }  # fmt: skip


def test_a_list_comes_from_standard_input(found):
    text = f"# Two in Manhattan\n{bbl(5)}\r\n\n  {bbl(10)}  # the second\n{bbl(5)}\n"
    told = found("-", "--sources", "permits", stdin=text)
    assert [each["bbl"] for each in told["properties"]] == [bbl(5), bbl(10)]


@pytest.mark.parametrize(
    ("text", "problem"),
    [(f"{bbl(1)}\n\n600790000\n", "line 3"), ("6007900009\n", "borough"), ("# none\n", "no BBL"), ("", "no BBL")])
def test_a_list_with_a_fault_asks_for_nothing(city, nyc, text, problem):
    done = nyc("-", stdin=text)
    assert (done.returncode, done.stdout) == (65, "")
    assert_one_plain_line(done.stderr)
    assert problem in done.stderr
    assert city.requests() == []


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["100790000"], "ten digits"),
        (["0007900009"], "1 to 5"),
        (["1000000009"], "block"),
        (["1007900000"], "lot"),
        ([], "name the BBL"),
        (["-", "1007900009"], "together"),
        (["--health", "1007900009"], "--health"),
        (["1007900009", "--days", "0"], "--days"),
        (["1007900009", "--as-of", "2024-02-30"], "--as-of"),
        (["1007900009", "--sources", "permits,parking"], "parking"),
        (["1007900009", "--sources", ","], "--sources"),
    ],
)
def test_wrong_arguments_ask_for_nothing(city, nyc, arguments, problem):
    done = nyc(*arguments)
    assert (done.returncode, done.stdout) == (64, "")
    assert problem in done.stderr
    assert city.requests() == []


@pytest.mark.parametrize(
    "habit",
    ["429", "429-retry-after", "503-html", "200-html", "500", "504-late", "cut", "length-too-long", "cut-chunks",
     "cut-json", "reset", "gzip", "socrata-202"])  # fmt: skip
def test_habits_change_nothing(city, found, habit):
    city.habits.on(habit, times=2)
    part = found(bbl(4), "--sources", "hpd-violations")["properties"][0]["sources"]["hpd-violations"]
    assert {row["id"] for row in part["rows"]} == set(held(city, "hpd-violations", 4))
    assert city.habits.met[habit] >= 1


def test_a_dataset_that_fails_leaves_the_others_alone(city, nyc):
    city.habits.on("500", only="rbx6-tga4")
    done = nyc(bbl(1), "--sources", "permits,hpd-violations")
    assert done.returncode == 69
    assert_one_plain_line(done.stderr)
    assert bbl(1) in done.stderr and "permits" in done.stderr
    lines = {line.split()[1]: line.split()[2:] for line in done.stdout.splitlines()[1:]}
    assert lines["permits"] == ["-", "-", "-", "failed"]
    assert int(lines["hpd-violations"][0]) == len(held(city, "hpd-violations", 1))
    assert len(city.requests("rbx6-tga4")) == 4


def test_the_json_of_a_failure_says_why(city, nyc):
    del city.socrata.datasets["rbx6-tga4"]
    done = nyc(bbl(1), "--sources", "permits", "--json")
    assert done.returncode == 1
    part = json.loads(done.stdout)["properties"][0]["sources"]["permits"]
    assert "Not found" in part["error"] and part["temporary"] is False and "rows" not in part
    assert len(city.requests()) == 1


def test_a_column_that_is_gone_is_named(city, nyc):
    city.habits.on("socrata-nested-error")
    done = nyc(bbl(1), "--sources", "permits")
    assert done.returncode == 1
    assert "ncategory" in done.stderr


def test_a_site_that_is_down_is_left_alone(city, nyc):
    city.habits.on("503-html")
    done = nyc("-", stdin="\n".join(bbl(number) for number in range(100)))
    assert done.returncode == 69
    # 400 parts with three repetitions each would be 1,600 requests; the breaker ends it after those under way.
    assert 5 <= len(city.requests()) <= 100
    lines = done.stderr.splitlines()
    assert lines[-1] == "hextant: 380 further requests failed"
    assert all(line.startswith("hextant: ") for line in lines[-21:])


def test_the_token_is_sent_and_never_shown(city, nyc, found):
    city.socrata.token = TOKEN
    assert found(bbl(1), HEXTANT_SECRET_NYC_TOKEN=TOKEN)["properties"]
    wrong = "wr0ng-token"
    done = nyc(bbl(1), HEXTANT_SECRET_NYC_TOKEN=wrong)
    assert done.returncode == 1
    assert "app_token" in done.stderr
    assert wrong not in done.stderr + done.stdout
    assert all(wrong not in path and TOKEN not in path for _, path, _ in city.requests())


def test_redirects_are_not_followed_to_other_hosts(city, nyc):
    city.habits.on("redirect-inside")
    done = nyc(bbl(1), "--sources", "permits")
    assert done.returncode == 1
    assert "another host" in done.stderr
    assert len(city.requests()) == 1


def test_this_machine_is_asked_only_if_that_is_allowed(city, files):
    site = ["--site", f"{city.url}/socrata", "--certificates", files.authority]
    outcome = Hextant(None)("nyc", bbl(1), "--sources", "permits", *site)
    assert outcome.code == 78
    assert "private network" in outcome.err
    assert city.requests() == []


@pytest.mark.parametrize("site", ["http://localhost", "localhost", "https://user:pass@localhost"])
def test_a_site_that_is_no_https_url_is_refused(site):
    outcome = Hextant(None)("nyc", "1007900009", "--site", site)
    assert (outcome.code, outcome.out) == (78, "")
    assert_one_plain_line(outcome.err)


def test_another_certificate_is_not_trusted(city):
    outcome = Hextant(None)("nyc", bbl(1), "--site", f"{city.url}/socrata", "--allow-private", "--sources", "permits")
    assert outcome.code == 69
    assert city.requests() == []


def test_the_health_of_each_part_is_told(city, nyc, found):
    told = found("--health")
    assert told["state"] == "healthy"
    assert [part["name"] for part in told["parts"]] == [*STANDARD, "breaker"]
    assert told["requests"] == {"tries": 4, "failures": 0, "waiting": 0}
    assert told["cache"]["misses"] == 0
    # A dataset that turned empty is not what it was.
    city.socrata.datasets["wvxf-dwi5"].rows.clear()
    done = nyc("--health")
    assert done.returncode == 0
    lines = {line.split()[0]: line.split()[1] for line in done.stdout.splitlines()}
    assert (lines["hpd-violations"], lines["permits"], lines["degraded:"]) == ("degraded", "healthy", "4")
    city.habits.on("500")
    done = nyc("--health")
    assert done.returncode == 69
    assert "down" in done.stdout


def test_commands_share_answers_in_redis(city, found):
    with free_redis_database() as redis:
        first = found(bbl(1), *ALWAYS, "--redis-url", redis.url)
        city.forget()
        second = found(bbl(1), *ALWAYS, HEXTANT_REDIS_URL=redis.url)
    assert city.requests() == []
    for name in STANDARD:
        before, after = (told["properties"][0]["sources"][name] for told in (first, second))
        assert (before["origin"], after["origin"]) == ("source", "shared")
        assert after["rows"] == before["rows"]
        assert after["retrieved"] == before["retrieved"]


def test_two_hundred_properties_go_over_fifty_connections(city, found):
    most, isOver = [0], threading.Event()

    def watch():
        while not isOver.is_set():
            most[0] = max(most[0], city.connections)
            time.sleep(0.002)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        told = found("-", *ALWAYS, stdin="\n".join(bbl(number) for number in range(200)))
    finally:
        isOver.set()
        watcher.join()
    assert len(city.requests()) == 800
    assert 2 <= most[0] <= 50
    assert len(told["properties"]) == 200
    for number, each in enumerate(told["properties"]):
        for name in STANDARD:
            assert each["sources"][name]["count"] == len(held(city, name, number)), (number, name)


def test_redis_that_cannot_be_reached_is_done_without(found):
    assert found(bbl(1), "--redis-url", "redis://127.0.0.1:9")["properties"]


def test_a_url_that_is_none_of_redis_is_refused(nyc):
    done = nyc(bbl(1), "--redis-url", "http://:hunter2@host")
    assert done.returncode == 78
    assert "hunter2" not in done.stderr


def test_it_needs_neither_database_nor_installation(found, tmp_path):
    assert found(bbl(1), HEXTANT_HOME=os.fspath(tmp_path), HEXTANT_DATABASE_URL="postgresql://nowhere.invalid/x")
