"""An Opendatasoft site: /ods/api/explore/v2.1/catalog/datasets/{id}"""


class Opendatasoft:
    """Datasets of records without ids."""

    def __init__(self, random, habits):
        self.random, self.habits = random, habits
        self.datasets = {}
        self.processed = "2026-05-01T02:00:00+00:00"

    def add_dataset(self, name="parking", count=100):
        self.datasets[name] = [
            {"title": f"Parkhaus {n}", "free": self.random.randrange(500), "published": "2026-05-01T14:30:00+01:00",
             "geo_point_2d": {"lon": 7.58 + self.random.random() / 20, "lat": 47.54 + self.random.random() / 20}}
            for n in range(count)
        ]  # fmt: skip

    def answer(self, method, path, query, headers):
        name, _, rest = path.removeprefix("/api/explore/v2.1/catalog/datasets/").partition("/")
        records = self.datasets.get(name)
        if records is None:
            message = f"The requested dataset {name} does not exist."
            return 404, {}, {"error_code": "DatasetNotFound", "message": message}
        match rest:
            case "":
                metadata = {"records_count": len(records), "data_processed": self.processed}
                return 200, {}, {"dataset_id": name, "metas": {"default": metadata}}
            case "records":
                offset, limit = int(query.get("offset", 0)), int(query.get("limit", 10))
                if limit > 100 or offset + limit > 10_000:
                    message = "Invalid value for limit API parameter: the sum of offset and limit is limited to 10000."
                    return 400, {}, {"error_code": "InvalidRESTParameterError", "message": message}
                return 200, {}, {"total_count": len(records), "results": records[offset : offset + limit]}
            case "exports/json":
                return 200, {}, records
        return 404, {}, {"error_code": "NotFound", "message": "no such path"}
