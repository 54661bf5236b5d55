"""Certificates for servers under test, and their issuer for clients."""

from types import SimpleNamespace

import trustme


def certificate_files(issuer, folder):
    """The files of a certificate for this machine, its key, and its issuer's certificate."""
    files = SimpleNamespace(
        certificate=folder / "server.pem", key=folder / "server.key", authority=folder / "authority.pem"
    )
    issuer.cert_pem.write_to_path(files.authority)
    write_certificate(issuer.issue_cert("localhost", "127.0.0.1"), files)
    return files


def write_certificate(issued, files):
    issued.private_key_pem.write_to_path(files.key)
    files.certificate.write_bytes(b"".join(part.bytes() for part in issued.cert_chain_pems))


def tls_flags(files):
    return ["--tls-certificate", files.certificate, "--tls-key", files.key]


def new_issuer():
    return trustme.CA()
