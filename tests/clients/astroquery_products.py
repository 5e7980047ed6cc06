"""DataLink with astroquery: links, and products of every type in every format that astroquery reads.

What there must be follows from the catalogue's own columns (`has_rvs` and so on), and what is in it from the same product
fetched as plain XML text without astroquery.
"""

import io
import os
import pathlib
import urllib.parse
import zipfile

import numpy
from astropy.io import votable
from astropy.table import Table

import gaia
import sandbox
from gaia import integers

RELEASE = "Gaia DR3"
# The flag in gaia_source that tells of the product, and columns that it must have.
PRODUCTS = {
    "EPOCH_PHOTOMETRY": ("has_epoch_photometry", ["transit_id", "band", "time", "mag", "flux", "flux_error"]),
    "XP_SAMPLED": ("has_xp_sampled", ["wavelength", "flux", "flux_error"]),
    "XP_CONTINUOUS": ("has_xp_continuous", ["source_id", "bp_coefficients", "rp_coefficient_correlations"]),
    "RVS": ("has_rvs", ["wavelength", "flux", "flux_error"]),
    "MCMC_GSPPHOT": ("has_mcmc_gspphot", ["source_id", "teff", "logg", "mh", "distancepc", "log_lik"]),
    "MCMC_MSC": ("has_mcmc_msc", ["source_id", "teff1", "teff2", "logg1", "logg2", "distancepc"]),
}
FLAGS = ", ".join(flag for flag, _columns in PRODUCTS.values())
EXTENSIONS = {"votable": "xml", "votable_plain": "xml", "csv": "csv", "ecsv": "ecsv", "fits": "fits"}


def run(checks, tap, reader):
    client = gaia.anonymous(tap)
    sources = some(reader)
    every = "load_data(ids, data_release='Gaia DR3', retrieval_type='ALL', format='votable')"
    checks.run("get_datalinks", links, client, sources, proves="get_datalinks(ids)")
    checks.run("load_data, ALL", everything, client, reader, sources, proves=every)
    for product in PRODUCTS:
        for format in EXTENSIONS:
            checks.run(f"load_data, {product}, {format}", one_product, client, reader, sources, product, format)
        checks.run(f"load_data, {product}, all sources in one file", raw, client, reader, sources, product)
    checks.run("load_data, only valid epochs", valid, client, reader)
    checks.run("load_data, ids in every form", forms, client, sources)
    checks.run("load_data of a user's table", of_table, tap, sources)
    checks.run("load_data of Gaia DR2", second_release, client, reader)
    checks.run("load_data of nothing", nothing, client, reader)
    checks.run("load_data names the cause", refused, client, sources)


def some(reader):
    """Two sources for each product, and two that have none: identifier and the products that they have."""
    sources = {}
    conditions = [f"{flag} = 'True'" for flag, _columns in PRODUCTS.values()]
    conditions.append(" AND ".join(f"{flag} = 'False'" for flag, _columns in PRODUCTS.values()))
    for condition in conditions:
        query = f"SELECT TOP 2 source_id, designation, {FLAGS} FROM gaiadr3.gaia_source WHERE {condition} ORDER BY source_id"
        for row in reader.rows(query):
            sandbox.same(row["designation"], f"{RELEASE} {row['source_id']}", "designation")
            has = {product for product, (flag, _columns) in PRODUCTS.items() if row[flag].lower() == "true"}
            sources[int(row["source_id"])] = has
    assert set().union(*sources.values()) == set(PRODUCTS), "the sources do not have all products"
    assert set() in sources.values(), "all sources have products"
    return sources


def holders(sources, product):
    return [source for source, has in sources.items() if product in has][:2]


def links(client, sources):
    found = client.get_datalinks([f"{RELEASE} {source}" for source in sources])
    pairs = set()
    for row in found:
        address = urllib.parse.urlsplit(str(row["access_url"]))
        parameters = {name.upper(): value for name, value in urllib.parse.parse_qsl(address.query)}
        sandbox.same(parameters["ID"].removeprefix(f"{RELEASE} "), str(row["ID"]).removeprefix(f"{RELEASE} "), "ID")
        sandbox.same(address.path, "/data-server/data", "path")
        pairs.add((int(str(row["ID"]).removeprefix(f"{RELEASE} ")), parameters["RETRIEVAL_TYPE"]))
    sandbox.same(pairs, {(source, product) for source, has in sources.items() for product in has}, "links")
    sandbox.same(len(found), len(pairs), "links, each once")
    one = next(source for source, has in sources.items() if has)
    sandbox.same(len(client.get_datalinks(one)), len(sources[one]), "links of a bare identifier")


def load(client, ids, product, format="votable", **options):
    """The tables by name of the file; astropy's, whatever astroquery makes of the format."""
    options = {"data_release": RELEASE, **options}
    if format == "ecsv":
        return load_ecsv(client, ids, product, options)
    files = client.load_data(ids, retrieval_type=product, format=format, **options)
    assert not list(pathlib.Path().glob("temp_*")), "astroquery left its folder behind"
    tables = {}
    for name, content in files.items():
        sandbox.same(len(content), 1, f"tables in {name}")
        tables[name] = content[0].to_table(use_names_over_ids=True) if EXTENSIONS[format] == "xml" else content[0]
    return tables


def load_ecsv(client, ids, product, options):
    """astroquery keeps ECSV in the bundle as it came: it has no reader for it there."""
    client.load_data(ids, retrieval_type=product, format="ecsv", dump_to_file=True, **options)
    [path] = pathlib.Path().glob("datalink_output_*.zip")
    with zipfile.ZipFile(path) as bundle:
        tables = {name: Table.read(bundle.read(name).decode(), format="ascii.ecsv") for name in bundle.namelist()}
    os.remove(path)
    return tables


def plain(reader, product, **parameters):
    """The product as the archive gives it to somebody without a client."""
    base = reader.tap.removesuffix("/tap-server/tap")
    parameters = {"RETRIEVAL_TYPE": product, "RELEASE": RELEASE, "FORMAT": "VOTABLE_PLAIN", **parameters}
    response = reader.session.get(f"{base}/data-server/data", params=parameters, timeout=60)
    assert response.status_code == 200, response.text[:500]
    return votable.parse_single_table(io.BytesIO(response.content)).to_table(use_names_over_ids=True)


def one_product(client, reader, sources, product, format):
    ids = holders(sources, product)
    found = load(client, ids, product, format)
    names = {f"{product}-{RELEASE} {source}.{EXTENSIONS[format]}": source for source in ids}
    sandbox.same(set(found), set(names), "files")
    for name, source in names.items():
        table, truth = found[name], plain(reader, product, ID=source)
        for column in PRODUCTS[product][1]:
            assert column in truth.colnames, f"{column} is not among {truth.colnames}"
        # In csv and ecsv a product may tell in columns what VOTable has as PARAM.
        missing = [column for column in truth.colnames if column not in table.colnames]
        assert not missing, f"{missing} are not among {table.colnames}"
        sandbox.same(len(table), len(truth), "rows")
        for column in truth.colnames:
            compare(table[column], truth[column], f"{name}: {column}")
        if "source_id" in table.colnames:
            sandbox.same(set(integers(table["source_id"])), {source}, "source_id")


def compare(found, truth, what):
    """Equal values, whether numbers, text or arrays that csv writes as text."""
    if truth.dtype.kind in "iub":
        got = [str(value) for value in found] if found.dtype.kind in "SUO" else found
        words = {"True": True, "False": False, "true": True, "false": False, "T": True, "F": False}
        got = [words.get(value, value) for value in got] if truth.dtype.kind == "b" else got
        return sandbox.same([int(value) for value in got], [int(value) for value in truth], what)
    if truth.dtype.kind == "f" and found.dtype.kind in "if":
        return numpy.testing.assert_allclose(filled(found), filled(truth), rtol=1e-6, equal_nan=True, err_msg=what)
    if isinstance(truth[0], (str, bytes)):
        return sandbox.same([word(value) for value in found], [word(value) for value in truth], what)
    if truth.dtype.kind == "O" or found.ndim != truth.ndim:
        for one, other in zip(found, truth, strict=True):
            numpy.testing.assert_allclose(numbers(one), numbers(other), rtol=1e-6, equal_nan=True, err_msg=what)
        return None
    return numpy.testing.assert_allclose(filled(found), filled(truth), rtol=1e-6, equal_nan=True, err_msg=what)


def filled(column):
    return numpy.ma.filled(numpy.ma.asarray(column, dtype=float), numpy.nan)


def numbers(cell):
    """A list of numbers, also if it is text such as `(1.0, 2.0)` or `[1.0,2.0]`."""
    if isinstance(cell, (str, numpy.str_)):
        words = cell.strip("()[] ").replace(",", " ").split()
        return [numpy.nan if word.lower() in ("null", "nan") else float(word) for word in words]
    return numpy.ma.filled(numpy.ma.asarray(cell, dtype=float), numpy.nan).ravel()


def word(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def everything(client, reader, sources):
    files = load(client, list(sources), "ALL")
    expected = {f"{product}-{RELEASE} {source}.xml" for source, has in sources.items() for product in has}
    sandbox.same(set(files), expected, "files")
    for product in PRODUCTS:
        source = holders(sources, product)[0]
        table, truth = files[f"{product}-{RELEASE} {source}.xml"], plain(reader, product, ID=source)
        sandbox.same(table.colnames, truth.colnames, f"columns of {product}")
        sandbox.same(len(table), len(truth), f"rows of {product}")


def raw(client, reader, sources, product):
    ids = holders(sources, product)
    for structure in ("RAW", "DATAMODEL_GAIA"):
        files = load(client, ids, product, data_structure=structure)
        sandbox.same(list(files), [f"{product}_RAW.xml"], f"files of {structure}")
        [table] = files.values()
        sandbox.same(sorted(integers(table["source_id"])), sorted(ids), "one row for each source")
    for structure in ("INDIVIDUAL", "DATAMODEL_STANDARD"):
        files = load(client, ids, product, data_structure=structure)
        sandbox.same(set(files), {f"{product}-{RELEASE} {source}.xml" for source in ids}, f"files of {structure}")
    whole = plain(reader, product, ID=ids[0])
    of_first = table[[int(source) for source in table["source_id"]].index(ids[0])]
    column = {"XP_SAMPLED": "flux", "RVS": "flux", "XP_CONTINUOUS": "bp_coefficients", "MCMC_GSPPHOT": "teff", "MCMC_MSC": "teff1"}
    if product in column:
        name = column[product]
        expected = numpy.concatenate([numbers(value) for value in whole[name]])
        numpy.testing.assert_allclose(numbers(of_first[name]), expected, rtol=1e-6, equal_nan=True, err_msg=name)
    else:
        bands = [str(band) for band in whole["band"]]
        sandbox.same(len(numbers(of_first["g_transit_mag"])), bands.count("G"), "transits in G")


def valid(client, reader):
    """Of light curves the epochs that photometry rejected can be left out."""
    ids = [int(row["source_id"]) for row in reader.rows(
        "SELECT TOP 20 source_id FROM gaiadr3.gaia_source WHERE has_epoch_photometry = 'True' ORDER BY source_id"
    )]
    whole = load(client, ids, "EPOCH_PHOTOMETRY")
    best = load(client, ids, "EPOCH_PHOTOMETRY", valid_data=True)
    sandbox.same(set(best), set(whole), "files")
    dropped = 0
    for name, table in whole.items():
        good = [
            (int(row["transit_id"]), word(row["band"]))
            for row in table
            if not numpy.ma.is_masked(row["flux"]) and not numpy.isnan(row["flux"]) and not row["rejected_by_photometry"]
        ]
        sandbox.same([(int(row["transit_id"]), word(row["band"])) for row in best[name]], good, f"epochs in {name}")
        dropped += len(table) - len(good)
    assert dropped > 0, "no epoch is invalid, so this proves nothing"


def forms(client, sources):
    """Identifiers with and without the release, as list, text and range."""
    ids = sorted(holders(sources, "XP_SAMPLED"))
    names = {f"XP_SAMPLED-{RELEASE} {source}.xml" for source in ids}
    for form in (
        ids,
        [str(source) for source in ids],
        ",".join(str(source) for source in ids),
        [f"{RELEASE} {source}" for source in ids],
    ):
        sandbox.same(set(load(client, form, "XP_SAMPLED")), names, f"files for {form}")
    sandbox.same(set(load(client, ids[0], "XP_SAMPLED")), {f"XP_SAMPLED-{RELEASE} {ids[0]}.xml"}, "files for one")
    first, last = ids
    assert names <= set(load(client, f"{first}-{last}", "XP_SAMPLED")), "files for a range"


def of_table(tap, sources):
    client = gaia.signed_in(tap, "demo")
    ids = holders(sources, "XP_SAMPLED")
    names = {f"XP_SAMPLED-{RELEASE} {source}.xml" for source in ids}
    client.upload_table(upload_resource=Table({"source": ids}), table_name="with_spectra")
    sandbox.same(set(load(client, "user_demo.with_spectra.source", "XP_SAMPLED")), names, "files for a table")
    listed = ", ".join(str(source) for source in ids)
    job = client.launch_job_async(f"SELECT source_id FROM gaiadr3.gaia_source WHERE source_id IN ({listed})")
    sandbox.same(set(load(client, f"job:{job.jobid}.source_id", "XP_SAMPLED")), names, "files for a job")
    client.logout()
    gaia.refused(load, client, "user_demo.with_spectra.source", "XP_SAMPLED")
    gaia.refused(load, client, f"job:{job.jobid}.source_id", "XP_SAMPLED")


def second_release(client, reader):
    """Of DR2 the sandbox has the sources and no products: as of any that there are not, it says nothing of them."""
    rows = reader.rows("SELECT TOP 3 source_id FROM gaiadr2.gaia_source WHERE phot_variable_flag = 'VARIABLE' ORDER BY source_id")
    ids = [int(row["source_id"]) for row in rows]
    sandbox.same(load(client, ids, "EPOCH_PHOTOMETRY", data_release="Gaia DR2"), {}, "files")
    sandbox.same(len(client.get_datalinks([f"Gaia DR2 {source}" for source in ids])), 0, "links")


def nothing(client, reader):
    [row] = reader.rows("SELECT MAX(source_id) AS source FROM gaiadr3.gaia_source")
    sandbox.same(load(client, int(row["source"]) + 1, "ALL"), {}, "files for a source that there is not")


def refused(client, sources):
    one = holders(sources, "XP_SAMPLED")[0]
    words = gaia.refused(client.load_data, one, data_release=RELEASE, retrieval_type="XP_SAMPLED", format="votable_gzip")
    assert "votable_gzip" in words, f"the format is not named: {words}"
    words = gaia.refused(client.load_data, "nonsense", data_release=RELEASE, retrieval_type="XP_SAMPLED")
    assert "nonsense" in words, f"the identifier is not named: {words}"
