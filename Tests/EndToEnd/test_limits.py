"""The page on what the figures cannot tell, and the links that lead to it."""

import re
from html.parser import HTMLParser

import h3
from command import REPOSITORY

CELL = h3.latlng_to_cell(43.7, -79.4, 8)


class Words(HTMLParser):
    """The words of a page's main part."""

    def __init__(self):
        super().__init__()
        self.found = []
        self.inside = False

    def handle_starttag(self, tag, attributes):
        self.inside = self.inside or tag == "main"

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "main"

    def handle_data(self, data):
        if self.inside:
            self.found += data.split()


def test_the_page_has_the_words_of_the_documentation(toronto_server):
    answer = toronto_server.get("/limits")
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
    page = Words()
    page.feed(answer.text)
    text = (REPOSITORY / "docs/limits.md").read_text().split("\n", 1)[1]
    text = re.sub(r"\[(.+?)\]\(.+?\)", r"\1", text).replace("**", "").replace("`", "")
    text = re.sub(r"^(- |#+ )", "", text, flags=re.MULTILINE)
    assert "".join(page.found) == "".join(text.split())


def test_answers_with_figures_link_it(toronto_server):
    url = f"{toronto_server.url}/limits"
    assert toronto_server.json("/v1/tiles.json")["hextant"]["limits"] == url
    for path in ["/v1/risk/latest", f"/v1/cells/{CELL}", "/v1/hotspots", "/v1/stats"]:
        for form in ["json", "csv"]:
            link = toronto_server.get(path, f=form, limit=1).headers["Link"]
            assert link.startswith(f'<{url}>; rel="describedby"'), path
    collection = toronto_server.json("/ogc/collections/toronto.risk")
    assert [link["href"] for link in collection["links"] if link["rel"] == "describedby"] == [url]
