"""astroquery's GaiaClass, written for the real archive, against the sandbox: every call that the protocol's reference names."""

import os
import pathlib
import sys
import tempfile
import warnings

import calls
import sandbox
from reader import Reader

import astroquery_products
import astroquery_queries
import astroquery_sharing
import astroquery_tables
from astropy.units import UnitsWarning
from astropy.utils import iers

iers.conf.auto_download = False
# The archive writes units in the manner of the CDS, some within apostrophes.
warnings.simplefilter("ignore", UnitsWarning)

SOURCES = 20_000


def main():
    checks = sandbox.Checks(calls.Proof(calls.ASTROQUERY))
    options = ["--sources", str(SOURCES), "--banner", astroquery_queries.BANNER]
    with sandbox.running(*options) as tap, tempfile.TemporaryDirectory() as folder:
        # astroquery unpacks products in the folder it is called from.
        os.chdir(folder)
        folder = pathlib.Path(folder)
        reader = Reader(tap)
        astroquery_queries.run(checks, tap, reader, folder, SOURCES)
        astroquery_tables.run(checks, tap, folder)
        astroquery_sharing.run(checks, tap)
        astroquery_products.run(checks, tap, reader)
        os.chdir("/")
    return checks.close()


if __name__ == "__main__":
    sys.exit(main())
