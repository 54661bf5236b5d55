"""Lists and tiles of areas, as clients ask for them."""

import mapbox_vector_tile
import pytest
from area_oracle import tiles_over
from waiting import wait_until


def listed(server, layer, dataset, first=None, last=None, **query):
    """The rows of all pages."""
    if first:
        query |= {"from": first, "to": last}
    return [
        row for page in server.pages(f"/v1/areas/{layer}", limit=500, dataset=dataset, **query)
        for row in page["items"]]


def counted(server, layer, dataset, told, **query):
    """Waits until the server has the counts."""
    def has():
        rows = listed(server, layer, dataset, **query)
        return sum(row["events"] for row in rows) > 0

    wait_until(has, f"the counts {told}")


def assert_drawn(server, layer, dataset, rows, zooms, figure="rate", **query):
    """The tiles over the layer show each area with its figure at every zoom, and all areas at the last."""
    values = {row["id"]: row[figure] for row in rows}
    [told] = [each for each in server.json("/v1/areas")["items"] if each["layer"] == layer]
    west, south, east, north = told["bounds"]
    for zoom in zooms:
        seen = {}
        for column, row in tiles_over(west, south, east, north, zoom):
            answer = server.get(
                f"/v1/tiles/areas/{layer}/{zoom}/{column}/{row}.mvt", dataset=dataset, figure=figure, **query)
            assert answer.status_code in (200, 204)
            if answer.status_code == 204:
                continue
            decoded = mapbox_vector_tile.decode(answer.content)
            assert "meta" not in decoded, "areas were left out"
            for feature in decoded["areas"]["features"]:
                properties = feature["properties"]
                seen[properties["id"]] = properties.get("value")
        for id, value in seen.items():
            assert value == (None if values[id] is None else pytest.approx(values[id], rel=1e-6)), id
    assert set(seen) == set(values)
