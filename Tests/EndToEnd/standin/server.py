"""The sites behind one TLS socket, each under a path of its own."""

import gzip
import json
import random
import socket
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from standin.arcgis import ArcGIS
from standin.ckan import CKAN
from standin.files import Files
from standin.habits import Bucket, Habits
from standin.opendatasoft import Opendatasoft
from standin.police import Police
from standin.socrata import Socrata

PAGE = b"<html><head><title>Service unavailable</title></head><body>The CDN says sorry.</body></html>"


class StandIn:
    """All sites, on a port of this machine, until the block ends."""

    def __init__(self, certificate, key, seed=1):
        """`certificate` and `key` are paths of PEM files for `localhost`."""
        self.seed = seed
        self.habits = Habits(seed)
        self.bucket = Bucket()
        self.police = Police(random.Random(seed), self.habits)
        self.socrata = Socrata(random.Random(seed + 1), self.habits)
        self.ckan = CKAN(random.Random(seed + 2), self.habits)
        self.arcgis = ArcGIS(random.Random(seed + 3), self.habits)
        self.opendatasoft = Opendatasoft(random.Random(seed + 4), self.habits)
        self.files = Files(random.Random(seed + 5), self.habits)
        self.slow = 1.0
        self._log = []
        self._lock = threading.Lock()
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, key)

    def __enter__(self):
        handler = type("Handler", (Handler,), {"world": self})
        self._server = Server(("127.0.0.1", 0), handler)
        self._server.context = self._context
        self.port = self._server.server_address[1]
        self.url = f"https://localhost:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def log(self, method, path, status):
        with self._lock:
            self._log.append((method, path, status))

    def requests(self, only=""):
        """The requests so far as (method, path with query, status), of paths that have `only`."""
        with self._lock:
            return [entry for entry in self._log if only in entry[1]]

    def forget(self):
        with self._lock:
            self._log.clear()

    @property
    def connections(self):
        """How many connections are open now."""
        return self._server.open_connections

    def site(self, path):
        """The site that a path belongs to, and the rest of the path."""
        name, _, rest = path.lstrip("/").partition("/")
        sites = {
            "police": self.police,
            "socrata": self.socrata,
            "ckan": self.ckan,
            "arcgis": self.arcgis,
            "ods": self.opendatasoft,
            "files": self.files,
        }
        return sites.get(name), "/" + rest


class Server(ThreadingHTTPServer):
    """A thread for each connection, whose handshake does not hold up the others."""

    daemon_threads = True
    request_queue_size = 256
    open_connections = 0
    _counting = threading.Lock()

    def _count(self, change):
        with self._counting:
            self.open_connections += change

    def process_request_thread(self, request, client_address):
        self._count(1)
        try:
            request.settimeout(60)
            secure = self.context.wrap_socket(request, server_side=True)
            super().process_request_thread(secure, client_address)
        except (OSError, ValueError):
            request.close()
        finally:
            self._count(-1)

    def handle_error(self, request, client_address):
        """Clients that leave are no fault of the sites."""


class Handler(BaseHTTPRequestHandler):
    """Reads a request, lets a habit spoil it, and otherwise asks the site."""

    protocol_version = "HTTP/1.1"
    world: StandIn

    def do_GET(self):
        self.answer({})

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.answer(dict(parse_qsl(self.rfile.read(length).decode(), keep_blank_values=True)))

    def answer(self, form):
        world, parts = self.world, urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True)) | form
        if parts.path.startswith("/control/"):
            return self.control(parts.path, query)
        if world.habits.meets("rate-limit", parts.path) and not world.bucket.take():
            return self.send(429, {}, b"")
        habit = world.habits.common(parts.path)
        if habit in BEFORE:
            return BEFORE[habit](self)
        site, path = world.site(parts.path)
        if site is None:
            return self.send(404, {"Content-Type": "text/html"}, PAGE)
        status, headers, body = site.answer(self.command, path, query, self.headers)
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers = {"Content-Type": "application/json;charset=utf-8"} | headers
        if habit and status == 200:
            return AFTER[habit](self, headers, body)
        self.send(status, headers, body)

    def control(self, path, query):
        """Switches habits and tells what was met, for tests that are no Python."""
        habits = self.world.habits
        if path == "/control/on":
            times = int(query["times"]) if "times" in query else None
            habits.on(query["name"], times, float(query.get("share", 1)), query.get("only", ""))
        elif path == "/control/off":
            habits.off()
        state = {"met": habits.met, "requests": len(self.world.requests()), "connections": self.world.connections}
        self.send(200, {"Content-Type": "application/json"}, json.dumps(state).encode())

    def send(self, status, headers, body, length=None):
        self.world.log(self.command, self.path, status)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def end(self):
        """Ends the connection, without the closing message of TLS."""
        self.close_connection = True
        try:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def version_string(self):
        return "standin"

    def log_message(self, *_):
        """The world keeps its own log."""


def _late(handler):
    time.sleep(handler.world.slow)
    handler.send(504, {"Content-Type": "text/html"}, PAGE)


def _reset(handler):
    handler.world.log(handler.command, handler.path, 0)
    handler.end()


def _cut(handler, headers, body):
    handler.send(200, headers, body[: len(body) // 2], length=len(body))
    handler.end()


def _too_long(handler, headers, body):
    handler.send(200, headers, body, length=len(body) + 1000)
    handler.end()


def _cut_json(handler, headers, body):
    # Nobody could notice it in a file that is no JSON.
    is_json = "json" in headers.get("Content-Type", "")
    handler.send(200, headers, body[:-2] if is_json else body)


def _cut_chunks(handler, headers, body):
    handler.world.log(handler.command, handler.path, 200)
    handler.send_response(200)
    for name, value in (headers | {"Transfer-Encoding": "chunked"}).items():
        handler.send_header(name, value)
    handler.end_headers()
    half = body[: len(body) // 2 + 1]
    handler.wfile.write(b"%x\r\n%s\r\n%x\r\n" % (len(half), half, len(body)))
    handler.end()


def _stall(handler, headers, body):
    handler.send(200, headers, body[: len(body) // 2], length=len(body))
    handler.wfile.flush()
    time.sleep(handler.world.slow * 5)
    handler.end()


def _packed(handler, headers, body):
    if "gzip" not in (handler.headers.get("Accept-Encoding") or ""):
        return handler.send(200, headers, body)
    handler.send(200, headers | {"Content-Encoding": "gzip"}, gzip.compress(body))


BEFORE = {
    "429": lambda handler: handler.send(429, {}, b""),
    "429-retry-after": lambda handler: handler.send(429, {"Retry-After": "1"}, b""),
    "503-html": lambda handler: handler.send(503, {"Content-Type": "text/html"}, PAGE),
    "200-html": lambda handler: handler.send(200, {"Content-Type": "text/html"}, PAGE),
    "500": lambda handler: handler.send(500, {}, b""),
    "504-late": _late,
    "reset": _reset,
    "redirect-inside": lambda handler: handler.send(302, {"Location": "https://127.0.0.1:1/inside"}, b""),
    "redirect-round": lambda handler: handler.send(302, {"Location": handler.path}, b""),
}

AFTER = {
    "cut": _cut,
    "length-too-long": _too_long,
    "cut-chunks": _cut_chunks,
    "cut-json": _cut_json,
    "stall": _stall,
    "gzip": _packed,
}
