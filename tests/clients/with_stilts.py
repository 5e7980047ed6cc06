"""STILTS as a TAP client: queries with and without a table of one's own, synchronous and as jobs, and a job taken up later."""

import csv
import io
import pathlib
import sys
import tempfile

import sandbox
import stilts
from reader import Reader

SOURCES = 5_000
SAMPLE = "SELECT TOP 40 source_id, ra, dec, parallax, designation FROM gaiadr3.gaia_source ORDER BY source_id"
JOIN = (
    "SELECT u.source_id, u.label, g.phot_g_mean_mag FROM TAP_UPLOAD.mine AS u "
    "JOIN gaiadr3.gaia_source AS g ON g.source_id = u.source_id ORDER BY u.source_id"
)


def main():
    checks = sandbox.Checks()
    with sandbox.running("--sources", str(SOURCES)) as tap, tempfile.TemporaryDirectory() as folder:
        reader = Reader(tap)
        path = pathlib.Path(folder) / "mine.csv"
        for sync in ("true", "false"):
            checks.run(f"tapquery, sync={sync}", query, reader, sync)
            checks.run(f"tapquery with an upload, sync={sync}", upload, reader, path, sync)
            checks.run(f"tapquery tells of an error, sync={sync}", error, reader, sync)
        for serialization in ("TABLEDATA", "BINARY", "BINARY2"):
            checks.run(f"tapquery with an upload in {serialization}", upload, reader, path, "true", serialization)
        checks.run("tapquery stops at the limit", limit, reader)
        checks.run("tapresume takes a job up again", resume, reader)
    return checks.close()


def read(task, *arguments):
    """The rows that a task prints as csv."""
    run = stilts.run(task, *arguments, "ofmt=csv", "out=-")
    assert run.returncode == 0, f"stilts ended with {run.returncode}: {run.stderr[-2000:]}"
    return list(csv.DictReader(io.StringIO(run.stdout)))


def tapquery(reader, adql, *arguments):
    return read("tapquery", f"tapurl={reader.tap}", f"adql={adql}", *arguments)


def agree(found, expected):
    """The same rows; numbers as numbers, since the two write them differently."""
    sandbox.same(len(found), len(expected), "rows")
    for one, other in zip(found, expected, strict=True):
        sandbox.same(list(one), list(other), "columns")
        for name in one:
            exact = name in ("source_id", "designation", "label")
            left, right = (one[name], other[name]) if exact else (float(one[name] or "nan"), float(other[name] or "nan"))
            close = left == right or not exact and (abs(left - right) <= 1e-6 * abs(right) or left != left and right != right)
            assert close, f"{name}: {left!r}, expected {right!r}"


def query(reader, sync):
    agree(tapquery(reader, SAMPLE, f"sync={sync}"), reader.rows(SAMPLE))


def upload(reader, path, sync, serialization="BINARY2"):
    known = reader.rows("SELECT TOP 5 source_id, phot_g_mean_mag FROM gaiadr3.gaia_source ORDER BY source_id")
    lines = [f"{row['source_id']},star {index} & more" for index, row in enumerate(known)]
    path.write_text("\n".join(["source_id,label", *lines, "1,nobody"]) + "\n")
    arguments = [f"upload1={path}", "ufmt1=csv", "upname1=mine", "nupload=1", f"upvotformat={serialization}"]
    found = tapquery(reader, JOIN, f"sync={sync}", *arguments)
    expected = [
        {"source_id": row["source_id"], "label": f"star {index} & more", "phot_g_mean_mag": row["phot_g_mean_mag"]}
        for index, row in enumerate(known)
    ]
    agree(found, expected)


def error(reader, sync):
    query = "SELECT nonsuch FROM gaiadr3.gaia_source"
    run = stilts.run("tapquery", f"tapurl={reader.tap}", f"adql={query}", f"sync={sync}")
    assert run.returncode != 0, "a query for an unknown column went through"
    assert "nonsuch" in run.stderr, f"the column is not named: {run.stderr}"


def limit(reader):
    every = "SELECT source_id FROM gaiadr3.gaia_source"
    sandbox.same(len(tapquery(reader, every, "sync=true", "maxrec=7")), 7, "rows with maxrec")
    sandbox.same(len(tapquery(reader, every, "sync=true")), 2000, "rows without")
    sandbox.same(len(tapquery(reader, every, "sync=false")), int(reader.rows(f"SELECT COUNT(*) AS n FROM ({every}) AS t")[0]["n"]))


def resume(reader):
    before = identifiers(reader)
    tapquery(reader, SAMPLE, "sync=false", "delete=never")
    [job] = identifiers(reader) - before
    agree(read("tapresume", f"joburl={reader.tap}/async/{job}", "delete=finished"), reader.rows(SAMPLE))
    sandbox.same(reader.get(f"async/{job}").status_code, 404, "status after deletion")


def identifiers(reader):
    return {job.get("id") for job in reader.document("async").iter("jobref")}


if __name__ == "__main__":
    sys.exit(main())
