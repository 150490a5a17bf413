"""Holds the findings of a run against expected.txt, and the table of docs/clients.md against both.

    told.py RESULTS.json..          what was found is what is expected; a later file takes the place of its cells
    told.py --again RESULTS.json    the cells that hang on time and differ, as FILE PROFILE, to be run again alone
    told.py --write RESULTS.json..  what was found in all of these runs is expected, and the rest may be

A line of expected.txt is `LIBRARY PROFILE KIND NAME=VALUE..`. With `?` in front it hangs on how threads
meet: it may be missing. Anything that is not listed is a failure.
"""
import importlib.metadata
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
EXPECTED = HERE / "expected.txt"
PAGE = HERE.parents[2] / "docs" / "clients.md"
BEGIN, END = "<!-- libraries: written by tests/real/clients/run -->\n", "<!-- end of libraries -->\n"
PYTHON = ["requests-oauthlib", "Authlib", "httpx-auth", "requests_oauth2client", "google-auth"]
NODE = ["simple-oauth2", "openid-client", "client-oauth2", "@badgateway/oauth2-client", "axios-oauth-client"]
RUST = ["oauth2"]
# The library does not log in: the program does, and its request is the one that is refused here.
LOGIN = [("google-auth", "endpoint-503"), ("google-auth", "endpoint-429")]
# A token of 3 seconds may end on its way where the machine is busy.
TIMED = ["short-lived", "rotate-refresh", "parallel-expiry", "parallel-rotation"]
TITLE = re.compile(r"(\S+).* \[(.+)\]")


def found(path):
    """The findings of a run, one line each; and its profiles."""
    lines, profiles = set(), []
    for case in json.loads(pathlib.Path(path).read_text())["cases"]:
        library, profile = TITLE.fullmatch(case["case"]).groups()
        if profile not in profiles:
            profiles.append(profile)
        for finding in case["differences"]:
            detail = ["%s=%s" % (name, str(value).replace(" ", "-")) for name, value in finding["detail"].items()]
            lines.add(" ".join([library, profile, finding["kind"], *detail]))
        if case["verdict"] not in ("same", "different"):
            lines.add(" ".join([library, profile, case["verdict"], str(case["reason"])]))
    return lines, profiles


def versions():
    """The installed version of each library."""
    of = {name: importlib.metadata.version(name) for name in PYTHON}
    for name in NODE:
        of[name] = json.loads((HERE / "node/node_modules" / name / "package.json").read_text())["version"]
    lock = (HERE / "rust/Cargo.lock").read_text()
    for name in RUST:
        of[name] = re.search(r'name = "%s"\nversion = "(.+)"' % name, lock).group(1)
    told = subprocess.run(["curl", "--version"], capture_output=True, text=True, check=True).stdout
    of["curl"] = told.split()[1]
    return of


def expected():
    """What must be found, what may be, the versions with which it was, and the profiles."""
    must, may, of, profiles = set(), set(), {}, []
    for line in EXPECTED.read_text().splitlines():
        if line.startswith("# version "):
            name, version = line.split()[2:]
            of[name] = version
        elif line.startswith("# profiles "):
            profiles = line.split()[2:]
        elif line.startswith("? "):
            may.add(line[2:])
        elif line and not line.startswith("#"):
            must.add(line)
    return must, may, of, profiles


def cell(library, profile, must, may):
    words = []
    for lines, mark in ((must, ""), (may, " at times")):
        for line in sorted(lines):
            name, where, kind, *detail = line.split()
            if (name, where) == (library, profile):
                told = [part.split("=", 1)[1] for part in detail if part.startswith(("cause=", "place=", "token="))]
                words.append("`%s`%s%s" % (kind, "".join(" " + part.replace("-", " ") for part in told), mark))
    return ", ".join(words) + (" (1)" if words and (library, profile) in LOGIN else "")


def table():
    """The table of docs/clients.md: a row for each library, a column for each profile that finds anything."""
    must, may, of, profiles = expected()
    columns = {}
    for profile in profiles:
        column = tuple(cell(library, profile, must, may) for library in of)
        columns.setdefault(column, []).append(profile)
    silent = columns.pop(("",) * len(of), [])
    heads = [" ".join("`%s`" % name for name in names) for names in columns.values()]
    rows = ["| library | " + " | ".join(heads) + " |", "|" + "---|" * (len(heads) + 1)]
    for at, (library, version) in enumerate(of.items()):
        cells = [column[at] or "–" for column in columns]
        rows.append("| %s %s | %s |" % (library, version, " | ".join(cells)))
    rows += ["", "No library has a finding in " + ", ".join("`%s`" % name for name in silent) + ".", ""]
    return BEGIN + "\n" + "\n".join(rows) + END


def page(new=None):
    """The part of the page that is the table; written where one is given."""
    text = PAGE.read_text()
    before, rest = text.split(BEGIN)
    inner, after = rest.split(END)
    if new is not None:
        PAGE.write_text(before + new + after)
    return BEGIN + inner + END


def write(paths):
    runs = [found(path) for path in paths]
    every = set.union(*(lines for lines, _ in runs))
    must = set.intersection(*(lines for lines, _ in runs))
    if EXPECTED.exists():
        # What was missing once may be missing again.
        must -= expected()[1]
        every |= expected()[1]
    head = ["# What `tests/real/clients/run` finds; `?`: it hangs on how threads meet, and may be missing."]
    head += ["# version %s %s" % pair for pair in versions().items()]
    head += ["# profiles " + " ".join(runs[0][1])]
    body = [line if line in must else "? " + line for line in sorted(every)]
    EXPECTED.write_text("\n".join(head + body) + "\n")
    page(table())


def differing(lines):
    """What is missing, and what is found too much."""
    must, may, _, _ = expected()
    return sorted(must - lines), sorted(lines - must - may)


def again(path):
    """The cells that hang on time and differ."""
    lines, _ = found(path)
    cells = {tuple(line.split()[:2]) for part in differing(lines) for line in part}
    files = {}
    for case in json.loads(pathlib.Path(path).read_text())["cases"]:
        files[TITLE.fullmatch(case["case"]).group(1)] = case["id"].split("::")[0]
    for library, profile in sorted(cells):
        if profile in TIMED and library in files:
            print(files[library], profile)


def check(paths):
    lines, profiles = found(paths[0])
    for path in paths[1:]:
        newer, cells = found(path)
        libraries = {TITLE.fullmatch(case["case"]).group(1) for case in json.loads(pathlib.Path(path).read_text())["cases"]}
        lines = {line for line in lines if not (line.split()[0] in libraries and line.split()[1] in cells)} | newer
    _, _, of, known = expected()
    missing, more = differing(lines)
    wrong = ["- " + line for line in missing] + ["+ " + line for line in more]
    for name, version in versions().items():
        # curl is the machine's own.
        if name != "curl" and of.get(name) != version:
            wrong.append("%s is %s, expected %s" % (name, version, of.get(name)))
    if sorted(profiles) != sorted(known):
        wrong.append("the profiles are %s" % " ".join(profiles))
    if page() != table():
        wrong.append("the table of docs/clients.md is stale: tests/real/clients/run --write 3")
    if wrong:
        sys.exit("not as expected (- missing, + found):\n" + "\n".join(wrong))
    print("as expected: %d client libraries in %d profiles, %d findings" % (len(of), len(known), len(lines)))


if sys.argv[1] == "--write":
    write(sys.argv[2:])
elif sys.argv[1] == "--again":
    again(sys.argv[2])
else:
    check(sys.argv[1:])
