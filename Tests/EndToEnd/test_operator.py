"""The needs of an operator: warnings, all faults at once, lists, a way back, figures, an installation."""

import gzip
import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
import requests
from accounts import add_key, add_user, bearer
from command import REPOSITORY, Hextant, assert_one_plain_line
from own_services import free_port
from prometheus_client.parser import text_string_to_metric_families
from redis_database import free_redis_database
from serving import Server, serving
from test_jobs import working
from waiting import wait_until

HEADER = "event_type,event_timestamp,longitude,latitude,attributes_json\n"


def events(*days):
    return HEADER + "".join(f"theft,{day}T12:00:00Z,-79.4,43.7,{{}}\n" for day in days)


@pytest.fixture
def filled(hextant, folder, dataset, ingest):
    """A dataset with two days that are scored and served."""
    ingest(events("2021-05-01", "2021-05-02"))
    hextant.json("score", "--dataset", dataset)
    hextant.json("refresh")
    return dataset


def schedules(folder, text):
    file = folder / "schedules.yaml"
    file.write_text(text)
    return file


def catches_the_end(process):
    """Whether the process has a handler for SIGTERM."""
    [caught] = re.findall(r"^SigCgt:\s+(\w+)$", Path(f"/proc/{process.pid}/status").read_text(), re.MULTILINE)
    return int(caught, 16) >> (signal.SIGTERM - 1) & 1 == 1


@pytest.fixture
def lonely(new_database):
    """A database of its own, which no other server or worker looks at."""
    database = new_database()
    hextant = Hextant(database.url)
    hextant.json("migrate", "up")
    return hextant, database


# Warnings and refusals


def test_a_database_that_is_away_is_one_line(tmp_path):
    hextant = Hextant(f"postgresql://somebody:hush-hush@127.0.0.1:{free_port()}/none")
    server = Server(hextant, tmp_path / "server.log", "--workers", 2)
    try:
        time.sleep(5)
        warnings = [line for line in server.text().splitlines() if "warning" in line or "error hextant" in line]
        assert len(warnings) == 1, server.text()
        assert "PostgreSQL is away" in warnings[0] and "Connection refused" in warnings[0]
        assert "hush-hush" not in server.text()
    finally:
        server.process.kill()
        server.process.wait()


def test_settings_that_cannot_be_right_are_warned_of(hextant, folder, tmp_path):
    hidden = hextant.put_dataset(folder, "not-for-all", visibility="private")
    file = schedules(tmp_path, "- {name: nightly, cron: '0 3 * * *', dataset: torronto}\n")
    redis = f"redis://127.0.0.1:{free_port()}"
    flags = ["--redis-url", redis, "--schedules", file, "--default-dataset", hidden]
    with serving(hextant, tmp_path / "server.log", *flags) as server:
        told = server.text()
    for words in ["Redis does not answer", "nightly: there is no dataset torronto", "not-for-all is private"]:
        assert sum(words in line and "warning" in line for line in told.splitlines()) == 1, told
    checked = hextant("serve", "--check", *flags)
    assert checked.code == 0 and checked.out.count("warning: ") == 3, checked
    with working(hextant, tmp_path / "worker.log", "--schedules", file) as worker:
        wait_until(lambda: "torronto" in (tmp_path / "worker.log").read_text(), "the worker's warning")
        wait_until(lambda: catches_the_end(worker), "the worker to listen for signals")


def test_an_unknown_default_dataset_is_refused_at_the_start(hextant, folder):
    hextant.put_dataset(folder, "chicago")
    for more in [[], ["--check"]]:
        outcome = hextant("serve", "--port", 0, "--default-dataset", "chicgo", *more)
        assert outcome.code == 78, outcome
        last = outcome.err.splitlines()[-1]
        assert last.startswith("hextant: default_dataset") and 'did you mean "chicago"' in last


def test_without_a_default_dataset_the_one_with_most_events_is_shown(new_database, folder, tmp_path):
    database = new_database()
    hextant = Hextant(database.url)
    hextant.json("migrate", "up")
    for slug, days in [("a-few", 2), ("z-many", 5), ("m-hidden", 9)]:
        hextant.put_dataset(folder, slug, visibility="private" if slug == "m-hidden" else "public")
        (tmp_path / "e.csv").write_text(events(*(f"2021-05-{day:02}" for day in range(1, days + 1))))
        hextant.json("ingest", tmp_path / "e.csv", "--dataset", slug, "--publish")
    with serving(hextant, tmp_path / "one.log") as server:
        assert server.json("/v1/hotspots")["dataset"] == "z-many"
        assert server.asking_as(add_key(hextant)).json("/v1/hotspots")["dataset"] == "m-hidden"
    with serving(hextant, tmp_path / "two.log", "--default-dataset", "a-few") as server:
        assert server.json("/v1/hotspots")["dataset"] == "a-few"


@pytest.mark.parametrize("url", ["mysql://foo:hush-hush@bar/x", "http://bar", "bar", "host=bar"])
@pytest.mark.parametrize("command", [["refresh"], ["serve"], ["worker"], ["users", "list"]])
def test_a_database_of_another_scheme_is_refused(command, url):
    outcome = Hextant(url)(*command)
    assert outcome.code == 78
    assert_one_plain_line(outcome.err)
    assert "must begin with postgresql://" in outcome.err and "hush-hush" not in outcome.err


def test_the_help_of_workers_says_what_is_taken(hextant):
    def stated(command):
        text = " ".join(hextant(command, "--help").out.split())
        return re.search(r"--workers <workers> .*?(\d+ to \d+)", text)[1]

    assert (stated("worker"), stated("serve")) == ("1 to 64", "0 to 64")
    for count in [0, 65]:
        refused = hextant("worker", "--workers", count)
        assert refused.code == 78 and "from 1 to 64" in refused.err
    assert "from 0 to 64" in hextant("serve", "--workers", 65).err


def test_resolutions_that_will_not_be_served_are_named(hextant, filled):
    assert hextant.json("score", "--dataset", filled)["not_served"] == []
    assert hextant.json("score", "--dataset", filled, "--resolution", 7, 12)["not_served"] == [12]
    assert "Not served: resolution 12" in hextant("score", "--dataset", filled, "--resolution", 12).out


# Every fault at once


def test_all_faults_of_a_configuration_are_told_with_their_lines(hextant, tmp_path):
    file = tmp_path / "hextant.yaml"
    file.write_text("host: 127.0.0.1\nprot: 80\ntile_ttl: [1]\n")
    lines = hextant("serve", "--config", file).err.splitlines()
    assert [line.split(": ")[1] for line in lines] == [f"{file}:2", f"{file}:3"]
    assert 'did you mean "port"' in lines[0]
    file.write_text("port: many\ntile_ttl: 0\nbasemap: notanurl\nlog_level: loud\ntls_key: key.pem\n")
    for command in [["serve"], ["config", "check"]]:
        told = hextant(*command, "--config", file, HEXTANT_WORKERS="-1")
        assert told.code == 78
        lines = told.err.splitlines()
        assert all(line.startswith("hextant: ") for line in lines)
        for number, name in enumerate(["port", "tile_ttl", "basemap", "log_level"], 1):
            assert sum(line.startswith(f"hextant: {file}:{number}: {name} is ") for line in lines) == 1, lines
        assert sum("workers" in line for line in lines) == 1
        assert sum("tls_certificate is not" in line for line in lines) == 1
        assert len(lines) == 6


def test_the_settings_are_shown_with_their_sources(hextant, tmp_path):
    file = tmp_path / "hextant.yaml"
    file.write_text("# comment\nport: 9000\ntoken_secret: tI8qf0m3Yx2bJk7Lw5nRz9Vd4cHs6gPa\n")
    told = hextant.json("config", "check", "--config", file, HEXTANT_TILE_TTL="60")["settings"]
    found = {each["setting"]: (each["value"], each["source"]) for each in told}
    assert found["port"] == ("9000", f"{file}:2") and found["tile_ttl"] == ("60", "HEXTANT_TILE_TTL")
    assert found["token_secret"] == ("(set)", f"{file}:3")
    assert found["database_url"][1] == "HEXTANT_DATABASE_URL"
    password = re.search(r"://[^:/@]*:([^@]*)@", hextant.environment["HEXTANT_DATABASE_URL"])
    assert password is None or password[1] not in json.dumps(told)


def test_all_faults_of_schedules_are_told_with_their_lines(hextant, tmp_path):
    file = schedules(
        tmp_path,
        "- name: one\n  cron: '99 * * * *'\n  dataset: a\n  from: yesterday\n  normalisation: rank\n"
        "- cron: '* * * * *'\n  job: refresh\n  dataset: a\n",
    )
    for command in ["worker", "serve"]:
        told = hextant(command, "--schedules", file)
        assert told.code == 78
        keys = [re.match(rf'hextant: {file}:(\d+): "?([a-z]+)', line).groups() for line in told.err.splitlines()]
        assert keys == [
            ("2", "cron"), ("4", "from"), ("5", "normalisation"), ("6", "name"), ("8", "dataset")], told.err
    assert 'did you mean "normalization"' in told.err


def test_all_faults_of_a_dataset_are_told_with_their_lines(hextant, tmp_path):
    file = tmp_path / "bad.yaml"
    file.write_text(
        "slug: Bad Slug\ntitle: T\nlevels: [1, 2, 3]\nlevles: 3\nweights:\n  count: 1\n  growht: 2\n  average: 1\n"
        "time_zone: America/Nowhere\nresolutions: [7, x]\nflag_z: none\nretention_days: -1\n"
    )
    told = hextant("datasets", "put", file)
    assert told.code == 65
    found = [re.match(rf'hextant: {file}:(\d+): "?([a-z_.]+)', line).groups() for line in told.err.splitlines()]
    assert found == [
        ("1", "slug"), ("1", "licence"), ("1", "attribution"), ("3", "levels"), ("4", "levles"),
        ("7", "weights.growht"), ("9", "time_zone"), ("10", "resolutions"), ("11", "flag_z"),
        ("12", "retention_days"),
    ], told.err  # fmt: skip
    assert "{medium: 25, high: 50, critical: 75}" in told.err and 'did you mean "levels"' in told.err


# Bringing data in, and taking it back


def test_ingest_says_what_comes_next(hextant, dataset, tmp_path):
    file = tmp_path / "e.csv"
    file.write_text(events("2021-05-01"))
    told = hextant("ingest", file, "--dataset", dataset)
    assert f"Next: hextant score --dataset {dataset}, then hextant refresh" in told.out
    again = hextant("ingest", file, "--dataset", dataset)
    assert again.code == 0 and "Next" not in again.out


def test_ingest_publishes_what_it_brought(hextant, database, dataset, tmp_path):
    file = tmp_path / "e.csv"
    file.write_text(events("2021-05-01", "2021-05-03"))
    told = hextant.json("ingest", file, "--dataset", dataset, "--publish")
    assert told["accepted"] == 2 and "next" not in told
    published = told["published"]
    assert (published["first_day"], published["last_day"]) == ("2021-05-01", "2021-05-03")
    assert published["generation"] == database.value("SELECT generation FROM served_view")
    file.write_text(events("2021-05-04"))
    said = hextant("ingest", file, "--dataset", dataset, "--publish")
    assert "Served: 2021-05-01 to 2021-05-04" in said.out
    # Only the day that changed was read.
    assert database.value(
        "SELECT events FROM analytics_runs WHERE dataset = %s ORDER BY id DESC LIMIT 1", [dataset]) == 1
    # Early days that the last run left out stay out.
    hextant.json("score", "--dataset", dataset, "--from", "2021-05-03")
    file.write_text(events("2021-05-05"))
    hextant.json("ingest", file, "--dataset", dataset, "--publish")
    assert database.value(
        "SELECT from_day::text FROM analytics_runs WHERE dataset = %s ORDER BY id DESC LIMIT 1", [dataset]
    ) == "2021-05-03"
    assert hextant("ingest", file, "--dataset", dataset, "--publish", "--dry-run").code == 64


def served(database, dataset):
    return [day for [day] in database.rows(
        "SELECT DISTINCT day::text FROM mv_daily_risk WHERE dataset = %s ORDER BY 1", [dataset])]


def test_a_wrong_batch_is_taken_back(hextant, database, filled, ingest, tmp_path):
    wrong = ingest(events("2021-05-02", "2031-01-01"), "wrong.csv")["batch"]
    hextant.json("score", "--dataset", filled)
    hextant.json("refresh")
    assert served(database, filled) == ["2021-05-01", "2021-05-02", "2031-01-01"]
    assert hextant("batches", "delete", wrong, "--confirm", wrong + 1).code == 64
    told = hextant.json("batches", "delete", wrong, "--confirm", wrong)
    assert (told["events"], told["dataset"]) == (2, filled)
    assert [line["batch"] for line in hextant.json("batches", "list", "--dataset", filled)["batches"]] == [
        database.value("SELECT id FROM ingest_batches WHERE dataset = %s", [filled])]
    [entry] = hextant.json("audit", "list", "--action", "batches delete", "--target", wrong)["entries"]
    assert entry["outcome"] == "done" and filled in entry["detail"]
    with working(hextant, tmp_path / "worker.log"):
        wait_until(
            lambda: hextant.json("runs", "list", "--dataset", filled)["runs"][0]["state"] == "finished", "the run")
    [newest, *_] = hextant.json("runs", "list", "--dataset", filled)["runs"]
    assert newest["run"] == told["run"] and newest["trigger"] == f"deletion of batch {wrong}"
    assert served(database, filled) == ["2021-05-01", "2021-05-02"]
    log = (tmp_path / "worker.log").read_text()
    assert f"dataset={filled}" in log and "trigger=deletion of batch" in log
    gone = hextant("batches", "delete", wrong, "--confirm", wrong)
    assert gone.code == 65 and "hextant batches list" in gone.err
    assert hextant.json("audit", "--outcome", "failed", "--target", wrong)["entries"][0]["action"] == "batches delete"


def test_a_batch_is_taken_back_over_http(hextant, server, database, filled, ingest):
    batch = ingest(events("2021-05-07"), "more.csv")["batch"]
    url = f"{server.url}/v1/ingest/batches/{batch}"
    other = hextant.put_dataset(Path(os.environ["HEXTANT_STATE"]), "someone-elses", visibility="private")
    assert requests.delete(url, timeout=60).status_code == 401
    assert requests.delete(url, headers=bearer(add_key(hextant, "public")), timeout=60).status_code == 403
    confined = add_key(hextant, "analyst", [other])
    assert requests.delete(url, headers=bearer(confined), timeout=60).status_code == 404
    key = add_key(hextant, "analyst", [filled])
    answer = requests.delete(url, headers=bearer(key), timeout=60)
    assert answer.status_code == 200
    told = answer.json()
    assert told | {"run": 0} == {"batch": batch, "dataset": filled, "events": 1, "dead_letters": 0, "run": 0}
    assert requests.delete(url, headers=bearer(key), timeout=60).status_code == 404
    [name] = [each["trigger"] for each in hextant.json("runs", "list", "--dataset", filled)["runs"]
              if each["run"] == told["run"]]  # fmt: skip
    assert name == f"deletion of batch {batch}"


# Lists


def test_what_is_stored_of_a_dataset_is_shown_as_put_takes_it(hextant, filled, tmp_path):
    told = hextant.json("datasets", "show", filled)
    assert (told["events"], told["batches"], told["first_day"], told["last_day"]) == (2, 1, "2021-05-01", "2021-05-02")
    shown = hextant("datasets", "show", filled)
    file = tmp_path / "again.yaml"
    file.write_text(shown.out)
    assert hextant.json("datasets", "put", file) == {"dataset": filled, "added": False}
    assert hextant.json("datasets", "show", filled)["description"] == told["description"]
    assert hextant("datasets", "show", "nosuch").code == 65


def test_runs_are_listed_with_their_state(hextant, filled):
    [run] = hextant.json("runs", "list", "--dataset", filled)["runs"]
    assert (run["kind"], run["state"], run["trigger"]) == ("score", "finished", "command score")
    assert (run["from"], run["to"]) == ("2021-05-01", "2021-05-02")
    assert hextant.json("runs", "list", "--dataset", filled, "--state", "failed")["runs"] == []
    assert hextant("runs", "list", "--state", "done").code == 64
    assert hextant("runs", "list", "--dataset", "nosuch").code == 65


def test_the_audit_log_is_read_by_actor_action_and_day(hextant, folder):
    user = add_user(hextant, folder)
    told = hextant.json("audit", "list", "--action", "users", "--target", user)["entries"]
    assert [each["action"] for each in told] == ["users add"] and told[0]["actor"] == "command"
    assert hextant.json("audit", "list", "--target", user, "--since", "2999-01-01")["entries"] == []
    assert hextant.json("audit", "list", "--target", user, "--actor", "anonymous")["entries"] == []
    assert hextant("audit", "list", "--since", "soon").code == hextant("audit", "list", "--outcome", "x").code == 64


def test_a_user_is_deleted(hextant, database, folder, filled):
    user = add_user(hextant, folder, role="analyst")
    hextant.json("datasets", "grant", filled, user)
    assert hextant("users", "delete", user, "--confirm", "other").code == 64
    assert hextant.json("users", "delete", user, "--confirm", user) == {"user": user, "changed": True}
    assert user not in [each["user"] for each in hextant.json("users", "list")["users"]]
    assert database.value("SELECT count(*) FROM dataset_grants WHERE dataset = %s", [filled]) == 0
    again = hextant("users", "delete", user, "--confirm", user)
    assert again.code == 65 and "hextant users list" in again.err
    assert hextant.json("audit", "--target", user)["entries"][0]["action"] == "users delete"


def test_schedules_are_listed_and_run(lonely, tmp_path):
    hextant, database = lonely
    filled = hextant.put_dataset(tmp_path, "by-schedule")
    (tmp_path / "e.csv").write_text(events("2021-05-01"))
    hextant.json("ingest", tmp_path / "e.csv", "--dataset", filled)
    file = schedules(
        tmp_path,
        f"- {{name: nightly, cron: '15 3 * * *', dataset: {filled}, resolutions: [7]}}\n"
        "- {name: trim, cron: '0 4 * * *', job: retention}\n",
    )
    listed = hextant.json("schedules", "list", "--schedules", file)["schedules"]
    assert [(each["schedule"], each["job"], each.get("dataset")) for each in listed] == [
        ("nightly", "score", filled), ("trim", "retention", None)]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT0[34]:\d\d:00Z", each["next"]) for each in listed)
    assert "last_run" not in listed[0]
    run = hextant.json("schedules", "run", "nightly", "--schedules", file)["run"]
    assert database.rows(
        "SELECT dataset, resolutions, trigger, state::text FROM analytics_runs WHERE id = %s", [run]
    ) == [(filled, [7], "command schedules run nightly", "queued")]
    wrong = hextant("schedules", "run", "nigthly", "--schedules", file)
    assert wrong.code == 64 and 'did you mean "nightly"' in wrong.err
    assert hextant("schedules", "list").code == 78
    # One that came due by itself is told of.
    file.write_text("- {name: each minute, cron: '* * * * *', job: refresh}\n")
    with working(hextant, tmp_path / "worker.log", "--schedules", file):
        wait_until(
            lambda: hextant.json("schedules", "list", "--schedules", file)["schedules"][0].get("last_state")
            == "finished", "the schedule to be done")  # fmt: skip


def test_a_key_whose_datasets_are_gone_says_so(hextant, folder):
    slug = hextant.put_dataset(folder, "short-lived")
    add_key(hextant, "analyst", [slug], "--days", 3)
    hextant.json("datasets", "delete", slug, "--confirm", slug)
    assert "for datasets that were deleted  until" in hextant("keys", "list").out
    gone = hextant("datasets", "delete", slug, "--confirm", slug)
    assert gone.code == 65 and "put" not in gone.err and "hextant datasets list" in gone.err


@pytest.mark.parametrize(
    "words, meant",
    [
        (["datasets", "lst"], "hextant datasets list"),
        (["serv"], "hextant serve"),
        (["migrate", "upp"], "hextant migrate up"),
        (["users", "set-rol", "ada", "admin"], "hextant users set-role"),
        (["batchs", "list"], "hextant batches"),
        (["nonsense"], None),
        (["datasets"], None),
        (["datasets", "list", "--nosuch"], None),
    ],
)
def test_a_mistyped_command_is_answered_with_the_one_that_was_meant(words, meant):
    outcome = Hextant(None)(*words)
    asked = re.findall(r"Did you mean '(.*)'\?", outcome.out + outcome.err)
    assert asked == ([meant] if meant else [])
    assert outcome.code == (0 if words == ["datasets"] else 64)


def test_doctor_looks_at_settings_datasets_and_schedules(hextant, folder, tmp_path):
    def findings(**settings):
        told = hextant("doctor", "--json", **settings)
        found = {}
        for each in told.json["findings"]:
            found.setdefault(each["part"], []).append(each)
        return found

    hextant.put_dataset(folder, "looked-at")
    found = findings()
    assert found["configuration"][0]["grade"] == "well" and found["default_dataset"][0]["grade"] == "advice"
    file = schedules(tmp_path, "- {name: nightly, cron: '0 3 * * *', dataset: nosuch}\n")
    found = findings(
        HEXTANT_BASEMAP="notanurl", HEXTANT_DEFAULT_DATASET="lookd-at", HEXTANT_SCHEDULES=str(file),
        HEXTANT_REDIS_URL=f"redis://127.0.0.1:{free_port()}")  # fmt: skip
    assert [each["grade"] for each in found["configuration"]] == ["bad"]
    assert "basemap" in found["configuration"][0]["detail"]
    assert found["default_dataset"][0]["grade"] == "bad" and "looked-at" in found["default_dataset"][0]["detail"]
    assert found["schedules"][0]["grade"] == "advice" and "nosuch" in found["schedules"][0]["detail"]
    assert found["redis"][0]["grade"] == "bad"
    found = findings(HEXTANT_DEFAULT_DATASET="looked-at")
    assert found["default_dataset"][0]["grade"] == "well"


# Retention


def test_a_retention_is_stated_and_kept_by_a_job(lonely, folder, tmp_path):
    hextant, database = lonely
    slug = hextant.put_dataset(folder, "kept-for-a-year", retention_days=365)
    file = tmp_path / "e.csv"
    file.write_text(events("2001-05-01", database.value("SELECT (now() - interval '3 days')::date::text")))
    hextant.json("ingest", file, "--dataset", slug, "--publish")
    assert len(served(database, slug)) == 1  # a run leaves out what is not kept
    advice = {each["part"]: each for each in hextant("doctor", "--json").json["findings"]}["retention"]
    assert advice["grade"] == "advice" and slug in advice["detail"]
    plan = schedules(tmp_path, "- {name: trim, cron: '0 4 * * *', job: retention}\n")
    run = hextant.json("schedules", "run", "trim", "--schedules", plan)["run"]
    with working(hextant, tmp_path / "worker.log"):
        wait_until(
            lambda: database.value("SELECT state::text FROM analytics_runs WHERE id = %s", [run]) == "finished",
            "the job")
    assert database.value("SELECT count(*) FROM events WHERE dataset = %s", [slug]) == 1
    assert "deleted what is no longer kept" in (tmp_path / "worker.log").read_text()
    assert {each["part"]: each for each in hextant("doctor", "--json").json["findings"]}["retention"]["grade"] == "well"


# Metrics


def test_every_metric_has_a_text_that_explains_it(server, hextant, filled):
    families = {
        family.name: family for family in text_string_to_metric_families(server.get("/metrics").text)}
    for name, family in families.items():
        assert family.documentation and name.replace("_", " ") not in family.documentation.replace("_", " "), name
        assert family.documentation.endswith("."), name
    documented = (REPOSITORY / "docs/monitoring.md").read_text()
    for name in families:
        assert name.startswith("process_") or f"`{name}`" in documented or f"`{name}_total`" in documented, name


def test_jobs_refreshes_and_ingests_of_all_processes_are_measured(lonely, tmp_path):
    hextant, database = lonely
    filled = hextant.put_dataset(tmp_path, "measured")
    (tmp_path / "e.csv").write_text(events("2021-05-01", "2021-05-02"))
    hextant.json("ingest", tmp_path / "e.csv", "--dataset", filled, "--publish")
    private = hextant.put_dataset(tmp_path, "measured-privately", visibility="private")
    (tmp_path / "e.csv").write_text(events("2021-05-01") + "theft,yesterday,1,1,{}\n")
    for slug in [filled, private]:
        hextant.json("ingest", tmp_path / "e.csv", "--dataset", slug)
    with free_redis_database() as redis, serving(
        hextant, tmp_path / "server.log", "--redis-url", redis.url, "--workers", 0
    ) as server:  # fmt: skip
        wait_until(lambda: server.metric("dead_letters_open", dataset=filled) == 1, "the first figures")
        for outcome in ["finished", "failed"]:
            for kind in ["score", "refresh", "retention", "fetch", "outlook", "evaluation"]:
                assert f'jobs_ended_total{{kind="{kind}",outcome="{outcome}"}}' in server.get("/metrics").text
        before = server.metric("jobs_ended_total", kind="refresh", outcome="failed")
        refreshed = database.value("SELECT extract(epoch FROM refreshed_at)::float8 FROM served_view")
        assert abs(server.metric("view_refreshed_timestamp_seconds") - refreshed) < 0.001
        assert abs(server.metric("dataset_last_ingest_timestamp_seconds", dataset=filled) - time.time()) < 600
        assert private not in server.get("/metrics").text
        # A job fails for good in another process: a reader holds on to the view for longer than all attempts.
        database.rows(
            "WITH job AS (INSERT INTO jobs (kind, state, token, leased_until, worker) VALUES"
            " ('refresh', 'running', 1, now() + interval '1 minute', 'elsewhere') RETURNING id)"
            " INSERT INTO analytics_runs (job, kind, resolutions) SELECT id, 'refresh', '{}' FROM job RETURNING 1")
        database.rows(
            "UPDATE jobs SET state = 'failed', token = NULL, leased_until = NULL, finished_at = now()"
            " WHERE worker = 'elsewhere' RETURNING 1")
        wait_until(
            lambda: server.metric("jobs_ended_total", kind="refresh", outcome="failed") == before + 1, "the failure")
        database.rows(
            "INSERT INTO jobs (kind, run_at) VALUES ('refresh', now() - interval '1 hour') RETURNING 1")
        wait_until(lambda: server.metric("jobs_waiting_seconds") > 3500, "the job that waits")
        assert server.metric("jobs_waiting", kind="refresh") == 1
        database.rows("DELETE FROM jobs RETURNING 1")
    with serving(hextant, tmp_path / "all.log", "--dataset-metrics", "all", "--workers", 0) as server:
        wait_until(lambda: server.metric("dead_letters_open", dataset=private) == 1, "the private dataset")
    with serving(hextant, tmp_path / "none.log", "--dataset-metrics", "none", "--workers", 0) as server:
        wait_until(lambda: server.metric("view_refreshed_timestamp_seconds") > 0, "the figures")
        assert "dead_letters_open{" not in server.get("/metrics").text


# The installation


def test_the_installation_has_everything(tmp_path, hextant):
    done = subprocess.run(
        [REPOSITORY / "scripts/install", "/usr"], capture_output=True, text=True,
        env=os.environ | {"DESTDIR": str(tmp_path), "HEXTANT_BIN": hextant.binary})  # fmt: skip
    assert done.returncode == 0, done.stderr
    root = tmp_path / "usr"
    installed = Hextant(hextant.environment["HEXTANT_DATABASE_URL"], binary=root / "bin/hextant")
    installed.environment.pop("HEXTANT_HOME", None)
    # It finds its files beside itself.
    assert installed.json("migrate", "status")["migrations"]
    assert (root / "share/hextant/static/index.html").exists() and (root / "share/hextant/mappings").is_dir()
    script = root / "share/bash-completion/completions/hextant"
    assert subprocess.run(["bash", "-n", script]).returncode == 0
    completed = subprocess.run(
        ["bash", "-c", f"source {script}; COMP_WORDS=(hextant dat); COMP_CWORD=1; COMP_LINE='hextant dat';"
         " COMP_POINT=11; _hextant 2>/dev/null; printf '%s\\n' \"${COMPREPLY[@]}\""],
        capture_output=True, text=True, env=os.environ | {"PATH": f"{root}/bin:{os.environ['PATH']}"})  # fmt: skip
    assert "datasets" in completed.stdout.split(), completed
    for place in ["zsh/vendor-completions/_hextant", "fish/vendor_completions.d/hextant.fish"]:
        assert "datasets" in (root / "share" / place).read_text()

    manual = gzip.decompress((root / "share/man/man1/hextant.1.gz").read_bytes())
    shown = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-P-c"], input=manual, capture_output=True)
    assert (shown.returncode, shown.stderr) == (0, b""), shown.stderr.decode()
    text = re.sub(r".\x08", "", shown.stdout.decode())
    for words in ["hextant batches delete", "--default-dataset", "HEXTANT_CONFIG", "EXIT STATUS"]:
        assert words in text, words


def test_the_version_names_the_commit_that_the_build_was_told(tmp_path):
    told = Hextant(None)("version")
    assert told.code == 0 and re.match(r"hextant \d+\.\d+\.\d+, commit ", told.out)
    # The number alone, as scripts/package needs it.
    assert told.out.startswith(f"hextant {Hextant(None)('--version').out.strip()}, ")
    # scripts/build tells the commit, and Package.swift hands it on to the one target that knows it.
    asked = subprocess.run(
        ["bash", "-c", ". scripts/lib/commit.sh; echo \"$HEXTANT_COMMIT $HEXTANT_BUILD_DATE\""],
        cwd=REPOSITORY, capture_output=True, text=True, check=True,
        env={name: value for name, value in os.environ.items() if name != "HEXTANT_COMMIT"},
    ).stdout.split()  # fmt: skip
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    assert head.startswith(asked[0].removesuffix("-dirty")) and asked[1].endswith("Z")
    package = subprocess.run(
        ["swift", "package", "dump-package"], cwd=REPOSITORY, capture_output=True, text=True, check=True,
        env=os.environ | {"HEXTANT_COMMIT": "0123456789ab"}).stdout  # fmt: skip
    [target] = [each for each in json.loads(package)["targets"] if each["name"] == "CBuild"]
    assert 'HEXTANT_COMMIT=\\"0123456789ab\\"' in json.dumps(target) or "0123456789ab" in json.dumps(target)
