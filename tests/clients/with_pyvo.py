"""pyVO's TAPService, which follows the IVOA's standards, against the sandbox: tables, capabilities, queries, uploads, jobs."""

import datetime
import sys
import warnings

import numpy
import pyvo
import requests
from astropy.table import Table

import sandbox

sandbox.stay_here()

SOURCES = 20_000
SAMPLE = "SELECT TOP 50 source_id, ra, dec, parallax, phot_g_mean_mag FROM gaiadr3.gaia_source ORDER BY source_id"


def main():
    checks = sandbox.Checks()
    with sandbox.running("--sources", str(SOURCES)) as tap:
        service = pyvo.dal.TAPService(tap)
        checks.run("tables", tables, service)
        checks.run("capabilities and limits", capabilities, service)
        checks.run("availability", availability, service)
        checks.run("examples", examples, service)
        checks.run("search", search, service, tap)
        checks.run("search tells of the overflow", overflow, service)
        checks.run("run_sync without one does not", whole, service)
        checks.run("run_async", run_async, service)
        checks.run("submit_job: its whole life", life, service)
        checks.run("a job is aborted", abort, service)
        checks.run("job list", job_list, service)
        checks.run("upload, sync", upload, service, service.run_sync)
        checks.run("upload, async", upload, service, service.run_async)
        checks.run("two uploads", two_uploads, service)
        checks.run("an error names its cause, sync", error, service.run_sync)
        checks.run("an error names its cause, async", error, service.run_async)
        checks.run("tap_schema", tap_schema, service)
        checks.run("geometry", geometry, service)
    return checks.close()


def tables(service):
    names = list(service.tables.keys())
    for name in ("gaiadr3.gaia_source", "gaiadr3.vari_rrlyrae", "gaiadr2.gaia_source", "tap_schema.columns"):
        assert any(known.lower() == name for known in names), f"{name} is not among {names}"
    columns = {column.name.lower(): column for column in service.tables["gaiadr3.gaia_source"].columns}
    assert len(columns) >= 60, f"{len(columns)} columns"
    sandbox.same(columns["pmra"].unit, "mas.yr**-1", "unit of pmra")
    assert columns["ra"].description


def capabilities(service):
    assert service.maxrec and service.hardlimit >= service.maxrec, (service.maxrec, service.hardlimit)
    assert any("upload-inline" in method.ivo_id for method in service.upload_methods), service.upload_methods


def availability(service):
    available, _since = service.availability, service.up_since
    assert service.available, available


def examples(service):
    found = service.examples
    assert found, "no examples"
    for example in found:
        assert len(example.execute()) > 0, example["QUERY"]


def search(service, tap):
    table = service.search(SAMPLE).to_table()
    sandbox.same(len(table), 50, "rows")
    assert table["source_id"].dtype == numpy.int64, table["source_id"].dtype
    sandbox.same(str(table["parallax"].unit), "mas", "unit of parallax")
    plain = requests.post(
        f"{tap}/sync", data={"LANG": "ADQL", "REQUEST": "doQuery", "FORMAT": "csv", "QUERY": SAMPLE}, timeout=60
    )
    plain.raise_for_status()
    lines = plain.text.strip().splitlines()[1:]
    sandbox.same([line.split(",")[0].strip('"') for line in lines], [str(value) for value in table["source_id"]], "source_id")


def overflow(service):
    few = service.search("SELECT source_id FROM gaiadr3.gaia_source", maxrec=10)
    sandbox.same(len(few), 10, "rows")
    sandbox.same(few.infos["QUERY_STATUS"], "OVERFLOW", "status")
    # pyVO warns only of a limit that it did not set itself.
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        sandbox.same(len(service.search("SELECT source_id FROM gaiadr3.gaia_source")), 2000, "rows")
    assert any(issubclass(warning.category, pyvo.dal.DALOverflowWarning) for warning in caught), caught


def whole(service):
    with warnings.catch_warnings():
        warnings.simplefilter("error", pyvo.dal.DALOverflowWarning)
        sandbox.same(len(service.run_sync("SELECT TOP 12 source_id FROM gaiadr3.gaia_source")), 12, "rows")


def run_async(service):
    [count] = service.run_sync("SELECT COUNT(*) AS n FROM gaiadr3.gaia_source")["n"]
    result = service.run_async("SELECT source_id FROM gaiadr3.gaia_source")
    sandbox.same(len(result), int(count), "rows")
    assert count >= SOURCES


def life(service):
    job = service.submit_job(SAMPLE)
    sandbox.same(job.phase, "PENDING", "phase")
    sandbox.same(job.query, SAMPLE, "query")
    job.execution_duration = 100
    sandbox.same(round(job.execution_duration.sec), 100, "execution duration")
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
    job.destruction = soon
    assert abs(job.destruction.to_datetime(datetime.timezone.utc) - soon) < datetime.timedelta(seconds=2), job.destruction
    job.run()
    job.wait(phases=["COMPLETED", "ERROR", "ABORTED"], timeout=60)
    job.raise_if_error()
    sandbox.same(job.phase, "COMPLETED", "phase")
    sandbox.same(len(job.fetch_result()), 50, "rows")
    address = job.url
    job.delete()
    sandbox.same(requests.get(address, timeout=20).status_code, 404, "status after deletion")


def abort(service):
    job = service.submit_job("SELECT COUNT(*) FROM gaiadr3.gaia_source AS a JOIN gaiadr3.gaia_source AS b ON a.ra < b.dec")
    job.run()
    job.abort()
    sandbox.same(job.phase, "ABORTED", "phase")
    job.delete()


def job_list(service):
    job = service.submit_job("SELECT TOP 1 ra FROM gaiadr3.gaia_source")
    assert job.job_id in [known.jobid for known in service.get_job_list()]
    assert job.job_id in [known.jobid for known in service.get_job_list(phases=["PENDING"])]
    assert job.job_id not in [known.jobid for known in service.get_job_list(phases=["COMPLETED"])]
    job.delete()


def mine(service):
    sources = service.run_sync("SELECT TOP 5 source_id FROM gaiadr3.gaia_source ORDER BY source_id").to_table()
    table = Table()
    table["source_id"] = [int(value) for value in sources["source_id"]]
    table["mag"] = numpy.array([1.5, 2.5, numpy.nan, 4.5, 5.5], dtype=numpy.float32)
    table["flag"] = [True, False, True, False, True]
    table["name"] = ["a", "bé", "c d", "", "<&>"]
    return table


def upload(service, run):
    table = mine(service)
    result = run(
        "SELECT u.* FROM TAP_UPLOAD.mine AS u JOIN gaiadr3.gaia_source AS g ON g.source_id = u.source_id ORDER BY u.source_id",
        uploads={"mine": table},
    ).to_table()
    sandbox.same([int(value) for value in result["source_id"]], [int(value) for value in table["source_id"]], "source_id")
    numpy.testing.assert_array_equal(numpy.ma.filled(result["mag"].astype(float), numpy.nan), table["mag"])
    sandbox.same([str(value) for value in result["name"]], [str(value) for value in table["name"]], "name")


def two_uploads(service):
    table = mine(service)
    result = service.run_sync(
        "SELECT a.source_id FROM TAP_UPLOAD.one AS a JOIN TAP_UPLOAD.two AS b ON a.source_id = b.source_id",
        uploads={"one": table, "two": table[1:3]},
    )
    sandbox.same(len(result), 2, "rows")


def error(run):
    try:
        run("SELECT nonsuch FROM gaiadr3.gaia_source")
    except pyvo.dal.DALQueryError as problem:
        assert "nonsuch" in str(problem), f"the column is not named: {problem}"
    else:
        raise AssertionError("a query for an unknown column went through")


def tap_schema(service):
    result = service.run_sync(
        "SELECT column_name, datatype, unit FROM tap_schema.columns WHERE table_name = 'gaiadr3.gaia_source'"
    ).to_table()
    units = {str(row["column_name"]): str(row["unit"]) for row in result}
    assert len(units) >= 60, f"{len(units)} columns"
    sandbox.same(units["parallax"], "mas", "unit of parallax")


def geometry(service):
    counts = [
        int(service.run_sync(f"SELECT COUNT(*) AS n FROM gaiadr3.gaia_source WHERE {condition}")["n"][0])
        for condition in (
            "1 = CONTAINS(POINT('ICRS', ra, dec), CIRCLE('ICRS', 56.75, 24.12, 2))",
            "CONTAINS(POINT(ra, dec), CIRCLE(56.75, 24.12, 2)) = 1",
            "DISTANCE(POINT('ICRS', ra, dec), POINT('ICRS', 56.75, 24.12)) < 2",
            "DISTANCE(ra, dec, 56.75, 24.12) < 2",
        )
    ]
    assert counts[0] > 0 and len(set(counts)) == 1, counts


if __name__ == "__main__":
    sys.exit(main())
