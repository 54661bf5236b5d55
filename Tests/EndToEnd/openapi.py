"""The description of the API, `static/openapi.json`, to find requests and their rights and to check answers."""

import json
import re
from dataclasses import dataclass
from functools import cache, cached_property
from urllib.parse import quote, urlencode, urlsplit

import jsonschema_rs
from command import REPOSITORY

FILE = REPOSITORY / "static/openapi.json"


def strict(schema):
    """The schema without room for unknown members: clients must accept them, but the tests report them."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = dict(schema)
    for name in ["properties", "$defs"]:
        if name in made:
            made[name] = {key: strict(each) for key, each in made[name].items()}
    for name in ["items", "prefixItems", "oneOf", "anyOf", "additionalProperties"]:
        if name in made:
            made[name] = strict(made[name])
    if "properties" in made:
        made.setdefault("additionalProperties", False)
    return made


class Description:
    def __init__(self, document):
        self.document = document
        self.schemas = {name: strict(schema) for name, schema in document["components"]["schemas"].items()}

    @classmethod
    def read(cls):
        return cls(json.loads(FILE.read_text()))

    def resolved(self, value):
        while "$ref" in value:
            found = self.document
            for name in value["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            value = found
        return value

    @cached_property
    def operations(self):
        return [
            Operation(self, method.upper(), path, stated)
            for path, methods in self.document["paths"].items()
            for method, stated in methods.items()
        ]

    def operation(self, method, path):
        """The operation of a request; `None` if there is none, as for OPTIONS or a method that is not allowed."""
        method = "GET" if method == "HEAD" else method
        found = [each for each in self.operations if each.pattern.fullmatch(path)]
        # Schemas that match anything come last.
        first = min((each.path for each in found), key=lambda template: "{file}" in template)
        return next((each for each in found if (each.method, each.path) == (method, first)), None)

    def faults(self, value, schema):
        """The faults of a value, in words."""
        errors = self._validator(json.dumps(schema)).iter_errors(value)
        return [f"{error.instance_path}: {error.message[:300]}" for error in errors]

    @cache
    def _validator(self, schema):
        whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **strict(json.loads(schema))}
        whole["components"] = {"schemas": self.schemas}
        return jsonschema_rs.validator_for(whole, validate_formats=True)


@dataclass
class Operation:
    description: Description
    method: str
    path: str
    stated: dict

    def __str__(self):
        return f"{self.method} {self.path}"

    @property
    def access(self):
        return self.stated["x-hextant-access"]

    @property
    def conditions(self):
        """Tuples `(parameter, pattern, access)` for requests that need more rights than the operation itself."""
        return [tuple(each.values()) for each in self.stated.get("x-hextant-access-when", [])]

    @cached_property
    def parameters(self):
        """Parameters by the name of their component, which no two of them share."""
        return {
            each["$ref"].rsplit("/", 1)[1]: self.description.resolved(each)
            for each in self.stated.get("parameters", [])
        }

    @cached_property
    def pattern(self):
        """A pattern that matches the paths of its requests, whether or not the named thing exists."""
        return re.compile(
            re.sub(r"\\{(\w+)\\}", lambda part: ".+" if part[1] == "file" else "[^/]+", re.escape(self.path))
        )

    @property
    def success(self):
        """The first status that is not a refusal."""
        return min(int(status) for status in self.stated["responses"] if status < "400")

    def address(self, **values):
        """Path and query with every named parameter, and required ones from their examples."""
        path, query = self.path, {}
        for key, parameter in self.parameters.items():
            value = values.get(key, self.example(parameter) if parameter.get("required") else None)
            if value is None or parameter["in"] == "header":
                continue
            if parameter["in"] == "path":
                path = path.replace(f"{{{parameter['name']}}}", quote(str(value), safe=""))
            else:
                query[parameter["name"]] = value
        return path + (f"?{urlencode(query)}" if query else "")

    def example(self, parameter):
        value = parameter.get("example", self.description.resolved(parameter["schema"]).get("example"))
        assert value is not None, f"{self}: {parameter['name']} has no example"
        return ",".join(map(str, value)) if isinstance(value, list) else value

    def check(self, answer):
        """Fails if the description does not contain the answer's status, headers, type or content."""
        where = f"{self}: {answer.request.method} {answer.request.url} gave {answer.status_code}"
        assert str(answer.status_code) in self.stated["responses"], f"{where}: {answer.text[:300]}"
        response = self.description.resolved(self.stated["responses"][str(answer.status_code)])
        self._check_headers(answer, response, where)
        content = response.get("content")
        if answer.request.method == "HEAD" or content is None:
            assert answer.content == b"", where
            return
        sent = media_type(answer.headers["Content-Type"])
        [schema] = [each["schema"] for type, each in content.items() if type == "*/*" or media_type(type) == sent] or [
            None
        ]
        assert schema is not None, f"{where} as {sent}"
        if re.search(r"[/+]json$", sent):
            faults = self.description.faults(answer.json(), schema)
            assert not faults, f"{where}: {faults[:3]}"

    def _check_headers(self, answer, response, where):
        stated = {
            name.lower(): self.description.resolved(header) for name, header in response.get("headers", {}).items()
        }
        for name, header in stated.items():
            assert name in answer.headers or not header.get("required"), f"{where} without {name}"
            if name in answer.headers and header["schema"].get("type") == "integer":
                assert self.description.faults(int(answer.headers[name]), header["schema"]) == [], where
        for name in [
            "ETag",
            "Location",
            "Retry-After",
            "RateLimit",
            "RateLimit-Policy",
            "Hextant-Stale",
            "WWW-Authenticate",
        ]:
            assert name not in answer.headers or name.lower() in stated, f"{where} with {name}"


def media_type(text):
    return text.split(";")[0].strip().lower()


DESCRIPTION = Description.read()


def check_answer(answer, stream=False, **options):
    """Checks an answer of a test against the description.

    Methods that a path does not allow are not operations, and streamed answers are left to the test.
    """
    operation = DESCRIPTION.operation(answer.request.method, urlsplit(answer.request.url).path)
    if operation is not None and not stream:
        operation.check(answer)
