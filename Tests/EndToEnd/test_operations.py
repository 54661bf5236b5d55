"""Operation: refreshing, emptying caches, managing datasets, checking the installation, backup and upgrade."""

import json
import shutil
import subprocess

import psycopg
import pytest
import requests
from accounts import add_key, bearer
from command import REPOSITORY, Hextant
from databases import fresh_database
from own_services import SERVICES, own_services
from redis_database import free_redis_database
from serving import running, serving
from waiting import wait_until

HEADER = "event_type,event_timestamp,longitude,latitude,attributes_json\n"
TILE = "/v1/tiles/12/1144/1494.mvt"


def events(count, day="2021-05-01", kind="theft"):
    return HEADER + "".join(f"{kind},{day}T{n // 60 % 24:02}:{n % 60:02}:00Z,-79.4,43.7,{{}}\n" for n in range(count))


def fill(hextant, folder, slug, text=events(5), **description):
    hextant.put_dataset(folder, slug, **description)
    file = folder / f"{slug}.csv"
    file.write_text(text)
    hextant.json("ingest", file, "--dataset", slug)
    hextant.json("score", "--dataset", slug)
    hextant.json("refresh")
    return slug


@pytest.fixture(scope="module")
def slug(hextant, folder):
    return fill(hextant, folder, "operated")


@pytest.fixture(scope="module")
def pair(hextant, folder, slug):
    """Two servers with one Redis; one of them runs jobs."""
    with free_redis_database() as redis:
        flags = ["--redis-url", redis.url, "--rate-limit", 0, "--account-rate-limit", 0]
        with serving(hextant, folder / "one.log", *flags) as one:
            with serving(hextant, folder / "two.log", *flags, "--workers", 0) as two:
                yield one, two, redis


def send(server, method, path, key, **options):
    return requests.request(method, server.url + path, headers=bearer(key), timeout=60, **options)


def test_a_refresh_is_asked_for_and_watched(pair, key, database):
    one, two, _ = pair
    before = database.value("SELECT generation FROM served_view")
    answer = send(two, "POST", "/v1/views/refresh", key)
    assert answer.status_code == 202 and answer.json()["kind"] == "refresh"
    watched = answer.headers["Location"]
    wait_until(lambda: requests.get(watched, headers=bearer(key), timeout=60).json()["state"] == "finished", "the run")
    assert database.value("SELECT generation FROM served_view") == before + 1


def test_tiles_are_forgotten_by_all_servers_and_redis(pair, key, slug, hextant, folder):
    one, two, redis = pair
    other = fill(hextant, folder, "kept-one")
    for server in [one, two]:
        for dataset in [slug, other]:
            assert server.get(TILE, dataset=dataset).status_code == 200
            assert server.get("/v1/tiles/2/1/1.mvt", dataset=dataset).status_code == 200

    def tiles():
        return [server.metric("tile_memory_tiles") for server in [one, two]]

    def stored(dataset, place="*"):
        return redis.ask("EVAL", "return #redis.call('KEYS', ARGV[1])", 0, f"hextant:tile:*:{dataset}:*:{place}")

    assert tiles() == [4, 4] and stored(slug) == stored(other) == 2
    # A box far away, and a zoom that nobody requested: no tile is removed.
    assert send(one, "DELETE", f"/v1/cache?dataset={slug}&bbox=10,50,11,51&zooms=5-14", key).json() == {
        "redis_tiles": 0
    }
    answer = send(one, "DELETE", f"/v1/cache?dataset={slug}&bbox=-80,43,-79,44&zooms=5-14", key)
    assert answer.status_code == 200 and answer.json() == {"redis_tiles": 1}
    wait_until(lambda: tiles() == [3, 3], "both to forget one tile")
    assert (stored(slug), stored(slug, "12/1144/1494"), stored(other)) == (1, 0, 2)
    assert send(two, "DELETE", f"/v1/cache?dataset={slug}", key).json() == {"redis_tiles": 1}
    wait_until(lambda: tiles() == [2, 2], "both to forget the dataset")
    assert send(two, "DELETE", "/v1/cache", key).json() == {"redis_tiles": 2}
    wait_until(lambda: tiles() == [0, 0], "both to forget all")
    assert one.get(TILE, dataset=slug).status_code == 200


def test_a_server_that_may_have_missed_a_word_forgets_everything(pair, slug, database):
    one, _, _ = pair
    assert one.get(TILE, dataset=slug).status_code == 200
    assert one.metric("tile_memory_tiles") > 0
    database.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query IN ('SELECT 1', 'LISTEN \"hextant_cache\"')"
        " AND datname = current_database() AND pid <> pg_backend_pid()")
    wait_until(lambda: one.metric("tile_memory_tiles") == 0, "the tiles to be forgotten")


def test_a_dataset_is_made_changed_and_deleted_over_http(pair, key, hextant, folder, database):
    one, two, _ = pair
    slug = "by-http"
    description = {
        "title": "By HTTP", "licence": "CC0-1.0", "attribution": "Nobody", "time_zone": "America/Toronto",
        "resolutions": [9, 7], "levels": {"medium": 20, "high": 40, "critical": 60},
    }  # fmt: skip
    answer = send(one, "PUT", f"/v1/datasets/{slug}", key, json=description)
    assert answer.status_code == 201 and answer.json()["visibility"] == "private"
    row = database.rows("SELECT title, time_zone, resolutions, level_high FROM datasets WHERE slug = %s", [slug])
    assert row == [("By HTTP", "America/Toronto", [7, 9], 40)]
    # The command with the same file changes nothing.
    assert hextant.json("datasets", "put", write_yaml(folder, answer.json()))["added"] is False
    assert send(two, "GET", f"/v1/datasets/{slug}", key).json() == answer.json()
    assert send(two, "GET", f"/v1/datasets/{slug}", None).status_code == 404
    refused = send(one, "PATCH", f"/v1/datasets/{slug}", key, json={"time_zone": "America/Olympus"})
    assert refused.status_code == 422 and "time_zone" in refused.json()["detail"]

    file = folder / "by-http.csv"
    file.write_text(events(7) + "theft,yesterday,-79.4,43.7,{}\n")
    hextant.json("ingest", file, "--dataset", slug)
    hextant.json("score", "--dataset", slug)
    hextant.json("refresh")
    assert send(one, "PATCH", f"/v1/datasets/{slug}", key, json={"visibility": "public"}).status_code == 200
    wait_until(lambda: two.get(TILE, dataset=slug).status_code == 200, "the other server to show it", 5)
    confined = add_key(hextant, "analyst", [slug])
    assert send(one, "GET", f"/v1/events?dataset={slug}", confined).status_code == 200

    with psycopg.connect(database.url) as session:
        session.execute("SELECT pg_advisory_lock(hashtextextended('hextant ingest ' || %s, 0))", [slug])
        busy = send(one, "DELETE", f"/v1/datasets/{slug}?confirm={slug}", key)
        assert busy.status_code == 409 and "ingest" in busy.json()["detail"]
    assert send(one, "DELETE", f"/v1/datasets/{slug}?confirm=other", key).status_code == 400
    deleted = send(one, "DELETE", f"/v1/datasets/{slug}?confirm={slug}", key)
    assert deleted.json() == {"dataset": slug, "events": 7, "batches": 1}
    wait_until(lambda: two.get(TILE, dataset=slug).status_code == 404, "the other server to hear of it", 5)
    for table in ["events", "event_identities", "event_days", "daily_counts", "daily_aggregates", "daily_scores",
                  "ingest_batches", "analytics_runs", "run_scales", "served_datasets", "dataset_grants"]:  # fmt: skip
        assert database.value(f"SELECT count(*) FROM {table} WHERE dataset = %s", [slug]) == 0, table
    wait_until(
        lambda: database.value("SELECT count(*) FROM mv_daily_risk WHERE dataset = %s", [slug]) == 0, "the refresh")
    # A new dataset with the same name gets nothing of it: neither its events nor its keys.
    assert send(one, "PUT", f"/v1/datasets/{slug}", key, json=description).status_code == 201
    assert send(one, "GET", f"/v1/datasets/{slug}", confined).status_code == 404
    audited = database.rows("SELECT action FROM audit_log WHERE target LIKE %s ORDER BY id", [f"%{slug}%"])
    assert {"PUT /v1/datasets/{slug}", "PATCH /v1/datasets/{slug}", "DELETE /v1/datasets/{slug}"} <= {
        a for [a] in audited
    }


def write_yaml(folder, description):
    file = folder / "described.yaml"
    file.write_text(json.dumps({name: value for name, value in description.items() if value is not None}))
    return file


def test_the_command_deletes_as_http_does(hextant, folder, database):
    slug = fill(hextant, folder, "by-command")
    assert hextant("datasets", "delete", slug, "--confirm", "other").code == 64
    assert hextant.json("datasets", "delete", slug, "--confirm", slug) == {"dataset": slug, "events": 5, "batches": 1}
    assert hextant("datasets", "delete", slug, "--confirm", slug).code == 65
    assert database.value("SELECT count(*) FROM events WHERE dataset = %s", [slug]) == 0
    assert database.rows(
        "SELECT outcome::text FROM audit_log WHERE action = 'datasets delete' AND target = %s ORDER BY id", [slug]
    ) == [("done",), ("failed",)]


def test_commands_that_change_data_are_in_the_audit_log(hextant, folder, database):
    slug = fill(hextant, folder, "audited")
    assert hextant("ingest", folder / "none.csv", "--dataset", slug).code != 0
    (folder / "bad.csv").write_text("nothing,of,use\n1,2,3\n")
    assert hextant("ingest", folder / "bad.csv", "--dataset", slug).code == 65
    rows = database.rows(
        "SELECT action, outcome::text, actor, detail FROM audit_log"
        " WHERE target = %s AND action <> 'datasets put' ORDER BY id",
        [slug],
    )
    assert [(action, outcome, actor) for action, outcome, actor, _ in rows] == [
        ("ingest", "done", "command"), ("score", "done", "command"), ("ingest", "failed", "command")]
    assert "5 of 5 records" in rows[0][3]
    assert database.value("SELECT count(*) FROM audit_log WHERE action = 'refresh' AND outcome = 'done'") >= 1


def parts(server):
    answer = server.get("/v1/health/ready")
    return answer.status_code, answer.json()["status"], {part["part"]: part for part in answer.json().get("parts", [])}


def test_the_probe_says_which_part_is_bad(tmp_path, folder):
    with own_services(tmp_path) as services, fresh_database(services.database_url) as database:
        hextant = Hextant(database.url)
        hextant.json("migrate", "up")
        flags = ["--redis-url", services.redis_url, "--view-max-age", 1]
        with serving(hextant, folder / "probe.log", *flags) as server:
            code, status, found = parts(server)
            assert (code, status) == (200, "ready")
            assert set(found) == {"postgresql", "schema", "view", "redis", "rights"}
            database.rows("UPDATE served_view SET refreshed_at = now() - interval '3 hours' RETURNING 1")
            code, status, found = parts(server)
            assert (
                (code, status) == (200, "degraded")
                and not found["view"]["well"]
                and "older than" in found["view"]["detail"]
            )
            hextant.json("refresh")
            assert parts(server)[1] == "ready"
            with services.killed("valkey"):
                code, status, found = parts(server)
                # Tiles are still served: taking every such server out of service would leave none.
                assert (code, status) == (200, "degraded") and not found["redis"]["well"]
            wait_until(lambda: parts(server)[1] == "ready", "Redis to be asked again")
            with services.killed("postgres"):
                wait_until(lambda: parts(server)[0] == 503, "the probe to notice")
                assert not parts(server)[2]["postgresql"]["well"]
            wait_until(lambda: parts(server)[1] == "ready", "the server to be ready again")


def test_a_server_is_not_ready_before_it_has_heard_of_rights(new_database, folder):
    """One that hears of them no more is ready: it looks rights up more often."""
    database = new_database()
    hextant = Hextant(database.url)
    hextant.json("migrate", "up")
    database.rows("REVOKE SELECT ON access_version FROM hextant_reader")
    with running(hextant, folder / "deaf.log") as server:
        wait_until(lambda: "lost the connection that listens" in server.text(), "the look for rights to fail")
        code, status, found = parts(server)
        assert (code, status) == (503, "unready")
        assert [part for part, state in found.items() if not state["well"]] == ["rights"]
        database.rows("GRANT SELECT ON access_version TO hextant_reader")
        server.wait_until_ready()
        assert parts(server)[1] == "ready"
        database.rows("REVOKE SELECT ON access_version FROM hextant_reader")
        wait_until(lambda: parts(server)[:2] == (200, "degraded"), "the loss to be told")
        assert not parts(server)[2]["rights"]["well"]


def findings(hextant, *flags):
    outcome = hextant("doctor", "--json", *flags)
    found = {each["part"]: each for each in outcome.json["findings"]}
    bad = [part for part, each in found.items() if each["grade"] == "bad"]
    assert outcome.code == (1 if bad else 0), outcome
    for each in found.values():
        assert each["grade"] == "well" or each.get("advice"), each
    return found


def test_doctor_looks_at_the_whole_installation(new_database, folder):
    database = new_database()
    hextant = Hextant(database.url)
    assert findings(hextant)["schema"]["grade"] == "bad"
    hextant.json("migrate", "up")
    found = findings(hextant)
    assert {"files", "postgresql", "clock", "timescaledb", "postgis", "schema", "reader role", "indexes", "cache",
            "transactions", "view", "jobs", "redis", "token_secret"} <= set(found)  # fmt: skip
    for part in ["files", "postgresql", "clock", "timescaledb", "postgis", "schema", "reader role", "indexes"]:
        assert found[part]["grade"] == "well", found[part]
    # The server's own report decides the advice.
    for name, wrong, grade in [("fsync", "off", "bad"), ("autovacuum", "off", "bad"), ("jit", "on", "advice")]:
        told = found.get(f"setting {name}", {"grade": "well"})["grade"]
        assert told == (grade if database.value(f"SHOW {name}") == wrong else "well")
    name = database.value("SELECT current_database()")
    database.rows(f"ALTER DATABASE \"{name}\" SET work_mem = '1MB'; ALTER DATABASE \"{name}\" SET jit = on; SELECT 1")
    database.rows("DROP INDEX idx_mv_daily_risk_cell; SELECT 1")
    found = findings(hextant)
    assert found["setting work_mem"]["grade"] == found["setting jit"]["grade"] == "advice"
    assert found["setting work_mem"]["detail"] == "is 1MB"
    assert found["indexes"]["grade"] == "bad" and "idx_mv_daily_risk_cell" in found["indexes"]["detail"]
    hextant.json("migrate", "down", "--steps", 1)
    assert findings(hextant)["schema"]["grade"] == "bad"
    assert findings(hextant, "--redis-url", "redis://127.0.0.1:1")["redis"]["grade"] == "bad"
    assert findings(Hextant("postgresql://nobody:hidden@127.0.0.1:1/none"))["postgresql"]["grade"] == "bad"
    said = Hextant("postgresql://nobody:hidden@127.0.0.1:1/none")("doctor")
    assert said.code == 1 and "hidden" not in said.out + said.err and "BAD" in said.out


def test_the_units_for_systemd_are_sound(tmp_path):
    analyze = shutil.which("systemd-analyze")
    assert analyze, "systemd-analyze is not installed: apt-get install systemd"
    for unit in (REPOSITORY / "deploy/systemd").glob("*.service"):
        copy = tmp_path / unit.name
        text = unit.read_text()
        assert "/usr/local/bin/hextant " in text
        # The program that is verified must exist here.
        copy.write_text(text.replace("/usr/local/bin/hextant", shutil.which("true")))
        done = subprocess.run([analyze, "verify", "--man=no", copy], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr


def pg(program, *arguments, source=None, target=None):
    """A program of the server's own version, as docs/operations.md calls it."""
    done = subprocess.run(
        [SERVICES, "pg", program, *arguments],
        stdin=source or subprocess.DEVNULL, stdout=target or subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    return done


def answers(server, slug, key):
    """Everything that is served of a dataset, without the server's own state."""
    tile = server.raw(TILE, dataset=slug).body
    lists = [
        server.json(path, headers=bearer(key), dataset=slug, f="json")["items"]
        for path in ["/v1/risk/2021-05-01", "/v1/events", "/v1/hotspots"]
    ]
    runs = server.json("/v1/analytics/runs", dataset=slug)["items"]
    return tile, lists, runs, server.json(f"/v1/datasets/{slug}")


def test_a_backup_restores_to_what_it_was(hextant, database, folder, slug, new_database, tmp_path):
    user_key = add_key(hextant, "analyst")
    with serving(hextant, folder / "original.log") as server:
        before = answers(server, slug, user_key)
    assert before[0] and all(before[1][:2])
    dump = tmp_path / "hextant.dump"
    with dump.open("wb") as target:
        pg("pg_dump", "--format=custom", "--no-owner", f"--dbname={database.url}", target=target)

    restored = new_database()
    psql = ["psql", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--dbname={restored.url}"]
    pg(*psql, "--command=CREATE EXTENSION IF NOT EXISTS timescaledb", "--command=SELECT timescaledb_pre_restore()")
    with dump.open("rb") as source:
        pg("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={restored.url}", source=source)
    pg(*psql, "--command=SELECT timescaledb_post_restore()", "--command=ANALYZE")

    again = Hextant(restored.url)
    assert again("migrate", "status").code == 0
    bad = [part for part, each in findings(again).items() if each["grade"] == "bad" and not part.startswith("setting")]
    assert bad == []
    with serving(again, folder / "restored.log") as server:
        assert answers(server, slug, user_key) == before
        assert send(server, "GET", "/v1/ingest/batches", user_key).status_code in (200, 400)
    # Work continues where it was: the same file is known, and a new one is stored, in a month without events.
    file = folder / f"{slug}.csv"
    assert again.json("ingest", file, "--dataset", slug)["duplicate"] == 5
    (tmp_path / "more.csv").write_text(events(3, day="2022-07-01"))
    assert again.json("ingest", tmp_path / "more.csv", "--dataset", slug)["accepted"] == 3
    again.json("score", "--dataset", slug)
    again.json("refresh")
    assert restored.value("SELECT count(*) FROM mv_daily_risk WHERE day = '2022-07-01'") == 2


def test_an_upgrade_of_the_schema_keeps_what_is_served(new_database, folder, tmp_path):
    database = new_database()
    hextant = Hextant(database.url)
    hextant.json("migrate", "up")
    slug = fill(hextant, folder, "upgraded")
    with serving(hextant, tmp_path / "before.log") as server:
        key = add_key(hextant)
        before = answers(server, slug, key)
        # The schema of one version ago under a running server.
        hextant.json("migrate", "down", "--steps", 1)
        code, status, found = parts(server)
        assert (code, status) == (503, "unready") and "hextant migrate up" in found["schema"]["detail"]
        hextant.json("migrate", "up")
        assert parts(server)[:2] == (200, "ready")
        assert answers(server, slug, key) == before
