"""STILTS votlint, which checks a VOTable against its schema and its own words, over every kind of VOTable of the sandbox.

As it is, with --strict and with --legacy: no error in any of them, and no warnings but those of `votlint-warnings.json`.
"""

import concurrent.futures
import os
import re
import sys
import tempfile

import documents
import sandbox
import stilts
from explained import Explained

SOURCES = 5_000
REMARK = re.compile(r"^(ERROR|WARNING)\b[^:]*: (.*)$")
VARIANTS = {"as it is": [], "strict": ["--strict"], "legacy": ["--legacy"]}


def main():
    checks = sandbox.Checks()
    explained = Explained("votlint-warnings.json", strict=True)
    for variant, options in VARIANTS.items():
        with tempfile.TemporaryDirectory() as folder:
            found = []
            checks.run(f"votlint, {variant}: the documents are fetched", fetch, options, folder, found)
            with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
                results = workers.map(lint, [path for _name, path in found])
            for (name, _path), report in zip(found, results, strict=True):
                checks.run(f"votlint, {variant}: {name}", clean, report, explained)
    explained.check_all(checks, "votlint")
    return checks.close()


def fetch(options, folder, found):
    """Adds (name, path) of each document to `found`."""
    with sandbox.running("--sources", str(SOURCES), *options) as tap:
        for name, body in documents.all_of(tap):
            assert b"<VOTABLE" in body, f"{name} is no VOTable: {body[:300]}"
            path = os.path.join(folder, f"{len(found)}.vot")
            with open(path, "wb") as file:
                file.write(body)
            found.append((name, path))


def lint(path):
    run = stilts.run("votlint", path)
    return run.returncode, run.stdout + run.stderr


def clean(report, explained):
    code, text = report
    left = [line for line in text.splitlines() if not harmless(line, explained)]
    assert code == 0 and not left, f"votlint ended with {code} and says\n{text}"


def harmless(line, explained):
    """Whether a remark is only worth a note to votlint, or is explained."""
    remark = REMARK.match(line)
    return line.startswith("INFO ") or remark is not None and explained.knows(*remark.groups())


if __name__ == "__main__":
    sys.exit(main())
