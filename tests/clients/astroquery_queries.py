"""What everybody may do with astroquery: the tables, queries in every format, uploads, jobs, boxes and cones."""

import numpy
from astropy import units
from astropy.coordinates import SkyCoord
from astropy.table import Table
from astroquery.utils.tap.model.filter import Filter

import gaia
import sandbox
from gaia import integers, read

SAMPLE = "SELECT TOP 50 source_id, ra, dec, parallax, phot_g_mean_mag FROM gaiadr3.gaia_source ORDER BY source_id"
NUMBERS = ("ra", "dec", "parallax", "phot_g_mean_mag")
# FITS goes to a file: astroquery 0.4.11 looks for it at the end of a stream that it has read already.
FORMATS = ["votable_gzip", "votable", "votable_plain", "csv", "ecsv", "json"]
BANNER = "The archive rests on Monday: 1 = 1, <b>from noon</b>"


def run(checks, tap, reader, folder, sources):
    client = gaia.anonymous(tap)
    truth = reader.rows(SAMPLE)
    checks.run("notices are shown on start", notices, tap, proves="GaiaClass(…, show_server_messages=True)")
    checks.run("load_tables", tables, client, reader, proves="load_tables()")
    checks.run("load_tables, names only", names, client, reader)
    checks.run("load_table", one_table, client, reader, proves="load_table('s.t')")
    for format in FORMATS:
        proves = f"launch_job(q, output_format='{format}')" if format != "votable_gzip" else ()
        checks.run(f"launch_job, {format}", synchronous, client, format, truth, proves=proves)
        checks.run(f"launch_job_async, {format}", asynchronous, client, format, truth)
    checks.run("launch_job, fits", fits, client.launch_job, folder, truth, proves="launch_job(q, output_format='fits')")
    checks.run("launch_job_async, fits", fits, client.launch_job_async, folder, truth)
    checks.run("launch_job stops at 2000 rows", capped, client)
    checks.run("launch_job_async does not", uncapped, client, sources)
    uploading = "launch_job(q, upload_resource=path, upload_table_name='t')"
    checks.run("launch_job with an upload", upload, client.launch_job, folder, reader, False, proves=uploading)
    checks.run("launch_job_async with an upload", upload, client.launch_job_async, folder, reader, False)
    checks.run("launch_job with a table in memory", upload, client.launch_job, folder, reader, True)
    started = "launch_job_async(q, name='n', autorun=True)"
    checks.run("launch_job_async runs at once", autorun, client, reader, truth, proves=[started, "get_results()"])
    waiting = "launch_job_async(q, name='n', autorun=False)"
    checks.run("launch_job_async waits to be started", later, client, reader, truth, proves=waiting)
    checks.run("a result is saved to a file", dump, client, folder, truth)
    checks.run("jobs are listed", listed, client, proves="list_async_jobs()")
    checks.run("jobs are searched", searched, client, proves="search_async_jobs(jobfilter=Filter)")
    checks.run("a job is loaded again", loaded, client, truth, proves="load_async_job(jobid=…)")
    checks.run("the result of a job is a table", job_upload, client, truth)
    checks.run("an error names its cause", error, client)
    checks.run("cone_search finds what is within the radius", cone, client, proves="cone_search(…)")
    checks.run("query_object finds what is within the box", box, client, proves="query_object(…)")
    checks.run("query_object finds what is within the radius", around, client, proves="query_object(…)")
    checks.run("TapPlus from an address", general, tap, truth, proves="TapPlus(url=…)")


def agree(found, truth):
    """The rows of plain csv: integers to the last digit, other numbers to what the column's text keeps."""
    sandbox.same(len(found), len(truth), "rows")
    sandbox.same(list(found.colnames), list(truth[0]), "columns")
    sandbox.same([str(int(value)) for value in found["source_id"]], [row["source_id"] for row in truth], "source_id")
    for name in NUMBERS:
        expected = [float(row[name]) if row[name] else numpy.nan for row in truth]
        got = numpy.ma.filled(numpy.ma.asarray(found[name], dtype=float), numpy.nan)
        numpy.testing.assert_allclose(got, expected, rtol=1e-6, equal_nan=True, err_msg=name)


def notices(tap):
    with gaia.quiet() as printed:
        gaia.anonymous(tap, show_server_messages=True)
    assert BANNER in printed.getvalue(), f"the banner is not in {printed.getvalue()!r}"


def tables(client, reader):
    found = {table.get_qualified_name(): table for table in client.load_tables()}
    sandbox.same(set(found), reader.tables(), "tables")
    columns = {column.name: column for column in found["gaiadr3.gaia_source"].columns}
    sandbox.same(set(columns), set(reader.columns("gaiadr3.gaia_source")), "columns")
    sandbox.same(columns["parallax"].unit, "mas", "unit of parallax")
    sandbox.same(columns["source_id"].data_type, "long", "type of source_id")
    assert columns["ra"].ucd.startswith("pos.eq.ra"), columns["ra"].ucd
    assert columns["ra"].description, "ra has no description"


def names(client, reader):
    found = client.load_tables(only_names=True)
    sandbox.same({table.get_qualified_name() for table in found}, reader.tables(), "tables")
    assert not any(table.columns for table in found), "there are columns, too"


def one_table(client, reader):
    table = client.load_table("gaiadr3.gaia_source")
    sandbox.same([column.name for column in table.columns], list(reader.columns("gaiadr3.gaia_source")), "columns")
    assert table.description, "the table has no description"


def synchronous(client, format, truth):
    agree(read(client.launch_job(SAMPLE, output_format=format)), truth)


def asynchronous(client, format, truth):
    job = client.launch_job_async(SAMPLE, output_format=format)
    sandbox.same(job.get_phase(), "COMPLETED", "phase")
    agree(read(job), truth)


def fits(launch, folder, truth):
    path = folder / f"{launch.__name__}.fits"
    launch(SAMPLE, output_format="fits", output_file=str(path), dump_to_file=True)
    agree(Table.read(path, format="fits"), truth)


def capped(client):
    sandbox.same(len(read(client.launch_job("SELECT source_id FROM gaiadr3.gaia_source"))), 2000, "rows")


def uncapped(client, sources):
    [count] = read(client.launch_job("SELECT COUNT(*) AS n FROM gaiadr3.gaia_source"))["n"]
    table = read(client.launch_job_async("SELECT source_id FROM gaiadr3.gaia_source"))
    sandbox.same(len(table), int(count), "rows")
    assert count >= sources
    sandbox.same(len(set(table["source_id"])), int(count), "different identifiers")
    assert table["source_id"].dtype == numpy.int64, table["source_id"].dtype


def upload(launch, folder, reader, in_memory):
    sources = reader.rows("SELECT TOP 7 source_id, phot_g_mean_mag FROM gaiadr3.gaia_source ORDER BY source_id")
    mine = Table()
    mine["source_id"] = [int(row["source_id"]) for row in sources] + [1]
    mine["label"] = [f"star {index}" for index in range(7)] + ["nobody"]
    mine["weight"] = numpy.arange(8) / 4
    path = folder / "mine.vot"
    mine.write(path, format="votable", overwrite=True)
    joined = read(
        launch(
            "SELECT u.source_id, u.label, u.weight, g.phot_g_mean_mag FROM tap_upload.mine AS u "
            "JOIN gaiadr3.gaia_source AS g ON g.source_id = u.source_id ORDER BY u.source_id",
            upload_resource=mine if in_memory else str(path),
            upload_table_name="mine",
        )
    )
    sandbox.same([str(value) for value in joined["source_id"]], [row["source_id"] for row in sources], "source_id")
    sandbox.same([str(value) for value in joined["label"]], [f"star {index}" for index in range(7)], "label")
    numpy.testing.assert_array_equal(numpy.asarray(joined["weight"], dtype=float), numpy.arange(7) / 4)
    magnitudes = [float(row["phot_g_mean_mag"]) for row in sources]
    numpy.testing.assert_allclose(numpy.asarray(joined["phot_g_mean_mag"], dtype=float), magnitudes, rtol=1e-6)


def autorun(client, reader, truth):
    job = client.launch_job_async(SAMPLE, name="at once", autorun=True)
    agree(read(job), truth)
    document = reader.job(job.jobid)
    sandbox.same(document.findtext("phase"), "COMPLETED", "phase")
    sandbox.same(document.findtext("name"), "at once", "name")
    sandbox.same(document.findtext("ownerId"), "anonymous", "owner")


def later(client, reader, truth):
    job = client.launch_job_async(SAMPLE, name="later", autorun=False)
    sandbox.same(reader.text(f"async/{job.jobid}/phase"), "PENDING", "phase")
    job.start()
    _response, phase = job.wait_for_job_end()
    sandbox.same(phase, "COMPLETED", "phase")
    agree(read(job), truth)
    sandbox.same(reader.job(job.jobid).findtext("name"), "later", "name")


def dump(client, folder, truth):
    path = folder / "saved.csv"
    client.launch_job_async(SAMPLE, output_file=str(path), output_format="csv", dump_to_file=True)
    agree(Table.read(path, format="ascii.csv"), truth)


def listed(client):
    job = client.launch_job_async("SELECT TOP 3 source_id FROM gaiadr3.gaia_source")
    waiting = client.launch_job_async("SELECT TOP 3 source_id FROM gaiadr3.gaia_source", autorun=False)
    phases = {other.jobid: other.get_phase() for other in client.list_async_jobs()}
    sandbox.same(phases.get(job.jobid), "COMPLETED", "phase of the job that ran")
    sandbox.same(phases.get(waiting.jobid), "PENDING", "phase of the job that did not")


def searched(client):
    wanted = [
        client.launch_job_async("SELECT TOP 3 source_id FROM gaiadr3.gaia_source", name="needle", autorun=run).jobid
        for run in (True, False, True)
    ]

    def search(order="CREATION_TIME:ASC", limit=None, offset=None, metadata_only=True, **filters):
        chosen = Filter()
        chosen.order, chosen.limit, chosen.offset, chosen.metadataOnly = order, limit, offset, metadata_only
        for name, value in filters.items():
            chosen.add_filter(name, value)
        return client.search_async_jobs(jobfilter=chosen)

    sandbox.same([job.jobid for job in search(jobname="needle")], wanted, "by name")
    sandbox.same([job.jobid for job in search(jobname="needle", order="CREATION_TIME:DESC", limit=2)], wanted[:0:-1], "latest")
    sandbox.same([job.jobid for job in search(jobname="needle", offset=1, limit=1)], wanted[1:2], "the second")
    sandbox.same([job.jobid for job in search(jobname="needle", phaseid="PENDING")], wanted[1:2], "by phase")
    sandbox.same([job.jobid for job in search(jobid=wanted[2])], wanted[2:], "by identifier")
    [short] = search(jobid=wanted[0])
    assert not short.parameters.get("query"), f"with metadata only there is a query: {short.parameters}"
    [full] = search(jobid=wanted[0], metadata_only=False)
    assert "TOP 3" in full.parameters.get("query", ""), f"without it there is none: {full.parameters}"
    assert len(search(order=None)) >= 3


def loaded(client, truth):
    job = client.launch_job_async(SAMPLE, name="to be found")
    again = client.load_async_job(jobid=job.jobid)
    sandbox.same(again.jobid, job.jobid, "job")
    sandbox.same(again.parameters["query"], SAMPLE, "query")
    agree(read(again), truth)


def job_upload(client, truth):
    job = client.launch_job_async(SAMPLE)
    agree(read(client.launch_job(f'SELECT * FROM JOB_UPLOAD."job{job.jobid}" ORDER BY source_id')), truth)


def error(client):
    query = "SELECT nonsuch FROM gaiadr3.gaia_source"
    words = gaia.refused(client.launch_job, query)
    assert "nonsuch" in words, f"the column is not named: {words}"
    # Without `background` the client asks for the result that is not there, and gives up before it asks for the error.
    job = client.launch_job_async(query, background=True)
    _response, phase = job.wait_for_job_end()
    sandbox.same(phase, "ERROR", "phase")
    assert "nonsuch" in str(job.get_error()), f"the column is not named: {job.get_error()}"


def everything(client):
    """Positions of all sources, to find by astropy what the archive finds by ADQL."""
    found = read(client.launch_job_async("SELECT source_id, ra, dec FROM gaiadr3.gaia_source"))
    return found["source_id"], SkyCoord(found["ra"], found["dec"], unit=units.degree)


def cone(client):
    [centre] = client.launch_job("SELECT TOP 1 ra, dec FROM gaiadr3.gaia_source ORDER BY source_id DESC").get_results()
    place = SkyCoord(ra=centre["ra"], dec=centre["dec"], unit=units.degree)
    radius = 3 * units.degree
    client.ROW_LIMIT = -1
    identifiers, positions = everything(client)
    expected = set(integers(identifiers[positions.separation(place) < radius]))
    assert 0 < len(expected) < 2000, f"{len(expected)} sources in the cone prove nothing"
    for search in (client.cone_search, client.cone_search_async):
        found = read(search(place, radius=radius))
        sandbox.same(set(integers(found["source_id"])), expected, f"sources of {search.__name__}")
        numpy.testing.assert_array_less(numpy.asarray(found["dist"], dtype=float), 3.0)


def box(client):
    place = SkyCoord(ra=56.75, dec=24.12, unit=units.degree)
    side = 4 * units.degree
    client.ROW_LIMIT = -1
    identifiers, positions = everything(client)
    offset = positions.separation(place)
    # Well within the box and well without, whatever projection its sides follow.
    within = set(integers(identifiers[offset < 1.9 * units.degree]))
    outside = set(integers(identifiers[offset > 3.0 * units.degree]))
    assert 0 < len(within) < 1000, f"{len(within)} sources in the box prove nothing"
    for search in (client.query_object, client.query_object_async):
        got = set(integers(read(search(place, width=side, height=side))["source_id"]))
        assert within <= got, f"{search.__name__}: {len(within - got)} sources are missing"
        assert not got & outside, f"{search.__name__}: {len(got & outside)} sources are too far away"


def around(client):
    place = SkyCoord(ra=56.75, dec=24.12, unit=units.degree)
    client.ROW_LIMIT = 10
    found = read(client.query_object(place, radius=2 * units.degree, columns=["source_id", "ra", "dec"]))
    sandbox.same(found.colnames, ["source_id", "ra", "dec", "dist"], "columns")
    identifiers, positions = everything(client)
    nearest = sorted(zip(positions.separation(place).degree, integers(identifiers), strict=True))[:10]
    sandbox.same(set(integers(found["source_id"])), {identifier for _distance, identifier in nearest}, "the ten nearest")


def general(tap, truth):
    client = gaia.plain(tap)
    names = [table.get_qualified_name() for table in client.load_tables(only_names=True)]
    assert "gaiadr3.gaia_source" in names, names
    agree(read(client.launch_job(SAMPLE)), truth)
    agree(read(client.launch_job_async(SAMPLE)), truth)
