"""Holds the findings of a run against expected.txt, and the tables of docs/clients.md against both.

    told.py RUN [AGAIN.json..]  what was found is what is expected; a later file takes the place of its cells
    told.py --again RUN         the cells that hang on time and differ, as FILE PROFILE, to be run again alone
    told.py --write RUN..       what was found in all of these runs is expected, and the rest may be, as may what
                                was found in some of the earlier ones (take its line out to forget it)
    told.py --page              the tables of docs/clients.md, from expected.txt

A RUN is a folder of results.

A line of expected.txt is `LIBRARY PROFILE KIND NAME=VALUE..`. With `?` in front it hangs on how threads
meet: it may be missing. Anything that is not listed is a failure. Counts of requests are
told of every cell, so that one of several with `?` is always there.
"""
import importlib.metadata
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
EXPECTED = HERE / "expected.txt"
OWN = HERE.parent / "profiles"
PAGE = HERE.parents[2] / "docs" / "clients.md"
BEGIN, END = "<!-- libraries: written by tests/real/clients/run -->\n", "<!-- end of libraries -->\n"
PYTHON = ["requests-oauthlib", "Authlib", "httpx-auth", "requests_oauth2client", "google-auth"]
NODE = ["simple-oauth2", "openid-client", "client-oauth2", "@badgateway/oauth2-client", "axios-oauth-client"]
RUST = ["oauth2"]
# How the table came to be.
RECORDED = 'Recorded in %d runs. "At times": not in each run of this or an earlier recording; it hangs on how threads meet.'
# What stands above the second table.
ANSWERS = "Answers of other servers, which no shipped profile has: profiles of our own, in `tests/real/profiles/`."
# The library does not log in: the program does, and its request is the one that is refused here.
LOGIN = [("google-auth", name) for name in ("endpoint-503", "endpoint-429", "auth-post", "secret-encoded")]
# A token of 3 seconds may end on its way where the machine is busy; a library may give up on an endpoint that takes
# 4 seconds of the 5 that it has; and a token that is renewed so many seconds ahead may come to that in three calls.
TIMED = ["short-lived", "rotate-refresh", "parallel-expiry", "parallel-rotation"]
TIMED += ["refresh-omitted", "refresh-vschar", "refresh-jwt", "cold-start"]
TIMED += ["slow-endpoint", "endpoint-503", "endpoint-429", "lifetime-60"]
TIMED += ["expires-in-%d" % life for life in (19, 29, 40, 70, 224, 235)]
# Where it is told how many tokens were asked for in how many calls: whether one is kept, renewed at its end, and
# replaced at a 401.
COUNTED = ["reissue-fresh", "no-expires-in", "expires-in-zero", "short-lived", "revoked-mid-flight"]
COUNTS = "Requests for a token and calls of the API, for an errand of three calls; a call that is made again counts twice. "
COUNTS += "With a life of 0 the programs in JavaScript wait a moment before each call: client-oauth2 compares to the "
COUNTS += "millisecond, and takes such a token for good in the one in which it came."
TITLE = re.compile(r"(\S+).* \[(.+)\]")


def in_order(profile):
    """Sorts profiles by name, those of lengths by their lengths."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", profile)]


def cases(path):
    """The cases of a file, with library and profile."""
    for case in json.loads(pathlib.Path(path).read_text())["cases"]:
        library, profile = TITLE.fullmatch(case["case"]).groups()
        yield library, profile, case


def cells(path):
    """What a file found, one line for each finding, by library and profile."""
    of = {}
    for library, profile, case in cases(path):
        lines = of[library, profile] = set()
        for finding in case["differences"]:
            detail = ["%s=%s" % (name, str(value).replace(" ", "-")) for name, value in finding["detail"].items()]
            lines.add(" ".join([library, profile, finding["kind"], *detail]))
        if profile in COUNTED:
            numbers = (case["new"]["token_requests"], case["new"]["api_requests"])
            lines.add(" ".join([library, profile, "requests", "tokens=%d" % numbers[0], "calls=%d" % numbers[1]]))
        if case["verdict"] not in ("same", "different"):
            lines.add(" ".join([library, profile, case["verdict"], str(case["reason"])]))
    return of


def files(run):
    """The results of a run."""
    return sorted(pathlib.Path(run).glob("*.json"))


def found(paths):
    """The findings of some files, and their profiles; a later one takes the place of its cells."""
    of = {}
    for path in paths:
        of |= cells(path)
    profiles = sorted({profile for _, profile in of}, key=in_order)
    return set().union(*of.values()), profiles


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


def runs_recorded():
    """In how many runs it was found."""
    return int(re.search(r"^# runs (\d+)$", EXPECTED.read_text(), re.M).group(1))


def cell(library, profile, must, may):
    words = []
    for lines, mark in ((must, ""), (may, " at times")):
        for line in sorted(lines):
            name, where, kind, *detail = line.split()
            if (name, where) == (library, profile) and kind != "requests":
                told = [part.split("=", 1)[1] for part in detail if part.startswith(("cause=", "place=", "token=", "login="))]
                words.append("`%s`%s%s" % (kind, "".join(" " + part.replace("-", " ") for part in told), mark))
    return ", ".join(words) + (" (1)" if words and (library, profile) in LOGIN else "")


def table():
    """The tables of docs/clients.md: the profiles that ship, and those of our own."""
    _, _, _, profiles = expected()
    own = {path.stem for path in OWN.glob("*.yaml")}
    rows = table_of([name for name in profiles if name not in own])
    rows += ["", RECORDED % runs_recorded(), "", ANSWERS, ""]
    rows += table_of([name for name in profiles if name in own])
    rows += ["", COUNTS, ""] + counts()
    return BEGIN + "\n" + "\n".join(rows) + "\n\n" + END


def counts():
    """How many tokens each library asked for, in how many calls."""
    must, may, of, _ = expected()
    rows = ["| library | " + " | ".join("`%s`" % name for name in COUNTED) + " |"]
    rows += ["|" + "---|" * (len(COUNTED) + 1)]
    for library, version in of.items():
        told = []
        for profile in COUNTED:
            known = [line.split() for line in sorted(must | may)]
            known = [words for words in known if words[:3] == [library, profile, "requests"]]
            numbers = [[word.split("=")[1] for word in words[3:]] for words in known]
            told.append(" or ".join(", ".join(pair) for pair in numbers))
        rows.append("| %s %s | %s |" % (library, version, " | ".join(told)))
    return rows


def table_of(profiles):
    """A row for each library, a column for each profile that finds anything."""
    must, may, of, _ = expected()
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
    rows += ["", "No library has a finding in " + ", ".join("`%s`" % name for name in silent) + "."]
    return rows


def page(new=None):
    """The part of the page that is the table; written where one is given."""
    text = PAGE.read_text()
    before, rest = text.split(BEGIN)
    inner, after = rest.split(END)
    if new is not None:
        PAGE.write_text(before + new + after)
    return BEGIN + inner + END


def write(folders):
    runs = [found(files(run)) for run in folders]
    every = set.union(*(lines for lines, _ in runs))
    must = set.intersection(*(lines for lines, _ in runs))
    if EXPECTED.exists():
        # What was missing once may be missing again: a busier machine finds what a quiet one does not.
        must -= expected()[1]
        every |= expected()[1]
    head = ["# What `tests/real/clients/run` finds; `?`: it hangs on how threads meet, and may be missing."]
    head += ["# runs %d" % len(folders)]
    head += ["# version %s %s" % pair for pair in versions().items()]
    head += ["# profiles " + " ".join(runs[0][1])]
    body = [line if line in must else "? " + line for line in sorted(every)]
    EXPECTED.write_text("\n".join(head + body) + "\n")
    page(table())


def differing(lines):
    """What is missing, and what is found too much."""
    must, may, _, _ = expected()
    return sorted(must - lines), sorted(lines - must - may)


def again(run):
    """The cells that hang on time and differ."""
    lines, _ = found(files(run))
    differ = {tuple(line.split()[:2]) for part in differing(lines) for line in part}
    suites = {library: case["id"].split("::")[0] for path in files(run) for library, _, case in cases(path)}
    for library, profile in sorted(differ):
        if profile in TIMED and library in suites:
            print(suites[library], profile)


def check(run, newer):
    lines, profiles = found(files(run) + newer)
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
    print("as expected: %d client libraries in %d profiles, %d lines" % (len(of), len(known), len(lines)))


if sys.argv[1] == "--write":
    write(sys.argv[2:])
elif sys.argv[1] == "--page":
    page(table())
elif sys.argv[1] == "--again":
    again(sys.argv[2])
else:
    check(sys.argv[1], sys.argv[2:])
