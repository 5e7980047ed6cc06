"""pyVO's TAPService, which follows the IVOA's standards, against the sandbox: every call that the protocol's reference names."""

import datetime
import pathlib
import sys
import tempfile
import time
import warnings

import numpy
import pyvo
import requests
from astropy.table import Table

import calls
import pyvo_datalink
import sandbox
from reader import Reader, sign_in

sandbox.stay_here()

SOURCES = 20_000
SAMPLE = "SELECT TOP 50 source_id, ra, dec, parallax, phot_g_mean_mag FROM gaiadr3.gaia_source ORDER BY source_id"
SIGNED_IN = "TAPService(url, session=requests.Session with the login cookies)"


def main():
    checks = sandbox.Checks(calls.Proof(calls.PYVO))
    with sandbox.running("--sources", str(SOURCES)) as tap:
        service = pyvo.dal.TAPService(tap)
        checks.run("tables", tables, service, proves=["TAPService(url)", "tables"])
        checks.run("capabilities and limits", capabilities, service, proves="capabilities")
        checks.run("availability", availability, service)
        checks.run("examples", examples, service)
        checks.run("search", search, service, tap, proves="search(q, maxrec=…)")
        checks.run("search tells of the overflow", overflow, service, proves="search(q, maxrec=…)")
        checks.run("run_sync without one does not", whole, service)
        checks.run("run_async", run_async, service, proves="run_async(q)")
        checks.run("submit_job: its whole life", life, service, proves="submit_job(q)")
        checks.run("a job is aborted", abort, service)
        checks.run("job list", job_list, service, proves="get_job_list()")
        checks.run("job list, filtered", job_list_filters, service, proves="get_job_list()")
        checks.run("upload, sync", upload, service, service.run_sync, proves="uploads={'t': path}")
        checks.run("upload, async", upload, service, service.run_async, proves="uploads={'t': path}")
        checks.run("upload of a file", upload_file, service, proves="uploads={'t': path}")
        checks.run("two uploads", two_uploads, service)
        checks.run("an error names its cause, sync", error, service.run_sync)
        checks.run("an error names its cause, async", error, service.run_async)
        checks.run("tap_schema", tap_schema, service)
        checks.run("geometry", geometry, service)
        checks.run("another service is asked through this one", external, service)
        checks.run("signed in: own tables", own_tables, tap, proves=SIGNED_IN)
        checks.run("signed in: own jobs", own_jobs, tap, service, proves=SIGNED_IN)
        pyvo_datalink.run(checks, tap, service)
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


def job_list_filters(service):
    """All three of UWS 1.1; times have the precision of a second, so the jobs lie apart."""
    query = "SELECT TOP 1 ra FROM gaiadr3.gaia_source"
    first = service.submit_job(query)
    time.sleep(1.1)
    after = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    time.sleep(1.1)
    others = [service.submit_job(query) for _ in range(3)]
    others[0].run().wait(phases=["COMPLETED"], timeout=60)
    wanted = [job.job_id for job in others]
    found = [known.jobid for known in service.get_job_list(after=after)]
    sandbox.same(sorted(found), sorted(wanted), "jobs after a time")
    sandbox.same(sorted(known.jobid for known in service.get_job_list(last=3)), sorted(wanted), "the last three jobs")
    found = [known.jobid for known in service.get_job_list(phases=["PENDING"], last=2)]
    sandbox.same(sorted(found), sorted(wanted[1:]), "the last two that wait")
    found = {known.jobid: known.phase for known in service.get_job_list(phases=["PENDING", "COMPLETED"], after=after)}
    sandbox.same(found, {wanted[0]: "COMPLETED", wanted[1]: "PENDING", wanted[2]: "PENDING"}, "phases")
    [full] = [job for job in service.get_job_list(last=1, short_description=False)]
    sandbox.same({known.id_: known.content for known in full.parameters}["query"], query, "query")
    for job in [first, *others]:
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


def upload_file(service):
    table = mine(service)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "mine.vot"
        table.write(path, format="votable")
        result = service.search("SELECT * FROM TAP_UPLOAD.mine ORDER BY source_id", uploads={"mine": str(path)})
    sandbox.same([int(value) for value in result["source_id"]], [int(value) for value in table["source_id"]], "source_id")


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


def external(service):
    """TAP+: the archive passes a query on; the sandbox itself is the other service."""
    expected = service.run_sync(SAMPLE)
    query = service.create_query(SAMPLE)
    query["REQUEST"], query["EXT_TAP_URL"] = "external_tap", service.baseurl
    result = query.execute()
    sandbox.same([int(v) for v in result["source_id"]], [int(v) for v in expected["source_id"]], "source_id")


def signed_in(tap, user):
    session = requests.Session()
    sign_in(session, tap, user)
    return pyvo.dal.TAPService(tap, session=session)


def own_tables(tap):
    reader, nobody = Reader(tap, "demo"), pyvo.dal.TAPService(tap)
    rows = "<TR><TD>5</TD><TD>five</TD></TR><TR><TD>7</TD><TD>seven</TD></TR>"
    document = (
        '<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3"><RESOURCE type="results"><TABLE>'
        '<FIELD name="number" datatype="int"/><FIELD name="word" datatype="char" arraysize="*"/>'
        f"<DATA><TABLEDATA>{rows}</TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>"
    )
    response = reader.session.post(
        f"{tap.removesuffix('/tap')}/Upload",
        data={"TABLE_NAME": "seen", "FORMAT": "votable"},
        files={"FILE": ("seen.vot", document)},
        timeout=60,
    )
    sandbox.same(response.status_code, 200, "status of the upload")
    service = signed_in(tap, "demo")
    assert "user_demo.seen" in service.tables.keys(), list(service.tables.keys())
    assert "user_demo.seen" not in nobody.tables.keys(), "nobody sees it"
    for run in (service.run_sync, service.run_async):
        result = run("SELECT number, word FROM user_demo.seen ORDER BY number")
        sandbox.same([(int(row["number"]), str(row["word"])) for row in result], [(5, "five"), (7, "seven")], "rows")
    try:
        nobody.run_sync("SELECT * FROM user_demo.seen")
    except pyvo.dal.DALQueryError:
        pass
    else:
        raise AssertionError("nobody reads the table of a user")


def own_jobs(tap, nobody):
    service = signed_in(tap, "demo")
    job = service.submit_job(SAMPLE)
    job.run().wait(phases=["COMPLETED", "ERROR"], timeout=60)
    sandbox.same(job.owner, "demo", "owner")
    sandbox.same(len(job.fetch_result()), 50, "rows")
    assert job.job_id in [known.jobid for known in service.get_job_list()], "it is not listed"
    assert job.job_id not in [known.jobid for known in nobody.get_job_list()], "nobody sees it"
    sandbox.same(requests.get(job.url, timeout=20).status_code, 403, "status for nobody")
    repeated = service.run_sync(f'SELECT source_id FROM JOB_UPLOAD."job{job.job_id}"')
    sandbox.same(len(repeated), 50, "rows of the result as a table")
    job.delete()


if __name__ == "__main__":
    sys.exit(main())
