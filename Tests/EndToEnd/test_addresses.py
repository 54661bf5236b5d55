"""Each path has one spelling: a path hidden by a proxy cannot be reached by another spelling."""

import ssl

import h2.exceptions
import pytest
import raw_http2
import requests
import trustme
from accounts import SECRET, add_key
from nginx import nginx
from raw_http import exchange, fields
from serving import serving

# Other spellings of /metrics with their status: 308 with the right path, or 404.
SPELLINGS = {
    "/metrics/": 308, "/metrics//": 308, "//metrics": 308, "///metrics///": 308, "/%6detrics": 308, "/%6Detrics": 308,
    "/metric%73": 308, "/%6d%65%74%72%69%63%73/": 308, "//%6detrics//": 308,
    "/./metrics": 404, "/metrics/.": 404, "/x/../metrics": 404, "/metrics/../metrics": 404, "/%2e/metrics": 404,
    "/x/%2e%2e/metrics": 404, "/x/.%2E/metrics": 404, "/..//metrics": 404, "/%2fmetrics": 404, "/metrics%2f": 404,
    "/metrics%2F": 404, "/x%2f..%2fmetrics": 404,
    "/\\metrics": 404, "\\metrics": 404, "/metrics\\": 404, "/%5cmetrics": 404, "/metrics%5C": 404, "/metrics;": 404,
    "/metrics;a=b": 404,
    "/;/metrics": 404, "/metrics%3b": 404, "/METRICS": 404, "/Metrics": 404, "/metrics%00": 404, "/metrics%00.png": 404,
    "/%00/metrics": 404,
    "/%256detrics": 404, "/%25%36%64etrics": 404, "/metrics%20": 404, "/metrics%09": 404, "/metrics%0a": 404,
    "/metrics.": 404,
    "/metrics%": 404, "/metrics%zz": 404, "/metrics#x": 404, "/metrics/x": 404, "/metrics%c0%af": 404,
    "/%ef%bd%8detrics": 404,
    "http://127.0.0.1/metrics": 404, "http://evil.example/metrics": 404, "HTTP://127.0.0.1//metrics": 404,
    "metrics": 404, "*": 404,
}  # fmt: skip


def get(path, *headers, method="GET", host="127.0.0.1"):
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1")


@pytest.fixture(scope="module")
def server(hextant, folder):
    with serving(hextant, folder / "addresses.log", "--workers", 0, HEXTANT_TOKEN_SECRET=SECRET) as server:
        yield server


def is_metrics(answer):
    return b"process_resident_memory_bytes" in answer or b"http_requests_total" in answer


@pytest.mark.parametrize("path, status", SPELLINGS.items())
def test_only_one_spelling_of_a_path_is_answered(server, path, status):
    assert is_metrics(exchange(server, get("/metrics")))
    answer = exchange(server, get(path + ("?a=%2F&b" if status == 308 else "")))
    # The parser may refuse targets that are invalid anyway.
    found, headers = fields(answer)
    assert found == status or status == 404 and found == 400, answer[:300]
    assert not is_metrics(answer) and len(answer) < 1500
    assert headers["x-content-type-options"] == "nosniff" and headers["x-request-id"]
    if status == 308:
        assert headers["location"] == "/metrics?a=%2F&b" and headers["cache-control"] == "no-cache"
        # Only requests that read are redirected.
        assert fields(exchange(server, get(path, method="HEAD")))[0] == 308
        assert fields(exchange(server, get(path, "Content-Length: 0", method="POST")))[0] == 404


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/", "///evil.example/%2e%2e", "//evil.example/..",
                                  "/\\evil.example/",
                                  "//127.0.0.1@evil.example/", "/%2f/evil.example/", "/%5cevil.example",
                                  "//v1/datasets//@evil.example/..",
                                  "//evil.example//v1/datasets/"])  # fmt: skip
def test_nobody_is_sent_to_another_host(server, path):
    status, headers = fields(exchange(server, get(path)))
    assert (status == 404 or status == 400) and "location" not in headers


def test_a_long_query_is_not_repeated(server):
    status, headers = fields(exchange(server, get("/metrics/?" + "a" * 60_000)))
    assert status == 404 and "location" not in headers
    assert len(fields(exchange(server, get("/metrics/?" + "a" * 2000)))[1]["location"]) < 2100


@pytest.mark.parametrize("path, address", [
    ("/v1/datasets/", "/v1/datasets"), ("/v1//datasets", "/v1/datasets"), ("/v1//%64atasets", "/v1/datasets"),
    ("/docs/", "/docs"), ("/docs.html", "/docs"), ("/index.html", "/"), ("/index%2Ehtml", "/"), ("//", "/"),
    ("/v1/risk/2021%2D01-01/", "/v1/risk/2021-01-01"), ("/v1//tiles/0/0/0%2emvt", "/v1/tiles/0/0/0.mvt"),
    ("/v1/tiles/%30/0/0.mvt/", "/v1/tiles/0/0/0.mvt"), ("/ogc/", "/ogc"),
    ("/ogc/collections/a%2Erisk/items/", "/ogc/collections/a.risk/items"),
    ("/v1/auth/token/", None), ("/nothing/", None), ("/v1/datasets/a%2fb", None), ("/v1/risk/2021-01-01%00", None),
    ("/js/", None),
])  # fmt: skip
def test_every_route_and_file_has_one_address(server, path, address):
    status, headers = fields(exchange(server, get(path)))
    assert (status, headers.get("location")) == ((308, address) if address else (404, None))


# Both spellings are the same path by RFC 3986, 6.2.2.
EQUIVALENT = {
    "/v1/%64atasets": "/v1/datasets", "/v1/datasets/%6done": "/v1/datasets/mone", "/d%6Fcs": "/docs",
    "/v1/risk/2021%2D12%2D31": "/v1/risk/2021-12-31", "/v1/tiles/0/0/0%2Emvt": "/v1/tiles/0/0/0.mvt",
    "/v1/cells/85%39b": "/v1/cells/859b", "/ogc/collections/a%2Erisk": "/ogc/collections/a.risk",
    "/v1/health/l%69ve": "/v1/health/live", "/nothing%2Dhere": "/nothing-here",
}  # fmt: skip


@pytest.mark.parametrize("path, plain", EQUIVALENT.items())
def test_an_escaped_letter_is_the_letter(server, path, plain):
    def told(answer):
        head, body = answer.split(b"\r\n\r\n", 1)
        status, headers = fields(answer)
        return status, headers.get("content-type"), headers.get("allow"), body.replace(b"%", b"")

    for method in ["GET", "DELETE"]:
        found = told(exchange(server, get(path, "Content-Length: 0", method=method)))
        assert found == told(exchange(server, get(plain, "Content-Length: 0", method=method))) and found[0] != 308


@pytest.mark.parametrize("path", ["/v1/tiles/00/0/0.mvt", "/v1/tiles/0/0/00.mvt", "/v1/tiles/+0/0/0.mvt",
                                  "/v1/risk/2021-1-1", "/v1/risk/+2021-01-01",
                                  "/v1/cells/882B9BC46DFFFFF", "/v1/cells/882b9bc46dfffff&", "/v1/analytics/runs/01",
                                  "/v1/analytics/runs/+1"])  # fmt: skip
def test_a_value_in_a_path_has_one_spelling(server, path):
    assert fields(exchange(server, get(path)))[0] == 400


def test_a_number_of_a_batch_has_one_spelling(server, hextant):
    key = f"Authorization: Bearer {add_key(hextant)}"
    assert [
        fields(exchange(server, get(f"/v1/ingest/batches/{text}", key)))[0]
        for text in ["999", "0999", "+999", "999&", "&999"]
    ] == [404, 400, 400, 400, 400]


def test_the_log_and_the_metrics_tell_of_a_request_that_no_route_saw(hextant, folder):
    log = folder / "moved.log"
    with serving(hextant, log, "--workers", 0, "--access-log", 1) as server:
        exchange(server, get("/metrics//", "X-Request-Id: moved-1"))
        exchange(server, get("/x/../metrics", "X-Request-Id: nowhere-1"))
        assert server.metric("http_requests_total", route="none", status="308") == 1
        assert server.metric("http_requests_total", route="none", status="404") == 1
    lines = [line for line in log.read_text().splitlines() if "moved-1" in line or "nowhere-1" in line]
    assert (
        len(lines) == 2
        and "path=/metrics//" in lines[0]
        and "status=308" in lines[0]
        and "path=/x/../metrics" in lines[1]
    )


@pytest.fixture(scope="module")
def issued(tmp_path_factory):
    folder, issuer = tmp_path_factory.mktemp("issued"), trustme.CA()
    certificate = issuer.issue_cert("localhost", "127.0.0.1")
    certificate.private_key_and_cert_chain_pem.write_to_path(folder / "both.pem")
    issuer.cert_pem.write_to_path(folder / "authority.pem")
    return folder


def test_the_same_holds_for_http2(hextant, folder, issued):
    flags = ["--workers", 0, "--tls-certificate", issued / "both.pem", "--tls-key", issued / "both.pem"]
    with serving(hextant, folder / "http2.log", *flags, authority=issued / "authority.pem") as server:
        for path, status in SPELLINGS.items():
            connection = raw_http2.Connection(server, issued / "authority.pem")
            try:
                found, body = connection.answer(connection.request(path))
            except (AssertionError, h2.exceptions.ProtocolError):
                # The parser may end the stream of an invalid path.
                assert status == 404
                continue
            finally:
                connection.close()
            assert (found == status or status == 404 and found == 400) and not is_metrics(body), path


def test_through_nginx_the_figures_of_the_inside_are_not_reached(hextant, folder, tmp_path):
    hidden = {"allow 127.0.0.1;": "", "allow ::1;": ""}
    flags = ["--workers", 0, "--trusted-proxies", "127.0.0.1"]
    with serving(hextant, folder / "hidden.log", *flags) as server:
        with nginx(tmp_path, server.url.removeprefix("http://"), **hidden) as (url, certificate):
            context = ssl.create_default_context(cafile=certificate)
            assert fields(exchange(url, get("/metrics", host="localhost"), context=context))[0] == 403
            assert b"200 OK" in exchange(url, get("/v1/health/live", host="localhost"), context=context)
            more = ["//", "/x/..//metrics", "/metrics?x", "/metrics/?x", "/v1/../metrics", "/metrics/..;/metrics"]
            for path in [*SPELLINGS, *more]:
                answer = exchange(url, get(path, host="localhost"), context=context)
                assert not is_metrics(answer), path
                # A client that follows redirects is not led there either.
                status, headers = fields(answer)
                if status == 308:
                    again = exchange(url, get(headers["location"], host="localhost"), context=context)
                    assert not is_metrics(again), (path, headers["location"])
    with serving(hextant, folder / "direct.log", *flags) as server:
        # Clients next to the server can still read them.
        assert requests.get(f"{server.url}/metrics", timeout=60).status_code == 200


@pytest.mark.parametrize("target", ["http://hextant/", "http://hextant"])
def test_a_base_path_is_no_second_way(hextant, folder, tmp_path, target):
    """A proxy removes the base path, or does not: paths that it hides under it stay hidden."""
    rules = {
        "location / {\n        proxy_pass http://hextant;": f"location /maps/ {{\n        proxy_pass {target};",
        "location ^~ /metrics {": "location ^~ /maps/metrics {", "allow 127.0.0.1;": "", "allow ::1;": "",
    }  # fmt: skip
    flags = ["--workers", 0, "--trusted-proxies", "127.0.0.1", "--base-path", "/maps"]
    with serving(hextant, folder / "base.log", *flags) as server:
        with nginx(tmp_path, server.url.removeprefix("http://"), **rules) as (url, certificate):
            context = ssl.create_default_context(cafile=certificate)
            assert b"200 OK" in exchange(url, get("/maps/v1/health/live", host="localhost"), context=context)
            for path in ["/metrics", *SPELLINGS]:
                for prefix in ["/maps", "/maps/maps", "/maps//maps", "/m%61ps/maps", "/maps/x/../maps"]:
                    if path.startswith("/"):
                        answer = exchange(url, get(prefix + path, host="localhost"), context=context)
                        assert not is_metrics(answer), prefix + path
