"""Signing in, tokens, keys, and rights that end."""

import base64
import hashlib
import json
import os
import pty
import re
import select
import subprocess
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import jwt
import psycopg
import pytest
import requests
from accounts import PASSWORD, SECRET, add_key, add_user, bearer, sign_in, tokens
from command import Hextant, assert_one_plain_line
from databases import Database
from serving import serving
from waiting import wait_until

HEADER = "event_type,event_timestamp,longitude,latitude,attributes_json\n"


@pytest.fixture(scope="module")
def server(hextant, folder):
    with serving(hextant, folder / "server.log", HEXTANT_TOKEN_SECRET=SECRET) as server:
        yield server


@pytest.fixture
def private(hextant, folder, dataset):
    return hextant.put_dataset(folder, dataset, visibility="private")


def status(server, path, token=None, method="GET", **options):
    return requests.request(method, server.url + path, headers=bearer(token), timeout=60, **options).status_code


def test_a_password_gives_a_token_that_another_library_reads(server, hextant, folder):
    user = add_user(hextant, folder, role="analyst")
    form = sign_in(server, user)
    fields = {"grant_type": "password", "username": user, "password": PASSWORD}
    both = [form, requests.post(f"{server.url}/v1/auth/token", json=fields, timeout=60)]
    for answer in both:
        assert answer.status_code == 200, answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        given = answer.json()
        assert given["token_type"] == "Bearer" and given["expires_in"] == 600
        claims = jwt.decode(given["access_token"], SECRET, algorithms=["HS256"], audience="hextant", issuer="hextant")
        assert claims["sub"] == user and claims["exp"] - claims["iat"] == 600
        assert abs(claims["iat"] - time.time()) < 60
        # The role suffices, but a dataset is missing.
        assert status(server, "/v1/ingest/batches", given["access_token"]) == 400
    assert len({answer.json()["access_token"] for answer in both}) == 2


def forged(good, key=SECRET, algorithm="HS256", head=None, **claims):
    """The token with other claims, signed again."""
    old = jwt.decode(good, options={"verify_signature": False})
    body = {name: value for name, value in (old | claims).items() if value is not None}
    head = {"kid": jwt.get_unverified_header(good)["kid"]} | (head or {})
    return jwt.encode(body, key, algorithm=algorithm, headers=head)


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_a_token_that_is_not_ours_is_refused_everywhere(server, hextant, folder):
    good = tokens(server, add_user(hextant, folder, role="admin"))["access_token"]
    now = int(time.time())
    head, body, signature = good.split(".")
    assert status(server, "/v1/ingest/batches", forged(good)) == 200  # forging works if the secret is known
    attacks = {
        "alg none": forged(good, None, "none"),
        "alg none, old signature": f"{forged(good, None, 'none')}{signature}",
        "alg None": _with_head(good, alg="None"),
        "no signature": f"{head}.{body}.",
        "another algorithm": forged(good, algorithm="HS512"),
        "another key": forged(good, SECRET + "x"),
        "an empty key": forged(good, "\0"),
        "a kid of nobody": forged(good, head={"kid": "AAAAAAAAAAAA"}),
        "a kid that is a path": forged(good, head={"kid": "../../dev/null"}),
        "a kid that is SQL": forged(good, head={"kid": "' OR 1=1 --"}),
        "no kid": _with_head(good, kid=None),
        "a key of its own": forged(
            good, "own key of the attacker 0123456789", head={"jwk": {"kty": "oct", "k": "b3du"}}
        ),
        "critical extensions": forged(good, head={"crit": ["exp"]}),
        "expired": forged(good, iat=now - 900, exp=now - 1),
        "no end": forged(good, exp=None),
        "of tomorrow": forged(good, iat=now + 86400, exp=now + 90000),
        "another audience": forged(good, aud="elsewhere"),
        "many audiences": forged(good, aud=["elsewhere", "other"]),
        "no audience": forged(good, aud=None),
        "another issuer": forged(good, iss="elsewhere"),
        "another session": forged(good, sid="999999999"),
        "no session": forged(good, sid=None),
        "a session in words": forged(good, sid="1 OR 1=1"),
        "padding": f"{good}=",
        "four parts": f"{good}.x",
        "long": good + "A" * 4000,
    }
    for name, token in attacks.items():
        for path in ["/v1/ingest/batches", "/v1/datasets"]:
            assert status(server, path, token) == 401, name


def _with_head(token, **changes):
    """The token with another header under the same signature."""
    head, body, signature = token.split(".")
    fields = json.loads(base64.urlsafe_b64decode(head + "=="))
    fields = {name: value for name, value in (fields | changes).items() if value is not None}
    return f"{base64.urlsafe_b64encode(json.dumps(fields).encode()).rstrip(b'=').decode()}.{body}.{signature}"


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic YTpi", "Bearer x", "bearer hxk_short", "Token x"])
def test_a_credential_of_another_form_is_refused(server, header):
    answer = requests.get(f"{server.url}/v1/datasets", headers={"Authorization": header}, timeout=60)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="hextant"'


def test_nobody_learns_who_has_an_account(server, hextant, folder):
    user = add_user(hextant, folder)
    disabled = add_user(hextant, folder)
    hextant.json("users", "disable", disabled)
    answers = [
        sign_in(server, name, "not the right one") for name in [user, disabled, "nobody", "No Name\n", "x" * 500]
    ]
    answers.append(sign_in(server, disabled))
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert {tuple(sorted(set(answer.headers) - {"Date"})) for answer in answers} == {
        tuple(sorted(set(answers[0].headers) - {"Date"}))
    }


@pytest.mark.parametrize(
    "fields, word",
    [
        ({}, "grant_type"),
        ({"grant_type": "client_credentials"}, "grant_type"),
        ({"grant_type": "password"}, "username"),
        ({"grant_type": "password", "username": "ada"}, "password"),
        ({"grant_type": "password", "username": "ada", "password": "x" * 2000}, "password"),
        ({"grant_type": "refresh_token"}, "refresh_token"),
    ],
)
def test_a_request_without_what_it_takes_is_400(server, fields, word):
    for body in [{"data": fields}, {"json": fields}]:
        body = body if fields or "json" in body else {"data": "x=1", "headers": {
            "Content-Type": "application/x-www-form-urlencoded"}}
        answer = requests.post(f"{server.url}/v1/auth/token", timeout=60, **body)
        assert answer.status_code == 400, answer.text
        assert word in [error["field"] for error in answer.json()["errors"]]


def test_other_bodies_are_refused(server):
    def post(body, kind, query=""):
        return requests.post(
            f"{server.url}/v1/auth/token{query}", data=body, headers={"Content-Type": kind}, timeout=60).status_code

    form = "application/x-www-form-urlencoded"
    assert post("grant_type=password", "text/plain") == 415
    assert post("[]", "application/json") == 400
    assert post('{"grant_type": 1}', "application/json") == 400
    assert post("grant_type=password&grant_type=password", form) == 400
    assert post("username=%ff", form) == 400
    assert post("x=" + "y" * 20000, form) == 413
    assert post("grant_type=password", form, "?username=ada&password=x") == 400
    assert status(server, "/v1/auth/token") == 405


def test_failed_sign_ins_make_wait_whoever_they_try(server, hextant, folder, database):
    user, other = add_user(hextant, folder), add_user(hextant, folder)
    for name in [user, "nobody-at-all"]:
        database.rows("DELETE FROM login_attempts")
        assert [sign_in(server, name, "wrong").status_code for _ in range(5)] == [401] * 5
        database.rows(
            "UPDATE login_attempts SET blocked_until = now() + interval '40 s' WHERE subject = %s AND failures = 5",
            [_subject(f"user {name}")])
        refused = sign_in(server, name)  # the right password of the user
        assert refused.status_code == 429
        assert 30 <= int(refused.headers["Retry-After"]) <= 40
    assert sign_in(server, other).status_code == 200  # the client address has more attempts than a name
    database.rows("UPDATE login_attempts SET blocked_until = now()")
    assert sign_in(server, user).status_code == 200
    assert sign_in(server, user, "wrong").status_code == 401  # counted from the beginning again
    # A client address that tries many names has to wait, too.
    database.rows("DELETE FROM login_attempts")
    assert sign_in(server, "first-name", "wrong").status_code == 401
    database.rows("UPDATE login_attempts SET failures = 25 WHERE subject = %s", [_subject("address 127.0.0.1")])
    assert sign_in(server, "second-name", "wrong").status_code == 401
    refused = sign_in(server, "third-name", "wrong")
    assert refused.status_code == 429 and 2 < int(refused.headers["Retry-After"]) <= 64
    database.rows("DELETE FROM login_attempts")


def _subject(text):
    return hashlib.sha256(text.encode()).digest()


def refresh(server, token):
    return requests.post(
        f"{server.url}/v1/auth/token", data={"grant_type": "refresh_token", "refresh_token": token}, timeout=60)


def test_a_refresh_token_is_good_once_and_its_second_use_ends_the_session(server, hextant, folder, database):
    user = add_user(hextant, folder, role="admin")
    first = tokens(server, user)
    second = refresh(server, first["refresh_token"]).json()
    third = refresh(server, second["refresh_token"]).json()
    for token in [first, second, third]:
        assert status(server, "/v1/ingest/batches", token["access_token"]) == 200
    stored = database.rows("SELECT encode(hash, 'hex') FROM refresh_tokens")
    assert (hashlib.sha256(third["refresh_token"].encode()).hexdigest(),) in stored  # the hash and nothing else
    assert refresh(server, first["refresh_token"]).status_code == 401  # a second use means that somebody has a copy
    assert refresh(server, third["refresh_token"]).status_code == 401
    for token in [first, second, third]:
        wait_until(lambda: status(server, "/v1/ingest/batches", token["access_token"]) == 401, "the session to end", 5)
    used_twice = "SELECT count(*) FROM audit_log WHERE target = %s AND detail LIKE '%%used twice%%'"
    wait_until(lambda: database.value(used_twice, [user]) == 1, "the entry", 5)
    for nonsense in ["x", "hxr_" + "A" * 43, first["access_token"]]:
        assert refresh(server, nonsense).status_code == 401


@pytest.mark.parametrize("kind", ["refresh_token", "access_token"])
def test_a_session_is_revoked_by_either_token(server, hextant, folder, kind):
    user = add_user(hextant, folder, role="admin")
    given, other = tokens(server, user), tokens(server, user)
    answer = requests.post(f"{server.url}/v1/auth/revoke", json={"token": given[kind]}, timeout=60)
    assert answer.status_code == 200
    wait_until(lambda: status(server, "/v1/ingest/batches", given["access_token"]) == 401, "the session to end", 5)
    assert refresh(server, given["refresh_token"]).status_code == 401
    assert status(server, "/v1/ingest/batches", other["access_token"]) == 200
    for token in [given[kind], "unknown"]:
        assert requests.post(f"{server.url}/v1/auth/revoke", data={"token": token}, timeout=60).status_code == 200


def test_what_this_server_changed_holds_here_at_once(server, hextant, folder, dataset):
    """By NOTIFY alone it holds some milliseconds later, which a client that asks at once sees now and then."""
    user, key = add_user(hextant, folder), add_key(hextant)
    for _ in range(8):
        given = tokens(server, user)
        assert status(server, "/v1/datasets", given["access_token"]) == 200
        ended = requests.post(f"{server.url}/v1/auth/revoke", data={"token": given["refresh_token"]}, timeout=60)
        assert (ended.status_code, status(server, "/v1/datasets", given["access_token"])) == (200, 401)
    for _ in range(25):
        for visibility, seen in [("public", 200), ("private", 404)]:
            changed = status(server, f"/v1/datasets/{dataset}", key, "PATCH", json={"visibility": visibility})
            assert (changed, status(server, f"/v1/datasets/{dataset}")) == (200, seen)


@contextmanager
def blind_to_the_version(database):
    """The URL of a role that may do everything to rights except read their version.

    Changes are not announced either: the listener of such a server, which reads as another role, finds one up to a
    second later.
    """
    role = f"blind_{os.getpid()}"
    url = urlsplit(database.url)
    url = url._replace(netloc=f"{role}:secret@{url.netloc.rpartition('@')[2]}").geturl()
    for statement in [
        f"CREATE ROLE {role} LOGIN NOINHERIT PASSWORD 'secret'",
        f"GRANT hextant_reader TO {role}",
        f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"REVOKE SELECT ON access_version FROM {role}",
        """
        CREATE OR REPLACE FUNCTION raise_access_version() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN
            UPDATE access_version SET version = version + 1;
            RETURN NULL;
        END
        $$
        """,
    ]:
        database.rows(statement)
    try:
        with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT version FROM access_version")
        yield url
    finally:
        database.rows(f"DROP OWNED BY {role}")
        database.rows(f"DROP ROLE {role}")


def test_a_change_whose_version_cannot_be_read_is_answered_as_done_and_holds_at_once(new_database, folder):
    database = new_database()
    hextant = Hextant(database.url)
    hextant.json("migrate", "up")
    user, key = add_user(hextant, folder), add_key(hextant)
    with blind_to_the_version(database) as url:
        with serving(Hextant(url), folder / "blind.log", HEXTANT_TOKEN_SECRET=SECRET) as server:
            for kind in ["access_token", "refresh_token"] * 3:
                given = tokens(server, user)
                assert status(server, "/v1/datasets", given["access_token"]) == 200
                ended = requests.post(f"{server.url}/v1/auth/revoke", data={"token": given[kind]}, timeout=60)
                assert (ended.status_code, status(server, "/v1/datasets", given["access_token"])) == (200, 401)
            first = tokens(server, user)
            second = refresh(server, first["refresh_token"]).json()
            assert status(server, "/v1/datasets", second["access_token"]) == 200
            # The second use of a token ends the session, and is refused as such and not as a fault of the server.
            reused = refresh(server, first["refresh_token"]).status_code
            assert (reused, status(server, "/v1/datasets", second["access_token"])) == (401, 401)

            description = {"title": "T", "licence": "CC0-1.0", "attribution": "A", "time_zone": "UTC"}
            description["resolutions"] = [7]
            for path in ["/v1/datasets/one", "/v1/datasets/two", "/v1/datasets/three"]:
                assert status(server, path, key, "PUT", json=description | {"visibility": "public"}) == 201
                assert status(server, path) == 200
                hidden = status(server, path, key, "PATCH", json={"visibility": "private"})
                assert (hidden, status(server, path)) == (200, 404)
                shown = status(server, path, key, "PUT", json=description | {"visibility": "public"})
                assert (shown, status(server, path)) == (200, 200)
                deleted = status(server, f"{path}?confirm={path.rpartition('/')[2]}", key, "DELETE")
                assert (deleted, status(server, path), status(server, path, key)) == (200, 404, 404)


def test_a_right_that_is_taken_away_is_gone_on_every_server(server, hextant, folder, private):
    path = f"/v1/stats?dataset={private}"
    with serving(hextant, folder / "second.log", HEXTANT_TOKEN_SECRET=SECRET) as second:
        servers = [server, second]

        def everywhere(code, address, token):
            wait_until(
                lambda: [status(each, address, token) for each in servers] == [code] * 2, f"{code} everywhere", 5
            )

        user = add_user(hextant, folder)
        token = tokens(server, user)["access_token"]
        everywhere(404, path, token)
        assert hextant.json("datasets", "grant", private, user)["changed"]
        assert not hextant.json("datasets", "grant", private, user)["changed"]
        everywhere(200, path, token)
        hextant.json("datasets", "revoke", private, user)
        everywhere(404, path, token)
        assert hextant.json("users", "set-role", user, "analyst")["changed"]
        everywhere(400, "/v1/ingest/batches", token)
        hextant.json("users", "set-role", user, "admin")
        everywhere(200, "/v1/ingest/batches", token)
        hextant.json("users", "disable", user)
        everywhere(401, "/v1/ingest/batches", token)
        assert sign_in(server, user).status_code == 401
        hextant.json("users", "enable", user)
        token = tokens(server, user)["access_token"]
        everywhere(200, "/v1/ingest/batches", token)
        file = folder / "next.password"
        file.write_text("another passphrase")
        hextant.json("users", "set-password", user, "--password-file", file)
        everywhere(401, "/v1/ingest/batches", token)
        assert sign_in(second, user).status_code == 401
        assert sign_in(second, user, "another passphrase").status_code == 200
        key = add_key(hextant)
        everywhere(200, "/v1/ingest/batches", key)
        name = hextant.json("keys", "list")["keys"][-1]["name"]
        for each in hextant.json("keys", "list")["keys"]:
            name = each["name"] if each["state"] == "good" else name
            hextant.json("keys", "revoke", each["name"])
        everywhere(401, "/v1/ingest/batches", key)
        assert not hextant.json("keys", "revoke", name)["changed"]


def test_a_dataset_made_private_is_gone_at_once_also_when_the_server_was_cut_off(
    server, hextant, folder, database, dataset
):
    path = f"/v1/tiles.json?dataset={dataset}"
    for _ in range(3):
        assert status(server, path) == 200
    hextant.put_dataset(folder, dataset, visibility="private")
    wait_until(lambda: status(server, path) == 404, "the dataset to be gone", 5)
    hextant.put_dataset(folder, dataset, visibility="public")
    wait_until(lambda: status(server, path) == 200, "the dataset to be back", 5)
    # The change happens together with the loss of the connection that would report it.
    with database.connect() as connection:
        connection.execute("UPDATE datasets SET visibility = 'private' WHERE slug = %s", [dataset])
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            "AND query IN ('LISTEN \"hextant_access\"', 'SELECT version FROM access_version')")
        connection.commit()
    wait_until(lambda: status(server, path) == 404, "the dataset to be gone", 5)


def test_keys_are_confined_and_expire(server, hextant, folder, private, database):
    other = hextant.put_dataset(folder, f"{private}-other")
    key = add_key(hextant, "analyst", [private])
    assert status(server, f"/v1/stats?dataset={private}", key) == 200
    assert status(server, f"/v1/stats?dataset={other}", key) == 404
    assert status(server, f"/v1/stats?dataset={other}") == 200
    seen = requests.get(f"{server.url}/v1/datasets", headers=bearer(key), timeout=60).json()["items"]
    assert [item["dataset"] for item in seen] == [private]
    assert status(server, f"/v1/events/upload?dataset={other}", key, "POST", data=HEADER) == 404
    assert status(server, f"/v1/events/upload?dataset={private}", key, "POST", data=HEADER) == 201
    stored = database.rows("SELECT encode(hash, 'hex') FROM api_keys")
    assert (hashlib.sha256(key.encode()).hexdigest(),) in stored
    database.rows("UPDATE api_keys SET expires_at = now() WHERE hash = %s", [hashlib.sha256(key.encode()).digest()])
    wait_until(lambda: status(server, "/v1/datasets", key) == 401, "the key to expire", 5)
    assert hextant("keys", "add", "nowhere", "--dataset", "no-such-dataset").code == 65


def test_answers_that_depend_on_who_asks_are_kept_by_nobody_else(server, hextant, private):
    key = add_key(hextant)
    for path in ["/v1/datasets", f"/v1/tiles.json?dataset={private}", f"/v1/stats?dataset={private}"]:
        answer = requests.get(server.url + path, headers=bearer(key), timeout=60)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert "Authorization" in answer.headers["Vary"]


def test_every_write_and_refusal_is_written_down_without_secrets(server, hextant, folder, database, private):
    user = add_user(hextant, folder, role="analyst")
    given = tokens(server, user)
    key = add_key(hextant)
    status(server, f"/v1/events/upload?dataset={private}", given["access_token"], "POST", data=HEADER)
    status(server, "/v1/events/upload?dataset=x", None, "POST", data=HEADER)
    status(server, f"/v1/events/upload?dataset={private}", key, "POST", data=HEADER)
    status(server, f"/v1/events/upload?dataset={private}&mapping=unknown", key, "POST", data=HEADER)
    status(server, f"/v1/risk/2021-01-01?dataset={private}&key={key}")
    status(server, f"/v1/risk/2021-01-01?dataset={private}")
    status(server, "/v1/datasets", "hxk_wrong")
    sign_in(server, PASSWORD, user)

    def entries():
        return set(database.rows(
            "SELECT actor, action, outcome::text, status FROM audit_log WHERE host(address) = '127.0.0.1'"))

    expected = {
        (f"user {user}", "POST /v1/auth/token", "done", 200),
        (f"user {user}", "POST /v1/events/upload", "refused", 404),
        ("anonymous", "POST /v1/events/upload", "refused", 401),
        ("anonymous", "GET /v1/risk/{date}", "refused", 404),
        ("anonymous", "GET /v1/datasets", "refused", 401),
        ("anonymous", "POST /v1/auth/token", "refused", 401),
    }
    wait_until(lambda: expected <= entries(), "the entries", 5)
    assert {(outcome, code) for actor, action, outcome, code in entries() if actor.startswith("key")} >= {
        ("done", 201), ("failed", 400)}
    commands = database.rows("SELECT action, target FROM audit_log WHERE actor = 'command'")
    assert {("users add", user), ("datasets put", private)} <= set(commands)
    assert "keys add" in {action for action, _ in commands}
    everything = "".join(map(str, database.rows("SELECT * FROM audit_log"))) + server.text()
    for secret in [PASSWORD, SECRET, key, *given.values()]:
        assert str(secret) not in everything or secret in ("Bearer", 600)
    with database.connect() as connection, pytest.raises(Exception, match="audit log is not changed"):
        connection.execute("UPDATE audit_log SET actor = 'nobody'")


def test_users_are_kept_by_commands_that_may_be_repeated(hextant, folder, database):
    name = add_user(hextant, folder, role="analyst")
    file = folder / f"{name}.password"
    assert not hextant.json("users", "add", name, "--role", "analyst", "--password-file", file)["changed"]
    [stored] = database.rows("SELECT password_hash FROM users WHERE username = %s", [name])
    assert re.fullmatch(r"\$scrypt\$ln=15,r=8,p=3\$[\w+/]{22}\$[\w+/]{43}", stored[0])
    _, _, _, salt, key = stored[0].split("$")
    derived = hashlib.scrypt(
        PASSWORD.encode(), salt=base64.b64decode(salt + "=="), n=1 << 15, r=8, p=3, dklen=32, maxmem=1 << 27)
    assert base64.b64decode(key + "=") == derived
    for arguments in [
        ("--role", "admin", "--password-file", file),
        ("--role", "analyst", "--password-file", "/dev/null"),
    ]:
        outcome = hextant("users", "add", name, *arguments)
        assert outcome.code == 65
        assert_one_plain_line(outcome.err)
    for _ in range(2):
        hextant.json("users", "set-role", name, "public")
        hextant.json("users", "disable", name)
    listed = {user["user"]: user for user in hextant.json("users", "list")["users"]}
    assert listed[name] == {"user": name, "role": "public", "disabled": True, "datasets": []}
    for command in [("disable", "nobody-here"), ("set-role", "nobody-here", "admin"), ("enable", "nobody-here")]:
        outcome = hextant("users", *command)
        assert outcome.code == 65 and "nobody-here" in outcome.err
    outcome = hextant("users", "add", "Not A Name", "--password-file", file)
    assert outcome.code == 65 and "not a valid name" in outcome.err
    assert hextant("users", "add", "without-a-terminal").code == 78
    assert hextant("users", "add", "with-argument", "--password", "x").code == 64


def test_a_password_comes_from_standard_input(hextant, server):
    process = subprocess.run(
        [hextant.binary, "users", "add", "piped", "--password-file", "-"], env=hextant.environment,
        input=PASSWORD + "\n", text=True, capture_output=True, timeout=60)
    assert process.returncode == 0, process.stderr
    assert sign_in(server, "piped").status_code == 200


def test_a_password_is_asked_for_and_not_shown(hextant, server):
    child, terminal = pty.fork()
    if child == 0:
        os.execve(hextant.binary, [hextant.binary, "users", "add", "typed"], hextant.environment)
    shown = b""
    for prompt in [b"Password: ", b"Password again: "]:
        while prompt not in shown:
            assert select.select([terminal], [], [], 60)[0]
            shown += os.read(terminal, 1024)
        time.sleep(0.2)  # the terminal must be silent before the prompt is flushed
        os.write(terminal, PASSWORD.encode() + b"\n")
    try:
        while more := os.read(terminal, 1024):
            shown += more
    except OSError:
        pass  # the end of a terminal
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, shown
    assert PASSWORD.encode() not in shown
    assert sign_in(server, "typed").status_code == 200


@pytest.mark.parametrize("secret", ["short", "a" * 40, "change-me-0123456789-abcdefghijklmnop"])
def test_a_server_with_a_weak_secret_does_not_start_except_for_development(hextant, folder, secret):
    outcome = hextant("serve", "--port", "0", HEXTANT_TOKEN_SECRET=secret)
    assert outcome.code == 78
    assert_one_plain_line(outcome.err)
    assert "token_secret" in outcome.err and secret not in outcome.err
    with serving(hextant, folder / f"{len(secret)}.log", "--dev", HEXTANT_TOKEN_SECRET=secret) as server:
        user = add_user(hextant, folder)
        assert tokens(server, user)


def test_without_a_secret_keys_are_good_and_passwords_are_not(hextant, folder):
    with serving(hextant, folder / "keys.log") as server:
        assert sign_in(server, "ada").status_code == 403
        assert status(server, "/v1/ingest/batches", add_key(hextant)) == 200


def test_tokens_of_the_previous_secret_are_good_while_it_is_named(server, hextant, folder):
    token = tokens(server, add_user(hextant, folder, role="admin"))["access_token"]
    new = SECRET[::-1]
    with serving(
        hextant, folder / "new.log", HEXTANT_TOKEN_SECRET=new, HEXTANT_PREVIOUS_TOKEN_SECRET=SECRET) as rotated:
        assert status(rotated, "/v1/ingest/batches", token) == 200
    with serving(hextant, folder / "newer.log", HEXTANT_TOKEN_SECRET=new) as rotated:
        assert status(rotated, "/v1/ingest/batches", token) == 401
