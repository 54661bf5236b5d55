"""The part of SoQL's conditions that feeds use: comparisons and lists joined by AND and OR, in parentheses."""

import re

TOKEN = re.compile(r"\s*('(?:[^']|'')*'|[A-Za-z_:@][\w:@]*|>=|<=|!=|<>|[()=<>,]|-?\d+(?:\.\d+)?)")


class Malformed(Exception):
    """A condition that cannot be read."""


class UnknownColumn(Exception):
    """A column that the dataset does not have."""


def condition(text, columns):
    """A function from a row to whether the condition holds for it."""
    tokens, place = [], 0
    while place < len(text.rstrip()):
        match = TOKEN.match(text, place)
        if not match:
            raise Malformed(text[place:])
        tokens.append(match.group(1))
        place = match.end()
    reader = _Reader(tokens, columns)
    found = reader.either()
    if reader.tokens:
        raise Malformed(" ".join(reader.tokens))
    return found


class _Reader:
    def __init__(self, tokens, columns):
        self.tokens, self.columns = list(tokens), columns

    def take(self):
        if not self.tokens:
            raise Malformed("the condition ends too early")
        return self.tokens.pop(0)

    def either(self):
        parts = [self.both()]
        while self.tokens and self.tokens[0].upper() == "OR":
            self.take()
            parts.append(self.both())
        return lambda row: any(part(row) for part in parts)

    def both(self):
        parts = [self.one()]
        while self.tokens and self.tokens[0].upper() == "AND":
            self.take()
            parts.append(self.one())
        return lambda row: all(part(row) for part in parts)

    def one(self):
        token = self.take()
        if token == "(":
            inner = self.either()
            if self.take() != ")":
                raise Malformed("a parenthesis is not closed")
            return inner
        if token not in self.columns:
            raise UnknownColumn(token)
        operator = self.take()
        if operator.lower() == "between":
            low = self.value()
            if self.take().upper() != "AND":
                raise Malformed("between needs and")
            high = self.value()
            return lambda row: row.get(token) is not None and low <= str(row[token]) <= high
        if operator.lower() == "in":
            values = self.values()
            return lambda row: row.get(token) is not None and str(row[token]) in values
        value = self.value()
        compare = {
            "=": lambda a: a == value,
            "!=": lambda a: a != value,
            "<>": lambda a: a != value,
            ">": lambda a: a > value,
            ">=": lambda a: a >= value,
            "<": lambda a: a < value,
            "<=": lambda a: a <= value,
        }.get(operator)
        if compare is None:
            raise Malformed(operator)
        return lambda row: row.get(token) is not None and compare(str(row[token]))

    def values(self):
        """A list in parentheses."""
        if self.take() != "(":
            raise Malformed("in needs a list")
        values = [self.value()]
        while (next := self.take()) == ",":
            values.append(self.value())
        if next != ")":
            raise Malformed("a list is not closed")
        return values

    def value(self):
        token = self.take()
        return token[1:-1].replace("''", "'") if token.startswith("'") else token
