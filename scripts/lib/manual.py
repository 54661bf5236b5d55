#!/usr/bin/env python3
"""Writes the manual page of hextant to standard output, from what the program says about itself.

usage: scripts/lib/manual.py BINARY [SECONDS SINCE 1970]

The date of the page is that of the build's commit, or the given one.
"""

import json
import subprocess
import sys
from datetime import UTC, datetime


def escaped(text):
    """Text of roff: a backslash, a hyphen, and a dot or quote at the beginning of a line mean themselves."""
    lines = []
    for line in text.replace("\\", "\\e").replace("-", "\\-").splitlines():
        lines.append("\\&" + line if line[:1] in (".", "'") else line)
    return "\n".join(lines)


def spelling(name):
    return f"--{name['name']}" if name["kind"] == "long" else f"-{name['name']}"


def shown(arguments):
    return [each for each in arguments if each.get("shouldDisplay", True)]


def term(argument):
    """An argument as it is typed."""
    value = escaped(argument.get("valueName") or "value")
    if argument["kind"] == "positional":
        return f"\\fI{value}\\fR"
    names = ", ".join(f"\\fB{escaped(spelling(name))}\\fR" for name in argument["names"])
    return names if argument["kind"] == "flag" else f"{names} \\fI{value}\\fR"


def synopsis(path, command):
    words = [f"\\fB{escaped(' '.join(path))}\\fR"]
    arguments = [each for each in shown(command.get("arguments", [])) if not universal(each)]
    if any(each["kind"] != "positional" and each.get("isOptional", True) for each in arguments):
        words.append("[\\fIoptions\\fR]")
    for each in arguments:
        if each["kind"] != "positional" and not each.get("isOptional", True):
            words.append(term(each))
    for each in arguments:
        if each["kind"] == "positional":
            words.append(f"[{term(each)}]" if each.get("isOptional") else term(each))
    return " ".join(words)


def universal(argument):
    """Whether an argument is one that every command has."""
    return {name["name"] for name in argument.get("names", [])} & {"help", "version"}


def commands(command, path=()):
    """Every command with its path, those with subcommands before these."""
    path = (*path, command["commandName"])
    yield path, command
    for each in command.get("subcommands", []):
        if each.get("shouldDisplay", True) and each["commandName"] != "help":
            yield from commands(each, path)


def page(program, version, date):
    root = program["command"]
    yield f'.TH HEXTANT 1 "{date}" "hextant {version}" "User Commands"'
    yield ".SH NAME"
    yield f"hextant \\- {escaped(root['abstract'].rstrip('.'))}"
    yield ".SH SYNOPSIS"
    yield ".B hextant"
    yield ".I command"
    yield "[\\fIoptions\\fR]"
    yield ".SH DESCRIPTION"
    yield escaped(root.get("discussion", ""))
    yield ".PP"
    yield escaped(
        "Every command prints a short summary, or one JSON object with --json. Progress and errors go to standard "
        "error. --help after any command lists its options.")
    yield ".SH COMMANDS"
    for path, command in commands(root):
        if command.get("subcommands") or len(path) == 1:
            continue
        yield ".SS " + escaped(" ".join(path))
        yield synopsis(path, command)
        yield ".PP"
        yield escaped(command.get("abstract", ""))
        if command.get("discussion"):
            yield ".PP"
            yield escaped(command["discussion"])
        for argument in shown(command.get("arguments", [])):
            if universal(argument):
                continue
            yield ".TP"
            yield term(argument)
            yield escaped(argument.get("abstract", ""))
    yield ".SH EXIT STATUS"
    yield "The numbers are those of sysexits.h."
    for number, meaning in [
        (0, "success"),
        (1, "failure for a reason that is not listed below"),
        (64, "wrong usage of the command"),
        (65, "a file, mapping or dataset that cannot be used"),
        (69, "PostgreSQL or Redis cannot be reached, or the port is in use"),
        (75, "another process does the same at the moment; try again"),
        (78, "a setting, the schema or the installation is wrong"),
    ]:
        yield ".TP"
        yield f".B {number}"
        yield meaning
    yield ".SH ENVIRONMENT"
    yield escaped(
        "Every setting of serve can be given as a variable HEXTANT_NAME, or in a YAML file that HEXTANT_CONFIG names. "
        "HEXTANT_HOME names the folder with sql, migrations, mappings and static. Most needed are")
    for name, meaning in [
        ("HEXTANT_DATABASE_URL", "Address of the database: postgresql://user:password@host/database."),
        ("HEXTANT_REDIS_URL", "Address of the cache: redis://host:port."),
        ("HEXTANT_TOKEN_SECRET", "Key for the tokens of users who sign in."),
    ]:
        yield ".TP"
        yield f".B {name}"
        yield escaped(meaning)
    yield ".SH FILES"
    for name, meaning in [
        ("/etc/hextant/environment", "Settings of the services hextant and hextant-worker."),
        ("../share/hextant", "SQL, migrations, mappings and the map page, beside the folder of the program."),
    ]:
        yield ".TP"
        yield f".I {escaped(name)}"
        yield escaped(meaning)


def main():
    binary = sys.argv[1]
    program = json.loads(subprocess.run([binary, "--experimental-dump-help"], check=True, capture_output=True).stdout)
    build = json.loads(subprocess.run([binary, "version", "--json"], check=True, capture_output=True).stdout)
    date = build.get("committed", "")[:10]
    if len(sys.argv) > 2:
        date = f"{datetime.fromtimestamp(int(sys.argv[2]), UTC):%Y-%m-%d}"
    print("\n".join(line for line in page(program, build["version"], date) if line))


main()
