"""What a user may do with tables of their own in astroquery: upload, describe, rename, cross-match and delete them.

Whatever a call claims to have done is read back as plain csv and XML in the user's own session.
"""

import numpy
from astropy import units
from astropy.coordinates import SkyCoord
from astropy.table import Table

import gaia
import sandbox
from gaia import read
from reader import Reader

USER = "demo"
ARCSECOND = 1 / 3600


def run(checks, tap, folder):
    nobody = Reader(tap)
    checks.run("login makes one somebody", login, tap, nobody, proves="login(user=…, password=…)")
    checks.run("login with a wrong password does not", wrong, tap, nobody, proves="login(user=…, password=…)")
    checks.run("logout makes one nobody", logout, tap, nobody, proves="logout()")
    client, reader = gaia.signed_in(tap, USER), Reader(tap, USER)
    uploading = "upload_table(upload_resource=…, table_name='t')"
    mine = stars(nobody)
    for format in ("votable", "csv"):
        checks.run(f"a {format} file is uploaded", file, client, reader, nobody, folder, mine, format, proves=uploading)
    checks.run("a table in memory is uploaded", memory, client, reader, nobody, mine, proves=uploading)
    checks.run("a table is uploaded from an address", address, client, reader, proves=uploading)
    checks.run("a result is uploaded", from_job, client, reader, proves="upload_table_from_job(job=…)")
    checks.run("a result is uploaded by its job's identifier", by_identifier, client, reader)
    checks.run("positions are named", positions, client, reader, mine, proves="set_ra_dec_columns(…)")
    checks.run("columns are described", describe, client, reader, mine, proves="update_user_table(…)")
    checks.run("table and columns are renamed", rename, client, reader, mine, proves="rename_table(…)")
    deleting = "delete_user_table(table_name=…, force_removal=True)"
    for force in (True, False):
        checks.run(f"a table is deleted, force_removal={force}", delete, client, reader, mine, force, proves=deleting)
    checks.run("cross_match", cross_match, client, reader, mine, proves="cross_match(…)")
    checks.run("cross_match_basic", one_step, client, reader, mine)
    checks.run("a user's jobs are theirs alone", jobs, client, reader, nobody, proves="remove_jobs([…])")
    checks.run("the result of a user's job is a table of theirs", job_upload, client, nobody)


def stars(reader):
    """Twenty sources of the catalogue as somebody else might have seen them: by names, half an arcsecond away."""
    rows = reader.rows("SELECT TOP 20 source_id, ra, dec, phot_g_mean_mag FROM gaiadr3.gaia_source ORDER BY source_id")
    table = Table()
    table["identifier"] = [int(row["source_id"]) for row in rows]
    table["alpha"] = [float(row["ra"]) for row in rows]
    table["delta"] = [float(row["dec"]) + 0.5 * ARCSECOND for row in rows]
    table["brightness"] = numpy.array([float(row["phot_g_mean_mag"]) for row in rows], dtype=numpy.float32)
    table["label"] = [f"star, {index}" for index in range(len(rows))]
    return table


def owner(client, reader):
    """To whom a fresh job belongs, in the words of the archive."""
    job = client.launch_job_async("SELECT TOP 1 source_id FROM gaiadr3.gaia_source", autorun=False)
    return reader.job(job.jobid).findtext("ownerId")


def login(tap, nobody):
    client = gaia.injected(tap)
    sandbox.same(owner(client, nobody), "anonymous", "owner before")
    client.login(user=USER, password=USER)
    sandbox.same(owner(client, Reader(tap, USER)), USER, "owner after")


def wrong(tap, nobody):
    client = gaia.injected(tap)
    with gaia.quiet() as printed:
        client.login(user=USER, password="wrong")
    assert "401" in printed.getvalue(), f"it said {printed.getvalue()!r}"
    sandbox.same(owner(client, nobody), "anonymous", "owner")


def logout(tap, nobody):
    client = gaia.signed_in(tap, USER)
    client.logout()
    sandbox.same(owner(client, nobody), "anonymous", "owner")
    gaia.refused(client.load_groups)


def uploaded(client, mine, name, **options):
    with gaia.quiet():
        client.upload_table(upload_resource=mine, table_name=name, **options)
    return f"user_{USER}.{name}"


def agree(client, reader, table, mine):
    """The table holds what was uploaded, after a column that numbers the rows."""
    name = table.partition(".")[2]
    rows = reader.rows(f"SELECT * FROM {table} ORDER BY {name}_oid")
    sandbox.same(list(rows[0]), [f"{name}_oid", *mine.colnames], "columns")
    sandbox.same([row["identifier"] for row in rows], [str(value) for value in mine["identifier"]], "identifier")
    sandbox.same([row["label"] for row in rows], [str(value) for value in mine["label"]], "label")
    for column in ("alpha", "delta", "brightness"):
        numpy.testing.assert_allclose([float(row[column]) for row in rows], mine[column], rtol=1e-7, err_msg=column)
    assert table in reader.tables(), f"{table} is not listed"
    described = client.load_table(table)
    sandbox.same([column.name for column in described.columns], list(rows[0]), "columns that are described")


def file(client, reader, nobody, folder, mine, format):
    path = folder / f"mine.{format}"
    mine.write(path, format={"votable": "votable", "csv": "ascii.csv"}[format], overwrite=True)
    options = {} if format == "votable" else {"format": "csv"}
    table = uploaded(client, str(path), f"from_{format}", table_description="Seen <twice> & more", **options)
    agree(client, reader, table, mine)
    sandbox.same(client.load_table(table).description, "Seen <twice> & more", "description")
    assert table not in nobody.tables(), "nobody sees it in the list"
    nobody.fails(f"SELECT * FROM {table}")
    types = {column.name: column.data_type for column in client.load_table(table).columns}
    sandbox.same(types["identifier"], "long", "type of identifier")
    sandbox.same(types["alpha"], "double", "type of alpha")


def memory(client, reader, nobody, mine):
    table = uploaded(client, mine, "from_memory")
    agree(client, reader, table, mine)
    nobody.fails(f"SELECT * FROM {table}")


def address(client, reader):
    """The archive fetches the table itself; here from itself, as nobody, the only place that it may ask."""
    query = "SELECT TOP 4 source_id, ra FROM gaiadr3.gaia_source ORDER BY source_id"
    job = gaia.anonymous(reader.tap).launch_job_async(query, output_format="votable")
    task = client.upload_table(upload_resource=f"{reader.tap}/async/{job.jobid}/results/result", table_name="from_address")
    if task is not None:
        _response, phase = task.wait_for_job_end()
        sandbox.same(phase, "COMPLETED", "phase")
    expected = [row["source_id"] for row in reader.rows(query)]
    rows = reader.rows(f"SELECT * FROM user_{USER}.from_address ORDER BY from_address_oid")
    sandbox.same([row["source_id"] for row in rows], expected, "source_id")


def from_job(client, reader):
    query = "SELECT TOP 6 source_id, phot_g_mean_mag FROM gaiadr3.gaia_source ORDER BY source_id"
    job = client.launch_job_async(query)
    client.upload_table_from_job(job=job)
    # The name is the job's, which needs quotes.
    table = f'user_{USER}."t{job.jobid.lower()}"'
    listed = [name for name in reader.tables() if job.jobid.lower() in name.lower()]
    sandbox.same(len(listed), 1, "tables of that name")
    expected = reader.rows(query)
    found = reader.rows(f"SELECT source_id, phot_g_mean_mag FROM {table} ORDER BY source_id")
    sandbox.same(found, expected, "rows")
    client.delete_user_table(table_name=listed[0], force_removal=True)
    assert listed[0] not in reader.tables(), "it is still listed"


def by_identifier(client, reader):
    query = "SELECT TOP 6 source_id, phot_g_mean_mag FROM gaiadr3.gaia_source ORDER BY source_id"
    job = client.launch_job_async(query)
    client.upload_table_from_job(job=job.jobid, table_name="from_job", table_description="six of them")
    found = reader.rows(f"SELECT source_id, phot_g_mean_mag FROM user_{USER}.from_job ORDER BY source_id")
    sandbox.same(found, reader.rows(query), "rows")
    sandbox.same(client.load_table(f"user_{USER}.from_job").description, "six of them", "description")


def flags(reader, table):
    """What the archive holds the columns for, without the bit that says that it is the table's main one of the kind."""
    columns = reader.columns(table).items()
    return {name: int(column.get("flags")) & 31 for name, column in columns if int(column.get("flags"))}


def indexed(reader, table):
    return {name for name, column in reader.columns(table).items() if "indexed" in [flag.text for flag in column.iter("flag")]}


def positions(client, reader, mine):
    table = uploaded(client, mine, "placed")
    sandbox.same(flags(reader, table), {"placed_oid": 16}, "flags before")
    client.set_ra_dec_columns(table_name=table, ra_column_name="alpha", dec_column_name="delta")
    sandbox.same(flags(reader, table), {"placed_oid": 16, "alpha": 1, "delta": 2}, "flags after")
    of_client = {column.name: column.flags for column in client.load_table(table).columns}
    assert of_client["alpha"] in ("1", "33") and of_client["delta"] in ("2", "34"), of_client
    [row] = reader.rows(
        f"SELECT COUNT(*) AS n FROM {table} WHERE 1 = CONTAINS(POINT('ICRS', alpha, delta), "
        f"CIRCLE('ICRS', {mine['alpha'][3]}, {mine['delta'][3]}, 0.0001))"
    )
    assert int(row["n"]) >= 1, "the cone round a row of the table is empty"
    gaia.refused(client.set_ra_dec_columns, table_name=table, ra_column_name="nonsuch", dec_column_name="delta")


def describe(client, reader, mine):
    table = uploaded(client, mine, "described")
    client.update_user_table(
        table_name=table,
        list_of_changes=[
            ["alpha", "flags", "Ra"],
            ["delta", "flags", "Dec"],
            ["brightness", "flags", "Mag"],
            ["brightness", "ucd", "phot.mag;em.opt"],
            ["label", "utype", "test:label"],
            ["identifier", "indexed", True],
        ],
    )
    sandbox.same(flags(reader, table), {"described_oid": 16, "alpha": 1, "delta": 2, "brightness": 8}, "flags")
    columns = reader.columns(table)
    sandbox.same(columns["brightness"].findtext("ucd"), "phot.mag;em.opt", "ucd")
    sandbox.same(columns["label"].findtext("utype"), "test:label", "utype")
    assert not columns["identifier"].findtext("ucd"), f"ucd of identifier: {columns['identifier'].findtext('ucd')}"
    assert {"identifier", "alpha", "delta"} <= indexed(reader, table), indexed(reader, table)
    assert "label" not in indexed(reader, table), indexed(reader, table)
    # All columns are sent again each time: what is not named must stay.
    client.update_user_table(table_name=table, list_of_changes=[["label", "ucd", "meta.id"]])
    sandbox.same(flags(reader, table), {"described_oid": 16, "alpha": 1, "delta": 2, "brightness": 8}, "flags later")
    sandbox.same(reader.columns(table)["brightness"].findtext("ucd"), "phot.mag;em.opt", "ucd later")
    sandbox.same(reader.columns(table)["label"].findtext("ucd"), "meta.id", "the new ucd")
    agree(client, reader, table, mine)


def rename(client, reader, mine):
    table = uploaded(client, mine, "before")
    client.rename_table(table_name=table, new_table_name="after", new_column_names_dict={"alpha": "ra", "delta": "dec"})
    rows = reader.rows(f"SELECT * FROM user_{USER}.after ORDER BY identifier")
    sandbox.same(list(rows[0])[1:], ["identifier", "ra", "dec", "brightness", "label"], "columns")
    sandbox.same([row["identifier"] for row in rows], [str(value) for value in sorted(mine["identifier"])], "identifier")
    assert f"user_{USER}.after" in reader.tables(), reader.tables()
    assert table not in reader.tables(), "the old name is still listed"
    reader.fails(f"SELECT * FROM {table}")
    client.rename_table(table_name=f"user_{USER}.after", new_column_names_dict={"label": "note"})
    assert "note" in reader.rows(f"SELECT * FROM user_{USER}.after")[0]
    client.rename_table(table_name=f"user_{USER}.after", new_table_name="at_last")
    sandbox.same(len(reader.rows(f"SELECT note FROM user_{USER}.at_last")), len(mine), "rows")


def delete(client, reader, mine, force):
    table = uploaded(client, mine, "passing")
    sandbox.same(len(reader.rows(f"SELECT * FROM {table}")), len(mine), "rows before")
    client.delete_user_table(table_name=table, force_removal=force)
    assert table not in reader.tables(), "it is still listed"
    reader.fails(f"SELECT * FROM {table}")
    gaia.refused(client.delete_user_table, table_name=table, force_removal=force)


def cross_match(client, reader, mine):
    table = uploaded(client, mine, "to_match")
    client.set_ra_dec_columns(table_name=table, ra_column_name="alpha", dec_column_name="delta")
    for radius in (1.0, 0.1):
        name = f"matched_{round(radius * 10)}"
        job = client.cross_match(
            full_qualified_table_name_a="gaiadr3.gaia_source",
            full_qualified_table_name_b=table,
            results_table_name=name,
            radius=radius,
        )
        sandbox.same(reader.job(job.jobid).findtext("phase"), "COMPLETED", "phase")
        sandbox.same(reader.job(job.jobid).findtext("ownerId"), USER, "owner")
        columns = set(reader.columns(f"user_{USER}.{name}"))
        wanted = {"gaia_source_source_id", "to_match_to_match_oid", "separation"}
        assert wanted <= columns, f"columns {columns}"
        rows = reader.rows(f"SELECT * FROM user_{USER}.{name}")
        found = {(int(row["to_match_to_match_oid"]), int(row["gaia_source_source_id"])): row["separation"] for row in rows}
        expected = pairs(client, mine, radius)
        sandbox.same(set(found), set(expected), f"pairs within {radius} arcseconds")
        for pair, apart in expected.items():
            numpy.testing.assert_allclose(float(found[pair]), apart, rtol=1e-4, err_msg=str(pair))
    assert len(pairs(client, mine, 1.0)) >= len(mine) and not pairs(client, mine, 0.1), "the two radii do not differ"
    gaia.refused(
        client.cross_match,
        full_qualified_table_name_a="gaiadr3.gaia_source",
        full_qualified_table_name_b=f"user_{USER}.nonsuch",
        results_table_name="matched_none",
    )


def pairs(client, mine, radius):
    """What astropy finds: numbers of row and source, and how far apart they are in degrees."""
    sources = read(client.launch_job_async("SELECT source_id, ra, dec FROM gaiadr3.gaia_source"))
    catalogue = SkyCoord(sources["ra"], sources["dec"], unit=units.degree)
    seen = SkyCoord(mine["alpha"], mine["delta"], unit=units.degree)
    apart = seen[:, None].separation(catalogue[None, :]).degree
    near = zip(*numpy.nonzero(apart < radius * ARCSECOND), strict=True)
    return {(int(row) + 1, int(sources["source_id"][at])): float(apart[row, at]) for row, at in near}


def one_step(client, reader, mine):
    table = uploaded(client, mine, "to_join")
    job = client.cross_match_basic(
        table_a_full_qualified_name=table,
        table_a_column_ra="alpha",
        table_a_column_dec="delta",
        table_b_full_qualified_name="gaiadr3.gaia_source",
        table_b_column_ra="ra",
        table_b_column_dec="dec",
        results_name="joined",
    )
    found = {(int(row["to_join_oid"]), int(row["source_id"])): float(row["separation"]) for row in read(job)}
    expected = pairs(client, mine, 1.0)
    sandbox.same(set(found), set(expected), "pairs")
    for pair, apart in expected.items():
        numpy.testing.assert_allclose(found[pair], apart, rtol=1e-4, err_msg=str(pair))
    sandbox.same(flags(reader, table), {"to_join_oid": 16, "alpha": 1, "delta": 2}, "flags")


def jobs(client, reader, nobody):
    mine = [client.launch_job_async("SELECT TOP 2 source_id FROM gaiadr3.gaia_source").jobid for _ in range(3)]
    listed = {job.jobid for job in client.list_async_jobs()}
    assert set(mine) <= listed, f"{set(mine) - listed} are not listed"
    assert not set(mine) & {job.get("id") for job in nobody.document("async").iter("jobref")}, "nobody sees them"
    sandbox.same(nobody.get(f"async/{mine[0]}").status_code, 403, "status for nobody")
    client.remove_jobs(mine[:2])
    for identifier in mine[:2]:
        sandbox.same(reader.get(f"async/{identifier}").status_code, 404, "status of a removed job")
    sandbox.same(reader.job(mine[2]).findtext("phase"), "COMPLETED", "phase of the one that stays")
    client.remove_jobs(mine[2])
    sandbox.same(reader.get(f"async/{mine[2]}").status_code, 404, "status when it is removed as well")


def job_upload(client, nobody):
    job = client.launch_job_async("SELECT TOP 5 source_id FROM gaiadr3.gaia_source ORDER BY source_id")
    query = f'SELECT * FROM JOB_UPLOAD."job{job.jobid}" ORDER BY source_id'
    expected = [int(value) for value in read(job)["source_id"]]
    sandbox.same([int(value) for value in read(client.launch_job(query))["source_id"]], expected, "source_id")
    nobody.fails(query)
