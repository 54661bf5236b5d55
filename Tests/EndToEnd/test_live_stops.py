"""Live days when servers end, die, or are told to leave them."""

from command import Hextant
from live import QUIET, Listener, count, events, fill, ingest
from serving import running, serving
from waiting import wait_until


def test_a_killed_server_loses_nothing(hextant, folder, database):
    slug = fill(hextant, folder, "killed")
    with running(hextant, folder / "first.log", HEXTANT_LIVE="10000") as server:
        server.wait_until_ready()
        ingest(hextant, folder, slug, events(2, "2021-05-24"))
        server.process.kill()
        server.process.wait()
        server.stop = lambda: 0
    assert count(database, slug, "2021-05-24") is None
    with serving(hextant, folder / "second.log", HEXTANT_LIVE=QUIET):
        wait_until(lambda: count(database, slug, "2021-05-24") == 2, "the events")
    assert database.value("SELECT rows = (SELECT count(*) FROM mv_daily_risk) FROM served_view")


def test_a_server_ends_at_once_although_somebody_listens(hextant, folder):
    with serving(hextant, folder / "ends.log", HEXTANT_LIVE="0") as server:
        listener = Listener(server)
        wait_until(lambda: listener.heard, "the first event")
    listener.close()


def test_the_setting_leaves_days_to_runs(hextant, folder, database):
    slug = fill(hextant, folder, "off")
    with serving(hextant, folder / "off.log", HEXTANT_LIVE="0"):
        ingest(hextant, folder, slug, events(1, "2021-05-21"))
        hextant.json("score", "--dataset", slug)
    assert count(database, slug, "2021-05-21") is None
    refused = Hextant(hextant.environment["HEXTANT_DATABASE_URL"])("serve", HEXTANT_LIVE="soon")
    assert refused.code == 78
    assert "live is \"soon\": it must be a whole number from 0 to 10000" in refused.err
