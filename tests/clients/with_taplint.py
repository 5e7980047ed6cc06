"""STILTS taplint, the IVOA community's checker of TAP services, against the sandbox: as it is, and with --strict.

As it is, the sandbox deviates from the standards where the real archive does; `taplint-deviations.json` lists those by code with
the reason, and nothing else may be found. With --strict nothing may be found at all.
"""

import json
import pathlib
import re
import subprocess
import sys

import sandbox

SOURCES = 5_000
# The stage left out looks for a table of planned observations, which this archive does not offer.
STAGES = "stages=-LOC"
REPORT = re.compile(r"^([EWISF])-([A-Z0-9]{3})-([A-Za-z0-9]{4})(?:-[0-9]+)? (.*)$")
SECTION = re.compile(r"^Section ([A-Z0-9]{3}): (.*)$")


def main():
    checks = sandbox.Checks()
    deviations = json.loads((pathlib.Path(__file__).parent / "taplint-deviations.json").read_text())
    lint(checks, "as it is", [], deviations)
    lint(checks, "strict", ["--strict"], [])
    return checks.close()


def lint(checks, name, options, allowed):
    """One run; every section that taplint went through is a check."""
    with sandbox.running("--sources", str(SOURCES), *options) as tap:
        run = subprocess.run(
            ["stilts", "taplint", f"tapurl={tap}", STAGES, "report=EWF", "maxrepeat=20", "truncate=400"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,
        )
    sections = []
    used = set()
    for line in run.stdout.splitlines():
        section = SECTION.match(line)
        report = REPORT.match(line)
        if section:
            sections.append((section.group(1), section.group(2), []))
        elif report and report.group(1) in "EF":
            deviation = next((index for index, one in enumerate(allowed) if matches(one, report)), None)
            if deviation is None:
                sections[-1][2].append(line)
            else:
                used.add(deviation)
        elif report:
            print(f"        {name}: {line}")
    checks.run(f"taplint, {name}: it ran", ran, run, sections)
    for code, title, errors in sections:
        checks.run(f"taplint, {name}: {code} {title}", none, errors)
    for index, deviation in enumerate(allowed):
        checks.run(f"taplint, {name}: {deviation['code']} is still found", still, index in used, deviation)


def matches(deviation, report):
    severity, section, code, words = report.groups()
    return deviation["code"] == f"{severity}-{section}-{code}" and re.search(deviation["words"], words)


def ran(run, sections):
    assert len(sections) >= 10, f"taplint ended with {run.returncode}:\n{run.stdout[-3000:]}"


def none(errors):
    assert not errors, "taplint found:\n" + "\n".join(errors)


def still(used, deviation):
    assert used, f"allowed, but no longer there: {deviation}; take it off the list"


if __name__ == "__main__":
    sys.exit(main())
