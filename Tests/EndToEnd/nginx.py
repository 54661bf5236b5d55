"""nginx with the configuration in deploy/nginx, in front of servers of the tests."""

import shutil
import subprocess
from contextlib import contextmanager

import requests
from command import REPOSITORY
from own_services import free_port
from waiting import wait_until

EXAMPLE = REPOSITORY / "deploy/nginx/hextant.conf"


def program():
    found = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin")
    assert found, "nginx is not installed: apt-get install nginx-light"
    return found


def configured(folder, *servers, **replaced):
    """Writes the example as a complete configuration to `folder`. Every text to be replaced must occur in it."""
    text = EXAMPLE.read_text()
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    if not certificate.exists():
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=maps.example.org",
             "-addext", "subjectAltName=DNS:maps.example.org,DNS:localhost"],
            check=True, capture_output=True)  # fmt: skip
    changes = {
        "/etc/ssl/certs/hextant.pem": str(certificate),
        "/etc/ssl/private/hextant.key": str(key),
        "server 127.0.0.1:8080;": "\n".join(f"server {server};" for server in servers) or "server 127.0.0.1:8080;",
    } | replaced
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    paths = "\n".join(
        f"{name}_temp_path {folder / name};" for name in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
    whole = folder / "nginx.conf"
    whole.write_text(
        f"daemon off; pid {folder / 'nginx.pid'}; error_log stderr; events {{}}\n"
        f"http {{ access_log off; {paths}\n{text}\n}}\n")
    return whole


@contextmanager
def nginx(folder, *servers, **replaced):
    """Runs nginx in front of servers at `host:port`, with the replacements of `replaced` in the example.

    Yields the URL of its TLS side and the certificate to trust.
    """
    tls, plain = free_port(), free_port()
    whole = configured(
        folder, *servers,
        **{"listen 443 ssl http2;": f"listen 127.0.0.1:{tls} ssl http2;", "listen 80;": f"listen 127.0.0.1:{plain};",
           "listen [::]:443 ssl http2;": "", "listen [::]:80;": ""},
        **replaced)  # fmt: skip
    process = subprocess.Popen(
        [program(), "-p", folder, "-c", whole], stderr=(folder / "nginx.log").open("wb"), stdin=subprocess.DEVNULL)

    def answers():
        assert process.poll() is None, (folder / "nginx.log").read_text()
        try:
            return requests.get(f"http://127.0.0.1:{plain}/", allow_redirects=False, timeout=5).status_code
        except requests.ConnectionError:
            return None

    try:
        wait_until(answers, "nginx to answer")
        yield f"https://localhost:{tls}", folder / "certificate.pem"
    finally:
        process.terminate()
        process.wait(timeout=10)
