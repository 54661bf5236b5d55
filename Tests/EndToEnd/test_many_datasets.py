"""Lists of datasets in pages, and the cost of a request with many datasets."""

import pytest
from accounts import add_key
from serving import serving
from waiting import wait_until

MANY = 3000


@pytest.fixture(scope="module")
def crowd(database, hextant, folder):
    """One dataset in three is public."""
    database.rows(
        """
        INSERT INTO datasets (slug, title, licence, attribution, visibility, resolutions)
        SELECT 'd' || to_char(i, 'FM00000'), 'Dataset ' || i, 'CC0-1.0', 'Somebody',
            (CASE WHEN mod(i, 3) = 0 THEN 'public' ELSE 'private' END)::dataset_visibility, '{7}'
        FROM generate_series(0, %s - 1) i
        """,
        [MANY],
    )
    return [f"d{number:05}" for number in range(MANY)]


def slugs(server, **query):
    return [item["dataset"] for page in server.pages("/v1/datasets", **query) for item in page["items"]]


@pytest.mark.parametrize("limit", [None, 7, 1000])
def test_pages_hold_every_dataset_that_is_seen_once(server, crowd, key, limit):
    query = {"limit": limit} if limit else {}
    assert slugs(server, **query) == crowd[::3]
    if limit != 7:
        assert slugs(server.asking_as(key), **query) == crowd
    for page in server.pages("/v1/datasets", **query):
        assert len(page["items"]) <= (limit or 100)


def test_grants_and_confinement_hold_on_every_page(server, crowd, hextant):
    confined = add_key(hextant, "analyst", [crowd[1], crowd[2999], crowd[3]])
    assert slugs(server.asking_as(confined), limit=2) == [crowd[1], crowd[3], crowd[2999]]
    key = add_key(hextant, "public")
    assert slugs(server.asking_as(key), limit=500) == crowd[::3]


@pytest.mark.parametrize("limit", [None, 1, 2, 5, 1000])
def test_pages_hold_every_collection_once(server, crowd, key, limit):
    query = {"limit": limit} if limit else {}
    wanted = {False: crowd[::3], True: crowd}
    for asking, kinds in [
        (server, ["risk", "hotspots", "outlook"]), (server.asking_as(key), ["risk", "hotspots", "outlook", "events"])]:
        names = [f"{slug}.{kind}" for slug in wanted[asking is not server] for kind in kinds]
        seen = []
        for page in asking.pages("/ogc/collections", **query):
            assert len(page["collections"]) <= (limit or 100)
            seen += [each["id"] for each in page["collections"]]
            if len(seen) >= 400:
                break
        assert seen == names[: len(seen)]
        if limit == 1000 and asking is server:
            assert len(seen) >= 400
    ends = list(server.pages("/ogc/collections", limit=1000))
    assert [each["id"] for page in ends for each in page["collections"]] == [
        f"{slug}.{kind}" for slug in crowd[::3] for kind in ["risk", "hotspots", "outlook"]]


def test_pages_of_collections_for_people_lead_on(server, crowd):
    page = server.get("/ogc/collections", f="html", limit=2)
    assert f"{crowd[0]}.risk" in page.text and f"after={crowd[0]}.hotspots" in page.text
    assert crowd[3] not in page.text


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "limit=x", "after=", "after=%00", "after=A", "after=a%20b", "x=1"]
)
def test_what_is_no_page_is_said(server, crowd, query):
    answer = server.get(f"/v1/datasets?{query}")
    assert answer.status_code == 400 and answer.json()["errors"][0]["field"] == query.split("=")[0]


@pytest.mark.parametrize("after", ["", "d00000", "d00000.tiles", "d00000.risk.risk", "..", "%00.risk"])
def test_what_is_no_collection_begins_no_page(server, crowd, after):
    answer = server.get(f"/ogc/collections?after={after}")
    assert answer.status_code == 400 and answer.json()["errors"][0]["field"] == "after"


def test_a_server_asks_for_no_more_datasets_than_it_needs(database, hextant, crowd, tmp_path):
    """The cost of a look-up is the number of rows read; a list of all datasets would be thousands each time."""
    with serving(hextant, tmp_path / "server.log") as server:
        for _ in range(3):
            for slug in crowd[:90:3]:
                assert server.get(f"/v1/tiles/3/2/2.mvt?dataset={slug}").status_code == 204
            assert server.get("/v1/tiles/3/2/2.mvt").status_code == 204
        plan = database.rows(
            "EXPLAIN (ANALYZE, FORMAT JSON) SELECT slug FROM datasets "
            "WHERE visibility = 'public' AND slug > 'd01000' ORDER BY slug LIMIT 101")[0][0][0]["Plan"]
        assert plan["Plans"][0]["Actual Rows"] == 101 and "Index" in plan["Plans"][0]["Node Type"]


def test_a_dataset_turned_private_is_hidden_among_many(database, hextant, crowd, server, key):
    slug = crowd[6]
    path = f"/v1/tiles.json?dataset={slug}"
    for _ in range(3):
        assert server.get(path).status_code == 200
    database.rows("UPDATE datasets SET visibility = 'private' WHERE slug = %s", [slug])
    wait_until(lambda: server.get(path).status_code == 404, "the change to be heard of", 5)
    assert slug not in slugs(server, limit=1000)
    database.rows("UPDATE datasets SET visibility = 'public', title = 'Another' WHERE slug = %s", [slug])
    wait_until(lambda: server.get(path).status_code == 200, "the change to be heard of", 5)
    assert server.json(path)["name"] == "Another"
