"""The operator's file of tiles: every tile is what another reader of PMTiles finds, and a broken file is no crash."""

import gzip
import random

import pytest
import requests
from basemap_file import LAYERS, write
from pmtiles.reader import MmapSource, Reader, all_tiles
from pmtiles.tile import Compression, TileType, tileid_to_zxy, zxy_to_tileid
from serving import serving

GZIP = {"Accept-Encoding": "gzip"}
PLAIN = {"Accept-Encoding": "identity"}


def made_up(count=30_000):
    """Tiles of all zooms up to 8: some alike, so that one entry stands for many, and enough for leaf directories."""
    chance = random.Random(17)
    sea = gzip.compress(b"sea" * 100, mtime=0)
    tiles = {}
    for number in sorted(chance.sample(range(87_381), count)):  # there are (4^9 - 1) / 3 tiles down to zoom 8
        land = gzip.compress(b"%d" % number * 30, mtime=0)
        tiles[tileid_to_zxy(number)] = sea if chance.random() < 0.3 else land
    return tiles


@pytest.fixture(scope="module")
def tiles():
    return made_up()


@pytest.fixture(scope="module")
def file(tiles, folder):
    return write(folder / "made-up.pmtiles", tiles)


@pytest.fixture(scope="module")
def served(hextant, folder, file):
    with serving(hextant, folder / "basemap.log", "--workers", "0", "--basemap-file", file) as server:
        yield server


def test_every_tile_is_that_of_another_reader(served, file, tiles):
    with open(file, "rb") as opened:
        source = MmapSource(opened)
        assert Reader(source).header()["leaf_directory_length"] > 0
        told = dict(all_tiles(source))
    assert told == tiles
    template = served.json("/basemap/tiles.json")["tiles"][0]
    chance = random.Random(4)
    with requests.Session() as session:
        for address in chance.sample(sorted(tiles), 700):
            z, x, y = address
            url = template.format(z=z, x=x, y=y)
            answer = session.get(url, headers=GZIP, stream=True, timeout=30)
            assert answer.status_code == 200 and answer.raw.read(decode_content=False) == told[address], address
            assert answer.headers["Content-Encoding"] == "gzip"
        missing = [(8, x, y) for x in range(256) for y in range(256) if (8, x, y) not in tiles]
        for z, x, y in chance.sample(missing, 100) + [(9, 0, 0), (22, 5, 5)]:
            answer = session.get(template.format(z=z, x=x, y=y), timeout=30)
            assert (answer.status_code, answer.content) == (204, b""), (z, x, y)


def test_a_tile_says_how_it_is_packed_and_is_known_again(served, tiles):
    z, x, y = min(tiles)
    url = f"{served.url}/basemap/{z}/{x}/{y}"
    packed, plain = (requests.get(url, headers=headers, timeout=30) for headers in (GZIP, PLAIN))
    assert packed.content == plain.content == gzip.decompress(tiles[z, x, y])
    assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
    assert packed.headers["ETag"] != plain.headers["ETag"] and "Accept-Encoding" in packed.headers["Vary"]
    assert packed.headers["Content-Type"] == "application/vnd.mapbox-vector-tile"
    for answer, headers in [(packed, GZIP), (plain, PLAIN)]:
        again = requests.get(url, headers=headers | {"If-None-Match": answer.headers["ETag"]}, timeout=30)
        assert (again.status_code, again.content) == (304, b"")
    head = requests.head(url, headers=PLAIN, timeout=30)
    assert head.status_code == 200 and head.headers["ETag"] == plain.headers["ETag"]


def test_the_description_is_tilejson_of_what_the_file_says(served, tiles):
    told = served.json("/basemap/tiles.json")
    assert told["tilejson"] == "3.0.0" and told["name"] == "Made up" and told["attribution"] == "© nobody"
    assert (told["minzoom"], told["maxzoom"], told["format"]) == (min(tiles)[0], max(tiles)[0], "pbf")
    assert told["bounds"] == [-80, 43, -79, 44] and told["center"] == [-79.5, 43.5, 3]
    assert told["vector_layers"] == LAYERS
    policy = served.get("/").headers["Content-Security-Policy"]
    assert "connect-src 'self';" in policy  # nothing else is asked for


@pytest.mark.parametrize("path", ["9/512/0", "23/0/0", "1/0/-1", "01/0/0", "1/0/0.mvt"])
def test_an_address_of_no_tile_is_refused_by_name(served, path):
    answer = requests.get(f"{served.url}/basemap/{path}", timeout=30)
    assert answer.status_code == 400 and answer.json()["errors"][0]["field"] in "zxy"


def test_pictures_are_sent_as_they_are(hextant, folder):
    tiles = {(0, 0, 0): b"\x89PNG picture", (1, 1, 0): b"\x89PNG another"}
    file = write(folder / "pictures.pmtiles", tiles, Compression.NONE, TileType.PNG, {"name": "Pictures"})
    with serving(hextant, folder / "pictures.log", "--workers", "0", "--basemap-file", file) as server:
        answer = requests.get(f"{server.url}/basemap/1/1/0", headers=GZIP, timeout=30)
        assert answer.content == tiles[1, 1, 0] and answer.headers["Content-Type"] == "image/png"
        assert "Content-Encoding" not in answer.headers
        told = server.json("/basemap/tiles.json")
        assert told["vector_layers"] == [] and told["format"] == "png"


def test_a_packing_that_the_client_does_not_accept_is_told(hextant, folder):
    file = write(folder / "brotli.pmtiles", {(0, 0, 0): b"packed"}, Compression.BROTLI)
    with serving(hextant, folder / "brotli.log", "--workers", "0", "--basemap-file", file) as server:
        url = f"{server.url}/basemap/0/0/0"
        refused = requests.get(url, headers=GZIP, timeout=30)
        assert refused.status_code == 406 and "br" in refused.json()["detail"]
        answer = requests.get(url, headers={"Accept-Encoding": "gzip, br"}, stream=True, timeout=30)
        assert answer.headers["Content-Encoding"] == "br" and answer.raw.read(decode_content=False) == b"packed"


def test_another_file_is_another_address(hextant, folder, tiles):
    templates = []
    for number in range(2):
        few = {address: tiles[address] for address in sorted(tiles)[: 100 + number]}
        file = write(folder / "changing.pmtiles", few)
        with serving(hextant, folder / "changing.log", "--workers", "0", "--basemap-file", file) as server:
            templates.append(server.json("/basemap/tiles.json")["tiles"][0].split("?")[1])
    assert templates[0] != templates[1]


def broken(file, folder):
    whole = file.read_bytes()
    yield "missing", folder / "nosuch.pmtiles", "No such file"
    for name, content, words in [
        ("empty", b"", "no PMTiles"), ("other", b"SQLite format 3\0" + bytes(200), "no PMTiles"),
        ("old", b"PMTiles\x02" + whole[8:], "version 2"), ("short", whole[:-1000], "incomplete"),
        ("packed", whole[:97] + b"\x03" + whole[98:], "method 3"), ("noise", whole[:127] + bytes(len(whole)), "gzip"),
    ]:
        path = folder / f"{name}.pmtiles"
        path.write_bytes(content)
        yield name, path, words


def test_a_file_that_cannot_be_used_is_refused_before_serving(hextant, file, folder):
    for name, path, words in broken(file, folder):
        outcome = hextant("serve", "--port", "0", "--basemap-file", path)
        assert outcome.code == 78 and f"basemap_file is \"{path}\": " in outcome.err and words in outcome.err, (
            name, outcome.err)
    both = hextant("serve", "--port", "0", "--basemap-file", file, "--basemap", "https://maps.example/style.json")
    assert both.code == 78 and "basemap_file" in both.err and "basemap is set as well" in both.err


def test_a_file_that_is_damaged_while_it_is_served_costs_its_tiles_alone(hextant, folder, tiles):
    few = {address: tiles[address] for address in sorted(tiles)[:50]}
    file = write(folder / "damaged.pmtiles", few)
    with serving(hextant, folder / "damaged.log", "--workers", "0", "--basemap-file", file) as server:
        z, x, y = max(few)
        with open(file, "r+b") as opened:
            opened.truncate(Reader(MmapSource(opened)).header()["tile_data_offset"])
        answer = requests.get(f"{server.url}/basemap/{z}/{x}/{y}", timeout=30)
        assert answer.status_code == 503 and "basemap" in answer.json()["detail"]
        assert server.get("/v1/health/live").status_code == 200
    assert "has become shorter" in (folder / "damaged.log").read_text()


def test_without_a_file_there_is_nothing(server):
    for path in ["/basemap/tiles.json", "/basemap/0/0/0"]:
        answer = requests.get(f"{server.url}{path}", timeout=30)
        assert answer.status_code == 404 and "no file is configured" in answer.json()["detail"]


def test_tiles_of_the_basemap_are_limited_as_tiles_are(hextant, folder, file):
    limit = ["--tile-rate-limit", "20"]
    with serving(hextant, folder / "limited.log", "--workers", "0", "--basemap-file", file, *limit) as server:
        statuses = [requests.get(f"{server.url}/basemap/0/0/0", timeout=30).status_code for _ in range(40)]
        assert statuses[0] in (200, 204) and statuses[-1] == 429


def test_a_style_may_have_its_parts_elsewhere(hextant, folder):
    style, others = "https://maps.example/style.json", "https://tiles.example:8443,https://glyphs.example"
    options = ["--basemap", style, "--basemap-origins", others]
    with serving(hextant, folder / "style.log", "--workers", "0", *options) as server:
        policy = server.get("/").headers["Content-Security-Policy"]
        wanted = "https://maps.example https://glyphs.example https://tiles.example:8443;"
        assert f"connect-src 'self' {wanted}" in policy and f"img-src 'self' data: blob: {wanted}" in policy
    refused = hextant("serve", "--port", "0", "--basemap-origins", "tiles.example")
    assert refused.code == 78 and "basemap_origins" in refused.err
