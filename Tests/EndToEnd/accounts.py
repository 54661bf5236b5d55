"""Users, API keys and their tokens, created as an operator creates them."""

import itertools

import requests

SECRET = "Zr8vQ2mK5xTn9pLw4hJc7bYf3gDs6aEu"
PASSWORD = "a passphrase for the tests"
_numbers = itertools.count(1)


def add_user(hextant, folder, name=None, role="public", password=PASSWORD):
    """Adds a user and returns the name."""
    name = name or f"user{next(_numbers)}"
    file = folder / f"{name}.password"
    file.write_text(password + "\n")
    assert hextant.json("users", "add", name, "--role", role, "--password-file", file)["changed"]
    return name


def add_key(hextant, role="admin", datasets=(), *options):
    """Creates an API key and returns its text."""
    scope = [word for dataset in datasets for word in ("--dataset", dataset)]
    return hextant.json("keys", "add", f"key{next(_numbers)}", "--role", role, *scope, *options)["key"]


def bearer(token):
    return {"Authorization": f"Bearer {token}"} if token else {}


def sign_in(server, user, password=PASSWORD):
    return requests.post(
        f"{server.url}/v1/auth/token",
        data={"grant_type": "password", "username": user, "password": password},
        timeout=60,
    )


def tokens(server, user, password=PASSWORD):
    answer = sign_in(server, user, password)
    assert answer.status_code == 200, answer.text
    return answer.json()
