"""A core dump of the server must not contain the secrets that passed through it."""

import subprocess
from urllib.parse import urlsplit

import pytest
from accounts import PASSWORD, SECRET, add_key, add_user, tokens
from serving import serving


@pytest.mark.parametrize(("wish", "tells"), [({}, False), ({"HEXTANT_CORE_DUMP": "full"}, True)], ids=["usual", "full"])
def test_a_core_dump_holds_no_secrets_unless_it_is_wished_for(hextant, database, tmp_path, wish, tells):
    key = add_key(hextant)
    user = add_user(hextant, tmp_path)
    with serving(hextant, tmp_path / "server.log", HEXTANT_TOKEN_SECRET=SECRET, **wish) as server:
        given = tokens(server, user)
        for credential in [key, given["access_token"]]:
            assert server.asking_as(credential).get("/v1/datasets").status_code == 200
        # Made by the debugger instead of a crash, since every system stores dumps of crashes elsewhere. Both leave out
        # what the filter of the process says.
        subprocess.run(["gcore", "-o", tmp_path / "core", str(server.process.pid)], check=True, capture_output=True)
        [core] = tmp_path.glob("core.*")
        content = core.read_bytes()
        core.unlink()
    secrets = [urlsplit(database.url).password, SECRET, PASSWORD, key, given["access_token"], given["refresh_token"]]
    assert any(secret.encode() in content for secret in secrets) == tells
