"""The commands as an operator uses them: migrations, settings, refusals, starting and stopping the server."""

import re
import shutil
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import urlsplit

import pytest
import requests
from command import REPOSITORY, Hextant, assert_one_plain_line
from databases import Database
from serving import Server, serving
from waiting import wait_until

MIGRATIONS = [path.name.removesuffix(".up.sql") for path in sorted((REPOSITORY / "migrations").glob("*.up.sql"))]


@pytest.fixture
def blank(new_database):
    """A database without a schema, and the binary with it."""
    database = new_database()
    return database, Hextant(database.url)


def schema(database):
    """The schema without extensions: relations with their columns, types, functions and privileges."""
    # On a new connection: one that was opened with the extensions does not work without them.
    with closing(Database(database.url)) as session:
        return session.rows(SCHEMA)


SCHEMA = """
    SELECT c.relname, c.relkind::text, a.attname, format_type(a.atttypid, a.atttypmod), c.relacl::text
    FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    UNION ALL
    SELECT t.typname, 'type', NULL, NULL, NULL FROM pg_type t
    WHERE t.typnamespace = 'public'::regnamespace AND t.typtype = 'e'
    UNION ALL
    SELECT p.proname, 'function', NULL, NULL, NULL FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    ORDER BY 1, 2, 3
"""


def test_migrations_go_up_down_and_up_again(blank):
    database, hextant = blank
    nothing = schema(database)
    assert [line["applied"] for line in hextant.json("migrate", "status")["migrations"]] == [False] * len(MIGRATIONS)
    assert hextant.json("migrate", "up") == {"applied": MIGRATIONS}
    first = schema(database)
    assert hextant.json("migrate", "up") == {"applied": []}
    assert hextant.json("migrate", "status")["migrations"] == [{"name": name, "applied": True} for name in MIGRATIONS]
    assert hextant.json("migrate", "down") == {"reverted": MIGRATIONS[-1:]}
    assert hextant.json("migrate", "down", "--steps", "2") == {"reverted": MIGRATIONS[-2:-4:-1]}
    assert hextant.json("migrate", "down", "--all") == {"reverted": MIGRATIONS[-4::-1]}
    left = [row for row in schema(database) if not row[0].startswith("schema_migrations")]
    assert left == nothing
    assert hextant.json("migrate", "down") == {"reverted": []}
    assert hextant.json("migrate", "up") == {"applied": MIGRATIONS}
    assert schema(database) == first


def test_migrations_at_the_same_time_are_applied_once(blank):
    _, hextant = blank
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: hextant.json("migrate", "up")["applied"], range(3)))
    assert sorted(name for applied in done for name in applied) == MIGRATIONS


@pytest.fixture
def installation(tmp_path):
    """A copy of the files that belong to the binary."""
    home = tmp_path / "home"
    for name in ["sql", "migrations", "mappings", "static"]:
        shutil.copytree(REPOSITORY / name, home / name)
    return home


def test_migration_that_was_changed_is_refused(blank, installation):
    database, hextant = blank
    hextant.json("migrate", "up")
    before = schema(database)
    with open(installation / "migrations" / f"{MIGRATIONS[2]}.up.sql", "a") as file:
        file.write("-- one more line\n")
    for command in [["up"], ["down"], ["status"]]:
        outcome = hextant("migrate", *command, HEXTANT_HOME=str(installation))
        assert (outcome.code, outcome.out) == (78, "")
        assert_one_plain_line(outcome.err)
        assert MIGRATIONS[2] in outcome.err and "changed" in outcome.err
    assert schema(database) == before


def test_migration_that_fails_leaves_nothing_of_itself(blank, installation):
    database, hextant = blank
    name = f"{len(MIGRATIONS) + 1:04}_broken"
    (installation / f"migrations/{name}.up.sql").write_text("CREATE TABLE half (id integer);\nSELECT 1 / 0;\n")
    (installation / f"migrations/{name}.down.sql").write_text("DROP TABLE half;\n")
    outcome = hextant("migrate", "up", HEXTANT_HOME=str(installation))
    assert outcome.code == 78 and name in outcome.err
    assert outcome.err.count("\n") == 1
    assert database.value("SELECT to_regclass('half')") is None
    assert database.value("SELECT count(*) FROM schema_migrations") == len(MIGRATIONS)
    outcome = hextant("migrate", "status")  # the database is as new as our own files
    assert outcome.code == 0


def test_installation_that_is_not_complete_is_named(blank, tmp_path):
    outcome = blank[1]("migrate", "up", HEXTANT_HOME=str(tmp_path))
    assert outcome.code == 78 and "HEXTANT_HOME" in outcome.err
    assert_one_plain_line(outcome.err)


def test_command_before_the_schema_says_what_to_do(blank):
    for command in [["score", "--dataset", "x"], ["refresh"], ["datasets", "list"]]:
        outcome = blank[1](*command)
        assert outcome.code == 78, outcome
        assert_one_plain_line(outcome.err)
        assert "hextant migrate up" in outcome.err, outcome.err


def test_help_of_serve_tells_every_setting_with_its_variable():
    told = Hextant(None)("serve", "--help")
    assert told.code == 0
    table = (REPOSITORY / "docs/configuration.md").read_text()
    documented = re.findall(r"^\| `(--[a-z-]+)` \| `(HEXTANT_[A-Z_]+)`", table, re.M)
    assert len(documented) > 10
    text = " ".join(told.out.split())
    for flag, variable in documented:
        assert re.search(rf"{flag}\b", text) and re.search(rf"\[{variable}\b", text), (flag, variable)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["score"],
        ["score", "--dataset", "x", "--resolution", "16"],
        ["score", "--dataset", "x", "--from", "2021-02-30"],
        ["score", "--dataset", "x", "--from", "2021-02-02", "--to", "2021-02-01"],
        ["score", "--dataset", "x", "--normalization", "log"],
        ["migrate", "down", "--steps", "0"],
        ["serve", "--port", "http"],
    ],
)
def test_command_that_is_called_wrongly_is_told_so(hextant, arguments):
    outcome = hextant(*arguments)
    assert (outcome.code, outcome.out) == (64, "") and outcome.err.startswith("Error: ")


def test_without_a_database_address_the_setting_is_named():
    outcome = Hextant(None)("refresh")
    assert outcome.code == 78 and "HEXTANT_DATABASE_URL" in outcome.err
    assert_one_plain_line(outcome.err)


def test_database_out_of_reach_is_one_line_without_its_password(hextant):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        outcome = hextant("refresh", "--database-url", f"postgresql://someone:hush-hush@127.0.0.1:{port}/none")
    assert outcome.code == 69
    assert_one_plain_line(outcome.err)
    assert "hush-hush" not in outcome.err and str(port) in outcome.err


@pytest.mark.parametrize(
    "content, place, words",
    [
        ("host: 127.0.0.1\nprot: 8080\n", ":2", ["prot", "port"]),
        ("# first\n\nport: [1, 2]\n", ":3", ["port"]),
        ("port: many\n", "", ["port", "many"]),
        ("port: 70000\n", "", ["port", "65535"]),
        ("tile_ttl: 0\n", "", ["tile_ttl", "86400"]),
        ("log_level: loud\n", "", ["log_level", "loud", "warning"]),
        ("- port\n", ":1", []),
        ("port: 1\nhost: 'x\n", "", ["YAML"]),
    ],
)
def test_bad_configuration_is_named_by_file_and_line(hextant, tmp_path, content, place, words):
    file = tmp_path / "hextant.yaml"
    file.write_text(content)
    outcome = hextant("serve", "--config", file)
    assert outcome.code == 78, outcome
    assert_one_plain_line(outcome.err)
    assert not place or f"hextant.yaml{place}:" in outcome.err, outcome.err
    assert all(word in outcome.err for word in words), outcome.err


def test_flag_wins_over_environment_and_environment_over_file(hextant, tmp_path):
    file = tmp_path / "hextant.yaml"
    file.write_text("tile_ttl: 11\ndatabase_connections: 2\nstatement_timeout: 33\n")
    with serving(
        hextant,
        tmp_path / "server.log",
        "--config",
        file,
        "--statement-timeout",
        5,
        HEXTANT_TILE_TTL="22",
        HEXTANT_STATEMENT_TIMEOUT="44",
    ) as server:
        [line] = [line for line in server.text().splitlines() if "starting" in line]
    for setting in ["tile_ttl=22.0 seconds", "database_connections=2", "statement_timeout=5.0 seconds"]:
        assert setting in line


def test_passwords_are_not_in_the_log(hextant, tmp_path):
    password = urlsplit(hextant.environment["HEXTANT_DATABASE_URL"]).password
    redis = "redis://:hush-hush@127.0.0.1:1/0"
    with serving(hextant, tmp_path / "server.log", "--redis-url", redis, "--log-level", "trace") as server:
        server.get("/v1/tiles/0/0/0.mvt")
        server.get("/v1/datasets")
    text = server.text()
    assert "redacted" in text and "hush-hush" not in text
    assert password is None or f":{password}@" not in text


def test_port_that_is_taken_is_told_in_one_line(hextant):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outcome = hextant("serve", "--port", port)
    assert outcome.code == 69
    *_, last = outcome.err.splitlines()
    assert last.startswith("hextant: ") and "port" in last and str(port) in last and "in use" in last


WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def test_request_in_flight_is_answered_before_the_server_ends(hextant, database, folder, tmp_path):
    hextant.put_dataset(folder, "calm")
    with database.connect() as holder, ThreadPoolExecutor(1) as pool:
        server = Server(hextant, tmp_path / "server.log")
        try:
            server.wait_until_ready()
            server.json("/v1/datasets")
            holder.execute("ALTER TABLE mv_daily_risk RENAME TO held")  # nobody reads it until the end
            hotspots = f"{server.url}/v1/hotspots?dataset=calm&start_date=2021-01-01&end_date=2021-01-02"
            answer = pool.submit(requests.get, hotspots, timeout=60)
            wait_until(lambda: database.value(WAITING) == 1, "the request to wait in the database")
            server.process.terminate()
            wait_until(lambda: refuses(server.url), "the server to take no more connections")
            assert server.process.poll() is None
            holder.rollback()
            assert answer.result().status_code == 200
            assert server.process.wait(timeout=10) == 0
        finally:
            holder.rollback()
            server.process.kill()
            server.process.wait()


def refuses(url):
    try:
        socket.create_connection((urlsplit(url).hostname, urlsplit(url).port), timeout=1).close()
    except ConnectionRefusedError:
        return True
    return False
