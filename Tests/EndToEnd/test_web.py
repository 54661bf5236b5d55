"""Servers on the web: shared limits, proxies in front of them, and pages that may ask them."""

import json
import re
import subprocess

import pytest
import requests
from accounts import PASSWORD, SECRET, add_key, add_user, bearer
from nginx import configured, nginx, program
from own_services import own_services
from redis_database import free_redis_database
from serving import serving
from waiting import wait_until

HEADER = "event_type,event_timestamp,longitude,latitude,attributes_json\n"
EVENTS = HEADER + "".join(f"theft,2021-05-{day:02}T10:00:00Z,-79.4,43.7,{{}}\n" for day in range(1, 4))
TILE = "/v1/tiles/12/1144/1494.mvt"


@pytest.fixture(scope="module")
def slug(hextant, folder):
    slug = hextant.put_dataset(folder, "web")
    file = folder / "web.csv"
    file.write_text(EVENTS)
    hextant.json("ingest", file, "--dataset", slug)
    hextant.json("score", "--dataset", slug)
    hextant.json("refresh")
    return slug


def left(answer):
    """Units left in the bucket, according to its answer."""
    return int(re.fullmatch(r'"(?:address|account)";r=(\d+);t=\d+', answer.headers["RateLimit"])[1])


def test_two_servers_share_one_bucket(hextant, folder, slug):
    with free_redis_database() as redis:
        flags = ["--redis-url", redis.url, "--rate-limit", 20, "--account-rate-limit", 7]
        with serving(hextant, folder / "one.log", *flags) as one, serving(hextant, folder / "two.log", *flags) as two:
            answers = [(one, two)[number % 2].get("/v1/datasets") for number in range(24)]
            # Twenty, and one for every three seconds that this took.
            codes = [answer.status_code for answer in answers]
            assert codes[:20] == [200] * 20 and codes.count(429) >= 1
            assert [left(answer) for answer in answers[:10]] == sorted((left(a) for a in answers[:10]), reverse=True)
            assert left(answers[1]) < left(answers[0]) < 20
            refused = next(answer for answer in answers if answer.status_code == 429)
            assert 1 <= int(refused.headers["Retry-After"]) <= 3
            assert refused.headers["RateLimit-Policy"] == '"address";q=20;w=60'
            assert refused.headers["Content-Type"] == "application/problem+json"
            # A key has its own bucket, on both servers.
            key = add_key(hextant, "public")
            codes = [(one, two)[n % 2].get("/v1/datasets", headers=bearer(key)).status_code for n in range(9)]
            assert codes[:7] == [200] * 7 and 429 in codes
            assert one.metric("rate_limited_total") + two.metric("rate_limited_total") >= 2
            # Nothing is kept longer than it is needed.
            assert 0 < redis.ask("PTTL", "hextant:rate:address:20:127.0.0.1") <= 60_000


def test_without_redis_each_server_counts_for_itself(hextant, folder, slug, tmp_path):
    with own_services(tmp_path) as services:
        flags = ["--redis-url", services.redis_url, "--rate-limit", 12]
        with serving(hextant, folder / "alone.log", *flags) as server:
            assert left(server.get("/v1/datasets")) == 11
            services.kill("valkey")
            codes = [server.get("/v1/datasets").status_code for _ in range(16)]
            # Units taken from the shared bucket are not known here: the local one is full.
            assert codes[:12] == [200] * 12 and 429 in codes
            assert server.metric("rate_limits_counted_alone_total") >= 12


def test_the_example_for_nginx_is_sound(folder):
    done = subprocess.run(
        [program(), "-t", "-p", folder, "-c", configured(folder)], capture_output=True, text=True)
    assert done.returncode == 0 and "warn" not in done.stderr, done.stderr


def test_behind_nginx_links_and_limits_are_those_of_the_client(hextant, folder, slug, tmp_path):
    flags = ["--rate-limit", 6, "--trusted-proxies", "127.0.0.1"]
    with serving(hextant, folder / "behind.log", *flags) as server:
        with nginx(tmp_path, server.url.removeprefix("http://")) as (url, certificate):
            session = requests.Session()
            session.trust_env, session.verify = False, str(certificate)
            # The client's own claims are not passed on.
            claims = {"X-Forwarded-For": "203.0.113.5", "X-Forwarded-Host": "evil.example", "Forwarded": "for=1.2.3.4"}
            answers = [session.get(f"{url}/v1/tiles.json", headers=claims, timeout=60) for _ in range(3)]
            for answer in answers:
                assert answer.json()["tiles"][0].startswith(f"{url}/v1/tiles/")
                assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
            assert [left(answer) for answer in answers] == sorted([left(answer) for answer in answers], reverse=True)
            got = session.get(f"{url}{TILE}", params={"dataset": slug}, timeout=60)
            assert got.status_code == 200 and got.headers["Content-Encoding"] == "gzip"
            assert session.get(f"{url}/metrics", timeout=60).status_code == 200
        # Two trusted proxies name two clients, each with its own bucket.
        one, two = ({"X-Forwarded-For": f"192.0.2.{number}"} for number in [1, 2])
        for headers in [one, two]:
            assert left(server.get("/v1/datasets", headers=headers)) == 5
        assert left(server.get("/v1/datasets", headers=one)) == 4
        assert left(server.get("/v1/datasets", headers={"X-Forwarded-For": "9.9.9.9, 192.0.2.1"})) == 3


def test_an_address_is_taken_from_nobody_who_is_not_trusted(hextant, folder, slug):
    with serving(hextant, folder / "open.log", "--rate-limit", 20, "--trusted-proxies", "10.0.0.0/8") as server:
        for number in range(1, 6):
            answer = server.get("/v1/datasets", headers={"X-Forwarded-For": f"192.0.2.{number}"})
            assert left(answer) <= 20 - number


READ = """async ([url, headers]) => {
    try {
        const answer = await fetch(url, { headers });
        return [answer.status, answer.headers.get("x-request-id") !== null];
    } catch (error) { return [0, error.name]; }
}"""


def test_in_a_browser_only_pages_of_named_origins_may_read(browser, hextant, folder, slug):
    key = add_key(hextant, "public")
    with serving(hextant, folder / "page.log") as site, serving(hextant, folder / "other.log") as other:
        with serving(hextant, folder / "named.log", "--cors-origins", site.url) as named, \
                serving(hextant, folder / "any.log", "--cors-origins", "*") as anybody:  # fmt: skip
            page = browser.new_context().new_page()
            # A page without a policy of its own, from the site's origin.
            page.goto(f"{site.url}/v1/health/live")
            tile = f"{TILE}?dataset={slug}"

            def read(server, path, headers=None):
                return page.evaluate(READ, [server.url + path, headers or {}])

            for _ in range(2):  # the second time, the tile comes from memory
                assert read(named, tile)[0] == 200
            assert read(named, "/v1/datasets", bearer(key)) == [200, True]
            assert read(named, "/v1/nothing") == [404, True]
            assert read(named, "/v1/datasets", {"Authorization": "Bearer wrong"}) == [401, True]
            assert read(anybody, "/v1/datasets") == [200, True]
            assert read(anybody, "/v1/datasets", bearer(key))[0] == 0
            for path in ["/v1/datasets", tile]:
                assert read(other, path)[0] == 0
            page.goto(f"{other.url}/v1/health/live")
            for path in ["/v1/datasets", tile]:
                assert read(named, path)[0] == 0


def test_the_pages_work_under_a_base_path(browser, hextant, folder, slug):
    with serving(hextant, folder / "base.log", "--base-path", "/maps/risk") as server:
        page = browser.new_context().new_page()
        said, asked = [], []
        page.on("console", lambda message: said.append(message.text) if message.type in ["error", "warning"] else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{server.url}/maps/risk#dataset={slug}")
        page.wait_for_function("() => window.hextant?.map?.loaded()", timeout=60_000)
        page.evaluate("() => window.hextant.ready")
        assert page.url.startswith(f"{server.url}/maps/risk/")
        page.goto(f"{server.url}/maps/risk/docs#live")
        page.locator("#live .attempt button").click()
        page.locator("#live .attempt .status", has_text="200 OK").wait_for()
        own = [url for url in asked if url.startswith(server.url)]
        assert any(".mvt" in url for url in own)
        assert [url for url in own[1:] if not url.startswith(f"{server.url}/maps/risk/")] == []
        # No messages at all: of the policy, of missing files, of anything.
        assert [text for text in said if "GPU stall" not in text and "swiftshader" not in text.lower()] == []


def test_every_line_of_the_json_log_is_an_object(hextant, folder, slug):
    log = folder / "json.log"
    trace = "0af7651916cd43dd8448eb211c80319c"
    with serving(hextant, log, "--access-log", 1, HEXTANT_LOG_FORMAT="json", HEXTANT_TOKEN_SECRET=SECRET) as server:
        evil = '/v1/x%0A{"level":"error"}\u2028'
        headers = {"X-Request-Id": "r-77", "traceparent": f"00-{trace}-b7ad6b7169203331-01", "User-Agent": "a\tb"}
        assert server.get(evil, headers=headers).headers["X-Request-Id"] == "r-77"
        wait_until(lambda: "r-77" in log.read_text(), "the line of the request")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert all({"time", "level", "message", "label"} <= line.keys() for line in lines)
    [line] = [line for line in lines if line.get("request") == "r-77"]
    assert (line["message"], line["status"], line["method"]) == ("request", "404", "GET")
    assert not [line for line in lines if line["level"] == "error"]


def test_every_line_of_the_plain_log_is_ours(hextant, folder, slug):
    log = folder / "plain.log"
    with serving(hextant, log, "--access-log", 1) as server:
        server.get("/v1/x%0A%0Dforged%1b[31m")
        server.get("/v1/events", event_type="a\nforged")
        # This is not HTTP, and only its parser answers.
        forged = {"X-Request-Id": "r\u00a0forged", "Authorization": "Bearer forged\x1b"}
        assert requests.get(f"{server.url}/v1/datasets", headers=forged, timeout=60).status_code == 400
        server.get("/v1/stats")
        wait_until(lambda: "path=/v1/stats" in log.read_text(), "the lines")
    for line in log.read_text().splitlines():
        assert re.match(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d{4}) \w+ ", line), line
        assert "\x1b" not in line


@pytest.mark.parametrize("flags, word", [
    (["--base-path", "maps"], "base_path"), (["--trusted-proxies", "10.0.0.1/8"], "trusted_proxies"),
    (["--trusted-proxies", "everybody"], "trusted_proxies"), (["--forwarded-header", "x-real-ip"], "forwarded_header"),
    (["--cors-origins", "*,https://a.example"], "cors_origins"), (["--rate-limit=-1"], "rate_limit"),
    (["--cors-origins", "https://a.example/"], "cors_origins"),
])  # fmt: skip
def test_a_setting_that_cannot_be_used_ends_the_start(hextant, flags, word):
    done = hextant("serve", "--port", "0", *flags)
    assert done.code == 78 and word in done.err, done


def test_who_signs_in_sees_a_private_dataset_and_leaves_nothing_behind(browser, hextant, folder):
    slug = hextant.put_dataset(folder, "for-friends", visibility="private")
    file = folder / "for-friends.csv"
    file.write_text(EVENTS)
    hextant.json("ingest", file, "--dataset", slug)
    hextant.json("score", "--dataset", slug)
    hextant.json("refresh")
    user = add_user(hextant, folder)
    hextant.json("datasets", "grant", slug, user)
    with serving(hextant, folder / "friends.log", HEXTANT_TOKEN_SECRET=SECRET) as server:
        page = browser.new_context().new_page()
        sent = []
        page.on("request", lambda request: sent.append((request.url, request.headers.get("authorization"))))
        page.goto(f"{server.url}/#dataset={slug}")
        page.get_by_text(f"There is no dataset {slug}").wait_for()
        page.get_by_role("button", name="Sign in").click()
        page.locator("#sign-in [name=username]").fill(user)
        page.locator("#sign-in [name=password]").fill("something else entirely")
        page.locator("#sign-in .submit").click()
        page.get_by_text("The name or the password is wrong.").wait_for()
        page.locator("#sign-in [name=password]").fill(PASSWORD)
        page.locator("#sign-in .submit").click()
        page.wait_for_function("() => window.hextant.map?.loaded()", timeout=60_000)
        page.evaluate("() => window.hextant.ready")
        cells = page.evaluate("() => window.hextant.cells()")
        assert len(cells) == 1
        tiles = [token for url, token in sent if ".mvt" in url]
        assert tiles and all(token and token.startswith("Bearer ") for token in tiles)
        assert page.evaluate("() => [localStorage.length, sessionStorage.length, document.cookie]")[1:] == [0, ""]
        kept = page.evaluate("() => JSON.stringify({ ...localStorage })")
        assert "ey" not in kept and PASSWORD not in kept
        assert page.locator("#sign-in [name=password]").input_value() == ""
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("button", name="Sign in").wait_for()
        page.reload()
        page.get_by_text(f"There is no dataset {slug}").wait_for()
