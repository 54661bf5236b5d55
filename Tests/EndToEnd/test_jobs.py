"""Workers and schedules as separate processes: killed, doubled, and configured wrongly."""

import signal
import subprocess
from contextlib import contextmanager

import pytest
import requests
from accounts import add_key, bearer
from serving import serving
from waiting import wait_until

LINE = "theft,2021-05-01T10:00:00Z,-79.4,43.7,{}\n"
HEADER = "event_type,event_timestamp,longitude,latitude,attributes_json\n"


@pytest.fixture(scope="module")
def server(hextant, folder):
    """A server that runs no jobs itself."""
    with serving(hextant, folder / "jobs.log", "--workers", "0") as server:
        yield server


@pytest.fixture
def start_run(server, key, ingest, dataset):
    def start_run(key=key):
        ingest(HEADER + LINE)
        # The server caches the list of datasets for two seconds.
        wait_until(lambda: f'"{dataset}"' in server.get("/v1/datasets").text, "the server to know the dataset")
        answer = requests.post(
            f"{server.url}/v1/analytics/run?dataset={dataset}&resolution=7", timeout=60,
            headers=bearer(key))
        assert answer.status_code == 202, answer.text
        return f"/v1/analytics/runs/{answer.json()['id']}"

    return start_run


@contextmanager
def working(hextant, log, *flags):
    with open(log, "wb") as file:
        process = subprocess.Popen(
            [hextant.binary, "worker", *map(str, flags)], env=hextant.environment, stdin=subprocess.DEVNULL,
            stdout=file, stderr=file)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0, log.read_text()


@contextmanager
def scoring_held_up(database):
    """Scoring waits until the end of the block."""
    with database.connect() as connection:
        connection.execute("LOCK TABLE daily_counts IN ACCESS EXCLUSIVE MODE")
        yield


def test_the_job_of_a_killed_worker_is_finished_by_another(hextant, database, server, start_run, tmp_path):
    run = start_run()
    with scoring_held_up(database):
        with working(hextant, tmp_path / "first.log") as first:
            wait_until(lambda: server.json(run)["state"] == "running", "the run to begin")
            first.kill()
            assert first.wait() == -signal.SIGKILL
        [[worker, seconds]] = database.rows(
            "SELECT worker, extract(epoch FROM leased_until - now()) FROM jobs WHERE state = 'running'")
        assert f":{first.pid}/" in worker and 0 < seconds <= 30
        # As if its thirty seconds were over.
        database.rows("UPDATE jobs SET leased_until = now() WHERE state = 'running'")
    with working(hextant, tmp_path / "second.log"):
        wait_until(lambda: server.json(run)["state"] == "finished", "the run to be finished")
    told = server.json(run)
    assert (told["attempts"], told["progress"], told["rows"]) == (2, 1, 1)


def test_a_run_is_cancelled_in_the_middle(hextant, database, server, key, start_run, tmp_path):
    run = start_run()
    with scoring_held_up(database):
        with working(hextant, tmp_path / "worker.log"):
            wait_until(lambda: server.json(run)["state"] == "running", "the run to begin")
            answer = requests.delete(server.url + run, headers=bearer(key), timeout=60)
            assert answer.status_code == 202
            # The table it waits for is still locked: its statement was cancelled.
            wait_until(lambda: server.json(run)["state"] == "cancelled", "the run to be cancelled")
    # Nothing of it was written, and no worker takes it up again.
    with working(hextant, tmp_path / "other.log"):
        other = start_run()
        wait_until(lambda: server.json(other)["state"] == "finished", "another run")
    told = server.json(run)
    assert (told["state"], told["rows"], told["attempts"]) == ("cancelled", 0, 1)


def another_key(hextant, database, dataset):
    """A key for the dataset, and its name."""
    key = add_key(hextant, "analyst", [dataset])
    return key, database.value("SELECT name FROM api_keys ORDER BY id DESC LIMIT 1")


SOON = "UPDATE api_keys SET expires_at = clock_timestamp() + interval '1 s' WHERE name = %s"
ENDED = "the right of who asked for it has ended"


@pytest.mark.parametrize("way", ["revoked", "expired"])
def test_a_job_that_waits_is_not_done_for_who_lost_the_right(
    hextant, database, server, start_run, dataset, tmp_path, way
):
    key, name = another_key(hextant, database, dataset)
    run, kept = start_run(key), start_run()
    if way == "revoked":
        hextant.json("keys", "revoke", name)
        assert server.json(run)["state"] == "cancelled"  # in the same transaction
    else:
        database.rows(SOON, [name])
        assert server.json(run)["state"] == "queued"
        wait_until(
            lambda: database.value("SELECT expires_at < clock_timestamp() FROM api_keys WHERE name = %s", [name]),
            "the key to expire", 10)
    with working(hextant, tmp_path / "worker.log"):
        wait_until(lambda: server.json(kept)["state"] == "finished", "the run of another")
        wait_until(lambda: server.json(run)["state"] == "cancelled", "the run to be cancelled")
    told = server.json(run)
    assert (told["attempts"], told["rows"]) == (0, 0)
    assert database.value("SELECT error FROM analytics_runs WHERE id = %s", [told["id"]]) == ENDED


@pytest.mark.parametrize("way", ["revoked", "expired"])
def test_a_job_under_way_ends_when_its_requester_loses_the_right(
    hextant, database, server, start_run, dataset, tmp_path, way
):
    key, name = another_key(hextant, database, dataset)
    run = start_run(key)
    with scoring_held_up(database):
        with working(hextant, tmp_path / "worker.log"):
            wait_until(lambda: server.json(run)["state"] == "running", "the run to begin")
            if way == "revoked":
                hextant.json("keys", "revoke", name)
            else:
                database.rows(SOON, [name])
            # While the table it waits for is still locked.
            wait_until(lambda: server.json(run)["state"] == "cancelled", "the run to be cancelled", 20)
    told = server.json(run)
    assert (told["attempts"], told["rows"]) == (1, 0)
    assert database.value("SELECT error FROM analytics_runs WHERE id = %s", [told["id"]]) == ENDED
    assert database.value("SELECT count(*) FROM daily_counts WHERE dataset = %s", [dataset]) == 0


def test_a_schedule_that_two_workers_have_comes_once(hextant, database, server, folder, tmp_path):
    schedules = tmp_path / "schedules.yaml"
    # Both look ten minutes back when they start, so the last minute is due for both at once.
    schedules.write_text('- {name: each minute, cron: "* * * * *", job: refresh}\n')
    before = database.value("SELECT count(*) FROM analytics_runs WHERE kind = 'refresh'")
    with working(hextant, tmp_path / "one.log", "--schedules", schedules):
        with working(hextant, tmp_path / "two.log", "--schedules", schedules):
            logs = [tmp_path / "one.log", tmp_path / "two.log"]
            wait_until(lambda: all("working" in log.read_text() for log in logs), "both workers")
            wait_until(
                lambda: database.value(
                    "SELECT count(*) FROM jobs WHERE key LIKE 'schedule each minute %' AND state = 'finished'"),
                "the scheduled job")
    due = [int(key.rsplit(" ", 1)[1]) for [key] in database.rows("SELECT key FROM jobs WHERE key LIKE 'schedule %'")]
    assert len(set(due)) == len(due) and all(time % 60 == 0 for time in due)
    runs = database.value("SELECT count(*) FROM analytics_runs WHERE kind = 'refresh'") - before
    assert runs == len(due)


@pytest.mark.parametrize(
    "text, line, words",
    [
        ("name: x\n", 1, "a list of schedules"),
        ("- {name: x, cron: '* * * * *'}\n", 1, "dataset: is needed"),
        ("- {cron: '* * * * *'}\n", 1, "name: is needed"),
        ("- {name: x, job: refresh}\n", 1, "cron: is needed"),
        ("- name: x\n  cron: '61 * * * *'\n  job: refresh\n", 2, "minute \"61\""),
        ("- name: x\n  cron: '* * * * *'\n  time_zone: Moon\n  job: refresh\n", 2, "not a known IANA time zone"),
        ("- name: x\n  cron: '* * * * *'\n  job: sweep\n", 3, "retention, remediate, areas, outlook, evaluation"),
        ("- name: x\n  cron: '* * * * *'\n  job: refresh\n  dataset: a\n", 4, "cannot be used with job: refresh"),
        ("- name: x\n  cron: '* * * * *'\n  dataset: a\n  resolutions: [7, 16]\n", 4, "from 0 to 15"),
        ("- name: x\n  cron: '* * * * *'\n  dataset: a\n  from: 2021-02-30\n", 4, "a date such as"),
        ("- name: x\n  cron: '* * * * *'\n  dataset: a\n  from: 2021-02-02\n  to: 2021-02-01\n", 5, "is before from"),
        ("- name: x\n  cron: '* * * * *'\n  dataset: a\n  normalization: rank\n", 4, "minmax or percentile"),
        ("- name: x\n  cron: '* * * * *'\n  dataset: a\n  refresh: perhaps\n", 4, "true or false"),
        ("- name: x\n  cron: '* * * * *'\n  dataset: a\n  colour: red\n", 4, "\"colour\" is not a key"),
        ("- {name: x, cron: '0 * * * *', job: refresh}\n- {name: x, cron: '1 * * * *', job: refresh}\n", 2, "twice"),
        ("- {name: x\n", 2, "is not YAML"),
    ],
)
def test_schedules_that_cannot_be_used_are_refused_with_their_line(hextant, tmp_path, text, line, words):
    schedules = tmp_path / "schedules.yaml"
    schedules.write_text(text)
    done = hextant("worker", "--schedules", schedules)
    assert done.code == 78, done.err
    assert words in done.err
    assert f"{schedules}:{line}:" in done.err or words == "is not YAML"


def test_schedules_of_every_kind_are_taken(hextant, database, dataset, tmp_path):
    schedules = tmp_path / "schedules.yaml"
    schedules.write_text(
        f"- name: all of it\n  cron: '*/5 * * * *'\n  time_zone: America/Toronto\n  dataset: {dataset}\n"
        "  resolutions: [9, 7]\n  from: 2021-01-01\n  to: 2021-12-31\n  normalization: percentile\n  refresh: false\n")
    with working(hextant, tmp_path / "worker.log", "--schedules", schedules):
        wait_until(
            lambda: database.value("SELECT count(*) FROM analytics_runs WHERE dataset = %s", [dataset]), "the run")
    assert database.rows(
        "SELECT resolutions, from_day::text, to_day::text, normalization, refresh"
        " FROM analytics_runs WHERE dataset = %s",
        [dataset],
    )[0] == ([7, 9], "2021-01-01", "2021-12-31", "percentile", False)
