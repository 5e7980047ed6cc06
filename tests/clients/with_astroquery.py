"""astroquery's GaiaClass, written for the real archive, against the sandbox: tables, queries in every format, uploads, jobs."""

import pathlib
import sys
import tempfile

import numpy
from astropy import units
from astropy.coordinates import SkyCoord
from astropy.table import Table
from astropy.utils import iers

import sandbox

sandbox.stay_here()
iers.conf.auto_download = False

from astroquery.gaia import GaiaClass  # noqa: E402  (calls home when imported, so only now)

SOURCES = 20_000
SAMPLE = "SELECT TOP 50 source_id, ra, dec, parallax, phot_g_mean_mag FROM gaiadr3.gaia_source ORDER BY source_id"
# FITS goes to a file: astroquery 0.4.11 looks for it at the end of a stream that it has read already.
FORMATS = ["votable_gzip", "votable", "votable_plain", "csv", "ecsv", "json"]


def main():
    checks = sandbox.Checks()
    with sandbox.running("--sources", str(SOURCES)) as tap, tempfile.TemporaryDirectory() as folder:
        base = tap.removesuffix("tap-server/tap")
        gaia = GaiaClass(
            gaia_tap_server=base,
            gaia_data_server=base,
            tap_server_context="tap-server",
            data_server_context="data-server",
            show_server_messages=False,
        )
        checks.run("load_tables", tables, gaia)
        checks.run("load_tables, names only", table_names, gaia)
        checks.run("load_table", one_table, gaia)
        truth = read(gaia.launch_job(SAMPLE, output_format="votable_plain"))
        for format in FORMATS:
            checks.run(f"launch_job, {format}", synchronous, gaia, format, truth)
        for format in FORMATS:
            checks.run(f"launch_job_async, {format}", asynchronous, gaia, format, truth)
        for launch in (gaia.launch_job, gaia.launch_job_async):
            checks.run(f"{launch.__name__}, fits", fits, launch, pathlib.Path(folder), truth)
        checks.run("launch_job stops at 2000 rows", capped, gaia)
        checks.run("launch_job_async does not", uncapped, gaia)
        checks.run("launch_job with an upload", upload, gaia, pathlib.Path(folder), False)
        checks.run("launch_job_async with an upload", upload, gaia, pathlib.Path(folder), True)
        checks.run("a result is saved to a file", dump, gaia, pathlib.Path(folder), truth)
        checks.run("jobs are listed and loaded again", jobs, gaia)
        checks.run("an error names its cause", error, gaia)
        checks.run("cone_search finds what is within the radius", cone, gaia)
        checks.run("query_object finds what is within the box", box, gaia)
    return checks.close()


def read(job):
    # The calls for boxes give the table itself.
    table = job if isinstance(job, Table) else job.get_results()
    for name in table.colnames:
        if name != name.lower():
            table.rename_column(name, name.lower())
    return table


def agree(found, truth):
    """The same rows: integers to the last digit, other numbers to what the column's text keeps."""
    sandbox.same(len(found), len(truth), "rows")
    sandbox.same(found.colnames, truth.colnames, "columns")
    sandbox.same([int(value) for value in found["source_id"]], [int(value) for value in truth["source_id"]], "source_id")
    for name in ("ra", "dec", "parallax", "phot_g_mean_mag"):
        one, other = (numpy.ma.filled(numpy.ma.asarray(table[name], dtype=float), numpy.nan) for table in (found, truth))
        numpy.testing.assert_allclose(one, other, rtol=1e-6, equal_nan=True, err_msg=name)


def tables(gaia):
    found = {table.name: table for table in gaia.load_tables()}
    for name in ("gaiadr3.gaia_source", "gaiadr3.astrophysical_parameters", "gaiadr2.gaia_source", "tap_schema.tables"):
        assert any(known.endswith(name) for known in found), f"{name} is not among {sorted(found)}"
    source = next(table for name, table in found.items() if name.endswith("gaiadr3.gaia_source"))
    columns = {column.name: column for column in source.columns}
    assert len(columns) >= 60, f"{len(columns)} columns"
    sandbox.same(columns["parallax"].unit, "mas", "unit of parallax")
    sandbox.same(columns["source_id"].data_type, "long", "type of source_id")
    assert columns["ra"].ucd.startswith("pos.eq.ra"), columns["ra"].ucd
    assert columns["ra"].description, "ra has no description"


def table_names(gaia):
    names = [table.name for table in gaia.load_tables(only_names=True)]
    assert any(name.endswith("gaiadr3.gaia_source") for name in names), names


def one_table(gaia):
    table = gaia.load_table("gaiadr3.gaia_source")
    assert table is not None and len(table.columns) >= 60
    assert table.description, "the table has no description"


def synchronous(gaia, format, truth):
    agree(read(gaia.launch_job(SAMPLE, output_format=format)), truth)


def asynchronous(gaia, format, truth):
    job = gaia.launch_job_async(SAMPLE, output_format=format, name=f"as {format}")
    assert job.is_finished()
    sandbox.same(job.get_phase(), "COMPLETED", "phase")
    agree(read(job), truth)


def fits(launch, folder, truth):
    path = folder / f"{launch.__name__}.fits"
    launch(SAMPLE, output_format="fits", output_file=str(path), dump_to_file=True)
    agree(Table.read(path, format="fits"), truth)


def capped(gaia):
    sandbox.same(len(read(gaia.launch_job("SELECT source_id FROM gaiadr3.gaia_source"))), 2000, "rows")


def uncapped(gaia):
    [count] = read(gaia.launch_job("SELECT COUNT(*) AS n FROM gaiadr3.gaia_source"))["n"]
    table = read(gaia.launch_job_async("SELECT source_id FROM gaiadr3.gaia_source"))
    sandbox.same(len(table), int(count), "rows")
    assert count >= SOURCES
    sandbox.same(len(set(table["source_id"])), int(count), "different identifiers")
    assert table["source_id"].dtype == numpy.int64, table["source_id"].dtype


def upload(gaia, folder, asynchronously):
    sources = read(gaia.launch_job("SELECT TOP 7 source_id, phot_g_mean_mag FROM gaiadr3.gaia_source ORDER BY source_id"))
    mine = Table()
    mine["source_id"] = [int(value) for value in sources["source_id"]] + [1]
    mine["label"] = [f"star {index}" for index in range(7)] + ["nobody"]
    mine["weight"] = numpy.arange(8) / 4
    path = folder / "mine.vot"
    mine.write(path, format="votable", overwrite=True)
    launch = gaia.launch_job_async if asynchronously else gaia.launch_job
    joined = read(
        launch(
            "SELECT u.source_id, u.label, u.weight, g.phot_g_mean_mag FROM tap_upload.mine AS u "
            "JOIN gaiadr3.gaia_source AS g ON g.source_id = u.source_id ORDER BY u.source_id",
            upload_resource=str(path),
            upload_table_name="mine",
        )
    )
    sandbox.same(len(joined), 7, "rows")
    sandbox.same([int(value) for value in joined["source_id"]], [int(value) for value in sources["source_id"]], "source_id")
    sandbox.same([str(value) for value in joined["label"]], [f"star {index}" for index in range(7)], "label")
    numpy.testing.assert_array_equal(numpy.asarray(joined["weight"], dtype=float), numpy.arange(7) / 4)
    numpy.testing.assert_allclose(joined["phot_g_mean_mag"], sources["phot_g_mean_mag"])


def dump(gaia, folder, truth):
    path = folder / "saved.csv"
    gaia.launch_job_async(SAMPLE, output_file=str(path), output_format="csv", dump_to_file=True)
    found = Table.read(path, format="ascii.csv")
    sandbox.same([int(value) for value in found["source_id"]], [int(value) for value in truth["source_id"]], "source_id")


def jobs(gaia):
    job = gaia.launch_job_async("SELECT TOP 3 source_id FROM gaiadr3.gaia_source", name="to be found")
    listed = [other.jobid for other in gaia.list_async_jobs()]
    assert job.jobid in listed, f"{job.jobid} is not among {listed}"
    again = gaia.load_async_job(jobid=job.jobid)
    sandbox.same(again.jobid, job.jobid, "job")
    sandbox.same([int(v) for v in read(again)["source_id"]], [int(v) for v in read(job)["source_id"]], "source_id")


def error(gaia):
    query = "SELECT nonsuch FROM gaiadr3.gaia_source"
    try:
        gaia.launch_job(query)
    except Exception as problem:
        assert "nonsuch" in str(problem), f"the column is not named: {problem}"
    else:
        raise AssertionError("a query for an unknown column went through")
    # Without `background` the client asks for the result that is not there, and gives up before it asks for the error.
    job = gaia.launch_job_async(query, background=True)
    _response, phase = job.wait_for_job_end()
    sandbox.same(phase, "ERROR", "phase")
    assert "nonsuch" in str(job.get_error()), f"the column is not named: {job.get_error()}"


def cone(gaia):
    [centre] = gaia.launch_job("SELECT TOP 1 ra, dec FROM gaiadr3.gaia_source ORDER BY source_id DESC").get_results()
    place = SkyCoord(ra=centre["ra"], dec=centre["dec"], unit=units.degree)
    radius = 3 * units.degree
    gaia.ROW_LIMIT = -1
    found = read(gaia.cone_search_async(place, radius=radius))
    everything = read(gaia.launch_job_async("SELECT source_id, ra, dec FROM gaiadr3.gaia_source"))
    distances = SkyCoord(everything["ra"], everything["dec"], unit=units.degree).separation(place)
    expected = {int(value) for value in everything["source_id"][distances < radius]}
    assert expected, "the cone is empty, so it proves nothing"
    sandbox.same({int(value) for value in found["source_id"]}, expected, "sources in the cone")
    numpy.testing.assert_array_less(numpy.asarray(found["dist"], dtype=float), 3.0)


def box(gaia):
    place = SkyCoord(ra=56.75, dec=24.12, unit=units.degree)
    side = 4 * units.degree
    gaia.ROW_LIMIT = -1
    found = read(gaia.query_object_async(place, width=side, height=side))
    everything = read(gaia.launch_job_async("SELECT source_id, ra, dec FROM gaiadr3.gaia_source"))
    offset = SkyCoord(everything["ra"], everything["dec"], unit=units.degree).separation(place)
    # Well within the box and well without, whatever projection its sides follow.
    within = {int(value) for value in everything["source_id"][offset < 1.9 * units.degree]}
    outside = {int(value) for value in everything["source_id"][offset > 3.0 * units.degree]}
    got = {int(value) for value in found["source_id"]}
    assert within, "the box is empty, so it proves nothing"
    assert within <= got, f"{len(within - got)} sources are missing"
    assert not got & outside, f"{len(got & outside)} sources are too far away"


if __name__ == "__main__":
    sys.exit(main())
