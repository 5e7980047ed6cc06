"""STILTS datalinklint, the checker of DataLink's {links} documents, against the sandbox: as it is, and with --strict.

Neither errors nor warnings: what the real archive deviates in, this checker does not mind.
"""

import re
import sys
import urllib.parse

import sandbox
import stilts
from explained import none, remarks
from reader import Reader

SOURCES = 5_000
NOTHING = "a source that there is not"


def main():
    checks = sandbox.Checks()
    lint(checks, "as it is", [])
    lint(checks, "strict", ["--strict"])
    return checks.close()


def addresses(tap):
    """Links of one source, of several, of one without products, and of one that there is not."""
    reader = Reader(tap)
    rich = reader.rows("SELECT TOP 3 designation FROM gaiadr3.gaia_source WHERE has_xp_sampled = 'True' ORDER BY source_id")
    few = "has_mcmc_gspphot = 'True' AND has_xp_continuous = 'False' AND has_mcmc_msc = 'False'"
    poor = reader.rows(f"SELECT TOP 1 designation FROM gaiadr3.gaia_source WHERE {few} ORDER BY source_id DESC")
    identifiers = {
        "one source": rich[0]["designation"],
        "three sources": ",".join(row["designation"] for row in rich),
        "a source with fewer products": poor[0]["designation"],
        "a bare identifier": rich[1]["designation"].rpartition(" ")[2],
        NOTHING: "Gaia DR3 1",
    }
    base = tap.removesuffix("/tap-server/tap")
    for what, identifier in identifiers.items():
        yield what, f"{base}/data-server/datalink/links?{urllib.parse.urlencode({'ID': identifier})}"


def lint(checks, name, options):
    with sandbox.running("--sources", str(SOURCES), *options) as tap:
        for what, address in addresses(tap):
            run = stilts.run("datalinklint", "report=EWFI", "maxrepeat=20", "truncate=400", f"votable={address}")
            checks.run(f"datalinklint, {name}: it read the links of {what}", ran, run, what)
            checks.run(f"datalinklint, {name}: {what}", none, [line for line, *_ in remarks(run.stdout.splitlines())])


def ran(run, what):
    assert "Totals: " in run.stdout, f"datalinklint ended with {run.returncode}:\n{run.stdout[-3000:]}{run.stderr}"
    rows = int(re.search(r"rows checked: (\d+)", run.stdout).group(1))
    assert rows > 0 or what == NOTHING, "there are no links, so this proves nothing"


if __name__ == "__main__":
    sys.exit(main())
