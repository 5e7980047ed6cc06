"""Every kind of VOTable that the sandbox emits, as (name, bytes): results, errors, links, products, lists of services."""

import gzip
import io
import time
import zipfile

import requests

from reader import Reader

FORMATS = ["votable", "votable_plain", "votable_gzip"]
PRODUCTS = ["EPOCH_PHOTOMETRY", "XP_SAMPLED", "XP_CONTINUOUS", "RVS", "MCMC_GSPPHOT", "MCMC_MSC"]
QUERIES = {
    "every column of DR3": "SELECT TOP 30 * FROM gaiadr3.gaia_source ORDER BY random_index",
    "every column of DR2": "SELECT TOP 30 * FROM gaiadr2.gaia_source",
    "light curves": "SELECT * FROM gaiadr3.vari_rrlyrae AS v JOIN gaiadr3.gaia_source AS g ON g.source_id = v.source_id",
    "stellar parameters": "SELECT TOP 30 * FROM gaiadr3.astrophysical_parameters",
    "another catalogue": "SELECT TOP 30 * FROM external.twomass_like",
    "no rows": "SELECT designation, ra, dec, has_rvs FROM gaiadr3.gaia_source WHERE source_id = -1",
    "expressions": "SELECT TOP 3 ra + 1, 'a <b> & \"c\"' AS text, NULL AS nothing, ra > 5 AND dec < 0 AS \"a b\", COUNT(*) "
    "FROM gaiadr3.gaia_source GROUP BY ra, dec",
    "geometry": "SELECT TOP 3 POINT('ICRS', ra, dec) AS place, CIRCLE('ICRS', ra, dec, 1) AS round, "
    "DISTANCE(ra, dec, 1, 2) AS apart FROM gaiadr3.gaia_source",
    "tables": "SELECT * FROM tap_schema.tables",
    "columns": "SELECT * FROM tap_schema.columns",
    "keys": "SELECT * FROM tap_schema.key_columns",
}
ERRORS = {
    "syntax": {"QUERY": "SELECT frm <x> & y"},
    "unknown table": {"QUERY": "SELECT * FROM nonsuch"},
    "unknown column": {"QUERY": "SELECT nonsuch FROM gaiadr3.gaia_source"},
    "no query": {},
    "unknown language": {"LANG": "SQL", "QUERY": "SELECT 1"},
    "unknown format": {"FORMAT": "nonsuch", "QUERY": "SELECT TOP 1 ra FROM gaiadr3.gaia_source"},
    "negative limit": {"MAXREC": "-5", "QUERY": "SELECT TOP 1 ra FROM gaiadr3.gaia_source"},
    "upload that is none": {"UPLOAD": "nonsense", "QUERY": "SELECT * FROM tap_upload.t"},
    "what fails while it runs": {"QUERY": "SELECT 1 / (source_id - source_id), SQRT(-1), LOG(0) FROM gaiadr3.gaia_source"},
}
# In the second row everything is null that votlint lets be null: an empty cell is one for any datatype since VOTable 1.3, but
# votlint still takes it for an error in an array of fixed size, and for questionable in a lone character.
UPLOAD = """<VOTABLE version="1.3" xmlns="http://www.ivoa.net/xml/VOTable/v1.3"><RESOURCE><TABLE>
<FIELD name="flag" datatype="boolean"/><FIELD name="byte" datatype="unsignedByte"/><FIELD name="short" datatype="short"/>
<FIELD name="int" datatype="int"><VALUES null="-1"/></FIELD><FIELD name="long" datatype="long"/>
<FIELD name="float" datatype="float" unit="mas.yr**-1"/><FIELD name="double" datatype="double"/>
<FIELD name="char" datatype="char"/><FIELD name="one" datatype="char" arraysize="1"/>
<FIELD name="text" datatype="char" arraysize="*"/><FIELD name="letters" datatype="unicodeChar" arraysize="*"/>
<FIELD name="pair" datatype="double" arraysize="2"/><FIELD name="many" datatype="float" arraysize="*"/>
<FIELD name="time" datatype="char" arraysize="*" xtype="timestamp"/>
<DATA><TABLEDATA><TR><TD>true</TD><TD>255</TD><TD>-3</TD><TD>-1</TD><TD>9007199254740993</TD><TD>NaN</TD><TD>1e300</TD>
<TD>a</TD><TD>b</TD><TD>a &amp; b</TD><TD>é ☆</TD><TD>1 2</TD><TD>1 2 3</TD><TD>2026-01-01T00:00:00</TD></TR>
<TR><TD/><TD/><TD/><TD/><TD/><TD/><TD/><TD>c</TD><TD>d</TD><TD/><TD/><TD>NaN 4</TD><TD/><TD/></TR></TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>
"""


def all_of(tap):
    """All documents of one sandbox."""
    nobody = Reader(tap)
    user = Reader(tap, "demo")
    base = tap.removesuffix("/tap-server/tap")
    yield from queries(nobody)
    yield from uploads(nobody)
    yield from jobs(nobody)
    yield from errors(nobody)
    yield from own_tables(user)
    yield from external(nobody)
    yield from services(nobody)
    yield from links(nobody, base)
    yield from products(nobody, base)


def post(reader, path, data, **more):
    return reader.session.post(f"{reader.tap}/{path}", data={"REQUEST": "doQuery", "LANG": "ADQL", **data}, timeout=60, **more)


def good(name, response):
    """A document that is no error."""
    assert response.status_code == 200, f"{name}: {response.status_code} {response.text[:500]}"
    body = response.content
    return name, gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body


def queries(reader):
    for what, query in QUERIES.items():
        for format in FORMATS[:2]:
            yield good(f"{what}, {format}", post(reader, "sync", {"QUERY": query, "FORMAT": format}))
    query = QUERIES["every column of DR3"]
    yield good("gzip", post(reader, "sync", {"QUERY": query, "FORMAT": "votable_gzip"}))
    yield good("no format", post(reader, "sync", {"QUERY": query}))
    for rows in ("0", "5"):
        for format in FORMATS:
            data = {"QUERY": query, "FORMAT": format, "MAXREC": rows}
            yield good(f"at most {rows} rows, {format}", post(reader, "sync", data))


def uploads(reader):
    for format in FORMATS[:2]:
        data = {"QUERY": "SELECT * FROM tap_upload.mine", "FORMAT": format, "UPLOAD": "mine,param:file"}
        yield good(f"upload, {format}", post(reader, "sync", data, files={"file": ("mine.vot", UPLOAD)}))


def run(reader, data):
    """The address of a job that is over, and its phase."""
    response = post(reader, "async", {"PHASE": "RUN", **data}, allow_redirects=False)
    job = response.headers["Location"]
    for _ in range(600):
        phase = reader.session.get(f"{job}/phase", timeout=60).text
        if phase not in ("PENDING", "QUEUED", "EXECUTING"):
            return job, phase
        time.sleep(0.1)
    raise AssertionError(f"{job} does not end")


def jobs(reader):
    for what in ("every column of DR3", "every column of DR2", "no rows"):
        for format in FORMATS:
            job, phase = run(reader, {"QUERY": QUERIES[what], "FORMAT": format, "JOBNAME": "a <name> & more"})
            assert phase == "COMPLETED", f"{job} is {phase}"
            yield good(f"job: {what}, {format}", reader.session.get(f"{job}/results/result", timeout=60))
    job, _phase = run(reader, {"QUERY": QUERIES["every column of DR3"], "MAXREC": "4"})
    yield good("job: at most 4 rows", reader.session.get(f"{job}/results/result", timeout=60))
    query = f'SELECT * FROM JOB_UPLOAD."job{job.rpartition("/")[2]}"'
    response = post(reader, "sync", {"QUERY": query, "FORMAT": "votable_plain"})
    if response.status_code != 200:  # The documentation of old writes the prefix in capitals.
        response = post(reader, "sync", {"QUERY": query.replace('"job', '"JOB'), "FORMAT": "votable_plain"})
    yield good("the result of a job as a table", response)


def errors(reader):
    for what, data in ERRORS.items():
        response = post(reader, "sync", data)
        if b"<VOTABLE" in response.content:
            yield f"error: {what}", response.content
    for what in ("syntax", "unknown table", "unknown column"):
        job, phase = run(reader, ERRORS[what])
        assert phase == "ERROR", f"{job} is {phase}"
        yield good(f"error of a job: {what}", reader.session.get(f"{job}/error", timeout=60))
        yield good(f"details of the error of a job: {what}", reader.session.get(f"{job}/error/details", timeout=60))


def own_tables(reader):
    base = reader.tap.removesuffix("/tap")
    data = {"TABLE_NAME": "linted", "FORMAT": "votable", "TABLE_DESC": "a <table> & more"}
    response = reader.session.post(f"{base}/Upload", data=data, files={"FILE": ("mine.vot", UPLOAD)}, timeout=60)
    assert response.status_code == 200, response.text[:500]
    for format in FORMATS[:2]:
        data = {"QUERY": "SELECT * FROM user_demo.linted", "FORMAT": format}
        yield good(f"a user's table, {format}", post(reader, "sync", data))


def external(reader):
    data = {"REQUEST": "external_tap", "EXT_TAP_URL": reader.tap, "QUERY": QUERIES["tables"]}
    yield good("another service", post(reader, "sync", data))


def services(reader):
    for keyword in ("star", "nonsuch"):
        parameters = {"ACTION": "search_tables", "KEYWORD": keyword, "FORMAT": "votable"}
        yield good(f"tables of services: {keyword}", reader.get("glots", **parameters))
    rows = reader.text("glots", ACTION="search_tables", KEYWORD="gaia", FORMAT="csv").splitlines()
    _url, service, table = rows[1].split(",")[:3]
    for name in (table, "nonsuch"):
        parameters = {"ACTION": "get_columns", "IVOID": service, "TABLE_NAME": name, "FORMAT": "votable"}
        response = reader.get("glots", **parameters)
        if b"<VOTABLE" in response.content:
            yield f"columns of a table: {name == table}", response.content


def holders(reader):
    """A source for each product."""
    for product in PRODUCTS:
        flag = f"has_{product.lower()}"
        query = f"SELECT TOP 2 source_id FROM gaiadr3.gaia_source WHERE {flag} = 'True' ORDER BY source_id"
        yield product, ",".join(row["source_id"] for row in reader.rows(query))


def links(reader, base):
    every = ",".join(f"Gaia DR3 {source}" for _product, ids in holders(reader) for source in ids.split(","))
    for what, parameters in {
        "links": {"ID": every},
        "links of a bare identifier": {"ID": every.split(" ")[-1], "RELEASE": "Gaia DR3"},
        "links of DR2": {"ID": every.split(" ")[-1], "RELEASE": "Gaia DR2"},
        "links of nothing": {"ID": "Gaia DR3 1"},
        "links of nonsense": {"ID": "<nonsense> & more"},
        "links without ID": {},
    }.items():
        response = requests.get(f"{base}/data-server/datalink/links", params=parameters, timeout=60)
        if b"<VOTABLE" in response.content:
            yield what, response.content


def products(reader, base):
    def data(**parameters):
        return requests.get(f"{base}/data-server/data", params={"RELEASE": "Gaia DR3", **parameters}, timeout=120)

    everything = set()
    for product, ids in holders(reader):
        everything.update(ids.split(","))
        for format in ("VOTABLE", "VOTABLE_PLAIN"):
            for structure in ("INDIVIDUAL", "RAW"):
                response = data(
                    RETRIEVAL_TYPE=product, ID=ids.split(",")[0], FORMAT=format, DATA_STRUCTURE=structure
                )
                yield good(f"{product}, {format}, {structure}", response)
    _name, bundle = good("bundle", data(RETRIEVAL_TYPE="ALL", ID=",".join(sorted(everything)), USE_ZIP_ALWAYS="true"))
    with zipfile.ZipFile(io.BytesIO(bundle)) as members:
        for name in members.namelist()[:8]:
            yield f"bundle: {name}", members.read(name)
