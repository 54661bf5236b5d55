"""Alerts: rules of a dataset, what they find after a refresh, and a receiver that gets it once, signed."""

import datetime
import hashlib
import hmac
import json
import ssl
import threading
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from accounts import add_key
from certificates import certificate_files, new_issuer
from serving import running
from waiting import wait_until

KEY = "a key of signatures"
HEADER = "event_type,event_timestamp,longitude,latitude,attributes_json\n"
LAST = datetime.date(2021, 5, 31)
BUSY = (-79.4, 43.7)


class Receiver(ThreadingHTTPServer):
    """A webhook that keeps what it gets, and answers with the statuses that it is given, then with 204."""

    def __init__(self, files):
        self.got = []
        self.statuses = []
        super().__init__(("127.0.0.1", 0), Hook)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(files.certificate, files.key)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.url = f"https://localhost:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def of(self, path):
        return [each for each in self.got if each["path"] == path]


class Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append({"path": self.path, "headers": dict(self.headers), "body": body})
        status = self.server.statuses.pop(0) if self.server.statuses else 204
        self.send_response(status)
        if status == 307:
            self.send_header("Location", f"{self.server.url}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return certificate_files(new_issuer(), tmp_path_factory.mktemp("hook"))


@pytest.fixture
def receiver(files):
    receiver = Receiver(files)
    yield receiver
    receiver.shutdown()
    receiver.server_close()


@pytest.fixture(scope="module")
def data(hextant, folder):
    """A month with an event every third day in one place, and five on the last day."""
    hextant.put_dataset(folder, "watched", resolutions=[7])
    lines = []
    for back in range(0, 30, 3):
        day = LAST - datetime.timedelta(days=back)
        lines += [
            f"theft,{day}T10:00:{n:02}Z,{BUSY[0]},{BUSY[1]},{{}}\n" for n in range(5 if back == 0 else 1)]
    (folder / "watched.csv").write_text(HEADER + "".join(lines))
    hextant.json("ingest", folder / "watched.csv", "--dataset", "watched")
    hextant.json("score", "--dataset", "watched")
    return "watched"


@pytest.fixture
def servers(hextant, files, tmp_path, data):
    """Two servers that could both raise and send every alert."""
    secrets = {"HEXTANT_SECRET_ALERTS": KEY, "HEXTANT_FEED_AUTHORITY": str(files.authority)}
    with ExitStack() as stack:
        yield [
            stack.enter_context(running(hextant, tmp_path / f"{n}.log", "--workers", "0", **secrets)) for n in range(2)]


def put(hextant, folder, rules, **settings):
    file = folder / "rules.yaml"
    file.write_text(json.dumps({"dataset": "watched", "rules": rules, **settings}))  # JSON is YAML
    assert hextant.json("alerts", "put", file) == {"dataset": "watched", "rules": len(rules)}


def alerts(hextant, **filters):
    flags = [part for name, value in filters.items() for part in (f"--{name}", value)]
    return hextant.json("alerts", "list", "--dataset", "watched", *flags)["alerts"]


def in_state(hextant, rule, state):
    return wait_until(lambda: alerts(hextant, rule=rule, state=state), f"{rule} to be {state}")


def test_an_alert_is_raised_and_sent_once_signed(hextant, tmp_path, servers, receiver):
    put(
        hextant, tmp_path, [{"name": "many", "when": "unusual"}, {"name": "old", "when": "stale", "days": 30}],
        webhook=f"{receiver.url}/hook", allow_private=True)
    hextant.json("refresh")
    for rule in ["many", "old"]:
        in_state(hextant, rule, "sent")
    hextant.json("refresh")
    # A rule that is new finds something at the refresh after, when all others have been looked at as well.
    put(
        hextant, tmp_path,
        [{"name": "many", "when": "unusual"}, {"name": "few", "when": "rows", "below": 10}],
        webhook=f"{receiver.url}/few", allow_private=True)
    hextant.json("refresh")
    in_state(hextant, "few", "sent")
    assert sorted(json.loads(each["body"])["rule"] for each in receiver.of("/hook")) == ["many", "old"]
    for each in receiver.of("/hook"):
        time, code = (part.split("=")[1] for part in each["headers"]["Hextant-Signature"].split(","))
        assert code == hmac.new(KEY.encode(), f"{time}.".encode() + each["body"], hashlib.sha256).hexdigest()
        assert abs(int(time) - datetime.datetime.now().timestamp()) < 600
        assert each["headers"]["Content-Type"] == "application/json"
        assert each["headers"]["Hextant-Alert"] == str(json.loads(each["body"])["id"])
    [many] = [json.loads(each["body"]) for each in receiver.of("/hook") if b'"many"' in each["body"]]
    assert many["as_of"] == str(LAST) and many["total"] == 1 and many["cells"][0]["events"] == 5
    assert many["message"] == f"1 cell of watched had unusually many events on {LAST}"


def test_an_alert_that_is_not_taken_is_sent_again(hextant, tmp_path, servers, receiver):
    receiver.statuses = [500, 307]
    put(
        hextant, tmp_path, [{"name": "again", "when": "unusual"}], webhook=f"{receiver.url}/again", allow_private=True)
    hextant.json("refresh")
    [alert] = in_state(hextant, "again", "sent")
    assert alert["attempts"] == 3
    ids = {each["headers"]["Hextant-Alert"] for each in receiver.of("/again")}
    assert len(receiver.of("/again")) == 3 and ids == {str(alert["id"])}
    assert not receiver.of("/elsewhere")


@pytest.mark.parametrize(
    "name, settings, told",
    [
        ("private", {}, "not an address of the public internet"),
        ("unsigned", {"allow_private": True, "secret": "NONE"}, "HEXTANT_SECRET_NONE is not set"),
    ],
)  # fmt: skip
def test_nothing_is_sent_to_private_addresses_or_without_a_signature(
    hextant, tmp_path, servers, receiver, name, settings, told
):
    put(hextant, tmp_path, [{"name": name, "when": "unusual"}], webhook=f"{receiver.url}/{name}", **settings)
    hextant.json("refresh")
    [alert] = in_state(hextant, name, "given_up")
    assert told in alert["error"] and alert["attempts"] == 1
    assert not receiver.got
    tried = hextant("alerts", "test", "watched", name, HEXTANT_SECRET_ALERTS=KEY)
    assert tried.code != 0 and told in tried.err


def test_a_rule_is_tried_by_command(hextant, tmp_path, data, files, receiver):
    put(hextant, tmp_path, [{"name": "tried", "when": "class"}], webhook=f"{receiver.url}/x", allow_private=True)
    secrets = {"HEXTANT_SECRET_ALERTS": KEY, "HEXTANT_FEED_AUTHORITY": str(files.authority)}
    assert hextant.json("alerts", "test", "watched", "tried", **secrets)["sent"] is True
    [got] = receiver.got
    assert json.loads(got["body"])["message"] == "a test of this rule"
    [rule] = hextant.json("alerts", "rules", "--dataset", "watched")["rules"]
    assert (rule["name"], rule["when"], rule["webhook"]) == ("tried", "class", f"{receiver.url}/x")


def test_alerts_are_listed_in_pages(hextant, tmp_path, servers):
    put(hextant, tmp_path, [{"name": f"rule-{n}", "when": "unusual"} for n in range(5)])
    hextant.json("refresh")
    wait_until(lambda: alerts(hextant, rule="rule-4"), "the alerts to be raised")
    server = servers[0]
    server.wait_until_ready()
    analyst = server.asking_as(add_key(hextant, "analyst"))
    found = [
        item for page in analyst.pages("/v1/alerts", dataset="watched", state="kept", limit=2)
        for item in page["items"]]
    assert {item["rule"] for item in found} == {f"rule-{n}" for n in range(5)}
    assert [item["id"] for item in found] == sorted((item["id"] for item in found), reverse=True)
    [one] = analyst.json("/v1/alerts", rule="rule-3")["items"]
    assert one["cells"][0]["events"] == 5 and one["state"] == "kept" and one["sent_at"] is None
    assert server.get("/v1/alerts").status_code == 401


def test_every_fault_of_a_file_is_told_with_its_line(hextant, tmp_path):
    file = tmp_path / "rules.yaml"
    file.write_text(
        "dataset: watched\nwebhook: http://example.org/\nsecret: low-case\nrules:\n"
        "  - {name: a, when: never}\n  - {name: b, when: rows}\n  - {name: c, when: class, classes: [hot]}\n"
        "  - {name: d, when: stale, least: 3}\n  - {name: d, when: stale}\n")
    told = hextant("alerts", "put", file)
    assert told.code == 65
    faults = [line.split(":")[2:4] for line in told.err.splitlines()]
    assert [(int(line), key.strip()) for line, key in faults] == [
        (2, "webhook"), (3, "secret"), (5, "when"), (6, "below"), (7, "classes"), (8, "least"), (9, "name")]
