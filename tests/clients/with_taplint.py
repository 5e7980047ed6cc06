"""STILTS taplint, the IVOA community's checker of TAP services, against the sandbox: as it is, and with --strict. All its stages.

As it is, the sandbox deviates from the standards where the real archive does; `taplint-deviations.json` lists those by code with
the reason, and the few warnings that remain. Nothing else may be found, and with --strict no error at all.
"""

import sys

import sandbox
import stilts
from explained import Explained, none, sections

SOURCES = 5_000
STAGES = 16


def main():
    checks = sandbox.Checks()
    lint(checks, "as it is", [], strict=False)
    lint(checks, "strict", ["--strict"], strict=True)
    return checks.close()


def lint(checks, name, options, strict):
    """One run; every section that taplint went through is a check."""
    explained = Explained("taplint-deviations.json", strict)
    with sandbox.running("--sources", str(SOURCES), *options) as tap:
        run = stilts.run("taplint", f"tapurl={tap}", "report=EWF", "maxrepeat=20", "truncate=400")
    found = sections(run.stdout)
    checks.run(f"taplint, {name}: all stages ran", ran, run, found)
    for code, title, lines in found:
        checks.run(f"taplint, {name}: {code} {title}", none, explained.unknown(lines))
    explained.check_all(checks, f"taplint, {name}")


def ran(run, found):
    assert len(found) == STAGES, f"{len(found)} stages; taplint ended with {run.returncode}:\n{run.stdout[-3000:]}{run.stderr}"
    assert "Totals: " in run.stdout, f"taplint did not end well:\n{run.stdout[-3000:]}"


if __name__ == "__main__":
    sys.exit(main())
