"""DataLink with pyVO: from the address of the links, and from the result of a query, which describes the service."""

import io
import urllib.parse

import numpy
import pyvo
from astropy.io import votable

import sandbox

FLAGS = {
    "EPOCH_PHOTOMETRY": "has_epoch_photometry",
    "XP_SAMPLED": "has_xp_sampled",
    "XP_CONTINUOUS": "has_xp_continuous",
    "RVS": "has_rvs",
    "MCMC_GSPPHOT": "has_mcmc_gspphot",
    "MCMC_MSC": "has_mcmc_msc",
}
SOURCES = (
    f"SELECT TOP 5 source_id, designation, {', '.join(FLAGS.values())} FROM gaiadr3.gaia_source "
    "WHERE has_xp_sampled = 'True' ORDER BY source_id"
)


def run(checks, tap, service):
    calls = "DatalinkResults.from_result_url(url)"
    checks.run("datalink from its address", from_address, tap, service, proves=calls)
    checks.run("datalink: the data behind a link", dataset, tap, service, proves=calls)
    checks.run("datalink: a service by its address", by_service, tap, service)
    checks.run("datalink from a result", from_result, service, False)
    checks.run("datalink from a result, in its order", from_result, service, True)


def kinds(links):
    """What the links lead to; in this archive all of them have the semantics `#this`."""
    return {product(record) for record in links}


def product(record):
    parameters = urllib.parse.parse_qs(urllib.parse.urlsplit(str(record.access_url)).query)
    return parameters["RETRIEVAL_TYPE"][0]


def expected(row):
    return {kind for kind, flag in FLAGS.items() if row[flag]}


def links_of(tap, designation):
    base = tap.removesuffix("/tap-server/tap")
    query = urllib.parse.urlencode({"ID": designation})
    return pyvo.dal.adhoc.DatalinkResults.from_result_url(f"{base}/data-server/datalink/links?{query}")


def from_address(tap, service):
    for row in service.run_sync(SOURCES):
        links = links_of(tap, row["designation"])
        sandbox.same(kinds(links), expected(row), f"products of {row['designation']}")
        sandbox.same(len(links), len(expected(row)), "links")
        for record in links:
            sandbox.same(str(record.id), row["designation"], "ID")
            assert record.access_url.startswith(tap.removesuffix("/tap-server/tap")), record.access_url
        # Narrower terms would have to be looked up at ivoa.net.
        sandbox.same(len(list(links.bysemantics("#this", include_narrower=False))), len(links), "links with #this")
        sandbox.same(list(links.bysemantics("#preview", include_narrower=False)), [], "links with #preview")


def dataset(tap, service):
    [row, *_] = service.run_sync(SOURCES)
    [link] = [record for record in links_of(tap, row["designation"]) if product(record) == "XP_SAMPLED"]
    table = votable.parse_single_table(io.BytesIO(link.getdataset(timeout=60).read())).to_table()
    sandbox.same(table.colnames, ["wavelength", "flux", "flux_error"], "columns")
    numpy.testing.assert_allclose(table["wavelength"], numpy.arange(336, 1021, 2))
    assert numpy.all(numpy.isfinite(table["flux"])) and numpy.ptp(table["flux"]) > 0, "the spectrum is flat"


def by_service(tap, service):
    [row, other, *_] = service.run_sync(SOURCES)
    base = tap.removesuffix("/tap-server/tap")
    links = pyvo.dal.adhoc.DatalinkService(f"{base}/data-server/datalink/links").run_sync(row["designation"])
    sandbox.same(kinds(links), expected(row), "products")
    both = pyvo.dal.adhoc.DatalinkService(f"{base}/data-server/datalink/links").run_sync(
        [row["designation"], other["designation"]]
    )
    sandbox.same({str(record.id) for record in both}, {row["designation"], other["designation"]}, "ID given twice")


def from_result(service, in_order):
    result = service.run_sync(SOURCES)
    found = list(result.iter_datalinks(preserve_order=in_order))
    sandbox.same(len(found), len(result), "sets of links")
    for links in found:
        row = links.original_row
        sandbox.same({str(record.id) for record in links}, {row["designation"]}, "ID")
        sandbox.same(kinds(links), expected(row), f"products of {row['designation']}")
    if in_order:
        sandbox.same([links.original_row["designation"] for links in found], list(result["designation"]), "order")
