"""An ArcGIS server: /arcgis/rest/services/{name}/FeatureServer/0"""

import re


class Layer:
    """Points by object id."""

    def __init__(self, rows, most=2000, geojson=True, edited=1_700_000_000_000, tells=True):
        self.rows, self.most, self.geojson, self.edited, self.tells = rows, most, geojson, edited, tells


class ArcGIS:
    """Layers by name, whose pages are cut, with or without saying so."""

    def __init__(self, random, habits):
        self.random, self.habits = random, habits
        self.layers = {}

    def add_layer(self, name="Requests", count=100, **kinds):
        """Makes up points in Saint Paul, with gaps between their object ids."""
        rows, number = {}, 0
        for _ in range(count):
            number += self.random.randrange(1, 5)
            rows[number] = {
                "REQUEST": f"R{number}",
                "REQUEST_DATE": 1_700_000_000_000 + number * 60_000,
                "x": -93.1 + self.random.random() / 10,
                "y": 44.9 + self.random.random() / 10,
            }
        self.layers[name] = Layer(rows, **kinds)
        return self.layers[name]

    def answer(self, method, path, query, headers):
        if self.habits.meets("arcgis-error", path):
            error = {"code": 400, "message": "Cannot perform query. Invalid query parameters.",
                     "details": ["'where' clause is invalid"]}  # fmt: skip
            return 200, {}, {"error": error}
        match = re.fullmatch(r"/rest/services/(\w+)/FeatureServer/0(/query)?", path)
        layer = self.layers.get(match.group(1)) if match else None
        if layer is None:
            return 200, {}, {"error": {"code": 404, "message": "Layer not found", "details": []}}
        if not match.group(2):
            return 200, {}, {
                "id": 0,
                "name": match.group(1),
                "type": "Feature Layer",
                "geometryType": "esriGeometryPoint",
                "maxRecordCount": layer.most,
                "supportedQueryFormats": "JSON, AMF, geoJSON" if layer.geojson else "JSON, AMF",
                "editingInfo": {"lastEditDate": layer.edited},
                "fields": [{"name": "OBJECTID", "type": "esriFieldTypeOID"}],
            }
        after = re.search(r"OBJECTID > (\d+)", query.get("where", ""))
        least = int(after.group(1)) if after else -1
        found = [(number, row) for number, row in sorted(layer.rows.items()) if number > least]
        if query.get("returnCountOnly") == "true":
            return 200, {}, {"count": len(found)}
        page = found[: min(layer.most, int(query.get("resultRecordCount", layer.most)))]
        cut = {"exceededTransferLimit": True} if layer.tells and len(page) < len(found) else {}
        fields = [{key: value for key, value in row.items() if key not in "xy"} | {"OBJECTID": n} for n, row in page]
        if query.get("f") == "geojson":
            features = [
                {"type": "Feature", "id": n, "geometry": {"type": "Point", "coordinates": [row["x"], row["y"]]},
                 "properties": own}
                for (n, row), own in zip(page, fields)
            ]  # fmt: skip
            return 200, {}, {"type": "FeatureCollection", "features": features} | ({"properties": cut} if cut else {})
        features = [
            {"attributes": own, "geometry": {"x": row["x"], "y": row["y"]}} for (_, row), own in zip(page, fields)
        ]
        envelope = {"objectIdFieldName": "OBJECTID", "spatialReference": {"wkid": 4326}}
        return 200, {}, envelope | {"features": features} | cut
