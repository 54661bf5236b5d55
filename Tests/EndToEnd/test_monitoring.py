"""Monitoring: Prometheus itself scrapes a server; its rules and the dashboard use only existing series."""

import json
import re
import subprocess
import time

import pytest
import requests
import yaml
from accounts import add_key
from command import REPOSITORY
from feed_world import feed_file, feed_world, flags
from own_services import free_port
from redis_database import free_redis_database
from serving import serving
from toronto import write_days
from waiting import wait_until

RULES = REPOSITORY / "deploy/prometheus/hextant.yml"
DASHBOARD = REPOSITORY / "deploy/grafana/hextant.json"
# Series that the rules record or Prometheus itself makes.
OTHERS = re.compile(r"^(hextant:|up$)")


@pytest.fixture(scope="module")
def world(folder):
    with feed_world(folder / "tls") as world:
        yield world


@pytest.fixture(scope="module")
def server(hextant, folder, world):
    """A server that reads a feed, one of whose parts fails at first."""
    feed_file(folder / "feeds", "uk-stops", world)
    world.habits.on("redirect-inside", times=1, only="stops-force")
    with free_redis_database() as redis, serving(
        hextant, folder / "server.log", "--redis-url", redis.url, *flags(folder / "feeds", world)
    ) as server:  # fmt: skip
        analyst = server.asking_as(add_key(hextant, "analyst"))
        for _ in range(2):
            run = analyst.get("/v1/feeds/uk-stops/run", method="POST")
            assert run.status_code == 202, run.text
            wait_until(
                lambda: server.json(f"/v1/analytics/runs/{run.json()['id']}")["state"] == "finished", "the feed")
        # A run that scores what came follows, and a refresh.
        wait_until(
            lambda: not any(
                analyst.json("/v1/analytics/runs", state=state)["items"] for state in ["queued", "running"]),
            "the scores")  # fmt: skip
        yield server


@pytest.fixture(scope="module")
def small(hextant, folder, server):
    """A server with some days of Toronto, after a request for a tile."""
    hextant.put_dataset(folder, "small", time_zone="America/Toronto", resolutions=[7])
    write_days(folder / "days.csv", "2019-06-01", "2019-06-03")
    hextant.json("ingest", folder / "days.csv", "--dataset", "small", "--mapping", "toronto")
    hextant.json("score", "--dataset", "small")
    generation = hextant.json("refresh")["generation"]
    wait_until(lambda: server.metric("view_generation") == generation, "the server to hear of the view")
    for _ in range(3):
        assert server.raw("/v1/tiles/0/0/0.mvt", "gzip").status_code == 200
    ingested = "dataset_last_ingest_timestamp_seconds"
    wait_until(lambda: server.metric(ingested, dataset="small") > 0, "the server to look at the ingests")
    return server


@pytest.fixture(scope="module")
def prometheus(small, folder):
    """A Prometheus that scrapes the server every second, with our rules."""
    port = free_port()
    target = small.url.removeprefix("http://")
    (folder / "prometheus.yml").write_text(
        yaml.safe_dump(
            {
                "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
                "rule_files": [str(RULES)],
                "scrape_configs": [{"job_name": "hextant", "static_configs": [{"targets": [target]}]}],
            }
        )
    )
    with open(folder / "prometheus.log", "wb") as log:
        process = subprocess.Popen(
            ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
             f"--web.listen-address=127.0.0.1:{port}"],
            stdout=log, stderr=log,
        )  # fmt: skip
    session = requests.Session()
    session.trust_env = False

    def ask(expression):
        answer = session.get(f"http://127.0.0.1:{port}/api/v1/query", params={"query": expression}, timeout=10).json()
        assert answer["status"] == "success", answer
        return answer["data"]["result"]

    def is_scraped():
        try:
            return [result for result in ask('up{job="hextant"}') if result["value"][1] == "1"]
        except requests.RequestException:  # not listening yet, or not ready
            return False

    try:
        wait_until(is_scraped, "Prometheus to scrape", seconds=30)
        yield ask
    finally:
        process.terminate()
        process.wait(timeout=20)


def names(expression):
    """The names of metrics in a Prometheus expression."""
    bare = re.sub(r'"[^"]*"|\{[^}]*\}|\[[^]]*\]|(by|without) ?\([^)]*\)', " ", expression)
    return {
        name for name in re.findall(r"[a-z_:]+(?![a-z_:]*\()", bare) if "_" in name or ":" in name or name == "up"
    } - {"histogram_quantile"}


def test_rules_are_sound():
    outcome = subprocess.run(["promtool", "check", "rules", RULES], capture_output=True, text=True)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


HOUR = 60  # minutes, which are the steps of the series
DAY = 24 * HOUR


def alert(name, at, *labels):
    """An alert as promtool expects it after some minutes; without labels it must not fire."""
    return {
        "eval_time": f"{at}m",
        "alertname": name,
        "exp_alerts": [{"exp_labels": {"severity": "warning", "job": "hextant"} | each} for each in labels],
    }


def growing_every(minutes, steps, then):
    """A time in seconds that becomes the present every so many minutes, and stays after that many times."""
    values = [value for step in range(steps) for value in [step * minutes * 60] * minutes]
    return " ".join(str(value) for value in values + [(steps - 1) * minutes * 60] * then)


def test_alerts_on_jobs_and_feeds_fire_when_they_should(tmp_path):
    labels = 'job="hextant",instance="a"'
    daily = growing_every(DAY, 4, 3 * DAY)
    series = {
        f'jobs_ended_total{{{labels},kind="score",outcome="failed"}}': f"0x{2 * HOUR} 1x{3 * HOUR}",
        f'jobs_ended_total{{job="hextant",instance="b",kind="score",outcome="failed"}}': f"0x{2 * HOUR} 1x{3 * HOUR}",
        f'jobs_ended_total{{{labels},kind="refresh",outcome="failed"}}': f"5x{5 * HOUR}",
        f"jobs_waiting_seconds{{{labels}}}": f"0x{HOUR} 0+60x{HOUR}",
        f"outlook_evaluations_behind{{{labels}}}": f"0x{HOUR} 1x{HOUR} 0x{HOUR}",
        f"models_drifted{{{labels}}}": f"0x{HOUR} 2x{HOUR} 0x{HOUR}",
        f"view_refreshed_timestamp_seconds{{{labels}}}": daily,
        f'dataset_last_ingest_timestamp_seconds{{{labels},dataset="fed"}}': daily,
        # One that was loaded once is left alone.
        f'dataset_last_ingest_timestamp_seconds{{{labels},dataset="loaded"}}': f"0x{7 * DAY}",
        f'dead_letters_open{{{labels},dataset="fed"}}': f"7x{HOUR} 9x{6 * HOUR} 500x{DAY}",
        f'dead_letters_open{{{labels},dataset="loaded"}}': f"100000x{DAY}",
        f'feed_overdue_seconds{{{labels},feed="late"}}': f"0x{HOUR} 0+60x{8 * HOUR}",
        f'feed_overdue_seconds{{{labels},feed="prompt"}}': f"0x{DAY}",
        f'feed_circuit_breaker_state{{{labels},host="away.example"}}': f"0x{HOUR} 2x{DAY}",
        f'feed_circuit_breaker_state{{{labels},host="back.example"}}': f"0x{HOUR} 2x10 0x{DAY}",
    }
    last = 3 * DAY  # the minute of the last ingest and refresh
    expected = [
        alert("HextantJobFailed", 2 * HOUR - 1),
        alert("HextantJobFailed", 2 * HOUR + 5, {"kind": "score"}),
        alert("HextantJobFailed", 4 * HOUR),
        alert("HextantJobsWait", HOUR + 15),
        alert("HextantJobsWait", HOUR + 25, {}),
        alert("HextantForecastBehind", HOUR),
        alert("HextantForecastBehind", HOUR + 10, {}),
        alert("HextantForecastBehind", 3 * HOUR),
        alert("HextantModelDrift", HOUR),
        alert("HextantModelDrift", HOUR + 10, {}),
        alert("HextantModelDrift", 3 * HOUR),
        alert("HextantViewOld", last + 25 * HOUR),
        alert("HextantViewOld", last + 27 * HOUR, {}),
        alert("HextantFeedSilent", last + 25 * HOUR),
        alert("HextantFeedSilent", last + 27 * HOUR, {"dataset": "fed"}),
        alert("HextantFeedOverdue", 7 * HOUR),
        alert("HextantFeedOverdue", 7 * HOUR + 15, {"feed": "late"}),
        alert("HextantSourceLeftAlone", HOUR + 10),
        alert("HextantSourceLeftAlone", HOUR + 20, {"host": "away.example"}),
        alert("HextantRecordsRejected", 6 * HOUR),
        alert("HextantRecordsRejected", 8 * HOUR, {"dataset": "fed"}),
    ]
    # The sentences are those of the rules; what is tested is when they are said.
    summaries = {
        rule["alert"]: rule["annotations"]["summary"]
        for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"] if "alert" in rule
    }  # fmt: skip
    for each in expected:
        for fires in each["exp_alerts"]:
            said = summaries[each["alertname"]]
            for name, value in fires["exp_labels"].items():
                said = said.replace(f"{{{{ $labels.{name} }}}}", value)
            fires["exp_annotations"] = {"summary": said}
    file = tmp_path / "rules_test.yml"
    file.write_text(
        yaml.safe_dump(
            {
                "rule_files": [str(RULES)],
                "evaluation_interval": "1m",
                "tests": [
                    {
                        "interval": "1m",
                        "input_series": [{"series": name, "values": values} for name, values in series.items()],
                        "alert_rule_test": expected,
                    }
                ],
            },
            width=10_000_000,
        )
    )
    outcome = subprocess.run(["promtool", "test", "rules", file], capture_output=True, text=True)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_what_the_rules_watch_is_scraped(prometheus):
    groups = yaml.safe_load(RULES.read_text())["groups"]
    watched = set().union(*(names(rule["expr"]) for group in groups for rule in group["rules"]))
    assert {"breaker_open", "tile_stale_total", "view_generation", "http_requests_total"} <= watched
    for name in watched:
        if not OTHERS.match(name):
            assert prometheus(name), name


def test_no_alert_fires_while_all_is_well(prometheus):
    time.sleep(2)
    assert [alert for alert in prometheus("ALERTS") if alert["metric"]["alertstate"] == "firing"] == []


def test_what_the_dashboard_shows_is_scraped(prometheus):
    panels = json.loads(DASHBOARD.read_text())["panels"]
    expressions = [target["expr"] for panel in panels for target in panel["targets"]]
    for expression in expressions:
        for name in names(expression):
            assert prometheus(name), (name, expression)
        prometheus(expression.replace("$__rate_interval", "1m").replace("$instance", ".+"))


def test_hits_are_told_by_tier_and_zoom(prometheus, small):
    [before] = prometheus('tile_requests_total{tier="memory",outcome="hit",zoom="0"}')
    small.raw("/v1/tiles/0/0/0.mvt", "gzip")

    def grew():
        [now] = prometheus('tile_requests_total{tier="memory",outcome="hit",zoom="0"}')
        return float(now["value"][1]) > float(before["value"][1])

    wait_until(grew, "the hit to be scraped", seconds=10)
