"""Feeds read the stand-in: each fills its dataset, the next run asks for nothing that is held, and no habit of a source
and no moment of a kill leaves other events than the source has."""

import itertools
import os
import random
import re
import signal
import socket
import subprocess
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
import requests
import yaml
from accounts import add_key, bearer
from command import Hextant
from feed_world import (
    CHECKBOOK,
    CRIMES_OF_BOSTON,
    FEEDS,
    FORCES,
    MONTHS,
    REQUESTS_OF_BOSTON,
    SECRETS,
    digest,
    expected,
    feed_file,
    feed_world,
    flags,
    stored,
    told,
    write_feed,
)
from prometheus_client.parser import text_string_to_metric_families
from redis_database import free_redis_database
from serving import serving
from standin.habits import COMMON, NAMES
from test_jobs import working
from waiting import wait_until

SEED = int(os.environ.get("HEXTANT_SEED") or random.SystemRandom().randrange(1_000_000))
_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def seed():
    print(f"HEXTANT_SEED={SEED}")  # shown when a test fails


@pytest.fixture
def world(tmp_path):
    with feed_world(tmp_path / "tls") as world:
        yield world


@pytest.fixture
def feeds(hextant, world, tmp_path):
    """Commands over a folder of feeds of the test."""
    return Feeds(hextant, world, tmp_path / "feeds")


class Feeds:
    def __init__(self, hextant, world, folder):
        self.hextant, self.world, self.folder = hextant, world, folder
        folder.mkdir()

    def add(self, name, **changes):
        """A feed of the repository with a dataset of its own, so that tests share a database; its slug."""
        slug = f"{name}-{next(_numbers)}"
        return feed_file(self.folder, name, self.world, feed=slug, dataset=slug, **changes)

    def __call__(self, *arguments, **environment):
        return self.hextant("feeds", *arguments, *flags(self.folder, self.world), "--json", **SECRETS | environment)

    def start(self, *arguments):
        return self.hextant.start("feeds", *arguments, *flags(self.folder, self.world), **SECRETS)

    def run(self, name, *options):
        """A run that must succeed; without scores, which take longer than the rest."""
        outcome = self("run", name, *(options or ["--no-publish"]))
        assert outcome.code == 0, outcome.out + outcome.err
        [run] = told(outcome)["runs"]
        return run


def of(slug):
    """The feed of the repository that a feed of a test was made of."""
    return next(name for name in FEEDS if name in slug)


def assert_events(database, world, slug):
    wanted, found = expected(world, of(slug)), stored(database, slug)
    assert wanted.total() > 0
    assert found - wanted == wanted - found == found.__class__(), slug


@pytest.mark.parametrize("name", FEEDS)
def test_each_feed_of_the_repository_fills_its_dataset(feeds, database, world, name):
    slug = feeds.add(name)
    checked = feeds("check", slug)
    assert checked.code == 0, checked.out + checked.err
    [line] = told(checked)["feeds"]
    assert line["due"] == line["offered"] > 0
    assert database.value("SELECT count(*) FROM datasets WHERE slug = %s", [slug]) == 0  # a check stores nothing

    first = feeds.run(slug, "--anew")
    assert_events(database, world, slug)
    wanted = expected(world, name).total()
    assert (first["accepted"], first["duplicate"], first["removed"], first["failures"]) == (wanted, 0, 0, [])
    assert first["read"] == first["offered"] == line["offered"]
    # It is scored and served.
    assert first["published"]["generation"] > 0
    served = database.value(
        "SELECT sum(event_count) FROM mv_daily_risk WHERE dataset = %s AND resolution = %s",
        [slug, first["published"]["resolutions"][0]])  # fmt: skip
    assert served == wanted
    # Where rows came from is known.
    batches = database.rows(
        """
        SELECT DISTINCT feed, feed_part, source_address, retrieved_at IS NOT NULL
        FROM ingest_batches WHERE dataset = %s
        """, [slug])  # fmt: skip
    parts = database.rows("SELECT part FROM feed_checkpoints WHERE dataset = %s", [slug])
    assert {part for _, part, *_ in batches} <= {part for (part,) in parts}
    for feed, _, address, is_timed in batches:
        assert feed == slug and is_timed and address.startswith(world.url)
        assert not any(secret in address for secret in SECRETS.values())


# The requests of a run that finds nothing new: what the source offers, or whether a file is another.
AVAILABILITY = {
    "uk-police": {"crimes-street-dates", "crime-last-updated"},
    "socrata": {"count"},
    "ckan": {"resource_show", "limit=0"},
}


@pytest.mark.parametrize("name", FEEDS)
def test_a_second_run_asks_for_availability_only(feeds, database, world, name):
    slug = feeds.add(name)
    feeds.run(slug)
    before = digest(database, slug)
    world.forget()
    second = feeds.run(slug, "--no-publish")
    asked = world.requests()
    assert (second["accepted"], second["removed"]) == (0, 0)
    kind = yaml.safe_load((feeds.folder / f"{slug}.yaml").read_text())["source"]
    if kind in AVAILABILITY:
        assert second["read"] == 0 and len(asked) == len(AVAILABILITY[kind])
        for part in AVAILABILITY[kind]:
            assert sum(part in path for _, path, _ in asked) == 1, asked
    else:
        assert {status for *_, status in asked} == {304}
    assert digest(database, slug) == before
    assert database.value("SELECT count(*) FROM feed_runs WHERE feed = %s AND batches > 0", [slug]) == 1


def test_what_a_run_brought_is_scored_by_the_next_if_the_first_could_not(feeds, database):
    slug = feeds.add("earthquakes")
    feeds.run(slug)
    outcome = feeds("run", slug)
    [run] = told(outcome)["runs"]
    assert run["accepted"] == 0 and run["published"]["run"] > 0
    outcome = feeds("run", slug)
    assert told(outcome)["runs"][0].get("published") is None
    assert database.rows("SELECT DISTINCT score_run FROM feed_runs WHERE feed = %s AND accepted > 0", [slug]) == [
        (run["published"]["run"],)]


def test_rows_that_change_or_go_at_the_source_change_or_go_here(feeds, database, world):
    names = ["uk-stops", "boston-311", "nyc-311", "earthquakes", "fires"]
    slugs = {name: feeds.add(name) for name in names}
    for slug in slugs.values():
        feeds.run(slug)
    # A month is corrected: a stop goes, one comes.
    stops = world.police.stops[("essex", MONTHS[-1])]
    del stops[3]
    world.police.add_month("2024-08", FORCES[2:], stops=7)
    world.police.updated = "2024-09-01"
    # The resource is loaded again without ten rows, and with another.
    resource = world.ckan.resources[REQUESTS_OF_BOSTON]
    del resource.rows[100:110]
    resource.rows.append(resource.rows[0] | {"case_enquiry_id": "1", "reason": "New"})
    resource.modified += "1"
    world.socrata.datasets["erm2-nwe9"].put({"unique_key": "60000005", "complaint_type": "Changed"}, key="unique_key")
    world.socrata.add_requests(count=30)
    world.files.correct_quake("ak00000001")
    day = f"standin-key/{datetime.now(UTC).date()}"
    lines = world.files.contents[day].decode().splitlines(keepends=True)
    world.files.contents[day] = "".join(lines[:1] + lines[3:] + [lines[5]]).encode()
    outcomes = {name: feeds.run(slug) for name, slug in slugs.items()}
    for slug in slugs.values():
        assert_events(database, world, slug)
    assert outcomes["boston-311"]["removed"] == 10 and outcomes["boston-311"]["accepted"] == 1
    assert outcomes["fires"]["removed"] == 2 and outcomes["fires"]["accepted"] == 1
    assert outcomes["earthquakes"]["accepted"] == 1
    for slug in slugs.values():
        counted = database.value(
            "SELECT sum(k.count) FROM event_days d CROSS JOIN unnest(d.kinds) k WHERE d.dataset = %s", [slug])
        assert counted == database.value("SELECT count(*) FROM events WHERE dataset = %s", [slug])
        orphans = """
            SELECT count(*) FROM event_identities i WHERE i.dataset = %s AND NOT EXISTS (
                SELECT FROM events e WHERE e.dataset = i.dataset AND e.sequence = i.sequence)
            """
        assert database.value(orphans, [slug]) == 0


def test_anew_reads_all_of_it_and_changes_nothing(feeds, database, world):
    for name in ["uk-stops", "boston-crime", "nyc-311", "fires"]:
        slug = feeds.add(name)
        feeds.run(slug)
        before = digest(database, slug)
        batches = database.value("SELECT count(*) FROM ingest_batches WHERE dataset = %s", [slug])
        again = feeds.run(slug, "--anew", "--no-publish")
        assert (again["accepted"], again["removed"]) == (0, 0), name
        known = again["duplicate"] + again["rejected"]
        assert known >= expected(world, name).total() and again["rejected"] == 0 or name == "uk-stops", name
        assert digest(database, slug) == before
        assert database.value("SELECT count(*) FROM ingest_batches WHERE dataset = %s", [slug]) > batches


# Habits of sources


PASSING = [
    "rate-limit", "429", "429-retry-after", "503-html", "200-html", "500", "504-late", "cut", "length-too-long",
    "cut-chunks", "cut-json", "stall", "reset", "gzip"]  # fmt: skip
REFUSALS = ["redirect-inside", "redirect-round"]
FAILURES = ["ckan-200-failure", "ckan-bare-string", "ckan-localised", "ckan-old-validation"]


def test_every_habit_has_a_test():
    assert set(PASSING) | set(REFUSALS) == set(COMMON)
    text = open(__file__).read()
    assert all(f'"{name}"' in text for name in NAMES)


@pytest.mark.parametrize("habit", PASSING)
def test_a_habit_that_passes_costs_requests_and_nothing_else(feeds, database, world, habit):
    slug = feeds.add("boston-311")
    world.habits.on(habit, times=None if habit == "rate-limit" else 2, only="datastore_search")
    run = feeds.run(slug)
    assert habit == "rate-limit" or world.habits.met[habit] == 2
    assert run["failures"] == []
    assert_events(database, world, slug)


@pytest.mark.parametrize("habit", REFUSALS)
def test_a_source_that_leads_astray_is_not_followed(feeds, database, world, habit):
    slug = feeds.add("fires")
    world.habits.on(habit, only="standin-key")
    outcome = feeds("run", slug)
    assert outcome.code == 1
    [run] = told(outcome)["runs"]
    assert {failure["code"] for failure in run["failures"]} == {"host" if habit == "redirect-inside" else "redirect"}
    assert len(run["failures"]) == 3 and stored(database, slug).total() == 0
    assert not any(secret in outcome.out + outcome.err for secret in SECRETS.values())
    world.habits.off()
    feeds.run(slug)
    assert_events(database, world, slug)


@pytest.mark.parametrize("habit", FAILURES)
def test_a_source_that_says_no_is_told_and_changes_nothing(feeds, database, world, habit):
    slug = feeds.add("boston-crime")
    feeds.run(slug)
    before = digest(database, slug)
    world.ckan.resources[CRIMES_OF_BOSTON].modified += "1"
    world.habits.on(habit)
    outcome = feeds("run", slug)
    assert outcome.code == 65 and outcome.err.startswith("hextant: https://localhost")
    assert digest(database, slug) == before
    [line] = told(feeds("status", slug))["feeds"]
    assert line["last_run"]["state"] == "failed" and line["last_success"]
    world.habits.off()
    assert feeds.run(slug)["failures"] == []
    assert digest(database, slug) == before


def test_a_resource_that_is_loaded_again_while_it_is_read_ends_whole(feeds, database, world):
    slug = feeds.add("boston-311", rows_per_batch=100)
    world.habits.on("ckan-renumbered", times=1, only=REQUESTS_OF_BOSTON)
    outcome = feeds("run", slug, "--no-publish")
    if outcome.code:
        assert [failure["code"] for failure in told(outcome)["runs"][0]["failures"]] == ["changed"]
    world.habits.off()
    feeds.run(slug)
    assert world.habits.met["ckan-renumbered"] == 1
    assert_events(database, world, slug)


@pytest.mark.parametrize("habit", ["socrata-202", "socrata-insert", "socrata-touch"])
def test_a_dataset_that_changes_while_it_is_read_ends_as_it_is(feeds, database, world, habit):
    slug = feeds.add("nyc-311", page=90, rows_per_batch=150)
    world.habits.on(habit, times=3)
    feeds.run(slug)
    feeds.run(slug)
    assert world.habits.met[habit] == 3
    assert_events(database, world, slug)


def test_an_error_of_socrata_names_the_column(feeds, database, world):
    slug = feeds.add("nyc-permits")
    world.habits.on("socrata-nested-error")
    outcome = feeds("run", slug)
    assert outcome.code == 65 and "(column ncategory)" in outcome.err
    assert "standin-token" not in outcome.out + outcome.err


def test_an_error_of_arcgis_with_200_is_one(feeds, database, world):
    mapping = feeds.folder.parent / "layer.yaml"
    mapping.write_text(yaml.safe_dump({
        "format": "ndjson",
        "event_type": {"constant": "request"},
        "event_id": {"column": "properties.REQUEST"},
        "time": {"column": "properties.REQUEST_DATE", "patterns": ["epoch_milliseconds"]},
        "coordinates": {"longitude": "geometry.coordinates.0", "latitude": "geometry.coordinates.1"},
    }))  # fmt: skip
    slug = write_feed(feeds.folder, {
        "feed": "layer", "source": "arcgis", "dataset": "layer", "mapping": str(mapping),
        "url": f"{world.url}/arcgis/rest/services/Requests/FeatureServer/0", "allow_private": True,
        "new_dataset": {"title": "Layer", "licence": "none", "attribution": "nobody", "resolutions": [7]},
    })  # fmt: skip
    world.habits.on("arcgis-error")
    outcome = feeds("run", slug)
    assert outcome.code == 65 and "Invalid query parameters" in outcome.err
    world.habits.off()
    feeds.run(slug)
    assert stored(database, slug).total() == 120


@pytest.mark.parametrize("habit", ["police-fields-reordered", "police-outcome-forms"])
def test_the_same_stops_written_in_another_way_are_the_same(feeds, database, world, habit):
    slug = feeds.add("uk-stops")
    feeds.run(slug)
    before = digest(database, slug)
    world.habits.on(habit)
    world.police.updated = "2026-06-01"
    run = feeds.run(slug)
    assert world.habits.met[habit] == 9 == run["read"]
    assert (run["accepted"], run["removed"]) == (0, 0)
    assert digest(database, slug) == before


@pytest.mark.parametrize("habit", ["police-empty-month", "police-no-location"])
def test_a_month_that_loses_its_stops_loses_its_events_until_they_are_back(feeds, database, world, habit):
    slug = feeds.add("uk-stops")
    feeds.run(slug)
    before = digest(database, slug)
    letters = "SELECT count(*) FROM dead_letters l JOIN ingest_batches b ON b.id = l.batch WHERE b.dataset = %s"
    rejected = database.value(letters, [slug])
    world.habits.on(habit, only="essex")
    world.police.updated = "2026-06-01"
    lost = feeds.run(slug)
    stops = [stop for (force, _), stops in world.police.stops.items() if force == "essex" for stop in stops]
    placed = sum(stop["location"] is not None for stop in stops)
    assert (lost["accepted"], lost["removed"]) == (0, placed)
    assert lost["rejected"] == (len(stops) if habit == "police-no-location" else 0)
    world.habits.off()
    world.police.updated = "2026-07-01"
    assert feeds.run(slug)["accepted"] == placed
    assert digest(database, slug) == before
    # Dead letters of a month are those of its newest reading.
    assert database.value(letters, [slug]) == rejected


def test_what_a_feed_expects_is_compared_with_its_batches(feeds, hextant, database):
    slug = feeds.add("earthquakes", expect={"rows": [100_000, 200_000], "valid_share": 0.1})
    run = feeds.run(slug)
    kept = database.rows(
        """
        SELECT f ->> 'check', f ->> 'message' FROM ingest_batches b CROSS JOIN jsonb_array_elements(b.findings) f
        WHERE b.dataset = %s
        """, [slug])  # fmt: skip
    [message] = [message for check, message in kept if check == "rows"]
    [(received, rejected)] = database.rows(
        "SELECT received, rejected FROM ingest_batches WHERE dataset = %s", [slug])
    assert message == f"{received} records came where 100000 to 200000 are expected"
    assert any(message in finding for finding in run["findings"])
    assert [check for check, _ in kept if check == "valid_share"] == []
    quality = hextant.json("datasets", "quality", slug)
    assert quality["scores"]["validity"] == pytest.approx(1 - rejected / received, abs=1e-6)
    assert 0 < quality["scores"]["completeness"] <= 1


def test_thirty_months_of_three_forces_come_within_the_rate_of_the_police(feeds, database, world):
    """The stand-in refuses what is beyond 15 requests a second and 30 at once, as the site does."""
    months = [f"{year}-{month:02}" for year in (2022, 2023, 2024) for month in range(1, 13)]
    for month in months[months.index("2024-04") - 26 : months.index("2024-05")]:
        world.police.add_month(month, FORCES[2:], stops=3)
    world.habits.on("rate-limit", times=None)
    slug = feeds.add("uk-stops", schedule=None, limits={"idle_seconds": 10, "answer_seconds": 20})
    run = feeds.run(slug)
    assert_events(database, world, slug)
    assert run["failures"] == [] and run["accepted"] == expected(world, "uk-stops").total()
    parts = database.value("SELECT count(*) FROM feed_checkpoints WHERE dataset = %s", [slug])
    asked = Counter(status for _, _, status in world.requests("/stops-force"))
    assert (parts, asked[200]) == (90, 90)
    # Requests that are paced here may still arrive closer together, but hardly any.
    assert asked[429] < 9, asked


def test_a_month_that_the_source_drops_stays(feeds, database, world):
    slug = feeds.add("uk-stops")
    feeds.run(slug)
    before = digest(database, slug)
    world.habits.on("police-month-dropped", times=1, only="essex")
    world.police.updated = "2026-06-01"
    run = feeds.run(slug)
    assert any("dropped" in finding for finding in run["findings"])
    assert digest(database, slug) == before
    assert feeds.run(slug)["failures"] == []
    assert digest(database, slug) == before


def test_a_part_that_fails_leaves_the_others_alone(feeds, database, world):
    slug = feeds.add("uk-stops")
    world.habits.on("redirect-inside", times=2, only="stops-force")
    outcome = feeds("run", slug, "--no-publish")
    assert outcome.code == 1
    [run] = told(outcome)["runs"]
    assert (run["offered"], run["read"], len(run["failures"])) == (9, 7, 2)
    world.forget()
    assert feeds.run(slug)["read"] == 2
    assert len(world.requests("stops-force")) == 2
    assert_events(database, world, slug)


# Kills


@pytest.mark.parametrize("name", ["uk-stops", "nyc-311", "boston-311", "fires"])
def test_a_killed_run_is_completed_to_the_same_events(feeds, database, world, name):
    """Kills -9 come at random moments of the run: the first while the source is answering, however fast the machine is.
    The last run is left in peace.
    """
    options = {"nyc-311": {"page": 25, "rows_per_batch": 50}, "boston-311": {"page": 25, "rows_per_batch": 50}}
    calm, slug = (feeds.add(name, **options.get(name, {})) for _ in range(2))
    began = time.monotonic()
    feeds.run(calm)
    longest = time.monotonic() - began
    chance = random.Random(f"{SEED} {name}")
    world.habits.on("stall", times=1, after=chance.randrange(len(world.requests())))
    process = feeds.start("run", slug, "--no-publish")
    wait_until(lambda: "stall" in world.habits.met, "the source to stop in the middle of an answer")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    for _ in range(int(os.environ.get("HEXTANT_KILLS", "8")) - 1):
        process = feeds.start("run", slug, "--no-publish")
        try:
            process.communicate(timeout=chance.uniform(0.05, 0.8 * longest))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
    feeds.run(slug)
    assert_events(database, world, slug)
    assert digest(database, slug) == digest(database, calm)
    states = database.rows("SELECT state::text, count(*) FROM feed_runs WHERE feed = %s GROUP BY 1", [slug])
    assert dict(states).keys() <= {"finished", "failed"}
    assert database.value("SELECT count(*) FROM ingest_batches WHERE dataset = %s AND state = 'running'", [slug]) == 0


# Commands


def test_feeds_are_listed_without_a_database():
    listed = {line["feed"]: line for line in Hextant(None).json("feeds", "list")["feeds"]}
    assert sorted(listed) == sorted([*FEEDS, CHECKBOOK])
    assert listed["fires"]["secrets"] == ["FIRMS_KEY"] and listed["earthquakes"]["next"]


def test_faults_of_feeds_are_told(feeds, database, world, tmp_path):
    slug = feeds.add("nyc-permits", new_dataset=None)
    outcome = feeds("check", slug, HEXTANT_SECRET_NYC_TOKEN="")
    assert outcome.code == 1
    [line] = told(outcome)["feeds"]
    assert any("HEXTANT_SECRET_NYC_TOKEN is not set" in fault for fault in line["faults"])
    assert any(f"there is no dataset {slug}" in fault for fault in line["faults"])
    outcome = feeds("run", slug)
    assert outcome.code == 65 and "new_dataset" in outcome.err
    outcome = feeds("run", "earthquake")
    assert outcome.code == 64 and "there is no feed" in outcome.err
    (feeds.folder / "broken.yaml").write_text("feed: broken\nsource: magic\n")
    outcome = feeds("list")
    assert outcome.code == 78 and "broken.yaml:2" in outcome.err


def test_two_runs_of_a_feed_do_not_overlap(feeds, database, world):
    slug = feeds.add("earthquakes")
    with database.connect(autocommit=True) as holder:
        holder.execute("SELECT pg_advisory_lock(hashtextextended('hextant feed ' || %s, 0))", [slug])
        outcome = feeds("run", slug)
        assert outcome.code == 75 and "is being read" in outcome.err
    feeds.run(slug)


def test_doctor_tells_of_feeds(feeds, world, database):
    slug = feeds.add("earthquakes")
    environment = {"HEXTANT_FEEDS": str(feeds.folder)}

    def findings(**more):
        outcome = feeds.hextant("doctor", "--json", **environment, **more)
        return [line for line in outcome.json["findings"] if line["part"] == "feeds"]

    assert [line["grade"] for line in findings()] == ["well"]
    world.habits.on("redirect-round", only="all_week")
    assert feeds("run", slug).code == 1
    [line] = findings()
    assert line["grade"] == "advice" and slug in line["detail"]
    feeds.add("fires")
    assert "bad" in [line["grade"] for line in findings()]


# Servers and schedules


@pytest.fixture
def server(feeds, hextant, world, tmp_path):
    """Starts servers with the feeds of the test."""

    def server(name="server", *more):
        (tmp_path / f"{name}-spool").mkdir()
        return serving(
            hextant, tmp_path / f"{name}.log", *flags(feeds.folder, world), *more,
            TMPDIR=str(tmp_path / f"{name}-spool"), **SECRETS)

    return server


def test_a_feed_is_run_over_http_scored_once_and_served(feeds, database, world, server, hextant):
    slug = feeds.add("earthquakes", schedule=None)
    hidden = feeds.add("boston-crime", new_dataset=None)
    analyst = bearer(add_key(hextant, "analyst"))
    with free_redis_database() as redis, server("server", "--redis-url", redis.url) as running:
        assert requests.get(f"{running.url}/v1/feeds", timeout=60).json()["items"] == []  # no dataset yet
        items = requests.get(f"{running.url}/v1/feeds", headers=analyst, timeout=60).json()["items"]
        assert [item["name"] for item in items] == sorted([slug, hidden])
        refused = requests.post(f"{running.url}/v1/feeds/{slug}/run", timeout=60)
        assert refused.status_code == 401
        refused = requests.post(f"{running.url}/v1/feeds/{hidden}/run", headers=analyst, timeout=60)
        assert refused.status_code == 409 and "new_dataset" in refused.json()["detail"]
        missing = requests.post(f"{running.url}/v1/feeds/none/run", headers=analyst, timeout=60)
        assert missing.status_code == 404
        key = analyst | {"Idempotency-Key": "once"}
        asked = [requests.post(f"{running.url}/v1/feeds/{slug}/run", headers=key, timeout=60) for _ in range(2)]
        assert [answer.status_code for answer in asked] == [202, 202]
        assert asked[0].json()["id"] == asked[1].json()["id"] and asked[0].json()["kind"] == "fetch"
        wait_until(lambda: show(running, slug).get("last_success"), "the feed to be read")
        shown = show(running, slug)
        score = shown["last_run"]["score_run"]
        wait_until(lambda: state(database, score) == "finished", "the scores")
        assert_events(database, world, slug)
        assert shown["last_run"]["accepted"] == shown["accepted"] == 150
        assert shown["last_run"]["run"] == asked[0].json()["id"]
        assert [row["part"] for row in shown["checkpoints"]["items"]] == ["file"] and shown["next_run"] is None
        # A run that brings nothing is followed by none.
        requests.post(f"{running.url}/v1/feeds/{slug}/run", headers=analyst, timeout=60)
        wait_until(lambda: show(running, slug)["last_run"]["id"] > shown["last_run"]["id"], "the second run")
        wait_until(lambda: show(running, slug)["last_run"]["state"] == "finished", "its end")
        assert show(running, slug)["last_run"]["score_run"] is None
        scores = "SELECT count(*) FROM analytics_runs WHERE dataset = %s AND kind = 'score'"
        assert database.value(scores, [slug]) == 1
        wait_until(lambda: running.metric("feed_rows_total", feed=slug, outcome="accepted") == 150, "the figures")
        assert abs(running.metric("feed_last_success_timestamp_seconds", feed=slug) - time.time()) < 600
        assert running.metric("feed_requests_total", source="geojson", status="200") == 1
        assert running.metric("feed_requests_total", source="geojson", status="304") == 1


def show(server, slug):
    return requests.get(f"{server.url}/v1/feeds/{slug}", timeout=60).json()


def state(database, run):
    return database.value("SELECT state::text FROM analytics_runs WHERE id = %s", [run])


def test_a_worker_shows_its_requests_to_sources(feeds, world, hextant, server, tmp_path):
    slug = feeds.add("earthquakes", schedule=None)
    analyst = bearer(add_key(hextant, "analyst"))
    log = tmp_path / "worker.log"
    with server("front", "--workers", "0") as front, working(
        hextant, log, *flags(feeds.folder, world), "--metrics-port", "0"
    ):
        port = wait_until(
            lambda: re.search(r"address=\S*?:(\d+)\b.*showing metrics", log.read_text()), "the worker to listen")[1]
        url = f"http://127.0.0.1:{port}"
        asked = requests.post(f"{front.url}/v1/feeds/{slug}/run", headers=analyst, timeout=60)
        assert asked.status_code == 202
        wait_until(lambda: show(front, slug).get("last_success"), "the feed to be read")
        shown = requests.get(f"{url}/metrics", timeout=60)
        assert shown.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        samples = {
            (sample.name, *sorted(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(shown.text) for sample in family.samples}
        labels = [("method", "GET"), ("source", "geojson"), ("status", "200")]
        assert samples["feed_requests_total", *labels] == 1
        assert samples["feed_request_duration_seconds_count",] == 1
        # The server that only queued the run asked nobody.
        assert front.metric("feed_requests_total") == 0
        live = requests.get(f"{url}/v1/health/live", timeout=60)
        assert (live.status_code, live.json()) == (200, {"status": "live"})
        # Nothing else is served there, to nobody.
        for path in ["/", "/v1/datasets", "/v1/feeds", "/ogc"]:
            assert requests.get(url + path, timeout=60).status_code == 404
        refused = requests.post(f"{url}/metrics", timeout=60)
        assert refused.status_code == 405 and "GET" in refused.headers["Allow"]


def test_a_worker_whose_port_is_taken_says_so(hextant):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = hextant("worker", "--metrics-port", port)
    assert done.code != 0 and str(port) in done.err and "--metrics-port" in done.err
    done = hextant("worker", "--metrics-port", 70000)
    assert done.code == 78 and "65535" in done.err


def test_parts_that_are_held_come_in_pages(feeds, world, server):
    slug = feeds.add("uk-stops", schedule=None)
    feeds.run(slug)
    with server() as running:
        found = []
        after = f"{running.url}/v1/feeds/{slug}?limit=4"
        while after:
            page = requests.get(after, timeout=60).json()["checkpoints"]
            found += page["items"]
            after = page["next"]
    assert [row["part"] for row in found] == sorted(f"{force}/{month}" for force in FORCES[2:] for month in MONTHS)
    assert all(row["rows"] == 24 and row["version"] == "2026-05-01" for row in found)


def test_a_schedule_is_made_up_for_once_across_all_servers(feeds, database, world, server):
    """Two servers were down when a feed fell due, for days. When they are back it is read once."""
    hour = (time.gmtime().tm_hour + 12) % 24
    slug = feeds.add("earthquakes", schedule=f"0 {hour} * * *", time_zone="UTC")
    fresh = feeds.add("boston-crime", schedule=f"0 {hour} * * *", time_zone="UTC")
    feeds.run(slug)
    database.rows(
        """
        UPDATE feed_runs SET started_at = now() - interval '5 days', finished_at = now() - interval '5 days',
            trigger = 'schedule feed ' || feed WHERE feed = %s
        """, [slug])  # fmt: skip
    runs = "SELECT count(*) FROM feed_runs WHERE feed = %s"
    with server("one"), server("two"):
        wait_until(lambda: database.value(runs, [slug]) == 2, "the run that was missed")
        left = "SELECT kind, state, attempts FROM jobs WHERE dataset = %s AND state IN ('queued', 'running')"
        try:
            wait_until(lambda: not database.rows(left, [slug]), "its end", 180)
        except AssertionError as error:
            error.add_note(f"{database.rows(left, [slug])}")
            raise
        time.sleep(6)  # a look of each scheduler
        assert database.value(runs, [slug]) == 2
        # A feed that never ran waits for its time.
        assert database.value(runs, [fresh]) == 0
    assert database.value("SELECT trigger FROM feed_runs WHERE feed = %s ORDER BY id DESC LIMIT 1", [slug]) == (
        f"schedule feed {slug}")


def test_a_server_reads_no_feed_that_its_operator_did_not_choose(hextant, tmp_path):
    with serving(hextant, tmp_path / "plain.log") as running:
        assert requests.get(f"{running.url}/v1/feeds", timeout=60).json() == {"items": [], "next": None}
        assert "feeds=0" in running.text()


def test_a_running_job_is_cancelled_and_leaves_whole_parts(feeds, database, world, server, hextant):
    slug = feeds.add("nyc-311", page=10, rows_per_batch=20, schedule=None)
    feeds.hextant.put_dataset(feeds.folder.parent, slug, time_zone="America/New_York")
    analyst = bearer(add_key(hextant, "analyst"))
    with server() as running:
        run = requests.post(f"{running.url}/v1/feeds/{slug}/run", headers=analyst, timeout=60).json()["id"]
        wait_until(lambda: stored(database, slug).total() > 20, "some batches")
        requests.delete(f"{running.url}/v1/analytics/runs/{run}", headers=analyst, timeout=60)
        wait_until(lambda: state(database, run) in ("cancelled", "finished"), "the end")
        wait_until(lambda: show(running, slug)["last_run"]["state"] != "running", "its record")
        found = stored(database, slug)
        assert found - expected(world, "nyc-311") == found.__class__()
        requests.post(f"{running.url}/v1/feeds/{slug}/run", headers=analyst, timeout=60)
        wait_until(lambda: stored(database, slug) == expected(world, "nyc-311"), "the rest")
        wait_until(lambda: show(running, slug)["last_run"]["score_run"], "the scores")


# Soak


def test_any_mixture_of_habits_ends_in_the_events_of_the_source(
        feeds, database, world, server, hextant, tmp_path):  # fmt: skip
    """Habits come and go at random while feeds are read again and again and the sources change. HEXTANT_FEED_SOAK says
    for how many seconds; `make soak-feeds` takes ten minutes."""
    chance = random.Random(SEED)
    seconds = float(os.environ.get("HEXTANT_FEED_SOAK", "15"))
    slugs = [feeds.add(name, schedule=None) for name in ["uk-stops", "nyc-311", "boston-311", "earthquakes", "fires"]]
    slugs.append(feeds.add("nyc-311", schedule=None, page=50, rows_per_batch=100))
    analyst = bearer(add_key(hextant, "analyst"))
    mixed = [name for name in NAMES if name not in ("504-late", "police-month-dropped", "police-empty-month")]
    with server("soak", "--workers", "4") as running:

        def run(slug):
            return requests.post(f"{running.url}/v1/feeds/{slug}/run", headers=analyst, timeout=60)

        for slug in slugs:
            assert run(slug).status_code == 202
        wait_until(lambda: idle(database, slugs), "the first runs", seconds=120)
        open_before = descriptors(running)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            world.habits.off()
            for habit in chance.sample(mixed, 4):
                world.habits.on(habit, share=chance.choice([0.05, 0.2]))
            change(world, chance)
            for slug in chance.sample(slugs, 3):
                run(slug)
            time.sleep(chance.uniform(0.2, 1.5))
        world.habits.off()
        change(world, chance)
        # Jobs that wait for another attempt are not waited for: a new run reads what is missing.
        wait_until(lambda: not busy(database, slugs), "the runs", seconds=300)
        database.rows(
            """
            UPDATE jobs SET state = 'cancelled', finished_at = now()
            WHERE state = 'queued' AND kind = 'fetch' AND dataset = ANY(%s)
            """, [slugs])  # fmt: skip
        wait_until(lambda: idle(database, slugs), "the last runs", seconds=300)
        wait_until(lambda: read_all(feeds, slugs), "a run of each feed without a failure", seconds=180)
        for slug in slugs:
            assert_events(database, world, slug)
        running_batches = "SELECT count(*) FROM ingest_batches WHERE state = 'running' AND dataset = ANY(%s)"
        assert database.value(running_batches, [slugs]) == 0
        assert database.value("SELECT count(*) FROM feed_seen WHERE dataset = ANY(%s)", [slugs]) == 0
        assert descriptors(running) <= open_before + 20
        assert list(tmp_path.glob("soak-spool/*/rows-*")) == []
    print(f"soak: {len(world.requests())} requests, habits met: {world.habits.met}")
    assert list(tmp_path.glob("soak-spool/*")) == []
    wait_until(lambda: world.connections == 0, "the connections to end")


def read_all(feeds, slugs):
    outcome = feeds("run", *slugs, "--no-publish")
    return outcome.code == 0


def idle(database, slugs):
    jobs = "SELECT count(*) FROM jobs WHERE state IN ('queued', 'running') AND dataset = ANY(%s)"
    return database.value(jobs, [slugs]) == 0


def busy(database, slugs):
    jobs = "SELECT count(*) FROM jobs WHERE state = 'running' AND kind = 'fetch' AND dataset = ANY(%s)"
    return database.value(jobs, [slugs]) > 0


def descriptors(server):
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


def change(world, chance):
    """Changes the sources as they do: a month is corrected, rows come and change, a file is another."""
    stops = world.police.stops[(chance.choice(FORCES[2:]), chance.choice(MONTHS))]
    stops[chance.randrange(len(stops))]["outcome"] = "A caution"
    world.police.updated = str(date.fromisoformat(world.police.updated) + timedelta(days=1))
    world.socrata.add_requests(count=3)
    row = chance.choice(world.socrata.datasets["erm2-nwe9"].rows)
    world.socrata.datasets["erm2-nwe9"].put({"unique_key": row["unique_key"], "status": "Closed"}, key="unique_key")
    resource = world.ckan.resources[REQUESTS_OF_BOSTON]
    if chance.random() < 0.3:
        del resource.rows[chance.randrange(len(resource.rows))]
    resource.rows.append(resource.rows[0] | {"case_enquiry_id": str(chance.randrange(10**9))})
    resource.modified += "1"
    world.files.correct_quake(f"ak{chance.randrange(150):08}")
