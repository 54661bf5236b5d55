"""A source that has every answer ready: a Socrata dataset, a resource of CKAN and a file of CSV."""

import dataclasses
import json
import pathlib
import re
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PAGE = 10_000
RESOURCE = "9d7c2214-4709-478a-a2e8-fb2020a5bb94"


@dataclasses.dataclass
class Kind:
    """A feed of the source, and the file with the same rows."""

    name: str
    title: str
    keys: dict
    mapping: str
    file: pathlib.Path
    rows: int


class Source:
    """The source on a port of this machine, by HTTPS, until the block ends."""

    def __init__(self, folder):
        self.folder = folder
        self.authority = folder / "source.pem"
        key = folder / "source.key"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
             "-out", self.authority, "-keyout", key],
            check=True, capture_output=True)  # fmt: skip
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.authority, key)
        # Pages by what is asked for: bytes that are sent as they are.
        self.socrata, self.ckan, self.csv = [], [], b""
        self.rows = 0
        handler = type("Handler", (Handler,), {"source": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://localhost:{self._server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()

    def kinds(self, rows):
        """Each kind of feed after its rows were made."""
        self.rows = rows
        yield self._socrata(rows)
        self.socrata = []
        yield self._ckan(rows)
        self.ckan = []
        yield self._csv(rows)

    def _socrata(self, rows):
        path = self.folder / "socrata.ndjson"
        with path.open("wb") as file:
            for first in range(0, rows, PAGE):
                lines = [json.dumps(request(number)).encode() for number in range(first, min(first + PAGE, rows))]
                self.socrata.append(b"[" + b"\n,".join(lines) + b"]\n")
                file.write(b"\n".join(lines) + b"\n")
        keys = {"source": "socrata", "base": f"{self.url}/socrata", "resource": "erm2-nwe9", "page": PAGE}
        return Kind("socrata", "Socrata", keys, "nyc-311-api", path, rows)

    def _ckan(self, rows):
        path = self.folder / "ckan.ndjson"
        with path.open("wb") as file:
            for first in range(0, rows, PAGE):
                lines = [json.dumps(report(number)).encode() for number in range(first, min(first + PAGE, rows))]
                head = b'{"help":"","success":true,"result":{"total":%d,"records":[' % rows
                self.ckan.append(head + b",".join(lines) + b"]}}")
                file.write(b"\n".join(lines) + b"\n")
        keys = {"source": "ckan", "base": f"{self.url}/ckan", "resource": RESOURCE, "page": PAGE}
        return Kind("ckan", "CKAN", keys, "boston-311", path, rows)

    def _csv(self, rows):
        header = "latitude,longitude,acq_date,acq_time,satellite,confidence,version,frp,daynight\n"
        lines = [
            f"{number % 7919 / 100 - 40:.5f},{number % 104729 / 300 - 170:.5f},"
            f"2026-{1 + number % 12:02}-{1 + number % 28:02},"
            f"{number % 24:02}{number % 60:02},N,n,2.0NRT,{number % 97}.{number % 10},D\n"
            for number in range(rows)
        ]
        self.csv = (header + "".join(lines)).encode()
        path = self.folder / "fires.csv"
        path.write_bytes(self.csv)
        return Kind("csv", "CSV", {"source": "csv", "url": f"{self.url}/fires.csv"}, "firms", path, rows)

    def answer(self, path, query):
        if path.startswith("/socrata/"):
            if "count(" in query.get("$select", ""):
                return json.dumps([{"row_count": str(self.rows), "newest": "2026-01-01T00:00:00.000Z"}]).encode()
            after = re.search(r":id > 'row-(\d+)'", query.get("$where", ""))
            page = (int(after[1]) + 1) // PAGE if after else 0
            return self.socrata[page] if page < len(self.socrata) else b"[]"
        if path.endswith("/resource_show"):
            return b'{"success":true,"result":{"datastore_active":true,"last_modified":"2026-01-01"}}'
        if path.startswith("/ckan/"):
            page = int(query.get("offset", 0)) // PAGE
            if query.get("limit") == "0" or page >= len(self.ckan):
                return json.dumps({"success": True, "result": {"total": self.rows, "records": []}}).encode()
            return self.ckan[page]
        return self.csv


def request(number):
    """A service request in New York as Socrata sends it; all have one moment of change, so their ids order them."""
    return {
        ":id": f"row-{number:09}", ":created_at": "2026-01-01T00:00:00.000Z", ":updated_at": "2026-01-01T00:00:00.000Z",
        ":version": f"rv-{number}", "unique_key": str(60_000_000 + number),
        "created_date": f"2024-{1 + number % 12:02}-{1 + number % 28:02}T{number % 24:02}:15:00.000",
        "agency": "NYPD", "complaint_type": ["Noise - Residential", "HEAT/HOT WATER", "Illegal Parking"][number % 3],
        "descriptor": "Loud Music/Party", "borough": "BROOKLYN", "status": "Closed", "incident_zip": "11201",
        "latitude": f"{40.6 + number % 9973 / 50000:.9f}", "longitude": f"{-74.0 + number % 7919 / 40000:.9f}",
    }  # fmt: skip


def report(number):
    """A service request in Boston as CKAN sends it."""
    return {
        "_id": number + 1, "case_enquiry_id": str(101_000_000_000 + number),
        "open_dt": f"2024-{1 + number % 12:02}-{1 + number % 28:02} {number % 24:02}:15:00", "case_status": "Closed",
        "case_title": "Parking Enforcement", "subject": "Transportation - Traffic Division",
        "reason": ["Street Cleaning", "Sanitation", "Enforcement & Abandoned Vehicles"][number % 3],
        "neighborhood": "Dorchester", "source": "Citizens Connect App",
        "latitude": f"{42.28 + number % 9973 / 120000:.6f}", "longitude": f"{-71.12 + number % 7919 / 100000:.6f}",
    }  # fmt: skip


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    source: Source

    def do_GET(self):
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        body = self.source.answer(parts.path, query)
        self.send_response(200)
        self.send_header("Content-Type", "text/csv" if parts.path.endswith(".csv") else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """The benchmark prints its table alone."""
